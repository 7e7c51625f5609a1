"""A second look at signs that a worn scan leaves in doubt: does this cell show the sign that it should?

Two small networks of our own, run by numpy alone, are shown a cell's ink beside the ink that it should have;
one learnt to look for a pen besides. Their word is the mean of both. ``second_look.md`` says what they learnt
from and how they measure. They are asked only of what the projected differences (``intake.ranking``) could
not settle; ``intake.judgement`` decides what their word is worth.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.model import COMB_SIZE, VALUE_SIZE
from intake.comparison import StripMeasure
from intake.network import Floats, Network, load_arrays, network_of
from intake.sampling import Ink
from intake.strips import TEXT_CELL, CellShape, Strip

ROWS: Final = 40
COLUMNS: Final = 32
"""Samples of a window: a sign of running text with half of its neighbours, 8 samples to the mm."""
_BEFORE: Final = 8
"""Samples of its left neighbour that a sign of running text is shown with."""
LEARNT: Final = ("plain", "marked")
"""The networks of the model's file: what each learnt from."""
LEAST_INK: Final = -0.4
MOST_INK: Final = 1.725
"""Ink beyond these is cut off, as it was while learning."""
_AT_ONCE: Final = 128
"""Cells that are looked at together: their neighbourhoods then take some 15 MB."""


def look_again(
    measures: Sequence[StripMeasure], doubts: Callable[[StripMeasure], NDArray[np.bool_]]
) -> tuple[StripMeasure, ...]:
    """The measures with the likeness of the cells that ``doubts`` marks, the others as they were."""
    asked = [doubts(measure) for measure in measures]
    pairs = [
        paired_windows(measure.strip, measure.seen, measure.picture, cells)
        for measure, cells in zip(measures, asked, strict=True)
        if cells.any()
    ]
    if not pairs:
        return tuple(measures)
    odds = likeness(np.concatenate(pairs))
    seen_again, start = [], 0
    for measure, cells in zip(measures, asked, strict=True):
        told = np.full(len(cells), np.nan, np.float32)
        end = start + int(cells.sum())
        told[cells], start = odds[start:end], end
        seen_again.append(dataclasses.replace(measure, likeness=told) if cells.any() else measure)
    return tuple(seen_again)


def likeness(pairs: Floats) -> Floats:
    """Log odds that each cell shows its sign; ``pairs`` is cells × ``ROWS`` × ``COLUMNS`` × 2."""
    told = [
        np.mean([network.scores(pairs[start : start + _AT_ONCE])[:, 0] for network in _networks()], axis=0)
        for start in range(0, len(pairs), _AT_ONCE)
    ]
    odds: Floats = np.concatenate(told)
    return odds


def paired_windows(strip: Strip, seen: Ink, picture: Ink, asked: NDArray[np.bool_] | None = None) -> Floats:
    """What the cells of a strip that are ``asked`` about (else all) show and should show: cells × ``ROWS`` ×
    ``COLUMNS`` × 2.
    """
    both = np.stack([windows(strip, seen, asked), windows(strip, picture, asked)], axis=3)
    return np.clip(both, LEAST_INK, MOST_INK, out=both)


def windows(strip: Strip, ink: Ink, asked: NDArray[np.bool_] | None = None) -> Ink:
    """The cells of a sampled strip (all, or those ``asked`` about), signs of combs as large as of text."""
    chosen = np.flatnonzero(np.ones(strip.cells, np.bool_) if asked is None else asked)
    if strip.shape is TEXT_CELL:
        picked: Ink = _touching_windows(strip, ink)[chosen]
        return picked
    cells = strip.windows(np.ascontiguousarray(ink))[chosen]
    matrix = _to_window(strip.shape)
    return np.stack([cv2.warpAffine(cell, matrix, (COLUMNS, ROWS)) for cell in cells])


def _touching_windows(strip: Strip, ink: Ink) -> Ink:
    above = (ROWS - strip.shape.height) // 2
    after = COLUMNS - strip.shape.width - _BEFORE
    wide = np.pad(ink, ((above, ROWS - strip.shape.height - above), (_BEFORE, after)))
    down, right = wide.strides
    return np.lib.stride_tricks.as_strided(
        wide, (strip.cells, ROWS, COLUMNS), (strip.shape.pitch * right, down, right), writeable=False
    )


def _to_window(shape: CellShape) -> NDArray[np.float64]:
    """The way from the samples of a comb's cell to those of a window, middle on middle."""
    factor = VALUE_SIZE / COMB_SIZE * TEXT_CELL.per_mm / shape.per_mm
    middle = (factor - 1) / 2
    return np.array(
        [
            [factor, 0, COLUMNS / 2 - factor * shape.width / 2 + middle],
            [0, factor, ROWS / 2 - factor * shape.height / 2 + middle],
        ]
    )


def networks_in(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[Network, ...]:
    """The networks of the model's file; raises ``KeyError`` when it is no such file."""
    return tuple(
        network_of(
            {name.removeprefix(f"{learnt}_"): array for name, array in arrays.items() if learnt in name}
        )
        for learnt in LEARNT
    )


@cache
def _networks() -> tuple[Network, ...]:
    return networks_in(load_arrays("intake", "second_look.npz"))
