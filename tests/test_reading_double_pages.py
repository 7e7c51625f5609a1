"""Two pages on one image: each is read by itself, in its place, whatever lies beside it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.material import EDITIONS, KEYS, Paper, random_paper, random_scan
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.severity import Severity, random_scanner
from generators.paper.sheets import Sheet
from intake.alignment import Grey
from intake.batch import read_batch
from intake.double_pages import split_pages
from intake.pages import ReadingContext, read_page
from intake.readings import BatchReading

CONTEXT = ReadingContext(KEYS)


@cache
def paper_of(form: str) -> Paper:
    edition = next(each for each in EDITIONS if each.form == form)
    return random_paper(np.random.default_rng(5), edition, unsigned=0.0)


REQUEST, AUTHORIZATION = "employer-request", "third-party-authorization"


def side_by_side(left: Grey, right: Grey, gap: int = 0) -> Sheet:
    between = np.full((left.shape[0], gap), 250, np.uint8)
    return Sheet(np.hstack((left, between, right)))


def read_scan(sheet: Sheet, scanner: Scanner, name: str = "a3.tif") -> BatchReading:
    image = scan(sheet, scanner, np.random.default_rng(3))
    return read_batch([(name, encode([image], "tiff", scanner.dpi))], CONTEXT)


def values_of(batch: BatchReading) -> dict[str, dict[str, str]]:
    return {
        str(document.form): {name: found.value for name, found in document.fields.items()}
        for document in batch.documents
    }


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("turn", [0.0, 1.5, -2.0, 90.0, 180.0])
def test_two_forms_on_an_a3_are_both_read(dpi: int, turn: float) -> None:
    one, other = paper_of(REQUEST), paper_of(AUTHORIZATION)
    batch = read_scan(
        side_by_side(one.sheet.image, other.sheet.image), Scanner(dpi=dpi, rotation_deg=turn, noise_sigma=4)
    )
    assert values_of(batch) == {REQUEST: one.values, AUTHORIZATION: other.values}
    assert sorted(page.part for document in batch.documents for page in document.pages) == [1, 2]
    assert [found.state for document in batch.documents for found in document.signatures.values()] == [
        "present",
        "present",
    ]


def test_a_photographed_folder_is_read_page_by_page() -> None:
    one, other = paper_of(REQUEST), paper_of(AUTHORIZATION)
    corners = (0.01, 0.015, -0.012, 0.01, -0.01, -0.012, 0.008, -0.01)
    telephone = Scanner(
        dpi=180, perspective=corners, rotation_deg=3, margin_mm=12, lid=60, gradient=0.2, blur_px=0.8
    )
    batch = read_scan(side_by_side(other.sheet.image, one.sheet.image, 130), telephone)
    assert values_of(batch) == {REQUEST: one.values, AUTHORIZATION: other.values}


def test_a_page_upside_down_beside_another_is_read_too() -> None:
    one, other = paper_of(REQUEST), paper_of(AUTHORIZATION)
    turned = np.ascontiguousarray(other.sheet.image[::-1, ::-1])
    batch = read_scan(side_by_side(one.sheet.image, turned), Scanner(dpi=200))
    assert values_of(batch) == {REQUEST: one.values, AUTHORIZATION: other.values}
    assert [page.rotation for document in batch.documents for page in document.pages] == [0, 180]


@cache
def foreign_page() -> Grey:
    """Somebody else's page: print without any mark of ours."""
    image = paper_of(AUTHORIZATION).sheet.image.copy()
    height, width = image.shape
    image[: height // 8] = image[-height // 8 :] = 250
    image[:, : width // 30] = image[:, -width // 30 :] = 250
    return image


@pytest.mark.parametrize("ours_first", [True, False])
def test_a_foreign_page_beside_ours_is_set_apart(ours_first: bool) -> None:
    one = paper_of(REQUEST)
    pair = (one.sheet.image, foreign_page()) if ours_first else (foreign_page(), one.sheet.image)
    batch = read_scan(side_by_side(*pair), Scanner(dpi=200, rotation_deg=0.8))
    assert values_of(batch)[REQUEST] == one.values
    assert len(batch.documents) == 2
    foreign = next(document for document in batch.documents if document.form != REQUEST)
    assert foreign.route == "annex"
    assert [page.part for page in foreign.pages] == [2 if ours_first else 1]


@pytest.mark.parametrize("beside", [250, 40])
def test_one_page_on_a_large_glass_stays_one(beside: int) -> None:
    one = paper_of(REQUEST)
    glass = np.full_like(one.sheet.image, beside)
    batch = read_scan(side_by_side(one.sheet.image, glass), Scanner(dpi=200))
    (document,) = batch.documents
    assert {name: found.value for name, found in document.fields.items()} == one.values
    assert not [found.code for file in batch.files for found in file.problems]


def test_two_foreign_pages_on_an_a3_are_two() -> None:
    batch = read_scan(side_by_side(foreign_page(), foreign_page()), Scanner(dpi=150))
    assert [[page.part for page in document.pages] for document in batch.documents] == [[1], [2]]


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_single_page_is_never_cut(seed: int) -> None:
    random = np.random.default_rng(seed)
    severity = list(Severity)[seed % len(Severity)]
    paper = paper_of(REQUEST if seed % 3 else AUTHORIZATION)
    image = random_scan(paper, severity, random)
    result = read_page(image, CONTEXT)
    assert split_pages(image, result.alignment, random_scanner(severity, random).dpi) == ()
