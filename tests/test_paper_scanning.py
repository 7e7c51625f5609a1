"""Simulated scans: the page is where the scanner's own account says, and harm grows with severity."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_samples import DOT_RADIUS, DOTS, printed_page

from forms.geometry import A4_HEIGHT, A4_WIDTH, Box
from generators.paper.scanning import Corners, Scanner, add_noise, placement, scan, scan_size
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import PER_MM, Grey, Sheet

QUIET = Scanner(dpi=200, blur_px=0.0, noise_sigma=0.0, jpeg_quality=None)
shares = st.floats(-0.02, 0.02)


def dot_centre(image: Grey, near: np.ndarray, reach: float) -> np.ndarray:
    """Centre of gravity of the ink within ``reach`` px of a place, pixels' outer corners being whole."""
    left, top = np.maximum(np.floor(near - reach), 0).astype(int)
    right, bottom = np.ceil(near + reach).astype(int)
    ink = 255.0 - image[top:bottom, left:right]
    ink[ink < 60] = 0
    ys, xs = np.mgrid[top : top + ink.shape[0], left : left + ink.shape[1]] + 0.5
    return np.array([(xs * ink).sum(), (ys * ink).sum()]) / ink.sum()


def assert_dots_lie_where_placed(scanner: Scanner) -> None:
    sheet = printed_page()
    image = scan(sheet, scanner, np.random.default_rng(1))
    columns, rows = scan_size(scanner, sheet.width, sheet.height)
    assert image.shape == (rows, columns)
    matrix = placement(scanner, sheet.width, sheet.height)
    expected = cv2.perspectiveTransform(np.array([DOTS]), matrix)[0]
    reach = (DOT_RADIUS + 1.0) * scanner.dpi / 25.4
    for place in expected:
        whole = (reach < place).all() and place[0] < columns - reach and place[1] < rows - reach
        if whole:
            assert np.hypot(*(dot_centre(image, place, reach) - place)) < 0.25


@settings(max_examples=15)
@given(
    dpi=st.sampled_from((100, 150, 200, 300)),
    quarter=st.integers(0, 3),
    skew=st.floats(-5, 5),
    corners=st.tuples(*[shares] * 8),
    offset=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    scale=st.floats(0.93, 1.03),
    margin=st.floats(-2, 10),
)
def test_marks_land_where_placement_says(
    dpi: int,
    quarter: int,
    skew: float,
    corners: Corners,
    offset: tuple[float, float],
    scale: float,
    margin: float,
) -> None:
    assert_dots_lie_where_placed(
        dataclasses.replace(
            QUIET,
            dpi=dpi,
            rotation_deg=90 * quarter + skew,
            perspective=corners,
            offset_mm=offset,
            scale=scale,
            margin_mm=margin,
        )
    )


@pytest.mark.parametrize("dpi", [300, 600])
def test_a_printed_page_keeps_its_measures(dpi: int) -> None:
    sheet = printed_page(dpi)
    assert sheet.image.dtype == np.uint8
    assert (sheet.width, sheet.height) == pytest.approx((A4_WIDTH, A4_HEIGHT), abs=0.1)
    for x, y in DOTS:
        centre = dot_centre(sheet.image, np.array([x, y]) * sheet.px_per_mm, 4 * sheet.px_per_mm)
        assert centre / sheet.px_per_mm == pytest.approx((x, y), abs=0.05)


def test_300_dpi_print_serves_as_well_as_600_for_scans() -> None:
    coarse, fine = (scan(printed_page(dpi), QUIET, np.random.default_rng(1)) for dpi in (300, 600))
    assert coarse.shape == fine.shape
    assert np.abs(coarse.astype(int) - fine).mean() < 2.5
    assert np.corrcoef(coarse.ravel(), fine.ravel())[0, 1] > 0.97
    assert (255.0 - coarse).mean() == pytest.approx((255.0 - fine).mean(), rel=0.03)


def test_quarter_turns_are_the_turned_image() -> None:
    upright = scan(printed_page(), QUIET, np.random.default_rng(1)).astype(int)
    for quarters in (1, 2, 3):
        turned = scan(
            printed_page(), dataclasses.replace(QUIET, rotation_deg=90 * quarters), np.random.default_rng(1)
        )
        assert np.abs(np.rot90(upright, quarters) - turned).mean() < 1.0


