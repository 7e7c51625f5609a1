"""Reading one line of typed text: a small general network, held to the signs that our forms may hold.

The network is RapidOCR's (see :mod:`intake.line_model`) and runs in onnxruntime. Nothing is loaded before a
page needs it. A line can be read as the network was trained to, or skimmed: a third lower and, where the
processor is made for it, with bytes in place of numbers, at a third of the cost, which usual type bears.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.line_model import ROW, line_model
from intake.line_network import LineNetwork, Table, multiplies_bytes
from intake.line_quantisation import line_ranges, quantised
from intake.sampling import Ink

_HEIGHT: Final = 48
"""Rows of the pictures that the network was trained on."""
_SKIMMED: Final = 32
_WIDEST: Final = 560
"""Columns that the network is shown at once: some 35 letters, 70 MB of memory."""
_BARE: Final = 0.3
_BLANK: Final = 0.3
"""Share of a line's height from which a gap is a blank: a typewriter's letters stand 0.26 apart at most."""
SPANISH: Final = string.digits + string.ascii_letters + "ÁÉÍÓÚÜÑáéíóúüñ" + string.punctuation + "°ºª¿ "
"""Signs that running text is read with; whatever the network takes for another makes a line unsure."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says. ``chance`` is the network's own probability of the whole text, ``rival`` the largest
    that any sign has in the place of another; neither is calibrated.
    """

    text: str
    chance: float
    rival: float


@dataclass(frozen=True, slots=True)
class _Recogniser:
    network: LineNetwork
    places: dict[str, int]


def read_line(ink: Ink, signs: str = SPANISH) -> Line:
    """Read a line of ink (0 to 1, any resolution) whose letters nearly fill its height."""
    return _read_line(ink, signs, _HEIGHT)


def skim_line(ink: Ink, signs: str = SPANISH) -> Line:
    """Read a line like :func:`read_line` at a third of the cost: of usual type as much is right, and of
    small print and poor scans less; its own chance tells.
    """
    return _read_line(ink, signs, _SKIMMED)


def skimmed_pictures(ink: Ink) -> list[NDArray[np.float32]]:
    """What the network is shown of a line of running text that is skimmed."""
    return [_network_input(part, _SKIMMED) for part in _parts(ink)]


def _read_line(ink: Ink, signs: str, height: int) -> Line:
    parts = [_read_part(part, signs, height) for part in (_parts(ink) if " " in signs else (ink,))]
    text = " ".join(part.text for part in parts)
    return Line(text, prod(part.chance for part in parts), max(part.rival for part in parts))


def _read_part(ink: Ink, signs: str, height: int) -> Line:
    recogniser = _recogniser(height)
    table = recogniser.network.table(_network_input(ink, height))
    allowed = [sign for sign in signs if sign in recogniser.places]
    columns = [0, *(recogniser.places[sign] for sign in allowed)]
    return _decode(np.ascontiguousarray(table[:, columns]), allowed)


def _parts(ink: Ink) -> Iterator[Ink]:
    """A long line cut between words, since the network's memory grows with the width."""
    widest = round(_WIDEST * ink.shape[0] / _HEIGHT)
    while ink.shape[1] > widest:
        gap = _widest_gap(ink[:, widest // 2 : widest])
        if gap is None:
            break
        start, end = gap[0] + widest // 2, gap[1] + widest // 2
        room = min(end - start, round(0.2 * ink.shape[0]))
        yield ink[:, : start + room]
        ink = ink[:, end - room :]
    yield ink


def _widest_gap(ink: Ink) -> tuple[int, int] | None:
    """First column of the widest gap without ink and the one after it, or nothing when there is no gap as
    wide as a blank.
    """
    bare = np.concatenate(([0], (ink.max(axis=0) < _BARE).astype(np.int8), [0]))
    edges = np.flatnonzero(np.diff(bare)).reshape(-1, 2)
    start, end = max(edges.tolist(), key=lambda gap: gap[1] - gap[0], default=[0, 0])
    return (start, end) if end - start >= _BLANK * ink.shape[0] else None


def _network_input(ink: Ink, height: int) -> NDArray[np.float32]:
    """A 1 × 3 × height × width picture from -1 (black) to 1 (paper), as wide as one of the full height."""
    rows, width = ink.shape
    columns = min(max(round(width * _HEIGHT / rows), _HEIGHT), 4 * _WIDEST)
    shape = cv2.INTER_AREA if rows > height else cv2.INTER_CUBIC
    line = 1 - 2 * np.clip(cv2.resize(ink, (columns, height), interpolation=shape), 0, 1)
    return np.broadcast_to(line, (1, 3, height, columns)).astype(np.float32)


def _decode(table: Table, signs: Sequence[str]) -> Line:
    """The likeliest path through the steps; column 0 is the network's «nothing»."""
    path = table.argmax(axis=1)
    starts = [step for step in range(len(path)) if path[step] and (step == 0 or path[step] != path[step - 1])]
    labels = [int(path[step]) for step in starts]
    text = "".join(signs[label - 1] for label in labels)
    return Line(text, _chance(table, labels), _rival(table, path))


def _rival(table: Table, path: NDArray[np.intp]) -> float:
    """The largest probability of another sign on the steps on which a sign was seen. A lost accent shows
    here: the network half saw it.
    """
    others = table[path > 0].copy()
    if not len(others):
        return 0.0
    others[np.arange(len(others)), path[path > 0]] = 0
    return float(others[:, 1:].max())


def _chance(table: Table, labels: Sequence[int]) -> float:
    """The probability of a text over all the ways in which its signs may fall on the steps."""
    spaced = np.zeros(2 * len(labels) + 1, np.intp)
    spaced[1::2] = labels
    may_skip = np.zeros(len(spaced), bool)
    may_skip[3::2] = spaced[3::2] != spaced[1:-2:2]
    chances = np.zeros(len(spaced), np.float64)
    chances[: min(2, len(spaced))] = table[0, spaced[:2]]
    for row in table[1:]:
        moved = chances.copy()
        moved[1:] += chances[:-1]
        moved[2:] += np.where(may_skip[2:], chances[:-2], 0)
        chances = moved * row[spaced]
    return float(min(chances[-2:].sum(), 1.0))


@cache
def _recogniser(height: int) -> _Recogniser:
    model = line_model(height // ROW)
    bytewise = height == _SKIMMED and multiplies_bytes()
    data = quantised(model.data, line_ranges()) if bytewise else model.data
    return _Recogniser(LineNetwork(data), model.places)
