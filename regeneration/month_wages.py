"""The wage of a whole month behind a printed line, and the extras that are in what is printed.

A share that was rounded to cents does not give back one wage only: every wage that it may come from is
kept, and where they lead to different amounts nothing is said.
"""

from __future__ import annotations

from decimal import Decimal

from regeneration.money import CENT, ZERO, prorate, round_cents
from regeneration.months import DAYS
from regeneration.sheets import Line


def find_base(line: Line, behind: frozenset[int], *, extras_told: bool) -> Decimal | None:
    """What the line's days earned, without its extras; ``None`` when nobody says what extras it has.

    The month's extras are all told, so a line of which none were told (``extras_told``) has none. Of a line
    that does not say, those told may be in its wage or not.
    """
    if line.variation is not None:
        return line.wage - line.variation
    if not extras_told:
        return line.wage
    if line.reference_wage is not None and len(behind) == 1:
        return prorate(line.reference_wage, next(iter(behind)), DAYS)
    return None


def find_month_wages(line: Line, base: Decimal | None, behind: frozenset[int]) -> frozenset[Decimal]:
    """The wages of a whole month that ``base`` may be the share of; none when no day was worked.

    That of the line is the one, unless the line contradicts itself: then both are possible.
    """
    said = frozenset({line.reference_wage} if line.reference_wage is not None else ())
    if base is None:
        return said
    if said and any(prorate(wage, days, DAYS) == base for wage in said for days in behind):
        return said
    return said.union(*(_shared(base, days) for days in behind if days))


def _shared(share: Decimal, days: int) -> frozenset[Decimal]:
    """Every amount in cents of which ``days`` of thirty are ``share``."""
    middle = round_cents(share * DAYS / days)
    around = DAYS // days + 1
    near = (middle + step * CENT for step in range(-around, around + 1))
    return frozenset(wage for wage in near if prorate(wage, days, DAYS) == share and wage >= ZERO)
