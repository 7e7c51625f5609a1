"""What a scan without greys kept of our own print, and so what it would have kept of a pen.

Such a scan makes black what is darker than its threshold and drops everything else. Nobody says where the
threshold lay, but print of known ink beside a box tells: a dark threshold leaves of its thin lines and small
type less ink than was printed, and of a light pen nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition
from intake.expectation import sample_fixed_parts
from intake.sampling import Grid, Paper

_ENOUGH: Final = 1.05
"""Share of the print's ink from which a scan shows a light pen too. Of 540 signatures on such scans, moderate
and harsh ones, 24 were all but gone, and 0.95 was left of the print beside the best of them; beside 107 empty
boxes 1.05 and more was in 72. Two strangers' captures have 1.09 to 1.4.
"""
_AROUND: Final = 12.0
"""Mm around a box from which print is taken: its frame, its label and what stands next to it."""
_PALE: Final = 0.85
"""Share of a page's print below which people are told: one in ten moderate scans in two levels has less."""
_PER_MM: Final = 6.0
_PER_MM_OF_PAGE: Final = 3.0
_PRINTED: Final = 0.1
"""Ink of a sample from which it is print."""
_SPREAD: Final = 0.34
"""Mm by which a scan may have moved or spread the print, each way."""


def has_two_levels(paper: Paper) -> bool:
    """Whether the scan is black and white without greys."""
    sample = paper.image[::11, ::11]
    return float(((sample > 40) & (sample < 215)).mean()) < 0.01


def loses_light_ink(paper: Paper, edition: Edition, page: int, box: Box) -> bool:
    """Whether a light pen's line in ``box`` may have vanished from a scan that has two levels only."""
    return has_two_levels(paper) and share_kept(paper, edition, page, box.grown(_AROUND)) < _ENOUGH


def is_pale(paper: Paper, edition: Edition, page: int) -> bool:
    """Whether a scan in two levels lost so much of the page that what people changed may be lost too."""
    whole = Box(0, 0, edition.width, edition.height).grown(-_AROUND)
    return has_two_levels(paper) and share_kept(paper, edition, page, whole, _PER_MM_OF_PAGE) < _PALE


def share_kept(paper: Paper, edition: Edition, page: int, box: Box, per_mm: float = _PER_MM) -> float:
    """The ink that stands where print is in ``box`` over the ink that was printed there: 1 when the scan
    kept all, more when it spread it; 0 where nothing is printed, for that shows nothing.
    """
    grid = Grid(box.x, box.y, per_mm, round(box.width * per_mm), round(box.height * per_mm))
    near, ink = _print_in(edition, page, grid)
    return float(np.clip(paper.sample(grid)[near], 0, 1).sum()) / ink if ink else 0.0


@cache
def _print_in(edition: Edition, page: int, grid: Grid) -> tuple[NDArray[np.bool_], float]:
    """Where print is expected, and how much ink of it."""
    printed = sample_fixed_parts(edition, page, grid)
    across = 1 + 2 * round(_SPREAD * grid.per_mm)
    near = cv2.dilate((printed > _PRINTED).astype(np.uint8), np.ones((across, across), np.uint8)) > 0
    return near, float(printed[near].sum())
