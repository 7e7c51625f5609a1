"""Symbols that a decoder cannot find or follow are read module by module, where the page has them."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from bench.material import EDITIONS, KEYS, Paper, random_paper
from forms.geometry import Box
from forms.seal import SealState, open_seal
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, white_out
from intake.identification import Identity, identify, known_frames, locate
from intake.symbol_modules import (
    _format_places,
    _formats,
    fixed_modules,
    full_sizes,
    likely_size,
    read_modules,
)
from intake.symbols import read_at

(FRAME,) = known_frames()
OFFICE = Scanner(dpi=200, noise_sigma=3.0, rotation_deg=0.6)


@given(
    st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:", min_size=1, max_size=900),
    st.sampled_from("LMQ"),
    st.integers(0, 7),
)
def test_the_fixed_modules_are_those_of_every_symbol_of_that_size(text: str, level: str, mask: int) -> None:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level, dataMask=mask)
    black = np.asarray(made.to_image(scale=1, add_quiet_zones=False)) == 0
    shown = fixed_modules(black.shape[0])
    assert ((shown > 0) == black)[shown != 0].all()
    seen = black[_format_places(black.shape[0])]
    assert ((_formats() > 0) == seen).all(axis=1).any(), "its format is one of those that there are"


def streaked(paper: Paper, box: Box, rng: np.random.Generator) -> Sheet:
    """The paper with five lines along ``box``, black or white, as a dirty roller leaves them."""
    image = paper.sheet.image.copy()
    area = image[paper.sheet.area(box)]
    for start in rng.integers(0, area.shape[1] - 8, 5).tolist():
        area[:, start : start + int(rng.integers(2, 7))] = rng.choice((30, 255))
    return paper.sheet.showing(image)


def without_finders(paper: Paper, box: Box) -> Sheet:
    """The paper with two of the symbol's three finders gone under correction fluid."""
    side = box.width / 8
    bare = white_out(paper.sheet, Box(box.x, box.y, side, side))
    return white_out(bare, Box(box.x, box.y + box.height - side, side, side))


def identity_of(sheet: Sheet, rng: np.random.Generator, *unread: Box) -> Identity:
    """What the page is, none of whose symbols in ``unread`` a decoder can read."""
    image = scan(sheet, OFFICE, rng)
    located = locate(image)
    assert located is not None
    assert all(read_at(image, located.alignment, box) is None for box in unread)
    identity, _ = identify(located, KEYS)
    assert identity is not None
    return identity


@pytest.mark.parametrize("seed", range(3))
def test_a_full_symbol_without_its_finders_is_as_good_as_a_whole_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    paper = random_paper(rng, EDITIONS[seed % len(EDITIONS)])
    identity = identity_of(without_finders(paper, FRAME.full_seal), rng, FRAME.full_seal)
    assert (identity.state, identity.document) == (SealState.VALID, paper.document)


@pytest.mark.parametrize("seed", range(3))
def test_streaks_along_a_symbol_leave_it_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    paper = random_paper(rng, EDITIONS[seed % len(EDITIONS)])
    seen = locate(scan(streaked(paper, FRAME.full_seal, rng), OFFICE, rng))
    assert seen is not None
    sizes = full_sizes(FRAME.full_seal)
    text = read_modules(seen.paper(), FRAME.full_seal, sizes, ("VT1",))
    assert text is not None
    assert open_seal(text, KEYS)[0] is SealState.VALID


def test_the_size_of_a_symbol_is_told_and_nothing_is_read_where_none_is() -> None:
    rng = np.random.default_rng(4)
    paper = random_paper(rng, EDITIONS[0])
    located = locate(scan(paper.sheet, OFFICE, rng))
    assert located is not None
    seen, sizes = located.paper(), full_sizes(FRAME.full_seal)
    size = likely_size(seen, FRAME.full_seal, sizes)
    (found,) = [code for code in zxingcpp.read_barcodes(paper.sheet.image) if code.text.startswith("VT1")]
    drawn = zxingcpp.create_barcode(found.text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    assert size == np.asarray(drawn.to_image(scale=1, add_quiet_zones=False)).shape[0]
    assert read_modules(seen, FRAME.full_seal, sizes, ("VT1",)) == found.text
    elsewhere = Box(80, 120, 44, 44)
    assert read_modules(seen, elsewhere, sizes, ("VT1",)) is None
