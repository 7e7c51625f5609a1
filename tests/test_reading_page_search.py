"""Pages whose marks cannot be decoded are found by what the marks look like; other pages are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.material import EDITIONS, KEYS, random_paper
from generators.paper.scanning import Scanner, placement, scan
from generators.paper.sheets import Grey
from intake.alignment import Alignment, corners, find_marks
from intake.identification import identify, known_frames, locate
from intake.page_search import complete_marks, search_page
from tests.paper_samples import printed_page

(FRAME,) = known_frames()
PLACES = np.concatenate([corners(box) for box in (*FRAME.marks, FRAME.full_seal)])
HALF = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])
"""From the scanner's pixels, whose corners are whole numbers, to the reader's, whose centres are."""


def grainy(turn: float, seed: int) -> tuple[Scanner, str, Grey]:
    device = Scanner(
        dpi=100,
        rotation_deg=turn,
        perspective=(0.02, -0.01, 0.0, 0.02, -0.02, 0.01, 0.01, 0.0),
        blur_px=1.2,
        contrast=0.4,
        noise_sigma=26,
        margin_mm=8,
        lid=60,
        jpeg_quality=20,
    )
    random = np.random.default_rng(seed)
    paper = random_paper(random, EDITIONS[seed % len(EDITIONS)])
    return device, paper.document, scan(paper.sheet, device, random)


def furthest(alignment: Alignment, device: Scanner) -> float:
    """How many mm the page is off at the worst of its marks."""
    true = Alignment(HALF @ placement(device, 210.0, 297.0), 16, 0.0)
    return float(np.hypot(*(alignment.to_pixels(PLACES) - true.to_pixels(PLACES)).T).max()) / true.px_per_mm


@pytest.mark.parametrize("turn", [0.0, 14.0, 83.0, 180.0, 275.0])
def test_a_page_is_found_by_what_its_marks_look_like(turn: float) -> None:
    device, document, image = grainy(turn, 5)
    found = search_page(image, FRAME)
    assert found is not None
    assert set(found.marks) == set(range(4))
    assert furthest(found.alignment, device) < 1.0
    located = locate(image)
    assert located is not None
    identity, _ = identify(located, KEYS)
    assert identity is not None
    assert identity.document == document


def test_one_mark_that_was_read_leads_to_the_others() -> None:
    random = np.random.default_rng(8)
    paper = random_paper(random)
    image = paper.sheet.image.copy()
    for box in FRAME.marks[1:]:  # a pen line through a mark is beyond its decoder
        rows, columns = paper.sheet.area(box)
        start, end = (columns.start, rows.start), (columns.stop, rows.stop)
        cv2.line(image, start, end, 60, round(1.2 * paper.sheet.px_per_mm))
    device = Scanner(dpi=150, rotation_deg=3, perspective=(0.02, 0, 0, 0.01, 0, -0.02, 0.01, 0))
    page = scan(paper.sheet.showing(image), device, random)
    seen = find_marks(page, FRAME)
    assert set(seen) == {0}
    found = complete_marks(page, FRAME, seen)
    assert found is not None
    assert set(found.marks) == set(range(4))
    assert furthest(found.alignment, device) < 0.6


def test_a_mark_that_was_read_wrongly_leads_nowhere() -> None:
    _, _, image = grainy(0.0, 5)
    nowhere = corners(FRAME.marks[0]) * 3.0 + 200.0
    assert complete_marks(image, FRAME, {0: nowhere}) is None


@pytest.mark.parametrize("seed", range(4))
def test_other_pages_with_squares_of_random_ink_are_not_found(seed: int) -> None:
    random = np.random.default_rng(seed)
    sheet = printed_page()
    image = sheet.image.copy()
    for _ in range(40):
        side = int(random.integers(60, 600 if random.random() < 0.3 else 130))
        top, left = (int(random.integers(0, length - side)) for length in image.shape)
        ink = np.where(random.random((8, 8)) < 0.6, 20, 245).astype(np.uint8)
        square = cv2.resize(ink, (side, side), interpolation=cv2.INTER_NEAREST)
        image[top : top + side, left : left + side] = square
    page = scan(sheet.showing(image), Scanner(dpi=120, noise_sigma=12), random)
    assert search_page(page, FRAME) is None
