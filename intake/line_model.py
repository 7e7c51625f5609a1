"""The recogniser's model: RapidOCR's file, cut in memory to the signs of alphabets and to lower pictures.

The file's network scores 18,708 signs on every step, nearly all of them ideographs, which costs a tenth of
its time and half of its loading. It squeezes 48 rows of a line to 3 and takes their mean; when the mean is
taken of 2 rows, the same weights read pictures of 32 rows, at two thirds of the cost.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from intake.protocol_buffers import Buffer, Field, delimited, fields, whole

_FILE: Final = "models/PP-OCRv6_rec_small.onnx"
_IDEOGRAPHS: Final = "\u2e80"
"""The first sign of the ideographs and what goes with them; every alphabet comes before."""
_ROWS: Final = 3
"""Rows that the file's network takes the mean of."""

# The numbers of the fields of ONNX that are looked at.
_GRAPH, _METADATA = 7, 14
_NODE, _TENSOR, _OUTPUT, _SHAPES = 1, 5, 12, 13
_NAME, _KIND, _ATTRIBUTE, _WHOLES = 1, 4, 5, 8
_SIZES, _TENSOR_TYPE, _TENSOR_NAME, _RAW = 1, 2, 8, 9

_ANY_SHAPE: Final = delimited(2, delimited(1, whole(1, 1) + delimited(2, 3 * delimited(1, b""))))
"""The type of an output: 32-bit floats on three axes of lengths that are not told."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """A model as ONNX and the columns of its table: ``places`` of the signs; column 0 is «nothing»."""

    data: bytes
    places: dict[str, int]


def line_model(rows: int) -> LineModel:
    """The model cut to alphabets, for lines that are 16 pixels high for each of ``rows`` (2 or 3)."""
    model = bytearray(model_file().read_bytes())
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


def _set_rows(model: bytearray, rows: int) -> None:
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


def _with_columns(model: Buffer, kept: np.ndarray, count: int) -> bytes:
    """The model with only the ``kept`` of its ``count`` columns; shapes that say otherwise are left out."""
    outer = []
    for field in fields(model, 0, len(model)):
        whole_field = bytes(model[field.begin : field.end])
        outer.append(_graph(model, field, kept, count) if field.number == _GRAPH else whole_field)
    return b"".join(outer)


def _graph(model: Buffer, graph: Field, kept: np.ndarray, count: int) -> bytes:
    parts = []
    for field in fields(model, graph.start, graph.end):
        if field.number == _TENSOR and _sizes(model, field)[-1:] == [count]:
            parts.append(delimited(_TENSOR, _narrowed(model, field, kept)))
        elif field.number == _OUTPUT:
            parts.append(delimited(_OUTPUT, delimited(_NAME, _text(model, _NAME, field)) + _ANY_SHAPE))
        elif field.number != _SHAPES:
            parts.append(bytes(model[field.begin : field.end]))
    return delimited(_GRAPH, b"".join(parts))


def _narrowed(model: Buffer, tensor: Field, kept: np.ndarray) -> bytes:
    """A tensor of 32-bit floats with the ``kept`` places of its last axis."""
    sizes = _sizes(model, tensor)
    values = np.frombuffer(_text(model, _RAW, tensor), np.float32).reshape(sizes)[..., kept]
    kind = next(_of(model, _TENSOR_TYPE, tensor.start, tensor.end)).value
    return b"".join(
        (
            *(whole(_SIZES, size) for size in values.shape),
            whole(_TENSOR_TYPE, kind),
            delimited(_TENSOR_NAME, _text(model, _TENSOR_NAME, tensor)),
            delimited(_RAW, values.tobytes()),
        )
    )


def _sizes(model: Buffer, tensor: Field) -> list[int]:
    return [field.value for field in _of(model, _SIZES, tensor.start, tensor.end)]


def _of(model: Buffer, number: int, start: int, end: int) -> Iterator[Field]:
    return (field for field in fields(model, start, end) if field.number == number)


def _text(model: Buffer, number: int, message: Field) -> bytes:
    """What the first field of that number in a message holds."""
    field = next(_of(model, number, message.start, message.end))
    return bytes(model[field.start : field.end])
