"""What a number of each kind may look like before any ink is seen: its cells, and how likely it is.

Likelihoods are guesses in orders of magnitude, marked as such: they weigh one reading of the ink against
another. They exclude nothing, for people do write wrong numbers, and a check digit proves nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Literal, assert_never

from forms.identity import check_branch, check_cedula, check_ruc

NumberKind = Literal["ruc", "cedula", "branch", "period", "date"]

LENGTHS: Final[dict[NumberKind, int]] = {"ruc": 13, "cedula": 10, "branch": 4, "period": 6, "date": 8}
"""Digits of each kind; a period and a day are counted without their hyphens."""

_SLIP: Final = 1e-3
"""Guess: how much rarer a number with a wrong check digit is than one with the right one."""
_BROKEN: Final = 1e-4
"""Guess: the same of a number that breaks the structure of its kind."""
_USUAL: Final = 0.97
"""Guess: share of combs that are filled in from the first cell, and of days written year first."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of using a comb: ``places`` are the cells of the digits, in the order of the value's digits;
    ``separators`` are cells that may hold a hyphen; all others are blank. ``weight`` is its share.
    """

    places: tuple[int, ...]
    separators: tuple[int, ...]
    weight: float


@cache
def layouts(kind: NumberKind, cells: int) -> tuple[Layout, ...]:
    """The ways in which people put such a number into a comb of so many cells, the usual one first.

    None when the comb is too short for it.
    """
    ways: list[tuple[tuple[int, ...], tuple[int, ...]]]
    match kind:
        case "ruc" | "cedula" | "branch":
            ways = [
                (tuple(range(start, start + LENGTHS[kind])), ()) for start in range(cells - LENGTHS[kind] + 1)
            ]
        case "period":
            ways = [((0, 1, 2, 3, 5, 6), (4,)), ((0, 1, 2, 3, 4, 5), ()), ((3, 4, 5, 6, 0, 1), (2,))]
        case "date":
            ways = [
                ((0, 1, 2, 3, 5, 6, 8, 9), (4, 7)),
                ((6, 7, 8, 9, 3, 4, 0, 1), (2, 5)),
                ((0, 1, 2, 3, 4, 5, 6, 7), ()),
                ((4, 5, 6, 7, 2, 3, 0, 1), ()),
            ]
        case _:
            assert_never(kind)
    fitting = [(places, separators) for places, separators in ways if max(places) < cells]
    rest = (1 - _USUAL) / max(1, len(fitting) - 1)
    return tuple(
        Layout(places, separators, rest if order else _USUAL)
        for order, (places, separators) in enumerate(fitting)
    )


def spelled(kind: NumberKind, digits: str) -> str:
    """The value as the contract wants it: ISO for a period and a day, digits otherwise."""
    match kind:
        case "period":
            return f"{digits[:4]}-{digits[4:]}"
        case "date":
            return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        case "ruc" | "cedula" | "branch":
            return digits
        case _:
            assert_never(kind)


def likelihood(kind: NumberKind, digits: str) -> float:
    """The chance, before any ink is seen, that exactly this number is written; all of a kind add up to
    about 1.
    """
    match kind:
        case "ruc":
            return _ruc_likelihood(digits)
        case "cedula":
            codes = {found.code for found in check_cedula(digits)}
            return (_BROKEN if "ID_FORMAT" in codes else _SLIP if codes else 1.0) / _CEDULAS
        case "branch":
            return _branch_likelihood(digits)
        case "period":
            usual = "2000" <= digits[:4] <= "2049" and "01" <= digits[4:] <= "12"
            return (1.0 if usual else _BROKEN) / 600
        case "date":
            return (1.0 if _is_day(digits) else _BROKEN) / 18_000
        case _:
            assert_never(kind)


_PROVINCES: Final = 26
_CEDULAS: Final = _PROVINCES * 7 * 10**6
_COMPANIES: Final = _PROVINCES * 10**7
_COMPANY, _PUBLIC, _PERSON, _UNUSED = 0.8, 0.08, 0.119, 0.001
"""Guess: shares of RUCs with third digit 9, 6, 0–5 and 7–8 among the papers of this procedure."""
_OLD_COMPANIES: Final = 0.6
"""Guess: share of companies and public bodies whose RUC still satisfies the old modulus 11."""


def _ruc_likelihood(digits: str) -> float:
    codes = {found.code for found in check_ruc(digits)}
    if "RUC_FORMAT" in codes:
        return _BROKEN / _COMPANIES
    good = "RUC_CHECK_DIGIT" not in codes
    third = digits[2]
    if third in "012345":
        return _PERSON * (1.0 if good else _SLIP) / (_PROVINCES * 6 * 10**6)
    if third in "78":
        return _UNUSED / (2 * _COMPANIES)
    share = _COMPANY if third == "9" else _PUBLIC
    # Two numbers in eleven satisfy one of the moduli by chance: it says a little and proves nothing.
    new = 1 - _OLD_COMPANIES
    return share * (new + _OLD_COMPANIES * 11 / 2 if good else new) / _COMPANIES


def _branch_likelihood(digits: str) -> float:
    if check_branch(digits):
        return _BROKEN
    if digits == "0001":
        return 0.3
    return 0.3 / 98 if digits < "0100" else 0.4 / 9_900


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 2000 <= day.year < 2050
