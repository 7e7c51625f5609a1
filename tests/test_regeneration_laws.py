"""Laws of money and explanation for every sheet: people are apart, amounts exact, changes say it all."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from regeneration.exchange import (
    novedades_as_json,
    novedades_from_json,
    rebuilt_as_json,
    sheet_as_json,
    sheet_from_json,
)
from regeneration.explanation import FIELD_LABELS, Change
from regeneration.money import format_money
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import ParameterValue, load_parameters
from regeneration.rebuilding import Outcome
from regeneration.sheets import Charges, Line, Regime, Sheet
from regeneration.valuation import totals_of
from tests.regeneration_samples import ANA, BLANCA, ON, make_line, make_novedad, make_sheet, run
from tests.test_regeneration_properties import PEOPLE, cents, hours, numbered_lists, sheets
from tests.test_regeneration_properties import lines as person_lines

HALF_A_CENT = Decimal("0.005")
CENT = Decimal("0.01")
RUCS = ("1790010937001", "1760013210001")
amounts = st.integers(0, 20_000).map(lambda value: (Decimal(value) / 100).quantize(CENT))


Case = tuple[Sheet, list[Novedad]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A sheet with one line for some of the people, and novedades of some that suit it: mostly accepted."""
    lines: list[Line] = []
    told: list[Novedad] = []
    for person in PEOPLE:
        line = draw(st.none() | person_lines(person, "06"))
        if line is not None:
            lines.append(line)
        if draw(st.integers(0, 3)):
            told += draw(suiting(person, line))
    charges = Charges(draw(amounts), draw(amounts), draw(amounts))
    sheet = make_sheet(*lines, regime=draw(st.sampled_from(Regime)), ruc=draw(st.sampled_from(RUCS)))
    return replace(sheet, charges=charges), told


@st.composite
def suiting(draw: st.DrawFn, person: str, line: Line | None) -> list[Novedad]:
    """A novedad of any kind for who is on the sheet, an entry for who is not, and perhaps extras."""
    kinds = [each for each in NovedadType if each is not NovedadType.EARLY_RETURN]
    kind = NovedadType.ENTRY if line is None else draw(st.sampled_from(kinds))
    effective = date(2026, 9, draw(st.integers(1, 30)))
    more: dict[str, Any] = {}
    match kind:
        case NovedadType.ENTRY:
            more = {"wage": draw(cents), "part_time_hours": draw(hours), "relation": "06", "name": "Nueva"}
        case NovedadType.NEW_WAGE:
            more = {"wage": draw(cents), "part_time_hours": draw(hours)}
        case NovedadType.EXIT:
            more = {"cause": "V"}
        case NovedadType.LEAVE:
            more = {"until": effective + timedelta(days=draw(st.integers(0, 40)))}
        case NovedadType.RELATION:
            more = {"relation": "109", "part_time_hours": draw(hours)}
        case NovedadType.VARIATION:
            more = {"amount": draw(amounts)}
    told = [Novedad(kind, person, effective, ON, **more)]
    if kind is not NovedadType.VARIATION and draw(st.booleans()):
        told.append(Novedad(NovedadType.VARIATION, person, date(2026, 9, 30), ON, amount=draw(amounts)))
    return told


def percent(name: str, part: str) -> Decimal:
    value = load_parameters().find(name, date(2026, 9, 1))
    assert isinstance(value, ParameterValue)
    return value.parts[part]


@settings(max_examples=200)
@given(cases() | st.tuples(sheets(), numbered_lists()))
def test_what_went_through_json_is_rebuilt_to_the_same_bytes(case: Case) -> None:
    sheet, given_ = case
    read_sheet = sheet_from_json(json.loads(json.dumps(sheet_as_json(sheet))))
    read_novedades = novedades_from_json(json.loads(json.dumps(novedades_as_json(given_))))
    one, two = run(sheet, *given_), run(read_sheet, *read_novedades)
    assert json.dumps(rebuilt_as_json(one)) == json.dumps(rebuilt_as_json(two))


@settings(max_examples=300)
@given(cases())
def test_an_accepted_list_leaves_nothing_to_change(case: Case) -> None:
    sheet, given_ = case
    first = run(sheet, *given_)
    assume(first.outcome is not Outcome.REFUSED)
    again = run(first.sheet, *given_)
    assert again.outcome is Outcome.NOTHING_CHANGES, (again.changes, again.foot_changes)
    assert again.sheet == first.sheet


