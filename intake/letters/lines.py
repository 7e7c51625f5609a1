"""The lines of a page that nobody knows: signs smeared along the rows, each line cut out by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from intake.letters.page import PER_MM, strokes_of
from intake.pieces import find_pieces
from intake.sampling import Ink

_SIGN: Final = (0.9, 7.0)
"""Heights in mm of what may be a letter."""
_WIDEST_SIGN: Final = 22.0
"""Mm from which a connected piece is a rule or a signature, not letters that touch."""
_LEAST: Final = 0.05
"""Mm² under which a piece is dust."""
_GAP: Final = 2.6
"""Heights of a sign between two signs from which they stand in different lines, or columns."""
_EVEN: Final = 0.7
"""Heights of a sign by which the gaps of a row that was spread to the margins may differ: type sets all
alike, and letters fill their own room more or less.
"""
_AT_MARGIN: Final = 1.5
"""Mm from the outermost signs of the page at which such a row begins and ends."""
_BLANK: Final = 0.5
"""Heights of a sign that are left between its words for the recogniser."""
_FAINT: Final = 0.1
"""Ink of the faintest edge of a sign."""
_AT_ONCE: Final = 1000
"""Pieces whose places are held against all lines in one step: 1.6 MB of memory for 200 lines."""
_MARGIN: Final = 0.16
"""Share of a line's height left as paper above and below it for the recogniser."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundLine:
    """A line cut out with paper around it, and the box of its signs in mm.

    The words of a line that was spread to the margins are closed up in ``ink``; ``words`` are their boxes,
    none for all other lines.
    """

    ink: Ink
    box: Box
    words: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PageInk:
    """The lines of a page in reading order; all its strokes, and those that belong to no line (1 where they
    are).
    """

    lines: tuple[FoundLine, ...]
    strokes: NDArray[np.uint8]
    rest: NDArray[np.uint8]


_Stats = NDArray[np.int32]
_Part = TypeVar("_Part")
_Edges = tuple[int, int, int, int]
"""Left, top, right and bottom of signs on one row, in samples."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Signs on one row; the columns (first, one after the last) of its words if it was spread out."""

    edges: _Edges
    words: tuple[tuple[int, int], ...] = ()


def find_lines(ink: Ink) -> PageInk:
    """Find the lines of an upright page with ``PER_MM`` samples to the mm."""
    dark = strokes_of(ink)
    _, labels, stats = find_pieces(dark)
    signs = _signs(stats)
    if not signs.any():
        return PageInk((), dark, dark)
    high = float(np.median(stats[signs, cv2.CC_STAT_HEIGHT]))
    inked = np.flatnonzero(dark.view(np.bool_))  # an eighth of the time that it takes of numbers
    segments = _segments(_painted(signs, labels, inked), high)
    owner = _owners(stats, [segment.edges for segment in segments], high)
    lines = [
        _cut(ink, labels, stats, owner, place, high, segment.words) for place, segment in enumerate(segments)
    ]
    found = [line for line in lines if line is not None]
    return PageInk(tuple(_in_order(found)), dark, _painted(owner < 0, labels, inked))


def _painted(
    chosen: NDArray[np.bool_], labels: NDArray[np.int32], inked: NDArray[np.intp]
) -> NDArray[np.uint8]:
    """1 on the chosen pieces. Only the places of ink are looked at, a twentieth of a page."""
    painted = np.zeros(labels.size, np.uint8)
    painted[inked] = chosen[labels.ravel()[inked]]
    return painted.reshape(labels.shape)


def _signs(stats: _Stats) -> NDArray[np.bool_]:
    """Which pieces have the size of letters."""
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / PER_MM, stats[:, cv2.CC_STAT_HEIGHT] / PER_MM
    area = stats[:, cv2.CC_STAT_AREA] / PER_MM**2
    fits = (high >= _SIGN[0]) & (high <= _SIGN[1]) & (wide <= _WIDEST_SIGN) & (area >= _LEAST)
    fits[0] = False
    return fits


