"""The recogniser's model: RapidOCR's file, cut in memory to the signs of alphabets and to lower pictures.

The file's network scores 18,708 signs on every step, nearly all of them ideographs, which costs a tenth of
its time and half of its loading. It squeezes 48 rows of a line to 3 and takes their mean; when the mean is
taken of 2 rows, the same weights read pictures of 32 rows, at two thirds of the cost. It copies its
results and adds in steps of their own, where fewer and larger steps are quicker.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.onnx_graph import (
    ATTRIBUTE,
    ENTRY,
    GRAPH,
    INPUT,
    METADATA,
    NAME,
    NODE,
    OUTPUT,
    RESULT,
    SHAPES,
    TENSOR,
    TENSOR_NAME,
    WHOLES,
    Node,
    content_of,
    fields_of,
    floats_of,
    floats_of_shape,
    read_node,
    sizes_of,
    written_tensor,
)
from intake.protocol_buffers import Buffer, Field, delimited, fields

_FILE: Final = "models/PP-OCRv6_rec_small.onnx"
_IDEOGRAPHS: Final = "\u2e80"
"""The first sign of the ideographs and what goes with them; every alphabet comes before."""
_ROWS: Final = 3
"""Rows that the file's network takes the mean of."""
ROW: Final = 16
"""Rows of a picture for each that it squeezes them to."""

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
    graph = next(fields_of(model, GRAPH, 0, len(model)))
    nodes = [read_node(model, field) for field in fields_of(model, NODE, graph.start, graph.end)]
    _set_rows(model, nodes, rows)
    return LineModel(
        _with_columns(model, nodes, np.array(kept), len(known), ROW * rows),
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
    for field in fields_of(model, METADATA, 0, len(model)):
        key, value = (bytes(model[part.start : part.end]) for part in fields(model, field.start, field.end))
        if key == b"character":
            return value.decode().split("\n")
    raise ValueError("the model does not say which signs it knows; take the locked version of rapidocr")


def _set_rows(model: memoryview, nodes: Sequence[Node], rows: int) -> None:
    """Let the mean be taken of ``rows`` rows: the size and the step of the only pool of that kind."""
    places = [
        next(fields_of(model, WHOLES, attribute.start, attribute.end))
        for node in nodes
        if node.kind == b"AveragePool"
        for attribute in fields_of(model, ATTRIBUTE, node.field.start, node.field.end)
        if content_of(model, NAME, attribute) in {b"kernel_shape", b"strides"}
    ]
    if [place.value for place in places] != [_ROWS, _ROWS]:
        raise ValueError("the model squeezes a line in another way; take the locked version of rapidocr")
    for place in places:
        model[place.start] = rows


def _with_columns(model: Buffer, nodes: Sequence[Node], kept: Places, count: int, height: int) -> bytes:
    """The model with only the ``kept`` of its ``count`` columns, for pictures of that height."""
    return b"".join(
        _graph(model, field, nodes, kept, count, height)
        if field.number == GRAPH
        else bytes(model[field.begin : field.end])
        for field in fields(model, 0, len(model))
    )


def _graph(
    model: Buffer, graph: Field, nodes: Sequence[Node], kept: Places, count: int, height: int
) -> bytes:
    additions, originals = _additions(model, graph, nodes), _originals(nodes)
    added = {addition.tensor for addition in additions.values()}
    parts: list[Buffer] = [_node(model, node, additions, originals) for node in nodes]
    for field in fields(model, graph.start, graph.end):
        if field.number == TENSOR:
            parts.append(_tensor(model, field, added, kept, count))
        elif field.number == OUTPUT:
            parts.append(delimited(OUTPUT, floats_of_shape(content_of(model, NAME, field), (0, 0, 0))))
        elif field.number == ENTRY:
            picture = floats_of_shape(content_of(model, NAME, field), (1, 3, height, 0))
            parts.append(delimited(ENTRY, picture))
        elif field.number not in {NODE, SHAPES}:
            parts.append(bytes(model[field.begin : field.end]))
    return delimited(GRAPH, b"".join(parts))


@dataclass(frozen=True, slots=True)
class _Addition:
    """What is added to the result of a convolution, and the name of the sum."""

    tensor: bytes
    result: bytes


def _additions(model: Buffer, graph: Field, nodes: Sequence[Node]) -> dict[bytes, _Addition]:
    """By the name of its result, what is added to each convolution whose result serves nothing else."""
    tensors = {
        content_of(model, TENSOR_NAME, each) for each in fields_of(model, TENSOR, graph.start, graph.end)
    }
    uses = Counter(name for node in nodes for name in node.inputs)
    bare = {node.result for node in nodes if node.kind == b"Conv" and len(node.inputs) == 2}
    additions = {}
    for node in nodes:
        first, *others = node.inputs
        if node.kind == b"Add" and first in bare and uses[first] == 1:
            (added,) = others
            if added in tensors and uses[added] == 1:
                additions[first] = _Addition(added, node.result)
    return additions


def _originals(nodes: Sequence[Node]) -> dict[bytes, bytes]:
    """By the names of mere copies of a result, the name of that result."""
    originals: dict[bytes, bytes] = {}
    for node in nodes:
        if node.kind == b"Identity":
            (source,) = node.inputs
            originals[node.result] = originals.get(source, source)
    return originals


def _node(
    model: Buffer, node: Node, additions: dict[bytes, _Addition], originals: dict[bytes, bytes]
) -> bytes:
    """A node that takes originals for copies, a convolution with what is added to it; nothing in place of
    that addition or of a copy.
    """
    if node.result in originals or (node.kind == b"Add" and node.inputs[0] in additions):
        return b""
    added = additions.get(node.result)
    parts = []
    for field in fields(model, node.field.start, node.field.end):
        content = bytes(model[field.start : field.end])
        if field.number == INPUT:
            parts.append(delimited(INPUT, originals.get(content, content)))
        elif field.number == RESULT and added is not None:
            parts += [delimited(INPUT, added.tensor), delimited(RESULT, added.result)]
        else:
            parts.append(bytes(model[field.begin : field.end]))
    return delimited(NODE, b"".join(parts))


def _tensor(model: Buffer, tensor: Field, added: Set[bytes], kept: Places, count: int) -> Buffer:
    """A tensor as it is; with the ``kept`` places of a last axis of ``count``; what is ``added`` to a
    convolution on one axis.
    """
    sizes, name = sizes_of(model, tensor), content_of(model, TENSOR_NAME, tensor)
    if name not in added and sizes[-1:] != [count]:
        return model[tensor.begin : tensor.end]
    values = floats_of(model, tensor)
    return written_tensor(name, values.ravel() if name in added else values[..., kept])
