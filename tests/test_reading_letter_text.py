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
        ("(Suc. 0004)", "0004"),
        ("RUC / Sucursal: 0693293569001/0031", "0031"),
        ("RUC 0693293569001-0031. Motivo: sueldo mal ingresado.", "0031"),
        ("el código de la sucursal a la que corresponde este pedido es 0003.", "0003"),
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
        ("Lugar y fecha: Loja, 5-ene-2027", "2027-01-05"),
        ("Firmo en Loja, hoy martes 5 de enero de 2027.", "2027-01-05"),
        ("Otavalo 5 de Enero 2027", "2027-01-05"),
    ],
)
def test_day_in_figures_and_words(line: str, day: str) -> None:
    assert said(line)["date"] == day


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Santo Domingo de los Tsáchilas, a 5 de enero de 2027", "Santo Domingo de los Tsáchilas"),
        ("Suscribo en Quito, el 5 de enero de 2027, junto con mi abogado.", "Quito"),
        ("Cuenca 3 de Febrero de 2027", "Cuenca"),
        ("En la ciudad de Manta, a los cinco días del mes de enero de 2027", "Manta"),
        ("Ambato, Ecuador", "Ambato"),
    ],
)
def test_place_beside_its_day(line: str, place: str) -> None:
    assert said(line)["place"] == place


def test_a_day_of_something_else_is_not_the_letters() -> None:
    found = said(
        "Fundado el 8 de julio de 1954",
        "Manta, a 8 de agosto de 2026",
        "según el nombramiento inscrito el 3 de junio de 2024, solicito regenerar la planilla",
    )
    assert (found["date"], found["place"]) == ("2026-08-08", "Manta")


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


@pytest.mark.parametrize(
    "lines",
    [
        ("Me llamo María Guamán Quishpe, mi cédula es la 1712345675 y soy dueña del negocio.",),
        ("R. Legal", "MARÍA GUAMÁN QUISHPE", "Ced. No.", "1712345675"),
        ("MARÍA GUAMÁN QUISHPE, de estado civil casada, con cédula ecuatoriana número 1712345675, digo:",),
        ("Saludos cordiales,", "Mgs. María Guamán Quishpe", "Cl 1712345675"),
        ("Atentamente,", "f) María Guamán Quishpe", "C.I. 171234567-5"),
    ],
)
def test_whoever_signs_is_found_however_they_introduce_themselves(lines: tuple[str, ...]) -> None:
    found = said(*HEAD, "De mi consideración:", *lines)
    assert found["representative_name"].casefold() == "maría guamán quishpe"
    assert found["representative_id"] == "1712345675"


def test_a_lawyer_who_signs_too_is_not_the_representative() -> None:
    found = said(*HEAD, *END, "Ab. Hernán Salgado Rivadeneira", "Mat. Foro de Abogados 17-2011-482")
    assert found["representative_name"] == "María Guamán Quishpe"


def test_what_a_signature_was_taken_for_does_not_hide_who_signed() -> None:
    found = said(*HEAD, "Atentamente,", "iana", "María Guamán Quishpe")
    assert found["representative_name"] == "María Guamán Quishpe"


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


@pytest.mark.parametrize(
    "line",
    [
        "las oficinas de la Compañía, situadas en Av. Amazonas N25-465 y La Niña (teléfono 02 394 5666).",
        "Nosotros estamos ubicados en Av. Amazonas N25-465 y La Niña, donde contestan todo el día.",
        "Dir. del local: Av. Amazonas N25-465 y La Niña",
        "la sucursal que funciona en Av. Amazonas N25-465 y La Niña y donde trabajan nueve personas.",
        "Oficina matriz: Av. Amazonas N25-465 y La Niña | T: 02 394 5666 | rrhh@andina.example",
    ],
)
def test_address_wherever_it_stands(line: str) -> None:
    assert said("La Dirección de Talento Humano ha verificado la nómina.", line)["address"] == (
        "Av. Amazonas N25-465 y La Niña"
    )


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("me pueden llamar al 06 354 7748, de lunes a viernes", "06 354 7748"),
        ("o comunicarse con Secretaría, de 07h00 a 14h30, al 05 337 5178", "05 337 5178"),
        ("PBX: (07) 385-1715", "(07) 385-1715"),
        ("a nuestra contadora, celular 099 583 1046. Teléfono de la empresa: 07 366 6123", "07 366 6123"),
    ],
)
def test_telephone_of_the_company(line: str, phone: str) -> None:
    assert said(line)["phone"] == phone


def test_an_identity_number_of_guayas_is_no_telephone() -> None:
    assert "phone" not in said("portadora de la cédula 0912345675")


def test_a_petition_ends_where_the_next_datum_begins() -> None:
    found = said("solicito regenerar la planilla de aportes por error del sistema Empleador: Andina S.A.")
    assert found["petition"] == "solicito regenerar la planilla de aportes por error del sistema"


def test_room_to_sign_is_where_a_letter_ends_that_takes_no_leave() -> None:
    lines = (
        LetterLine("Solicito regenerar la planilla de aportes.", Box(20, 20, 100, 4)),
        LetterLine("Firmo en Loja, el 5 de enero de 2027.", Box(20, 40, 100, 4)),
        LetterLine("María Guamán Quishpe", Box(20, 64, 50, 4)),
    )
    closing = LetterText(lines).closing
    assert closing is not None
    assert (closing.said, closing.box) == (False, lines[1].box)
    assert LetterText(lines[:2]).closing is None


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


def test_lines_set_to_the_right_do_not_go_on() -> None:
    lines = (
        LetterLine("Av. Amazonas N16-789 y Rocafuerte", Box(110, 20, 70, 4)),
        LetterLine("Ambato, Ecuador", Box(150, 25, 30, 4)),
        LetterLine("Solicito lo que sigue, a saber, que la planilla", Box(20, 40, 160, 4)),
    )
    assert LetterText(lines).text.count("\n") == 2


def test_the_words_of_a_spread_line_are_one_line_however_far_they_stand() -> None:
    words = [LetterLine("Calle", Box(20, 20, 10, 4)), LetterLine("Bolívar", Box(60, 20, 12, 4), goes_on=True)]
    words.append(LetterLine("y", Box(110, 20, 2, 4), goes_on=True))
    below = LetterLine("Rocafuerte.", Box(20, 25, 20, 4))
    assert LetterText((*words, LetterLine("de", Box(176, 20, 4, 4), goes_on=True), below)).text == (
        "Calle Bolívar y de Rocafuerte."
    )


@given(st.text(max_size=60))
def test_folding_keeps_every_sign_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.lists(st.text(min_size=1, max_size=40), max_size=8))
def test_no_text_makes_the_search_fail(lines: list[str]) -> None:
    letter = letter_of(*(line.replace("\n", " ") for line in lines))
    for datum in extract(letter).values():
        assert 0 <= datum.mention.span.start <= datum.mention.span.end <= len(letter.text)
