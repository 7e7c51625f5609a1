"""The network of ``intake.network`` as a torch module that can learn; its finished layers as plain arrays.

PyTorch is in no lock file, for nothing but learning needs it: ``pip install torch`` into a copy of the
environment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


@dataclass(frozen=True, slots=True)
class Shape:
    """A convolution: its outputs, the side of its neighbourhood, its stride, and whether halving follows."""

    channels: int
    size: int
    stride: int
    halving: bool


def new_learner(
    shapes: Sequence[Shape], picture: tuple[int, int, int], hidden: int, outputs: int, dropped: float
) -> Any:
    """A fresh module for pictures of (channels, rows, columns), with normalisation after each convolution and
    the share ``dropped`` of the hidden units left out while it learns.
    """
    layers: list[Any] = []
    channels = picture[0]
    for shape in shapes:
        rim = (shape.size - 1) // 2
        layers.append(nn.Conv2d(channels, shape.channels, shape.size, shape.stride, rim, bias=False))
        layers += [nn.BatchNorm2d(shape.channels), nn.ReLU()]
        layers += [nn.MaxPool2d(2)] if shape.halving else []
        channels = shape.channels
    layers.append(nn.Flatten())
    with torch.no_grad():
        flat = int(nn.Sequential(*layers).eval()(torch.zeros(1, *picture)).shape[1])
    layers += [nn.Linear(flat, hidden), nn.ReLU(), nn.Dropout(dropped), nn.Linear(hidden, outputs)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def finished(learner: Any, shapes: Sequence[Shape]) -> dict[str, NDArray[Any]]:
    """The arrays that ``network_of`` takes, normalisation folded in, weights in half precision."""
    arrays: dict[str, Any] = {}
    parts = [layer for layer in learner if list(layer.parameters())]
    for place, shape in enumerate(shapes):
        convolution, norm = parts[2 * place : 2 * place + 2]
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = convolution.weight * gain[:, None, None, None]
        arrays[f"convolution{place}_weight"] = weight.permute(2, 3, 1, 0).reshape(-1, shape.channels)
        arrays[f"convolution{place}_bias"] = norm.bias - norm.running_mean * gain
    hidden, output = parts[-2:]
    # Here the channels come last, there they came first.
    places = hidden.weight.reshape(hidden.out_features, shapes[-1].channels, -1)
    arrays["hidden_weight"] = places.permute(2, 1, 0).reshape(-1, hidden.out_features)
    arrays["output_weight"] = output.weight.T
    arrays |= {"hidden_bias": hidden.bias, "output_bias": output.bias}
    plain = {name: np.asarray(value.detach().numpy(), np.float16) for name, value in arrays.items()}
    forms = {
        f"convolution{place}_form": np.array((shape.size, shape.stride, shape.halving), np.uint8)
        for place, shape in enumerate(shapes)
    }
    return plain | forms
