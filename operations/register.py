"""The register of contributions: what the core asks of the institute, and our own tables that answer.

A port: the embedded register below serves the default; an institute's own system would be another
adapter with the same methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from regeneration.eligibility import EmployerRecord, Representative
from regeneration.exchange import novedades_from_json, sheet_as_json, sheet_from_json
from regeneration.json_codes import STORED
from regeneration.months import Month
from regeneration.preconditions import PeriodRecord
from regeneration.sheet_states import SheetEvent, move_sheet
from regeneration.sheets import Receipt, ReceiptState, Sheet, SheetState, SheetType, number_sheet
from storage.concurrency import next_serial, take_turns
from storage.schema import EmployerRow, NovedadRow, ReceiptRow, RepresentativeRow, SheetRow

_OURS: Final = 900_000
"""Serial numbers of regenerated sheets begin above those that the institute's own count reaches."""


class Register(Protocol):
    """What the hand-off needs to know and to change."""

    def employer(self, ruc: str) -> EmployerRecord | None:
        """The employer, or nothing when the register has none."""
        ...

    def period(self, ruc: str, branch: str, period: str, sheet_number: str, zone: str) -> PeriodRecord:
        """All that the preconditions look at, in one month of one branch."""
        ...

    def replace(self, old: Sheet, new: Sheet, case_number: str) -> Sheet:
        """Put ``new`` in the place of ``old`` for a case; the sheet that the case made already, if it did."""
        ...


class EmbeddedRegister:
    """The register in our own tables, inside the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def employer(self, ruc: str) -> EmployerRecord | None:
        """See :meth:`Register.employer`."""
        row = self._session.get(EmployerRow, ruc)
        if row is None:
            return None
        people = self._session.scalars(select(RepresentativeRow).where(RepresentativeRow.ruc == ruc))
        return EmployerRecord(
            row.ruc,
            row.business_name,
            frozenset(row.branches),
            tuple(
                Representative(
                    person.id_number,
                    person.name,
                    date.fromisoformat(person.since),
                    date.fromisoformat(person.until) if person.until else None,
                )
                for person in people
            ),
        )

    def period(self, ruc: str, branch: str, period: str, sheet_number: str, zone: str) -> PeriodRecord:
        """See :meth:`Register.period`."""
        take_turns(self._session, f"sheets of {ruc} {branch} {period}")
        standing = self._standing(ruc, branch, period, SheetType.CONTRIBUTIONS, sheet_number)
        sheet = standing[0] if len(standing) == 1 else None
        funds = self._standing(ruc, branch, period, SheetType.RESERVE_FUND, "")
        # The newest: while one is left that is not annulled it is the one that stands in the way.
        fund = funds[-1] if funds else None
        query = select(NovedadRow).where(
            NovedadRow.ruc == ruc, NovedadRow.branch == branch, NovedadRow.period == period
        )
        rows = self._session.scalars(query.order_by(NovedadRow.id)).all()
        return PeriodRecord(
            sheet=sheet_from_json(sheet.body, STORED) if sheet else None,
            receipts=self._receipts(sheet),
            reserve_fund_sheet=sheet_from_json(fund.body, STORED) if fund else None,
            reserve_fund_receipts=self._receipts(fund),
            reserve_fund_annulled_at=fund.annulled_at if fund else None,
            reserve_fund_absence_proved=fund is None,
            novedades=novedades_from_json([row.body for row in rows], STORED),
            zone=zone,
            rivals=tuple(row.number for row in standing) if sheet is None else (),
        )

    def _standing(
        self, ruc: str, branch: str, period: str, kind: SheetType, number: str
    ) -> Sequence[SheetRow]:
        """The sheets that stand, by number: neither replaced nor, while there is any other, annulled. The
        one with ``number`` when it is given.
        """
        query = select(SheetRow).where(
            SheetRow.ruc == ruc,
            SheetRow.branch == branch,
            SheetRow.period == period,
            SheetRow.type == kind.value,
            SheetRow.state != SheetState.REPLACED.value,
        )
        if number:
            query = query.where(SheetRow.number == number)
        rows = self._session.scalars(query.order_by(SheetRow.number)).all()
        return [row for row in rows if row.state != SheetState.ANNULLED.value] or rows

    def _receipts(self, sheet: SheetRow | None) -> tuple[Receipt, ...]:
        if sheet is None:
            return ()
        rows = self._session.scalars(select(ReceiptRow).where(ReceiptRow.sheet_number == sheet.number))
        return tuple(Receipt(row.number, ReceiptState(row.state), row.annulled_at) for row in rows)

    def replace(self, old: Sheet, new: Sheet, case_number: str) -> Sheet:
        """See :meth:`Register.replace`: the old sheet becomes *replaced* and stays as it was."""
        made = self.made_by(case_number, new.type)
        if made is not None:
            return made
        row = self._session.get_one(SheetRow, old.number)
        moved = move_sheet(sheet_from_json(row.body, STORED), SheetEvent.REPLACE, self._receipts(row))
        # The preconditions were looked up in this same transaction, so anything else is a fault of ours.
        assert isinstance(moved, Sheet), moved
        row.replaced_by = new.number
        row.state = SheetState.REPLACED.value
        row.body = row.body | {"state": SheetState.REPLACED.value}
        self._session.add(sheet_row(new, case_number))
        self._session.flush()
        return new

    def made_by(self, case_number: str, kind: SheetType) -> Sheet | None:
        """The sheet that a case made, if it made one of that type."""
        query = select(SheetRow).where(SheetRow.made_by_case == case_number, SheetRow.type == kind.value)
        row = self._session.scalars(query).first()
        return sheet_from_json(row.body, STORED) if row else None

    def new_number(self, period: Month) -> str:
        """A sheet number of the month that nobody has."""
        return number_sheet(period, _OURS + next_serial(self._session, f"sheet-{period}"))

    def sheets_of(self, ruc: str, branch: str) -> Sequence[SheetRow]:
        """The sheets of a branch, newest month first."""
        query = select(SheetRow).where(SheetRow.ruc == ruc, SheetRow.branch == branch)
        return self._session.scalars(query.order_by(SheetRow.period.desc(), SheetRow.number)).all()


def sheet_row(sheet: Sheet, case_number: str | None = None) -> SheetRow:
    """The row of a sheet."""
    return SheetRow(
        number=sheet.number,
        ruc=sheet.ruc,
        branch=sheet.branch,
        period=str(sheet.period),
        type=sheet.type.value,
        state=sheet.state.value,
        body=sheet_as_json(sheet),
        made_by_case=case_number,
    )
