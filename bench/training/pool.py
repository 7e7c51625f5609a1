"""Thousands of comb cells to learn from or to measure on, made from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.training import combs
from bench.training.combs import FIELDS, fill_comb
from bench.training.material import Part, load_digits
from bench.training.penmanship import random_hand
from generators.paper.ink import Random
from intake.handwriting.digits import BLANK, OTHER, strengthened

_SCALE, _ZERO = 150.0, 50.0
"""Strengthened ink from -0.3 to 1.3 as bytes."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Cells n × rows × columns as bytes, with the column of ``SIGNS`` that each belongs to and its group."""

    cells: NDArray[np.uint8]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]

    def ink(self, chosen: NDArray[np.int64] | slice) -> NDArray[np.float32]:
        """The chosen cells as the network takes them."""
        return (self.cells[chosen].astype(np.float32) - _ZERO) / _SCALE


def make_pool(part: Part, count: int, seed: int, bend: float) -> Pool:
    """``count`` combs of both groups' writers of one part, with what else people leave in cells."""
    made = [_comb(part, seed, place, bend) for place in range(count)]
    cells, labels, groups = (np.concatenate(parts) for parts in zip(*made, strict=True))
    return Pool(cells, labels, groups)


def _comb(
    part: Part, seed: int, place: int, bend: float
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    rng = np.random.default_rng((seed, place))
    group = place % 2
    hand = random_hand(load_digits(part, group), rng, bend * float(rng.uniform(0.2, 1)))
    scanned = fill_comb(hand, tuple(_contents(rng)), rng, field=FIELDS[place // 2 % 2])
    ink = strengthened(scanned.cells)
    labels = [{combs.BLANK: BLANK, combs.OTHER: OTHER}.get(sign, sign) for sign in scanned.truth]
    packed = np.clip(np.round(ink * _SCALE + _ZERO), 0, 255).astype(np.uint8)
    return packed, np.array(labels), np.full(len(labels), group)


def _contents(rng: Random) -> Iterator[int]:
    """Thirteen cells, or some and then nothing; a tenth left out, a seventh spoilt."""
    for _ in range(13 if rng.random() < 0.75 else int(rng.integers(0, 13))):
        chance = rng.random()
        if chance < 0.07:
            yield combs.BLANK
        elif chance < 0.21:
            yield combs.OTHER
        else:
            yield int(rng.integers(10))


def kept_pool(file: Path | None, part: Part, count: int, seed: int, bend: float) -> Pool:
    """The pool from ``file`` when it is there, else made and, with a file named, kept there."""
    if file is not None and file.exists():
        with np.load(file) as arrays:
            return Pool(arrays["cells"], arrays["labels"], arrays["groups"])
    pool = make_pool(part, count, seed, bend)
    if file is not None:
        np.savez(file, cells=pool.cells, labels=pool.labels, groups=pool.groups)
    return pool