@settings(max_examples=200)
@given(cases(), st.sampled_from(PEOPLE))
def test_a_novedad_of_one_person_never_touches_another(case: Case, person: str) -> None:
    sheet, given_ = case
    without = [each for each in given_ if each.id_number != person]
    one, two = run(sheet, *without), run(sheet, *given_)
    assume(Outcome.REFUSED not in {one.outcome, two.outcome})
    kept = [
        {key: row for key, row in cells_of(each.sheet).items() if key[0] != person} for each in (one, two)
    ]
    assert kept[0] == kept[1]


@settings(max_examples=200)
@given(cases())
def test_amounts_are_within_half_a_cent_of_exact_and_add_up(case: Case) -> None:
    sheet, given_ = case
    rebuilt = run(sheet, *given_)
    assume(rebuilt.outcome is not Outcome.REFUSED)
    name = f"contribution/{sheet.regime.value}"
    personal, employer = percent(name, "personal"), percent(name, "employer")
    for line in rebuilt.sheet.lines:
        assert line.value is not None
        assert line.personal is not None
        assert abs(line.value - line.wage * (personal + employer) / 100) <= HALF_A_CENT
        assert abs(line.personal - line.wage * personal / 100) <= HALF_A_CENT
        assert line.employer == line.value - line.personal >= 0
    totals = totals_of(rebuilt.sheet)
    rate = percent("ccc/private", "amount") if pays_ccc(sheet) else Decimal(0)
    assert abs(totals.ccc - totals.wages * rate / 100) <= HALF_A_CENT
    assert totals.total == totals.principal + rebuilt.sheet.charges.balance
    assert (totals.interest, totals.credits) == (
        rebuilt.sheet.charges.interest,
        rebuilt.sheet.charges.credits,
    )


def pays_ccc(sheet: Sheet) -> bool:
    """Private employers do; under the rates of banks and municipalities the RUC tells which it is."""
    bank = sheet.regime is Regime.BANKS_AND_MUNICIPAL and sheet.ruc[2] == "9"
    return sheet.regime is Regime.PRIVATE or bank


@settings(max_examples=200)
@given(sheets(), st.data())
def test_the_rows_of_a_split_sheet_add_up_to_the_whole(sheet: Sheet, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(sheet.lines)))
    whole = totals_of(run(sheet).sheet)
    parts = [
        totals_of(run(replace(sheet, lines=some)).sheet) for some in (sheet.lines[:cut], sheet.lines[cut:])
    ]
    for name in ("wages", "value", "personal", "employer", "part_time_health"):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)
    assert abs(whole.ccc - parts[0].ccc - parts[1].ccc) <= CENT  # each foot is rounded by itself


@settings(max_examples=200)
@given(cents, cents, st.none() | st.integers(1, 30), st.sampled_from(Regime))
def test_a_higher_wage_never_owes_less(one: Decimal, two: Decimal, day: int | None, regime: Regime) -> None:
    leaving = [make_novedad("SAL", f"2026-09-{day:02d}")] if day else []
    low, high = (
        run(
            make_sheet(make_line(), regime=regime),
            replace(make_novedad("MSU", "2026-09-01"), wage=wage),
            *leaving,
        ).sheet
        for wage in sorted((one, two))
    )
    for name in ("wage", "value", "personal"):
        assert getattr(low.lines[0], name) <= getattr(high.lines[0], name)
    for name in ("wages", "value", "personal", "ccc", "total"):
        assert getattr(totals_of(low), name) <= getattr(totals_of(high), name)


