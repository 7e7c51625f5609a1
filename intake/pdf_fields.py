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
_MOST_READ: Final = 2_000_000
"""Characters of names and values that are looked at on a page."""
_MOST_CHOSEN: Final = 100
"""Texts that are looked at of a field that holds several."""
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
    left = _MOST_READ
    for place, item in enumerate(annotations):
        if place >= _MOST_FIELDS or left <= 0:
            break
        if _is_field(item) and item.get("/Subtype") == pikepdf.Name.Widget:
            name, value, size = _named(item)
            left -= size
            if name and value:
                found.setdefault(name, set()).add(value)
    values: dict[str, set[str]] = {}
    for name, said in found.items():
        for known in {name, _RENAMED.sub("", name.rpartition(".")[2])}:
            values.setdefault(known, set()).update(said)
    return {name: said.pop() for name, said in values.items() if len(said) == 1}


def _named(widget: pikepdf.Object) -> tuple[str, str, int]:
    """The full name and the value of the field that a widget shows, both of its parents where they are, and
    how many characters were looked at for it.
    """
    parts: list[str] = []
    value, size = "", 0
    field: object = widget
    above: set[tuple[int, int]] = set()
    for _ in range(_DEEPEST):
        if not isinstance(field, pikepdf.Dictionary) or field.objgen in above:
            break
        if field.is_indirect:
            above.add(field.objgen)
        part = field.get("/T")
        if part is not None:  # what has no name is a widget, and what some programs store in it no value
            name = str(part)
            size += len(name)
            parts.append(name[:_MOST_CHARACTERS])
            said = "" if value else _text(field.get("/V"))
            size += len(said)
            value = value or said[:_MOST_CHARACTERS]
        field = field.get("/Parent")
    return ".".join(reversed(parts))[:_MOST_CHARACTERS], value, size


def _is_field(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary)


def _text(value: object) -> str:
    """A value as text; of a list its texts, until there are as many characters as count."""
    if isinstance(value, pikepdf.Array):
        parts: list[str] = []
        for each in value:
            if len(parts) >= _MOST_CHOSEN or sum(map(len, parts)) >= _MOST_CHARACTERS:
                break
            parts.append(_word(each))
        return "\n".join(parts)
    return _word(value)


def _word(value: object) -> str:
    if isinstance(value, pikepdf.Name):
        return str(value).removeprefix("/")
    if isinstance(value, pikepdf.String):
        return str(value)
    return ""
