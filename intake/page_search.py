"""Finding a page whose corner marks cannot be decoded, by what they and the small symbol look like.

Two dark squares say how a page would lie of which they are two marks; marks that were read say it better.
From there the rest is looked for, the nearest first, each with a picture of itself: what a decoder calls a
broken code is still more like its own picture than anything around it. Each find makes the next place better
known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import PageFrame
from generators.marks import MARK_ROWS
from intake.alignment import Alignment, Grey, Points, corners, fit, reduce
from intake.page_guesses import guess_pages
from intake.sampling import Ink
from intake.small_symbol import symbol_picture

_LOOK: Final = 1100
"""Long side in px of the look: 3 to 4 px to the mm, where a module of a mark is 4 px and grain is evened."""
_PER_MM: Final = 3.0
_EDGE: Final = 1.5
"""Mm of bare paper around a mark that its picture shows."""
_GUESSES: Final = 8
"""Guesses that are followed up, 5 ms each: on 60 extreme scans the right one was among the first three."""
_REACH: Final = 5.0
_STRAY: Final = 0.06
"""Mm around its place that a feature is looked for in, and how much more for each mm that it is away from the
nearest known one: perspective moves a corner by some 7 % of the page's width.
"""
_SEEN: Final = 0.42
"""Correlation from which a mark counts as found: true ones had 0.4 to 0.95, others mostly 0.2 to 0.4."""
_SYMBOL_SEEN: Final = 0.3
"""The same for the small symbol, half of which is different on every page."""
_SURE: Final = 3.2
"""Sum of the correlations of four marks and the symbol from which this is a page of ours: 120 scans of other
pages with squares of random ink stayed below 2.95, and so did the false guesses on 120 scans of our own.
"""
_KNOWN_ENOUGH: Final = 4
"""Features, of five, from which what was found is better than the fit to the marks that were read."""
_SYMBOL: Final = 4


@dataclass(frozen=True, slots=True)
class FoundPage:
    """How the page lies; ``marks`` are those that were found, with their corners in scan px."""

    alignment: Alignment
    marks: dict[int, Points]


@dataclass(frozen=True, slots=True)
class _Hold:
    """A page on the look: paper mm → px of the look, the features' middles there, and their correlations."""

    matrix: NDArray[np.float64]
    found: dict[int, Points]
    likeness: float


def complete_marks(image: Grey, frame: PageFrame, seen: Mapping[int, Points]) -> FoundPage | None:
    """The page held by the marks that were read and by what was found from there, if that is enough to be
    better than these marks alone.
    """
    factor = max(1, round(max(image.shape) / _LOOK))
    small = {place: (points + 0.5) / factor - 0.5 for place, points in seen.items()}
    alignment = fit(small, frame)
    if alignment is None:
        return None
    middles = {place: points.mean(axis=0) for place, points in small.items()}
    hold = _grow(_darkness(image, factor), frame, _Hold(alignment.matrix, middles, float(len(middles))))
    # A mark that was read wrongly leads nowhere: then little else is like its picture.
    if hold.likeness < _SURE or len(hold.found) < _KNOWN_ENOUGH:
        return None
    return _on_scan(hold, frame, factor)


def search_page(image: Grey, frame: PageFrame) -> FoundPage | None:
    """The page held by what its marks and symbol look like, or nothing where they are not surely there."""
    factor = max(1, round(max(image.shape) / _LOOK))
    dark = _darkness(image, factor)
    holds = [
        _grow(dark, frame, _Hold(guess, {}, 0.0)) for guess in guess_pages(image, frame, factor, _GUESSES)
    ]
    best = max(holds, key=lambda hold: hold.likeness, default=None)
    if best is None or best.likeness < _SURE or len(best.found) < 3:
        return None
    return _on_scan(best, frame, factor)


def _darkness(image: Grey, factor: int) -> Ink:
    look = cv2.GaussianBlur(reduce(image, factor)[0], (0, 0), 0.8)
    dark: Ink = np.float32(255.0) - look.astype(np.float32)
    return dark


