"""Laying the expected page over the scan, strip by strip, and measuring what differs.

Every strip first finds its own small shift (paper creases and curls), then its contrast; the blur is
common to the page. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from forms.geometry import Box
from forms.model import Edition
from intake.expectation import BLURS, expected_strip
from intake.ranking import CellScores, score_cells
from intake.sampling import Grid, Ink, Paper
from intake.strips import Strip

_COARSE_REACH: Final = 7
"""Samples (0.9 mm) around its place that a strip is looked for in."""
_REFINEMENTS: Final = 2
_PROBES: Final = 6


@dataclass(frozen=True, slots=True)
class StripMeasure:
    """A strip compared with what it should show.

    ``shift`` is how far (right, down) in mm the strip was found from its place, ``match`` the
    correlation of scan and expectation there (1 for a blank strip), ``scores`` the cells' scores.
    """

    strip: Strip
    text: str
    shift: tuple[float, float]
    match: float
    gain: float
    scores: CellScores


@dataclass(frozen=True, slots=True)
class PageLook:
    """How a scan differs from print as a whole: index of its blur in ``BLURS``, noise of bare paper."""

    blur: int
    noise: float


def measure_strips(
    paper: Paper, edition: Edition, expected: Sequence[tuple[Strip, str]], look: PageLook
) -> tuple[StripMeasure, ...]:
    """Compare each strip with the text that it should show."""
    return tuple(_measure(paper, edition, strip, text, look) for strip, text in expected)


def _measure(paper: Paper, edition: Edition, strip: Strip, text: str, look: PageLook) -> StripMeasure:
    picture = expected_strip(edition, strip, text, look.blur)
    shift, match = find_shift(paper, strip, picture)
    seen = paper.sample(strip.grid().moved(*shift))
    for _ in range(_REFINEMENTS):
        step = _small_shift(seen, picture)
        if max(abs(step[0]), abs(step[1])) < 0.05:
            break
        shift = (shift[0] + step[0] / strip.shape.per_mm, shift[1] + step[1] / strip.shape.per_mm)
        seen = paper.sample(strip.grid().moved(*shift))
    gain = _gain(seen, picture)
    scores = score_cells(
        strip.windows(np.ascontiguousarray(seen / gain)),
        strip.windows(picture),
        text,
        strip.shape,
        strip.alphabet,
        look.blur,
        look.noise / gain,
    )
    return StripMeasure(strip, text, shift, match, gain, scores)


def find_shift(paper: Paper, strip: Strip, picture: Ink) -> tuple[tuple[float, float], float]:
    """Where the strip really lies: its shift in mm from its place, and the correlation found there."""
    reach = _COARSE_REACH
    grid = strip.grid()
    step = reach / grid.per_mm
    wide = paper.sample(
        Grid(grid.x - step, grid.y - step, grid.per_mm, grid.columns + 2 * reach, grid.rows + 2 * reach)
    )
    if float(picture.std()) < 0.01:
        return (0.0, 0.0), 1.0
    found = cv2.matchTemplate(wide, picture, cv2.TM_CCOEFF_NORMED)
    _, match, _, (right, down) = cv2.minMaxLoc(found)
    return ((right - reach) / grid.per_mm, (down - reach) / grid.per_mm), float(match)


def _small_shift(seen: Ink, picture: Ink) -> tuple[float, float]:
    """The rest of the shift in samples, from the slopes of the picture (one Gauss-Newton step)."""
    right = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3) / 8
    slopes = np.stack((right.ravel(), down.ravel(), picture.ravel(), np.ones(picture.size, np.float32)))
    normal = slopes @ slopes.T
    solution = np.linalg.lstsq(normal, slopes @ seen.ravel(), rcond=1e-4)[0]
    scale = max(float(solution[2]), 0.2)
    move = np.clip(-solution[:2] / scale, -1.5, 1.5)
    return float(move[0]), float(move[1])


def _gain(seen: Ink, picture: Ink) -> float:
    """How black print is on this strip; 1 where there is nothing printed to tell it by."""
    energy = float((picture * picture).sum())
    if energy < 20:
        return 1.0
    return float(np.clip((seen * picture).sum() / energy, 0.35, 1.6))


def look_at_page(paper: Paper, edition: Edition, expected: Sequence[tuple[Strip, str]]) -> PageLook:
    """Find the blur that explains the page best, on the strips that show most, and its noise."""
    fullest = sorted(expected, key=lambda pair: len(pair[1].replace(" ", "")), reverse=True)[:_PROBES]
    best, errors = len(BLURS) // 2, []
    for blur in range(len(BLURS)):
        errors.append(sum(_misfit(paper, edition, strip, text, blur) for strip, text in fullest))
    if errors:
        best = int(np.argmin(errors))
    return PageLook(best, _paper_noise(paper, edition))


def _misfit(paper: Paper, edition: Edition, strip: Strip, text: str, blur: int) -> float:
    picture = expected_strip(edition, strip, text, blur)
    return 1.0 - find_shift(paper, strip, picture)[1]


def _paper_noise(paper: Paper, edition: Edition) -> float:
    """Spread of the ink on the bare paper of the lower margin, robust against specks."""
    margin = Box(70, edition.height - 12, 70, 6)
    grid = strip_grid(margin, 8.0)
    ink = paper.sample(grid)
    return max(0.02, float(np.median(np.abs(ink - np.median(ink)))) * 1.4826)


def strip_grid(box: Box, per_mm: float) -> Grid:
    """A grid of ``per_mm`` samples over a box."""
    return Grid(box.x, box.y, per_mm, round(box.width * per_mm), round(box.height * per_mm))
