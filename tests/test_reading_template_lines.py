"""Lines for the recogniser and what it makes of them: cutting, joining, telling type from hand."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from forms.register import find_form
from generators.paper.letters import write
from intake.lettering import measure_lettering, typed_odds
from intake.line_recognition import SPANISH, read_line
from intake.residue import PER_MM
from intake.sampling import Ink
from intake.tick_boxes import judge_ticks
from intake.typed_lines import cut_lines, join_comb
from intake.typed_values import read_typed

REQUEST = (find_form("employer-request") or pytest.fail("the request is a form")).current


def drawn(
    lines: list[str], size: float = 10, width: float = 120, step: float = 4.6, face: str = "Helvetica"
) -> Ink:
    """Lines of type as a residue of ``width`` mm."""
    height = step * len(lines) + 4
    buffer = BytesIO()
    canvas = Canvas(buffer, (width / 25.4 * 72, height / 25.4 * 72))
    canvas.setFont(face, size)
    for place, line in enumerate(lines):
        canvas.drawString(6, (height - 4.5 - step * place) / 25.4 * 72, line)
    canvas.save()
    page = pypdfium2.PdfDocument(buffer.getvalue())[0]
    grey = page.render(scale=PER_MM * 25.4 / 72, grayscale=True).to_numpy().squeeze()
    return (1 - grey.astype(np.float32) / 255).astype(np.float32)


@pytest.mark.parametrize(
    "text",
    [
        "Ángel Édgar Ñusta Güiza",
        "contabilidad@empresa-31.example",
        "1790010937001",
        "Av. 10 de Agosto N23-45",
    ],
)
def test_a_line_is_read_with_its_accents(text: str) -> None:
    (line,) = cut_lines(drawn([text]))
    for view in line.views:
        found = read_line(view)
        assert found.text == text
        assert found.chance > 0.6


@pytest.mark.parametrize("text", ["Ana íbarra", "Loja; Quito"])
def test_what_spanish_seldom_has_is_unsound(text: str) -> None:
    typed = read_typed(drawn([text]), REQUEST.field("place"))
    assert typed is not None
    assert not typed.sound


@pytest.mark.parametrize(("text", "sound"), [("YÉPEZ Y CÍA", False), ("Quito y Loja", True)])
def test_a_capital_under_the_line_of_its_box_may_have_lost_its_accent(text: str, sound: bool) -> None:
    ink = drawn([text])
    capitals = int(np.flatnonzero(drawn([text.translate(str.maketrans("ÉÍ", "EI"))]).max(axis=1) > 0.5)[0])
    cut = ink[capitals - round(0.5 * PER_MM) :].copy()
    cut[: round(0.45 * PER_MM)] = 0  # what the line of the box hides
    typed = read_typed(cut, REQUEST.field("place"))
    assert typed is not None
    assert typed.sound is sound
    roomy = read_typed(ink, REQUEST.field("place"))
    assert roomy is not None
    assert (roomy.text, roomy.sound) == (text, True)


def test_signs_of_other_tongues_leave_the_line_unsure() -> None:
    (line,) = cut_lines(drawn(["João Conceição"]))
    found = read_line(line.views[0])
    assert set(found.text) <= set(SPANISH)
    assert found.chance < 0.5


def test_each_line_keeps_its_accents_and_tails() -> None:
    texts = ["Íñigo pagó según la página que", "quejó"]
    lines = cut_lines(drawn(texts))
    assert [read_line(line.views[0]).text for line in lines] == texts


def test_an_empty_residue_has_no_lines() -> None:
    assert cut_lines(np.zeros((84, 1000), np.float32)) == []
    assert join_comb(np.zeros((84, 780), np.float32), 13, 5.0) is None


def comb(text: str) -> Ink:
    """A typed comb of cells of 5 mm."""
    cells = []
    for sign in text:
        cell = np.zeros((84, 60), np.float32)
        if sign != " ":
            glyph = drawn([sign], 12, 20)
            columns = np.flatnonzero(glyph.max(axis=0) > 0.3)
            part = glyph[:84, columns[0] : columns[-1] + 1]
            left = (60 - part.shape[1]) // 2
            cell[: part.shape[0], left : left + part.shape[1]] = part
        cells.append(cell)
    return np.concatenate(cells, axis=1)


def test_a_comb_is_read_sign_by_sign() -> None:
    typed = read_typed(comb("1790010937001"), REQUEST.field("ruc"))
    assert typed is not None
    assert (typed.text, typed.sound) == ("1790010937001", True)


@pytest.mark.parametrize("shown", ["2026-11-28", "2026 11 28", "2026/11/28", "20261128  "])
def test_a_day_is_read_however_its_parts_are_set_apart(shown: str) -> None:
    typed = read_typed(comb(shown), REQUEST.field("date"))
    assert typed is not None
    assert typed.text == "2026-11-28"


def test_a_gap_in_a_number_is_unsound() -> None:
    typed = read_typed(comb("179001 937001"), REQUEST.field("ruc"))
    assert typed is not None
    assert not typed.sound


def test_type_and_hand_are_told_apart() -> None:
    (line,) = cut_lines(drawn(["Solicito que se regenere la planilla"]))
    measured = measure_lettering(line.ink, line.dark)
    assert measured is not None
    assert typed_odds(measured) > 1
    hand = np.zeros((84, 900), np.float32)
    random = np.random.default_rng(1)
    for stroke in write("Solicito que regenere"):
        points = stroke * 6 + random.normal(0, 1.5, stroke.shape)
        for (x0, y0), (x1, y1) in pairwise(points):
            for t in np.linspace(0, 1, 12):
                x, y = int(20 + x0 + (x1 - x0) * t), int(55 - y0 - (y1 - y0) * t)
                hand[max(0, y - 1) : y + 2, x - 1 : x + 2] = 1
    written = [measure_lettering(line.ink, line.dark) for line in cut_lines(hand)]
    assert min(typed_odds(found) for found in written if found is not None) < 0


@pytest.mark.parametrize(
    ("areas", "value", "state"),
    [
        ((0.0, 3.0, 0.05), "adjustment", "read"),
        ((0.0, 0.05, 0.0), "", "missing"),
        ((2.5, 2.2, 0.0), "", "doubtful"),
        ((2.5, 0.9, 0.0), "contributions", "doubtful"),
        ((0.5, 0.0, 0.0), "", "doubtful"),
        ((12.0, 0.0, 0.0), "contributions", "doubtful"),
    ],
)
def test_ticks_are_weighed_against_each_other(areas: tuple[float, ...], value: str, state: str) -> None:
    field = REQUEST.field("sheet_type")
    names = ("contributions", "adjustment", "reserve-fund")
    found = judge_ticks(field, tuple(zip(names, areas, strict=True)))
    assert (found.value, found.state) == (value, state)
