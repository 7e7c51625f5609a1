"""The same network as ``intake.network``, able to learn: gradients by hand, Adam, numpy alone.

Each convolution is normalised over its batch while learning; the finished layers have that folded in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.handwriting.cells import COLUMNS, ROWS
from intake.handwriting.digits import SIGNS
from intake.network import Floats, neighbourhoods

CHANNELS: Final = (20, 40, 72)
CONVOLUTIONS: Final = len(CHANNELS)
HIDDEN: Final = 96
_FLAT: Final = (ROWS >> CONVOLUTIONS) * (COLUMNS >> CONVOLUTIONS) * CHANNELS[-1]
_DROPPED: Final = 0.3
"""Share of the hidden units that are left out at each step."""
_MEMORY: Final = 0.98
"""How slowly the running means of normalisation follow the batches."""
_LEAST_GAIN: Final = 0.02
"""Gains stay positive, so that a normalised convolution can be folded across the halving."""


@dataclass(slots=True)
class Learner:
    """Weights and what Adam and normalisation remember; everything changes with each step."""

    rng: np.random.Generator
    weights: dict[str, Floats] = field(default_factory=dict)
    means: dict[str, Floats] = field(default_factory=dict)
    spreads: dict[str, Floats] = field(default_factory=dict)
    first: dict[str, Floats] = field(default_factory=dict)
    second: dict[str, Floats] = field(default_factory=dict)
    steps: int = 0

    def __post_init__(self) -> None:
        sizes = list(zip((1, *CHANNELS), CHANNELS, strict=False))
        for place, (ins, outs) in enumerate(sizes):
            self._add(f"convolution{place}", 9 * ins, outs)
            self.weights[f"gain{place}"] = np.ones(outs, np.float32)
            self.means[f"{place}"] = np.zeros(outs, np.float32)
            self.spreads[f"{place}"] = np.ones(outs, np.float32)
        self._add("hidden", _FLAT, HIDDEN)
        self._add("output", HIDDEN, len(SIGNS))

    def _add(self, name: str, ins: int, outs: int) -> None:
        spread = np.sqrt(2 / ins)
        self.weights[f"{name}_weight"] = (self.rng.standard_normal((ins, outs)) * spread).astype(np.float32)
        self.weights[f"{name}_bias"] = np.zeros(outs, np.float32)

    def learn(self, pictures: Floats, labels: NDArray[np.int64], rate: float) -> float:
        """One step on a batch; the loss before it."""
        kept: list[_Memory] = []
        maps: Floats = pictures[..., None]
        for place in range(CONVOLUTIONS):
            maps, memory = self._forward(maps, place)
            kept.append(memory)
        flat = maps.reshape(len(maps), -1)
        hidden = np.maximum(flat @ self.weights["hidden_weight"] + self.weights["hidden_bias"], 0)
        mask = (self.rng.random(hidden.shape, np.float32) >= _DROPPED).astype(np.float32) / (1 - _DROPPED)
        dropped = hidden * mask
        chances = _chances(dropped @ self.weights["output_weight"] + self.weights["output_bias"])
        rows = np.arange(len(labels))
        loss = float(-np.log(np.maximum(chances[rows, labels], 1e-9)).mean())

        chances[rows, labels] -= 1
        back: Floats = chances / np.float32(len(labels))
        slopes = {"output_weight": dropped.T @ back, "output_bias": back.sum(axis=0)}
        back = (back @ self.weights["output_weight"].T) * mask * (hidden > 0)
        slopes |= {"hidden_weight": flat.T @ back, "hidden_bias": back.sum(axis=0)}
        back = (back @ self.weights["hidden_weight"].T).reshape(maps.shape)
        for place in reversed(range(CONVOLUTIONS)):
            back = self._backward(back, place, kept[place], slopes)
        self._adjust(slopes, rate)
        return loss

    def _forward(self, maps: Floats, place: int) -> tuple[Floats, _Memory]:
        near = neighbourhoods(maps)
        flat = near.reshape(-1, near.shape[3])
        full = (flat @ self.weights[f"convolution{place}_weight"]).reshape(*maps.shape[:3], -1)
        rows, columns = maps.shape[1] // 2 * 2, maps.shape[2] // 2 * 2
        squares = full[:, :rows, :columns].reshape(len(maps), rows // 2, 2, columns // 2, 2, -1)
        largest = squares.max(axis=(2, 4))
        mean, spread = largest.mean(axis=(0, 1, 2)), largest.std(axis=(0, 1, 2)) + 1e-3
        self.means[f"{place}"] = _MEMORY * self.means[f"{place}"] + (1 - _MEMORY) * mean
        self.spreads[f"{place}"] = _MEMORY * self.spreads[f"{place}"] + (1 - _MEMORY) * spread
        normal = (largest - mean) / spread
        out = np.maximum(
            normal * self.weights[f"gain{place}"] + self.weights[f"convolution{place}_bias"], 0
        ).astype(np.float32)
        winners = squares == largest[:, :, None, :, None, :]
        return out, _Memory(flat, maps.shape, winners, normal, spread, out > 0)

    def _backward(self, back: Floats, place: int, memory: _Memory, slopes: dict[str, Floats]) -> Floats:
        back = back * memory.alive
        axes = (0, 1, 2)
        slopes[f"convolution{place}_bias"] = back.sum(axis=axes)
        slopes[f"gain{place}"] = (back * memory.normal).sum(axis=axes)
        count = np.float32(back[..., 0].size)
        back = (self.weights[f"gain{place}"] / memory.spread) * (
            back - slopes[f"convolution{place}_bias"] / count - memory.normal * slopes[f"gain{place}"] / count
        )
        shared = back / memory.winners.sum(axis=(2, 4))
        squares = memory.winners * shared[:, :, None, :, None, :]
        batch, rows, columns, _ = memory.shape
        full = np.zeros((batch, rows, columns, back.shape[3]), np.float32)
        high, wide = rows // 2 * 2, columns // 2 * 2
        full[:, :high, :wide] = squares.reshape(batch, high, wide, -1)
        flat = full.reshape(-1, full.shape[3])
        slopes[f"convolution{place}_weight"] = memory.flat.T @ flat
        if place == 0:
            return full
        near = (flat @ self.weights[f"convolution{place}_weight"].T).reshape(batch, rows, columns, 9, -1)
        padded = np.zeros((batch, rows + 2, columns + 2, near.shape[4]), np.float32)
        for part in range(9):
            y, x = divmod(part, 3)
            padded[:, y : y + rows, x : x + columns] += near[:, :, :, part]
        return padded[:, 1:-1, 1:-1]

    def _adjust(self, slopes: dict[str, Floats], rate: float) -> None:
        self.steps += 1
        for name, slope in slopes.items():
            if name.endswith("weight"):
                slope = slope + 1e-4 * self.weights[name]
            self.first[name] = 0.9 * self.first.get(name, np.float32(0)) + np.float32(0.1) * slope
            self.second[name] = 0.999 * self.second.get(name, np.float32(0)) + np.float32(0.001) * slope**2
            first = self.first[name] / (1 - 0.9**self.steps)
            second = self.second[name] / (1 - 0.999**self.steps)
            self.weights[name] = (self.weights[name] - rate * first / (np.sqrt(second) + 1e-7)).astype(
                np.float32
            )
            if name.startswith("gain"):
                self.weights[name] = np.maximum(self.weights[name], np.float32(_LEAST_GAIN))

    def finished(self) -> dict[str, Floats]:
        """The arrays that ``network_of`` takes, normalisation folded into weights and biases."""
        arrays = {
            name: value for name, value in self.weights.items() if name.startswith(("hidden", "output"))
        }
        for place in range(CONVOLUTIONS):
            gain = self.weights[f"gain{place}"] / self.spreads[f"{place}"]
            arrays[f"convolution{place}_weight"] = self.weights[f"convolution{place}_weight"] * gain
            bias = self.weights[f"convolution{place}_bias"] - self.means[f"{place}"] * gain
            arrays[f"convolution{place}_bias"] = bias
        return arrays


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the way back through one convolution needs of the way there."""

    flat: Floats
    shape: tuple[int, int, int, int]
    winners: NDArray[np.bool_]
    normal: Floats
    spread: Floats
    alive: NDArray[np.bool_]


def _chances(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=1, keepdims=True)
    return chances


def batches(count: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """The places 0 … count - 1 in random order, ``size`` at a time; an incomplete last batch is left out."""
    order = rng.permutation(count)
    for start in range(0, count - size + 1, size):
        yield order[start : start + size]


def varied(pictures: Floats, rng: np.random.Generator) -> Floats:
    """The batch a sample or so aside, in another strength, with more noise: other views of the same cells."""
    moved = np.empty_like(pictures)
    for start in range(_SIDES):
        right, down = (int(value) for value in rng.integers(-1, 2, 2))
        moved[start::_SIDES] = np.roll(pictures[start::_SIDES], (down, right), axis=(1, 2))
    each = (len(pictures), 1, 1)
    strength = rng.uniform(0.75, 1.2, each).astype(np.float32)
    noise = rng.standard_normal(pictures.shape, np.float32)
    noise *= rng.uniform(0, 0.06, each).astype(np.float32)
    return moved * strength + noise


_SIDES: Final = 8
"""Ways in which the pictures of one batch are moved."""
