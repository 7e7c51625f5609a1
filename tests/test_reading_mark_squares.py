"""Marks that can no longer be read: the page is held by their squares, or it is not held at all."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.letter_manners import MANNERS
from bench.letter_material import random_letter
from bench.material import KEYS, Paper, random_paper
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.alignment import Looks, corners, find_marks, find_mirrored_marks
from intake.identification import identify, known_frames, locate
from intake.mark_squares import find_mark_squares

(FRAME,) = known_frames()


def smeared(turn: float, seed: int) -> tuple[Paper, np.ndarray]:
    """A sheet whose toner ran together inside all four marks and over both symbols, and its scan."""
    random = np.random.default_rng(seed)
    paper = random_paper(random, unsigned=0.0)
    image = paper.sheet.image.copy()
    for mark in FRAME.marks:
        image[paper.sheet.area(mark.grown(-0.4))] = 40
    device = Scanner(dpi=120, rotation_deg=turn, margin_mm=12, blur_px=0.8, noise_sigma=8.0, jpeg_quality=40)
    return paper, scan(paper.sheet.showing(image), device, random)


@pytest.mark.parametrize("turn", [0.0, 4.0, 94.0, 177.0, 266.0, -12.0])
def test_a_page_with_unreadable_marks_is_held_by_their_squares(turn: float) -> None:
    paper, image = smeared(turn, 3)
    assert find_marks(image, FRAME) == {}
    ways = find_mark_squares(image, FRAME, {})
    assert [set(squares) for squares in ways] == [set(range(4))] * 2
    bare = locate(image)
    assert bare is not None
    identity, held = identify(bare, KEYS)
    assert identity is not None
    assert identity.edition == paper.edition
    assert identity.document == paper.document, "its symbols are read once it is held"
    true = [held.alignment.to_pixels(corners(mark)) for mark in FRAME.marks]
    off = min(max(np.hypot(*(true[mark] - squares[mark]).T).max() for mark in range(4)) for squares in ways)
    assert off < held.alignment.px_per_mm, "squares are found to about half a mm, their corners to one"


def test_a_mark_that_was_read_says_which_way_the_page_lies() -> None:
    _, image = smeared(0.0, 4)
    upright, turned = find_mark_squares(image, FRAME, {})
    (known,) = find_mark_squares(image, FRAME, {1: upright[1]})
    assert known.keys() == upright.keys()
    for mark in range(4):
        np.testing.assert_allclose(known[mark], upright[mark], atol=0.5)
    (other,) = find_mark_squares(image, FRAME, {1: turned[1]})
    np.testing.assert_allclose(other[3].mean(axis=0), upright[1].mean(axis=0), atol=4)


def on_a_table(share: float) -> np.ndarray:
    """A crisp photograph on which the page takes that share of the length."""
    random = np.random.default_rng(6)
    page = scan(random_paper(random, unsigned=0.0).sheet, Scanner(dpi=300), random)
    rows, columns = (round(side / share) for side in page.shape)
    table = np.full((rows, columns), 120, np.uint8)
    down, right = (rows - page.shape[0]) // 2, (columns - page.shape[1]) // 3
    table[down : down + page.shape[0], right : right + page.shape[1]] = page
    return cv2.resize(table, None, fx=3000 / rows, fy=3000 / rows, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("share", [0.9, 0.45, 0.4])
def test_a_crisp_page_is_not_said_to_lack_marks_that_are_too_small_for_the_first_look(share: float) -> None:
    looks = Looks(on_a_table(share))
    assert looks.crisp
    assert not looks.lacks_marks(FRAME)
    assert set(find_marks(looks, FRAME)) == set(range(4))


def test_a_crisp_page_of_type_lacks_marks() -> None:
    """Nothing on a letter is as square as a mark, so nobody looks for one at a higher resolution."""
    random = np.random.default_rng(7)
    letter = random_letter(random, MANNERS[:1])
    looks = Looks(scan(print_page(letter.pdf), Scanner(dpi=200), random))
    assert looks.lacks_marks(FRAME)
    assert find_marks(looks, FRAME) == {}
    assert find_mirrored_marks(looks, FRAME) == {}


def test_what_is_no_page_of_ours_has_no_squares() -> None:
    random = np.random.default_rng(5)
    blank = np.full((1170, 827), 250, np.uint8)
    assert find_mark_squares(blank, FRAME, {}) == ()
    grain = random.normal(180, 30, blank.shape).clip(0, 255).astype(np.uint8)
    assert locate(grain) is None
    written = blank.copy()
    for line in range(60, 1100, 28):
        cv2.putText(written, "Carta sin casillas ni marcas 0190", (60, line), 0, 0.8, 30, 2)
    assert locate(written) is None
