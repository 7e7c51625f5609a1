"""The lines of a box as pictures for the line recogniser: text cut into lines, combs pushed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.residue import PER_MM, POINT_OF_INK, faint_strokes, strokes
from intake.sampling import Ink

FRAMES: Final = ((0.14, 0.32), (0.24, 0.45))
"""Two ways to show a line: paper above and below as a share of its height, and mm between comb signs.

What the recogniser reads the same both ways it seldom reads wrong."""

_ACCENT: Final = 1.2
_POINT: Final = 1.5
"""Mm beside a line's strokes in which small ink is an accent, or a point at its end."""
_WALL: Final = 0.35
"""Mm beside a comb's wall that are left out."""
_MARGIN: Final = 2
_BODY: Final = 0.3
"""Share of a line's fullest row that the rows between the feet and heads of its small letters have."""
_NEAR: Final = 1.4
"""Mm up and down in which a row's fullest neighbour is looked for: less than from one line to the next."""
_TALLER, _WIDER, _WIDTH = 1.18, 1.3, 0.6
"""How much higher than most of a comb's signs one may be, and how much wider than three of four of them or
than so much of their height. A stroke through a digit reaches beyond it: it did on all of 50; of 160 combs in
ten typefaces none was uneven.
"""
_THIN: Final = 0.8
"""Mm under which a band of ink is accents, not the body of a line."""


@dataclass(frozen=True, slots=True, eq=False)
class TypedLine:
    """A line cut to its strokes: its ink, where its strokes are, and its views for the recogniser.
    ``headroom`` are mm from the top of its box to its strokes.
    """

    ink: Ink
    dark: NDArray[np.uint8]
    views: tuple[Ink, ...]
    headroom: float = np.inf


def cut_lines(ink: Ink) -> list[TypedLine]:
    """The lines of running text in a residue, from the top."""
    dark, fine = strokes(ink), faint_strokes(ink)
    return [_line(ink[top:bottom], dark[top:bottom], fine[top:bottom], top) for top, bottom in _bands(dark)]


def _line(ink: Ink, dark: NDArray[np.uint8], fine: NDArray[np.uint8], top: int) -> TypedLine:
    """A line, ``top`` rows under its box's, cut to its strokes and to the points and accents beside them."""
    rows = _reach(dark.max(axis=1), fine.max(axis=1), _ACCENT)
    headroom = (top + int(np.flatnonzero(dark.max(axis=1))[0])) / PER_MM
    columns = _reach(dark.max(axis=0), fine[rows].max(axis=0), _POINT)
    ink, dark = ink[rows, columns], dark[rows, columns]
    return TypedLine(ink, dark, tuple(_framed(ink, share) for share, _ in FRAMES), headroom)


def _reach(strong: NDArray[np.uint8], fine: NDArray[np.uint8], reach: float) -> slice:
    """From the first to the last of ``strong``, and on to what of ``fine`` is within ``reach`` mm."""
    places, step = np.flatnonzero(strong), round(reach * PER_MM)
    first, last = int(places[0]), int(places[-1])
    near = np.flatnonzero(fine[max(0, first - step) : last + step + 1]) + max(0, first - step)
    return slice(min(first, int(near.min(initial=first))), max(last, int(near.max(initial=last))) + 1)


def _framed(ink: Ink, share: float) -> Ink:
    """The line with paper around it and its darkest ink black."""
    edge = round(share * ink.shape[0]) + _MARGIN
    black = max(float(np.percentile(ink, 99)), 0.2)
    framed: Ink = np.pad(np.minimum(ink / black, 1.0), edge)
    return framed


