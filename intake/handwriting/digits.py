"""What stands in each cell of a comb: the chance of every digit, of ink that is no digit, of nothing.

A small network of our own, run by numpy alone; ``digits.md`` says what it learnt from and how it measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from intake.handwriting.cells import Cell, ink_of_crops
from intake.handwriting.model import arrays
from intake.network import Floats, Network, network_of
from intake.sampling import Ink

SIGNS: Final = "0123456789? "
"""What each column of a table stands for: the digits, ink that is no clean digit, a blank cell."""
OTHER: Final = SIGNS.index("?")
BLANK: Final = SIGNS.index(" ")

_FAINTEST: Final = 0.22
"""The faintest writing, as a share of print's black, that is strengthened to full ink."""


@dataclass(frozen=True, slots=True)
class DigitProbabilities:
    """``table`` is cells × 12, float64, in the order of :data:`SIGNS`; each row adds up to 1."""

    table: np.ndarray[tuple[int, ...], np.dtype[np.float64]]

    def __post_init__(self) -> None:
        if self.table.ndim != 2 or self.table.shape[1] != len(SIGNS):
            raise ValueError(f"a table has a column for each of {SIGNS!r}, not the shape {self.table.shape}")

    def __len__(self) -> int:
        return len(self.table)


@cache
def _network() -> Network:
    return network_of(arrays())


@cache
def _temperature() -> float:
    return float(arrays()["temperature"])


def recognise_digits(cells: Sequence[Cell]) -> DigitProbabilities:
    """The signs of single crops; all of one comb together, for one pen wrote them."""
    return recognise_ink(ink_of_crops(cells))


def recognise_ink(ink: Ink) -> DigitProbabilities:
    """The signs of a comb's cells, cut by :func:`intake.handwriting.cells.cut_cells`."""
    if not len(ink):
        return DigitProbabilities(np.zeros((0, len(SIGNS))))
    return softened(_network().scores(strengthened(ink)), _temperature())


def softened(scores: Floats, temperature: float) -> DigitProbabilities:
    """Chances from the network's scores, made less sure by the temperature that measuring gave."""
    logits = scores.astype(np.float64) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return DigitProbabilities(powers / powers.sum(axis=1, keepdims=True))


def strengthened(ink: Ink) -> Floats:
    """A comb's ink with its darkest writing at about 1, whatever the pen; nearly bare combs stay so."""
    darkest = float(np.quantile(ink, 0.985)) if ink.size else 1.0
    strong: Floats = np.clip(ink / max(darkest, _FAINTEST), -0.3, 1.3).astype(np.float32)
    return strong
