"""Lines skimmed with bytes in place of numbers: the same text, where the processor is made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from intake import line_recognition
from intake.line_model import line_model
from intake.line_network import multiplies_bytes
from intake.line_quantisation import line_ranges, quantised
from intake.line_recognition import Line, skim_line
from intake.sampling import Ink

TEXT = "RUC 1790010937001"


def typed(text: str) -> Ink:
    grey = np.zeros((48, 20 * len(text) + 60), np.uint8)
    cv2.putText(grey, text, (8, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 255, 2, cv2.LINE_AA)
    return grey.astype(np.float32) / 255


def skimmed(monkeypatch: pytest.MonkeyPatch, *, with_bytes: bool) -> Line:
    monkeypatch.setattr("intake.line_recognition.multiplies_bytes", lambda: with_bytes)
    line_recognition._recogniser.cache_clear()
    return skim_line(typed(TEXT))


@pytest.fixture(autouse=True)
def fresh_networks() -> Iterator[None]:
    yield
    line_recognition._recogniser.cache_clear()


@pytest.mark.skipif(not multiplies_bytes(), reason="this processor's sums of bytes may overflow")
def test_bytes_read_what_numbers_read(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, some = (skimmed(monkeypatch, with_bytes=each) for each in (False, True))
    assert some.text.replace(" ", "") == numbers.text.replace(" ", "") == TEXT.replace(" ", "")
    assert some.chance != numbers.chance
    assert some.chance == pytest.approx(numbers.chance, abs=0.1)


def test_without_products_of_bytes_lines_are_skimmed_with_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.line_recognition.quantised", pytest.fail)
    assert skimmed(monkeypatch, with_bytes=False).text.replace(" ", "") == TEXT.replace(" ", "")


def test_most_of_the_model_becomes_bytes() -> None:
    data = line_model(2).data
    assert len(quantised(data, line_ranges())) < len(data) / 2


def test_ranges_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="another model"):
        quantised(line_model(2).data, {**line_ranges(), "a step of another": (0.0, 1.0)})


@pytest.mark.parametrize(
    ("flags", "machine", "does"),
    [
        ("fpu avx2 avx512_vnni", "x86_64", True),
        ("fpu avx2 avx_vnni", "x86_64", True),
        ("fpu avx2 avx512f", "x86_64", False),
        ("fpu avx2 avx512_vnni", "riscv64", False),
        (None, "x86_64", False),
    ],
)
def test_the_processor_is_asked(
    flags: str | None, machine: str, does: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "cpuinfo"
    if flags is not None:
        said.write_text(
            f"processor\t: 0\nmodel name\t: avx512_vnni of no vendor\nflags\t\t: {flags}\n", "ascii"
        )
    monkeypatch.setattr("intake.line_network._PROCESSOR", said)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert multiplies_bytes() is does
