"""Guessing how a page may lie from any two dark squares on a scan, taken for two of its corner marks.

A guess costs next to nothing, so all pairs are tried; those are the best under which squares stand where the
other two marks would, and dark areas where the two symbols would. Somebody must look closer at each.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import PageFrame
from intake.alignment import Grey, corners
from intake.mark_squares import LOOK, DarkSquare, dark_squares, darkness
from intake.sampling import Ink

_SMALLEST: Final = 0.6
_LARGEST: Final = 1.3
"""Size that a page may have against one that fills the scan's longer side."""
_UNLIKE: Final = 1.6
"""How many times wider or narrower than the page's size says a square may seem."""
_OFF: Final = 22.0
"""Mm that a mark may stand beside its place: perspective of 7 % of the width, at both marks of the guess."""
_FULL_WORTH: Final = 1.5
"""What the full symbol's darkness counts for against a mark's: it is the largest dark area of a page."""
_AROUND: Final = 301
"""Px of the look against which an area must be dark: the lid of a scanner is no symbol."""
_SAME: Final = 25.0
"""Px of the look within which the corners of two guesses are one guess."""

_Places = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class _Guess:
    """Paper mm → px of the look, as complex numbers: a turn with a scale, and a start."""

    merit: float
    turn: complex
    start: complex

    def corners(self, marks: _Places) -> _Places:
        return self.start + self.turn * marks


def guess_pages(image: Grey, frame: PageFrame, factor: int, most: int) -> list[NDArray[np.float64]]:
    """The likeliest ways that the page may lie, best first: matrices from paper mm to px of the image when it
    is reduced by ``factor``.
    """
    scale = max(image.shape) / LOOK
    size = round(image.shape[1] / scale), round(image.shape[0] / scale)
    look = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    marks = np.array([_middle(box) for box in frame.marks])
    guesses = sorted(_guesses(look, frame, marks, most), key=lambda guess: -guess.merit)
    kept: list[_Guess] = []
    for guess in guesses:
        lie = guess.corners(marks)
        if all(np.abs(lie - other.corners(marks)).max() > _SAME for other in kept):
            kept.append(guess)
        if len(kept) == most:
            break
    return [_matrix(guess, scale / factor) for guess in kept]


def _matrix(guess: _Guess, scale: float) -> NDArray[np.float64]:
    turn = guess.turn * scale
    start = (guess.start + 0.5 + 0.5j) * scale - 0.5 - 0.5j
    return np.array([[turn.real, -turn.imag, start.real], [turn.imag, turn.real, start.imag], [0, 0, 1]])


def _middle(box: Box) -> complex:
    return complex(*corners(box).mean(axis=0))


def _guesses(look: Grey, frame: PageFrame, marks: _Places, most: int) -> Iterator[_Guess]:
    """The best guesses of each pair of marks."""
    squares = dark_squares(look)
    if len(squares) < 2:
        return
    ink = darkness(look)
    ink -= cv2.blur(ink, (_AROUND, _AROUND))
    base = LOOK / 297.0
    areas = [
        (_middle(box), worth, cv2.blur(ink, (round(box.width * base * 0.6) | 1,) * 2))
        for box, worth in ((frame.full_seal, _FULL_WORTH), (frame.small_seal, 1.0))
    ]
    for first, second in itertools.combinations(range(len(marks)), 2):
        turns, starts, merits = _pairs(squares, marks, first, second, frame.marks[0].width)
        for middle, worth, area in areas:
            merits = merits + worth * _looked_up(area, starts + turns * middle)
        for best in np.argsort(-merits)[:most].tolist():
            yield _Guess(float(merits[best]), complex(turns[best]), complex(starts[best]))


def _pairs(
    squares: list[DarkSquare], marks: _Places, first: int, second: int, width: float
) -> tuple[_Places, _Places, Ink]:
    """Turn, start and merit of each page of which two squares are the marks ``first`` and ``second``."""
    middles = np.array([complex(*square.middle) for square in squares])
    dark = np.array([square.dark for square in squares])
    side = np.array([square.side for square in squares])
    one, other = (places.ravel() for places in np.meshgrid(*[np.arange(len(squares))] * 2, indexing="ij"))
    turns = (middles[other] - middles[one]) / (marks[second] - marks[first])
    scale = np.abs(turns)
    good = (scale > _SMALLEST * LOOK / 297.0) & (scale < _LARGEST * LOOK / 297.0)
    for square in (one, other):
        good &= (side[square] < _UNLIKE * width * scale) & (side[square] * _UNLIKE > width * scale)
    one, other, turns = one[good], other[good], turns[good]
    starts = middles[one] - turns * marks[first]
    merits = dark[one] + dark[other]
    for place in set(range(len(marks))) - {first, second}:
        away = np.abs((starts + turns * marks[place])[:, None] - middles) / np.abs(turns)[:, None]
        merits = merits + np.where(away < _OFF, dark * (1 - away / (2 * _OFF)), 0).max(axis=1)
    return turns, starts, merits


def _looked_up(area: Ink, places: _Places) -> Ink:
    """The darkness at each place, none beyond the edge."""
    rows, columns = area.shape
    right, down = places.real.round().astype(int), places.imag.round().astype(int)
    inside = (right >= 0) & (right < columns) & (down >= 0) & (down < rows)
    found: Ink = np.where(inside, area[down.clip(0, rows - 1), right.clip(0, columns - 1)], 0)
    return found
