"""Reading as the service does it: in the sandbox, the answer decoded by a parent that trusts nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bench.material import EDITIONS, KEYS, random_paper
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import white_out
from intake.limits import Limits
from intake.pages import IssuedRecord, ReadingContext
from intake.readings import BatchReading, decode_batch, encode_batch
from intake.sandbox import Sandbox
from intake.task import ReadAnswer, read_safely

LIMITS = Limits(seconds=30)


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(LIMITS, ("intake.warm",))


def read(
    sandbox: Sandbox, *files: tuple[str, bytes], remembered: dict[str, IssuedRecord] | None = None
) -> ReadAnswer:
    answer = read_safely(sandbox, files, ReadingContext(KEYS, remembered or {}), LIMITS)
    assert decode_batch(encode_batch(answer.batch)) == answer.batch
    return answer


def codes(batch: BatchReading) -> list[str]:
    found = [problem.code for file in batch.files for problem in file.problems]
    return found + [problem.code for document in batch.documents for problem in document.problems]


def test_a_foreign_page_comes_back_as_an_annex_with_its_picture(sandbox: Sandbox) -> None:
    noise = np.asarray(np.random.default_rng(0).integers(0, 255, (1400, 1000)), np.uint8)
    answer = read(sandbox, ("photo.png", encode([noise], "png", 150)))
    assert [document.route for document in answer.batch.documents] == ["annex"]
    assert codes(answer.batch) == ["PAGE_FOREIGN"]
    assert [picture.straight for picture in answer.pictures] == [False]


def test_one_bad_file_does_not_spoil_the_good_one(sandbox: Sandbox) -> None:
    paper = random_paper(np.random.default_rng(1), EDITIONS[0], unsigned=0.0)
    good = encode([scan(paper.sheet, Scanner(dpi=200), np.random.default_rng(0))], "pdf", 200)
    answer = read(sandbox, ("empty.pdf", b""), ("good.pdf", good), ("page.html", b"<html>"))
    assert [[found.code for found in file.problems] for file in answer.batch.files] == [
        ["FILE_EMPTY"],
        [],
        ["FILE_TYPE_UNSUPPORTED"],
    ]
    (document,) = answer.batch.documents
    assert {name: found.value for name, found in document.fields.items()} == paper.values
    assert [picture.straight for picture in answer.pictures] == [True]


def test_a_key_of_somebody_else_is_told_apart(sandbox: Sandbox) -> None:
    paper = random_paper(np.random.default_rng(2), EDITIONS[1])
    answer = read_safely(sandbox, [("form.pdf", paper.pdf)], ReadingContext(), LIMITS)
    (document,) = answer.batch.documents
    assert (document.outcome, document.seal.state) == ("refused", "unknown-key")


def test_what_the_service_remembers_stands_in_for_a_lost_symbol(sandbox: Sandbox) -> None:
    paper = random_paper(np.random.default_rng(3), EDITIONS[0], unsigned=0.0)
    sheet = white_out(paper.sheet, paper.edition.frame.full_seal.grown(1))
    page = encode([scan(sheet, Scanner(dpi=200), np.random.default_rng(0))], "png", 200)
    (doubted,) = read(sandbox, ("page.png", page)).batch.documents
    assert isinstance(doubted.document, str)
    record = IssuedRecord(paper.edition.form, paper.edition.name, date(2026, 12, 1), paper.values)
    answer = read(sandbox, ("page.png", page), remembered={doubted.document: record})
    (known,) = answer.batch.documents
    assert {found.source for found in known.fields.values()} == {"register"}
    assert {found.state for found in known.fields.values()} == {"confirmed"}
    assert known.outcome == "review"
