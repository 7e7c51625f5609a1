"""Values that are well written and unlikely all the same, seen from a given day: warnings, never errors.

A form for a special case may be right, so nothing here keeps it from being issued. The day is given by
whoever asks, for this package reads no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from forms.model import Date, Field, Period
from forms.problems import Problem, problem

_BEFORE: Final = timedelta(days=366)
_AHEAD: Final = timedelta(days=3 * 366)
"""How long before and after the day a date of a form is likely; an authorization may last for years."""
_SIGNED, _SIGNED_AHEAD = "date", timedelta(days=31)
"""The day of signing, which is not put off for long."""
_YEARS_BACK: Final = 10
_SHEET_NUMBER: Final = "sheet_number"
_NUMBER: Final = re.compile(r"[0-9A-Za-z]+(-[0-9A-Za-z]+)*")
"""Its official shape is not published (ours is 2026-10-000123): letters, digits and hyphens are believed."""


def doubt_value(field: Field, value: str, on: date) -> Iterator[Problem]:
    """What is unlikely about a value that is spelled as its kind asks, on that day."""
    if isinstance(field.kind, Date):
        day = date.fromisoformat(value)
        ahead = _SIGNED_AHEAD if field.name == _SIGNED else _AHEAD
        if not -_BEFORE <= day - on <= ahead:
            yield problem("DATE_UNLIKELY", field=field.name, label=field.title, value=value)
    elif isinstance(field.kind, Period):
        if value > f"{on:%Y-%m}" or int(value[:4]) < on.year - _YEARS_BACK:
            yield problem("PERIOD_UNLIKELY", field=field.name, label=field.title, value=value)
    elif field.name == _SHEET_NUMBER and not (_NUMBER.fullmatch(value) and re.search(r"\d", value)):
        yield problem("SHEET_NUMBER_UNLIKELY", field=field.name, label=field.title, value=value)
