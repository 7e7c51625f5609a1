"""Properties of the core: order does not matter, doing it twice is doing it once, totals add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from regeneration.exchange import (
    novedades_as_json,
    novedades_from_json,
    sheet_as_json,
    sheet_from_json,
)
from regeneration.money import ZERO, format_money, parse_money, prorate
from regeneration.novedades import Novedad, NovedadType
from regeneration.rebuilding import Outcome, Rebuilt
from regeneration.sheets import Line, Regime, ReserveFund, Sheet
from tests.regeneration_samples import ANA, BLANCA, CARLOS, ON, make_sheet, run

PEOPLE = (ANA, BLANCA, CARLOS)
RELATIONS = ("06", "109")
cents = (
    st.integers(0, 500_000)
    .map(lambda value: Decimal(value) / 100)
    .map(lambda each: each.quantize(Decimal("0.01")))
)
hours = st.none() | st.integers(1, 7)


@st.composite
def lines(draw: st.DrawFn, person: str, relation: str) -> Line:
    """A line of some month's work; it says its dates and extras, or keeps them for itself."""
    first = draw(st.just(1) | st.integers(1, 30))
    last = draw(st.just(30) | st.integers(first, 30))
    worked = last - first + 1
    part_time = draw(hours)
    told = draw(st.sampled_from([True, True, False]))
    wage = draw(cents)
    return Line(
        person,
        "Persona",
        relation,
        prorate(wage, worked, 30),
        worked if part_time is None else part_time * worked // 8,
        part_time,
        draw(st.sampled_from(ReserveFund)),
        variation=draw(st.sampled_from([ZERO, ZERO, None])),
        reference_wage=wage if told else None,
        entered=date(2026, 9, first) if told and first > 1 else None,
        left=date(2026, 9, last) if told and last < 30 else None,
        worked_days=worked if told and part_time is not None else None,
    )


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    keys = draw(st.lists(st.sampled_from([(p, r) for p in PEOPLE for r in RELATIONS]), unique=True))
    regime = draw(st.sampled_from(Regime))
    return make_sheet(*(draw(lines(person, relation)) for person, relation in keys), regime=regime)


@st.composite
def novedades(draw: st.DrawFn) -> Novedad:
    kind = draw(st.sampled_from(NovedadType))
    effective = date(2026, 8, 21) + timedelta(days=draw(st.integers(0, 44)))
    more: dict[str, Any] = {}
    if kind in {NovedadType.ENTRY, NovedadType.NEW_WAGE}:
        more |= {"wage": draw(cents), "part_time_hours": draw(hours)}
    if kind in {NovedadType.ENTRY, NovedadType.RELATION} or draw(st.booleans()):
        more["relation"] = draw(st.sampled_from(RELATIONS))
    if kind is NovedadType.RELATION and draw(st.booleans()):
        more["previous_relation"] = draw(st.sampled_from(RELATIONS))
    if kind is NovedadType.VARIATION:
        more["amount"] = draw(cents)
    if kind is NovedadType.LEAVE:
        more["until"] = effective + timedelta(days=draw(st.integers(0, 40)))
    if kind is NovedadType.EXIT:
        more["cause"] = "V"
    return Novedad(kind, draw(st.sampled_from(PEOPLE)), effective, max(effective, date(2026, 10, 1)), **more)


@st.composite
def numbered_lists(draw: st.DrawFn) -> list[Novedad]:
    """Lists of a few novedades, where a later one may correct an earlier one of the same kind."""
    found = [replace(each, id=str(n)) for n, each in enumerate(draw(st.lists(novedades(), max_size=4)))]
    for place, each in enumerate(found):
        same = [old.id for old in found[:place] if (old.type, old.id_number) == (each.type, each.id_number)]
        if same and draw(st.booleans()):
            found[place] = replace(each, cancels=draw(st.sampled_from(same)))
    return found


def resolve(rebuilt: Rebuilt, given_: list[Novedad]) -> list[object]:
    return [
        (
            each.id_number,
            each.relation,
            each.field,
            each.before,
            each.after,
            each.parameters,
            each.why,
            *tuple(given_[index] for index in each.novedades),
        )
        for each in rebuilt.changes
    ]


@settings(max_examples=400, deadline=None)
@given(sheets(), numbered_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_novedades_does_not_matter(sheet: Sheet, given_: list[Novedad], random: Any) -> None:
    other = list(given_)
    random.shuffle(other)
    one, two = run(sheet, *given_, on=ON), run(sheet, *other, on=ON)
    assert (one.outcome, one.sheet, one.before, one.problems) == (
        two.outcome,
        two.sheet,
        two.before,
        two.problems,
    )
    assert resolve(one, given_) == resolve(two, other)


@settings(max_examples=600, deadline=None)
@given(sheets(), numbered_lists())
def test_rebuilding_twice_is_rebuilding_once(sheet: Sheet, given_: list[Novedad]) -> None:
    first = run(sheet, *given_, on=ON)
    if first.outcome is Outcome.REFUSED:
        assert first.sheet == sheet
        return
    second = run(first.sheet, *given_, on=ON)
    assert second.outcome is Outcome.NOTHING_CHANGES, (second.problems, second.changes)
    through_json = sheet_from_json(sheet_as_json(first.sheet))
    assert through_json == first.sheet


@settings(max_examples=300, deadline=None)
@given(sheets(), numbered_lists())
def test_totals_are_the_sum_of_the_lines_and_parts_add_up(sheet: Sheet, given_: list[Novedad]) -> None:
    rebuilt = run(sheet, *given_, on=ON)
    if rebuilt.outcome is Outcome.REFUSED:
        return
    totals = rebuilt.sheet.totals
    assert totals is not None
    for name in ("value", "personal", "employer", "part_time_health"):
        assert getattr(totals, name) == sum(getattr(line, name) for line in rebuilt.sheet.lines)
    assert totals.wages == sum(line.wage for line in rebuilt.sheet.lines)
    assert totals.total == totals.value + totals.ccc + totals.part_time_health
    for line in rebuilt.sheet.lines:
        assert line.value is not None
        assert line.personal is not None
        assert line.employer is not None
        assert line.personal + line.employer == line.value
        assert 0 <= line.days <= 30


@settings(max_examples=200, deadline=None)
@given(sheets(), numbered_lists())
def test_changes_are_exactly_the_cells_that_differ(sheet: Sheet, given_: list[Novedad]) -> None:
    rebuilt = run(sheet, *given_, on=ON)
    untouched = {each.id_number for each in sheet.lines} - {each.id_number for each in given_}
    assert not untouched & {each.id_number for each in rebuilt.changes}
    for change in rebuilt.changes:
        assert change.before != change.after
        assert change.novedades
        assert change.why.endswith(".")


@given(st.lists(novedades()))
def test_novedades_survive_json(given_: list[Novedad]) -> None:
    assert list(novedades_from_json(novedades_as_json(given_))) == given_


@given(st.integers(-(10**12), 10**12))
def test_money_is_read_as_written(value: int) -> None:
    amount = Decimal(value) / 100
    assert parse_money(format_money(amount)) == amount
