"""Tables as CSV that the spreadsheets of this country open well, with two clicks and no question.

Their decimals have a comma and so their columns are parted by ``;``: with commas everything lands in one
column. The mark of UTF-8 goes first, or accents turn into other signs; lines end in CRLF, quoted after
RFC 4180.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import Final

DELIMITER: Final = ";"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""Signs by which a spreadsheet takes a cell for a formula."""


def write_rows(rows: Iterable[Sequence[object]]) -> bytes:
    """The file of these rows, the heads being the first. What people typed goes through
    :func:`guard_formula` before, and what is to be counted with through :func:`show_number`.
    """
    text = StringIO(newline="")
    csv.writer(text, delimiter=DELIMITER, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def guard_formula(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula.

    >>> guard_formula("=1+1"), guard_formula("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def show_number(number: Decimal | float, places: int) -> str:
    """``number`` with a decimal comma and nothing between the thousands: a point would make 7.5 a date or a
    word, and 550.00 perhaps fifty-five thousand.

    >>> show_number(7.5, 1), show_number(Decimal("1482.00"), 2)
    ('7,5', '1482,00')
    """
    return f"{number:.{places}f}".replace(".", ",")
