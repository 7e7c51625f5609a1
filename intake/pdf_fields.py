"""The values typed into a PDF's own form (AcroForm), as strings; bounded against forms made to exhaust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf

from intake.raster import or_nothing

_MOST_FIELDS: Final = 2000
_MOST_CHARACTERS: Final = 10_000
_DEEPEST: Final = 20


@or_nothing
def form_values(structure: pikepdf.Pdf) -> dict[str, str]:
    """Full field name to value, for fields that have one; a button's value is its state without slash."""
    form = structure.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return {}
    return dict(_walk(form.get("/Fields"), "", None, 0, [_MOST_FIELDS]))


def _walk(
    fields: object, prefix: str, inherited: object, depth: int, left: list[int]
) -> Iterator[tuple[str, str]]:
    """``left`` counts down over the whole tree, so that a cyclic one ends too."""
    if not isinstance(fields, pikepdf.Array) or depth > _DEEPEST:
        return
    for item in fields:
        left[0] -= 1
        if left[0] < 0:
            return
        if not isinstance(item, pikepdf.Dictionary):
            continue
        part = item.get("/T")
        name = ".".join(each for each in (prefix, str(part) if part is not None else "") if each)
        value = item.get("/V", inherited)
        kids = item.get("/Kids")
        if isinstance(kids, pikepdf.Array) and any("/T" in kid for kid in kids if _is_field(kid)):
            yield from _walk(kids, name, value, depth + 1, left)
        elif name and (text := _text(value)):
            yield name[:_MOST_CHARACTERS], text


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
