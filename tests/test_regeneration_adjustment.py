"""What is owed beside a paid sheet: each difference on a line, to the cent, and never below zero."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from regeneration.adjustment import Adjusted, adjust
from regeneration.novedades import Novedad
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Outcome
from regeneration.sheets import Sheet, SheetState, SheetType
from regeneration.valuation import totals_of
from tests.regeneration_samples import ANA, BLANCA, CARLOS, ON, make_line, make_novedad, make_sheet, run
from tests.test_regeneration_properties import numbered_lists, sheets


def paid_sheet(*people: str) -> Sheet:
    issued = run(make_sheet(*(make_line(person) for person in people))).sheet
    return issued_as(issued, SheetState.PAID)


def issued_as(sheet: Sheet, state: SheetState) -> Sheet:
    return replace(sheet, state=state)


def adjusted(sheet: Sheet, *novedades: Novedad) -> Adjusted:
    return adjust(sheet, novedades, load_parameters(), ON, "2026-09-000200")


def test_a_new_wage_after_the_payment_is_charged_as_its_difference() -> None:
    done = adjusted(paid_sheet(ANA, BLANCA), make_novedad("MSU", "2026-09-01", wage="600.00"))
    assert done.sheet is not None
    (line,) = done.sheet.lines
    # 600.00 × 20.60 % = 123.60, less the 113.30 paid; no day more
    assert (line.id_number, str(line.wage), line.days, str(line.value)) == (ANA, "50.00", 0, "10.30")
    totals = totals_of(done.sheet)
    assert (str(totals.ccc), str(totals.total)) == ("0.50", "10.80")  # 11.50 − 11.00 on the mass
    assert (done.sheet.type, done.sheet.number, done.sheet.replaces) == (
        SheetType.ADJUSTMENT,
        "2026-09-000200",
        None,
    )


def test_an_entry_after_the_payment_is_charged_whole() -> None:
    done = adjusted(paid_sheet(ANA), make_novedad("ENT", "2026-09-16", CARLOS, wage="700.00"))
    assert done.sheet is not None
    (line,) = done.sheet.lines
    assert (line.id_number, str(line.wage), line.days, str(line.value)) == (CARLOS, "350.00", 15, "72.10")


def test_who_was_paid_too_much_is_not_charged_and_goes_to_clean_up() -> None:
    done = adjusted(paid_sheet(ANA, BLANCA), make_novedad("SAL", "2026-09-15", BLANCA))
    assert done.sheet is None
    assert [found.code for found in done.problems] == ["RESULT_NEGATIVE"]
    assert BLANCA in done.problems[0].message


def test_a_sheet_that_is_not_paid_has_no_adjustment() -> None:
    living = issued_as(paid_sheet(ANA), SheetState.OVERDUE)
    done = adjusted(living, make_novedad("MSU", "2026-09-01", wage="600.00"))
    assert [found.code for found in done.problems] == ["SHEET_NOT_REBUILDABLE"]


def test_nothing_new_leaves_nothing_owed() -> None:
    assert [found.code for found in adjusted(paid_sheet(ANA)).problems] == ["NOTHING_CHANGES"]


@settings(max_examples=200, deadline=None)
@given(sheets(), numbered_lists())
def test_what_was_paid_and_the_adjustment_are_what_should_have_been(
    sheet: Sheet, given_: list[Novedad]
) -> None:
    issued = run(sheet).before
    right = run(issued, *given_)
    done = adjusted(issued_as(issued, SheetState.PAID), *given_)
    if done.sheet is None:
        assert done.problems
        return
    assert right.outcome is Outcome.REBUILT
    before, after, owed = totals_of(issued), totals_of(right.sheet), totals_of(done.sheet)
    for name in ("value", "personal", "employer", "ccc", "part_time_health", "total"):
        assert getattr(before, name) + getattr(owed, name) == getattr(after, name)
    assert all((line.value or Decimal(0)) >= 0 for line in done.sheet.lines)
    assert owed.total == owed.value + owed.ccc + owed.part_time_health
