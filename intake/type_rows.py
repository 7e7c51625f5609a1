"""Whether two traces are of one picture of a signature, and not of one rubber stamp: an office's stamp with a
name stands on every paper of it, and what coincides then is rows of type.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.pen_strokes import PER_MM, Mask, unruled
from intake.signature_traces import SAME, Points, Trace, coincidence

_TURNS: Final = range(-20, 21, 5)
"""Degrees by which a stamp may stand askew; a row is found when it is within 8 of one of them."""
_MARGIN: Final = 4.0
"""Mm of bare paper around the trace, for lines that are drawn broad."""
_LETTER: Final = 0.4
"""Share of a piece from which it is a letter of its row as a whole."""
_MOSTLY: Final = 0.85
"""Share of the cells in rows from which nothing is said: of 279 pairs of names that coincided by a stamp of
one to four rows across them, the one with more had 0.86 and more; drawn cursive hands have 0.4 to 0.9."""
_OUTSIDE: Final = 30
"""Cells outside rows that are needed to tell; they must coincide as the whole does. Of pairs with a stamp of
two rows at most 0.45 of them did, of copies 0.73 and more in 98 of 100."""


def is_same_picture(one: Trace, other: Trace) -> bool:
    """Whether two traces are of one picture; what is not sure is not."""
    found = coincidence(one, other)
    if found is None or min(float(side.mean()) for side in found) < SAME:
        return False
    return all(
        _coincides_outside(near, cells_in_rows(trace))
        for near, trace in zip(found, (one, other), strict=True)
    )


def _coincides_outside(near: NDArray[np.bool_], rows: NDArray[np.bool_]) -> bool:
    outside = near[~rows]
    told = outside.size >= _OUTSIDE and float(rows.mean()) <= _MOSTLY
    return told and float(outside.mean()) >= SAME


def cells_in_rows(trace: Trace) -> NDArray[np.bool_]:
    """Which cells of a trace stand in rows, as those of type do, in the order of its places."""
    places = trace.places() * np.float32(trace.spread)
    rows = np.zeros(len(places), np.bool_)
    for turn in _TURNS:
        mask, pixels = _draw(places, turn)
        rows |= unruled(mask)[pixels[:, 1], pixels[:, 0]] == 0
    return _with_letters(places, rows)


def _draw(places: Points, turn: float) -> tuple[Mask, NDArray[np.intp]]:
    """The cells as lines of a pen, turned by degrees, and where each of them is."""
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    turned = places @ np.array([[cos, sin], [-sin, cos]])
    pixels = np.floor((turned - turned.min(axis=0) + _MARGIN) * PER_MM).astype(np.intp)
    width, height = pixels.max(axis=0) + round(_MARGIN * PER_MM)
    mask = np.zeros((height, width), np.uint8)
    mask[pixels[:, 1], pixels[:, 0]] = 1
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8), pixels


def _with_letters(places: Points, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells in rows, and with them the rest of their letters."""
    mask, pixels = _draw(places, 0)
    count, labels = cv2.connectedComponents(mask)
    piece = labels[pixels[:, 1], pixels[:, 0]]
    inside = np.bincount(piece, weights=rows, minlength=count)
    share = inside / np.maximum(np.bincount(piece, minlength=count), 1)
    whole: NDArray[np.bool_] = rows | (share[piece] >= _LETTER)
    return whole
