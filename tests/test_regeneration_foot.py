"""The foot of a sheet: charges that come with it, interest that follows the amount, what changed in it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from regeneration.exchange import rebuilt_as_json, sheet_as_json, sheet_from_json
from regeneration.json_reading import ExchangeError
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Outcome
from regeneration.sheets import Charges, ReserveFund, SheetState
from regeneration.valuation import reserve_fund_sheet, totals_of
from tests.regeneration_samples import BLANCA, codes, make_line, make_novedad, make_sheet, run

CHARGES = Charges(
    interest=Decimal("4.52"),
    lawyer_fees=Decimal("30.00"),
    administrative_costs=Decimal("2.50"),
    credits=Decimal("10.00"),
)


def test_charges_are_added_and_credits_taken_off() -> None:
    sheet = make_sheet(make_line(), make_line(BLANCA), state=SheetState.OVERDUE, charges=CHARGES)
    rebuilt = run(sheet)
    totals = totals_of(rebuilt.sheet)
    # 2 × 113.30 + 1 % of 1,100.00 = 237.60; + 4.52 + 30.00 + 2.50 − 10.00
    assert totals.principal == Decimal("237.60")
    assert totals.total == Decimal("264.62")


def test_interest_follows_what_is_owed_and_says_so() -> None:
    sheet = make_sheet(make_line(), make_line(BLANCA), state=SheetState.OVERDUE, charges=CHARGES)
    rebuilt = run(sheet, make_novedad("SAL", "2026-09-15", BLANCA))
    totals = totals_of(rebuilt.sheet)
    # 113.30 + 275.00 × 20.60 % = 56.65, and 1 % of 825.00: 178.20 of the 237.60 that were owed
    assert totals.principal == Decimal("178.20")
    assert totals.interest == rebuilt.sheet.charges.interest == Decimal("3.39")  # 4.52 × 0.75
    assert totals.total == Decimal("204.09")
    told = {change.field: change for change in rebuilt.foot_changes}
    assert list(told) == ["wages", "value", "personal", "employer", "ccc", "interest", "total"]
    assert (told["interest"].before, told["interest"].after) == ("4.52", "3.39")
    assert "237.60 a 178.20" in told["interest"].why
    assert told["ccc"].parameters == ("ccc/private@2010-01-01",)
    again = run(rebuilt.sheet, make_novedad("SAL", "2026-09-15", BLANCA))
    assert again.outcome is Outcome.NOTHING_CHANGES


def test_interest_of_a_sheet_that_owed_nothing_is_left_to_collection() -> None:
    sheet = make_sheet(make_line(days=0, wage="0.00"), charges=Charges(interest=Decimal("1.00")))
    rebuilt = run(sheet, make_novedad("ENT", "2026-09-01", BLANCA))
    assert rebuilt.sheet.charges.interest == Decimal("1.00")


def test_a_foot_that_does_not_add_up_is_rebuilt() -> None:
    issued = run(make_sheet(make_line())).sheet
    wrong = replace(issued, totals=replace(totals_of(issued), ccc=Decimal("0.00"), total=Decimal("113.30")))
    rebuilt = run(wrong)
    assert rebuilt.outcome is Outcome.REBUILT
    assert [change.field for change in rebuilt.foot_changes] == ["ccc", "total"]
    assert not rebuilt.changes
    assert rebuilt_as_json(rebuilt)["foot_changes"][0]["before"] == "0.00"  # type: ignore[index]


def test_a_total_below_zero_is_never_issued() -> None:
    sheet = make_sheet(make_line(), charges=Charges(credits=Decimal("500.00")))
    rebuilt = run(sheet, make_novedad("SAL", "2026-09-15"))
    assert rebuilt.outcome is Outcome.REFUSED
    assert codes(rebuilt) == ["RESULT_NEGATIVE"]
    assert rebuilt.sheet == sheet


def test_the_reserve_fund_sheet_has_charges_of_its_own() -> None:
    line = make_line(reserve_fund=ReserveFund.ACCUMULATED)
    fund = reserve_fund_sheet(run(make_sheet(line, charges=CHARGES)).sheet, load_parameters(), "n")
    assert fund is not None
    assert totals_of(fund).total == Decimal("45.82")  # type: ignore[arg-type]  # 550.00 × 8.33 %


def test_charges_survive_json_and_may_be_left_out_of_totals() -> None:
    sheet = run(make_sheet(make_line(), charges=CHARGES)).sheet
    shape = sheet_as_json(sheet)
    assert sheet_from_json(shape) == sheet
    for name in ("interest", "lawyer_fees", "administrative_costs", "credits"):
        del shape["totals"][name]  # type: ignore[attr-defined]
    read = sheet_from_json(shape)
    assert read.totals is not None
    assert read.totals.interest == read.charges.interest == Decimal("4.52")
    with pytest.raises(ExchangeError, match=r"charges: claves desconocidas: intereses"):
        sheet_from_json(shape | {"charges": {"intereses": "1.00"}})


def test_interest_that_only_the_foot_says_is_not_lost() -> None:
    shape = sheet_as_json(run(make_sheet(make_line(), charges=CHARGES)).before)
    shape.pop("charges")
    sheet = sheet_from_json(shape)
    assert sheet.charges == CHARGES
    rebuilt = run(sheet, make_novedad("MSU", "2026-09-01", wage="600.00"))
    assert rebuilt.before.totals is not None
    assert rebuilt.sheet.totals is not None
    assert rebuilt.sheet.totals.interest > rebuilt.before.totals.interest > 0
    assert "interest" not in {each.field for each in run(sheet).foot_changes}


def test_charges_that_the_foot_leaves_out_are_no_change_of_it() -> None:
    sheet = run(make_sheet(make_line(), charges=CHARGES)).before
    shape = sheet_as_json(sheet)
    names = ("interest", "lawyer_fees", "administrative_costs", "credits")
    shape["totals"] = {name: value for name, value in shape["totals"].items() if name not in names}  # type: ignore[attr-defined]
    assert run(sheet_from_json(shape)).outcome is Outcome.NOTHING_CHANGES


def test_charges_that_differ_from_the_foot_are_told_with_their_place() -> None:
    shape = sheet_as_json(run(make_sheet(make_line(), charges=CHARGES)).before)
    shape["totals"] |= {"interest": "9.99"}  # type: ignore[operator]
    with pytest.raises(ExchangeError, match=r"totals\.interest: dice 9\.99 y charges\.interest dice 4\.52"):
        sheet_from_json(shape)


def test_rows_that_say_their_value_alone_have_no_changes_of_their_own() -> None:
    """An institute's printed row has the value of the contribution and not its parts."""
    rows = (
        replace(make_line(), value=Decimal("113.30")),
        replace(make_line(BLANCA), value=Decimal("113.30")),
    )
    rebuilt = run(make_sheet(*rows), make_novedad("MSU", "2026-09-01", person=BLANCA, wage="600.00"))
    assert {each.id_number for each in rebuilt.changes} == {BLANCA}
    told = {each.field: (each.before, each.after) for each in rebuilt.changes}
    assert told["personal"] == ("51.98", "56.70")
    assert run(make_sheet(*rows)).outcome is Outcome.NOTHING_CHANGES
