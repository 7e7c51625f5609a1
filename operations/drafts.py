"""Forms that an employer has begun: kept as they are typed, shown as they will print, dropped when issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from forms.catalog.request_continuation import REQUEST_CONTINUATION
from forms.checks import check_values
from forms.continuation import has_continuation, on_two_sheets
from forms.model import Edition, Form, Values
from forms.problems import Severity
from generators.pages import draw_unsealed
from generators.preview import draw_preview
from operations.house import House
from operations.users import User, employer_name
from storage.portal_tables import DraftRow

_MOST_CHARACTERS: Final = 5_000
"""Of one value of a draft: more than any box takes, for a draft may still be wrong."""
_DOTS_PER_INCH: Final = 100
_NOT_YET: Final = "XXXX-XXXX-XXXX-XXXX"
"""Stands in a draft for the number that a document gets when it is issued."""


@dataclass(frozen=True, slots=True)
class Draft:
    values: dict[str, str]
    saved_at: datetime


def find_draft(house: House, user: User, form: Form) -> Draft | None:
    """What somebody began of a form for the employer that they work for at present."""
    with house.database.reading() as session:
        row = session.get(DraftRow, _key(user, form))
        return None if row is None else Draft(dict(row.field_values), row.saved_at)


def _key(user: User, form: Form) -> tuple[str, str, str]:
    """A delegate has a draft for each employer, whose name and people are in it."""
    return user.name, employer_name(user.ruc, user.branch), form.name


def keep_draft(house: House, user: User, form: Form, values: Mapping[str, str]) -> datetime:
    """Keep what was typed so far, right or wrong; when it was kept."""
    names = {field.name for field in form.current.value_fields}
    kept = {name: text[:_MOST_CHARACTERS] for name, text in values.items() if name in names and text.strip()}
    now = house.now()
    with house.database.transaction() as session:
        name, employer, kind = _key(user, form)
        session.merge(DraftRow(user_name=name, employer=employer, form=kind, field_values=kept, saved_at=now))
    return now


def drop_draft(house: House, user: User, form: Form) -> None:
    with house.database.transaction() as session:
        row = session.get(DraftRow, _key(user, form))
        if row is not None:
            session.delete(row)


def sheets_of(edition: Edition, values: Values) -> tuple[tuple[Edition, Values], ...]:
    """The sheets that the values would be printed on: one, or two where a petition goes on."""
    if not has_continuation(edition, values):
        return ((edition, values),)
    sheets = on_two_sheets(edition, values, request=_NOT_YET, continuation=_NOT_YET)
    return (edition, sheets.request), (REQUEST_CONTINUATION.current, sheets.continuation)


def draw_draft(edition: Edition, values: Mapping[str, str]) -> bytes:
    """The page as it would print with what is right so far, as PNG; what cannot be printed is left out."""
    given = dict(values)
    wrong = {
        found.field
        for found in check_values(edition, given)
        if found.severity is Severity.ERROR and found.field
    }
    printable = {name: text for name, text in given.items() if name not in wrong}
    return draw_preview(draw_unsealed(edition, printable), _DOTS_PER_INCH)
