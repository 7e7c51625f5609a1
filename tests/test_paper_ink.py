"""Pens and stamps on simulated paper: ink where it was put, nowhere else, and never lighter than before."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import SIGNATURE, printed_page

from forms.geometry import Box
from generators.paper.hands import HANDS
from generators.paper.ink import Pen, draw_strokes, sign, sign_with_picture, stamp, strike, write_over
from generators.paper.sheets import Sheet, paste_patch, white_out

BLANK = Sheet(np.full((1200, 2480), 250, np.uint8))
BOX = Box(50.0, 30.0, 80.0, 21.0)


def inked_box(before: Sheet, after: Sheet) -> Box:
    """What the ink covers, in mm."""
    ys, xs = np.nonzero(after.image.astype(int) < before.image.astype(int) - 8)
    left, top, right, bottom = (
        value / before.px_per_mm for value in (xs.min(), ys.min(), xs.max(), ys.max())
    )
    return Box(left, top, right - left, bottom - top)


@settings(max_examples=60)
@given(hand=st.sampled_from(sorted(HANDS)), seed=st.integers(0, 2**32 - 1))
def test_a_signature_adds_ink_in_and_just_around_its_box(hand: str, seed: int) -> None:
    signed = sign(BLANK, BOX, np.random.default_rng(seed), hand=hand)
    assert (signed.image <= BLANK.image).all()
    inked = inked_box(BLANK, signed)
    assert BOX.grown(BOX.height / 4).contains(inked)
    assert inked.width > 5
    dark = (signed.image[signed.area(BOX)] < 200).mean()
    assert 0.002 < dark < 0.35


def test_signatures_are_deterministic_and_differ_from_one_to_the_next() -> None:
    seen = {sign(BLANK, BOX, np.random.default_rng(seed)).image.tobytes() for seed in range(12)}
    again = {sign(BLANK, BOX, np.random.default_rng(seed)).image.tobytes() for seed in range(12)}
    assert seen == again
    assert len(seen) == 12


def test_there_are_hands_enough_to_hold_some_back() -> None:
    drawn = {hand: sign(BLANK, BOX, np.random.default_rng(1), hand=hand).image.tobytes() for hand in HANDS}
    assert len(set(drawn.values())) == len(HANDS) >= 6


def test_signing_leaves_the_sheet_that_was_given_alone() -> None:
    sheet = printed_page()
    before = sheet.image.copy()
    sign(sheet, SIGNATURE, np.random.default_rng(1))
    stamp(sheet, (100, 100), np.random.default_rng(1))
    assert (sheet.image == before).all()


def test_a_blue_pen_is_lighter_than_a_black_one_and_a_broad_one_leaves_more() -> None:
    def drawn(pen: Pen) -> np.ndarray:
        line = np.array([[60.0, 40.0], [80.0, 45.0], [100.0, 40.0]])
        return draw_strokes(BLANK, [line], pen, np.random.default_rng(1)).image

    blue, black, broad = (drawn(Pen(0.4, 110)), drawn(Pen(0.4, 30)), drawn(Pen(0.9, 30)))
    assert blue.min() > black.min() + 40
    assert (broad < 150).sum() > 1.7 * (black < 150).sum()


def test_a_picture_of_real_ink_is_scaled_into_the_box() -> None:
    picture = np.full((220, 560), 236, np.uint8)
    cv2.polylines(
        picture, [np.array([[40, 180], [120, 30], [220, 190], [520, 60]])], False, 40, 7, cv2.LINE_AA
    )
    signed = sign_with_picture(BLANK, BOX, picture, np.random.default_rng(3))
    inked = inked_box(BLANK, signed)
    assert BOX.grown(0.3).contains(inked)
    assert inked.width > 15
    assert inked.width / inked.height == pytest.approx(480 / 160, rel=0.12)


def test_an_empty_picture_signs_nothing() -> None:
    empty = np.full((50, 90), 240, np.uint8)
    assert sign_with_picture(BLANK, BOX, empty, np.random.default_rng(1)) is BLANK


@pytest.mark.parametrize("seed", range(4))
def test_writing_in_a_comb_gives_each_sign_its_cell(seed: int) -> None:
    comb = Box(40.0, 20.0, 13 * 5.5, 7.0)
    filled = write_over(
        BLANK, comb, "1790012345001", np.random.default_rng(seed), pen=Pen(0.4, 40), pitch=5.5
    )
    assert comb.grown(0.6).contains(inked_box(BLANK, filled))
    for place in range(13):
        cell = filled.image[filled.area(Box(comb.x + 5.5 * place, comb.y, 5.5, comb.height))]
        assert (cell < 160).sum() > 100


def test_writing_knows_accents_and_skips_what_it_does_not_know() -> None:
    plain, accented = (
        write_over(BLANK, BOX, text, np.random.default_rng(2), pen=Pen(0.4, 40))
        for text in ("NUNEZ", "ÑÚÑEZ")
    )
    assert (accented.image < 160).sum() > (plain.image < 160).sum()
    assert write_over(BLANK, BOX, "☃", np.random.default_rng(2)) is BLANK


def test_a_strike_crosses_its_box_from_side_to_side() -> None:
    inked = inked_box(BLANK, strike(BLANK, BOX, np.random.default_rng(1)))
    assert inked.width == pytest.approx(BOX.width, abs=1.0)
    assert BOX.grown(0.5).contains(inked)


def test_print_shows_through_a_stamp() -> None:
    sheet = printed_page()
    stamped = stamp(sheet, (80.0, 90.0), np.random.default_rng(1)).image
    assert (stamped <= sheet.image).all()
    assert 0.002 < (stamped < sheet.image.astype(int) - 30).mean() < 0.05
    toner = sheet.image < 60
    assert (stamped[toner] < 60).all()


@pytest.mark.parametrize("centre", [(0.0, 0.0), (210.0, 297.0), (-60.0, 10.0)])
def test_a_stamp_may_hang_over_the_edge(centre: tuple[float, float]) -> None:
    stamped = stamp(printed_page(), centre, np.random.default_rng(1))
    assert stamped.image.shape == printed_page().image.shape


def test_a_patch_is_pasted_and_fluid_covers() -> None:
    sheet = printed_page()
    source = Box(30.0, 40.0, 20.0, 10.0)
    pasted = paste_patch(sheet, source, Box(150.0, 250.0, 20.0, 10.0))
    patch = sheet.image[sheet.area(source)]
    top, left = (round(value * sheet.px_per_mm) for value in (250.0, 150.0))
    assert (
        pasted.image[top : top + patch.shape[0], left : left + patch.shape[1]][:-1, :-1] == patch[:-1, :-1]
    ).all()
    assert paste_patch(sheet, source, (205.0, 292.0)).image.shape == sheet.image.shape
    covered = white_out(sheet, source)
    assert covered.image[covered.area(source)].min() > 245
    assert (covered.image != sheet.image).sum() <= patch.size
