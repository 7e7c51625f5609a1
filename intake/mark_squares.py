"""Corner marks that can no longer be read as marks: four dark squares that stand as the corners of a page.

Grain, toner that ran and coarse scans close the pattern inside a mark long before they hide its square. Four
squares of the right size, at the right distances from each other, are as good to hold the page by. They do
not say which way round it lies, nor that it is a page of ours: whoever asks must still recognise it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.model import PageFrame
from intake.alignment import Grey, Points, corners
from intake.sampling import Ink

LOOK: Final = 800
"""Long side in px that squares are looked for at: a mark of an A4 page is 13 to 24 px wide."""
_SIDES: Final = (12, 16, 21)
"""Widths of squares in px that are looked for, each good for about a quarter more and less."""
_STRONGEST: Final = 28
_FAINT: Final = 0.12
"""Share of the paper's brightness that a square must be darker than what is around it."""
_OFF: Final = 0.07
"""Share of the page's diagonal by which perspective moves a corner from where the two others say."""
_UNLIKE: Final = 1.6
"""How many times wider or narrower than the page's size says a square may seem."""


@dataclass(frozen=True, slots=True, eq=False)
class DarkSquare:
    """A dark square: its middle in px of the look, its width there and how much darker than around it is."""

    middle: Points
    side: float
    dark: float


def find_mark_squares(
    image: Grey, frame: PageFrame, seen: dict[int, Points]
) -> tuple[dict[int, Points], ...]:
    """Corners in scan px of all four marks of the page, found by their squares: for each way that the page
    may lie, or nothing at all.

    ``seen`` are the marks that could be read: a page that does not have these at their places is none.
    """
    factor = max(image.shape) / LOOK
    size = round(image.shape[1] / factor), round(image.shape[0] / factor)
    look = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    known = {place: points.mean(axis=0) / factor for place, points in seen.items()}
    paper = np.array([corners(mark).mean(axis=0) for mark in frame.marks])
    best: tuple[float, Points] | None = None
    squares = dark_squares(look)
    for first in squares:
        for third in squares:
            page = _page_of(squares, first, third, paper, frame.marks[0].width, known)
            if page is not None and (best is None or page[0] > best[0]):
                best = page
    if best is None:
        return ()
    middles = best[1]
    ways = (middles,) if known else (middles, np.roll(middles, 2, axis=0))
    return tuple(_corners_of(way, frame, paper, factor) | seen for way in ways)


def _corners_of(middles: Points, frame: PageFrame, paper: Points, factor: float) -> dict[int, Points]:
    """The marks' corners in scan px, from their middles in px of the look."""
    onto = cv2.getPerspectiveTransform(
        paper.astype(np.float32), ((middles + 0.5) * factor - 0.5).astype(np.float32)
    )
    marks = enumerate(frame.marks)
    return {place: cv2.perspectiveTransform(corners(mark)[None], onto)[0] for place, mark in marks}


def darkness(look: Grey) -> Ink:
    """How much darker than the paper around it each px of a look is, as a share of the paper's brightness."""
    smooth = cv2.GaussianBlur(look, (0, 0), 1.0).astype(np.float32)
    light = cv2.blur(cv2.dilate(cv2.medianBlur(look, 5), np.ones((31, 31), np.uint8)), (31, 31))
    ink: Ink = 1.0 - smooth / np.maximum(light.astype(np.float32), 16.0)
    return ink


def dark_squares(look: Grey) -> list[DarkSquare]:
    """The squares that are darkest against what is around them, the strongest first, each once."""
    ink = darkness(look)
    found: list[DarkSquare] = []
    for side in _SIDES:
        ring = _ring(side)
        answer = cv2.blur(ink, (side | 1, side | 1)) - cv2.filter2D(ink, -1, ring / ring.sum())
        peak = cv2.dilate(answer, np.ones((side, side), np.uint8))
        rows, columns = np.nonzero((answer >= peak) & (answer > _FAINT))
        found += [
            DarkSquare(_top(answer, y, x), float(side), float(answer[y, x]))
            for y, x in zip(rows.tolist(), columns.tolist(), strict=True)
        ]
    found.sort(key=lambda square: -square.dark)
    once: list[DarkSquare] = []
    for square in found:
        if all(np.hypot(*(square.middle - other.middle)) > other.side * 0.7 for other in once):
            once.append(square)
        if len(once) == _STRONGEST:
            break
    return once


def _top(answer: Ink, row: int, column: int) -> Points:
    """The place (x, y) of a peak between the px, by a parabola through it and its neighbours each way."""
    if not (0 < row < answer.shape[0] - 1 and 0 < column < answer.shape[1] - 1):
        return np.array([float(column), float(row)])

    def between(before: float, here: float, after: float) -> float:
        bend = before - 2 * here + after
        return 0.5 * (before - after) / bend if bend < -1e-6 else 0.0

    across = between(*answer[row, column - 1 : column + 2].tolist())
    down = between(*answer[row - 1 : row + 2, column].tolist())
    return np.array([column + across, row + down])


def _ring(side: int) -> Ink:
    """What lies around a square of that width, whichever way it is turned: a ring a quarter of it wide."""
    reach = round(side * 1.05)
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    distance = np.hypot(right, down)
    ring: Ink = ((distance >= 0.78 * side) & (distance <= 1.03 * side)).astype(np.float32)
    return ring


def _page_of(
    squares: list[DarkSquare],
    first: DarkSquare,
    third: DarkSquare,
    paper: Points,
    width: float,
    known: dict[int, NDArray[np.float64]],
) -> tuple[float, Points] | None:
    """How good a page is that has ``first`` and ``third`` as opposite marks, and the middles of all four.

    ``paper`` are the middles of the marks in mm, ``width`` is theirs; ``known`` are those that were read.
    """
    if first is third:
        return None
    across, diagonal = third.middle - first.middle, paper[2] - paper[0]
    reach = float(np.hypot(*across))
    scale = reach / float(np.hypot(*diagonal))
    if not _alike(first.side, scale * width) or not _alike(third.side, scale * width):
        return None
    # Paper and scan are complex planes: a turn and a scale are one number.
    turn = complex(*across) / complex(*diagonal)
    chosen, merit = [first, third], first.dark + third.dark
    for place in (1, 3):
        step = turn * complex(*(paper[place] - paper[0]))
        where = first.middle + np.array([step.real, step.imag])
        near = [
            (square.dark - float(np.hypot(*(square.middle - where))) / reach, square)
            for square in squares
            if square not in chosen
            and _alike(square.side, scale * width)
            and float(np.hypot(*(square.middle - where))) < _OFF * reach
        ]
        if not near:
            return None
        gain, square = max(near, key=lambda pair: pair[0])
        merit, chosen = merit + gain, [*chosen, square]
    middles = np.array([chosen[place].middle for place in (0, 2, 1, 3)])
    if any(float(np.hypot(*(middles[place] - at))) > 0.03 * reach for place, at in known.items()):
        return None
    return merit, middles


def _alike(side: float, meant: float) -> bool:
    return side / _UNLIKE <= meant <= side * _UNLIKE
