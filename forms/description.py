"""A form described for programs: the JSON of ``form describe`` (contracts.md §7) and of screens."""

from __future__ import annotations

from typing import Any, assert_never

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
)


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
