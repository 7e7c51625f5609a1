"""The recogniser's model: RapidOCR's file, cut in memory to the signs of alphabets and to lower pictures.

The file's network scores 18,708 signs on every step, nearly all of them ideographs, which costs a tenth of
its time and half of its loading. It squeezes 48 rows of a line to 3 and takes their mean; when the mean is
taken of 2 rows, the same weights read pictures of 32 rows, at two thirds of the cost. It copies its
results and adds in steps of their own, where OpenCV is a seventh quicker with fewer and larger steps.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.protocol_buffers import Buffer, Field, delimited, fields, whole

_FILE: Final = "models/PP-OCRv6_rec_small.onnx"
_IDEOGRAPHS: Final = "\u2e80"
"""The first sign of the ideographs and what goes with them; every alphabet comes before."""
_ROWS: Final = 3
"""Rows that the file's network takes the mean of."""

# The numbers of the fields of ONNX that are looked at.
_GRAPH, _METADATA = 7, 14
_NODE, _TENSOR, _OUTPUT, _SHAPES = 1, 5, 12, 13
_INPUT, _RESULT, _KIND, _ATTRIBUTE = 1, 2, 4, 5
_NAME, _WHOLES = 1, 8
_SIZES, _TENSOR_TYPE, _TENSOR_NAME, _RAW = 1, 2, 8, 9

_ANY_SHAPE: Final = delimited(2, delimited(1, whole(1, 1) + delimited(2, 3 * delimited(1, b""))))
"""The type of an output: 32-bit floats on three axes of lengths that are not told."""

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LineModel:
    """A model as ONNX and the columns of its table: ``places`` of the signs; column 0 is «nothing»."""

    data: bytes
    places: dict[str, int]


def line_model(rows: int) -> LineModel:
    """The model cut to alphabets, for lines that are 16 pixels high for each of ``rows`` (2 or 3)."""
    model = memoryview(bytearray(model_file().read_bytes()))
    signs = _signs_of(model)
    # Place 0 is the network's «nothing», and a blank comes after all signs.
    known = ["", *signs, " "]
    kept = [place for place, sign in enumerate(known) if sign < _IDEOGRAPHS]
    _set_rows(model, rows)
    return LineModel(
        _with_columns(model, np.array(kept), len(known)),
        {known[place]: column for column, place in enumerate(kept) if place},
    )


def model_file() -> Path:
    """The model in the installed wheel; ``FileNotFoundError`` when the wheel carries none."""
    found = importlib.util.find_spec("rapidocr")
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        path = Path(folder) / _FILE
        if path.exists():
            return path
    raise FileNotFoundError(f"{_FILE} is not in an installed rapidocr; install the locked requirements")


def _signs_of(model: Buffer) -> list[str]:
    """The signs that a model names in its metadata, pairs of key and value."""
    for field in _of(model, _METADATA, 0, len(model)):
        key, value = (bytes(model[part.start : part.end]) for part in fields(model, field.start, field.end))
        if key == b"character":
            return value.decode().split("\n")
    raise ValueError("the model does not say which signs it knows; take the locked version of rapidocr")


def _set_rows(model: memoryview, rows: int) -> None:
    """Let the mean be taken of ``rows`` rows: the size and the step of the only pool of that kind."""
    graph = next(_of(model, _GRAPH, 0, len(model)))
    places = [
        next(_of(model, _WHOLES, attribute.start, attribute.end))
        for node in _of(model, _NODE, graph.start, graph.end)
        if _text(model, _KIND, node) == b"AveragePool"
        for attribute in _of(model, _ATTRIBUTE, node.start, node.end)
        if _text(model, _NAME, attribute) in {b"kernel_shape", b"strides"}
    ]
    if [place.value for place in places] != [_ROWS, _ROWS]:
        raise ValueError("the model squeezes a line in another way; take the locked version of rapidocr")
    for place in places:
        model[place.start] = rows


def _with_columns(model: Buffer, kept: Places, count: int) -> bytes:
    """The model with only the ``kept`` of its ``count`` columns; shapes that say otherwise are left out."""
    return b"".join(
        _graph(model, field, kept, count) if field.number == _GRAPH else bytes(model[field.begin : field.end])
        for field in fields(model, 0, len(model))
    )


