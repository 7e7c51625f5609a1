"""Two sheets of one month: which of them is rebuilt is asked, never chosen in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from operations.demonstration_data import BRANCH, RUC, request_values
from operations.register import EmbeddedRegister, sheet_row
from regeneration.preconditions import PeriodRecord, gather_problems, preconditions
from regeneration.sheets import SheetState
from tests.operations_samples import Clock, open_demo_house


@pytest.mark.parametrize(
    ("state", "number", "chosen"),
    [
        (SheetState.GENERATED, "", None),
        (SheetState.PAID, "", None),
        (SheetState.ANNULLED, "", "first"),
        (SheetState.REPLACED, "", "first"),
        (SheetState.GENERATED, "2026-10-000777", "second"),
        (SheetState.ANNULLED, "2026-10-000777", "second"),
    ],
)
def test_which_sheet_is_rebuilt_is_asked_when_several_stand(
    tmp_path: Path, state: SheetState, number: str, chosen: str | None
) -> None:
    house = open_demo_house(tmp_path, Clock())
    request = {**request_values(house), "sheet_number": number}
    month = request["period"]
    assert month == "2026-10"

    with house.database.transaction() as session:

        def look() -> PeriodRecord:
            return EmbeddedRegister(session).period(RUC, BRANCH, month, number, house.settings.time_zone)

        first = EmbeddedRegister(session).period(RUC, BRANCH, month, "", house.settings.time_zone).sheet
        assert first is not None, "the only one needs no number"
        second = replace(first, number="2026-10-000777", state=state)
        session.add(sheet_row(second))
        session.flush()
        record = look()
    found = gather_problems(preconditions(request, record, house.today(), parameters=house.parameters))
    asked = [each for each in found if each.code == "SHEET_NUMBER_NEEDED"]
    if chosen is None:
        assert record.sheet is None
        (problem,) = asked
        assert first.number in problem.message
        assert second.number in problem.message
        assert problem.field == "sheet_number"
    else:
        assert asked == []
        assert record.sheet == (first if chosen == "first" else second)