@given(cents, hours, st.integers(1, 30), st.integers(1, 30))
def test_who_leaves_later_is_never_credited_less(
    wage: Decimal, part_time: int | None, one: int, two: int
) -> None:
    sheet = make_sheet(
        Line(ANA, "Persona", "06", wage, 30 if part_time is None else part_time * 30 // 8, part_time)
    )
    early, late = (
        run(sheet, make_novedad("SAL", f"2026-09-{day:02d}")).sheet.lines[0] for day in sorted((one, two))
    )
    assert (early.days, early.wage) <= (late.days, late.wage)
    assert early.wage <= late.wage


@given(cents, st.integers(1, 29))
def test_who_leaves_and_who_enters_the_next_day_share_the_month(wage: Decimal, day: int) -> None:
    rebuilt = run(
        make_sheet(replace(make_line(ANA), wage=wage)),
        make_novedad("SAL", f"2026-09-{day:02d}"),
        replace(make_novedad("ENT", f"2026-09-{day + 1:02d}", BLANCA), wage=wage),
    )
    leaver, successor = rebuilt.sheet.lines
    assert leaver.days + successor.days == 30
    assert abs(leaver.wage + successor.wage - wage) <= CENT


@settings(max_examples=200)
@given(cases(), st.data())
def test_a_correction_that_says_the_same_changes_nothing(case: Case, data: st.DataObject) -> None:
    sheet, given_ = case
    assume(given_)
    numbered = [replace(each, id=str(place)) for place, each in enumerate(given_)]
    plain = run(sheet, *numbered)
    target = data.draw(st.sampled_from(numbered))
    corrected = run(sheet, *numbered, replace(target, id="new", cancels=target.id))
    assert (corrected.outcome, corrected.sheet) == (plain.outcome, plain.sheet)


@settings(max_examples=300)
@given(cases() | st.tuples(sheets(), numbered_lists()))
def test_the_changes_alone_turn_the_old_sheet_into_the_new(case: Case) -> None:
    sheet, given_ = case
    rebuilt = run(sheet, *given_)
    assert replay(cells_of(rebuilt.before), rebuilt.changes) == cells_of(rebuilt.sheet)
    foot = {each.field: each.after for each in rebuilt.foot_changes}
    if rebuilt.outcome is Outcome.REBUILT:
        before: Any = sheet_as_json(rebuilt.before)["totals"]
        assert before | foot == sheet_as_json(rebuilt.sheet)["totals"]


@settings(max_examples=200)
@given(cases())
def test_no_cell_changes_without_its_cause(case: Case) -> None:
    sheet, given_ = case
    rebuilt = run(sheet, *given_)
    for change in rebuilt.changes:
        cited = [given_[index] for index in change.novedades]
        assert cited
        assert {each.id_number for each in cited} == {change.id_number}
        if change.field in {"value", "personal", "employer"}:
            assert change.parameters
    for foot in rebuilt.foot_changes:
        assert foot.why.endswith(".")
        assert bool(foot.parameters) or foot.field in {"wages", "interest", "total"}


Cells = dict[tuple[str, str], dict[str, str]]


def cells_of(sheet: Sheet) -> Cells:
    """What a person reads on each line; no hours and no part-time health where there are none."""
    cells: Cells = {}
    for line in sheet.lines:
        values = {name: getattr(line, name) for name in FIELD_LABELS}
        cells[line.key] = {
            name: format_money(value) if isinstance(value, Decimal) else str(value)
            for name, value in values.items()
            if value is not None and not (name == "part_time_health" and not value)
        }
    return cells


def replay(before: Cells, changes: tuple[Change, ...]) -> Cells:
    """The old cells with the changes written over them."""
    after = dict(before)
    groups: defaultdict[tuple[str, str], dict[str, Change]] = defaultdict(dict)
    for change in changes:
        groups[change.id_number, change.relation][change.field] = change
    for (person, relation), fields in groups.items():
        moved = fields.get("relation")
        source = (person, relation if moved is None or moved.before is None else moved.before)
        cells = dict(after.pop(source, {}))
        for name, change in fields.items():
            assert cells.pop(name, None) == change.before
            if change.after is not None:
                cells[name] = change.after
        if cells:
            after[person, cells["relation"]] = cells
    return after


def test_a_replay_that_misses_a_change_is_seen() -> None:
    rebuilt = run(make_sheet(make_line()), make_novedad("MSU", "2026-09-10", wage="600.00"))
    assert replay(cells_of(rebuilt.before), rebuilt.changes[1:]) != cells_of(rebuilt.sheet)
    with pytest.raises(AssertionError):
        replay(cells_of(rebuilt.sheet), rebuilt.changes)


def test_the_cases_are_mostly_accepted() -> None:
    outcomes: list[Outcome] = []

    @settings(max_examples=200)
    @given(cases())
    def collect(case: Case) -> None:
        outcomes.append(run(case[0], *case[1]).outcome)

    collect()
    assert outcomes.count(Outcome.REBUILT) > 0.5 * len(outcomes)
    assert outcomes.count(Outcome.REFUSED) < 0.3 * len(outcomes)
