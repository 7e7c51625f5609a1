"""Sheets and receipts move by their tables, and the order that the procedure forces follows from them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from regeneration.sheet_states import (
    RECEIPT_TRANSITIONS,
    SHEET_TRANSITIONS,
    Forbidden,
    ReceiptEvent,
    SheetEvent,
    move_receipt,
    move_sheet,
)
from regeneration.sheets import REBUILDABLE, Receipt, ReceiptState, Sheet, SheetState
from tests.regeneration_samples import make_line, make_sheet

AT = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
LIVING = tuple(state for state in ReceiptState if state is not ReceiptState.ANNULLED)


@pytest.mark.parametrize(("state", "event"), list(product(SheetState, SheetEvent)))
def test_every_event_of_a_sheet_is_in_the_table_or_refused_by_name(
    state: SheetState, event: SheetEvent
) -> None:
    moved = move_sheet(make_sheet(make_line(), state=state), event)
    allowed = SHEET_TRANSITIONS[state].get(event)
    if state is SheetState.WITH_RECEIPT and event in {SheetEvent.ANNUL, SheetEvent.REPLACE}:
        allowed = SHEET_TRANSITIONS[SheetState.GENERATED][event]  # none of its receipts lives any more
    if allowed is None:
        assert isinstance(moved, Forbidden)
        assert state.label in moved.message
        assert event.label.lower() in moved.message
    else:
        assert isinstance(moved, Sheet)
        assert moved.state is allowed


@pytest.mark.parametrize(("state", "event"), list(product(ReceiptState, ReceiptEvent)))
def test_every_event_of_a_receipt_is_in_the_table_or_refused_by_name(
    state: ReceiptState, event: ReceiptEvent
) -> None:
    moved = move_receipt(Receipt("77", state), event, AT)
    allowed = RECEIPT_TRANSITIONS[state].get(event)
    if allowed is None:
        assert isinstance(moved, Forbidden)
        assert state.label in moved.message
    else:
        assert isinstance(moved, Receipt)
        assert moved.state is allowed
        assert (moved.annulled_at == AT) is (event is ReceiptEvent.ANNUL)


@pytest.mark.parametrize("state", LIVING)
@pytest.mark.parametrize("event", [SheetEvent.ANNUL, SheetEvent.REPLACE])
def test_a_sheet_with_a_living_receipt_is_neither_annulled_nor_replaced(
    state: ReceiptState, event: SheetEvent
) -> None:
    receipts = [Receipt("76", ReceiptState.ANNULLED, AT), Receipt("77", state)]
    moved = move_sheet(make_sheet(make_line()), event, receipts)
    assert isinstance(moved, Forbidden)
    assert "77" in moved.message
    assert state.label in moved.message


def test_what_was_paid_is_never_annulled_and_reads_as_paid() -> None:
    paid = move_receipt(Receipt("77", ReceiptState.GENERATED), ReceiptEvent.PAY, AT)
    assert isinstance(paid, Receipt)
    assert paid.state.label == "cancelado (pagado)"
    assert isinstance(move_receipt(paid, ReceiptEvent.ANNUL, AT), Forbidden)


def test_what_may_be_rebuilt_may_be_replaced_once_its_receipts_are_annulled() -> None:
    annulled = [Receipt("77", ReceiptState.ANNULLED, AT)]
    replaceable = {
        state
        for state in SheetState
        if isinstance(move_sheet(make_sheet(state=state), SheetEvent.REPLACE, annulled), Sheet)
    }
    assert replaceable == REBUILDABLE | {SheetState.ANNULLED}
