"""A line's own entry and exit count like notices of them: nobody is taken off for other work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from regeneration.novedades import Novedad
from regeneration.rebuilding import Outcome
from regeneration.sheets import Line
from tests.regeneration_samples import ANA, BLANCA, codes, make_line, make_novedad, make_sheet, run

WAGE = Decimal("550.00")
CAME_BACK = make_line(ANA, "385.00", 21, entered=date(2026, 9, 10), reference_wage=WAGE)
LEFT = make_line(ANA, "183.33", 10, left=date(2026, 9, 10), reference_wage=WAGE)
OTHER = make_line(BLANCA)


def test_the_exit_of_earlier_work_leaves_the_line_of_who_came_back() -> None:
    exit_ = make_novedad("SAL", "2026-08-20", registered=date(2026, 9, 2))
    rebuilt = run(make_sheet(CAME_BACK, OTHER), exit_)
    assert rebuilt.outcome is Outcome.NOTHING_CHANGES
    assert [each.days for each in rebuilt.sheet.lines] == [21, 30]


def test_an_exit_after_the_entry_of_the_line_still_takes_it_off() -> None:
    line = make_line(ANA, entered=date(2026, 8, 10))
    exit_ = make_novedad("SAL", "2026-08-20", registered=date(2026, 9, 2))
    assert [each.id_number for each in run(make_sheet(line, OTHER), exit_).sheet.lines] == [BLANCA]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (CAME_BACK, make_novedad("SAL", "2026-09-05")),
        (LEFT, make_novedad("ENT", "2026-09-20", wage="550.00")),
    ],
    ids=["exit before the line's entry", "entry after the line's exit"],
)
def test_out_and_in_again_in_one_month_is_refused_and_never_one_day(line: Line, told: Novedad) -> None:
    rebuilt = run(make_sheet(line, OTHER), told)
    assert codes(rebuilt) == ["NOVEDAD_INVALID"]
    assert "sale y vuelve a entrar en el mismo mes" in rebuilt.problems[0].message
    assert rebuilt.sheet.lines[0] == line


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (LEFT, make_novedad("MSU", "2026-09-20", wage="600.00")),
        (CAME_BACK, make_novedad("MSU", "2026-08-25", wage="600.00")),
    ],
    ids=["after the line's exit", "of work before the line's entry"],
)
def test_a_wage_that_was_never_earned_on_the_line_is_refused(line: Line, told: Novedad) -> None:
    rebuilt = run(make_sheet(line, OTHER), told)
    assert codes(rebuilt) == ["NOVEDAD_INVALID"]
    assert "fuera del tiempo trabajado" in rebuilt.problems[0].message


def test_a_wage_of_the_month_told_with_its_first_day_holds_for_who_entered_later_in_it() -> None:
    rebuilt = run(make_sheet(CAME_BACK), make_novedad("MSU", "2026-09-01", wage="600.00"))
    assert [(each.days, each.wage) for each in rebuilt.sheet.lines] == [(21, Decimal("420.00"))]


def test_a_corrected_exit_of_the_line_is_no_exit_any_more() -> None:
    """The line's exit is of a notice that was corrected: the new wage of later in the month is earned."""
    wrong = make_novedad("SAL", "2026-09-10", id="a")
    right = make_novedad("SAL", "2026-09-25", id="b", cancels="a")
    wage = make_novedad("MSU", "2026-09-20", wage="600.00")
    rebuilt = run(make_sheet(LEFT), wrong, right, wage)
    assert [(each.days, each.wage) for each in rebuilt.sheet.lines] == [(25, Decimal("500.00"))]


def test_an_entry_of_a_later_month_that_was_corrected_says_nothing_of_this_one() -> None:
    """Who left in September came again in October, on a day that was told wrongly at first."""
    told = (
        make_novedad("SAL", "2026-09-15"),
        make_novedad("ENT", "2026-10-05", id="a", registered=date(2026, 10, 6)),
        make_novedad("ENT", "2026-10-07", id="b", cancels="a", registered=date(2026, 10, 8)),
    )
    rebuilt = run(make_sheet(make_line(ANA), OTHER), *told, on=date(2026, 10, 10))
    assert [(each.id_number, each.days) for each in rebuilt.sheet.lines] == [(ANA, 15), (BLANCA, 30)]


def test_an_entry_without_hours_is_of_full_time_whatever_the_line_had() -> None:
    line = make_line(ANA, "241.00", 15, part_time_hours=4, reference_wage=Decimal("241.00"), worked_days=30)
    (new,) = run(make_sheet(line), make_novedad("ENT", "2026-09-01", wage="482.00")).sheet.lines
    assert (new.days, new.part_time_hours, new.wage, new.part_time_health) == (
        30,
        None,
        Decimal("482.00"),
        Decimal("0.00"),
    )


def test_an_entry_of_before_says_nothing_of_the_hours_that_a_line_has_by_now() -> None:
    line = make_line(ANA, "241.00", 15, part_time_hours=4, reference_wage=Decimal("241.00"), worked_days=30)
    entry, extras = make_novedad("ENT", "2026-08-03"), make_novedad("INS", "2026-09-15", amount="35.50")
    (new,) = run(make_sheet(line), entry, extras).sheet.lines
    assert (new.days, new.part_time_hours) == (15, 4)


def test_hours_told_after_an_entry_stand() -> None:
    line = make_line(ANA, "482.00")
    told = (
        make_novedad("ENT", "2026-09-01", wage="482.00"),
        make_novedad("MSU", "2026-09-01", wage="241.00", part_time_hours=4),
    )
    (new,) = run(make_sheet(line), *told).sheet.lines
    assert (new.days, new.part_time_hours, new.wage) == (15, 4, Decimal("241.00"))


def test_nobody_comes_back_from_leave_after_leaving() -> None:
    told = (
        make_novedad("LIC", "2026-08-25", until="2026-09-10", registered=date(2026, 9, 2)),
        make_novedad("SAL", "2026-08-31", registered=date(2026, 9, 2)),
        make_novedad("REI", "2026-09-03"),
    )
    rebuilt = run(make_sheet(make_line(ANA), OTHER), *told)
    assert codes(rebuilt) == ["NOVEDAD_INVALID"]
    assert "reintegro" in rebuilt.problems[0].message


def test_a_leave_that_is_taken_back_whole_on_the_day_it_was_told() -> None:
    """The sheet was drawn between the two notices of one day."""
    line = make_line(ANA, "531.67", 29, leave_days=1, reference_wage=WAGE)
    told = (make_novedad("LIC", "2026-09-14", until="2026-09-14"), make_novedad("REI", "2026-09-14"))
    rebuilt = run(make_sheet(line), *told)
    assert [(each.days, each.wage) for each in rebuilt.sheet.lines] == [(30, WAGE)]
