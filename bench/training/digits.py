"""Teach the recogniser of handwritten digits, calibrate it and write its file: the same seed, the same model.

Needs the public material (``VENTANILLA_TEST_DATA`` names its folder) and most of an hour of one core:

    python -m bench.training.digits [--combs 24000] [--keep FOLDER]

``--keep`` stores the drawn material in a folder and takes it from there the next time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import intake.handwriting.model
from bench.training.calibrating import calibration_error, fit_curve, fit_temperature, scores_of
from bench.training.learning import Learner, batches, varied
from bench.training.pool import Pool, kept_pool
from bench.training.trials import REGISTERS, Trial, try_number, write_numbers
from intake.handwriting.digits import softened, strengthened
from intake.network import Floats, Network, network_of

MODEL: Final = Path(intake.handwriting.model.__file__).with_name("digits.npz")
_BATCH: Final = 128
STEPS: Final = 7600
"""Batches that are learnt from: three passes over the material."""
_RATE: Final = 0.002
_WARMING: Final = 200
"""Steps until the full rate is reached."""
_HORIZON: Final = 10_966
"""Where the cosine would end (four and a half passes); the landing cuts it short."""
_LANDING: Final = 6400
_BEND: Final = 0.05
_SEEDS: Final = {"training": 11, "calibration": 12, "order": 5, "numbers": 21}
_TOLD_EVERY: Final = 500


def rate_at(step: int) -> float:
    """How far a step goes: warming up, then along a cosine, at last straight down to nothing."""
    if step >= _LANDING:
        return float(
            _RATE * 0.5 * (1 + np.cos(np.pi * _LANDING / _HORIZON)) * (STEPS - step) / (STEPS - _LANDING)
        )
    return float(_RATE * min(1.0, step / _WARMING) * 0.5 * (1 + np.cos(np.pi * step / _HORIZON)))


def teach(pool: Pool) -> dict[str, Floats]:
    """The finished layers after ``STEPS`` batches of the pool."""
    rng = np.random.default_rng(_SEEDS["order"])
    learner = Learner(rng)
    losses: list[float] = []
    for step, chosen in zip(range(STEPS), _endless(len(pool.labels), rng), strict=False):
        losses.append(learner.learn(varied(pool.ink(chosen), rng), pool.labels[chosen], rate_at(step)))
        if (step + 1) % _TOLD_EVERY == 0:
            print(f"step {step + 1} of {STEPS}: loss {np.mean(losses[-_TOLD_EVERY:]):.4f}", flush=True)
    return learner.finished()


def _endless(count: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    while True:
        yield from batches(count, _BATCH, rng)


def try_numbers(network: Network, temperature: float, count: int) -> list[Trial]:
    """Numbers of the calibration's writers, each decoded with registers of several sizes."""
    trials: list[Trial] = []
    for written in write_numbers("calibration", count, _SEEDS["numbers"]):
        table = softened(network.scores(strengthened(written.cells)), temperature).table
        trials += [try_number(written, table, size) for size in REGISTERS]
    return trials


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--combs", type=int, default=24_000)
    parser.add_argument("--numbers", type=int, default=10_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    kept = {part: options.keep / f"{part}.npz" if options.keep else None for part in _SEEDS}
    layers = teach(kept_pool(kept["training"], "training", options.combs, _SEEDS["training"], _BEND))
    # What is written is measured: half precision is part of the model.
    stored = {name: value.astype(np.float16) for name, value in layers.items()}
    network = network_of(stored)
    cells = kept_pool(kept["calibration"], "calibration", 1200, _SEEDS["calibration"], 0.0)
    scores = scores_of(network, cells)
    temperature = fit_temperature(scores, cells.labels)
    table = softened(scores, temperature).table
    right = table.argmax(axis=1) == cells.labels
    error = calibration_error(table.max(axis=1), right)
    print(f"cells right {right.mean():.4f}, temperature {temperature:.2f}, calibration error {error:.4f}")
    trials = try_numbers(network, temperature, options.numbers)
    curves = {
        name: fit_curve([trial for trial in trials if trial.in_list == listed], repeats)
        for name, listed, repeats in (("listed", True, len(REGISTERS) - 1), ("unlisted", False, 1))
    }
    arrays: dict[str, NDArray[np.generic]] = {**stored, "temperature": np.array(temperature)}
    for name, (from_scores, chances) in curves.items():
        arrays |= {f"{name}_scores": from_scores, f"{name}_chances": chances}
    with options.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    print(f"{options.out}: {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
