"""Letters of people who had not seen the reader: what they leave out, shorten and put elsewhere."""

from __future__ import annotations

import pytest

from forms.register import find_form
from intake.letters.extraction import extract
from intake.letters.judgement import judge
from intake.letters.reading import is_letter
from tests.test_reading_letter_text import HEAD, letter_of, said

ASKS = "Solicitamos que se regenere la planilla de aportes de julio de 2026."
OWNER = "1712345675"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("SINDICATO DE CHOFERES DE ARCHIDONA",), "SINDICATO DE CHOFERES DE ARCHIDONA"),
        (("LIGA DEPORTIVA BARRIAL \"SAN JUAN\"",), "LIGA DEPORTIVA BARRIAL \"SAN JUAN\""),
        (("JUNTA DE AGUA Y RIEGO", "DE QUILLOPACCHA"), "JUNTA DE AGUA Y RIEGO DE QUILLOPACCHA"),
        (("FARMACIAS LA ECONÓMICA FARLECON S.A.",), "FARMACIAS LA ECONÓMICA FARLECON S.A."),
        (("SEGURIDAD Y VIGILANCIA SEVIPRICEN CÍA. LTDA.",), "SEGURIDAD Y VIGILANCIA SEVIPRICEN CÍA. LTDA."),
        (("COMERCIALIZADORA DE CAFÉ MONTECRISTI", "S.A."), "COMERCIALIZADORA DE CAFÉ MONTECRISTI S.A."),
    ],
)  # fmt: skip
def test_the_company_of_a_letterhead(lines: tuple[str, ...], name: str) -> None:
    assert said(*lines, *HEAD)["business_name"] == name


def test_a_name_without_a_legal_form_is_always_asked_about() -> None:
    name = "HOTEL MIRADOR DEL RÍO"
    letter = letter_of(name, *HEAD, ASKS, f"{name}, RUC 1790010937001", f"Empresa: {name}")
    form = find_form("employer-request")
    assert form is not None
    reading = judge(form.current, letter, extract(letter))["business_name"]
    assert (reading.value, reading.state) == (name, "doubtful")


@pytest.mark.parametrize(
    "lines",
    [
        ("Atentamente,", "g. Marcelo Villacís N.", "GERENTE GENERAL"),
        ("Con mi agradecimiento,", "Ing. Marcelo Villacís", "Gerente"),
    ],
)
def test_who_signs_shortly_is_named_in_full(lines: tuple[str, ...]) -> None:
    full = "Marcelo Patricio Villacís Naranjo"
    found = said(*HEAD, f"{full}, con C.C. {OWNER}, GERENTE de la empresa, solicito lo siguiente.", *lines)
    assert (found["representative_name"], found["representative_id"]) == (full, OWNER)


def test_a_longer_name_is_never_taken_as_read_for_the_short_one() -> None:
    letter = letter_of(
        *HEAD,
        "Yo, Carlos Mora, solicito que se regenere la planilla de Juan Carlos Mora Vera.",
        "Atentamente,",
        "Carlos Mora",
    )
    form = find_form("employer-request")
    assert form is not None
    assert judge(form.current, letter, extract(letter))["representative_name"].state == "doubtful"


@pytest.mark.parametrize(
    "line",
    [
        "Código: KR0M218845",
        "Código de identificación del director: KR0M218845",
        "Cód. identificación KR0M218845",
    ],
)
def test_a_code_whose_label_does_not_say_whose_it_is(line: str) -> None:
    found = said(*HEAD, ASKS, "Atentamente,", "Timothy James Halvorsen", "Director Ejecutivo", line)
    assert (found["representative_id_kind"], found["representative_id"]) == ("foreigner-code", "KR0M218845")


def test_a_bare_cedula_under_a_name() -> None:
    found = said(*HEAD, ASKS, "Firma el Gerente,", "Nixon Alcides Jumbo Rentería", "Gerente General", OWNER)
    assert found["representative_id"] == OWNER


def test_a_person_with_a_ruc_is_the_business_and_its_number_the_cedula() -> None:
    found = said(*HEAD, f"Yo, Rosa Elvira Quizhpe, con RUC {OWNER}001, pido que regeneren la planilla.")
    assert (found["business_name"], found["representative_id"]) == ("Rosa Elvira Quizhpe", OWNER)
    company = said(*HEAD, "Yo, Rosa Elvira Quizhpe, con RUC 1790010937001, pido que regeneren la planilla.")
    assert not {"business_name", "representative_id"} & company.keys()


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Terminal Terrestre de Latacunga, oficina 12", "Terminal Terrestre de Latacunga, oficina 12"),
        ("Luque 111 y Pedro Carbo, mezzanine", "Luque 111 y Pedro Carbo, mezzanine"),
        ("Sede: Calle Carapungo E9-44 y Giovanni Calles", "Calle Carapungo E9-44 y Giovanni Calles"),
        ("El almacén está ubicado en la Vega Muñoz 8-31 y Luis Cordero pido de favor que me ayuden",
         "Vega Muñoz 8-31 y Luis Cordero"),
        ("Mis notificaciones: Av. Leopoldo Freire, lote 9, Riobamba; 03 296 5518",
         "Av. Leopoldo Freire, lote 9, Riobamba"),
    ],
)  # fmt: skip
def test_addresses_of_letterheads_and_of_running_text(line: str, address: str) -> None:
    assert said(line, *HEAD)["address"] == address


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("Telefax: (03) 2800-655", "(03) 2800-655"),
        ("Av. Quito 1420 · 062 830 771", "062 830 771"),
        ("Contacto +593 (0)2 255 8814", "+593 (0)2 255 8814"),
    ],
)
def test_telephones_of_more_shapes(line: str, phone: str) -> None:
    assert said(line, *HEAD)["phone"] == phone


def test_a_letter_that_forgot_its_numbers_is_a_letter_and_another_paper_is_none() -> None:
    forgot = (
        "CLÍNICA VETERINARIA PATITAS",
        "Av. Miraflores y Las Rosas, Ambato",
        "Quisiera que me regeneren la planilla de aportes de julio de 2026 solo con él.",
        "Gissela Carolina Mayorga Altamirano",
        "Representante legal",
    )
    assert is_letter(extract(letter_of(*forgot)))
    assert not is_letter(extract(letter_of("Acta de finiquito", "Av. Amazonas N23-45", "Juan Pérez Mora")))


def test_the_representative_with_a_number_goes_before_who_signs_for_the_company() -> None:
    found = said(
        *HEAD,
        f"La empresa, cuyo Representante Legal es el señor Galo Arteaga Mideros, con cédula {OWNER}, pide:",
        "Atentamente,",
        "Jessica Maldonado Erazo",
        "Jefa de Talento Humano",
        "C.I. 1704278959",
    )  # fmt: skip
    assert (found["representative_name"], found["representative_id"]) == ("Galo Arteaga Mideros", OWNER)
