"""Ink that people left where nothing asks for it: stamps, notes and stains, as boxes for the clerk."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition
from intake.expectation import sample_fixed_parts
from intake.pieces import find_pieces
from intake.readings import MarkKind, MarkReading
from intake.sampling import Grid, Paper

_PER_MM: Final = 3.0
_INK: Final = 0.3
_NEAR: Final = 3.0
"""Mm between two pieces of ink that are taken for one mark."""
_SMALLEST: Final = 6.0
"""Mm² of ink below which a mark is dust."""
_EDGE: Final = 6.0
"""Mm at the paper's edge that are not looked at: shadows of the lid live there."""


def find_marks_outside(paper: Paper, edition: Edition, page: int, noise: float) -> tuple[MarkReading, ...]:
    """Marks outside every field, symbol and line of print, largest first, at most twenty."""
    grid, covered = _covered(edition, page)
    ink = (paper.sample(grid) > max(_INK, 4 * noise)) & (covered == 0)
    return _group(ink.astype(np.uint8), page) if ink.any() else ()


@cache
def _covered(edition: Edition, page: int) -> tuple[Grid, NDArray[np.uint8]]:
    """Where print, fields and symbols stand: 1 on a coarse grid of the page."""
    width, height = edition.width - 2 * _EDGE, edition.height - 2 * _EDGE
    grid = Grid(_EDGE, _EDGE, _PER_MM, round(width * _PER_MM), round(height * _PER_MM))
    printed = sample_fixed_parts(edition, page, grid)
    covered = cv2.dilate((printed > 0.05).astype(np.uint8), np.ones((5, 5), np.uint8))
    for box in _own_places(edition, page):
        _cover(covered, box, grid)
    return grid, covered


def _own_places(edition: Edition, page: int) -> list[Box]:
    frame = edition.frame
    fields = [field.box.grown(1.0) for field in edition.fields if field.page == page]
    return [*fields, frame.full_seal.grown(2), frame.small_seal.grown(2), frame.reference.grown(1)]


def _cover(covered: NDArray[np.uint8], box: Box, grid: Grid) -> None:
    left, top = round((box.x - grid.x) * _PER_MM), round((box.y - grid.y) * _PER_MM)
    right, bottom = round((box.right - grid.x) * _PER_MM), round((box.bottom - grid.y) * _PER_MM)
    covered[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = 1


def _group(ink: NDArray[np.uint8], page: int) -> tuple[MarkReading, ...]:
    reach = round(_NEAR * _PER_MM) | 1
    joined = cv2.dilate(ink, np.ones((reach, reach), np.uint8))
    count, labels, stats = find_pieces(np.asarray(joined, np.uint8))
    areas = np.bincount(labels.ravel(), weights=ink.ravel(), minlength=count) / _PER_MM**2
    marks: list[tuple[float, MarkReading]] = []
    for label in range(1, count):
        if areas[label] < _SMALLEST:
            continue
        x, y, wide, high = (int(value) for value in stats[label, :4])
        box = Box(
            _EDGE + (x + reach // 2) / _PER_MM,
            _EDGE + (y + reach // 2) / _PER_MM,
            max(wide - reach, 1) / _PER_MM,
            max(high - reach, 1) / _PER_MM,
        )
        left, top, width, height = box.as_list()
        reading = MarkReading(page, (left, top, width, height), _kind(box, float(areas[label])))
        marks.append((float(areas[label]), reading))
    marks.sort(key=lambda mark: -mark[0])
    return tuple(reading for _, reading in marks[:20])


def _kind(box: Box, area: float) -> MarkKind:
    """A guess for the clerk's eye only: wide and thin is writing, compact and full is a stamp."""
    if min(box.width, box.height) < 1.5:
        return "unknown"
    share = area / (box.width * box.height)
    if min(box.width, box.height) > 15 and share > 0.08:
        return "stamp"
    return "writing" if box.width > 1.5 * box.height and share < 0.35 else "unknown"
