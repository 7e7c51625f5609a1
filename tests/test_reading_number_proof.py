"""Pages whose symbols nobody can decode: what the number's symbol would be proves it, or nothing does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bench.material import EDITIONS, KEY, KEYS, Paper, random_paper
from forms.numbers import RANDOM_BYTES, number_from_entropy, parse_number
from forms.seal import SMALL_SECRET_FROM, seal_small
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import white_out
from generators.symbols import encode_symbol
from intake.alignment import Grey, find_marks, fit
from intake.identification import Identity, identify, known_frames, locate, pages_of
from intake.number_proof import RecentDocument, prove_number
from intake.printed_number import likely_numbers, read_printed_number
from intake.sampling import Paper as SeenPaper
from intake.sampling import light_paper
from intake.small_symbol import SIZE, modules_of, symbol_map
from intake.symbols import read_at
from tests.paper_samples import blotted

(FRAME,) = known_frames()
COARSE = Scanner(dpi=100, blur_px=1.3, contrast=0.5, noise_sigma=22, jpeg_quality=25, rotation_deg=2)
"""Beyond a decoder, for both symbols."""


def coarse_page(seed: int, device: Scanner = COARSE) -> tuple[Paper, Grey]:
    random = np.random.default_rng(seed)
    paper = random_paper(random, EDITIONS[seed % len(EDITIONS)])
    return paper, scan(paper.sheet, device, random)


def held(image: Grey) -> SeenPaper:
    marks = find_marks(image, FRAME)
    alignment = fit(marks, FRAME)
    assert alignment is not None
    for box in (FRAME.small_seal, FRAME.full_seal):
        assert read_at(image, alignment, box) is None
    return light_paper(image, alignment, FRAME, tuple(marks))


def identity_of(image: Grey) -> Identity | None:
    located = locate(image)
    assert located is not None
    return identify(located, KEYS)[0]


def test_the_map_of_the_symbol_is_what_the_encoder_draws() -> None:
    known, random = symbol_map(), np.random.default_rng(2)
    for edition, page in pages_of(FRAME):
        document = number_from_entropy(random.bytes(RANDOM_BYTES))
        text = seal_small(edition, document=document, key=KEY, page=page)
        symbol = encode_symbol(text, "Q")
        drawn = np.zeros((SIZE, SIZE), bool)
        for column, row, length in np.array(symbol.runs).reshape(-1, 3).tolist():
            drawn[row, column : column + length] = True
        (meant,) = modules_of([text])
        differing = [int((meant ^ mask ^ drawn.ravel()).sum()) for mask in known.masks]
        assert min(differing) == 0


def test_only_the_secret_tells_the_modules_that_prove() -> None:
    text = seal_small(EDITIONS[0], document=number_from_entropy(bytes(RANDOM_BYTES)), key=KEY)
    forged = text[:SMALL_SECRET_FROM] + "7" * (len(text) - SMALL_SECRET_FROM)
    one, other = modules_of([text, forged])
    proving = symbol_map().turned_from(SMALL_SECRET_FROM)
    assert not (one ^ other)[~proving].any(), "without the secret all the others can be forged"
    assert proving.sum() > 200


@pytest.mark.parametrize("seed", range(4))
def test_a_number_is_proved_by_a_symbol_that_cannot_be_decoded(seed: int) -> None:
    paper, image = coarse_page(seed)
    seen = held(image)
    likely = likely_numbers(seen, FRAME, 500)
    assert all(parse_number(number) == number for number in likely.numbers)
    proved = prove_number(seen, FRAME, pages_of(FRAME), likely.numbers, KEYS.small_secrets)
    assert proved is not None
    assert (proved.edition, proved.page, proved.document) == (paper.edition, 1, paper.document)
    identity = identity_of(image)
    assert identity is not None
    assert identity.vouched
    assert identity.document == paper.document


def test_nothing_is_proved_without_the_secret_or_by_another_symbol() -> None:
    paper, image = coarse_page(0)
    seen, pages = held(image), pages_of(FRAME)
    numbers = [paper.document]
    assert prove_number(seen, FRAME, pages, numbers, KEYS.small_secrets) is not None
    assert prove_number(seen, FRAME, pages, numbers, ()) is None
    stranger = dataclasses.replace(KEYS, small_secrets=(bytes(32),)).small_secrets
    assert prove_number(seen, FRAME, pages, numbers, stranger) is None
    random = np.random.default_rng(9)
    others = [number_from_entropy(random.bytes(RANDOM_BYTES)) for _ in range(2000)]
    assert prove_number(seen, FRAME, pages, others, KEYS.small_secrets) is None


def issued_lately(count: int, seed: int) -> tuple[RecentDocument, ...]:
    random = np.random.default_rng(seed)
    return tuple(
        RecentDocument(number_from_entropy(random.bytes(RANDOM_BYTES)), form.form, form.name)
        for form in (EDITIONS[place % len(EDITIONS)] for place in range(count))
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_page_without_its_number_is_known_among_those_issued_lately(seed: int) -> None:
    random = np.random.default_rng(seed)
    paper = random_paper(random, EDITIONS[seed % len(EDITIONS)])
    spoilt = blotted(white_out(paper.sheet, FRAME.reference), FRAME.full_seal, random)
    located = locate(scan(spoilt, COARSE, random))
    assert located is not None
    others = issued_lately(2000, 7)
    own = RecentDocument(paper.document, paper.edition.form, paper.edition.name)
    alone, _ = identify(located, KEYS, others)
    assert alone is None or alone.document is None, "it is of none of the others"
    found, _ = identify(located, KEYS, (*others, own))
    assert found is not None
    assert found.vouched
    assert (found.document, found.page) == (paper.document, 1)


def test_random_ink_in_the_place_of_a_number_is_none() -> None:
    random = np.random.default_rng(12)
    paper, _ = coarse_page(1)
    for _ in range(6):
        sheet = paper.sheet
        for box in (FRAME.reference, FRAME.small_seal, FRAME.full_seal):
            sheet = blotted(sheet, box, random)
        page = scan(sheet, Scanner(dpi=150), random)
        identity = identity_of(page)
        assert identity is not None, "its print is that of a form of ours"
        assert identity.document is None
        assert read_printed_number(likely_numbers(held(page), FRAME, 100)) is None
