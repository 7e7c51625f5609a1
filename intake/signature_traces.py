"""The trace of a signature: where the middle of its lines went, so that the same picture is known again.

Nobody signs twice exactly alike. When the lines of two papers coincide but for what a scan does to them
(place, turn, size, breadth, a line that is lost), one of them is a copy. A trace serves that comparison and
no other: it holds neither pressure nor speed nor colour, and does not tell who signed. Nothing here needs an
image library. See decision 0015.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
"""Rows of right and down."""
Marks = NDArray[np.uint8] | NDArray[np.bool_]

PER_MM: Final = 4.0
"""Cells to the mm: half the line of a fine pen."""
_LARGEST: Final = (1200, 1200)
"""Columns and rows of cells up to which a trace is one: a sheet of A4."""
_LEAST: Final = 60
"""Cells of line from which a trace is kept: two short names of fewer may coincide by chance."""
_LEAST_SPREAD: Final = 3.5
"""Mm of spread from which it is: the hand's own slips are smaller than a scan's in a smaller one."""
_HEAD: Final = struct.Struct(">HHHHHh")
_FINE: Final = 100.0
"""Steps to the mm of centre and spread as they are written."""
_SLIM: Final = 1000.0
"""Steps of the slenderness as it is written."""

SAME: Final = 0.7
"""Likeness from which two traces are of one picture. Of 3,679 pairs of names that one person signed twice
none came to 0.59; of names printed on a second paper 90 in 100 came to 0.7 on clean scans, 88 on moderate."""
_NEAR: Final = 0.35
"""Mm between lines that are one: half a pen's breadth and what scans differ by, in the larger of the two."""
_SAMPLED: Final = 150
"""Cells of each trace that the fit is made with."""
_STEPS: Final = 14
_REACH: Final = (0.35, 0.8, 0.05)
"""Reach of a line at first, what is left of it after each step, and at last, in units of the spread."""
_FEWEST: Final = 20
"""Pairs of near cells that a fit needs."""
_MOST_SCALED: Final = 1.15
"""Times that one trace may be larger than the other beside what their spreads say: lines that a scan lost."""
_MOST_TURNED: Final = np.radians(10.0)
"""A picture stands as upright as the form; who turns it further is not found."""


class TraceShapeError(ValueError):
    """Bytes that are no trace."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Cells that the middle of the lines goes through, a packed mask row by row, ``PER_MM`` to the mm.

    ``centre`` of all ink and its ``spread`` around it (root mean square) are in mm; ``slender`` is the
    logarithm of how much wider than high the ink is spread.
    """

    columns: int
    rows: int
    cells: bytes
    centre: tuple[float, float]
    spread: float
    slender: float

    def places(self) -> Points:
        """The middles of its cells from the centre of the ink, in units of the spread."""
        mask = np.unpackbits(np.frombuffer(self.cells, np.uint8), count=self.rows * self.columns)
        rows, columns = np.nonzero(mask.reshape(self.rows, self.columns))
        mm = (np.stack((columns, rows), axis=1) + 0.5) / PER_MM
        return ((mm - self.centre) / self.spread).astype(np.float32)


def trace_of(strokes: Marks, middle: Marks, per_mm: float) -> Trace | None:
    """The trace of strokes, of which ``middle`` marks the middle of the lines; both ``per_mm`` to the mm.
    Nothing where there is too little to be known again.
    """
    rows, columns = np.nonzero(strokes)
    if not rows.size:
        return None
    across, down = (columns + 0.5) / per_mm, (rows + 0.5) / per_mm
    wide, high = float(across.std()), float(down.std())
    spread = float(np.hypot(wide, high))
    places = np.stack(np.nonzero(middle), axis=1)
    cells = np.floor((places + 0.5) * (PER_MM / per_mm)).astype(np.intp)
    size = tuple(int(np.ceil(side * PER_MM / per_mm)) for side in strokes.shape)
    mask = np.zeros(size, np.uint8)
    mask[cells[:, 0], cells[:, 1]] = 1
    if int(mask.sum()) < _LEAST or spread < _LEAST_SPREAD or min(wide, high) <= 0:
        return None
    packed = np.packbits(mask).tobytes()
    # As it will be read again, so that a kept trace equals the one that was seen.
    centre = _rounded(float(across.mean()), _FINE), _rounded(float(down.mean()), _FINE)
    slender = _rounded(float(np.log(wide / high)), _SLIM)
    return Trace(size[1], size[0], packed, centre, _rounded(spread, _FINE), slender)


