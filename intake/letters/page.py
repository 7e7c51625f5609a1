"""A page that nobody knows, set straight: which way its text runs, how it is tilted, its ink evenly lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import A4_HEIGHT
from intake.alignment import Alignment, Grey, reduce
from intake.sampling import Ink

PER_MM: Final = 8.0
"""Samples per mm of a page set straight: 200 dpi, what the line recogniser needs for type of 8 points."""
_COARSE: Final = 2.0
_FINE: Final = 4.0
_TILT: Final = 9
"""Degrees on either side that a page may lie askew."""
_STRIPS: Final = 64
"""Upright strips that a page is cut into to find its tilt: 3 mm wide, so that a tilted line leaves a strip
half a mm from where it came in at most.
"""
_SOLID: Final = 3.5
"""Mm on each side of what is broader than the strokes of any type."""
_DARK: Final = 0.3
"""Ink from which that is dark."""
_EDGES: Final = 0.02
_OUTDONE: Final = 2.0
"""Share of a page's rows that the edges of rules, pictures and folds may be, and how much more than the next
they may count: three lines of type are as few rows.
"""
_CREDIBLE: Final = (3.0, 26.0)
"""Pixels per mm that a file's own claim may amount to."""
_PAGE_SIDES: Final = (240.0, 380.0)
"""Mm of the long side of what is taken for a sheet of paper when a file says its resolution."""


@dataclass(frozen=True, slots=True, eq=False)
class StraightPage:
    """Ink (0 to 1, rows × columns, ``PER_MM`` samples to a mm) of the page set straight, and how its mm lie
    in the scan.
    """

    ink: Ink
    alignment: Alignment

    @property
    def width(self) -> float:
        return float(self.ink.shape[1] / PER_MM)

    @property
    def height(self) -> float:
        return float(self.ink.shape[0] / PER_MM)


def straighten(image: Grey, dpi: float | None = None) -> StraightPage:
    """Set a page straight; its text may still stand on its head (see :func:`upside_down`)."""
    per_mm = _scale(image, dpi)
    fine = _without_solids(_ink(_roughly_resized(image, _FINE / per_mm), _FINE))
    coarse: Ink = cv2.resize(fine, None, fx=_COARSE / _FINE, fy=_COARSE / _FINE, interpolation=cv2.INTER_AREA)
    upright, sideways = (_best_tilt(ink, range(-_TILT, _TILT + 1)) for ink in (coarse, np.rot90(coarse)))
    turn = 0 if upright[1] >= sideways[1] else 1
    middle = (upright, sideways)[turn][0]
    tilt, _ = _best_tilt(np.rot90(fine, turn), [middle + step / 8 for step in range(-8, 9)])
    return _taken(image, per_mm, turn, tilt)


def upside_down(page: StraightPage) -> StraightPage:
    """The same page turned by half a turn."""
    half = np.array([[-1.0, 0, page.width], [0, -1.0, page.height], [0, 0, 1]])
    turned = Alignment(page.alignment.matrix @ half, page.alignment.points, page.alignment.residual)
    return StraightPage(np.ascontiguousarray(page.ink[::-1, ::-1]), turned)


def _scale(image: Grey, dpi: float | None) -> float:
    """Pixels per mm: as the file says where that gives a sheet of paper, else as an A4 would have."""
    longest = max(image.shape)
    said = (dpi or 0.0) / 25.4
    if _CREDIBLE[0] <= said <= _CREDIBLE[1] and _PAGE_SIDES[0] <= longest / said <= _PAGE_SIDES[1]:
        return float(said)
    return float(longest / A4_HEIGHT)


