"""A form described for programs: the JSON of ``form describe`` (contracts.md §7) and of screens."""

from __future__ import annotations

import re
from typing import Any, Final, assert_never

from forms.fingerprints import fingerprint
from forms.layout import accepted, room
from forms.model import (
    Annex,
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Kind,
    Mark,
    Paragraph,
    Period,
    Signature,
    Text,
    Wording,
)

_HEADING: Final = re.compile(r"[0-9]+\.  (.+)")
"""The numbered heading of a part, as ``forms.stationery.section`` makes it."""


def kind_name(kind: Kind) -> str:
    """The kind's public name."""
    match kind:
        case Text():
            return "text"
        case Paragraph():
            return "paragraph"
        case Comb():
            return "comb"
        case Date():
            return "date"
        case Period():
            return "period"
        case Choice():
            return "choice"
        case Mark():
            return "mark"
        case Signature():
            return "signature"
        case Annex():
            return "annex"
        case _:
            assert_never(kind)


def group_fields(edition: Edition) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """The fields that hold a value, in their order, under the numbered headings that are printed above them;
    those above the first heading have none.
    """
    headings = [
        (found[1].capitalize(), piece)
        for piece in edition.furniture
        if isinstance(piece, Wording) and (found := _HEADING.fullmatch(piece.text))
    ]
    groups: list[tuple[str, list[Field]]] = []
    for field in edition.value_fields:
        above = [(each.baseline, title) for title, each in headings if _is_above(each, field)]
        title = max(above)[1] if above else ""
        if not groups or groups[-1][0] != title:
            groups.append((title, []))
        groups[-1][1].append(field)
    return tuple((title, tuple(fields)) for title, fields in groups)


def _is_above(heading: Wording, field: Field) -> bool:
    return heading.page == field.page and heading.baseline <= field.box.y


def describe(edition: Edition) -> dict[str, Any]:
    """The edition as JSON values; signature boxes are fields like the others."""
    return {
        "form": edition.form,
        "edition": edition.name,
        "title": edition.title,
        "fingerprint": fingerprint(edition).hex(),
        "pages": [{"width_mm": edition.width, "height_mm": edition.height}] * edition.pages,
        "fields": [_describe_field(field) for field in edition.fields],
    }


def _describe_field(field: Field) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "name": field.name,
        "kind": kind_name(field.kind),
        "label": field.label,
        "title": field.title,
        "help": field.help,
        "page": field.page,
        "box_mm": field.box.as_list(),
        "required": field.required,
    }
    if field.holds_value:
        shape["max_length"] = room(field)
        shape["checks"] = [check.value for check in field.checks]
    if options := accepted(field):
        shape["options"] = list(options)
    return shape
