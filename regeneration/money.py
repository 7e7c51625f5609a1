"""Money: US dollars as ``Decimal``, and the one place where cents are rounded.

The institute's sheets round half up, once per row, on the product and not on its parts; everything that
is rounded in the core goes through :func:`round_cents`.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
_WRITTEN: Final = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}", re.ASCII)


def round_cents(amount: Decimal) -> Decimal:
    """``amount`` in whole cents, half a cent away from zero.

    >>> round_cents(Decimal("51.975")), round_cents(Decimal("-0.001"))
    (Decimal('51.98'), Decimal('0.00'))
    """
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return rounded if rounded else ZERO


def take_percent(amount: Decimal, percent: Decimal) -> Decimal:
    """``percent`` hundredths of ``amount``, rounded once.

    >>> take_percent(Decimal("550.00"), Decimal("20.60"))
    Decimal('113.30')
    """
    return round_cents(amount * percent / 100)


def prorate(amount: Decimal, part: int, whole: int) -> Decimal:
    """The share ``part``/``whole`` of ``amount``, rounded once.

    >>> prorate(Decimal("550.00"), 20, 30)
    Decimal('366.67')
    """
    return round_cents(amount * part / whole)


def parse_money(text: str) -> Decimal:
    """An amount written with a point and two decimals, whatever the locale; ``ValueError`` otherwise.

    >>> parse_money("1234.50")
    Decimal('1234.50')
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError(f"«{text}» no es un valor: escríbalo con punto y dos decimales, como 550.00")
    return Decimal(text)


def format_money(amount: Decimal) -> str:
    """The form that :func:`parse_money` reads.

    >>> format_money(Decimal("113.3"))
    '113.30'
    """
    return f"{round_cents(amount):.2f}"
