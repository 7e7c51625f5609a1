"""A first, quick comparison of one trace with very many: of each a sketch, all at one size and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.signature_traces import Trace

Sketches = NDArray[np.uint64]

_ROWS: Final = 32
_COLUMNS: Final = 64
"""A row of a sketch is one number of 64 bits."""
_CELL: Final = 0.08
"""Side of a sketch's cell in units of the spread: 2.56 spreads to each side hold a name."""
SLENDER_REACH: Final = 0.12
"""How far the slenderness of one picture goes in two scans: 98 of 100 stay within."""
_ALIKE: Final = 0.75
"""Share of each sketch that lies beside the other from which a closer look is worth it: of one picture 98 of
100 have it."""
BYTES: Final = _ROWS * _COLUMNS // 8


def sketch_of(trace: Trace) -> bytes:
    """The sketch of a trace."""
    middle = np.array((_COLUMNS // 2, _ROWS // 2))
    cells = np.floor(trace.places() / _CELL).astype(np.intp) + middle
    inside = ((cells >= 0) & (cells < (_COLUMNS, _ROWS))).all(axis=1)
    mask = np.zeros((_ROWS, _COLUMNS), np.uint8)
    mask[cells[inside, 1], cells[inside, 0]] = 1
    return np.packbits(mask).tobytes()


def most_alike(own: bytes, others: Sequence[bytes], most: int) -> list[int]:
    """The places of the ``most`` sketches that are worth a closer look, the most alike first."""
    if not others:
        return []
    one, many = _rows_of([own]), _rows_of(others)
    here, there = _lines_in(one), _lines_in(many)
    shared_here = _lines_in(one & _broader(many)) / np.maximum(here, 1)
    shared_there = _lines_in(_broader(one) & many) / np.maximum(there, 1)
    alike = np.minimum(shared_here, shared_there)
    best = np.argsort(-alike, kind="stable")[:most]
    return [int(place) for place in best if alike[place] >= _ALIKE]


def _rows_of(sketches: Sequence[bytes]) -> Sketches:
    rows: Sketches = np.frombuffer(b"".join(sketches), ">u8").astype(np.uint64).reshape(-1, _ROWS)
    return rows


def _lines_in(sketches: Sketches) -> NDArray[np.int64]:
    count: NDArray[np.int64] = np.bitwise_count(sketches).sum(axis=1, dtype=np.int64)
    return count


def _broader(sketches: Sketches) -> Sketches:
    """The sketches with the eight neighbours of each cell."""
    one = np.uint64(1)
    wide = sketches | (sketches << one) | (sketches >> one)
    high: Sketches = wide.copy()
    high[:, 1:] |= wide[:, :-1]
    high[:, :-1] |= wide[:, 1:]
    return high
