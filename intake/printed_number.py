"""The document number as it is printed beside the small symbol, for paper whose symbols are both lost.

The sixteen signs must agree with their two check signs, so that a misread number is no number at all.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from forms.geometry import POINT
from forms.model import MONO_ADVANCE, PageFrame
from forms.numbers import ALPHABET, parse_number
from generators.pages import REFERENCE_DROP, REFERENCE_SIZE
from intake.expectation import BLURS, glyphs
from intake.sampling import Grid, Ink, Paper
from intake.strips import CellShape

_PITCH: Final = 16
_PER_MM: Final = _PITCH / (MONO_ADVANCE * REFERENCE_SIZE * POINT)
_SIGNS: Final = 19
_GROUP: Final = 5
_HEIGHT: Final = 26
_BASELINE: Final = 21.0
_SHAPE: Final = CellShape(REFERENCE_SIZE, _PER_MM, _PITCH, _PITCH, _HEIGHT, 0.0, _BASELINE)
_REACH: Final = 5
"""Samples (0.8 mm) around its place that the number is looked for in."""


def read_printed_number(paper: Paper, frame: PageFrame) -> str | None:
    """The number printed under the frame's reference, or nothing when it cannot be read without a doubt."""
    left = frame.reference.x
    top = frame.reference.y + REFERENCE_DROP - _BASELINE / _PER_MM
    wide = paper.sample(
        Grid(
            left - _REACH / _PER_MM,
            top - _REACH / _PER_MM,
            _PER_MM,
            _SIGNS * _PITCH + 2 * _REACH,
            _HEIGHT + 2 * _REACH,
        )
    )
    best: tuple[float, str | None] = (0.0, None)
    for blur in range(len(BLURS) - 1):
        pictures = _flat(glyphs(ALPHABET, _SHAPE, blur))
        for down in range(2 * _REACH + 1):
            for right in range(2 * _REACH + 1):
                line = wide[down : down + _HEIGHT, right : right + _SIGNS * _PITCH]
                fit = _cells(line) @ pictures.T
                score = float(fit.max(axis=1).mean())
                if score > best[0]:
                    best = score, _decoded(fit)
    return best[1]


def _flat(pictures: Ink) -> Ink:
    """Each picture as a row of length one, free of its mean."""
    rows = pictures.reshape(len(pictures), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    unit: Ink = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return unit


def _cells(line: Ink) -> Ink:
    cells = line.reshape(_HEIGHT, _SIGNS, _PITCH).transpose(1, 0, 2)
    return _flat(cells[[place for place in range(_SIGNS) if place % _GROUP != _GROUP - 1]])


def _decoded(fit: Ink) -> str | None:
    """The best signs when they agree with their check signs."""
    return parse_number("".join(ALPHABET[place] for place in np.argmax(fit, axis=1).tolist()))
