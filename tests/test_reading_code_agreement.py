"""The codes and the number of one paper pasted on another: no page is two documents."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pytest

from bench.material import EDITIONS, KEYS, random_paper
from forms.geometry import POINT, Box
from forms.model import MONO_ADVANCE
from generators.blank import draw_blank
from generators.pages import REFERENCE_SIZE
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from intake.batch import read_batch
from intake.pages import ReadingContext
from intake.readings import DocumentReading

EDITION: Final = EDITIONS[0]
FRAME: Final = EDITION.frame
SMALL: Final = FRAME.small_seal.grown(1.0)
NUMBER: Final = Box(FRAME.reference.x, FRAME.reference.y, FRAME.reference.width, 6.0)
FULL: Final = FRAME.full_seal.grown(1.0)


@cache
def paper(seed: int) -> tuple[Sheet, str]:
    made = random_paper(np.random.default_rng(seed), EDITION, unsigned=0.0)
    return made.sheet, made.document


def pasted(onto: Sheet, source: Sheet, *boxes: Box) -> Sheet:
    image = onto.image.copy()
    for box in boxes:
        image[onto.area(box)] = source.image[onto.area(box)]
    return onto.showing(image)


def read(sheet: Sheet, scanner: Scanner | None = None) -> DocumentReading:
    seen = scan(sheet, scanner or Scanner(dpi=200), np.random.default_rng(0))
    data = encode([seen], "pdf-jpeg", (scanner or Scanner(dpi=200)).dpi)
    return read_batch([("a.pdf", data)], ReadingContext(KEYS)).documents[0]


def told(document: DocumentReading) -> list[str]:
    return [found.message for found in document.problems if found.code == "CODES_DISAGREE"]


@pytest.mark.parametrize(
    "boxes", [(SMALL, NUMBER), (SMALL,), (NUMBER,), (FULL,)], ids=["both", "small", "number", "full"]
)
def test_a_page_with_codes_of_two_documents_says_which_they_are(boxes: tuple[Box, ...]) -> None:
    (sheet, number), (source, other) = paper(1), paper(2)
    document = read(pasted(sheet, source, *boxes))
    (message,) = told(document)
    assert number in message
    assert other in message
    assert document.outcome == "review"


def test_a_number_of_which_one_sign_was_changed_is_told() -> None:
    (sheet, number), (source, other) = paper(1), paper(2)
    place = next(at for at, sign in enumerate(number) if sign != other[at])
    pitch = REFERENCE_SIZE * MONO_ADVANCE * POINT
    sign = Box(FRAME.reference.x + place * pitch, FRAME.reference.y, pitch, 6.0)
    (message,) = told(read(pasted(sheet, source, sign)))
    assert number[:place] + other[place] + number[place + 1 :] in message


def test_the_small_code_of_a_blank_form_on_a_sealed_page_is_told() -> None:
    sheet, _ = paper(1)
    (message,) = told(read(pasted(sheet, print_page(draw_blank(EDITION)), SMALL)))
    assert "un formulario sin llenar" in message


@pytest.mark.parametrize(
    "scanner",
    [Scanner(dpi=300), Scanner(dpi=150, blur_px=1.0, noise_sigma=8), Scanner(dpi=200, bilevel="otsu")],
    ids=["fine", "poor", "black and white"],
)
def test_an_honest_page_is_one_document(scanner: Scanner) -> None:
    assert not told(read(paper(1)[0], scanner))


def test_what_one_scan_shows_of_two_documents_another_does_not_take_away() -> None:
    (sheet, _), (source, _) = paper(1), paper(2)
    scans = [
        scan(each, Scanner(dpi=200), np.random.default_rng(0))
        for each in (sheet, pasted(sheet, source, SMALL))
    ]
    data = encode(scans, "pdf-jpeg", 200)
    assert len(told(read_batch([("a.pdf", data)], ReadingContext(KEYS)).documents[0])) == 1
