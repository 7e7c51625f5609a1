"""A month lived day by day, and a sheet that tells some of it: the core says what was lived, or refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from regeneration.exchange import rebuilt_as_json, sheet_from_json
from regeneration.novedades import Novedad, NovedadType
from regeneration.rebuilding import Outcome, Rebuilt
from regeneration.sheets import Line
from tests.regeneration_samples import ANA, BLANCA, make_line, make_novedad, make_sheet, run

NAMED = {"LINE_DAYS_UNEXPLAINED", "LINE_WAGE_UNKNOWN", "LINE_EXTRAS_UNKNOWN"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Lived:
    """What happened in a September: the day of entry and of exit, the days on leave, wage and extras."""

    wage: Decimal
    extras: Decimal = Decimal("0.00")
    entered: int = 1
    left: int = 30
    leave: tuple[int, int] | None = None

    @property
    def days(self) -> int:
        """Counted one by one."""
        return sum(
            1
            for day in range(1, 31)
            if self.entered <= day <= self.left and not (self.leave and self.leave[0] <= day <= self.leave[1])
        )

    @property
    def earned(self) -> Decimal:
        return (self.wage * self.days / 30).quantize(CENT, ROUND_HALF_UP) + self.extras


FACTS = ("entered", "left", "leave", "extras")


def only(lived: Lived, facts: set[str]) -> Lived:
    """The month as somebody knows it who has heard of ``facts``."""
    unknown = Lived(lived.wage)
    return replace(lived, **{name: getattr(unknown, name) for name in FACTS if name not in facts})


def novedades_of(lived: Lived, facts: set[str]) -> list[Novedad]:
    told: list[Novedad] = []
    if "entered" in facts and lived.entered > 1:
        told.append(make_novedad("ENT", f"2026-09-{lived.entered:02d}", wage=str(lived.wage)))
    if "left" in facts and lived.left < 30:
        told.append(make_novedad("SAL", f"2026-09-{lived.left:02d}"))
    if "leave" in facts and lived.leave:
        first, last = lived.leave
        told.append(make_novedad("LIC", f"2026-09-{first:02d}", until=f"2026-09-{last:02d}"))
    if "extras" in facts and lived.extras:
        told.append(make_novedad("INS", "2026-09-30", amount=str(lived.extras)))
    return told


def printed(known: Lived, says: set[str]) -> Line:
    """The line of a sheet drawn by who knew that much, with what its maker says beside the printed."""
    return make_line(
        ANA,
        str(known.earned),
        known.days,
        variation=known.extras if "extras" in says else None,
        reference_wage=known.wage if "wage" in says else None,
        entered=date(2026, 9, known.entered) if "dates" in says and known.entered > 1 else None,
        left=date(2026, 9, known.left) if "dates" in says and known.left < 30 else None,
    )


@st.composite
def lives(draw: st.DrawFn) -> Lived:
    entered = draw(st.just(1) | st.integers(2, 30))
    left = draw(st.just(30) | st.integers(entered, 29) if entered < 30 else st.just(30))
    leave = None
    if draw(st.booleans()):
        first = draw(st.integers(entered, left))
        leave = (first, draw(st.integers(first, left)))
    wages = st.sampled_from([Decimal("550.00"), Decimal("482.87")]) | st.integers(100, 300_000).map(
        lambda cents: Decimal(cents) / 100
    )
    extras = draw(st.sampled_from([Decimal("0.00"), Decimal("35.50")]))
    return Lived(draw(wages).quantize(CENT), extras, entered, left, leave)


sets_of_facts = st.sets(st.sampled_from(FACTS))


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(lives(), sets_of_facts, sets_of_facts, st.sets(st.sampled_from(["extras", "wage", "dates"])))
def test_the_result_is_the_month_as_it_was_lived_or_a_named_refusal(
    lived: Lived, before: set[str], silent: set[str], says: set[str]
) -> None:
    """``before`` is known when the sheet is drawn; the list of novedades has all but the ``silent`` facts."""
    silent -= {"extras"}  # the month's extras are all told: a rule of the exchange
    assume(silent <= before)  # what neither the sheet nor the list knows nobody can say
    told = novedades_of(lived, set(FACTS) - silent)
    assume(told)
    known = only(lived, before)
    line = printed(known, says)
    assume(not is_told_otherwise(lived, known, silent, says))
    rebuilt = run(make_sheet(line, make_line(BLANCA)), *told)
    found = [problem.code for problem in rebuilt.problems if problem.code != "WAGE_BELOW_BASIC"]
    if rebuilt.outcome is Outcome.REFUSED:
        event("refused")
        assert set(found) <= NAMED | {"NOVEDAD_INVALID"}
        return
    touched = {each.type for each in told} != {NovedadType.VARIATION}
    new = rebuilt.sheet.lines[0]
    event("rebuilt")
    assert (new.days, new.wage) == (lived.days, lived.earned), (line, told, touched)
    assert_fixed(rebuilt, told)


def is_told_otherwise(lived: Lived, known: Lived, silent: set[str], says: set[str]) -> bool:
    """Whether the notices alone give the days of the line, though a silent fact made them: no program can
    tell that from the month in which the silent fact did not happen.
    """
    hidden = {name for name in silent if getattr(lived, name) != getattr(Lived(lived.wage), name)}
    if "dates" in says:
        hidden -= {"entered", "left"}
    if not hidden:
        return False
    seen = set(FACTS) - hidden
    ways = product([True, False], repeat=len(seen))
    return any(
        only(lived, {name for name, there in zip(sorted(seen), way, strict=True) if there}).days == known.days
        for way in ways
    )


def assert_fixed(rebuilt: Rebuilt, told: list[Novedad]) -> None:
    """The result as it goes out, read back and rebuilt with the same list, changes nothing."""
    body = json.loads(json.dumps(rebuilt_as_json(rebuilt)))["sheet"]
    again = run(sheet_from_json(body), *told)
    assert (again.outcome, again.changes) == (Outcome.NOTHING_CHANGES, ()), again.problems


CONTRACT = (
    "id_number",
    "name",
    "relation",
    "wage",
    "days",
    "value",
    "personal",
    "employer",
    "part_time_hours",
)


@settings(max_examples=600, deadline=None)
@given(lives(), sets_of_facts)
def test_a_result_written_in_the_least_of_shapes_is_kept_or_refused_never_counted_twice(
    lived: Lived, before: set[str]
) -> None:
    told = novedades_of(lived, set(FACTS))
    assume(told)
    rebuilt = run(make_sheet(printed(only(lived, before), {"extras", "wage", "dates"})), *told)
    assume(rebuilt.outcome is not Outcome.REFUSED)
    body = json.loads(json.dumps(rebuilt_as_json(rebuilt)))["sheet"]
    for line in body["lines"]:
        for name in set(line) - set(CONTRACT):
            del line[name]
    for name in ("personal", "employer"):
        del body["totals"][name]
    again = run(sheet_from_json(body), *told)
    if again.outcome is Outcome.REFUSED:
        assert {each.code for each in again.problems} <= NAMED | {"NOVEDAD_INVALID"}
    else:
        assert again.outcome is Outcome.NOTHING_CHANGES, again.changes


def test_an_entry_that_nobody_tells_is_asked_for() -> None:
    line = make_line(ANA, "366.67", 20)
    rebuilt = run(make_sheet(line), make_novedad("SAL", "2026-09-25"))
    (problem,) = rebuilt.problems
    assert problem.code == "LINE_DAYS_UNEXPLAINED"
    assert "entrada" in problem.message
    told = make_novedad("ENT", "2026-09-11", wage="550.00")
    mended = run(make_sheet(line), make_novedad("SAL", "2026-09-25"), told)
    assert [(each.days, each.wage) for each in mended.sheet.lines] == [(15, Decimal("275.00"))]


def test_a_leave_with_days_that_nobody_tells_is_not_cut_by_an_exit() -> None:
    line = make_line(ANA, "458.33", 25, leave_days=5, reference_wage=Decimal("550.00"))
    rebuilt = run(make_sheet(line), make_novedad("SAL", "2026-09-20"))
    assert [each.code for each in rebuilt.problems] == ["LINE_DAYS_UNEXPLAINED"]
    leave = make_novedad("LIC", "2026-09-21", until=str(date(2026, 9, 21) + timedelta(days=4)))
    assert run(make_sheet(line), make_novedad("SAL", "2026-09-20")).outcome is Outcome.REFUSED
    told = run(make_sheet(line), make_novedad("LIC", "2026-09-06", until="2026-09-10"), leave)
    assert told.outcome is Outcome.REBUILT
