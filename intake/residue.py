"""What people added inside a box: the scan less the print that the blank page has there.

The print is first found where it really lies, since paper creases and curls; its lines are then erased
with a hair of their surroundings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition
from intake.expectation import sample_fixed_parts
from intake.pieces import find_pieces
from intake.sampling import Grid, Ink, Paper

PER_MM: Final = 12.0
"""Samples per mm of residues: what 300 dpi shows, and all that print of 8 points needs."""
_AROUND: Final = 3.0
"""Mm of print around a box by which the box is found."""
_REACH: Final = 10
"""Samples (0.8 mm) that a box is looked for around its place."""
_FINE_DPI: Final = 280.0
_PRINTED: Final = 0.06
SPECK: Final = 0.08
"""Mm² of ink below which a piece by itself is dust, or a speck of a black-and-white scan."""
POINT_OF_INK: Final = 0.02
"""Mm² of ink below which a piece beside others is no point or accent either."""


@dataclass(frozen=True, slots=True, eq=False)
class Residue:
    """Added ink inside a box, 0 to 1, ``PER_MM`` samples to a mm; ``shift`` is how far in mm (right,
    down) the box was found from its place. Where the blank itself is ``printed`` no added ink is known.
    """

    ink: Ink
    shift: tuple[float, float]
    printed: NDArray[np.bool_]


def added_ink(paper: Paper, edition: Edition, page: int, box: Box) -> Residue:
    """The ink in ``box`` that the blank page does not have."""
    shift = _find_shift(paper, edition, page, box)
    grid = box_grid(box)
    seen = paper.sample(grid.moved(*shift))
    printed = _printed(edition, page, grid) > _PRINTED
    level = float(np.median(seen[~printed])) if not printed.all() else 0.0
    return Residue(np.where(printed, np.float32(0), np.clip(seen - min(level, 0.3), 0, 1)), shift, printed)


def box_grid(box: Box) -> Grid:
    """The samples of a box."""
    return Grid(box.x, box.y, PER_MM, round(box.width * PER_MM), round(box.height * PER_MM))


@cache
def _printed(edition: Edition, page: int, grid: Grid) -> Ink:
    """The blank's own ink on a grid, as wide as a blurred scan may show it."""
    wide: Ink = cv2.GaussianBlur(sample_fixed_parts(edition, page, grid), (0, 0), 1.6)
    return wide


def _find_shift(paper: Paper, edition: Edition, page: int, box: Box) -> tuple[float, float]:
    """How far in mm the print around a box lies from its place, to a part of a sample."""
    picture = _printed(edition, page, box_grid(box.grown(_AROUND)))
    step = _REACH / PER_MM
    scene = paper.sample(box_grid(box.grown(_AROUND + step)))
    scene = cv2.resize(scene, (picture.shape[1] + 2 * _REACH, picture.shape[0] + 2 * _REACH))
    found = cv2.matchTemplate(cv2.GaussianBlur(scene, (0, 0), 1.0), picture, cv2.TM_CCOEFF_NORMED)
    _, match, _, (right, down) = cv2.minMaxLoc(found)
    if match < 0.25:
        return 0.0, 0.0
    across = right + _peak(found[down, max(0, right - 1) : right + 2])
    along = down + _peak(found[max(0, down - 1) : down + 2, right])
    return (across - _REACH) / PER_MM, (along - _REACH) / PER_MM


def _peak(three: NDArray[np.float32]) -> float:
    """Where a parabola through three values has its top, from the middle one; 0 at an edge."""
    if three.size < 3:
        return 0.0
    before, middle, after = (float(value) for value in three)
    bend = before - 2 * middle + after
    return 0.5 * (before - after) / bend if bend < -1e-6 else 0.0


def shows_thin_ink(paper: Paper) -> bool:
    """Whether a light pen and the accents of small print are seen as they are: a coarse black-and-white scan
    drops the one and turns the other into points, so that it proves nothing.
    """
    sample = paper.image[::7, ::7]
    grey = float(((sample > 40) & (sample < 215)).mean()) > 0.01
    return grey or paper.alignment.px_per_mm * 25.4 >= _FINE_DPI


def strokes(ink: Ink, speck: float = SPECK, *, rules: bool = False) -> NDArray[np.uint8]:
    """The written part of a residue: 1 where there is ink, without pieces under ``speck`` mm² and, unless
    ``rules`` are asked for, without folds and lines that run through the whole box.
    """
    dark = darkness(ink)
    count, labels, stats = find_pieces(dark)
    rows, columns = ink.shape
    keep = np.zeros(count, np.uint8)
    for label in range(1, count):
        wide, high, area = (int(value) for value in stats[label, 2:5])
        through = (wide > 0.95 * columns and high < 0.25 * rows) or (
            high > 0.95 * rows and wide < 0.6 * PER_MM
        )
        keep[label] = area >= speck * PER_MM**2 and (rules or not through)
    return keep[labels]


def darkness(ink: Ink) -> NDArray[np.uint8]:
    """1 where there is ink, whatever it belongs to."""
    dark: NDArray[np.uint8] = (cv2.GaussianBlur(ink, (0, 0), 0.8) > _threshold(ink)).astype(np.uint8)
    return dark


def faint_strokes(ink: Ink) -> NDArray[np.uint8]:
    """What may be points and accents beside the strokes: 1 where there is ink half as dark, if it stands out
    from the paper's grain.
    """
    soft = cv2.GaussianBlur(ink, (0, 0), 1.5)
    grain = 1.4826 * float(np.median(np.abs(soft - np.median(soft))))
    level = max(0.5 * _threshold(ink), float(np.median(soft)) + 5 * grain)
    _, labels, stats = find_pieces((soft > level).astype(np.uint8))
    keep = (stats[:, cv2.CC_STAT_AREA] >= POINT_OF_INK * PER_MM**2).astype(np.uint8)
    keep[0] = 0
    faint: NDArray[np.uint8] = keep[labels]
    return faint


def _threshold(ink: Ink) -> float:
    """The darkness that counts as ink: half of what this box's darkest strokes have, within reason."""
    return min(max(0.45 * float(np.percentile(ink, 99.5)), 0.16), 0.4)
