"""A file that takes the reader's process with it is named, and what came with it is read all the same.

No decoder of ours is so weak today, so the weakness is put in; the sandbox and its children are real.
"""

from __future__ import annotations

import sys

import breaking_reader
import pytest
from file_samples import bilevel, encoded

from intake import task
from intake.limits import Limits
from intake.pages import ReadingContext
from intake.readings import BatchReading
from intake.sandbox import Sandbox
from intake.task import read_safely

PRELOAD = ("intake.warm",)
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of this kind exist on Linux only")


@pytest.fixture(autouse=True)
def weak_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "read_task", breaking_reader.read_or_break)


def read(limits: Limits, *files: tuple[str, bytes]) -> BatchReading:
    return read_safely(Sandbox(limits, PRELOAD), files, ReadingContext(), limits).batch


def problems_of(batch: BatchReading) -> dict[str, list[str]]:
    return {file.name: [found.code for found in file.problems] for file in batch.files}


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (b"takes the process", "FILE_DAMAGED"),
        pytest.param(b"takes the memory", "READ_OUT_OF_MEMORY", marks=needs_linux),
    ],
)
def test_the_others_are_read(mark: bytes, code: str) -> None:
    page = encoded(bilevel(), "PNG")
    batch = read(Limits(seconds=60), ("a.png", page), ("mala.pdf", mark), ("vacia.pdf", b""), ("b.png", page))
    assert problems_of(batch) == {"a.png": [], "mala.pdf": [code], "vacia.pdf": ["FILE_EMPTY"], "b.png": []}
    assert [page.file for document in batch.documents for page in document.pages] == ["a.png", "b.png"]


def test_an_endless_file_is_named_with_its_time() -> None:
    batch = read(Limits(seconds=1), ("mala.pdf", b"takes the time"))
    assert problems_of(batch) == {"mala.pdf": ["READ_TIMEOUT"]}
    assert batch.documents == ()
    assert "«mala.pdf»" in batch.files[0].problems[0].message


def test_an_answer_that_is_no_reading_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "read_task", breaking_reader.answer_nonsense)
    batch = read(Limits(seconds=60), ("a.png", encoded(bilevel(), "PNG")), ("b.png", b""))
    assert problems_of(batch) == {"a.png": ["FILE_DAMAGED"], "b.png": ["FILE_DAMAGED"]}
    assert batch.documents == ()
