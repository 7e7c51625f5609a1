"""Every scenario file gives what an expert worked out by hand, whatever the order, and only once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from regeneration.adjustment import adjust
from regeneration.exchange import rebuilt_as_json, sheet_as_json
from regeneration.json_reading import ExchangeError
from regeneration.novedades import Novedad
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Outcome, Rebuilt, rebuild
from regeneration.sheets import Sheet
from regeneration.valuation import reserve_fund_sheet
from tests.scenario_files import (
    FOLDER,
    PEOPLE,
    Scenario,
    ScenarioError,
    find_wrong_sums,
    parse_scenario,
    read_scenario,
)

FILES = sorted(FOLDER.rglob("*.yaml"))
SCENARIOS = {str(path.relative_to(FOLDER).with_suffix("")): path for path in FILES}


def mark(name: str, path: Path) -> Any:
    """A scenario on which the core and the expert disagree must fail, and says why."""
    reason = read_scenario(path).disputed
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason)] if reason else []
    return pytest.param(path, id=name, marks=marks)


every_scenario = pytest.mark.parametrize("path", [mark(name, path) for name, path in SCENARIOS.items()])
agreed = pytest.mark.parametrize(
    "path", [param for param in (mark(*each) for each in SCENARIOS.items()) if not param.marks]
)


def run(
    scenario: Scenario, novedades: Sequence[Novedad] | None = None, sheet: Sheet | None = None
) -> Rebuilt:
    given = scenario.novedades if novedades is None else novedades
    return rebuild(sheet or scenario.sheet, given, load_parameters(), scenario.on)


def test_there_are_at_least_sixty() -> None:
    assert len(FILES) >= 60
    titles = [read_scenario(path).title for path in FILES]
    assert len(set(titles)) == len(titles)


@every_scenario
def test_the_result_is_what_was_worked_by_hand(path: Path) -> None:
    scenario = read_scenario(path)
    left = dict(scenario.expect)
    rebuilt = run(scenario)
    body: Any = rebuilt_as_json(rebuilt)
    assert body["outcome"] == left.pop("outcome"), shown(rebuilt)
    match_problems(body["problems"], left.pop("problems", usual_problems(rebuilt)))
    if "lines" in left:
        match_lines(body["sheet"]["lines"], left.pop("lines"))
    if "totals" in left:
        match_some(body["sheet"]["totals"], left.pop("totals"))
    for expected in left.pop("changes", []):
        match_change(body["changes"], expected)
    for expected in left.pop("foot_changes", []):
        (found,) = [each for each in body["foot_changes"] if each["field"] == expected["field"]]
        match_some(found, expected)
    assert body["sheet"]["state"] == left.pop("state", body["sheet"]["state"])
    if "reserve_fund" in left:
        match_reserve_fund(rebuilt.sheet, left.pop("reserve_fund"))
    if "adjustment" in left:
        match_adjustment(scenario, left.pop("adjustment"))
    assert not left, f"nothing compares {sorted(left)}"
    if rebuilt.outcome is not Outcome.REBUILT:
        assert (rebuilt.changes, rebuilt.foot_changes) == ((), ())
    if rebuilt.outcome is Outcome.REFUSED:
        assert rebuilt.sheet == scenario.sheet


def shown(rebuilt: Rebuilt) -> list[str]:
    """What pytest prints when the outcome is another."""
    return [found.message for found in rebuilt.problems]


def usual_problems(rebuilt: Rebuilt) -> list[str]:
    return ["NOTHING_CHANGES"] if rebuilt.outcome is Outcome.NOTHING_CHANGES else []


def match_problems(found: Sequence[Mapping[str, str]], expected: Sequence[str | Mapping[str, str]]) -> None:
    """Each problem by its code, or by its code and words of its sentence, in their order."""
    assert len(found) == len(expected), found
    for problem, wanted in zip(found, expected, strict=True):
        ((code, words),) = ((wanted, ""),) if isinstance(wanted, str) else wanted.items()
        assert problem["code"] == code
        assert words in problem["message"]


def match_lines(found: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]) -> None:
    assert [line["id_number"] for line in found] == [PEOPLE[line["who"]] for line in expected]
    for line, wanted in zip(found, expected, strict=True):
        match_some(line, {key: value for key, value in wanted.items() if key != "who"})


def match_some(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    assert expected, "an expectation without a value compares nothing"
    assert {key: found.get(key) for key in expected} == dict(expected)


def match_change(found: Sequence[Mapping[str, Any]], expected: Mapping[str, Any]) -> None:
    wanted = {"id_number": PEOPLE[expected["who"]]} | {k: v for k, v in expected.items() if k != "who"}
    names = [key for key in ("id_number", "field", "relation") if key in wanted]
    same = [each for each in found if all(each[name] == wanted[name] for name in names)]
    assert len(same) == 1, f"{wanted}: {same} of {found}"
    match_some(same[0], wanted)


def match_reserve_fund(sheet: Sheet, expected: Mapping[str, Any] | None) -> None:
    issued = reserve_fund_sheet(sheet, load_parameters(), "2026-09-000999")
    if expected is None:
        assert issued is None
        return
    assert isinstance(issued, Sheet)
    body: Any = sheet_as_json(issued)
    match_lines(body["lines"], expected["lines"])
    assert expected.keys() == {"lines", "total"}
    assert body["totals"]["total"] == expected["total"]


def match_adjustment(scenario: Scenario, expected: Mapping[str, Any]) -> None:
    done = adjust(scenario.sheet, scenario.novedades, load_parameters(), scenario.on)
    match_problems([found.as_json() for found in done.problems], expected.get("problems", []))
    assert expected.keys() in ({"lines", "totals"}, {"problems"})
    assert (done.sheet is None) is ("problems" in expected)
    if done.sheet is not None:
        body: Any = sheet_as_json(done.sheet)
        match_lines(body["lines"], expected["lines"])
        match_some(body["totals"], expected["totals"])


@agreed
def test_the_order_of_the_novedades_does_not_matter(path: Path) -> None:
    scenario = read_scenario(path)
    backwards = scenario.novedades[::-1]
    one, two = run(scenario), run(scenario, backwards)
    assert (one.outcome, one.sheet, one.before, one.problems) == (
        two.outcome,
        two.sheet,
        two.before,
        two.problems,
    )
    assert cited(one, scenario.novedades) == cited(two, backwards)


def cited(rebuilt: Rebuilt, novedades: Sequence[Novedad]) -> list[tuple[object, ...]]:
    return [(each.why, *(novedades[index] for index in each.novedades)) for each in rebuilt.changes]


@agreed
def test_a_rebuilt_sheet_has_nothing_left_to_change(path: Path) -> None:
    scenario = read_scenario(path)
    first = run(scenario)
    again = run(scenario, sheet=first.sheet)
    if first.outcome is Outcome.REFUSED:
        assert again == first
    else:
        assert (again.outcome, shown(again)) == (Outcome.NOTHING_CHANGES, shown(again))


GOOD = """
# 550.00 × 20.60 % = 113.30
title: Una fila
source: Ejemplo
date: 2026-10-05
sheet: {period: 2026-09, lines: [{who: ana, wage: "550.00", days: 30}]}
novedades: []
expect: {outcome: nothing-changes}
"""


def test_the_sample_is_read() -> None:
    assert run(parse_scenario(GOOD)).outcome is Outcome.NOTHING_CHANGES


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: Ejemplo", "source: Ejemplo\nsources: Otro"),
        ("source: Ejemplo", "source: Ejemplo\nsource: Otro"),
        ("source: Ejemplo", "source: ' '"),
        ("days: 30", "days: 30, dias: 30"),
        ("days: 30", "days: 30, days: 30"),
        ('"550.00"', "550.00"),
        ('"550.00"', '"550,00"'),
        ("who: ana", "who: anna"),
        ("period: 2026-09", "period: 2026-09, periodo: 2026-09"),
        ("novedades: []", "novedades: [{type: MSU, who: ana, effective: 2026-09-01, sueldo: 1}]"),
        ("{outcome: nothing-changes}", "{outcome: nothing-changes, total: '1.00'}"),
        ("{outcome: nothing-changes}", "{outcome: refused}"),
        ("{outcome: nothing-changes}", "{outcome: rebuilt}"),
        ("= 113.30", "= 113.31"),
        ("# 550.00 × 20.60 % = 113.30", ""),
    ],
)
def test_a_broken_file_is_refused(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises((ScenarioError, ExchangeError)):
        parse_scenario(GOOD.replace(old, new))


def test_sums_are_worked_out_exactly_and_rounded_half_up() -> None:
    right = (
        "# 607.50 × 20.60 % = 125.15; (482 − 241) × 4.41 % = 10.63; 113.30 - 51.98 = 61.32; 4 × 30 / 8 = 15"
    )
    assert find_wrong_sums(right) == []
    assert len(find_wrong_sums("# 607.50 × 20.60 % = 125.14; 1 + 1 = 3; 2 + 2 = 4")) == 2
    assert find_wrong_sums("sueldo: 1 + 1 = 3") == []