def _resized(image: Grey, factor: float) -> Grey:
    rows, columns = image.shape
    size = max(1, round(columns * factor)), max(1, round(rows * factor))
    small: Grey = cv2.resize(image, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    return small


def _roughly_resized(image: Grey, factor: float) -> Grey:
    """As ``_resized`` at a tenth of its time: sharp enough to see how lines of type lie."""
    while factor <= 0.5:
        image, factor = reduce(image, 2)[0], 2 * factor
    rough: Grey = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    return rough


def _ink(grey: Grey, per_mm: float) -> Ink:
    """How much darker than the paper around it each sample is, the darkest strokes being 1."""
    small = cv2.resize(grey, None, fx=2 / per_mm, fy=2 / per_mm, interpolation=cv2.INTER_AREA)
    bright = cv2.dilate(cv2.medianBlur(small, 3), np.ones((9, 9), np.uint8))
    share = (1 / np.maximum(cv2.blur(bright, (15, 15)), np.float32(16))).astype(np.float32)
    # A sample every half mm tells well enough how dark the darkest strokes are.
    step = max(1, round(per_mm / 2))
    some = grey[::step, ::step]
    black = max(1 - float(np.percentile(some * cv2.resize(share, some.shape[::-1]), 0.4)), 0.15)
    spread = cv2.resize(share / np.float32(black), grey.shape[::-1])
    ink: Ink = cv2.multiply(grey, spread, dtype=cv2.CV_32F)
    np.subtract(np.float32(1 / black), ink, out=ink)
    return np.clip(ink, 0, 1, out=ink)


def _without_solids(ink: Ink) -> Ink:
    """The ink at ``_FINE`` without what is broader than type: a bar of colour down the side of a letterhead,
    a stamp, the table that a photograph shows around the paper. Their edges outdo a short letter's lines.
    """
    small: Ink = cv2.resize(ink, None, fx=_COARSE / _FINE, fy=_COARSE / _FINE, interpolation=cv2.INTER_AREA)
    side = round(_SOLID * _COARSE)
    solid = cv2.morphologyEx(small, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    near = cv2.dilate(solid, np.ones((5, 5), np.uint8))
    covered = cv2.resize(near, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) > _DARK
    return np.where(covered, np.float32(0), ink)


def _best_tilt(ink: Ink, degrees: range | list[float]) -> tuple[float, float]:
    """The tilt at which rows of ink and rows of paper differ most, and how much they do then: a few rows that
    differ more than all others are the edges of something else and count as much as the others.

    Strips of the page are slid along each other, which for its rows is as good as turning it.
    """
    rows, columns = ink.shape
    weight = cv2.GaussianBlur(ink, (0, 0), 0.8)
    strips = cv2.resize(weight, (_STRIPS, rows), interpolation=cv2.INTER_AREA)
    width = columns / _STRIPS
    best, tilt = np.zeros(rows - 1), 0.0
    for degree in degrees:
        slope = width * float(np.tan(np.radians(degree)))
        slide = np.array([[1.0, 0, 0], [-slope, 1, slope * (_STRIPS - 1) / 2]])
        profile = width * cv2.warpAffine(strips, slide, (_STRIPS, rows)).sum(axis=1)
        steps = np.square(np.diff(profile))
        if steps.sum() > best.sum() or not best.any():
            best, tilt = steps, float(degree)
    most = _OUTDONE * float(np.quantile(best, 1 - _EDGES))
    return tilt, float(np.minimum(best, most).sum())


def _taken(image: Grey, per_mm: float, turn: int, tilt: float) -> StraightPage:
    """The page's ink at ``PER_MM`` after a quarter turn and a tilt, both as one warp of the scan."""
    rows, columns = image.shape
    wide, high = (rows, columns) if turn else (columns, rows)
    # Of the picture after the quarter turn (counter-clockwise) to the scan itself.
    quarter = np.array([[0, -1.0, columns - 1], [1, 0, 0], [0, 0, 1]]) if turn else np.eye(3)
    lean = np.vstack((cv2.getRotationMatrix2D((wide / 2, high / 2), tilt, 1.0), [0, 0, 1]))
    to_scan = quarter @ np.linalg.inv(lean) @ np.diag([per_mm, per_mm, 1.0])
    size = round(wide / per_mm * PER_MM), round(high / per_mm * PER_MM)
    source, reduction = image, 1.0
    if per_mm > 1.5 * PER_MM:
        reduction = PER_MM * 1.25 / per_mm
        source = _resized(image, reduction)
    matrix = np.diag([reduction, reduction, 1.0]) @ to_scan @ np.diag([1 / PER_MM, 1 / PER_MM, 1.0])
    grey = cv2.warpAffine(
        source,
        matrix[:2],
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return StraightPage(_ink(np.asarray(grey, np.uint8), PER_MM), Alignment(to_scan, 0, 0.0))


def strokes_of(ink: Ink) -> NDArray[np.uint8]:
    """1 where a page's ink is a stroke."""
    dark: NDArray[np.uint8] = (cv2.GaussianBlur(ink, (0, 0), 0.6) > 0.33).astype(np.uint8)
    return dark
