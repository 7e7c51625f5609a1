"""Which of our pages is this, when no symbol on it can be read? The one whose print it shows."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np

from forms.geometry import Box
from forms.model import Edition, PageFrame
from forms.register import all_forms
from intake.expectation import sample_fixed_parts
from intake.sampling import Grid, Ink, Paper

_PER_MM: Final = 3.0
_BANDS: Final = 8
"""Parts from top to bottom that are compared by themselves, since a fold or a stain spoils some."""
_ALIKE: Final = 0.45
_AHEAD: Final = 0.12
"""Median correlation that a page of ours must have, and how far it must be ahead of every other: right
pages on 300 scans had 0.6 to 0.95, the wrong ones of the two forms stayed 0.2 behind.
"""
_SYMBOL_INK: Final = 0.12
"""Share of ink in the place of a full symbol from which there was one: blank paper there has none."""


def recognise_page(paper: Paper, frame: PageFrame, *, sure: bool = True) -> tuple[Edition, int] | None:
    """The edition and page that the scan shows, or nothing when none is clearly ahead.

    Unless it must be ``sure``, the one most alike is given: for pages that prove themselves otherwise.
    """
    pages = pages_of(frame)
    likeness = sorted(((_likeness(paper, *known), place) for place, known in enumerate(pages)), reverse=True)
    if not likeness:
        return None
    first, second = likeness[0][0], likeness[1][0] if len(likeness) > 1 else -1.0
    if sure and (first < _ALIKE or first - second < _AHEAD):
        return None
    return pages[likeness[0][1]]


def pages_of(frame: PageFrame) -> tuple[tuple[Edition, int], ...]:
    """Every page of every edition with that frame."""
    return tuple(
        (edition, page)
        for form in all_forms()
        for edition in form
        if edition.frame == frame
        for page in range(1, edition.pages + 1)
    )


def held_full_symbol(paper: Paper, frame: PageFrame) -> bool:
    """Whether there was a full symbol, though it cannot be read: such a page is no blank form."""
    ink = paper.sample(_grid(frame.full_seal.grown(-4)))
    return float((ink > 0.4).mean()) > _SYMBOL_INK


def _likeness(paper: Paper, edition: Edition, page: int) -> float:
    """The median over bands of the correlation between the scan and the page's fixed print."""
    found = []
    for band in range(_BANDS):
        print_, grid = _band(edition, page, band)
        seen = cv2.GaussianBlur(paper.sample(grid), (0, 0), 1.0)
        one, other = seen - seen.mean(), print_ - print_.mean()
        energy = float(np.sqrt((one * one).sum() * (other * other).sum()))
        found.append(float((one * other).sum()) / max(energy, 1e-6))
    return float(np.median(found))


@cache
def _band(edition: Edition, page: int, band: int) -> tuple[Ink, Grid]:
    top = edition.frame.marks[0].bottom
    height = (edition.frame.small_seal.y - top) / _BANDS
    grid = _grid(Box(12, top + band * height, edition.width - 24, height))
    print_: Ink = cv2.GaussianBlur(sample_fixed_parts(edition, page, grid), (0, 0), 1.0)
    return print_, grid


def _grid(box: Box) -> Grid:
    return Grid(box.x, box.y, _PER_MM, round(box.width * _PER_MM), round(box.height * _PER_MM))
