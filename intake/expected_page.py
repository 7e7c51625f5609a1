"""All the ink that we printed on a page: the edition's own and the values that we put there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

import cv2
import numpy as np
import pypdfium2

from forms.geometry import A4_HEIGHT, A4_WIDTH, POINT, Box
from forms.model import Edition, Values
from generators.pages import PageMarks, draw_pages, reference_notes
from intake.expectation import BLURS, expected_strip, sample_fixed_parts
from intake.readings import FieldReading
from intake.sampling import Grid, Ink
from intake.strips import expected_text, strips_of

_PRINTED: Final = frozenset({"seal", "register", "print"})
"""Sources of values that we printed: their ink is expected, that of any other is people's."""
_REFERENCE_FINE: Final = 12.0
"""Samples to the mm that the lines beside the small symbol are drawn at."""


@cache
def page_grid(per_mm: float = 150 / 25.4) -> Grid:
    """The whole page, at 150 samples to an inch as the clerk's picture has it, or at another density."""
    return Grid(0, 0, per_mm, round(A4_WIDTH * per_mm), round(A4_HEIGHT * per_mm))


@cache
def fixed_ink(edition: Edition, page: int, grid: Grid) -> Ink:
    """What an edition prints on every page of that number; not to be written to."""
    ink = sample_fixed_parts(edition, page, grid)
    ink.flags.writeable = False
    return ink


def printed_values(fields: Mapping[str, FieldReading]) -> Values:
    """Those values of a reading that we printed."""
    return {name: found.value for name, found in fields.items() if found.source in _PRINTED}


def expect_page(edition: Edition, page: int, values: Values, grid: Grid) -> Ink:
    """The ink of a page that shows ``values``, at the samples of ``grid``."""
    ink = fixed_ink(edition, page, grid).copy()
    for strip in strips_of(edition):
        if strip.page == page and values.get(strip.field) and _overlap(strip.grid(), grid):
            text = expected_text(edition.field(strip.field), strip, values[strip.field])
            _lay(ink, grid, strip.grid(), expected_strip(edition, strip, text, len(BLURS) // 3))
    return ink


def add_reference(ink: Ink, grid: Grid, edition: Edition, page: int, document: str, issued: date) -> None:
    """Lay the number and the notes that a sealed page shows beside its small symbol onto its ink."""
    marks = [
        PageMarks(None, None, document, reference_notes(edition, issued, number))
        for number in range(1, edition.pages + 1)
    ]
    box = edition.frame.reference.grown(1.0)
    around = (box.x, edition.height - box.bottom, edition.width - box.right, box.y)
    crop = tuple(side / POINT for side in around)
    pdf = pypdfium2.PdfDocument(draw_pages(edition, (), marks, None))
    try:
        drawn = pdf[page - 1].render(scale=_REFERENCE_FINE * POINT, crop=crop, grayscale=True)
        picture: Ink = (255 - drawn.to_numpy().squeeze()).astype(np.float32) / 255
    finally:
        pdf.close()
    own = Grid(box.x, box.y, _REFERENCE_FINE, picture.shape[1], picture.shape[0])
    if _overlap(own, grid):
        _lay(ink, grid, own, picture)


def _overlap(one: Grid, other: Grid) -> bool:
    """Whether two grids have samples of the same places."""
    return _box(one).overlaps(_box(other))


def _box(grid: Grid) -> Box:
    return Box(grid.x, grid.y, grid.columns / grid.per_mm, grid.rows / grid.per_mm)


def _lay(ink: Ink, grid: Grid, own: Grid, picture: Ink) -> None:
    """A part's picture, on its ``own`` grid, onto the page's, where it is darker."""
    width, height = (round(count / own.per_mm * grid.per_mm) for count in (own.columns, own.rows))
    left, top = (round((at - start) * grid.per_mm) for at, start in ((own.x, grid.x), (own.y, grid.y)))
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    place = ink[max(top, 0) : top + height, max(left, 0) : left + width]
    np.maximum(place, small[max(-top, 0) :, max(-left, 0) :][: place.shape[0], : place.shape[1]], out=place)