def _graph(model: Buffer, graph: Field, kept: Places, count: int) -> bytes:
    additions, originals = _additions(model, graph), _originals(model, graph)
    parts = []
    for field in fields(model, graph.start, graph.end):
        if field.number == _NODE:
            parts.append(_node(model, field, additions, originals))
        elif field.number == _TENSOR:
            parts.append(_tensor(model, field, additions, kept, count))
        elif field.number == _OUTPUT:
            parts.append(delimited(_OUTPUT, delimited(_NAME, _text(model, _NAME, field)) + _ANY_SHAPE))
        elif field.number != _SHAPES:
            parts.append(bytes(model[field.begin : field.end]))
    return delimited(_GRAPH, b"".join(parts))


@dataclass(frozen=True, slots=True)
class _Addition:
    """What is added to the result of a convolution, and the name of the sum."""

    tensor: bytes
    result: bytes


def _additions(model: Buffer, graph: Field) -> dict[bytes, _Addition]:
    """By the name of its result, what is added to each convolution whose result serves nothing else."""
    nodes = list(_of(model, _NODE, graph.start, graph.end))
    tensors = {_text(model, _TENSOR_NAME, each) for each in _of(model, _TENSOR, graph.start, graph.end)}
    uses = Counter(name for node in nodes for name in _texts(model, _INPUT, node))
    bare = {
        _text(model, _RESULT, node)
        for node in nodes
        if _text(model, _KIND, node) == b"Conv" and len(_texts(model, _INPUT, node)) == 2
    }
    additions = {}
    for node in nodes:
        first, *others = _texts(model, _INPUT, node)
        if _text(model, _KIND, node) == b"Add" and first in bare and uses[first] == 1:
            (added,) = others
            if added in tensors and uses[added] == 1:
                additions[first] = _Addition(added, _text(model, _RESULT, node))
    return additions


def _originals(model: Buffer, graph: Field) -> dict[bytes, bytes]:
    """By the names of mere copies of a result, the name of that result."""
    originals: dict[bytes, bytes] = {}
    for node in _of(model, _NODE, graph.start, graph.end):
        if _text(model, _KIND, node) == b"Identity":
            source = _text(model, _INPUT, node)
            originals[_text(model, _RESULT, node)] = originals.get(source, source)
    return originals


def _node(
    model: Buffer, node: Field, additions: dict[bytes, _Addition], originals: dict[bytes, bytes]
) -> bytes:
    """A node that takes originals for copies, a convolution with what is added to it; nothing in place of
    that addition or of a copy.
    """
    kind, result = _text(model, _KIND, node), _text(model, _RESULT, node)
    if result in originals or (kind == b"Add" and _text(model, _INPUT, node) in additions):
        return b""
    added = additions.get(result)
    parts = []
    for field in fields(model, node.start, node.end):
        content = bytes(model[field.start : field.end])
        if field.number == _INPUT:
            parts.append(delimited(_INPUT, originals.get(content, content)))
        elif field.number == _RESULT and added is not None:
            parts += [delimited(_INPUT, added.tensor), delimited(_RESULT, added.result)]
        else:
            parts.append(bytes(model[field.begin : field.end]))
    return delimited(_NODE, b"".join(parts))


def _tensor(
    model: Buffer, tensor: Field, additions: dict[bytes, _Addition], kept: Places, count: int
) -> bytes:
    """A tensor as it is; with the ``kept`` places of a last axis of ``count``; what is added to a
    convolution on one axis.
    """
    sizes, name = _sizes(model, tensor), _text(model, _TENSOR_NAME, tensor)
    added = any(addition.tensor == name for addition in additions.values())
    if not added and sizes[-1:] != [count]:
        return bytes(model[tensor.begin : tensor.end])
    values = np.frombuffer(_text(model, _RAW, tensor), np.float32).reshape(sizes)
    values = values.ravel() if added else values[..., kept]
    kind = next(_of(model, _TENSOR_TYPE, tensor.start, tensor.end)).value
    content = (
        *(whole(_SIZES, size) for size in values.shape),
        whole(_TENSOR_TYPE, kind),
        delimited(_TENSOR_NAME, name),
        delimited(_RAW, values.tobytes()),
    )
    return delimited(_TENSOR, b"".join(content))


def _sizes(model: Buffer, tensor: Field) -> list[int]:
    return [field.value for field in _of(model, _SIZES, tensor.start, tensor.end)]


def _of(model: Buffer, number: int, start: int, end: int) -> Iterator[Field]:
    return (field for field in fields(model, start, end) if field.number == number)


def _texts(model: Buffer, number: int, message: Field) -> list[bytes]:
    """What the fields of that number in a message hold."""
    return [bytes(model[field.start : field.end]) for field in _of(model, number, message.start, message.end)]


def _text(model: Buffer, number: int, message: Field) -> bytes:
    return _texts(model, number, message)[0]
