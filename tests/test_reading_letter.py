"""Letters from the scan or the file to readings: values with their boxes, no surer than they may be."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from reportlab.lib.enums import TA_JUSTIFY

from bench.letter_facts import Facts, random_facts
from bench.letter_manners import HELD_BACK, MANNERS
from bench.letter_manners.blocks import Block
from bench.letter_material import Letter, letter_from, random_letter
from forms.geometry import Box
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.batch import read_batch
from intake.letters.extraction import canonical
from intake.letters.lines import find_lines
from intake.letters.page import straighten
from intake.letters.recognised import recognise
from intake.pages import ReadingContext
from intake.readings import DocumentReading, decode_batch, encode_batch
from tests.electronic_samples import signed


@cache
def letter(manner: int, seed: int = 5) -> Letter:
    return random_letter(np.random.default_rng((seed, manner)), (MANNERS[manner],))


def scanned(written: Letter, *, ink: bool = True, turn: float = 0.7) -> bytes:
    random = np.random.default_rng(7)
    sheet = print_page(written.pdf)
    if ink:
        sheet = sign(sheet, written.signature, random)
    return encode([scan(sheet, Scanner(dpi=200, rotation_deg=turn, blur_px=0.35), random)], "jpeg", 200)


@cache
def read(data: bytes) -> DocumentReading:
    (document,) = read_batch([("carta", data)], ReadingContext()).documents
    return document


def codes(document: DocumentReading) -> set[str]:
    return {found.code for found in document.problems}


def wrong(document: DocumentReading, written: Letter) -> dict[str, str]:
    return {
        name: found.value
        for name, found in document.fields.items()
        if found.value
        and name in written.values
        and canonical(found.value) != canonical(written.values[name])
    }


def test_a_scanned_letter_gives_its_values_and_is_always_reviewed() -> None:
    document = read(scanned(letter(0)))
    assert (document.route, document.form, document.outcome) == ("letter", "employer-request", "review")
    assert wrong(document, letter(0)) == {}
    stated = set(letter(0).values) - {"sheet_number"}
    assert {name for name, found in document.fields.items() if found.value} >= stated
    assert document.signatures["representative_signature"].state == "present"
    assert not {found.state for found in document.fields.values()} & {"confirmed", "altered"}


def test_a_value_said_once_is_doubtful_and_one_said_twice_is_read() -> None:
    document = read(scanned(letter(0)))
    assert document.fields["ruc"].state == "doubtful"
    assert document.fields["representative_id"].state == "read"


def test_an_unsigned_letter_lacks_its_signature() -> None:
    document = read(scanned(letter(0), ink=False))
    assert document.signatures["representative_signature"].state == "absent"
    assert "SIGNATURE_ABSENT" in codes(document)


@pytest.mark.parametrize("turn", [90.5, 179.2, 271.0])
def test_a_letter_is_read_however_it_lay(turn: float) -> None:
    document = read(scanned(letter(9), turn=turn))
    assert document.route == "letter"
    assert wrong(document, letter(9)) == {}
    assert document.fields["ruc"].value == letter(9).values["ruc"]


def test_boxes_lie_on_the_upright_page_where_the_value_stands() -> None:
    written = letter(9)
    straight, turned = read(written.pdf), read(scanned(written, turn=179.2))
    for name in ("ruc", "email", "address"):
        drawn, seen = (Box(*document.fields[name].box_mm) for document in (straight, turned))
        assert abs(drawn.y - seen.y) < 4
        assert abs(drawn.x - seen.x) < 4


def test_a_letter_as_a_file_is_read_by_its_own_text_and_has_no_ink() -> None:
    document = read(letter(3).pdf)
    assert document.route == "letter"
    assert wrong(document, letter(3)) == {}
    assert {found.source for found in document.fields.values() if found.value} == {"text"}
    assert document.fields["ruc"].state == "read"
    assert document.signatures["representative_signature"].state == "absent"


def test_an_electronic_signature_on_a_letter_is_shown_and_is_not_ink() -> None:
    document = read(signed(letter(3).pdf, "JUAN DE PRUEBA"))
    assert [found.signer for found in document.electronic_signatures] == ["JUAN DE PRUEBA"]
    assert "SIGNATURE_NOT_HANDWRITTEN" in codes(document)


def test_a_manner_that_nobody_tuned_on_is_read_too_and_what_it_lacks_is_named() -> None:
    written = random_letter(np.random.default_rng(77), (HELD_BACK[1],))
    document = read(written.pdf)
    assert document.route == "letter"
    states = {name: document.fields[name].state for name in wrong(document, written)}
    assert "read" not in states.values()
    missing = {found.field for found in document.problems if found.code == "FIELD_MISSING"}
    assert missing == {name for name, found in document.fields.items() if found.state == "missing"}


def test_the_reading_of_a_letter_survives_its_json() -> None:
    batch = read_batch([("carta.pdf", letter(0).pdf)], ReadingContext())
    assert decode_batch(encode_batch(batch)) == batch


def test_a_line_spread_to_the_margins_keeps_its_words_of_one_letter() -> None:
    """A long address of electronic mail leaves few words on the line before it, far from each other."""

    mail = "contabilidad.de.la.empresa.con.un.nombre.muy.largo@empresa-de-nombre-largo.example"

    def spread(facts: Facts) -> list[Block]:
        address = f"Dirección: Calle Sucre y Olmedo. {mail} es el correo."
        return [Block("p", text, align=TA_JUSTIFY) for text in (facts.ask, address)] + [Block("sign")]

    facts = random_facts(np.random.default_rng(3))
    data = scanned(letter_from(facts, spread, "LiberationSans-Regular"), turn=0.0)
    found = recognise(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE), 200, None)
    assert f"Dirección: Calle Sucre y Olmedo. {mail}" in found.text.text
    (alone,) = [line for line in found.text.lines if line.text == "y"]
    assert alone.goes_on
    assert alone.box.width < 3


def test_a_page_of_noise_has_no_lines_to_speak_of() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1200, 850)).astype(np.uint8)
    assert len(find_lines(straighten(cv2.GaussianBlur(noise, (0, 0), 3), None).ink).lines) < 400


def test_a_page_with_ink_at_its_very_edge_alone_has_no_lines() -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    for row in range(200, 2000, 60):
        page[row : row + 24, 4:14] = 20
    assert not recognise(page, 200, None).text.lines
