"""Days and months as people here write them, read into the one spelling that forms print.

The day always comes before the month; a date that makes sense only the other way round is not understood,
and never turned. What was understood is for the screen to show.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from forms.layout import normalise
from forms.model import Date, Edition, Field, Period, Values

MONTHS: Final = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_BY_NAME: Final = {name: place for place, name in enumerate(MONTHS, start=1)} | {"setiembre": 9}
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_DAY_IN_WORDS: Final = re.compile(r"(\d{1,2})(?: de)? ([a-z]+)(?: del?)? (\d{4})", re.ASCII)
_MONTH_LAST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
_MONTH_IN_WORDS: Final = re.compile(r"([a-z]+)(?: del?)? (\d{4})", re.ASCII)


def read_day(text: str) -> date | None:
    """The day that is meant, if it is clear.

    >>> read_day("2026-10-20"), read_day("1/11/2026"), read_day("28 de noviembre de 2026")
    (datetime.date(2026, 10, 20), datetime.date(2026, 11, 1), datetime.date(2026, 11, 28))
    >>> read_day("11/28/2026"), read_day("28/11/26")
    (None, None)
    """
    plain = _plain(text)
    if found := _YEAR_FIRST.fullmatch(plain):
        return _day(found[1], int(found[2]), found[3])
    if found := _DAY_FIRST.fullmatch(plain):
        return _day(found[3], int(found[2]), found[1])
    if found := _DAY_IN_WORDS.fullmatch(plain):
        return _day(found[3], _BY_NAME.get(found[2], 0), found[1])
    return None


def read_month(text: str) -> str | None:
    """The month that is meant as ``YYYY-MM``, if it is clear.

    >>> read_month("10/2026"), read_month("Octubre de 2026"), read_month("13/2026")
    ('2026-10', '2026-10', None)
    """
    plain = _plain(text)
    if found := _MONTH_LAST.fullmatch(plain):
        year, month = found[1], int(found[2])
    elif found := _MONTH_FIRST.fullmatch(plain):
        year, month = found[2], int(found[1])
    elif found := _MONTH_IN_WORDS.fullmatch(plain):
        year, month = found[2], _BY_NAME.get(found[1], 0)
    else:
        return None
    return f"{year}-{month:02d}" if 1 <= month <= len(MONTHS) else None


def respell(edition: Edition, values: Values) -> Values:
    """The values with days and months in the spelling of the form; what is not understood stays."""
    fields = {field.name: field for field in edition.value_fields}
    return {name: _respell(fields[name], text) if name in fields else text for name, text in values.items()}


def say_understood(field: Field, text: str) -> str:
    """A day or month in words, so that who typed it sees what it was taken for; else an empty string."""
    if isinstance(field.kind, Date) and (day := read_day(text)):
        return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"
    if isinstance(field.kind, Period) and (month := read_month(text)):
        return f"{MONTHS[int(month[5:]) - 1]} de {month[:4]}"
    return ""


def _respell(field: Field, text: str) -> str:
    if isinstance(field.kind, Date) and (day := read_day(text)):
        return day.isoformat()
    if isinstance(field.kind, Period):
        return read_month(text) or text
    return text


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", normalise(text).casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
