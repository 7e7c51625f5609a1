"""Was it typed or written by hand? How letters stand on their line and how their strokes run.

Type stands on one line, with upright stems of one width and rows of ink that begin and end sharply; the
measures below say how much of that a line of ink has. ``bench/lettering.py`` fits the curve over them, on
drawn hands, real words of four writers and ten typefaces.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.pieces import find_pieces
from intake.sampling import Ink

_ON_LINE: Final = 1.6
"""Samples (0.13 mm) from the line within which a letter stands on it."""
_TALL: Final = 0.35
"""Share of the line's height from which a piece is a letter and not an accent or a dot."""
_WEIGHTS: Final = (2.9, 18.8, 5.3, 15.3, -3.4)
_BIAS: Final = -9.6


@dataclass(frozen=True, slots=True)
class Lettering:
    """Measures of one line, each from 0 to 1.

    ``standing`` is the share of letters whose foot is on the line, ``upright`` and ``level`` the shares of
    edges within 8° of the vertical and of the horizontal, ``crisp`` how steeply the ink of a row rises or
    falls to the next, ``uneven`` the spread of the strokes' widths.
    """

    standing: float
    upright: float
    level: float
    crisp: float
    uneven: float


def measure_lettering(ink: Ink, dark: NDArray[np.uint8]) -> Lettering | None:
    """Measure a line cut to its ink; ``dark`` is 1 on its strokes. Nothing when there is hardly any."""
    if int(dark.sum()) < 20:
        return None
    upright, level = _directions(ink)
    rows = ink.mean(axis=1)
    crisp = float(np.abs(np.diff(rows)).max(initial=0.0) / max(float(rows.max()), 1e-3))
    return Lettering(_standing(dark), upright, level, min(crisp, 1.0), _unevenness(dark))


def typed_odds(lettering: Lettering) -> float:
    """The natural logarithm of the odds that a line with these measures was typed."""
    return _BIAS + float(np.dot(_WEIGHTS, astuple(lettering)))


def _standing(dark: NDArray[np.uint8]) -> float:
    """The share of letters that stand on the one line that most of them stand on."""
    count, _, stats = find_pieces(dark)
    letters = [stat for stat in stats[1:count] if stat[cv2.CC_STAT_HEIGHT] > _TALL * dark.shape[0]]
    if len(letters) < 2:
        return 0.5
    feet = np.array([stat[cv2.CC_STAT_TOP] + stat[cv2.CC_STAT_HEIGHT] for stat in letters], np.float64)
    middles = np.array([stat[cv2.CC_STAT_LEFT] + stat[cv2.CC_STAT_WIDTH] / 2 for stat in letters])
    off = feet - np.median(feet)
    if len(letters) >= 4:
        kept = np.ones(len(feet), bool)
        for _ in range(4):
            slope, foot = np.polyfit(middles[kept], feet[kept], 1)
            off = feet - (slope * middles + foot)
            near = np.abs(off) <= np.median(np.abs(off)) + 1.0
            kept = near if int(near.sum()) >= 3 else kept
    return float(np.mean(np.abs(off) < _ON_LINE))


def _directions(ink: Ink) -> tuple[float, float]:
    """The shares of edges that run within 8° of the vertical and of the horizontal."""
    soft = cv2.GaussianBlur(ink, (0, 0), 1.2)
    right, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength = np.hypot(right, down)
    steep = np.abs(down) < 0.14 * np.abs(right)
    flat = np.abs(right) < 0.14 * np.abs(down)
    whole = float(strength.sum()) + 1e-6
    return float(strength[steep].sum()) / whole, float(strength[flat].sum()) / whole


def _unevenness(dark: NDArray[np.uint8]) -> float:
    """The spread of the strokes' widths over their mean."""
    depth = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    ridge = depth[(depth >= cv2.dilate(depth, np.ones((3, 3)))) & (dark > 0)]
    return min(float(ridge.std() / ridge.mean()), 1.0)
