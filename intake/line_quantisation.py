"""The recogniser's model with its convolutions made of bytes, which many processors multiply much faster.

A byte stands for a number between the least and the largest that a step was seen to give on lines of letters:
``line_ranges.json`` has both, written by ``python -m bench.training.line_ranges``. Weights become bytes by
themselves, for each channel, as the model is loaded. What is quick already and what suffers stays as it is:
the convolutions over few channels or along the line, what attends from one step to others, the last layer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from intake.onnx_graph import (
    ATTRIBUTE,
    GRAPH,
    NODE,
    TENSOR,
    TENSOR_NAME,
    Node,
    content_of,
    fields_of,
    floats_of,
    read_node,
    written_node,
    written_tensor,
)
from intake.protocol_buffers import Buffer, Field, delimited, fields

Ranges = Mapping[str, tuple[float, float]]
"""The least and the largest number in what a step takes or gives, by its name; 0 is between them."""

_FILE: Final = "line_ranges.json"
_STEPS: Final = 255
_LARGEST: Final = 127
_SCALE, _ZERO, _BYTES = b"/scale", b"/zero", b"/bytes"
"""What is added to a name for the width of its step, the byte of its 0 and itself as bytes."""


@cache
def line_ranges() -> Ranges:
    """The ranges that were measured for the locked model when it skims."""
    said = json.loads(files(__package__).joinpath(_FILE).read_text())
    return {name: (float(least), float(largest)) for name, (least, largest) in said.items()}


def quantised(data: bytes, ranges: Ranges) -> bytes:
    """The model in which every convolution works on bytes whose input and result have a range.

    Raises ``ValueError`` when a range is of no convolution: it was measured on another model.
    """
    model = memoryview(data)
    graph = next(fields_of(model, GRAPH, 0, len(model)))
    parts = _graph(model, graph, ranges)
    return b"".join(
        delimited(GRAPH, parts) if field.number == GRAPH else bytes(model[field.begin : field.end])
        for field in fields(model, 0, len(model))
    )


def _graph(model: Buffer, graph: Field, ranges: Ranges) -> bytes:
    nodes = [read_node(model, field) for field in fields_of(model, NODE, graph.start, graph.end)]
    chosen = [node for node in nodes if node.kind == b"Conv" and _ends(node) <= ranges.keys()]
    if {end for node in chosen for end in _ends(node)} != ranges.keys():
        raise ValueError("the ranges are of another model; write them again: bench.training.line_ranges")
    tensors = {
        content_of(model, TENSOR_NAME, field): field
        for field in fields_of(model, TENSOR, graph.start, graph.end)
    }
    replaced = {name for node in chosen for name in node.inputs[1:]}
    parts = [_end(name.encode(), ranges[name]) for name in ranges]
    parts += [_weights(model, node, tensors, ranges) for node in chosen]
    parts += _nodes(model, nodes, chosen)
    parts += [
        bytes(model[field.begin : field.end])
        for field in fields(model, graph.start, graph.end)
        if field.number != NODE
        and not (field.number == TENSOR and content_of(model, TENSOR_NAME, field) in replaced)
    ]
    return b"".join(parts)


def _ends(node: Node) -> set[str]:
    return {node.inputs[0].decode(), node.result.decode()}


def _step(bounds: tuple[float, float]) -> np.float32:
    return np.float32((bounds[1] - bounds[0]) / _STEPS)


def _end(name: bytes, bounds: tuple[float, float]) -> bytes:
    """The tensors that say which numbers the bytes of an input or a result stand for."""
    step = _step(bounds)
    zero = np.clip(np.round(-bounds[0] / step), 0, _STEPS)
    return written_tensor(name + _SCALE, np.array(step)) + written_tensor(
        name + _ZERO, np.array(zero, np.uint8)
    )


def _weights(model: Buffer, node: Node, tensors: Mapping[bytes, Field], ranges: Ranges) -> bytes:
    """The tensors of a convolution on bytes: for each channel its weights, their step and what is added."""
    weight, bias = (floats_of(model, tensors[name]) for name in node.inputs[1:])
    taken = _step(ranges[node.inputs[0].decode()])
    largest = np.abs(weight).max(axis=(1, 2, 3))
    step = (np.maximum(largest, np.finfo(np.float32).tiny * _STEPS) / _LARGEST).astype(np.float32)
    whole = np.round(weight / step[:, None, None, None]).astype(np.int8)
    added = np.round(bias / (step.astype(np.float64) * taken)).astype(np.int32)
    names = _weight_names(node)
    return b"".join(map(written_tensor, names, (whole, step, np.zeros(len(step), np.int8), added)))


def _weight_names(node: Node) -> tuple[bytes, bytes, bytes, bytes]:
    weight = node.result + b"/weight"
    return weight, weight + _SCALE, weight + _ZERO, node.result + b"/added"


def _nodes(model: Buffer, nodes: Sequence[Node], chosen: Sequence[Node]) -> list[bytes]:
    """The nodes with the chosen ones on bytes; an input is made bytes before the first that takes it."""
    results = {node.result for node in chosen}
    made: set[bytes] = set()
    parts = []
    for node in nodes:
        if node.result not in results:
            parts.append(bytes(model[node.field.begin : node.field.end]))
            continue
        taken, given = (_names(name) for name in (node.inputs[0], node.result))
        if node.inputs[0] not in made:
            made.add(node.inputs[0])
            parts.append(written_node(b"QuantizeLinear", (node.inputs[0], *taken[1:]), taken[0]))
        weight, step, zero, added = _weight_names(node)
        attributes = b"".join(
            bytes(model[field.begin : field.end])
            for field in fields_of(model, ATTRIBUTE, node.field.start, node.field.end)
        )
        inputs = (*taken, weight, step, zero, *given[1:], added)
        parts.append(written_node(b"QLinearConv", inputs, given[0], attributes))
        parts.append(written_node(b"DequantizeLinear", given, node.result))
    return parts


def _names(name: bytes) -> tuple[bytes, bytes, bytes]:
    """The names of the bytes of an input or a result, of their step and of their 0."""
    return name + _BYTES, name + _SCALE, name + _ZERO
