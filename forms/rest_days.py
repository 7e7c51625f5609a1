"""National rest days of Ecuador by the law's moving rule, and working days counted with them.

The rule is that of the law of 20 December 2016 (*Código del Trabajo*, art. 65, and LOSEP): a holiday
on a weekend is kept on the nearest working day, one in the middle of the week moves to its end, and two in a
row stay together. Bridge days by decree and local holidays are not law: they come in as arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

FIRST_YEAR: Final = 2017
"""The rule is in force since the holidays of 2017."""

_MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = range(7)
_DAY: Final = timedelta(days=1)
_MOVES: Final = {_SATURDAY: -1, _SUNDAY: 1, _TUESDAY: -1, _WEDNESDAY: 2, _THURSDAY: 1}
"""Days by which a holiday moves, by the weekday that it falls on."""
_ON_WEEKENDS_ONLY: Final = {_SATURDAY: -1, _SUNDAY: 1}
_PAIR_MOVES: Final = {
    # Weekday of the first of two: by how many days each of them moves.
    _TUESDAY: (0, -2),
    _WEDNESDAY: (2, 0),
    _FRIDAY: (0, -2),
    _SATURDAY: (-1, 1),
    _SUNDAY: (2, 0),
}
_FIXED: Final = (
    (5, 1, "Día del Trabajo"),
    (5, 24, "Batalla de Pichincha"),
    (8, 10, "Primer Grito de Independencia"),
    (10, 9, "Independencia de Guayaquil"),
)


def national_rest_days(year: int) -> Mapping[date, str]:
    """The rest days that fall in ``year``, with the holiday that each is kept for; ``ValueError`` for a year
    before the rule.

    >>> sorted(str(day) for day in national_rest_days(2027))[-4:]
    ['2027-11-01', '2027-11-02', '2027-12-24', '2027-12-31']
    """
    if year < FIRST_YEAR:
        raise ValueError(f"the moving rule is known from {FIRST_YEAR} on, not for {year}")
    kept = {**_kept(year), **_kept(year + 1)}  # New Year's Day may be kept in December
    return {day: name for day, name in sorted(kept.items()) if day.year == year}


@cache
def _kept(year: int) -> Mapping[date, str]:
    """The days on which the holidays of one civil year are kept."""
    easter = find_easter(year)
    found = {
        easter - 48 * _DAY: "Carnaval",
        easter - 47 * _DAY: "Carnaval",
        easter - 2 * _DAY: "Viernes Santo",
        _move(date(year, 1, 1), _ON_WEEKENDS_ONLY): "Año Nuevo",
        _move(date(year, 12, 25), _ON_WEEKENDS_ONLY): "Navidad",
    }
    found |= {_move(date(year, month, day), _MOVES): name for month, day, name in _FIXED}
    dead, cuenca = date(year, 11, 2), date(year, 11, 3)
    first, second = _PAIR_MOVES.get(dead.weekday(), (0, 0))
    return found | {
        dead + first * _DAY: "Día de los Difuntos",
        cuenca + second * _DAY: "Independencia de Cuenca",
    }


def _move(day: date, moves: Mapping[int, int]) -> date:
    return day + moves.get(day.weekday(), 0) * _DAY


def find_easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous computus of 1876.

    >>> find_easter(2026)
    datetime.date(2026, 4, 5)
    """
    golden, century, rest = year % 19, year // 100, year % 100
    leap, shift = century // 4, century % 4
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    weekday = (32 + 2 * shift + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date, more: Collection[date] = ()) -> bool:
    """Whether offices work; ``more`` are rest days by decree or of the place."""
    return day.weekday() < _SATURDAY and day not in national_rest_days(day.year) and day not in more


def add_working_days(start: date, count: int, more: Collection[date] = ()) -> date:
    """The day on which a term of ``count`` working days ends that runs from the day after ``start`` (art. 158
    of the *Código Orgánico Administrativo*: terms are counted in working days, from the next day on).

    >>> add_working_days(date(2026, 10, 30), 2)  # 2 and 3 November rest
    datetime.date(2026, 11, 5)
    """
    day = start
    for _ in range(count):
        day += _DAY
        while not is_working_day(day, more):
            day += _DAY
    return day
