"""The cells of a comb as the recogniser wants them: the ink that people added, one small picture a cell.

A picture covers the cell and :data:`MARGIN` of its width beyond it on every side, since hands leave
boxes; 0 is bare paper, 1 the black of print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from forms.layout import comb_pitch
from forms.model import Edition, Field
from intake.alignment import Grey
from intake.expectation import sample_fixed_parts
from intake.sampling import Grid, Ink, Paper

MARGIN: Final = 0.2
"""Share of a cell's width that a picture shows beyond the cell on every side: 1 mm for a cell of 5 mm."""
COLUMNS: Final = 28
ROWS: Final = 36
"""Samples of a cell's picture: 4 to a mm for a cell of 5 × 7 mm, a pen's line being 1 to 3 wide."""

_FINE: Final = 2
"""The comb is registered and cleaned this much finer than the recogniser sees it."""
_STEP: Final = 40
"""Fine samples from cell to cell."""
_REACH: Final = 6
"""Fine samples (0.75 mm) around its place that a comb is looked for in: creased paper moves by less."""
_BLURS: Final = (0.0, 0.7, 1.2, 1.8)
"""Blurs, in fine samples, that the printed lines are tried under."""


@dataclass(frozen=True, slots=True)
class Cell:
    """An upright crop of one cell with its margins, at any resolution.

    ``image`` is grey (255 is white); ``blank`` is the same crop of the empty form, where it is known, and
    has the same shape: its lines are then taken away.
    """

    image: Grey
    blank: Grey | None = None


def ink_of_crops(cells: Sequence[Cell]) -> Ink:
    """Added ink of single crops: a float32 array cells × ROWS × COLUMNS."""
    pictures = [_ink_of_crop(cell) for cell in cells]
    return np.stack(pictures) if pictures else np.zeros((0, ROWS, COLUMNS), np.float32)


def _ink_of_crop(cell: Cell) -> Ink:
    ink = _darkness(cell.image)
    if cell.blank is not None:
        if cell.blank.shape != cell.image.shape:
            raise ValueError("a blank cell must have the shape of its crop: cut both with the same grid")
        ink = _without(ink, _darkness(cell.blank))
    resized: Ink = cv2.resize(ink, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return resized


def _darkness(image: Grey) -> Ink:
    paper = max(float(np.percentile(image, 85)), 16.0)
    darkness: Ink = np.clip(1.0 - image.astype(np.float32) / paper, -0.2, 1.0)
    return darkness


def cut_cells(paper: Paper, edition: Edition, field: Field) -> Ink:
    """Added ink in each cell of a comb field: a float32 array cells × ROWS × COLUMNS.

    The comb finds its own small shift, then its printed lines are subtracted. Raises ``ValueError`` for a
    field that is no comb.
    """
    comb = comb_pitch(field)
    if comb is None:
        raise ValueError(f"{field.name} is no comb: only a field of cells can be cut into cells")
    cells, pitch = comb
    grid = comb_grid(field, cells, pitch)
    expected = sample_fixed_parts(edition, field.page, grid)
    ink = _without(paper.sample(_registered(paper, grid, expected)), expected)
    windows = [
        cv2.resize(
            ink[:, place * _STEP : place * _STEP + COLUMNS * _FINE],
            (COLUMNS, ROWS),
            interpolation=cv2.INTER_AREA,
        )
        for place in range(cells)
    ]
    return np.stack(windows)


def comb_grid(field: Field, cells: int, pitch: float) -> Grid:
    """The fine samples of a whole comb and its margins, ``_STEP`` to a cell."""
    per_mm, margin = _STEP / pitch, MARGIN * pitch
    box = field.box.grown(margin)
    columns = _STEP * (cells - 1) + COLUMNS * _FINE
    return Grid(box.x, box.y, per_mm, columns, round(box.height * per_mm))


def _registered(paper: Paper, grid: Grid, expected: Ink) -> Grid:
    """The grid moved to where the comb's lines really lie; unmoved where it has none."""
    if float(expected.std()) < 0.01:
        return grid
    step = _REACH / grid.per_mm
    wide = paper.sample(
        Grid(grid.x - step, grid.y - step, grid.per_mm, grid.columns + 2 * _REACH, grid.rows + 2 * _REACH)
    )
    # Ink beyond print's black is no better a line; what a pen writes must not outweigh the comb.
    likeness = cv2.matchTemplate(np.clip(wide, -0.2, 1.0), expected, cv2.TM_CCOEFF_NORMED)
    _, _, _, (right, down) = cv2.minMaxLoc(likeness)
    fine_right, fine_down = (_peak(likeness[down, :], right), _peak(likeness[:, right], down))
    return grid.moved((fine_right - _REACH) / grid.per_mm, (fine_down - _REACH) / grid.per_mm)


def _peak(likeness: Ink, place: int) -> float:
    """The top of the parabola through a maximum and its two neighbours."""
    if not 0 < place < len(likeness) - 1:
        return float(place)
    before, top, after = (float(value) for value in likeness[place - 1 : place + 2])
    bend = before - 2 * top + after
    return place + 0.5 * (before - after) / bend if bend < -1e-9 else float(place)


def _without(ink: Ink, expected: Ink) -> Ink:
    """Ink less the printed lines, under the blur and blackness that leave least of them."""
    lines = expected > 0.05
    if not lines.any():
        return ink
    best, least = ink, np.inf
    for sigma in _BLURS:
        picture = cv2.GaussianBlur(expected, (0, 0), sigma) if sigma else expected
        shown, seen = picture[lines], ink[lines]
        # Pen ink over a line only adds: the lower half of what is seen there tells the line's blackness.
        gain = float(np.clip(np.median(seen / np.maximum(shown, 0.05)), 0.2, 1.5))
        rest = float(np.abs(seen - gain * shown).mean())
        if rest < least:
            best, least = ink - gain * picture, rest
    cleaned: Ink = np.clip(best, -0.2, 1.2)
    return cleaned