def _segments(signs: NDArray[np.uint8], high: float) -> list[_Segment]:
    """Rows of signs; what runs over several rows is parted, and a row that was spread to the margins is one,
    with the words of a single letter that would be nothing by themselves.
    """
    reach = max(3, round(_GAP * high)) | 1
    smeared = cv2.morphologyEx(signs, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8), borderValue=0)
    outlines, nesting = cv2.findContours(smeared, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:  # what stands at the very edge of a page is not smeared, and nothing else is left
        return []
    # What has an outline around it is a hole; all others are segments, one inside a stamp's ring too.
    outer = [line for line, around in zip(outlines, nesting[0, :, 3], strict=True) if around < 0]
    boxes: list[_Edges] = []
    for left, top, wide, tall in sorted(map(cv2.boundingRect, outer), key=lambda box: (box[1], box[0])):
        for first, last in _rows(signs[top : top + tall, left : left + wide], high):
            columns = np.flatnonzero(signs[top + first : top + last, left : left + wide].any(axis=0))
            boxes.append((left + int(columns[0]), top + first, left + int(columns[-1]) + 1, top + last))
    segments = [segment for row in _rows_of(boxes) for segment in _joined(row, boxes, high)]
    return [segment for segment in segments if segment.edges[2] - segment.edges[0] >= 0.8 * high]


def _rows_of(boxes: list[_Edges]) -> list[list[_Edges]]:
    """The boxes that stand on one height, from the left."""
    return [sorted(row) for row in _in_rows(boxes, lambda box: (box[1], box[3]))]


def _in_rows(parts: Iterable[_Part], sides: Callable[[_Part], tuple[float, float]]) -> list[list[_Part]]:
    """Parts of a page by the rows that they stand on; ``sides`` gives the top and the bottom of one."""
    rows: list[list[_Part]] = []
    for part in sorted(parts, key=lambda part: sum(sides(part))):
        if rows:
            top, bottom = sides(rows[-1][0])
            if top < sum(sides(part)) / 2 < bottom:
                rows[-1].append(part)
                continue
        rows.append([part])
    return rows


def _joined(row: list[_Edges], boxes: list[_Edges], high: float) -> list[_Segment]:
    """One segment where a row reaches from margin to margin and all its gaps are as wide, else each box."""
    lefts, tops, rights, bottoms = zip(*row, strict=True)
    rim = _AT_MARGIN * PER_MM
    reaches = lefts[0] <= min(box[0] for box in boxes) + rim and rights[-1] >= max(b[2] for b in boxes) - rim
    gaps = [after - before for before, after in zip(rights, lefts[1:], strict=False)]
    if len(row) < 3 or not reaches or max(gaps) - min(gaps) > _EVEN * high:
        return [_Segment(box) for box in row]
    words = tuple(zip(lefts, rights, strict=True))
    return [_Segment((lefts[0], min(tops), rights[-1], max(bottoms)), words)]


def _rows(signs: NDArray[np.uint8], high: float) -> list[tuple[int, int]]:
    """The piece itself, or its rows where it is as high as several."""
    tall = signs.shape[0]
    if tall < 2.1 * high:
        return [(0, tall)]
    profile = cv2.GaussianBlur(signs.sum(axis=1).astype(np.float32)[:, None], (1, 5), 0)[:, 0]
    around = cv2.dilate(profile[:, None], np.ones((2 * round(1.3 * high) + 1, 1)))[:, 0]
    busy = np.concatenate(([0], (profile > 0.3 * around).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(busy)).reshape(-1, 2)
    bodies = [(int(a), int(b)) for a, b in edges if b - a >= 0.35 * high]
    if len(bodies) < 2:
        return [(0, tall)]
    cuts = [0]
    for upper, lower in pairwise(bodies):
        between = profile[upper[1] : lower[0] + 1]
        cuts.append(upper[1] + int(np.median(np.flatnonzero(between <= between.min() + 1e-3))))
    cuts.append(tall)
    return [(a, b) for a, b in pairwise(cuts) if signs[a:b].any()]


def _owners(stats: _Stats, boxes: list[_Edges], high: float) -> NDArray[np.int32]:
    """For each piece the segment that it belongs to, or -1: accents and stops go to the nearest one."""
    owner = np.full(len(stats), -1, np.int32)
    if not boxes:
        return owner
    left, top, right, bottom = np.array(boxes, np.float64).T
    small = (stats[:, cv2.CC_STAT_HEIGHT] <= _SIGN[1] * PER_MM) & (
        stats[:, cv2.CC_STAT_WIDTH] <= _WIDEST_SIGN * PER_MM
    )
    small[0] = False
    pieces = np.flatnonzero(small)
    for some in np.split(pieces, range(_AT_ONCE, len(pieces), _AT_ONCE)):
        x = (stats[some, cv2.CC_STAT_LEFT] + stats[some, cv2.CC_STAT_WIDTH] / 2)[:, None]
        y = (stats[some, cv2.CC_STAT_TOP] + stats[some, cv2.CC_STAT_HEIGHT] / 2)[:, None]
        aside = np.maximum(0, np.maximum(left - x, x - right))
        off = np.maximum(0, np.maximum(top - y, y - bottom))
        near = (aside <= 0.8 * high) & (off <= 0.75 * high)
        middle = np.abs((top + bottom) / 2 - y)
        nearest = np.argmin(np.where(near, off * 10 + aside + middle / 10, np.inf), axis=1)
        owner[some] = np.where(near.any(axis=1), nearest, -1)
    return owner


def _cut(
    ink: Ink,
    labels: NDArray[np.int32],
    stats: _Stats,
    owner: NDArray[np.int32],
    place: int,
    high: float,
    words: tuple[tuple[int, int], ...],
) -> FoundLine | None:
    """One line by itself, what belongs to others blanked out."""
    pieces = stats[owner == place]
    if not len(pieces):
        return None
    left, top = int(pieces[:, 0].min()), int(pieces[:, 1].min())
    right = int((pieces[:, 0] + pieces[:, 2]).max())
    bottom = int((pieces[:, 1] + pieces[:, 3]).max())
    if right - left < high or bottom - top < 0.5 * high:
        return None
    window = slice(max(top - 1, 0), bottom + 1), slice(max(left - 1, 0), right + 1)
    other = ((owner != place) & (np.arange(len(owner)) != 0))[labels[window]]
    alone = np.where(cv2.dilate(other.astype(np.uint8), np.ones((3, 3))) > 0, np.float32(0), ink[window])
    if words:
        # Accents reach over their letters' sides, and the last stop stands after its word.
        cuts = [(before + after) // 2 - window[1].start for (_, before), (after, _) in pairwise(words)]
        alone = _closed_up(np.split(alone, cuts, axis=1), round(_BLANK * high))
    black = max(float(np.percentile(alone, 98)), 0.3)
    edge = round(_MARGIN * (bottom - top)) + 1
    framed: Ink = np.pad(np.minimum(alone / black, 1.0).astype(np.float32), edge)
    boxes = tuple(_in_mm(first, top, last, bottom) for first, last in words)
    return FoundLine(framed, _in_mm(left, top, right, bottom), boxes)


def _closed_up(words: list[Ink], blank: int) -> Ink:
    """Words side by side with so many samples of paper between them."""
    parts: list[Ink] = []
    for word in words:
        inked = np.flatnonzero(word.max(axis=0) > _FAINT)
        if inked.size:
            parts += [word[:, inked[0] : inked[-1] + 1], np.zeros((len(word), blank), np.float32)]
    return np.concatenate(parts[:-1] or words, axis=1)


def _in_mm(left: int, top: int, right: int, bottom: int) -> Box:
    return Box(left / PER_MM, top / PER_MM, (right - left) / PER_MM, (bottom - top) / PER_MM)


def _in_order(lines: list[FoundLine]) -> list[FoundLine]:
    """From the top, and on one row from the left."""
    rows = _in_rows(lines, lambda line: (line.box.y, line.box.bottom))
    return [line for row in rows for line in sorted(row, key=lambda line: line.box.x)]
