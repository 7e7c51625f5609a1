"""Months of 28 to 31 days lived day by day: a second, slow account of the thirty days beside the core's.

The sheet knew some of the facts when it was drawn, the list of novedades has them all.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from regeneration.novedades import Novedad
from regeneration.rebuilding import Outcome
from regeneration.sheets import Line
from tests.regeneration_samples import ANA, BLANCA, make_line, make_novedad, make_sheet, run

MONTHS = ((2024, 2), (2025, 2), (2025, 12), (2026, 1), (2026, 2), (2026, 8), (2026, 9))
FACTS = ("entered", "left", "leave", "back", "wage", "hours")
OLD_WAGE = Decimal("700.00")


@dataclass(frozen=True)
class Lived:
    """What happened in and around a month; dates may be of the months beside it."""

    first: date
    wage: Decimal
    entered: date | None = None
    left: date | None = None
    leave: tuple[date, date] | None = None
    back: date | None = None
    hours: int | None = None

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    def is_worked(self, day: date) -> bool:
        if (self.entered and day < self.entered) or (self.left and day > self.left):
            return False
        if self.leave is None or not self.leave[0] <= day <= self.leave[1]:
            return True
        return self.back is not None and day >= self.back

    @property
    def worked(self) -> int:
        """Counted one by one: the 31st counts for nothing, the last of February for all that lack to 30."""
        if self.entered is not None and self.entered == self.last and self.last.day == 31:
            return 1  # never fewer than one
        days = 0
        for number in range(1, min(self.last.day, 30) + 1):
            counts = 31 - number if number == self.last.day else 1
            days += counts if self.is_worked(self.first.replace(day=number)) else 0
        return days

    @property
    def days(self) -> int:
        return self.worked if self.hours is None else self.hours * self.worked // 8

    @property
    def earned(self) -> Decimal:
        return (self.wage * self.worked / 30).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def only(self, facts: set[str]) -> Lived:
        """The month as somebody knows it who has heard of ``facts``; nobody is back from an unknown leave."""
        known = Lived(self.first, OLD_WAGE)
        facts = facts if "leave" in facts else facts - {"back"}
        return replace(known, **{name: getattr(self, name) for name in FACTS if name in facts})


@st.composite
def lives(draw: st.DrawFn) -> Lived:
    first = date(*draw(st.sampled_from(MONTHS)), 1)
    day = st.integers(-20, 30).map(lambda count: first + timedelta(days=count))
    entered, left = draw(st.none() | day), draw(st.none() | day)
    leave = back = None
    if draw(st.booleans()):
        start = draw(day)
        leave = (start, start + timedelta(days=draw(st.integers(0, 25))))
        back = draw(st.none() | st.dates(*leave))
    wage = (Decimal(draw(st.integers(1, 300_000))) / 100).quantize(Decimal("0.01"))
    lived = Lived(first, wage, entered, left, leave, back, draw(st.none() | st.integers(1, 7)))
    earliest, latest = entered or date.min, left or date.max
    assume(earliest <= latest and earliest <= lived.last and latest >= first)
    assume(all(earliest <= each <= latest for each in (*(leave or ())[:1], back) if each))
    return lived


def novedades_of(lived: Lived) -> list[Novedad]:
    def tell(code: str, day: date, **more: object) -> Novedad:
        return make_novedad(code, str(day), registered=max(day, lived.last), **more)

    told = []
    if lived.entered:
        told.append(tell("ENT", lived.entered, wage=str(lived.wage), part_time_hours=lived.hours))
    else:
        told.append(tell("MSU", lived.first, wage=str(lived.wage), part_time_hours=lived.hours or 8))
    if lived.left:
        told.append(tell("SAL", lived.left))
    if lived.leave:
        told.append(tell("LIC", lived.leave[0], until=str(lived.leave[1])))
    if lived.back:
        told.append(tell("REI", lived.back))
    return told


def printed(known: Lived) -> Line:
    away = replace(known, leave=None, back=None).worked - known.worked
    return make_line(
        ANA,
        str(known.earned),
        known.days,
        part_time_hours=known.hours,
        reference_wage=known.wage,
        entered=known.entered,
        left=known.left,
        leave_days=away,
        worked_days=known.worked if known.hours else None,
    )


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(lives(), st.sets(st.sampled_from(FACTS)), st.randoms(use_true_random=False))
def test_a_rebuilt_line_is_the_month_as_it_was_lived(lived: Lived, facts: set[str], random: object) -> None:
    told = novedades_of(lived)
    random.shuffle(told)  # type: ignore[attr-defined]
    sheet = make_sheet(printed(lived.only(facts)), make_line(BLANCA), period=f"{lived.first:%Y-%m}")
    on = max(each.registered for each in told)
    rebuilt = run(sheet, *told, on=on)
    late = any((each.registered - each.effective).days > 45 for each in told)
    event("late" if late else rebuilt.outcome.value)
    if late:
        assert rebuilt.outcome is Outcome.REFUSED
        return
    assert rebuilt.outcome is not Outcome.REFUSED, rebuilt.problems
    new = next(each for each in rebuilt.sheet.lines if each.id_number == ANA)
    assert (new.days, new.wage, new.part_time_hours) == (lived.days, lived.earned, lived.hours)
    assert run(rebuilt.sheet, *told, on=on).outcome is Outcome.NOTHING_CHANGES
