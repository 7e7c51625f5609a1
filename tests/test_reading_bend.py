"""Curled paper: its print is found again patch by patch, and nothing forged gets lost in the bend."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.forging import forge_digit
from bench.material import EDITIONS, Paper, knowing, random_paper
from generators.paper import damage
from generators.paper.scanning import Scanner, scan
from intake.alignment import Alignment
from intake.bend import COLUMNS, ROWS, Bend, node_shares
from intake.overlay import draw_overlay
from intake.pages import PageResult, read_page

OFFICE = Scanner(dpi=200, rotation_deg=1, noise_sigma=4)
places = st.tuples(st.floats(0, 210), st.floats(0, 297))


def paper_of(seed: int, form: int = 0) -> Paper:
    return random_paper(np.random.default_rng((77, seed)), EDITIONS[form], unsigned=0.0)


def scan_curled(paper: Paper, seed: int, reach: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    random = np.random.default_rng((78, seed))
    return scan(damage.curl(paper.sheet, random, reach=reach), OFFICE, random)


def states(result: PageResult) -> set[str]:
    return {found.state for found in result.fields.values()}


@pytest.mark.parametrize("form", range(len(EDITIONS)))
@pytest.mark.parametrize("reach", [0.6, 1.2])
def test_a_curled_page_is_read_without_a_question(reach: float, form: int) -> None:
    paper = paper_of(1, form)
    result = read_page(scan_curled(paper, form, reach), knowing(paper))
    assert {name: found.value for name, found in result.fields.items()} == paper.values
    assert states(result) == {"confirmed"}
    assert {found.state for found in result.signatures.values()} == {"present"}


@pytest.mark.parametrize("seed", range(4))
def test_a_forged_digit_is_seen_on_curled_paper(seed: int) -> None:
    paper = paper_of(seed)
    forged, _ = forge_digit(paper, "ruc", np.random.default_rng(seed))
    result = read_page(scan_curled(forged, seed, 1.2), knowing(paper))
    assert result.fields["ruc"].state == "altered"


def test_a_flat_page_has_no_bend() -> None:
    paper = paper_of(2)
    result = read_page(scan(paper.sheet, OFFICE, np.random.default_rng(3)), knowing(paper))
    assert result.alignment is not None
    assert result.alignment.bend is None


def test_the_evidence_of_a_curled_page_shows_no_print_as_added() -> None:
    paper = paper_of(5)
    image = scan_curled(paper, 5, 1.2)
    result = read_page(image, knowing(paper))
    assert result.alignment is not None and result.alignment.bend is not None
    straight = draw_overlay(image, result)
    assert straight is not None
    box = paper.edition.field("petition").box
    rows, columns = (
        slice(round(first * 150 / 25.4), round(last * 150 / 25.4))
        for first, last in ((box.y + 1, box.bottom - 1), (box.x + 1, box.right - 1))
    )
    shown = straight[rows, columns].astype(int)
    coloured = np.ptp(shown, axis=2) > 90
    assert float(coloured.mean()) < 0.002


@given(place=places, nodes=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_place_gets_the_mean_of_its_nodes(place: tuple[float, float], nodes: int) -> None:
    away = np.random.default_rng(nodes).uniform(-2, 2, (ROWS, COLUMNS, 2)).astype(np.float32)
    at = Bend(away).at(*(np.array([[value]], np.float32) for value in place))[0, 0]
    told = node_shares(np.array([place]))[0] @ away.reshape(-1, 2)
    # Shares are rounded to a 32nd when a picture is sampled; neighbours here differ by up to 4 mm.
    assert np.allclose(at, told, atol=0.15)


@given(places=st.lists(places, min_size=1, max_size=20))
@settings(max_examples=20, deadline=None)
def test_an_even_bend_is_a_shift(places: list[tuple[float, float]]) -> None:
    own = np.array(places)
    flat = Alignment(np.diag([8.0, 8.0, 1.0]), 16, 0.0)
    away = np.broadcast_to(np.float32((0.5, -0.25)), (ROWS, COLUMNS, 2)).copy()
    bent = Alignment(flat.matrix, 16, 0.0, Bend(away))
    moved = own + np.array((0.5, -0.25))
    assert np.allclose(bent.to_pixels(own), flat.to_pixels(moved), atol=1e-3)
