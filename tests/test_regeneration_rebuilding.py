"""Rebuilding a sheet: scenarios worked by hand from the institute's rules (a month has 30 days)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from regeneration.exchange import novedades_as_json, novedades_from_json
from regeneration.money import take_percent
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Outcome, Rebuilt
from regeneration.sheets import Regime, ReserveFund, Sheet, SheetState, SheetType, reissue
from regeneration.valuation import reserve_fund_sheet
from tests.regeneration_samples import (
    ANA,
    BLANCA,
    CARLOS,
    codes,
    make_line,
    make_novedad,
    make_sheet,
    only_line,
    run,
)


def test_a_change_says_who_registered_its_novedad() -> None:
    told = make_novedad("MSU", "2026-09-01", wage="600.00", registered_by="1790010937001/0001")
    change = run(make_sheet(make_line()), told).changes[0]
    assert "registrado el 2 de octubre de 2026 por 1790010937001/0001" in change.why
    assert novedades_from_json(novedades_as_json([told])) == (told,)


def cell(rebuilt: Rebuilt, person: str, field: str) -> tuple[str | None, str | None, int | None]:
    (change,) = [each for each in rebuilt.changes if (each.id_number, each.field) == (person, field)]
    return change.before, change.after, change.novedad


@pytest.mark.parametrize(
    ("wage", "personal", "employer", "value", "fund"),
    [
        ("482.00", "45.55", "53.74", "99.29", "40.15"),
        ("470.00", "44.42", "52.40", "96.82", "39.15"),  # 44.42 + 52.41 would not add up to the row's value
        ("460.00", "43.47", "51.29", "94.76", "38.32"),
        ("700.00", "66.15", "78.05", "144.20", "58.31"),
        ("1000.00", "94.50", "111.50", "206.00", "83.30"),
        ("366.67", "34.65", "40.88", "75.53", "30.54"),
        ("1234.56", "116.67", "137.65", "254.32", "102.84"),
        ("550.00", "51.98", "61.32", "113.30", "45.82"),  # a real row: 113.30, not 51.98 + 61.33
        ("241.00", "22.77", "26.88", "49.65", "20.08"),  # a real row: 49.65, not 22.77 + 26.87
    ],
)
def test_amounts_of_a_row(wage: str, personal: str, employer: str, value: str, fund: str) -> None:
    sheet = make_sheet(make_line(wage=wage, reserve_fund=ReserveFund.ACCUMULATED))
    line = only_line(run(sheet))
    assert (line.personal, line.employer, line.value) == tuple(map(Decimal, (personal, employer, value)))
    funds = reserve_fund_sheet(sheet, load_parameters(), "2026-09-000124")
    assert isinstance(funds, Sheet)
    assert funds.lines[0].value == Decimal(fund)
    assert funds.totals is not None
    assert funds.totals.total == Decimal(fund)


def test_golden_month() -> None:
    """A new wage, an exit on the 20th, an entry on the 21st; every figure worked by hand."""
    sheet = make_sheet(make_line(ANA, "550.00"), make_line(BLANCA, "700.00"))
    rebuilt = run(
        sheet,
        make_novedad("MSU", "2026-09-10", ANA, wage="600.00"),
        make_novedad("SAL", "2026-09-20", BLANCA),
        make_novedad("ENT", "2026-09-21", CARLOS, wage="482.00"),
    )
    assert rebuilt.outcome is Outcome.REBUILT
    assert rebuilt.problems == ()
    rows = [(each.id_number, str(each.wage), each.days, str(each.value)) for each in rebuilt.sheet.lines]
    assert rows == [
        (ANA, "600.00", 30, "123.60"),
        (BLANCA, "466.67", 20, "96.13"),  # 700 × 20/30
        (CARLOS, "160.67", 10, "33.10"),  # 482 × 10/30; 31 − 21 days
    ]
    totals = rebuilt.sheet.totals
    assert totals is not None
    assert [str(each) for each in (totals.wages, totals.value, totals.ccc, totals.total)] == [
        "1227.34",
        "252.83",
        "12.27",
        "265.10",
    ]
    assert cell(rebuilt, ANA, "wage") == ("550.00", "600.00", 0)
    assert cell(rebuilt, BLANCA, "days") == ("30", "20", 1)
    assert cell(rebuilt, CARLOS, "value") == (None, "33.10", 2)
    old = rebuilt.before.totals
    assert old is not None
    assert (str(old.wages), str(old.value), str(old.total)) == ("1250.00", "257.50", "270.00")


def test_each_change_cites_novedad_and_parameter_and_says_why() -> None:
    rebuilt = run(make_sheet(make_line()), make_novedad("MSU", "2026-09-10", wage="600.00"))
    assert [each.field for each in rebuilt.changes] == ["wage", "value", "personal", "employer"]
    for change in rebuilt.changes:
        assert change.parameters == ("contribution/private@2015-01-01",)
        assert change.novedades == (0,)
        assert "aviso de nuevo sueldo (MSU) del 10 de septiembre de 2026" in change.why
        assert "registrado el 2 de octubre de 2026" in change.why


@pytest.mark.parametrize(
    ("period", "day", "days"),
    [
        ("2026-09", 1, 30),
        ("2026-09", 10, 21),
        ("2026-09", 30, 1),
        ("2026-08", 31, 1),
        ("2026-08", 30, 1),
        ("2026-02", 28, 3),
        ("2024-02", 29, 2),
    ],
)
def test_days_of_an_entry(period: str, day: int, days: int) -> None:
    on = date(2026, 10, 5)
    entry = make_novedad("ENT", f"{period}-{day:02d}", registered=date.fromisoformat(f"{period}-28"))
    line = only_line(run(make_sheet(period=period), entry, on=on))
    assert line.days == days
    assert line.wage == (Decimal("482.00") * days / 30).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("period", "day", "days"),
    [
        ("2026-09", 1, 1),
        ("2026-09", 20, 20),
        ("2026-09", 30, 30),
        ("2026-08", 30, 30),
        ("2026-08", 31, 30),
        ("2026-02", 27, 27),
        ("2026-02", 28, 30),
        ("2024-02", 28, 28),
        ("2024-02", 29, 30),
    ],
)
def test_days_of_an_exit(period: str, day: int, days: int) -> None:
    leaving = make_novedad("SAL", f"{period}-{day:02d}", registered=date.fromisoformat(f"{period}-28"))
    assert only_line(run(make_sheet(make_line(), period=period), leaving)).days == days


def test_entry_and_exit_in_one_month() -> None:
    rebuilt = run(
        make_sheet(),
        make_novedad("ENT", "2026-09-11", wage="600.00"),
        make_novedad("SAL", "2026-09-20"),
    )
    assert (only_line(rebuilt).days, only_line(rebuilt).wage) == (10, Decimal("200.00"))


def test_who_left_the_month_before_is_taken_off() -> None:
    sheet = make_sheet(make_line(ANA), make_line(BLANCA))
    rebuilt = run(sheet, make_novedad("SAL", "2026-08-31", BLANCA))
    assert [each.id_number for each in rebuilt.sheet.lines] == [ANA]
    assert cell(rebuilt, BLANCA, "wage") == ("550.00", None, 0)


def test_unpaid_leave_and_early_return() -> None:
    leave = make_novedad("LIC", "2026-09-11", until="2026-09-30")
    assert only_line(run(make_sheet(make_line(wage="600.00")), leave)).days == 10
    back = make_novedad("REI", "2026-09-21")
    line = only_line(run(make_sheet(make_line(wage="600.00")), leave, back))
    assert (line.days, line.wage, line.leave_days) == (20, Decimal("400.00"), 10)


def test_a_month_on_leave_is_worth_nothing_and_keeps_the_wage_for_the_return() -> None:
    leave = make_novedad("LIC", "2026-09-01", until="2026-12-31")
    away = run(make_sheet(make_line()), leave)
    assert (only_line(away).days, only_line(away).value) == (0, Decimal("0.00"))
    back = run(away.sheet, leave, make_novedad("REI", "2026-09-16"))
    assert (only_line(back).days, only_line(back).wage) == (15, Decimal("275.00"))


def test_extras_are_of_one_month_and_stand_in_place_of_the_old_ones() -> None:
    extra = make_novedad("INS", "2026-09-30", amount="35.50")
    first = run(make_sheet(make_line()), extra)
    assert only_line(first).wage == Decimal("585.50")
    other = make_novedad("INS", "2026-08-31", amount="99.00")
    assert run(make_sheet(make_line()), other).outcome is Outcome.NOTHING_CHANGES
    assert run(first.sheet, extra).outcome is Outcome.NOTHING_CHANGES
    more = run(first.sheet, extra, make_novedad("INS", "2026-09-15", amount="10.00"))
    assert only_line(more).wage == Decimal("595.50")


def test_part_time_pays_health_on_what_lacks_to_the_basic_wage() -> None:
    """A real sheet: 241 of 482, four hours: 15 days, 49.65 and (482 − 241) × 4.41 % = 10.63."""
    entry = make_novedad("ENT", "2026-09-01", wage="241.00", part_time_hours=4)
    rebuilt = run(make_sheet(), entry)
    line = only_line(rebuilt)
    assert (line.days, line.value, line.part_time_health) == (15, Decimal("49.65"), Decimal("10.63"))
    assert rebuilt.sheet.totals is not None
    assert rebuilt.sheet.totals.total == Decimal("49.65") + Decimal("2.41") + Decimal("10.63")


def test_change_of_relation() -> None:
    rebuilt = run(make_sheet(make_line()), make_novedad("REL", "2026-09-01", relation="109"))
    assert cell(rebuilt, ANA, "relation") == ("06", "109", 0)
    assert [each.field for each in rebuilt.changes] == ["relation"]


def test_two_relations_with_one_employer_are_two_lines() -> None:
    sheet = make_sheet(make_line(ANA), make_line(ANA, "900.00", relation="109"))
    named = run(sheet, make_novedad("MSU", "2026-09-01", wage="950.00", relation="109"))
    assert [str(each.wage) for each in named.sheet.lines] == ["550.00", "950.00"]
    unnamed = run(sheet, make_novedad("MSU", "2026-09-01", wage="950.00"))
    assert codes(unnamed) == ["NOVEDAD_INVALID"]


def test_moving_to_another_relation_in_the_month() -> None:
    leaving, entry = (
        make_novedad("SAL", "2026-09-05"),
        make_novedad("ENT", "2026-09-20", relation="109", wage="900.00"),
    )
    rebuilt = run(make_sheet(make_line()), leaving, entry)
    assert [(each.relation, each.days) for each in rebuilt.sheet.lines] == [("06", 5), ("109", 11)]
    assert run(rebuilt.sheet, leaving, entry).outcome is Outcome.NOTHING_CHANGES


def test_a_corrected_novedad_counts_no_more() -> None:
    wrong = make_novedad("SAL", "2026-09-10", id="a")
    right = make_novedad("SAL", "2026-09-20", id="b", cancels="a")
    first = run(make_sheet(make_line()), wrong)
    assert only_line(first).days == 10
    again = run(first.sheet, wrong, right)
    assert (only_line(again).days, only_line(again).wage) == (20, Decimal("366.67"))
    later = make_novedad("SAL", "2026-11-30", id="c", cancels="a")
    assert (only_line(run(first.sheet, wrong, later)).days) == 30


def test_an_entry_corrected_to_a_later_month_takes_the_person_off() -> None:
    wrong = make_novedad("ENT", "2026-09-10", id="a")
    first = run(make_sheet(), wrong)
    right = make_novedad("ENT", "2026-10-01", id="b", cancels="a")
    second = run(first.sheet, wrong, right)
    assert second.sheet.lines == ()
    assert run(second.sheet, wrong, right).outcome is Outcome.NOTHING_CHANGES


@pytest.mark.parametrize(
    ("name", "novedades"),
    [
        ("two wages on one day", [("MSU", {"wage": "600.00"}), ("MSU", {"wage": "650.00"})]),
        ("no wage", [("MSU", {})]),
        ("unknown cause", [("SAL", {"cause": "Z"})]),
        ("leave backwards", [("LIC", {"until": "2026-09-01"})]),
        ("return without leave", [("REI", {})]),
        ("hours", [("MSU", {"wage": "600.00", "part_time_hours": 9})]),
        ("negative wage", [("MSU", {"wage": "-1.00"})]),
        ("corrects nothing", [("MSU", {"wage": "600.00", "cancels": "x"})]),
        ("corrects itself", [("MSU", {"wage": "600.00", "id": "a", "cancels": "a"})]),
        ("same id", [("MSU", {"wage": "600.00", "id": "a"}), ("SAL", {"id": "a"})]),
        ("other type", [("SAL", {"id": "a"}), ("MSU", {"wage": "600.00", "cancels": "a"})]),
        ("absent person", [("MSU", {"wage": "600.00", "person": BLANCA})]),
        ("registered tomorrow", [("MSU", {"wage": "600.00", "registered": date(2026, 10, 6)})]),
    ],
)
def test_what_contradicts_itself_is_refused(
    name: str, novedades: list[tuple[str, dict[str, object]]]
) -> None:
    sheet = make_sheet(make_line())
    rebuilt = run(sheet, *(make_novedad(code, "2026-09-10", **more) for code, more in novedades))  # type: ignore[arg-type]
    assert rebuilt.outcome is Outcome.REFUSED, name
    assert set(codes(rebuilt)) == {"NOVEDAD_INVALID"}
    assert rebuilt.sheet == sheet
    assert rebuilt.changes == ()


@pytest.mark.parametrize(
    "days",
    [
        [("SAL", "2026-09-05"), ("ENT", "2026-09-20")],
        [("SAL", "2026-09-05"), ("SAL", "2026-09-06")],
        [("ENT", "2026-09-05"), ("ENT", "2026-09-06")],
    ],
)
def test_entries_and_exits_that_contradict(days: list[tuple[str, str]]) -> None:
    rebuilt = run(make_sheet(make_line()), *(make_novedad(code, day) for code, day in days))
    assert codes(rebuilt) == ["NOVEDAD_INVALID"]


def test_a_corrected_wage_without_another_is_asked_for() -> None:
    wrong = make_novedad("MSU", "2026-09-01", wage="600.00", id="a")
    future = make_novedad("MSU", "2026-10-01", wage="700.00", cancels="a")
    assert codes(run(make_sheet(make_line(wage="600.00")), wrong, future)) == ["NOVEDAD_INVALID"]
    assert run(make_sheet(make_line(wage="550.00")), wrong, future).outcome is Outcome.NOTHING_CHANGES


@pytest.mark.parametrize(("registered", "late"), [(date(2026, 9, 15), False), (date(2026, 9, 16), True)])
def test_extemporaneous_after_45_days(registered: date, late: bool) -> None:
    rebuilt = run(make_sheet(make_line()), make_novedad("SAL", "2026-08-01", registered=registered))
    assert (codes(rebuilt) == ["NOVEDAD_EXTEMPORANEOUS"]) is late
    assert (rebuilt.outcome is Outcome.REFUSED) is late


def test_a_negative_result_is_never_issued() -> None:
    rebuilt = run(make_sheet(make_line()), make_novedad("INS", "2026-09-10", amount="-550.01"))
    assert (rebuilt.outcome, codes(rebuilt)) == (Outcome.REFUSED, ["RESULT_NEGATIVE"])
    zero = run(make_sheet(make_line()), make_novedad("INS", "2026-09-10", amount="-550.00"))
    assert zero.outcome is Outcome.REBUILT


def test_a_month_without_rate_is_refused() -> None:
    early = make_sheet(make_line(), period="2009-12")
    assert codes(run(early)) == ["PARAMETER_NOT_IN_FORCE", "PARAMETER_NOT_IN_FORCE"]
    part_time = make_sheet(make_line(days=15, part_time_hours=4), period="2027-01")
    assert codes(run(part_time, on=date(2027, 2, 5))) == ["PARAMETER_NOT_IN_FORCE"]


@pytest.mark.parametrize(
    "change",
    [
        {"state": SheetState.PAID},
        {"state": SheetState.ANNULLED},
        {"state": SheetState.REPLACED},
        {"type": SheetType.RESERVE_FUND},
        {"type": SheetType.ADJUSTMENT},
    ],
)
def test_only_a_live_contributions_sheet_is_rebuilt(change: dict[str, object]) -> None:
    rebuilt = run(make_sheet(make_line(), **change))  # type: ignore[arg-type]
    assert codes(rebuilt) == ["SHEET_NOT_REBUILDABLE"]


def test_without_novedades_nothing_changes() -> None:
    rebuilt = run(make_sheet(make_line()))
    assert (rebuilt.outcome, codes(rebuilt)) == (Outcome.NOTHING_CHANGES, ["NOTHING_CHANGES"])
    assert only_line(rebuilt).value == Decimal("113.30")


def test_a_stored_amount_against_the_rate_is_put_right_and_told() -> None:
    wrong = make_line(value=Decimal("113.31"), personal=Decimal("51.98"), employer=Decimal("61.33"))
    rebuilt = run(make_sheet(wrong))
    assert rebuilt.outcome is Outcome.REBUILT
    assert cell(rebuilt, ANA, "value") == ("113.31", "113.30", None)


def test_ccc_is_of_private_employers_and_taken_once_on_the_mass() -> None:
    lines = [make_line(person, "100.50") for person in (ANA, BLANCA, CARLOS)]
    private = run(make_sheet(*lines)).sheet.totals
    assert private is not None
    assert private.ccc == Decimal("3.02")  # 301.50 × 1 %; row by row it would be 3 × 1.01
    for regime in (Regime.PUBLIC, Regime.BANKS_AND_MUNICIPAL):
        public = replace(make_sheet(*lines, regime=regime), ruc="0660001250001")
        totals = run(public).sheet.totals
        assert totals is not None
        assert totals.ccc == 0


def test_reserve_fund_is_of_those_who_accumulate() -> None:
    sheet = make_sheet(
        make_line(ANA, reserve_fund=ReserveFund.ACCUMULATED),
        make_line(BLANCA, reserve_fund=ReserveFund.MONTHLY),
        make_line(CARLOS),
    )
    funds = reserve_fund_sheet(sheet, load_parameters(), "n")
    assert isinstance(funds, Sheet)
    assert [(each.id_number, each.value) for each in funds.lines] == [
        (ANA, take_percent(Decimal(550), Decimal("8.33")))
    ]
    assert (funds.type, funds.number) == (SheetType.RESERVE_FUND, "n")
    assert reserve_fund_sheet(replace(sheet, lines=sheet.lines[1:]), load_parameters()) is None


def test_a_reissued_sheet_says_what_it_replaces() -> None:
    sheet = make_sheet(make_line(), state=SheetState.OVERDUE)
    new = reissue(run(sheet).sheet, "2026-09-000200")
    assert (new.number, new.replaces, new.state) == ("2026-09-000200", sheet.number, SheetState.GENERATED)


def test_a_sheet_has_one_line_per_person_and_relation() -> None:
    with pytest.raises(ValueError, match="dos filas"):
        make_sheet(make_line(), make_line())


@pytest.mark.parametrize(
    ("wage", "more", "told"),
    [
        ("481.99", {}, ["WAGE_BELOW_BASIC"]),
        ("482.00", {}, []),
        ("241.00", {"part_time_hours": 4}, []),
        ("400.00", {"relation": "109"}, []),
    ],
)
def test_a_new_wage_below_the_basic_one_is_warned_of(
    wage: str, more: dict[str, Any], told: list[str]
) -> None:
    rebuilt = run(make_sheet(make_line()), make_novedad("ENT", "2026-09-10", CARLOS, wage=wage, **more))
    assert rebuilt.outcome is Outcome.REBUILT
    assert codes(rebuilt) == told