def _on_scan(hold: _Hold, frame: PageFrame, factor: int) -> FoundPage | None:
    """The hold in px of the scan, unless it is of no possible size."""
    half = (factor - 1) / 2
    matrix = np.array([[factor, 0.0, half], [0.0, factor, half], [0.0, 0.0, 1.0]]) @ hold.matrix
    alignment = Alignment(matrix, 4 * len(hold.found), 0.0)
    if not np.isfinite(matrix).all() or not 1.5 <= alignment.px_per_mm <= 60:
        return None
    marks = {place: alignment.box_to_pixels(frame.marks[place]) for place in hold.found if place != _SYMBOL}
    return FoundPage(alignment, marks)


def _grow(dark: Ink, frame: PageFrame, hold: _Hold) -> _Hold:
    """The hold with all features that can be found, each from the place that those before it give it."""
    middles = _middles(frame)
    left = [place for place in range(len(middles)) if place not in hold.found]
    while left:
        known = middles[list(hold.found)] if hold.found else middles[:_SYMBOL].mean(axis=0, keepdims=True)
        away = [float(np.hypot(*(known - middles[place]).T).min()) for place in left]
        place = left.pop(int(np.argmin(away)))
        likeness, at = _find(dark, frame, hold.matrix, place, _REACH + _STRAY * min(away))
        hold = replace(hold, likeness=hold.likeness + likeness)
        if likeness >= (_SYMBOL_SEEN if place == _SYMBOL else _SEEN):
            found = hold.found | {place: at}
            hold = replace(hold, found=found, matrix=_refit(middles, found, hold.matrix))
    return hold


def _middles(frame: PageFrame) -> Points:
    return np.array([corners(box).mean(axis=0) for box in (*frame.marks, frame.small_seal)])


def _refit(middles: Points, found: dict[int, Points], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """The stiffest transform that the number of points asks for; ``before`` where they do not give one."""
    source, target = middles[list(found)], np.array(list(found.values()))
    if len(found) < 2:
        return before
    if len(found) >= 4:
        matrix = cv2.findHomography(source, target, 0)[0]
        return before if matrix is None else np.asarray(matrix, np.float64)
    if len(found) == 3:
        rows = cv2.getAffineTransform(source.astype(np.float32), target.astype(np.float32))
    else:
        rows = cv2.estimateAffinePartial2D(source, target)[0]
    return before if rows is None else np.vstack((rows, [0.0, 0.0, 1.0]))


def _find(
    dark: Ink, frame: PageFrame, matrix: NDArray[np.float64], place: int, reach: float
) -> tuple[float, Points]:
    """How like its picture a feature is where it is most so, and where on the look that is.

    Nothing is found beyond the edge of the scan, where there is no ink to compare.
    """
    picture, middle = _picture(frame, place), _middles(frame)[place]
    side = picture.shape[0] + 2 * round(reach * _PER_MM)
    first = middle - (side - 1) / 2 / _PER_MM
    to_paper = np.array([[1 / _PER_MM, 0, first[0]], [0, 1 / _PER_MM, first[1]], [0, 0, 1]])
    area = cv2.warpPerspective(
        dark,
        matrix @ to_paper,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    answer = cv2.matchTemplate(area, picture, cv2.TM_CCOEFF_NORMED)
    _, likeness, _, (right, down) = cv2.minMaxLoc(answer)
    half = (picture.shape[0] - 1) / 2
    at = np.array([[[right + half, down + half]]])
    found: Points = cv2.perspectiveTransform(at, matrix @ to_paper)[0, 0]
    inside = (found > 0).all() and found[0] < dark.shape[1] - 1 and found[1] < dark.shape[0] - 1
    even = float(area[down : down + len(picture), right : right + len(picture)].std()) < 1.0
    return (float(likeness) if inside and not even else 0.0), found


@cache
def _picture(frame: PageFrame, place: int) -> Ink:
    """A feature as ink at the samples of the search, upright and as soft as a scan makes it."""
    if place == _SYMBOL:
        return symbol_picture(frame, _PER_MM)
    return _mark_picture(frame.mark_numbers[place], frame.marks[place])


def _mark_picture(number: int, box: Box) -> Ink:
    rows = np.array([[float(module) for module in row] for row in MARK_ROWS[number]], np.float32)
    side = round(box.width * _PER_MM)
    fine = np.kron(rows, np.ones((side, side), np.float32))
    ink = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
    edge = round(_EDGE * _PER_MM)
    soft: Ink = cv2.GaussianBlur(np.pad(ink, edge), (0, 0), 1.0)
    return soft
