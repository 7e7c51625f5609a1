"""How sure the recogniser may be: fitted on writers that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.training.pool import Pool
from bench.training.trials import Trial
from intake.handwriting.digits import softened
from intake.network import Floats, Network

_BATCH: Final = 512
Chances = NDArray[np.float64]


def scores_of(network: Network, pool: Pool) -> Floats:
    """The network's scores of every cell of a pool."""
    starts = range(0, len(pool.labels), _BATCH)
    return np.concatenate([network.scores(pool.ink(slice(start, start + _BATCH))) for start in starts])


def fit_temperature(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature under which the true signs are likeliest."""
    places = np.arange(len(labels))

    def surprise(temperature: float) -> float:
        table = softened(scores, temperature).table
        return float(-np.log(np.maximum(table[places, labels], 1e-12)).mean())

    return min((float(value) for value in np.arange(0.6, 3.01, 0.05)), key=surprise)


def fit_curve(trials: Sequence[Trial], repeats: int) -> tuple[Chances, Chances]:
    """A never-falling curve from scores to the chance of being right, as the knots of straight pieces.

    ``repeats`` is how often each paper was tried. Each step of the curve counts one wrong paper more than
    was seen: what was not measured is not promised.
    """
    order = sorted(trials, key=lambda trial: trial.score)
    blocks: list[list[float]] = []
    for trial in order:
        blocks.append([float(trial.right), 1.0, trial.score, trial.score])
        while len(blocks) > 1 and _mean(blocks[-2]) >= _mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1], blocks[-1][2], last[3]]
    knots = [
        (score, right / (count + repeats))
        for right, count, low, high in blocks
        if count >= _LEAST_BLOCK or right < count
        for score in ((low, high) if high > low else (low,))
    ]
    scores, chances = (np.array(values, np.float64) for values in zip(*knots, strict=True))
    return scores, np.maximum.accumulate(chances)


_LEAST_BLOCK: Final = 20


def _mean(block: Sequence[float]) -> float:
    return block[0] / block[1]


def calibration_error(chances: Chances, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: mean distance of promised and kept, in ``bins`` of equal width."""
    places = np.minimum((chances * bins).astype(int), bins - 1)
    parts = [places == place for place in range(bins)]
    return float(
        sum(abs(chances[part].mean() - right[part].mean()) * part.mean() for part in parts if part.any())
    )
