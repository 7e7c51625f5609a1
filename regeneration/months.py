"""The month of a sheet, and the base of thirty days on which the institute counts it.

Every month has positions 1 to 30: the 31st is position 30, and the last day of February closes the month
at 30 when it is the end of a stretch (domain facts: an entry on day *d* gives 31 − *d* days, never fewer
than one; an exit on day *d* gives *d* days).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from forms.written_dates import MONTHS

DAYS: Final = 30
_WRITTEN: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; its text is ``YYYY-MM``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``; ``ValueError`` for anything else."""
        if not (match := _WRITTEN.fullmatch(text)) or text.startswith("0000"):
            raise ValueError(f"«{text}» no es un mes: escríbalo AAAA-MM, como 2026-09")
        return cls(int(match[1]), int(match[2]))

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        """The month as a person reads it: ``septiembre de 2026``."""
        return f"{MONTHS[self.month - 1]} de {self.year}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def write_date(day: date) -> str:
    """A date in Spanish words: ``10 de septiembre de 2026``."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def write_weekday(day: date) -> str:
    """A date in Spanish words with its day of the week: ``jueves 10 de septiembre de 2026``."""
    return f"{_WEEKDAYS[day.weekday()]} {write_date(day)}"


def start_position(day: date) -> int:
    """Where a stretch that starts on ``day`` begins: 1 to 30.

    >>> start_position(date(2026, 8, 31))
    30
    """
    return min(day.day, DAYS)


def end_position(day: date) -> int:
    """Where a stretch that ends on ``day`` closes: 1 to 30; the last day of any month closes at 30.

    >>> end_position(date(2026, 2, 28)), end_position(date(2024, 2, 28))
    (30, 28)
    """
    return DAYS if day.day == monthrange(day.year, day.month)[1] else min(day.day, DAYS)


def cover(month: Month, since: date, until: date) -> frozenset[int]:
    """Positions of ``month`` that the stretch from ``since`` to ``until``, both included, covers.

    The 31st has none of its own: who works to the 30th has worked the month, so being away on the 31st
    alone takes nothing from it.

    >>> cover(Month(2026, 8), date(2026, 8, 31), date(2026, 9, 30))
    frozenset()
    """
    if until < since or since > month.last or until < month.first:
        return frozenset()
    start = max(since, month.first).day
    return frozenset(range(start, end_position(min(until, month.last)) + 1))


def count_part_time(hours: int, days: int) -> int:
    """Days credited to ``days`` of work of ``hours`` a day, eight hours being a full one.

    >>> [count_part_time(hours, 30) for hours in (4, 5, 6, 7)]
    [15, 18, 22, 26]
    """
    return hours * days // 8
