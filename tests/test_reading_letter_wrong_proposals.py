"""What strangers' letters made the reader propose wrongly: half a name, others' offices, a place cut off."""

from __future__ import annotations

import pytest

from forms.register import find_form
from intake.letters.extraction import extract
from intake.letters.judgement import judge
from tests.test_reading_letter_text import HEAD, letter_of, said

ASKS = "Solicito la regeneración de la planilla de aportes de marzo de 2026."
LEAVE = "Atentamente,"


@pytest.mark.parametrize(
    "signed",
    [
        "Cristina Isabel Mon 'far Larrea",
        "Carolina In s ei e",
        "Lucía Beatriz óñez Vintimilla",
        "na Lizbeth Schiess Moncayo",
        "Ing. Wi Teodor",
    ],
)
def test_a_name_of_which_ink_took_a_part_is_not_proposed(signed: str) -> None:
    assert "representative_name" not in said(*HEAD, ASKS, LEAVE, signed, "GERENTE", "C.I. 1712345675")


def test_a_name_of_which_ink_took_a_part_is_taken_from_where_it_is_whole() -> None:
    whole = "Yo, Cristina Isabel Montúfar Larrea, representante legal, expongo:"
    found = said(*HEAD, whole, ASKS, LEAVE, "Cristina Isabel Mon 'far Larrea", "GERENTE")
    assert found["representative_name"] == "Cristina Isabel Montúfar Larrea"


@pytest.mark.parametrize(
    "signed",
    [
        "María Guamán Quishpe",
        "Ing. María Guamán Quishpe, gerente",
        "María Guamán Quishpe con C.C. 1712345675",
    ],
)
def test_a_whole_name_is_still_proposed(signed: str) -> None:
    assert said(*HEAD, ASKS, LEAVE, signed, "GERENTE")["representative_name"] == "María Guamán Quishpe"


def test_a_second_surname_of_two_letters_is_written_in_full() -> None:
    named = "Ing. Hernán Bolívar Ruales Chicaiza, C.C. 1712345675, procurador común, expongo:"
    found = said(*HEAD, named, ASKS, LEAVE, "Ing. Hernán Ruales Ch.", "PROCURADOR COMÚN")
    assert found["representative_name"] == "Hernán Bolívar Ruales Chicaiza"


@pytest.mark.parametrize(
    "line",
    [
        "Se notificó al anterior propietario, señor Jaime Pozo Arellano, con RUC 0440865079001.",
        "Lo autorizó el Directorio, presidido por el señor alcalde, Abg. Abraham Freire.",
        "Autorizo a la abogada Soledad Mena Jarrín,",
    ],
)
def test_other_peoples_offices(line: str) -> None:
    assert "representative_name" not in said(*HEAD, line, ASKS, LEAVE)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (
            ("BUSTAMANTE, CRUZ Y ASOCIADOS AUDITORES CÍA. LTDA.",),
            "BUSTAMANTE, CRUZ Y ASOCIADOS AUDITORES CÍA. LTDA.",
        ),
        (("Fundación Manos que Siembran",), "Fundación Manos que Siembran"),
        (("GOBIERNO AUTÓNOMO DESCENTRALIZADO",), None),
        (("JUNTA ADMINISTRADORA DE AGUA POTABLE",), None),
        (("0907931257", "S.A."), None),
    ],
)
def test_companies(lines: tuple[str, ...], name: str | None) -> None:
    assert said(*lines, *HEAD, ASKS).get("business_name") == name


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (
            "Atendemos en la Y de Sangolquí, frente al banco Pichincha.",
            "Y de Sangolquí, frente al banco Pichincha",
        ),
        ("Dirección: Comuna Pile, a 100 m de la escuela.", "Comuna Pile, a 100 m de la escuela"),
        ("Oficina: General Barona 318 entre Flores y Sucre.", "General Barona 318 entre Flores y Sucre"),
        ("Puede escribirnos a Campus Loja N23-495 y Guayas.", "Loja N23-495 y Guayas"),
        ("RUC 1790010937001 | 12 de Febrero y 10 de Agosto, Lago", "12 de Febrero y 10 de Agosto, Lago"),
        ("Oficinas: Luis A. Martínez y Eloy Alfaro.", "Luis A. Martínez y Eloy Alfaro"),
        (
            "Dirección: Av. Veintimilla y Panamericana Norte, Tulcán - 06 298 0256 - info@lacarchi.com.",
            "Av. Veintimilla y Panamericana Norte, Tulcán",
        ),
    ],
)
def test_places_and_where_they_end(line: str, address: str) -> None:
    assert said(*HEAD, ASKS, line)["address"] == address


def test_an_electronic_address_is_none() -> None:
    assert "address" not in said(*HEAD, ASKS, "Notificaciones: rrhh@agroines.com, 04 271 9043.")


def test_who_is_said_to_be_a_companys_representative() -> None:
    line = (
        "El representante legal de la compañía es el señor Luis Mora Vega, portador de la cédula 1712345675."
    )
    assert said(*HEAD, line, ASKS)["representative_name"] == "Luis Mora Vega"


def test_an_address_that_ends_in_the_middle_is_none() -> None:
    assert "address" not in said(*HEAD, ASKS, "Av. Pío Jaramillo Alvarado y secretaria@horizontes.edu.ec")


def test_a_long_address_is_not_cut_at_its_first_stop() -> None:
    long = "Av. " + "Veintimilla " * 11 + "y Sucre"
    letter = letter_of(*HEAD, ASKS, f"Dirección: {long}")
    form = find_form("employer-request")
    assert form is not None
    assert judge(form.current, letter, extract(letter))["address"].value == long


def test_a_company_with_another_ruc_is_not_who_asks() -> None:
    found = said(
        *HEAD,
        "El 1 de julio LÁCTEOS LACARCHI S.A. absorbió a QUESERA LA FRONTERA CÍA. LTDA. (RUC 0190381722001).",
        "La planilla se generó bajo el RUC 0190381722001.",
        "Pido que se regenere con nuestro RUC, que es el 1790010937001.",
    )
    assert (found["ruc"], found["business_name"]) == ("1790010937001", "LÁCTEOS LACARCHI S.A.")


def test_the_letterhead_of_who_writes_for_a_client_is_not_the_clients() -> None:
    found = said(
        "CPA Janeth Tapia Moreno",
        "Calle Quito 73-21 y Padre Salcedo · 032 801 447 · janeth@contadores.ec",
        *HEAD,
        "En mi calidad de contadora del contribuyente Klever Oswaldo Pilatasig Vega, RUC 1790010937001,",
        ASKS,
        "Datos del empleador: Av. Unidad Nacional 12-40 y Gatazo; mecanica@gmail.com; 0979 305 548.",
        LEAVE,
        "CPA Janeth Tapia Moreno",
    )
    assert found["email"] == "mecanica@gmail.com"
    assert found["phone"] == "0979 305 548"
    assert found["address"].startswith("Av. Unidad Nacional 12-40 y Gatazo")


def test_a_name_with_small_words_is_not_another_persons_longer_one() -> None:
    worker = "La trabajadora Rosa Delgado Lara Cruz, cédula 0912345675, no consta en la planilla."
    found = said(*HEAD, worker, ASKS, LEAVE, "Rosa de la Cruz", "Representante legal", "C.I. 1712345675")
    assert found["representative_name"] == "Rosa de la Cruz"
