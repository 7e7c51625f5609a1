"""How a sheet and its payment receipt move from state to state, as two tables.

What a table does not have is refused by name (:class:`Forbidden`). The order that the procedure forces
follows from them: a sheet with a living receipt cannot be annulled nor replaced, and a receipt that was
paid («cancelado») or deposited is never annulled. The institute publishes the receipt's states and that the
reserve-fund sheet needs its receipts annulled first; the rest of the table is inferred (open question 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final

from regeneration.sheets import Receipt, ReceiptState, Sheet, SheetState


class SheetEvent(Enum):
    """What happens to a sheet."""

    ISSUE_RECEIPT = "issue-receipt"
    ANNUL_RECEIPT = "annul-receipt"
    FALL_DUE = "fall-due"
    PAY = "pay"
    ANNUL = "annul"
    REPLACE = "replace"

    @property
    def label(self) -> str:
        return _SHEET_EVENT_LABELS[self]


class ReceiptEvent(Enum):
    """What happens to a payment receipt. ``PAY`` leads to *cancelado*, which means paid."""

    PAY = "pay"
    DEPOSIT = "deposit"
    ANNUL = "annul"

    @property
    def label(self) -> str:
        return _RECEIPT_EVENT_LABELS[self]


_SHEET_EVENT_LABELS: Final = {
    SheetEvent.ISSUE_RECEIPT: "Se genera un comprobante",
    SheetEvent.ANNUL_RECEIPT: "Se anula su comprobante",
    SheetEvent.FALL_DUE: "Vence el plazo de pago",
    SheetEvent.PAY: "Se paga",
    SheetEvent.ANNUL: "Se anula",
    SheetEvent.REPLACE: "La reemplaza una planilla regenerada",
}
_RECEIPT_EVENT_LABELS: Final = {
    ReceiptEvent.PAY: "Se paga",
    ReceiptEvent.DEPOSIT: "Se acredita el depósito",
    ReceiptEvent.ANNUL: "Se anula",
}

SHEET_TRANSITIONS: Final[Mapping[SheetState, Mapping[SheetEvent, SheetState]]] = {
    SheetState.GENERATED: {
        SheetEvent.ISSUE_RECEIPT: SheetState.WITH_RECEIPT,
        SheetEvent.FALL_DUE: SheetState.OVERDUE,
        SheetEvent.ANNUL: SheetState.ANNULLED,
        SheetEvent.REPLACE: SheetState.REPLACED,
    },
    SheetState.WITH_RECEIPT: {
        SheetEvent.ANNUL_RECEIPT: SheetState.GENERATED,
        SheetEvent.FALL_DUE: SheetState.OVERDUE,
        SheetEvent.PAY: SheetState.PAID,
    },
    SheetState.OVERDUE: {
        SheetEvent.ISSUE_RECEIPT: SheetState.OVERDUE,  # late it stays: the receipt adds interest
        SheetEvent.ANNUL_RECEIPT: SheetState.OVERDUE,
        SheetEvent.PAY: SheetState.PAID,
        SheetEvent.ANNUL: SheetState.ANNULLED,
        SheetEvent.REPLACE: SheetState.REPLACED,
    },
    SheetState.ANNULLED: {
        SheetEvent.REPLACE: SheetState.REPLACED,  # a reserve-fund sheet, issued again after the rebuild
    },
    SheetState.PAID: {},
    SheetState.REPLACED: {},
}

RECEIPT_TRANSITIONS: Final[Mapping[ReceiptState, Mapping[ReceiptEvent, ReceiptState]]] = {
    ReceiptState.GENERATED: {
        ReceiptEvent.PAY: ReceiptState.CANCELLED,
        ReceiptEvent.ANNUL: ReceiptState.ANNULLED,
    },
    ReceiptState.CANCELLED: {ReceiptEvent.DEPOSIT: ReceiptState.DEPOSITED},
    ReceiptState.DEPOSITED: {},
    ReceiptState.ANNULLED: {},
}

_NO_LIVING_RECEIPT: Final = frozenset({SheetEvent.ANNUL, SheetEvent.REPLACE})


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The event has no place: what stands in its way, in Spanish."""

    message: str


def move_sheet(sheet: Sheet, event: SheetEvent, receipts: Iterable[Receipt] = ()) -> Sheet | Forbidden:
    """``sheet`` after ``event``. ``receipts`` are those of the sheet: while one of them lives (generated,
    paid or deposited) the sheet can neither be annulled nor replaced, whatever its own state says.
    """
    if event in _NO_LIVING_RECEIPT:
        living = [each for each in receipts if each.state is not ReceiptState.ANNULLED]
        for each in living[:1]:
            return Forbidden(
                f"La planilla {sheet.number} tiene el comprobante {each.number} «{each.state.label}»."
            )
        sheet = _without_receipts(sheet)
    after = SHEET_TRANSITIONS[sheet.state].get(event)
    if after is None:
        return Forbidden(
            f"La planilla {sheet.number} está «{sheet.state.label}» y no admite «{event.label.lower()}»."
        )
    return replace(sheet, state=after)


def _without_receipts(sheet: Sheet) -> Sheet:
    """A sheet all of whose receipts are annulled is no more «con comprobante», be its state behind."""
    if sheet.state is not SheetState.WITH_RECEIPT:
        return sheet
    return replace(sheet, state=SHEET_TRANSITIONS[sheet.state][SheetEvent.ANNUL_RECEIPT])


def move_receipt(receipt: Receipt, event: ReceiptEvent, at: datetime) -> Receipt | Forbidden:
    """``receipt`` after ``event``, which happened at the aware instant ``at``."""
    after = RECEIPT_TRANSITIONS[receipt.state].get(event)
    if after is None:
        state = receipt.state.label
        return Forbidden(
            f"El comprobante {receipt.number} está «{state}» y no admite «{event.label.lower()}»."
        )
    return replace(receipt, state=after, annulled_at=at if event is ReceiptEvent.ANNUL else None)


def transition_rows() -> Iterator[tuple[str, str, str, str]]:
    """Both tables for the docs: of what, state, event, next state."""
    for state, row in SHEET_TRANSITIONS.items():
        for event, after in row.items():
            yield "planilla", state.label, event.label, after.label
    for held, steps in RECEIPT_TRANSITIONS.items():
        for step, then in steps.items():
            yield "comprobante", held.label, step.label, then.label
