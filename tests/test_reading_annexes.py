"""Papers that come along: copies of identity documents are named, and nothing else is taken for one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.annex_material import COPIES
from bench.annexes import named
from bench.letter_manners import MANNERS
from bench.letter_material import random_letter
from bench.material import KEYS, random_paper
from forms.geometry import Box
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from intake.batch import read_batch
from intake.letters.identity_copies import copy_kind
from intake.letters.machine_readable import check_digit, find_nationality
from intake.letters.text import LetterLine
from intake.pages import ReadingContext
from intake.readings import DocumentReading

OFFICE = Scanner(dpi=200, rotation_deg=1, noise_sigma=3)


def scanned(sheet: Sheet, scanner: Scanner = OFFICE) -> bytes:
    return encode([scan(sheet, scanner, np.random.default_rng(2))], "jpeg", scanner.dpi)


@cache
def annex(kind: str, turn: int = 0) -> bytes:
    sheet = print_page(COPIES[kind][0](np.random.default_rng(len(kind))))
    return scanned(sheet, Scanner(dpi=200, rotation_deg=1.0 + turn, noise_sigma=3))


def read_one(data: bytes) -> DocumentReading:
    (document,) = read_batch([("hoja.jpg", data)], ReadingContext(KEYS)).documents
    return document


@pytest.mark.parametrize("kind", list(COPIES))
def test_each_kind_is_named_as_what_it_is(kind: str) -> None:
    document = read_one(annex(kind))
    assert named(document) == COPIES[kind][1]
    assert document.route == "annex"
    assert document.outcome == "review"
    assert not document.fields, "nothing of a copy is kept as text"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_cedula_copy_is_known_at_any_turn(turn: int) -> None:
    assert named(read_one(annex("cedula", turn))) == "cedula-copy"


def test_a_cedula_copy_beside_a_request_is_set_apart_and_says_why() -> None:
    paper = random_paper(np.random.default_rng(4), unsigned=0.0)
    files = [("pedido.jpg", scanned(paper.sheet)), ("copia.jpg", annex("cedula"))]
    request, copy = read_batch(files, ReadingContext(KEYS)).documents
    assert request.route == "sealed"
    (found,) = copy.problems
    assert found.code == "UNNEEDED_PERSONAL_DATA"
    assert "devuélvala" in found.message


def test_a_letter_that_names_cedulas_is_a_letter() -> None:
    for place, manner in enumerate(MANNERS[:3]):
        letter = random_letter(np.random.default_rng(place), (manner,))
        assert named(read_one(scanned(print_page(letter.pdf)))) == "letter"


def lines(*texts: str, width: float = 60.0) -> list[LetterLine]:
    return [LetterLine(text, Box(20, 20 + 6 * row, width, 3), 1.0) for row, text in enumerate(texts)]


def test_a_spoilt_label_still_counts_and_prose_never_does() -> None:
    card = ("REPÚBLICA DEL ECUADOR", "CEDULA DE IDENTIDAD", "APELLIOOS", "VERA", "FECHA DE MACIMIENTO")
    assert copy_kind(lines(*card)) == "cedula-copy"
    assert copy_kind(lines(*card, width=160.0)) is None
    assert copy_kind(lines("RUC 1790012345001", "FACTURA", "NOMBRES")) is None


def test_a_foreigner_with_an_ecuadorian_card_is_a_foreigner() -> None:
    card = ("CÉDULA DE IDENTIDAD", "APELLIDOS", "ROJAS", "NOMBRES", "ANA", "NACIONALIDAD", "PERUANA")
    assert copy_kind(lines(*card)) == "foreigner-copy"
    assert copy_kind(lines(*card[:-1], "ECUATORIANA")) == "cedula-copy"


@pytest.mark.parametrize(
    ("line", "nationality"),
    [
        # The specimens of ICAO Doc 9303, parts 4 and 5.
        ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "UTO"),
        ("7408122F1204159UTO<<<<<<<<<<<6", "UTO"),
        ("74O8122F12O4159UTO<<<<<<<<<<<6", "UTO"),
        ("L898902C<3UTO6908061F9406236ZE184226B<<<<<14", "UTO"),
        ("7408123F1204159UTO<<<<<<<<<<<6", None),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", None),
    ],
)
def test_machine_readable_lines(line: str, nationality: str | None) -> None:
    assert find_nationality([line]) == nationality


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", min_size=1, max_size=20), st.data())
def test_one_changed_digit_changes_the_check_digit(text: str, data: st.DataObject) -> None:
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[place]]))
    assert check_digit(text) != check_digit(text[:place] + other + text[place + 1 :])


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_read_without_an_error(texts: list[str]) -> None:
    assert copy_kind(lines(*texts)) in {None, "cedula-copy", "foreigner-copy"}
