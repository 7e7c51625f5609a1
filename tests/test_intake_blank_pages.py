"""Blank backs are left out, and a page with a short line, a name or a stamp on it is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Final

import numpy as np
import pytest
from paper_samples import printed_page
from reportlab.pdfgen.canvas import Canvas

from forms.geometry import Box
from generators.paper import damage
from generators.paper.files import encode
from generators.paper.ink import sign, stamp, write_over
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from intake.batch import read_batch
from intake.pages import ReadingContext

Random = np.random.Generator
SCANNERS: Final = {
    "good": Scanner(dpi=200, noise_sigma=3, rotation_deg=0.5),
    "grey and pale": Scanner(dpi=150, contrast=0.6, brightness=-40, noise_sigma=8, rotation_deg=-2),
    "black and white": Scanner(dpi=200, bilevel="fixed"),
    "dark lid": Scanner(dpi=200, rotation_deg=1, margin_mm=3, lid=40),
}


def typed(*lines: str) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, (595.2, 841.8), invariant=1)
    canvas.setFont("Helvetica", 10)
    for place, line in enumerate(lines):
        canvas.drawString(72, 700 - 20 * place, line)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def paper(*lines: str) -> Sheet:
    return print_page(typed(*lines))


def codes(data: bytes) -> list[str]:
    (file,) = read_batch([("hoja", data)], ReadingContext()).files
    return [found.code for found in file.problems]


WRITTEN: Final[dict[str, Callable[[Random], Sheet]]] = {
    "two short lines": lambda _: paper("Guayaquil, 3 de mayo", "Ver anexo"),
    "a line": lambda _: paper("Conforme: ver hoja 2"),
    "a name": lambda random: sign(paper(), Box(40, 100, 60, 18), random),
    "a note": lambda random: write_over(paper(), Box(40, 100, 50, 7), "ojo ver atras", random),
    "a stamp": lambda random: stamp(paper(), (100, 120), random),
}
BACKS: Final[dict[str, Callable[[Random], Sheet]]] = {
    "clean": lambda _: paper(),
    "dusty": lambda random: damage.dust(paper(), random, 60),
    "folded": lambda random: damage.fold(paper(), random),
    "punched": lambda random: damage.punch_holes(paper(), random),
    "thin": lambda random: damage.bleed_through(paper(), random, printed_page()),
    "shadowed": lambda random: damage.shadow(paper(), random),
}


@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("kind", WRITTEN)
def test_what_has_writing_is_not_blank(kind: str, scanner: str) -> None:
    random = np.random.default_rng(5)
    image = scan(WRITTEN[kind](random), SCANNERS[scanner], random)
    assert "PAGE_BLANK" not in codes(encode([image], "png", SCANNERS[scanner].dpi))


@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("kind", BACKS)
def test_a_blank_back_is_left_out(kind: str, scanner: str) -> None:
    random = np.random.default_rng(5)
    image = scan(BACKS[kind](random), SCANNERS[scanner], random)
    assert codes(encode([image], "png", SCANNERS[scanner].dpi)) == ["PAGE_BLANK"]


def test_a_page_with_text_of_its_own_is_not_blank() -> None:
    assert codes(typed("1")) == []
    assert codes(typed()) == ["PAGE_BLANK"]
