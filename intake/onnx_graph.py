"""ONNX as far as the line recogniser's model needs it: its nodes and tensors found, and new ones written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from intake.protocol_buffers import Buffer, Field, delimited, fields, whole

# The numbers of the fields that are looked at: of a model, a graph, a node, an attribute and a tensor.
GRAPH, METADATA = 7, 14
NODE, TENSOR, ENTRY, OUTPUT, SHAPES = 1, 5, 11, 12, 13
INPUT, RESULT, KIND, ATTRIBUTE = 1, 2, 4, 5
NAME, WHOLES = 1, 8
SIZES, TENSOR_TYPE, TENSOR_NAME, RAW = 1, 2, 8, 9

_TYPES: Final = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6}
"""ONNX's numbers of the types that tensors here have."""

Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the network: where it stands in the file, its kind, the names of what it takes and gives."""

    field: Field
    kind: bytes
    inputs: list[bytes]
    result: bytes


def read_node(model: Buffer, field: Field) -> Node:
    """The node that a field of a graph holds."""
    said: dict[int, list[bytes]] = {KIND: [], INPUT: [], RESULT: []}
    for part in fields(model, field.start, field.end):
        if part.number in said:
            said[part.number].append(bytes(model[part.start : part.end]))
    return Node(field, said[KIND][0], said[INPUT], said[RESULT][0])


def fields_of(model: Buffer, number: int, start: int, end: int) -> Iterator[Field]:
    """The fields of one number in the message between ``start`` and ``end``."""
    return (field for field in fields(model, start, end) if field.number == number)


def content_of(model: Buffer, number: int, message: Field) -> bytes:
    """What the first field of that number in a message holds."""
    field = next(fields_of(model, number, message.start, message.end))
    return bytes(model[field.start : field.end])


def sizes_of(model: Buffer, tensor: Field) -> list[int]:
    """The lengths of a tensor's axes."""
    return [field.value for field in fields_of(model, SIZES, tensor.start, tensor.end)]


def floats_of(model: Buffer, tensor: Field) -> NDArray[np.float32]:
    """The numbers of a tensor of 32-bit floats."""
    return np.frombuffer(content_of(model, RAW, tensor), np.float32).reshape(sizes_of(model, tensor))


def written_tensor(name: bytes, values: Values) -> bytes:
    """A graph's field that holds these values under that name."""
    return delimited(
        TENSOR,
        b"".join(
            (
                *(whole(SIZES, size) for size in values.shape),
                whole(TENSOR_TYPE, _TYPES[values.dtype.name]),
                delimited(TENSOR_NAME, name),
                delimited(RAW, values.tobytes()),
            )
        ),
    )


def written_node(kind: bytes, inputs: Sequence[bytes], result: bytes, attributes: bytes = b"") -> bytes:
    """A graph's field that holds a node; ``attributes`` are whole fields, copied from another node."""
    taken = b"".join(delimited(INPUT, name) for name in inputs)
    return delimited(NODE, taken + delimited(RESULT, result) + delimited(KIND, kind) + attributes)


def floats_of_shape(name: bytes, sizes: Sequence[int]) -> bytes:
    """What describes an input or output of 32-bit floats; an axis of length 0 may have any."""
    axes = b"".join(delimited(1, whole(1, size) if size else b"") for size in sizes)
    kind = delimited(1, whole(1, _TYPES["float32"]) + delimited(2, axes))
    return delimited(NAME, name) + delimited(2, kind)
