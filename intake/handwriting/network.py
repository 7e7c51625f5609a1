"""A small convolutional network run by numpy alone: three convolutions, each halved, and two full layers.

Pictures are batches × rows × columns × channels. Each convolution has ``weight`` (9 · in × out, the
neighbourhood row by row) and ``bias``; normalisation during training is folded into both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

CONVOLUTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Layer:
    """``weight`` inputs × outputs and ``bias`` outputs, float32."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """Layers in the order in which they are applied."""

    convolutions: tuple[Layer, ...]
    hidden: Layer
    output: Layer

    def scores(self, pictures: Floats) -> Floats:
        """Logits of each class for pictures of batch × rows × columns."""
        maps = pictures[..., None].astype(np.float32)
        for layer in self.convolutions:
            maps = halved(rectified(_convolve(maps, layer)))
        flat = maps.reshape(len(maps), int(np.prod(maps.shape[1:])))
        hidden = rectified(flat @ self.hidden.weight + self.hidden.bias)
        scores: Floats = hidden @ self.output.weight + self.output.bias
        return scores


def network_of(arrays: Mapping[str, NDArray[np.generic]]) -> Network:
    """The network of a model file: arrays ``convolution0_weight`` … ``output_bias``, float16 or float32.

    Raises ``KeyError`` when one is missing: the file is not a model of this program.
    """

    def layer(name: str) -> Layer:
        weight, bias = (arrays[f"{name}_{part}"].astype(np.float32) for part in ("weight", "bias"))
        return Layer(weight, bias)

    convolutions = tuple(layer(f"convolution{place}") for place in range(CONVOLUTIONS))
    return Network(convolutions, layer("hidden"), layer("output"))


def neighbourhoods(maps: Floats) -> Floats:
    """Every 3 × 3 neighbourhood, zeros beyond the edge: batch × rows × columns × 9 · channels."""
    batch, rows, columns, channels = maps.shape
    padded = np.zeros((batch, rows + 2, columns + 2, channels), np.float32)
    padded[:, 1:-1, 1:-1] = maps
    parts = [padded[:, y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    return np.concatenate(parts, axis=3)


def _convolve(maps: Floats, layer: Layer) -> Floats:
    near = neighbourhoods(maps)
    out = near.reshape(-1, near.shape[3]) @ layer.weight + layer.bias
    return np.asarray(out.reshape(*maps.shape[:3], layer.bias.size), np.float32)


def rectified(values: Floats) -> Floats:
    """Nothing below zero."""
    return np.maximum(values, 0, out=values)


def halved(maps: Floats) -> Floats:
    """The largest of each 2 × 2 square; an odd last row or column is left out."""
    rows, columns = maps.shape[1] // 2 * 2, maps.shape[2] // 2 * 2
    cut = maps[:, :rows, :columns]
    across = np.maximum(cut[:, :, 0::2], cut[:, :, 1::2])
    return np.maximum(across[:, 0::2], across[:, 1::2])
