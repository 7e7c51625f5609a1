"""Combs cut into cells: lines away, ink kept, wherever the comb really lies."""

from __future__ import annotations

import numpy as np
import pytest

from bench.handwriting_forms import locate
from bench.training.combs import EDITION, cells_of
from forms.geometry import Box
from generators.blank import draw_blank
from generators.paper.ink import Pen, draw_strokes
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from intake.handwriting.cells import COLUMNS, ROWS, Cell, cut_cells, ink_of_crops
from intake.sampling import Grid, Paper

RUC = EDITION.field("ruc")


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return print_page(draw_blank(EDITION))


def scanned(sheet: Sheet, **how: float) -> Paper:
    paper = locate(scan(sheet, Scanner(**how), np.random.default_rng(1)))
    assert paper is not None
    return paper


def diagonal(box: Box) -> np.ndarray:
    return np.array([[box.x + 1.5, box.y + 1.5], [box.x + 2.5, box.y + 3], [box.x + 3.5, box.y + 5.5]])


@pytest.mark.parametrize(
    "how", [{"dpi": 150}, {"dpi": 300, "rotation_deg": 2.0}, {"dpi": 200, "contrast": 0.6}]
)
def test_an_empty_comb_leaves_no_ink(sheet: Sheet, how: dict[str, float]) -> None:
    ink = cut_cells(scanned(sheet, **how), EDITION, RUC)
    assert ink.shape == (13, ROWS, COLUMNS)
    assert float(np.quantile(ink, 0.995)) < 0.25


def test_ink_stays_in_its_cell(sheet: Sheet) -> None:
    box = cells_of(RUC)[5]
    written = draw_strokes(sheet, [diagonal(box)], Pen(), np.random.default_rng(2))
    ink = cut_cells(scanned(written), EDITION, RUC)
    dark = (ink > 0.4).sum(axis=(1, 2))
    assert dark[5] > 15
    assert np.delete(dark, 5).max() < dark[5] / 4


def test_a_comb_that_lies_elsewhere_is_found(sheet: Sheet) -> None:
    """Creased paper: the comb lies 0.5 mm from where the marks say."""
    box = cells_of(RUC)[2]
    paper = scanned(draw_strokes(sheet, [diagonal(box)], Pen(), np.random.default_rng(2)))
    right = cut_cells(paper, EDITION, RUC)

    class Creased:
        def sample(self, grid: Grid) -> np.ndarray:
            return paper.sample(grid.moved(0.5, -0.4))

    found = cut_cells(Creased(), EDITION, RUC)  # type: ignore[arg-type]
    assert float(np.abs(found - right).mean()) < 0.02


def test_a_field_without_cells_is_refused(sheet: Sheet) -> None:
    with pytest.raises(ValueError, match="no comb"):
        cut_cells(scanned(sheet), EDITION, EDITION.field("address"))


def test_crops_of_any_resolution_give_the_same_picture() -> None:
    small = np.full((36, 28), 250, np.uint8)
    small[10:26, 12:16] = 40
    large = np.repeat(np.repeat(small, 6, axis=0), 6, axis=1)
    one, other = ink_of_crops([Cell(small), Cell(large)])
    assert float(np.abs(one - other).max()) < 0.05
    assert one[18, 13] > 0.7


def test_the_blank_cell_is_taken_away() -> None:
    blank = np.full((72, 56), 250, np.uint8)
    blank[:, 8:10] = 60
    image = blank.copy()
    image[20:50, 26:30] = 40
    (ink,) = ink_of_crops([Cell(image, blank)])
    assert float(np.abs(ink[:, 2:7]).max()) < 0.2
    assert ink[17, 13] > 0.7
    with pytest.raises(ValueError, match="shape"):
        ink_of_crops([Cell(image, blank[1:])])
