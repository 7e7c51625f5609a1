"""A small convolutional network run by numpy alone: some convolutions and two full layers.

Pictures are batches × rows × columns × channels. Each convolution has ``weight`` (size · size · in × out, the
neighbourhood row by row) and ``bias``; normalisation during training is folded into both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_RUN: Final = 6
"""Numbers that lie side by side in a neighbourhood's row from which whole rows are copied: up to ten times
quicker than number by number, and slower with fewer.
"""
_USUAL: Final = (3, 1, 1)
"""Size, stride and halving of a convolution of which the file does not say them."""


@dataclass(frozen=True, slots=True)
class Layer:
    """``weight`` inputs × outputs and ``bias`` outputs, float32."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Convolution(Layer):
    """A layer that looks at every ``stride``-th neighbourhood of ``size`` × ``size``; with ``halving`` the
    largest of each 2 × 2 of its outputs goes on.
    """

    size: int = 3
    stride: int = 1
    halving: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """Layers in the order in which they are applied."""

    convolutions: tuple[Convolution, ...]
    hidden: Layer
    output: Layer

    def scores(self, pictures: Floats) -> Floats:
        """Logits of each class for pictures of batch × rows × columns, or × channels where they have some."""
        maps = (pictures[..., None] if pictures.ndim == 3 else pictures).astype(np.float32)
        for layer in self.convolutions:
            maps = rectified(_convolve(maps, layer))
            maps = halved(maps) if layer.halving else maps
        flat = maps.reshape(len(maps), int(np.prod(maps.shape[1:])))
        hidden = rectified(flat @ self.hidden.weight + self.hidden.bias)
        scores: Floats = hidden @ self.output.weight + self.output.bias
        return scores


@cache
def load_arrays(package: str, name: str) -> Mapping[str, NDArray[Any]]:
    """All arrays of a model file beside a package's modules, read once a process."""
    return arrays_in(files(package).joinpath(name).read_bytes())


def arrays_in(data: bytes) -> dict[str, NDArray[Any]]:
    """All arrays of a model file's bytes. Nothing in it is code: pickles are refused with ``ValueError``."""
    with np.load(BytesIO(data), allow_pickle=False) as file:
        return {array: file[array] for array in file.files}


def network_of(arrays: Mapping[str, NDArray[np.generic]]) -> Network:
    """The network of a model file: arrays ``convolution0_weight`` … ``output_bias``, float16 or float32.

    ``convolution0_form`` has size, stride and halving (0 or 1) where they are not 3, 1 and 1.
    Raises ``KeyError`` when one is missing: the file is not a model of this program.
    """

    def layer(name: str) -> Layer:
        weight, bias = (arrays[f"{name}_{part}"].astype(np.float32) for part in ("weight", "bias"))
        return Layer(weight, bias)

    convolutions = []
    for place in count():
        name = f"convolution{place}"
        if place and f"{name}_weight" not in arrays:
            break
        size, stride, halving = (int(part) for part in arrays.get(f"{name}_form", np.array(_USUAL)))
        plain = layer(name)
        convolutions.append(Convolution(plain.weight, plain.bias, size, stride, bool(halving)))
    return Network(tuple(convolutions), layer("hidden"), layer("output"))


def neighbourhoods(maps: Floats, size: int = 3, stride: int = 1) -> Floats:
    """Every ``stride``-th neighbourhood, zeros beyond the edge: batch × rows × columns × size² · channels."""
    batch, rows, columns, channels = maps.shape
    rim = (size - 1) // 2
    padded = np.zeros((batch, rows + 2 * rim, columns + 2 * rim, channels), np.float32)
    padded[:, rim : rim + rows, rim : rim + columns] = maps
    high, wide = ((side + 2 * rim - size) // stride + 1 for side in (rows, columns))
    if size * channels < _RUN:
        ends = (high - 1) * stride + 1, (wide - 1) * stride + 1
        parts = [
            padded[:, y : y + ends[0] : stride, x : x + ends[1] : stride]
            for y in range(size)
            for x in range(size)
        ]
        return np.concatenate(parts, axis=3)
    picture, down, right, deep = padded.strides
    rows_of_them = np.lib.stride_tricks.as_strided(
        padded,
        (batch, high, wide, size, size * channels),
        (picture, down * stride, right * stride, down, deep),
        writeable=False,
    )
    return rows_of_them.reshape(batch, high, wide, size * size * channels)


def _convolve(maps: Floats, layer: Convolution) -> Floats:
    near = neighbourhoods(maps, layer.size, layer.stride)
    out = near.reshape(-1, near.shape[3]) @ layer.weight + layer.bias
    return np.asarray(out.reshape(*near.shape[:3], layer.bias.size), np.float32)


def rectified(values: Floats) -> Floats:
    """Nothing below zero."""
    return np.maximum(values, 0, out=values)


def halved(maps: Floats) -> Floats:
    """The largest of each 2 × 2 square; an odd last row or column is left out."""
    rows, columns = maps.shape[1] // 2 * 2, maps.shape[2] // 2 * 2
    cut = maps[:, :rows, :columns]
    across = np.maximum(cut[:, :, 0::2], cut[:, :, 1::2])
    return np.maximum(across[:, 0::2], across[:, 1::2])