def _bands(dark: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """First and last row of each line. Lines part at the emptiest row between their bodies, so that
    accents and tails stay with their own.
    """
    rows = dark.sum(axis=1).astype(np.float32)
    if not rows.any():
        return []
    soft = cv2.GaussianBlur(rows[:, None], (1, 7), 0)[:, 0]
    around = cv2.dilate(soft[:, None], np.ones((2 * round(_NEAR * PER_MM) + 1, 1)))[:, 0]
    busy = soft > np.maximum(_BODY * around, 1.0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], busy.astype(np.int8), [0])))).reshape(-1, 2)
    bodies = [(int(top), int(bottom)) for top, bottom in edges if bottom - top >= _THIN * PER_MM]
    cuts = [0, *(_emptiest(soft, upper, lower) for upper, lower in pairwise(bodies)), len(rows)]
    return [band for band in pairwise(cuts) if dark[slice(*band)].any()]


def _emptiest(soft: NDArray[np.float32], upper: tuple[int, int], lower: tuple[int, int]) -> int:
    """The row between two bodies where least ink stands, the middle one of several."""
    between = soft[upper[1] : lower[0]]
    return upper[1] + int(np.median(np.flatnonzero(between <= between.min() + 1e-3)))


@dataclass(frozen=True, slots=True, eq=False)
class TypedComb:
    """A comb's signs pushed together as running text; ``inked`` says which cells hold ink, ``even`` whether
    none is larger than signs of one typeface beside each other are: digits are of one height.
    """

    line: TypedLine
    inked: tuple[bool, ...]
    even: bool


def join_comb(ink: Ink, cells: int, pitch: float) -> TypedComb | None:
    """The signs of a comb whose residue starts at its left wall; nothing when no cell holds ink."""
    dark = strokes(ink, POINT_OF_INK)
    wall, step = round(_WALL * PER_MM), pitch * PER_MM
    spans = [(round(place * step) + wall, round((place + 1) * step) - wall) for place in range(cells)]
    pieces = [_piece(dark, start, end) for start, end in spans]
    held = [piece for piece in pieces if piece is not None]
    if not held:
        return None
    rows = np.flatnonzero(np.any([dark[:, start:end].any(axis=1) for start, end in held], axis=0))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    views = [_joined(ink[top:bottom], held, gap) for _, gap in FRAMES]
    shown = _joined(dark[top:bottom].astype(np.float32), held, FRAMES[0][1])
    framed = tuple(_framed(view, share) for view, (share, _) in zip(views, FRAMES, strict=True))
    line = TypedLine(views[0], (shown > 0.5).astype(np.uint8), framed)
    sizes = [_size(dark[:, start:end]) for start, end in held]
    return TypedComb(line, tuple(piece is not None for piece in pieces), _are_even(sizes))


def _size(dark: NDArray[np.uint8]) -> tuple[int, int]:
    """Columns and rows from the first to the last ink of a sign."""
    columns, rows = (np.flatnonzero(dark.any(axis=axis)) for axis in (0, 1))
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def _are_even(sizes: Sequence[tuple[int, int]]) -> bool:
    """Whether no sign is higher or wider than the others let expect; dashes and ones are less than others."""
    wide, high = (np.array(side) for side in zip(*sizes, strict=True))
    height = float(np.median(high[high > np.quantile(high, 0.75) / 2]))
    width = max(float(np.quantile(wide, 0.75)), _WIDTH * height)
    return bool(high.max() <= _TALLER * height and wide.max() <= _WIDER * width)


def _piece(dark: NDArray[np.uint8], start: int, end: int) -> tuple[int, int] | None:
    """First and last column of a cell's sign, or nothing when the cell is empty."""
    columns = np.flatnonzero(dark[:, start:end].any(axis=0))
    if columns.size < 2:
        return None
    return max(start, start + int(columns[0]) - _MARGIN), min(end, start + int(columns[-1]) + 1 + _MARGIN)


def _joined(ink: Ink, pieces: Sequence[tuple[int, int]], gap: float) -> Ink:
    between = np.zeros((ink.shape[0], round(gap * PER_MM)), np.float32)
    parts: list[Ink] = []
    for start, end in pieces:
        parts += [ink[:, start:end], between]
    return np.concatenate(parts[:-1], axis=1)
