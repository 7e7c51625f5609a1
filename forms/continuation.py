"""A petition longer than its box: where it breaks, and how request and continuation name each other."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from forms.catalog.employer_request import NAME as REQUEST
from forms.catalog.request_continuation import CONTINUED, REQUEST_CONTINUATION, REQUEST_NUMBER
from forms.checks import check_values
from forms.layout import columns, normalise_values, overflow, room, wrap
from forms.model import Edition, Field, Paragraph, Values
from forms.numbers import parse_number
from forms.problems import Problem, problem

PETITION: Final = "petition"
_NOTE: Final = "(Continúa en la hoja {number}.)"
_NAMED: Final = re.compile(r"\(Continúa en la hoja ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\.\)$")
_SHARED: Final = ("ruc", "branch", "business_name")


@dataclass(frozen=True, slots=True)
class TwoSheets:
    """What stands on a request and on the sheet that its petition goes on in."""

    request: Values
    continuation: Values


def has_continuation(edition: Edition, values: Values) -> bool:
    """Whether the petition of a request has no room on it."""
    return edition.form == REQUEST and bool(
        overflow(edition.field(PETITION), normalise_values(values).get(PETITION, ""))
    )


def on_two_sheets(edition: Edition, values: Values, *, request: str, continuation: str) -> TwoSheets:
    """The values of a request whose petition goes on, and those of its continuation. ``request`` and
    ``continuation`` are the document numbers that the two will have.
    """
    spelled = normalise_values(values)
    first, rest = split_text(edition.field(PETITION), spelled[PETITION])
    shared = {name: spelled[name] for name in _SHARED if name in spelled}
    return TwoSheets(
        spelled | {PETITION: f"{first}\n{_NOTE.format(number=continuation)}"},
        shared | {REQUEST_NUMBER: request, CONTINUED: rest},
    )


def split_text(box: Field, text: str) -> tuple[str, str]:
    """A text broken between words (a word alone that is longer, within it) so that its first part leaves
    the last line of the box free.
    """
    lines = box.kind.lines - 1 if isinstance(box.kind, Paragraph) else 0
    width = columns(box)
    blanks = [place for place, sign in enumerate(text) if sign in " \n"]
    fitting = bisect_right(blanks, lines, key=lambda place: len(wrap(text[:place], width)))
    cut = blanks[fitting - 1] if fitting else width * lines
    return text[:cut].rstrip(), text[cut:].lstrip()


def named_continuation(petition: str) -> str | None:
    """The document number of the sheet in which a petition says that it goes on."""
    found = _NAMED.search(petition.strip())
    return parse_number(found[1]) if found else None


def room_on_sheets(edition: Edition, box: Field) -> int:
    """The largest number of characters that a field may hold, on both sheets where it may go on."""
    if edition.form != REQUEST or box.name != PETITION:
        return room(box)
    return room(box) - columns(box) + room(REQUEST_CONTINUATION.current.field(CONTINUED))


def lines_on_sheets(edition: Edition, box: Field) -> tuple[int, int] | None:
    """``(lines, columns)`` of a paragraph, on both sheets where it may go on; ``None`` for every other field.
    Words are not parted at a line's end, so that a text may need more lines than its length says.
    """
    if not isinstance(box.kind, Paragraph):
        return None
    if edition.form != REQUEST or box.name != PETITION:
        return box.kind.lines, columns(box)
    more = REQUEST_CONTINUATION.current.field(CONTINUED)
    others = more.kind.lines if isinstance(more.kind, Paragraph) else 0
    return box.kind.lines - 1 + others, min(columns(box), columns(more))


def check_sheets(edition: Edition, values: Values, on: date | None = None) -> tuple[Problem, ...]:
    """The problems of a form as ``forms.checks`` finds them, a petition judged on both of its sheets."""
    if not has_continuation(edition, values):
        return check_values(edition, values, on)
    nobody = "0000-0000-0000-0000"
    sheets = on_two_sheets(edition, values, request=nobody, continuation=nobody)
    found = check_values(REQUEST_CONTINUATION.current, sheets.continuation)
    told = (_as_of_petition(edition, each, sheets) for each in found if each.field == CONTINUED)
    return (*check_values(edition, sheets.request, on), *told)


def _as_of_petition(edition: Edition, found: Problem, sheets: TwoSheets) -> Problem:
    """A problem of the continued text as one of the petition: people typed it in one place."""
    own, box = edition.field(PETITION), REQUEST_CONTINUATION.current.field(CONTINUED)
    excess = overflow(box, sheets.continuation[CONTINUED])
    if found.code != "TEXT_DOES_NOT_FIT" or excess is None:
        return replace(found, field=PETITION)
    before = own.kind.lines - 1 if isinstance(own.kind, Paragraph) else 0
    most, used = (f"{before + lines} líneas" for lines in excess)
    return problem("TEXT_DOES_NOT_FIT", field=PETITION, label=own.label, room=most, used=used)
