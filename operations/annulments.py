"""What an employer annuls in the portal before the request: payment receipts, and the reserve-fund sheet.

Whether it may be annulled is the sheet's and the receipt's own table of states; the order that the procedure
forces follows from them.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.branch_sheets import NotYoursError, own_sheet
from operations.casework import Refusal
from operations.house import House
from operations.users import User
from regeneration.sheet_states import (
    Forbidden,
    ReceiptEvent,
    SheetEvent,
    move_receipt,
    move_sheet,
)
from regeneration.sheets import Receipt, ReceiptState, Sheet, SheetState, SheetType
from storage.audit import append_audit
from storage.concurrency import take_turns
from storage.schema import ReceiptRow, SheetRow

ANNULMENT_REFUSED = "ANNULMENT_REFUSED"
"""Code of a refusal that the table of states gives."""


def annul_receipt(house: House, user: User, number: str) -> Refusal | None:
    """Annul a payment receipt of a sheet of the user's branch, now; :class:`NotYoursError`."""
    with house.database.transaction() as session:
        row = session.get(ReceiptRow, number, with_for_update=True)
        if row is None:
            raise NotYoursError(f"no receipt {number}")
        sheet = own_sheet(session, user, row.sheet_number)
        _wait_for_others(session, sheet)
        moved = move_receipt(_receipt(row), ReceiptEvent.ANNUL, house.now())
        if isinstance(moved, Forbidden):
            return Refusal(ANNULMENT_REFUSED, moved.message)
        row.state, row.annulled_at = moved.state.value, moved.annulled_at
        session.flush()
        _free_sheet(session, sheet)
        append_audit(session, house.now(), user.name, "receipt.annul", number, {"sheet": sheet.number})
    return None


def annul_fund_sheet(house: House, user: User, number: str) -> Refusal | None:
    """Annul a reserve-fund sheet of the user's branch, now; :class:`NotYoursError`.

    A contributions sheet is never annulled here: the procedure rebuilds it.
    """
    with house.database.transaction() as session:
        sheet = own_sheet(session, user, number)
        if sheet.type is not SheetType.RESERVE_FUND:
            raise NotYoursError(f"{number} is no reserve-fund sheet")
        _wait_for_others(session, sheet)
        moved = move_sheet(sheet, SheetEvent.ANNUL, _receipts_of(session, number))
        if isinstance(moved, Forbidden):
            return Refusal(ANNULMENT_REFUSED, moved.message)
        row = session.get_one(SheetRow, number)
        _set_state(row, moved.state)
        row.annulled_at = house.now()
        append_audit(session, house.now(), user.name, "sheet.annul", number)
    return None


def _wait_for_others(session: Session, sheet: Sheet) -> None:
    """The hand-off of a case looks at the same rows: one of the two is first."""
    take_turns(session, f"sheets of {sheet.ruc} {sheet.branch} {sheet.period}")


def _receipt(row: ReceiptRow) -> Receipt:
    return Receipt(row.number, ReceiptState(row.state), row.annulled_at)


def _receipts_of(session: Session, number: str) -> tuple[Receipt, ...]:
    rows = session.scalars(select(ReceiptRow).where(ReceiptRow.sheet_number == number))
    return tuple(_receipt(row) for row in rows)


def _free_sheet(session: Session, sheet: Sheet) -> None:
    """A sheet whose last living receipt was annulled is «con comprobante» no more."""
    living = [each for each in _receipts_of(session, sheet.number) if each.state is not ReceiptState.ANNULLED]
    moved = move_sheet(sheet, SheetEvent.ANNUL_RECEIPT)
    if not living and isinstance(moved, Sheet) and moved.state is not sheet.state:
        _set_state(session.get_one(SheetRow, sheet.number), moved.state)


def _set_state(row: SheetRow, state: SheetState) -> None:
    row.state = state.value
    row.body = row.body | {"state": state.value}
