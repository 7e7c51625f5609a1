"""The values typed into a PDF's own form (AcroForm), as strings; bounded against forms made to exhaust.

Joined files have fields of one name on several pages, renamed or no more listed in the form: what a page
holds is asked of the fields that lie on it.
"""

from __future__ import annotations

import re
from typing import Final

import pikepdf

from intake.raster import or_nothing

_MOST_FIELDS: Final = 2000
_MOST_CHARACTERS: Final = 10_000
_DEEPEST: Final = 20
_RENAMED: Final = re.compile(r"(?: \[\d+\]|[+_#]\d+)$")
"""What programs that join files put behind a name that is there already."""


@or_nothing
def page_values(structure: pikepdf.Pdf, number: int) -> dict[str, str]:
    """Field name to value of the fields that lie on page ``number`` (from 1); a button's value is its state
    without slash.

    A field that a joining program renamed is found by the name that it had. Of a name with two values nothing
    is said.
    """
    annotations = structure.pages[number - 1].obj.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return {}
    found: dict[str, set[str]] = {}
    for place, item in enumerate(annotations):
        if place >= _MOST_FIELDS:
            break
        if _is_field(item) and item.get("/Subtype") == pikepdf.Name.Widget:
            name, value = _named(item)
            if name and value:
                found.setdefault(name, set()).add(value)
    values = {name: said.pop() for name, said in found.items() if len(said) == 1}
    former = {_RENAMED.sub("", name.rpartition(".")[2]): value for name, value in values.items()}
    return former | values


def _named(widget: pikepdf.Object) -> tuple[str, str]:
    """The full name and the value of the field that a widget shows, both of its parents where they are."""
    parts: list[str] = []
    value = ""
    field: object = widget
    for _ in range(_DEEPEST):
        if not isinstance(field, pikepdf.Dictionary):
            break
        part = field.get("/T")
        if part is not None:  # what has no name is a widget, and what some programs store in it no value
            parts.append(str(part))
            value = value or _text(field.get("/V"))
        field = field.get("/Parent")
    return ".".join(reversed(parts))[:_MOST_CHARACTERS], value


def _is_field(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary)


def _text(value: object) -> str:
    if isinstance(value, pikepdf.Name):
        return str(value).removeprefix("/")
    if isinstance(value, pikepdf.String):
        return str(value)[:_MOST_CHARACTERS]
    if isinstance(value, pikepdf.Array):
        return "\n".join(_text(each) for each in list(value)[:100])[:_MOST_CHARACTERS]
    return ""
