"""The same page scanned more than once: a better scan is of use, and what one of them shows is not lost."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from bench.material import EDITIONS, ISSUED, KEY, KEYS, random_paper
from forms.geometry import Box
from forms.problems import problem
from generators.pages import draw_sealed
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from intake.batch import read_batch
from intake.page_copies import ReadPage, best_copy
from intake.pages import PageResult, ReadingContext
from intake.readings import DocumentReading

EDITION: Final = EDITIONS[0]
RUC: Final = EDITION.field("ruc").box
OTHER_RUC: Final = "1790010937001"
SIGNATURE: Final = "representative_signature"


@cache
def papers() -> dict[str, Sheet]:
    """One paper as it is, and the same with the RUC of another one in the place of its own; neither signed
    and signed.
    """
    paper = random_paper(np.random.default_rng(1), EDITION, unsigned=1.0)
    signed = random_paper(np.random.default_rng(1), EDITION, unsigned=0.0)
    assert (signed.document, signed.values) == (paper.document, paper.values)
    values = {**paper.values, "ruc": OTHER_RUC}
    other = print_page(draw_sealed(EDITION, values, document=paper.document, issued=ISSUED, key=KEY).pdf)
    place = paper.sheet.area(Box(RUC.x, RUC.y, RUC.width, RUC.height))
    image = paper.sheet.image.copy()
    image[place] = other.image[place]
    return {"plain": paper.sheet, "signed": signed.sheet, "changed": paper.sheet.showing(image)}


@cache
def scanned(kind: str) -> bytes:
    return encode([scan(papers()[kind], Scanner(dpi=200), np.random.default_rng(0))], "pdf-jpeg", 200)


def damaged(data: bytes) -> bytes:
    start = round(0.9 * len(data))
    return data[:start] + bytes(2048) + data[start + 2048 :]


def read(*files: bytes) -> DocumentReading:
    named = [(f"{place}.pdf", data) for place, data in enumerate(files)]
    return read_batch(named, ReadingContext(KEYS)).documents[0]


def codes(document: DocumentReading) -> set[str]:
    return {found.code for found in document.problems}


def test_a_page_that_was_scanned_again_is_read_of_the_better_scan() -> None:
    bad = damaged(scanned("signed"))
    assert "confirmed" not in {found.state for found in read(bad).fields.values()}
    for files in ((bad, scanned("signed")), (scanned("signed"), bad)):
        document = read(*files)
        assert {found.state for found in document.fields.values()} == {"confirmed"}
        assert document.signatures[SIGNATURE].state == "present"
        assert "PAGE_DUPLICATE" in codes(document)
        assert document.outcome == "review"


def test_the_signed_one_of_two_prints_is_no_paper_without_a_signature() -> None:
    document = read(scanned("plain"), scanned("signed"))
    assert document.signatures[SIGNATURE].state == "present"
    assert "SIGNATURE_ABSENT" not in codes(document)


def test_a_file_that_nobody_printed_does_not_stand_for_the_signed_paper() -> None:
    paper = random_paper(np.random.default_rng(1), EDITION, unsigned=0.0)
    drawn = draw_sealed(EDITION, paper.values, document=paper.document, issued=ISSUED, key=KEY).pdf
    worn = scan(papers()["signed"], Scanner(dpi=100, blur_px=1.2, noise_sigma=14), np.random.default_rng(0))
    scanned_badly = encode([worn], "pdf-jpeg", 100)
    for files in ((drawn, scanned_badly), (scanned_badly, drawn)):
        document = read(*files)
        assert document.route == "sealed"
        assert document.signatures[SIGNATURE].state != "absent"


def test_a_value_that_one_of_two_prints_shows_changed_is_told() -> None:
    alone = read(scanned("changed")).fields["ruc"]
    assert alone.state == "altered"
    for files in (("plain", "changed"), ("changed", "plain"), ("signed", "changed")):
        document = read(*map(scanned, files))
        found = document.fields["ruc"]
        assert (found.state, found.seen) == ("altered", alone.seen)
        assert "FIELD_ALTERED" in codes(document)


def test_a_signature_that_looks_printed_on_one_scan_is_told_whichever_counts() -> None:
    told = problem("SIGNATURE_LOOKS_PRINTED", field=SIGNATURE, label="Firma")
    one, other = (
        ReadPage("1.pdf", 1, PageResult(None, problems=(told,))),
        ReadPage("2.pdf", 1, PageResult(None)),
    )
    for scans in ((one, other), (other, one)):
        assert best_copy(scans).result.problems == (told,)
