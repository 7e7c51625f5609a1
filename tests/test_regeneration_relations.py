"""Somebody with two relations at one employer is, line by line, like two people with one relation each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regeneration.exchange import novedades_as_json, novedades_from_json
from regeneration.novedades import Novedad, NovedadType
from regeneration.rebuilding import Outcome
from regeneration.sheets import Line
from tests.regeneration_samples import ANA, BLANCA, codes, make_line, make_novedad, make_sheet, run

FIRST, SECOND = "06", "109"
OTHERS = ("53", "77")
"""Relations that only a change can bring: one for each line, so that the two never meet."""
wages = st.integers(10_000, 300_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")


@st.composite
def told_of(draw: st.DrawFn, relation: str, becomes: str) -> list[Novedad]:
    """A few novedades of one line, each saying which it is about."""
    found = []
    for kind in draw(st.lists(st.sampled_from(["SAL", "MSU", "INS", "LIC", "REL"]), unique=True, max_size=4)):
        day = (date(2026, 9, 1) + timedelta(days=draw(st.integers(0, 29)))).isoformat()
        more: dict[str, Any] = {"relation": relation}
        if kind == "REL":
            more = {"relation": becomes, "previous_relation": relation}
        if kind == "MSU":
            more["wage"] = draw(wages)
        if kind == "INS":
            more["amount"] = draw(wages)
        if kind == "LIC":
            more["until"] = (date.fromisoformat(day) + timedelta(days=draw(st.integers(0, 9)))).isoformat()
        found.append(make_novedad(kind, day, **more))
    return found


def without_person(line: Line) -> Line:
    return replace(line, id_number="", name="")


@settings(max_examples=300, deadline=None)
@given(wages, wages, told_of(FIRST, OTHERS[0]), told_of(SECOND, OTHERS[1]), st.randoms(use_true_random=False))
def test_two_relations_are_rebuilt_as_two_people_would_be(
    one: str, two: str, first: list[Novedad], second: list[Novedad], random: Any
) -> None:
    together = [*first, *second]
    random.shuffle(together)
    apart = [*first, *(replace(each, id_number=BLANCA) for each in second)]
    of_one = run(make_sheet(make_line(ANA, one), make_line(ANA, two, relation=SECOND)), *together)
    of_two = run(make_sheet(make_line(ANA, one), make_line(BLANCA, two, relation=SECOND)), *apart)
    assert of_one.outcome is of_two.outcome
    if of_one.outcome is Outcome.REFUSED:
        assert set(codes(of_one)) == set(codes(of_two))
        return
    assert sorted(map(repr, map(without_person, of_one.sheet.lines))) == sorted(
        map(repr, map(without_person, of_two.sheet.lines))
    )
    assert of_one.sheet.totals == of_two.sheet.totals
    assert run(of_one.sheet, *together).outcome is Outcome.NOTHING_CHANGES
    cells = [sorted((c.relation, c.field, str(c.after)) for c in each.changes) for each in (of_one, of_two)]
    assert cells[0] == cells[1]


@settings(max_examples=100, deadline=None)
@given(told_of(FIRST, OTHERS[0]), told_of(SECOND, OTHERS[1]))
def test_which_relation_changes_survives_the_agreed_shape(
    first: list[Novedad], second: list[Novedad]
) -> None:
    given_ = (*first, *second)
    assert novedades_from_json(novedades_as_json(given_)) == given_


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        (
            {"relation": "53"},
            "previous_relation",
            "(06, 109) y no se sabe cuál cambia: indique la",
        ),
        ({"relation": "53", "previous_relation": "77"}, "previous_relation", "con la relación 77"),
        ({"relation": "06", "previous_relation": "109"}, "relation", "ya tiene otra fila con la relación 06"),
    ],
)
def test_a_change_that_does_not_say_which_is_asked_for(more: dict[str, str], field: str, said: str) -> None:
    sheet = make_sheet(make_line(ANA), make_line(ANA, "900.00", relation="109"))
    refused = run(sheet, make_novedad("REL", "2026-09-10", **more))
    assert refused.outcome is Outcome.REFUSED
    (problem,) = refused.problems
    assert (problem.code, problem.field) == ("NOVEDAD_INVALID", field)
    assert said in problem.message


def test_a_second_relation_that_begins_in_the_month_counts_too() -> None:
    begins = make_novedad("ENT", "2026-09-12", relation="109", wage="900.00")
    sheet = make_sheet(make_line(ANA))
    asked = run(sheet, begins, make_novedad("REL", "2026-09-20", relation="53"))
    assert [found.field for found in asked.problems] == ["previous_relation"]
    for before, others in (("06", {"53", "109"}), ("109", {"06", "53"})):
        change = make_novedad("REL", "2026-09-20", relation="53", previous_relation=before)
        rebuilt = run(sheet, begins, change)
        assert {line.relation for line in rebuilt.sheet.lines} == others
        assert run(rebuilt.sheet, begins, change).outcome is Outcome.NOTHING_CHANGES
    into = make_novedad("REL", "2026-09-20", relation="109", previous_relation="06")
    assert "ya tiene otra fila" in run(sheet, begins, into).problems[0].message


def test_what_comes_after_a_change_may_name_the_new_relation() -> None:
    sheet = make_sheet(make_line(ANA), make_line(ANA, "900.00", relation="109"))
    rebuilt = run(
        sheet,
        make_novedad("REL", "2026-09-05", relation="53", previous_relation="06"),
        make_novedad("MSU", "2026-09-05", relation="53", wage="700.00"),
        make_novedad("REL", "2026-09-20", relation="77", previous_relation="53"),
    )
    assert {(line.relation, str(line.wage)) for line in rebuilt.sheet.lines} == {
        ("109", "900.00"),
        ("77", "700.00"),
    }


def test_a_single_relation_needs_no_old_one_and_a_wrong_one_is_told() -> None:
    sheet = make_sheet(make_line(ANA))
    plain = run(sheet, make_novedad("REL", "2026-09-10", relation="109"))
    named = run(sheet, make_novedad("REL", "2026-09-10", relation="109", previous_relation="06"))
    assert plain.outcome is named.outcome is Outcome.REBUILT
    assert plain.sheet == named.sheet
    wrong = run(sheet, make_novedad("REL", "2026-09-10", relation="109", previous_relation="53"))
    assert codes(wrong) == ["NOVEDAD_INVALID"]
    assert NovedadType.RELATION.value in wrong.problems[0].message
