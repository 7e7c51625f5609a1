"""The ranges by which the line recogniser skims with bytes: ``python -m bench.training.line_ranges [COUNT]``.

Letters of known manners are drawn and scanned, every other one worn. Of every convolution that is worth it
the least and the largest number that it takes and gives are written to ``intake/line_ranges.json``. The same
letters give the same file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bench.letter_manners import MANNERS
from bench.letter_material import random_letter
from generators.paper.ink import sign
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import print_page
from intake.letters.recognised import recognise
from intake.line_model import line_model
from intake.line_recognition import Line, skimmed_pictures
from intake.onnx_graph import (
    GRAPH,
    NODE,
    OUTPUT,
    TENSOR,
    TENSOR_NAME,
    Node,
    content_of,
    fields_of,
    floats_of_shape,
    read_node,
    sizes_of,
)
from intake.protocol_buffers import Buffer, Field, delimited, fields
from intake.sampling import Ink
from intake.threads import use_one_thread

_FILE: Final = Path("intake/line_ranges.json")
_SEED: Final = 20261128
_CHANNELS: Final = 96
"""Channels that a convolution adds up from which bytes are quicker."""
_EACH: Final = 4
"""Of so many lines one is looked at."""
_SURE: Final = Line("", 1.0, 0.0)
"""What is told of each line, so that it is not read in full: nobody needs its text here."""

Picture = NDArray[np.float32]


def pictures(count: int) -> Iterator[Picture]:
    """What the network is shown of some lines of ``count`` letters."""
    for number in range(count):
        random = np.random.default_rng((_SEED, number))
        severity = (Severity.CLEAN, Severity.MODERATE)[number % 2]
        letter = random_letter(random, (MANNERS[number % len(MANNERS)],))
        sheet = sign(print_page(letter.pdf), letter.signature, random)
        scanner = random_scanner(severity, random)
        image = scan(random_damage(sheet, severity, random), scanner, random)
        inks: list[Ink] = []

        def skim(ink: Ink, _signs: str, inks: list[Ink] = inks) -> Line:
            inks.append(ink)
            return _SURE

        recognise(image, scanner.dpi, None, skim)
        for ink in inks[number % _EACH :: _EACH]:
            yield from skimmed_pictures(ink)


def measure(model: bytes, count: int) -> dict[str, tuple[float, float]]:
    """The least and the largest number in what each convolution that is worth it takes and gives."""
    graph = next(fields_of(model, GRAPH, 0, len(model)))
    nodes = [read_node(model, field) for field in fields_of(model, NODE, graph.start, graph.end)]
    chosen = _worth_it(model, graph, nodes)
    names = list(dict.fromkeys(name for node in chosen for name in (node.inputs[0], node.result)))
    session: Any = onnxruntime.InferenceSession(_telling(model, names), providers=["CPUExecutionProvider"])
    seen: dict[bytes, tuple[float, float]] = dict.fromkeys(names, (0.0, 0.0))
    pooled: set[bytes] = set()
    for picture in pictures(count):
        found = session.run([name.decode() for name in names], {session.get_inputs()[0].name: picture})
        for name, values in zip(names, found, strict=True):
            least, largest = seen[name]
            seen[name] = min(least, float(values.min())), max(largest, float(values.max()))
            if values.shape[-1] == 1:
                pooled.add(name)
    # Nothing under 0 goes on where all that comes next is what cuts it off.
    for name in names:
        if {node.kind for node in nodes if name in node.inputs} == {b"Relu"}:
            seen[name] = 0.0, seen[name][1]
    kept = [end for node in chosen for end in (node.inputs[0], node.result) if node.inputs[0] not in pooled]
    return {name.decode(): (round(seen[name][0], 3), round(seen[name][1], 3)) for name in kept}


def _worth_it(model: Buffer, graph: Field, nodes: list[Node]) -> list[Node]:
    """The convolutions over many channels, but those of the last part, which looks along the line."""
    many = {
        content_of(model, TENSOR_NAME, tensor)
        for tensor in fields_of(model, TENSOR, graph.start, graph.end)
        if len(sizes := sizes_of(model, tensor)) == 4 and sizes[1] >= _CHANNELS
    }
    return [
        node for node in nodes if node.kind == b"Conv" and len(node.inputs) == 3 and node.inputs[1] in many
    ]


def _telling(model: Buffer, names: list[bytes]) -> bytes:
    """The model that gives these results too."""
    outputs = b"".join(delimited(OUTPUT, floats_of_shape(name, (0, 0, 0, 0))) for name in names)
    return b"".join(
        delimited(GRAPH, bytes(model[field.start : field.end]) + outputs)
        if field.number == GRAPH
        else bytes(model[field.begin : field.end])
        for field in fields(model, 0, len(model))
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=24)
    given = parser.parse_args()
    use_one_thread()
    found = measure(line_model(2).data, given.count)
    rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(ends)}" for name, ends in found.items())
    _FILE.write_text("{\n" + rows + "\n}\n", "ascii")
    print(f"{_FILE}: {len(found)}")


if __name__ == "__main__":
    main()
