"""What a letter says, found in its text: labels in the many ways people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.geometry import Box
from intake.letters.extraction import extract
from intake.letters.text import LetterLine, LetterText, Span, fold

HEAD = ["Quito, 23 de noviembre de 2026", "Señor", "DIRECTOR PROVINCIAL DEL IESS", "Presente.-"]
END = ["Atentamente,", "María Guamán Quishpe", "C.C. 1712345675"]


def letter_of(*lines: str) -> LetterText:
    """Lines one under the other, 2 mm to the sign, with so much room that each ends where it ends."""
    return LetterText(
        tuple(
            LetterLine(text, Box(20, 20 + 12 * place, 2 * len(text), 4)) for place, text in enumerate(lines)
        )
    )


def said(*lines: str) -> dict[str, str]:
    return {name: datum.value for name, datum in extract(letter_of(*lines)).items()}


@pytest.mark.parametrize(
    "line",
    [
        "RUC: 1790010937001",
        "R.U.C. N.º 1790010937001",
        "RUC No. 179001093 7001",
        "Número de RUC 1790010937-001",
        "con Registro Único de Contribuyentes número 1790010937001",
        "RUC: 17900I0937OO1",
    ],
)
def test_ruc_is_found_however_it_is_labelled(line: str) -> None:
    assert said(line)["ruc"] == "1790010937001"


@pytest.mark.parametrize(
    ("line", "branch"),
    [
        ("Sucursal: 0003", "0003"),
        ("sucursal N.º 0012", "0012"),
        ("Establecimiento (sucursal) No. 0001", "0001"),
        ("SUCURSAL IESS 0030", "0030"),
        ("establecimiento 0004,", "0004"),
    ],
)
def test_branch(line: str, branch: str) -> None:
    assert said(line)["branch"] == branch


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("planilla del mes de septiembre de 2026", "2026-09"),
        ("Período: 2026-09", "2026-09"),
        ("período 09/2026", "2026-09"),
        ("correspondiente a Setiembre del 2026", "2026-09"),
        ("planilla de aportes de sept/2026", "2026-09"),
        ("planilla de aportes de enero del año dos mil veintisiete", "2027-01"),
    ],
)
def test_period_in_figures_and_words(line: str, period: str) -> None:
    assert said(*HEAD, line)["period"] == period


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Quito, 5 de enero de 2027", "2027-01-05"),
        ("Guayaquil, enero 5 de 2027", "2027-01-05"),
        ("Loja, 05/01/2027", "2027-01-05"),
        ("Dado en Loja, a los cinco días del mes de enero de dos mil veintisiete", "2027-01-05"),
        ("Fecha: 2027-01-05", "2027-01-05"),
    ],
)
def test_day_in_figures_and_words(line: str, day: str) -> None:
    assert said(line)["date"] == day


def test_a_day_is_no_period_and_a_sheet_number_neither() -> None:
    found = said("Quito, 5 de enero de 2027", "planilla N.º 2026-09-000123 del mes de septiembre de 2026")
    assert found["period"] == "2026-09"
    assert found["sheet_number"] == "2026-09-000123"


def test_who_writes_is_told_from_the_worker_that_the_letter_is_about() -> None:
    found = said(
        *HEAD,
        "Yo, MARÍA GUAMÁN QUISHPE, con C.C. 1712345675, representante legal de Comercial Andina S.A.,",
        "solicito regenerar la planilla: no constó el aviso de entrada de Rosa Chimbo, C.C. 0100000017.",
        *END,
    )
    assert found["representative_name"] == "María Guamán Quishpe"
    assert found["representative_id"] == "1712345675"
    assert found["representative_id_kind"] == "cedula"
    assert found["business_name"] == "Comercial Andina S.A."


def test_two_places_that_agree_are_counted() -> None:
    found = extract(
        letter_of("Yo, María Guamán Quishpe, con C.C. 1712345675, solicito que se regenere.", *END)
    )
    assert found["representative_id"].agreeing == 2
    assert not found["representative_id"].disputed


def test_two_places_that_disagree_are_a_dispute() -> None:
    found = extract(letter_of("RUC 1790010937001", "RUC 1790010938001"))
    assert found["ruc"].disputed


def test_a_foreigner_is_known_by_the_code() -> None:
    found = said("Código de identificación para extranjeros N.º AB123456")
    assert (found["representative_id_kind"], found["representative_id"]) == ("foreigner-code", "AB123456")


@pytest.mark.parametrize(
    ("line", "sheet_type"),
    [
        (
            "solicito regenerar la planilla de aportes y declaro anulada la de fondos de reserva",
            "contributions",
        ),
        ("solicito regenerar la planilla de ajuste", "adjustment"),
        ("Tipo de planilla: Fondos de reserva", "reserve-fund"),
    ],
)
def test_type_of_sheet(line: str, sheet_type: str) -> None:
    assert said(line)["sheet_type"] == sheet_type


def test_contact_in_one_line() -> None:
    found = said(
        "Dirección: Av. 10 de Agosto N23-45 y Bogotá. Telf.: 02 394 5666. Correo: rrhh@andina.example"
    )
    assert found["address"] == "Av. 10 de Agosto N23-45 y Bogotá"
    assert found["phone"] == "02 394 5666"
    assert found["email"] == "rrhh@andina.example"


def test_the_institutes_own_address_is_not_the_companys() -> None:
    assert "email" not in said("Dirigido a atencionalusuario@iess.gob.ec")


def test_a_paragraph_goes_on_where_the_next_word_had_no_room() -> None:
    lines = (
        LetterLine("Yo, María Guamán", Box(20, 20, 160, 4)),
        LetterLine("Quishpe, solicito.", Box(20, 25, 60, 4)),
        LetterLine("Otra cosa.", Box(20, 30, 30, 4)),
    )
    letter = LetterText(lines)
    assert letter.text == "Yo, María Guamán Quishpe, solicito.\nOtra cosa."
    box = letter.box_of(Span(4, 24))
    assert (box.y, round(box.bottom)) == (20, 29)


@given(st.text(max_size=60))
def test_folding_keeps_every_sign_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.lists(st.text(min_size=1, max_size=40), max_size=8))
def test_no_text_makes_the_search_fail(lines: list[str]) -> None:
    letter = letter_of(*(line.replace("\n", " ") for line in lines))
    for datum in extract(letter).values():
        assert 0 <= datum.mention.span.start <= datum.mention.span.end <= len(letter.text)
