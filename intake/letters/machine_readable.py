"""The machine-readable zone of identity documents: ICAO Doc 9303, parts 4 (passports) and 5 (cards)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WEIGHTS: Final = (7, 3, 1)
_LETTER_DIGITS: Final = str.maketrans("OQDISBZG", "00015826")
"""Letters that a recogniser takes digits for."""
_DIGIT_LETTERS: Final = str.maketrans("01582", "OISBZ")
_DATES: Final = 15
"""Signs of both dates: birth and its digit, the sex, expiry and its digit."""
_PASSPORT: Final = 40
"""Signs from which a line is a passport's, of 44; those of cards have 30 or 36."""


def check_digit(text: str) -> int:
    """The check digit of capital letters, digits and fillers: weights 7, 3, 1, modulo 10 (part 3, §4.9).

    >>> check_digit("740812")
    2
    """
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10


def find_nationality(lines: Sequence[str]) -> str | None:
    """The holder's nationality, one to three letters, from a line whose dates satisfy their digits."""
    for line in lines:
        text = re.sub(r"[^A-Z0-9<]", "", line.upper().replace("«", "<<"))
        for start in range(len(text) - _DATES + 1):
            if not _are_dates(text[start : start + _DATES]):
                continue
            # A card names the nationality after the dates, a passport before them.
            before, after = text[max(start - 3, 0) : start], text[start + _DATES : start + _DATES + 3]
            letters = (before if len(text) > _PASSPORT else after).translate(_DIGIT_LETTERS)
            if re.fullmatch(r"[A-Z]{3}|D<<", letters):
                return letters.rstrip("<")
    return None


def _are_dates(signs: str) -> bool:
    birth, sex, expiry = signs[:7].translate(_LETTER_DIGITS), signs[7], signs[8:].translate(_LETTER_DIGITS)
    if sex not in "MFX<" or not (birth + expiry).isdecimal():
        return False
    return all(check_digit(date[:6]) == int(date[6]) for date in (birth, expiry))
