"""Each changed cell has the reason that changed it: not what was known before, nor what was corrected."""

from __future__ import annotations

from datetime import date

import pytest

from regeneration.novedades import Novedad
from regeneration.rebuilding import Outcome, Rebuilt
from tests.regeneration_samples import ANA, BLANCA, make_line, make_novedad, make_sheet, run

ENTRY = make_novedad("ENT", "2026-09-10", wage="550.00")
WAGE = make_novedad("MSU", "2026-09-01", wage="600.00")
HALF = make_novedad("MSU", "2026-09-01", wage="241.00", part_time_hours=4)
EXIT = make_novedad("SAL", "2026-09-25")
LEAVE = make_novedad("LIC", "2026-09-20", until="2026-09-24")
EXTRAS = make_novedad("INS", "2026-09-20", amount="30.00")


def changed_again(known: Novedad, new: Novedad) -> Rebuilt:
    """A sheet that was drawn with ``known``, once ``new`` has come."""
    people = () if known is ENTRY else (make_line(ANA),)
    drawn = run(make_sheet(*people, make_line(BLANCA)), known)
    assert drawn.outcome is Outcome.REBUILT
    return run(drawn.sheet, known, new)


@pytest.mark.parametrize(
    ("known", "new"),
    [(ENTRY, LEAVE), (ENTRY, EXIT), (ENTRY, EXTRAS), (WAGE, EXIT), (WAGE, EXTRAS), (HALF, EXIT)],
    ids=lambda each: each.type.value,
)
def test_what_the_sheet_had_already_is_no_reason_of_its_changes(known: Novedad, new: Novedad) -> None:
    rebuilt = changed_again(known, new)
    assert rebuilt.changes
    assert {each.novedades for each in rebuilt.changes} == {(1,)}
    assert all(known.label not in each.why for each in rebuilt.changes)


def test_two_that_are_new_are_both_told() -> None:
    rebuilt = run(make_sheet(make_line(ANA)), WAGE, EXIT)
    told = {each.field: each.novedades for each in rebuilt.changes}
    assert told["wage"] == told["value"] == (0, 1)
    assert told["days"] == (1,)


@pytest.mark.parametrize(
    ("code", "day", "more"),
    [("SAL", "2026-09-10", {}), ("INS", "2026-09-30", {"amount": "30.00"})],
)
def test_of_a_correction_to_a_later_month_the_reason_is_the_correction(
    code: str, day: str, more: dict[str, str]
) -> None:
    wrong = make_novedad(code, day, id="N1", **more)
    right = make_novedad(code, "2026-10-03", id="N2", cancels="N1", registered=date(2026, 10, 4), **more)
    rebuilt = run(run(make_sheet(make_line(ANA)), wrong).sheet, wrong, right)
    assert {each.novedad for each in rebuilt.changes} == {1}
    for each in rebuilt.changes:
        assert right.label in each.why
        assert f"que corrige la del {int(day[-2:])} de septiembre de 2026" in each.why


def test_of_a_correction_that_was_corrected_the_last_one_is_told() -> None:
    first = make_novedad("SAL", "2026-09-10", id="N1")
    second = make_novedad("SAL", "2026-10-03", id="N2", cancels="N1", registered=date(2026, 10, 4))
    third = make_novedad("SAL", "2026-10-04", id="N3", cancels="N2", registered=date(2026, 10, 5))
    rebuilt = run(run(make_sheet(make_line(ANA)), first).sheet, third, first, second)
    assert {each.novedad for each in rebuilt.changes} == {0}
