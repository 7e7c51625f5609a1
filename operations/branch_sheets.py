"""The sheets of one branch as its employer sees them: what stands in the way of each, and what to do first.

The conditions are those of the window, looked up by the same core, so the portal never promises what the
window then refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.house import House
from operations.register import EmbeddedRegister
from operations.users import User
from regeneration.annulment_order import Step, annulment_steps
from regeneration.exchange import sheet_from_json
from regeneration.json_codes import STORED
from regeneration.preconditions import Check, PeriodRecord, preconditions
from regeneration.rebuilding import Outcome, Rebuilt, rebuild
from regeneration.sheets import REBUILDABLE, Sheet, SheetState, SheetType
from storage.schema import SheetRow

_MOST_SHEETS: Final = 60
"""Sheets that the home shows: five years of a branch."""
_ANNULMENTS: Final = frozenset(
    {"RECEIPT_NOT_ANNULLED", "RESERVE_FUND_RECEIPT_NOT_ANNULLED", "RESERVE_FUND_SHEET_NOT_ANNULLED"}
)


class NotYoursError(LookupError):
    """There is no such thing of this employer's, whoever else may have one."""


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """A sheet in the list; ``checks`` are empty where nothing can be asked for it any more."""

    sheet: Sheet
    checks: tuple[Check, ...] = ()

    @property
    def missing(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)


@dataclass(frozen=True, slots=True)
class SheetView:
    """One contributions sheet with all that the request for it rests on, and what would come of it now."""

    record: PeriodRecord
    sheet: Sheet
    checks: tuple[Check, ...]
    steps: tuple[Step, ...]
    expected: Rebuilt

    @property
    def undated(self) -> frozenset[str]:
        """Codes of checks that passed only because there is nothing yet to look at: of which day the
        annulments are is known when all of them are made.
        """
        to_annul = any(check.code in _ANNULMENTS and not check.passed for check in self.checks)
        return frozenset({"ANNULLED_ON_ANOTHER_DAY"} if to_annul else ())

    @property
    def may_ask(self) -> bool:
        """Whether the request can be handed in today with success."""
        return all(check.passed for check in self.checks) and self.expected.outcome is Outcome.REBUILT


def list_branch_sheets(house: House, user: User) -> tuple[SheetSummary, ...]:
    """The sheets of the user's branch, newest month first."""
    with house.database.reading() as session:
        rows = EmbeddedRegister(session).sheets_of(user.ruc, user.branch)[:_MOST_SHEETS]
        return tuple(_summarise(house, session, row) for row in rows)


def _summarise(house: House, session: Session, row: SheetRow) -> SheetSummary:
    sheet = sheet_from_json(row.body, STORED)
    if sheet.type is not SheetType.CONTRIBUTIONS or sheet.state not in REBUILDABLE:
        return SheetSummary(sheet)
    return SheetSummary(sheet, look_at_conditions(house, sheet, record_of(house, session, sheet)))


def view_sheet(house: House, user: User, number: str) -> SheetView:
    """A contributions sheet of the user's branch; :class:`NotYoursError`."""
    with house.database.reading() as session:
        sheet = own_sheet(session, user, number)
        record = record_of(house, session, sheet)
    if sheet.type is not SheetType.CONTRIBUTIONS or sheet.state is SheetState.REPLACED:
        raise NotYoursError(f"{number} is no contributions sheet that stands")
    return SheetView(
        record,
        sheet,
        look_at_conditions(house, sheet, record),
        annulment_steps(record, house.today()),
        rebuild(sheet, record.novedades, house.parameters, house.today()),
    )


def find_successor(house: House, user: User, number: str) -> str | None:
    """The sheet that stands where one of the user's branch was replaced, after however many rebuildings;
    nothing for a sheet that was not.
    """
    found, seen = None, {number}
    with house.database.reading() as session:
        row = session.get(SheetRow, number)
        while row is not None and user.owns(row.ruc, row.branch) and row.replaced_by not in {None, *seen}:
            found = str(row.replaced_by)
            seen.add(found)
            row = session.get(SheetRow, found)
    return found


def own_sheet(session: Session, user: User, number: str) -> Sheet:
    """A sheet of the user's own branch; :class:`NotYoursError`."""
    query = select(SheetRow).where(
        SheetRow.number == number, SheetRow.ruc == user.ruc, SheetRow.branch == user.branch
    )
    row = session.scalars(query).first()
    if row is None:
        raise NotYoursError(f"no sheet {number} of {user.ruc}, {user.branch}")
    return sheet_from_json(row.body, STORED)


def record_of(house: House, session: Session, sheet: Sheet) -> PeriodRecord:
    """What the register has of the sheet's month."""
    return EmbeddedRegister(session).period(
        sheet.ruc, sheet.branch, str(sheet.period), sheet.number, house.settings.time_zone
    )


def look_at_conditions(house: House, sheet: Sheet, record: PeriodRecord) -> tuple[Check, ...]:
    """The window's conditions for a request that would be handed in today."""
    asked = {
        "ruc": sheet.ruc,
        "branch": sheet.branch,
        "period": str(sheet.period),
        "sheet_type": sheet.type.value,
        "sheet_number": sheet.number,
    }
    return preconditions(
        asked,
        record,
        house.today(),
        same_day_rule=house.settings.same_day_rule,
        parameters=house.parameters,
    )
