"""The evidence of a reading: what was added is red where it was added, and an honest page is clean."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.forging import forge_digit
from bench.letter_manners import MANNERS
from bench.letter_material import random_letter
from bench.material import EDITIONS, KEYS, Paper, random_paper, random_scan
from forms.geometry import Box
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.severity import Severity
from generators.paper.sheets import print_page
from intake.expected_page import page_grid
from intake.limits import Limits
from intake.overlay import Picture, draw_overlay, encode_overlay
from intake.pages import PageResult, ReadingContext, read_page
from intake.readings import BatchReading
from intake.sandbox import Sandbox
from intake.task import read_safely
from tests.test_reading_letters_of_several_pages import begins, ends, facts
from tests.test_reading_letters_of_several_pages import page as letter_page

RED, BLUE = 0, 1


def coloured(picture: Picture, box: Box, colour: int) -> int:
    """Samples of a pure red or blue inside a box, without its frame."""
    step = page_grid().per_mm
    inner = box.grown(-0.6)
    part = picture[
        round(inner.y * step) : round(inner.bottom * step), round(inner.x * step) : round(inner.right * step)
    ].astype(int)
    blue, red = part[..., 0], part[..., 2]
    return int(((red - blue > 120) if colour == RED else (blue - red > 120)).sum())


def evidence(paper: Paper, severity: Severity, random: np.random.Generator) -> tuple[Picture, PageResult]:
    image = random_scan(paper, severity, random)
    result = read_page(image, ReadingContext(KEYS))
    picture = draw_overlay(image, result)
    assert picture is not None
    return picture, result


@pytest.mark.parametrize("seed", range(4))
def test_a_signature_is_red_and_honest_values_are_not(seed: int) -> None:
    random = np.random.default_rng([71, seed])
    paper = random_paper(random, unsigned=0.0)
    picture, _ = evidence(paper, Severity.CLEAN, random)
    for field in paper.edition.value_fields:
        assert coloured(picture, field.box, RED) < 12, field.name
        assert coloured(picture, field.box, BLUE) < 12, field.name
    (box,) = paper.edition.signature_fields
    assert coloured(picture, box.box, RED) > 200


def test_a_forged_digit_shows_what_was_added_and_what_is_gone() -> None:
    random = np.random.default_rng(72)
    paper, forged = forge_digit(random_paper(random, EDITIONS[0]), "ruc", random)
    picture, result = evidence(paper, Severity.CLEAN, random)
    assert result.fields["ruc"].state == "altered"
    assert result.fields["ruc"].seen == forged
    box = paper.edition.field("ruc").box
    assert coloured(picture, box, RED) + coloured(picture, box, BLUE) > 20


def test_a_page_of_nobody_has_no_evidence() -> None:
    image = np.full((3508, 2480), 255, np.uint8)
    assert draw_overlay(image, read_page(image, ReadingContext(KEYS))) is None


def test_the_evidence_is_a_picture_of_the_whole_page() -> None:
    random = np.random.default_rng(73)
    picture, _ = evidence(random_paper(random), Severity.CLEAN, random)
    shown = cv2.imdecode(np.frombuffer(encode_overlay(picture), np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (page_grid().rows, page_grid().columns, 3)


def evidence_of(*files: tuple[str, bytes]) -> tuple[BatchReading, list[Picture]]:
    """What is read of files, and the evidence of each page as it is kept."""
    answer = read_safely(Sandbox(Limits()), files, ReadingContext(), Limits())
    shown = [picture.overlay for picture in answer.pictures]
    assert all(shown), "each page has its evidence"
    return answer.batch, [
        cv2.imdecode(np.frombuffer(each or b"", np.uint8), cv2.IMREAD_COLOR) for each in shown
    ]


def is_framed(picture: Picture, box: tuple[float, float, float, float]) -> bool:
    """Whether a coloured line goes along the upper edge of a box."""
    step = page_grid().per_mm
    x, y, width, _ = box
    row = picture[round(y * step), round(x * step) : round((x + width) * step)].astype(int)
    return bool(np.median(row.max(axis=1) - row[:, 0]) > 30)


def test_a_letter_shows_where_its_values_were_found() -> None:
    letter = random_letter(np.random.default_rng(5), (MANNERS[0],))
    image = scan(print_page(letter.pdf), Scanner(dpi=200), np.random.default_rng(6))
    batch, (picture,) = evidence_of(("carta.jpg", encode([image], "jpeg", 200)))
    for name in ("ruc", "email"):
        assert is_framed(picture, batch.documents[0].fields[name].box_mm), name


def test_each_page_of_a_letter_shows_the_values_that_stand_there() -> None:
    """A letter of two photographs: a page is shown what all of them say together, and only its own part."""
    told = facts()
    photographs = [encode([letter_page(manner, told)], "jpeg", 200) for manner in (begins, ends)]
    batch, pictures = evidence_of(("uno.jpg", photographs[0]), ("dos.jpg", photographs[1]))
    (letter,) = batch.documents
    for name, page in (("ruc", 1), ("branch", 1), ("email", 2), ("representative_id", 2)):
        box = letter.fields[name].box_mm
        assert [is_framed(picture, box) for picture in pictures] == [page == 1, page == 2], name
    signature = letter.signatures["representative_signature"].box_mm
    assert is_framed(pictures[1], signature)
