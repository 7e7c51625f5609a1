"""Ink beside the boxes of a filled blank: a digit written next to the one whose place it takes, a word over
a line, a ring around a choice. Whoever reads only what stands in a box reads what its writer took back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.layout import tick_boxes
from forms.model import Edition, Field
from intake.expectation import sample_fixed_parts
from intake.pieces import find_pieces
from intake.sampling import Grid, Paper

_PER_MM: Final = 6.0
_EDGE: Final = 5.0
"""Mm at the paper's edge that are not looked at: shadows of the lid live there."""
_INK: Final = 0.18
"""Ink from which a pale pen is seen, once grain is smoothed away."""
_GRAIN: Final = 0.7
"""Samples over which it is."""
_PRINT: Final = 0.5
"""Mm around print within which ink may be its own, on a scan that is held a little beside it."""
_GAP: Final = 0.7
"""Mm between pieces of what was written at once."""
_HEIGHT: Final = 1.4
"""Mm that a digit or a word written small is high or wide at least; of what leaves its box as much counts."""
_AREA: Final = (0.4, 200.0)
"""Mm² that it covers at least, for a lesser thing is dust, and at most: a greater one is a stain."""
_LONGEST: Final = 70.0
"""Mm from which it is a fold, or a line drawn for its own sake."""
_REACH: Final = 4.0
"""Mm from a box within which what is written belongs to it, or to another box as near."""
_TICK: Final = 1.0
"""Mm around a square to tick that a tick reaches into."""
_FROM_NAME: Final = 1.0
"""Mm around a box to sign in within which a stroke is the name's, cut off from it by the box's line."""
_OWN: Final = 0.3
"""Share of its ink inside of a box from which it is that box's own writing."""


@dataclass(frozen=True, slots=True)
class _Written:
    """Ink that hangs together: where its part outside every box lies, and in which box most of it is."""

    outside: Box
    home: Field | None


def find_notes(paper: Paper, edition: Edition, page: int) -> dict[str, Box]:
    """The fields that something was written beside, each with the box in which one sees it all.

    What leaves a box counts for that box; what stands by itself for every box that it is near to. Ink of a
    signature and of a tick, which leave their boxes as they please, is no note.
    """
    found: dict[str, Box] = {}
    for written in _written(paper, edition, page):
        for field in _meant(written, edition, page):
            found[field.name] = found.get(field.name, field.box).joined(written.outside)
    return found


def _meant(written: _Written, edition: Edition, page: int) -> Iterator[Field]:
    if written.home is not None:
        if written.home.holds_value and not tick_boxes(written.home):
            yield written.home
        return
    signed = [field.box.grown(_FROM_NAME) for field in edition.signature_fields if field.page == page]
    if any(box.overlaps(written.outside) for box in signed):
        return
    for field in edition.value_fields:
        if field.page == page and field.box.grown(_REACH).overlaps(written.outside):
            yield field


def _written(paper: Paper, edition: Edition, page: int) -> Iterator[_Written]:
    grid, free, homes = _places(edition, page)
    smooth = cv2.GaussianBlur(paper.sample(grid), (0, 0), _GRAIN)
    ink = ((smooth > _INK) & free).astype(np.uint8)
    reach = round(_GAP * _PER_MM) | 1
    count, labels, _ = find_pieces(np.asarray(cv2.dilate(ink, np.ones((reach, reach), np.uint8)), np.uint8))
    labels = np.where(ink > 0, labels, 0)
    fields = [field for field in edition.fields if field.page == page]
    inked = np.flatnonzero(ink)
    pairs = labels.ravel()[inked] * (len(fields) + 1) + homes.ravel()[inked]
    areas = np.bincount(pairs, minlength=count * (len(fields) + 1)).reshape(count, -1)
    least, most = (area * _PER_MM**2 for area in _AREA)
    for label in np.flatnonzero((areas[:, 0] >= least) & (areas.sum(axis=1) <= most)).tolist():
        rows, columns = np.nonzero((labels == label) & (homes == 0))
        outside = _box_of(grid, rows, columns)
        longest = max(outside.width, outside.height)
        if not _HEIGHT <= longest <= _LONGEST:
            continue
        inside = int(areas[label, 1:].argmax())
        is_home = areas[label, 1 + inside] >= _OWN * areas[label].sum()
        yield _Written(outside, fields[inside] if is_home else None)


def _box_of(grid: Grid, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Box:
    left, top = grid.x + float(columns.min()) / _PER_MM, grid.y + float(rows.min()) / _PER_MM
    return Box(left, top, float(np.ptp(columns) + 1) / _PER_MM, float(np.ptp(rows) + 1) / _PER_MM)


@cache
def _places(edition: Edition, page: int) -> tuple[Grid, NDArray[np.bool_], NDArray[np.int32]]:
    """The samples of a page, which of them the blank leaves bare, and the number of the field's box that each
    lies in, 0 for none.
    """
    width, height = edition.width - 2 * _EDGE, edition.height - 2 * _EDGE
    grid = Grid(_EDGE, _EDGE, _PER_MM, round(width * _PER_MM), round(height * _PER_MM))
    printed = (sample_fixed_parts(edition, page, grid) > 0.05).astype(np.uint8)
    side = 2 * round(_PRINT * _PER_MM) + 1
    bare = cv2.dilate(printed, np.ones((side, side), np.uint8)) == 0
    frame = edition.frame
    for box in (frame.full_seal, frame.small_seal, frame.reference, *frame.marks):
        bare[_samples(grid, box.grown(_PRINT))] = False
    homes = np.zeros(bare.shape, np.int32)
    for number, field in enumerate((field for field in edition.fields if field.page == page), start=1):
        for box in [square.grown(_TICK) for _, square in tick_boxes(field)] or [field.box]:
            homes[_samples(grid, box)] = number
    return grid, bare, homes


def _samples(grid: Grid, box: Box) -> tuple[slice, slice]:
    first = round((box.y - grid.y) * _PER_MM), round((box.x - grid.x) * _PER_MM)
    last = round((box.bottom - grid.y) * _PER_MM), round((box.right - grid.x) * _PER_MM)
    return slice(max(0, first[0]), max(0, last[0])), slice(max(0, first[1]), max(0, last[1]))