def _rounded(value: float, steps: float) -> float:
    return round(value * steps) / steps


def encode_trace(trace: Trace) -> bytes:
    """The trace as it is kept: some hundred bytes."""
    head = _HEAD.pack(
        trace.columns,
        trace.rows,
        *(round(value * _FINE) for value in (*trace.centre, trace.spread)),
        round(trace.slender * _SLIM),
    )
    return head + zlib.compress(trace.cells, 9)


def decode_trace(data: bytes) -> Trace:
    """The trace from what was kept; :class:`TraceShapeError` for anything else."""
    try:
        columns, rows, right, down, spread, slender = _HEAD.unpack_from(data)
        if not (0 < columns <= _LARGEST[0] and 0 < rows <= _LARGEST[1] and spread):
            raise TraceShapeError("a trace of no size")
        length = -(-columns * rows // 8)
        unpacker = zlib.decompressobj()
        cells = unpacker.decompress(data[_HEAD.size :], length)
    except (struct.error, zlib.error) as error:
        raise TraceShapeError("these bytes are no trace") from error
    if len(cells) != length:
        raise TraceShapeError("a trace that is cut off")
    return Trace(columns, rows, cells, (right / _FINE, down / _FINE), spread / _FINE, slender / _SLIM)


def likeness(one: Trace, other: Trace) -> float:
    """How much of each trace lies on the other after the best shift, turn and scale: the lesser of the two
    shares, 0 to 1; 0 when one would have to be turned or scaled further than a copy is.
    """
    found = coincidence(one, other)
    return 0.0 if found is None else float(min(side.mean() for side in found))


def coincidence(one: Trace, other: Trace) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Which cells of each trace lie on the other after the best shift, turn and scale, in the order of
    ``Trace.places``; nothing when these are no copy's.
    """
    places, others = one.places(), other.places()
    fit = _fit(_sampled(places), _sampled(others))
    if fit is None:
        return None
    turn, shift = fit
    squares = _squares_between(places @ turn + shift, others)
    near = (_NEAR / max(one.spread, other.spread)) ** 2
    return squares.min(axis=1) < near, squares.min(axis=0) < near


def _sampled(places: Points) -> Points:
    return places[:: max(1, len(places) // _SAMPLED)]


def _squares_between(some: Points, others: Points) -> NDArray[np.float32]:
    squares: NDArray[np.float32] = (
        np.square(some).sum(axis=1)[:, None] + np.square(others).sum(axis=1)[None] - 2 * some @ others.T
    )
    return squares


def _fit(places: Points, others: Points) -> tuple[Points, Points] | None:
    """The turn and scale (a 2 × 2 matrix) and the shift that bring places onto others: pairs of nearest
    places, which come nearer with each step.
    """
    turn, shift = np.eye(2, dtype=np.float32), np.zeros(2, np.float32)
    reach, shrinking, least = _REACH
    for _ in range(_STEPS):
        squares = _squares_between(places @ turn + shift, others)
        nearest, nearest_back = squares.argmin(axis=1), squares.argmin(axis=0)
        there = squares[np.arange(len(places)), nearest] < reach**2
        back = squares[nearest_back, np.arange(len(others))] < reach**2
        source = np.concatenate((places[there], places[nearest_back[back]]))
        if len(source) < _FEWEST:
            return None
        turn, shift = _similarity(source, np.concatenate((others[nearest[there]], others[back])))
        reach = max(reach * shrinking, least)
    scale = float(np.hypot(turn[0, 0], turn[0, 1]))
    turned = abs(float(np.arctan2(turn[0, 1], turn[0, 0])))
    plausible = 1 / _MOST_SCALED <= scale <= _MOST_SCALED and turned <= _MOST_TURNED
    return (turn, shift) if plausible else None


def _similarity(source: Points, target: Points) -> tuple[Points, Points]:
    """The turn, scale and shift of least squares."""
    middle, aim = source.mean(axis=0), target.mean(axis=0)
    some, others = source - middle, target - aim
    size = max(float(np.square(some).sum()), 1e-9)
    along = float((some * others).sum()) / size
    around = float((some[:, 0] * others[:, 1] - some[:, 1] * others[:, 0]).sum()) / size
    turn = np.array([[along, around], [-around, along]], np.float32)
    return turn, aim - middle @ turn
