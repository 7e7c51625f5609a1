"""The papers of a branch as its employer sees them: what each is for, and whether it still serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.catalog.employer_request import NAME as REQUEST
from forms.catalog.request_continuation import REQUEST_NUMBER
from operations.issuing import issued_by_employer
from operations.users import User
from regeneration.months import Month
from regeneration.sheets import SheetState
from storage.schema import IssuedRow, SheetRow

CURRENT: Final = "current"
_STATES: Final = {"used": "presentado", "replaced": "reemplazado", "revoked": "revocado"}


@dataclass(frozen=True, slots=True)
class Paper:
    """An issued document. ``sheet`` is the number of the sheet that a request asks for, empty where it names
    none; ``sheet_replaced`` says that there is another by now. ``request`` is the number of the request that
    a continuation belongs to, ``continuation`` that of the sheet that a request goes on in.
    """

    row: IssuedRow
    sheet: str
    period: str
    sheet_replaced: bool
    request: str
    continuation: str

    @property
    def serves(self) -> bool:
        """Whether it could be handed in today with success, as far as the paper goes."""
        return self.row.state == CURRENT and not self.sheet_replaced

    @property
    def state(self) -> str:
        if self.row.state == CURRENT and self.sheet_replaced:
            return "ya no sirve: la planilla ya fue reemplazada"
        if self.row.state == "revoked" and (self.row.form == REQUEST or self.request):
            return "anulado"
        return _STATES.get(self.row.state, "vigente")


def list_papers(session: Session, user: User) -> list[Paper]:
    """The papers of the user's branch, newest first."""
    rows = issued_by_employer(session, user)
    requests = {row.document: row for row in rows if row.form == REQUEST}
    going_on = {
        number: row.document
        for row in rows
        if (number := row.field_values.get(REQUEST_NUMBER, "")) in requests
    }
    replaced = _replaced_sheets(session, user)
    return [_view(row, requests, going_on, replaced) for row in rows]


def _view(
    row: IssuedRow, requests: Mapping[str, IssuedRow], going_on: Mapping[str, str], replaced: frozenset[str]
) -> Paper:
    request: str = row.field_values.get(REQUEST_NUMBER, "")
    values = (requests.get(request) or row).field_values
    sheet: str = values.get("sheet_number", "")
    period = Month.parse(values["period"]).label if values.get("period") else ""
    return Paper(row, sheet, period, sheet in replaced, request, going_on.get(row.document, ""))


def _replaced_sheets(session: Session, user: User) -> frozenset[str]:
    query = select(SheetRow.number).where(
        SheetRow.ruc == user.ruc, SheetRow.branch == user.branch, SheetRow.state == SheetState.REPLACED.value
    )
    return frozenset(session.scalars(query))
