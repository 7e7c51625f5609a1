"""Fields cut into strips of equal cells, on sample grids that fall exactly on the printed pitch.

Since every value is printed at a fixed pitch, a strip sampled at a whole number of samples per cell
puts every glyph at the same place of its cell, and one picture of a glyph serves for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from forms.geometry import POINT
from forms.layout import CAP_HEIGHT, PADDING, columns, comb_pitch, field_runs, tick_boxes, wrap
from forms.model import (
    COMB_SIZE,
    MONO_ADVANCE,
    VALUE_LEADING,
    VALUE_PITCH,
    VALUE_SIZE,
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Mark,
    Paragraph,
    Period,
)
from intake.sampling import Grid, Ink

DIGITS: Final = "0123456789"
CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PROSE: Final = (
    DIGITS
    + CAPITALS
    + "abcdefghijklmnopqrstuvwxyz"
    + "ÁÉÍÓÚÜÑáéíóúüñ"
    + "!\"#$%&'()*+,-./:;<=>?@[]_|{}~¡¿ªº°"
)
"""Signs that running text is weighed against besides those that it should show."""


@dataclass(frozen=True, slots=True, eq=False)
class CellShape:
    """A cell of samples: ``per_mm`` samples in a mm, ``pitch`` samples from cell to cell.

    The window of a cell is ``width`` × ``height`` samples; the glyph's origin lies ``origin`` samples
    right of the window's left edge and ``baseline`` samples under its top.
    """

    size: float
    per_mm: float
    pitch: int
    width: int
    height: int
    origin: float
    baseline: float

    @property
    def area(self) -> float:
        """Mm² of the window."""
        return self.width * self.height / self.per_mm**2


_TEXT_PER_MM: Final = 17 / VALUE_PITCH
TEXT_CELL: Final = CellShape(VALUE_SIZE, _TEXT_PER_MM, 17, 17, 38, 0.0, 28.0)
"""Cells of running text touch each other: 17 samples to a sign, 38 high for accents and tails."""

_COMB_PER_MM: Final = 8.0
_COMB_ADVANCE: Final = COMB_SIZE * MONO_ADVANCE * POINT * _COMB_PER_MM


@cache
def _comb_cell(pitch_mm: float, height_mm: float) -> CellShape:
    pitch = round(pitch_mm * _COMB_PER_MM)
    width, height = pitch - 8, round(height_mm * _COMB_PER_MM) - 10
    baseline = (height + CAP_HEIGHT * COMB_SIZE * POINT * _COMB_PER_MM) / 2
    return CellShape(COMB_SIZE, _COMB_PER_MM, pitch, width, height, (width - _COMB_ADVANCE) / 2, baseline)


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """One line of cells of a field: its place in mm, its cells, and what a cell may hold."""

    field: str
    line: int
    page: int
    shape: CellShape
    cells: int
    left: float
    top: float
    alphabet: str

    def grid(self) -> Grid:
        """Samples of the whole strip: cells side by side from the first window's left edge."""
        columns_ = (self.cells - 1) * self.shape.pitch + self.shape.width
        return Grid(self.left, self.top, self.shape.per_mm, columns_, self.shape.height)

    def windows(self, ink: Ink) -> Ink:
        """The cells of a sampled strip as an array cells × height × width (a view)."""
        rows, row_stride = ink.shape[0], ink.strides[0]
        return np.lib.stride_tricks.as_strided(
            ink,
            (self.cells, rows, self.shape.width),
            (self.shape.pitch * ink.strides[1], row_stride, ink.strides[1]),
            writeable=False,
        )


@cache
def strips_of(edition: Edition) -> tuple[Strip, ...]:
    """Every strip of an edition, in the order of its fields."""
    return tuple(strip for field in edition.value_fields for strip in _field_strips(field))


def _field_strips(field: Field) -> tuple[Strip, ...]:
    if isinstance(field.kind, Choice | Mark):
        return tuple(
            _comb_strip(field, place, 1, box.x, box.y, box.width, box.height, "X")
            for place, (_, box) in enumerate(tick_boxes(field))
        )
    if comb := comb_pitch(field):
        cells, pitch = comb
        return (
            _comb_strip(
                field, 0, cells, field.box.x, field.box.y, pitch, field.box.height, _comb_signs(field)
            ),
        )
    lines = field.kind.lines if isinstance(field.kind, Paragraph) else 1
    return tuple(_text_strip(field, line, lines) for line in range(lines))


def _comb_signs(field: Field) -> str:
    match field.kind:
        case Comb(alphabet=alphabet):
            return alphabet
        case Date() | Period():
            return DIGITS + "-"
        case _:
            return PROSE


def _comb_strip(
    field: Field, line: int, cells: int, x: float, y: float, pitch: float, height: float, signs: str
) -> Strip:
    shape = _comb_cell(pitch, height)
    left = x + (pitch - shape.width / shape.per_mm) / 2
    top = y + (height - shape.height / shape.per_mm) / 2
    return Strip(field.name, line, field.page, shape, cells, left, top, signs)


def _text_strip(field: Field, line: int, lines: int) -> Strip:
    cap = CAP_HEIGHT * VALUE_SIZE * POINT
    step = VALUE_LEADING if lines > 1 else 0.0
    baseline = field.box.y + (field.box.height - step * (lines - 1) + cap) / 2 + step * line
    top = baseline - TEXT_CELL.baseline / TEXT_CELL.per_mm
    left = field.box.x + PADDING
    return Strip(field.name, line, field.page, TEXT_CELL, columns(field), left, top, PROSE)


def expected_text(field: Field, strip: Strip, value: str) -> str:
    """What the cells of ``strip`` should show for ``value``; blanks where nothing may stand."""
    if isinstance(field.kind, Choice | Mark):
        run = field_runs(field, value)[strip.line]
        return run.text
    if comb_pitch(field):
        return value.ljust(strip.cells)
    lines = wrap(value, columns(field)) if isinstance(field.kind, Paragraph) else [value]
    return (lines[strip.line] if strip.line < len(lines) else "").ljust(strip.cells)
