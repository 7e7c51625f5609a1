"""R3: drawing twice gives the same bytes; and what is drawn is a sound A4 PDF that says its values."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pdfplumber
import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.material import random_values
from forms.layout import PRINTABLE, normalise_values, printed_runs, room
from forms.model import Edition, Paragraph, Text, Values
from forms.numbers import number_from_entropy
from forms.register import all_forms
from forms.seal import KeyRing, SealState, SigningKey, open_blank, open_seal, open_small, values_digest
from generators.blank import draw_blank
from generators.pages import SealedForm, draw_sealed, draw_unsealed

KEY: Final = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
EDITIONS: Final = tuple(edition for form in all_forms() for edition in form)
NUMBER: Final = number_from_entropy(bytes(range(9)))
DAY: Final = date(2026, 12, 1)
editions = pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: f"{edition.form}/{edition.name}")

_DRAW_AGAIN: Final = """
import hashlib, sys
from tests.test_ground_drawing import EDITIONS, sample, sealed
from generators.blank import draw_blank
for edition in EDITIONS:
    print(hashlib.sha256(sealed(edition, sample(edition)).pdf).hexdigest())
    print(hashlib.sha256(draw_blank(edition)).hexdigest())
"""


def sample(edition: Edition, seed: int = 5) -> Values:
    return random_values(edition, np.random.default_rng(seed))


def sealed(edition: Edition, values: Values) -> SealedForm:
    return draw_sealed(edition, values, document=NUMBER, issued=DAY, key=KEY)


def rendered(pdf: bytes, dpi: int = 200) -> np.ndarray:
    with pypdfium2.PdfDocument(pdf) as document:
        return np.asarray(document[0].render(scale=dpi / 72, grayscale=True).to_numpy()).squeeze()


def test_another_process_draws_the_same_bytes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _DRAW_AGAIN],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent,
        env={"PYTHONPATH": ".", "PYTHONHASHSEED": "99", "TZ": "Asia/Tokyo", "LANG": "C"},
    )
    expected = [
        hashlib.sha256(pdf).hexdigest()
        for each in EDITIONS
        for pdf in (sealed(each, sample(each)).pdf, draw_blank(each))
    ]
    assert done.stdout.split() == expected


@editions
def test_drawing_twice_gives_the_same_bytes(edition: Edition) -> None:
    values = sample(edition)
    assert sealed(edition, values) == sealed(edition, dict(reversed(values.items())))
    assert draw_blank(edition) == draw_blank(edition)
    assert draw_unsealed(edition, values) == draw_unsealed(edition, values)
    text = next(field.name for field in edition.value_fields if isinstance(field.kind, Text))
    assert sealed(edition, values).pdf != sealed(edition, values | {text: "Loja"}).pdf


@editions
def test_page_is_sound_and_a4_with_its_fonts_inside(edition: Edition) -> None:
    for pdf in (sealed(edition, sample(edition)).pdf, draw_blank(edition), draw_unsealed(edition, {})):
        with pikepdf.open(BytesIO(pdf)) as document:
            assert document.check_pdf_syntax() == []
            assert len(document.pages) == edition.pages
            width, height = (float(side) * 25.4 / 72 for side in document.pages[0].mediabox[2:])
            assert (width, height) == (pytest.approx(210, abs=0.1), pytest.approx(297, abs=0.1))
            assert all(
                "/FontFile2" in font.FontDescriptor
                for font in document.pages[0].resources.Font.values()
                if "/FontDescriptor" in font
            )


@editions
def test_other_libraries_find_the_values_in_the_text(edition: Edition) -> None:
    values = sample(edition)
    with pdfplumber.open(BytesIO(sealed(edition, values).pdf)) as document:
        signs = document.pages[0].chars
        for run in printed_runs(edition, normalise_values(values)):
            for place, sign in enumerate(run.text):
                if sign != " ":
                    box = run.glyph_box(place)
                    middle = (box.x + box.width / 2) * 72 / 25.4
                    foot = (edition.height - run.baseline) * 72 / 25.4
                    assert any(
                        found["text"] == sign
                        and abs((found["x0"] + found["x1"]) / 2 - middle) < 0.2
                        and abs(found["matrix"][5] - foot) < 0.2
                        for found in signs
                    ), (run, place)


@editions
def test_both_symbols_are_read_and_say_the_same_document(edition: Edition) -> None:
    form = sealed(edition, sample(edition))
    assert form.values_in_seal
    texts = {found.text for found in zxingcpp.read_barcodes(rendered(form.pdf))}
    assert form.seals[0] in texts
    ring = KeyRing.of(KEY)
    (small,) = (content for text in texts if (content := open_small(text, ring)[1]))
    state, full = open_seal(form.seals[0], ring)
    assert state is SealState.VALID
    assert full
    assert small.document == full.document == NUMBER


@editions
def test_modules_are_large_enough_for_a_cheap_scanner(edition: Edition) -> None:
    form = sealed(edition, sample(edition))
    (found,) = (f for f in zxingcpp.read_barcodes(rendered(form.pdf, 300)) if f.text == form.seals[0])
    across = (found.position.top_right.x - found.position.top_left.x) * 25.4 / 300
    assert across == pytest.approx(edition.frame.full_seal.width, abs=0.6)


@editions
def test_values_too_long_for_the_symbol_are_sealed_by_their_digest(edition: Edition) -> None:
    random = np.random.default_rng(1)
    signs = sorted(PRINTABLE - {" "})
    crowded = {
        field.name: "".join(random.choice(signs, room(field)))
        for field in edition.value_fields
        if isinstance(field.kind, Text | Paragraph)
    }
    form = sealed(edition, sample(edition) | crowded)
    assert not form.values_in_seal
    content = open_seal(form.seals[0], KeyRing.of(KEY))[1]
    assert content
    assert content.values is None
    assert content.digest == values_digest(edition, sample(edition) | crowded)
    assert zxingcpp.read_barcodes(rendered(form.pdf))


@editions
def test_blank_form_can_be_filled_and_names_its_edition(edition: Edition) -> None:
    pdf = draw_blank(edition)
    fields = pypdf.PdfReader(BytesIO(pdf)).get_fields()
    assert fields
    assert set(fields) == {field.name for field in edition.value_fields}
    texts = [found.text for found in zxingcpp.read_barcodes(rendered(pdf))]
    assert [open_blank(text) is not None for text in texts] == [True]


@editions
def test_draft_has_no_symbol_and_says_that_it_is_none(edition: Edition) -> None:
    pdf = draw_unsealed(edition, sample(edition))
    assert zxingcpp.read_barcodes(rendered(pdf)) == []
    with pdfplumber.open(BytesIO(pdf)) as document:
        assert "BORRADOR SIN SELLO" in "".join(sign["text"] for sign in document.pages[0].chars)