def test_fine_print_does_not_alias() -> None:
    stripes = np.where(np.arange(2480) % 4 < 2, 20, 250).astype(np.uint8)
    sheet = Sheet(np.tile(stripes, (3508, 1)))
    image = scan(sheet, dataclasses.replace(QUIET, dpi=75), np.random.default_rng(1))
    assert image[20:-20, 20:-20].std() < 12


def test_noise_has_the_asked_for_spread_and_no_pattern() -> None:
    flat = np.full((400, 600), 128, np.uint8)
    noise = add_noise(flat, 9.0, np.random.default_rng(5)).astype(float) - 128
    assert noise.std() == pytest.approx(9.0, rel=0.03)
    assert abs(noise.mean()) < 0.2
    assert abs(np.corrcoef(noise[:-1].ravel(), noise[1:].ravel())[0, 1]) < 0.01


@pytest.mark.parametrize("bilevel", ["fixed", "otsu", "fax", "fax-coarse"])
def test_two_level_scans_have_two_levels(bilevel: str) -> None:
    scanner = dataclasses.replace(QUIET, dpi=204, bilevel=bilevel, noise_sigma=3.0)
    image = scan(printed_page(), scanner, np.random.default_rng(2))
    assert set(np.unique(image)) == {0, 255}
    assert 0.01 < (image == 0).mean() < 0.2


def test_a_coarse_fax_has_half_the_lines() -> None:
    scanner = dataclasses.replace(QUIET, dpi=204, bilevel="fax-coarse")
    image = scan(printed_page(), scanner, np.random.default_rng(2))
    changes = (image[1:] != image[:-1]).any(axis=1).sum()
    assert changes <= A4_HEIGHT / 25.4 * 98


@pytest.mark.parametrize("severity", list(Severity))
def test_the_seed_decides_everything(severity: Severity) -> None:
    def once(seed: int) -> tuple[Scanner, bytes]:
        rng = np.random.default_rng(seed)
        spoiled = random_damage(printed_page(), severity, rng)
        scanner = random_scanner(severity, rng)
        return scanner, scan(spoiled, scanner, rng).tobytes()

    assert once(3) == once(3)
    assert once(3)[1] != once(4)[1]


def lost_likeness(severity: Severity, seed: int) -> float:
    """How little of the printed page a scan, laid straight again, still shows: 0 all, 1 nothing."""
    rng = np.random.default_rng((seed, 9))
    sheet = printed_page()
    scanner = random_scanner(severity, rng)
    image = scan(random_damage(sheet, severity, rng), scanner, rng)
    centres = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    matrix = placement(scanner, sheet.width, sheet.height) @ np.diag((1 / PER_MM, 1 / PER_MM, 1.0))
    size = sheet.image.shape[::-1]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straight = cv2.warpPerspective(
        image, np.linalg.inv(centres) @ matrix @ centres, size, flags=flags, borderValue=252
    )
    seen, printed = (
        cv2.GaussianBlur(picture, (0, 0), 2)[::3, ::3].ravel() for picture in (straight, sheet.image)
    )
    return float(1 - np.corrcoef(seen, printed)[0, 1])


def test_harm_grows_with_severity() -> None:
    lost = [np.mean([lost_likeness(severity, seed) for seed in range(10)]) for severity in Severity]
    assert all(worse > better * 1.3 for better, worse in pairwise(lost)), lost


def test_moderate_stamps_keep_off_what_is_to_be_kept_clear() -> None:
    sheet, boxes = printed_page(), [Box(0, 0, 210, 110), Box(60, 110, 150, 187)]
    stamped = 0
    for seed in range(40):
        spoiled = [
            random_damage(sheet, Severity.MODERATE, np.random.default_rng(seed), clear).image
            for clear in (boxes, [Box(0, 0, 210, 297)])
        ]
        differs = spoiled[0] != spoiled[1]
        stamped += bool(differs.any())
        assert not any(differs[sheet.area(box)].any() for box in boxes)
    assert stamped >= 3
