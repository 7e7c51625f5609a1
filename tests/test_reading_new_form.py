"""A form is one definition: one made up here is drawn, filled blank, described, checked, sealed and read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import numpy as np
import pikepdf
import pypdf
import pytest

from bench.material import KEY, KEYS
from forms import register
from forms.checks import check_values
from forms.description import describe
from forms.geometry import Box
from forms.model import (
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Form,
    Mark,
    Option,
    Paragraph,
    Period,
    Signature,
    Text,
)
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.stationery import A4_FRAME, CELL, comb_box, letterhead
from generators.blank import draw_blank
from generators.pages import draw_sealed
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.pages import ReadingContext, read_page

EDITION = Edition(
    form="address-change",
    name="2027-01",
    title="CAMBIO DE DIRECCIÓN",
    language="es-EC",
    frame=A4_FRAME,
    fields=(
        Field("number", "Número", Comb(8, CELL), comb_box(15, 90, 8)),
        Field("street", "Calle", Text(), Box(15, 105, 120, 7)),
        Field("reason", "Motivo", Paragraph(3), Box(15, 120, 170, 18)),
        Field("since", "Desde", Date(CELL), comb_box(15, 145, 10)),
        Field("month", "Mes", Period(CELL), comb_box(80, 145, 7)),
        Field(
            "kind",
            "Clase",
            Choice((Option("home", "Casa"), Option("work", "Oficina")), 40),
            Box(15, 165, 90, 4),
        ),
        Field("urgent", "", Mark("Es urgente"), Box(15, 175, 50, 4), required=False),
        Field("signature", "Firma", Signature(), Box(100, 190, 80, 25)),
    ),
    furniture=letterhead("CAMBIO DE DIRECCIÓN", "Un formulario hecho dentro de una prueba"),
)
FORM = Form("address-change", "Cambio de dirección", (EDITION,))
VALUES = {
    "number": "00482913",
    "street": "Av. Ñuñoa N23-45 y Bogotá",
    "reason": "La oficina se trasladó; pedimos que conste la dirección nueva en todos los registros.",
    "since": "2027-01-15",
    "month": "2027-01",
    "kind": "work",
    "urgent": "yes",
}


@pytest.fixture(autouse=True)
def known_form(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue with one form more, as if its file lay in ``forms/catalog``."""
    forms = (*register.all_forms(), FORM)
    monkeypatch.setattr(register, "all_forms", lambda: forms)
    yield


def test_it_is_read_back_from_a_skewed_scan() -> None:
    assert check_values(EDITION, VALUES) == ()
    number = number_from_entropy(bytes(RANDOM_BYTES))
    pdf = draw_sealed(EDITION, VALUES, document=number, issued=date(2027, 1, 10), key=KEY).pdf
    random = np.random.default_rng(1)
    sheet = sign(print_page(pdf), EDITION.signature_fields[0].box, random)
    result = read_page(scan(sheet, Scanner(dpi=200, rotation_deg=3), random), ReadingContext(KEYS))
    assert {name: found.value for name, found in result.fields.items()} == VALUES
    assert {found.state for found in result.fields.values()} == {"confirmed"}
    assert result.signatures["signature"].state == "present"


def test_an_unticked_box_that_somebody_ticked_is_noticed() -> None:
    values = {name: value for name, value in VALUES.items() if name != "urgent"}
    number = number_from_entropy(bytes(RANDOM_BYTES))
    honest = draw_sealed(EDITION, values, document=number, issued=date(2027, 1, 10), key=KEY).pdf
    ticked = draw_sealed(EDITION, VALUES, document=number, issued=date(2027, 1, 10), key=KEY).pdf
    sheet, other = print_page(honest), print_page(ticked)
    area = sheet.area(EDITION.field("urgent").box)
    sheet.image[area] = other.image[area]
    result = read_page(scan(sheet, Scanner(dpi=200), np.random.default_rng(0)), ReadingContext(KEYS))
    assert result.fields["urgent"].state == "altered"
    assert result.fields["urgent"].seen == "yes"


def test_its_blank_form_can_be_filled_with_embedded_fonts() -> None:
    blank = draw_blank(EDITION)
    assert blank == draw_blank(EDITION)
    fields = pypdf.PdfReader(BytesIO(blank)).get_fields()
    assert fields is not None
    assert set(fields) == set(VALUES)
    with pikepdf.open(BytesIO(blank)) as pdf:
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile2" in font for font in fonts)


def test_it_describes_itself() -> None:
    fields = {row["name"]: row for row in describe(EDITION)["fields"]}
    assert fields["number"]["max_length"] == 8
    assert fields["kind"]["options"] == ["home", "work"]
    assert fields["signature"]["kind"] == "signature"
