"""Numbers that people put on papers, and registers to read them with, dense where real ones are dense.

Most companies are numbered one after the other in two provinces, so a register holds many numbers that differ
in one digit: the hard case for a reader that listens to it. All figures here are guesses of that kind.
"""

from __future__ import annotations

from typing import Final

from stdnum.ec import ci

from generators.paper.ink import Random
from intake.handwriting.numbers import NumberKind

_PLACES: Final = ("17", "09", "01", "18", "13")
_SHARES: Final = (0.45, 0.35, 0.08, 0.06, 0.06)
"""Provinces and their shares: Pichincha, Guayas, and three for the rest."""
_COMPANY_WEIGHTS: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2)
_PUBLIC_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)


def random_number(kind: NumberKind, rng: Random) -> str:
    """A number as the register would have it; a period or a day is without hyphens."""
    match kind:
        case "ruc":
            return random_ruc(rng)
        case "cedula":
            return random_cedula(rng)
        case "branch":
            return "0001" if rng.random() < 0.5 else f"{rng.integers(2, 150):04d}"
        case "period":
            return f"{rng.integers(2019, 2028)}{rng.integers(1, 13):02d}"
        case "date":
            return f"{rng.integers(2024, 2028)}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"


def random_ruc(rng: Random) -> str:
    """Mostly companies, old ones with a check digit and new ones without; some public bodies and persons."""
    place = _place(rng)
    chance = rng.random()
    if chance < 0.5:
        return _checked(f"{place}9{rng.integers(350_000):06d}", _COMPANY_WEIGHTS) + "001"
    if chance < 0.8:
        return f"{place}93{rng.integers(180_000, 400_000):06d}001"
    if chance < 0.9:
        return _checked(f"{place}6{rng.integers(40_000):05d}", _PUBLIC_WEIGHTS) + "0001"
    return random_cedula(rng) + "001"


def random_cedula(rng: Random) -> str:
    """Ten digits with a right check digit."""
    number = f"{_place(rng)}{rng.integers(6)}{rng.integers(10**6):06d}"
    return next(number + sign for sign in "0123456789" if ci.is_valid(number + sign))


def _place(rng: Random) -> str:
    return str(rng.choice(_PLACES, p=_SHARES))


def _checked(number: str, weights: tuple[int, ...]) -> str:
    rest = sum(int(sign) * weight for sign, weight in zip(number, weights, strict=True)) % 11
    # Under the old scheme a number whose check digit would be 10 was never issued; 0 stands in here.
    return number + str((11 - rest) % 11 % 10)


def slipped(number: str, rng: Random) -> str:
    """The number as somebody writes it who gets a digit wrong or swaps two."""
    place = int(rng.integers(len(number) - 1))
    if rng.random() < 0.4 and number[place] != number[place + 1]:
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    other = str((int(number[place]) + int(rng.integers(1, 10))) % 10)
    return number[:place] + other + number[place + 1 :]


def written_number(kind: NumberKind, rng: Random) -> tuple[str, str]:
    """A registered number and what the paper says: one in a hundred is a slip, four are other numbers."""
    registered = random_number(kind, rng)
    chance = rng.random()
    if chance < 0.95:
        return registered, registered
    return registered, slipped(registered, rng) if chance < 0.96 else random_number(kind, rng)
