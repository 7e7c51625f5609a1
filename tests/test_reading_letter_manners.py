"""Letters of people who had not seen the reader: what they leave out, shorten and put elsewhere."""

from __future__ import annotations

import pytest

from forms.geometry import Box
from forms.register import find_form
from intake.letters.extraction import extract
from intake.letters.judgement import judge
from intake.letters.reading import is_letter
from intake.letters.text import LetterLine, LetterText
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
        (("PESQUERA BAHÍA NORTE S.A. PESBANOR",), "PESQUERA BAHÍA NORTE S.A. PESBANOR"),
        (("TEJIDOS IMBAYA de Tejimbaya Cía. Ltda.",), "Tejimbaya Cía. Ltda."),
        (("IMPRENTA MEJÍA E HIJOS S.C.C.",), "IMPRENTA MEJÍA E HIJOS S.C.C."),
        (("CONGREGACIÓN DE HERMANAS DEL VALLE",), "CONGREGACIÓN DE HERMANAS DEL VALLE"),
        (("Club Deportivo 12 de Octubre",), "Club Deportivo 12 de Octubre"),
        (("Yo, MEGA FARMACIA EL CISNE, pido:",), "MEGA FARMACIA EL CISNE"),
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


@pytest.mark.parametrize(
    ("lines", "branch"),
    [
        (("Nuestro código de establecimiento ante ustedes es 0001.",), "0001"),
        (("con R.U.C. No. 1790010937001, oficina matriz 0002, pido",), "0002"),
        (("Oficina .", ". 0003"), "0003"),
        (("Sucursal 0 0 0 4",), "0004"),
    ],
)
def test_a_branch_in_the_institutes_shape(lines: tuple[str, ...], branch: str) -> None:
    assert said(*HEAD, ASKS, *lines)["branch"] == branch


def test_columns_of_years_are_no_branch() -> None:
    assert "branch" not in said(*HEAD, ASKS, "Período Sucursal", "2023-", "Aportes")


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("Pieter van der Meulen, Gerente General",), "Pieter van der Meulen"),
        (("Rep. legal.", ". Leonor Barcia Solórzano"), "Leonor Barcia Solórzano"),
        (("Sor Begoña Arrizabalaga, representante legal",), "Begoña Arrizabalaga"),
        (
            (f"la Ing. Mónica Shiguango Cerda, C.C. {OWNER}, quien es la representante legal", "Iván Lema"),
            "Mónica Shiguango Cerda",
        ),
    ],
)  # fmt: skip
def test_more_ways_to_say_who_represents(lines: tuple[str, ...], name: str) -> None:
    assert said(*HEAD, ASKS, *lines)["representative_name"] == name


def test_a_road_under_the_name_is_nobody() -> None:
    road = "Juan Montalvo 4-56 entre García Moreno y Obispo Mosquera, Ibarra"
    found = said(*HEAD, ASKS, "Atentamente,", "María Yacelga Andrade", "Directora Ejecutiva", road)
    assert (found["representative_name"], found["address"]) == ("María Yacelga Andrade", road)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("con pasaporte No. NX4R718K2, en calidad de Gerente", "NX4R718K2"),
        ("portador del pasaporte 35718204, apoderado", "35718204"),
    ],
)
def test_a_passport_is_a_foreigners_number(line: str, number: str) -> None:
    found = said(*HEAD, ASKS, f"El suscrito, Thomas Erik Lindqvist, {line}")
    assert (found["representative_id_kind"], found["representative_id"]) == ("foreigner-code", number)


def test_a_cedula_of_a_foreigner_is_a_cedula() -> None:
    found = said(*HEAD, ASKS, f"Yo, Begoña Arrizabalaga, con cédula de extranjería {OWNER}, pido")
    assert (found["representative_id_kind"], found["representative_id"]) == ("cedula", OWNER)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("Guardianía 24/7 Cdla. Kennedy Norte, Mz. 704 villa 9", "Cdla. Kennedy Norte, Mz. 704 villa 9"),
        ("DIRECCIÓN: AV. CHIRIJO Y SEMINARIO, LOTE 8.", "AV. CHIRIJO Y SEMINARIO, LOTE 8"),
        ("estoy en la via quito km 2 y medio, llamar al 0968812430", "via quito km 2 y medio"),
        ("Campamento: Vía Sacha-Coca km 9, margen derecho.", "Vía Sacha-Coca km 9, margen derecho"),
        ("Dir: Eloy Alfaro y Pereira", "Eloy Alfaro y Pereira"),
        ("Dirección: Guasmo Sur, Coop. Unión bloque 3, mz. 12", "Guasmo Sur, Coop. Unión bloque 3, mz. 12"),
        ("Km 10,5 vía a Daule, bodega 14", "Km 10,5 vía a Daule, bodega 14"),
        ("Sitio La Iberia, vía a El Guabo km 3", "Sitio La Iberia, vía a El Guabo km 3"),
        ("para correspondencia física a: Conector Alpachaca Km 10", "Conector Alpachaca Km 10"),
    ],
)
def test_more_ways_to_say_where_it_is(line: str, address: str) -> None:
    assert said(*HEAD, ASKS, line)["address"] == address


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("Tlfs. 2894 057 - 0984 660 012", "2894 057"),
        ("Telefonía: 0993 078 852", "0993 078 852"),
        ("Tel. 04 - 268 - 4520", "04 - 268 - 4520"),
    ],
)
def test_telephones_side_by_side(line: str, phone: str) -> None:
    assert said(*HEAD, ASKS, line)["phone"] == phone


def test_a_row_of_a_list_does_not_go_on_with_the_row_above() -> None:
    rows = ("Razón social: CONJUNTO HABITACIONAL JARDINES DEL VALLE", "Administrador: Jorge Terán Guerra")
    lines = tuple(LetterLine(text, Box(20, 30 + 6 * place, 120, 4)) for place, text in enumerate(rows))
    found = extract(LetterText(lines))
    assert found["business_name"].value == "CONJUNTO HABITACIONAL JARDINES DEL VALLE"


@pytest.mark.parametrize(
    ("lines", "goes_on"),
    [
        (("UNIDAD EDUCATIVA PARTICULAR SANTA MARÍA DEL", "VALLE"), True),
        (("COOPERATIVA DE TRANSPORTES \"CIUDAD DE", "CATAMAYO\""), True),
        (("JUNTA ADMINISTRADORA DE AGUA POTABLE", "SAN JOSÉ DE PUNGE"), True),
        (("HOTEL BAHÍA DE LOS LOBOS", "PUERTO AYORA"), False),
    ],
)  # fmt: skip
def test_a_letterhead_in_two_lines(lines: tuple[str, ...], goes_on: bool) -> None:
    assert said(*lines, *HEAD, ASKS)["business_name"] == (" ".join(lines) if goes_on else lines[0])


@pytest.mark.parametrize(
    "between", ["FARMACIA LA MERCED", "Documento firmado electrónicamente", "Por la Liga Barrial San Pedro,"]
)
def test_who_signs_below_other_words(between: str) -> None:
    found = said(*HEAD, ASKS, "Atentamente,", between, "Ing. Priscila Coello Gaibor", "GERENTE GENERAL")
    assert found["representative_name"] == "Priscila Coello Gaibor"


def test_a_surname_that_is_a_word_for_a_road() -> None:
    line = "Firma el representante legal, Ing. Hernán Rivadeneira Calle, portador de la C.I. 1712345675."
    assert said(*HEAD, ASKS, line)["representative_name"] == "Hernán Rivadeneira Calle"


def test_the_bookkeepers_ruc_is_not_the_clients() -> None:
    found = said(
        "CPA. Maritza Toala Pin",
        "Servicios contables y tributarios - RUC 1310682479001",
        *HEAD,
        ASKS,
        "RUC del cliente: 1391827369001",
        "C.I. del gerente: 1306297142",
        "Atentamente,",
        "Maritza Toala Pin",
        "C.I. 1310682479",
    )
    assert (found["ruc"], found["representative_id"]) == ("1391827369001", "1306297142")


def test_a_ruc_that_is_told_to_be_personal_is_not_the_companys() -> None:
    line = "Trabajé con mi RUC personal 1717460289001 y la empresa, cuyo RUC es 1793245080001, lo asumió."
    assert said(*HEAD, ASKS, line)["ruc"] == "1793245080001"


def test_a_subject_that_asks_makes_a_short_letter_one() -> None:
    lines = (
        "Asunto: regenerar planilla marzo 2026",
        "La planilla quedó inflada y los extras ya se quitaron.",
        f"Contacto: Doménica Arteaga Sper, representante legal, CI {OWNER}, domenica@empresa.example",
    )
    assert is_letter(extract(letter_of("Guayaquil, 21 de abril de 2026", "IESS", *lines)))


@pytest.mark.parametrize(
    "address",
    ["Bolívar 507 y 9 de Octubre", "Torre Médica Alborada, consultorio 308", "Sucre 719 y Juan Montalvo"],
)
def test_crossings_and_towers(address: str) -> None:
    assert said(*HEAD, ASKS, address)["address"] == address


def test_our_manager_is_not_who_writes() -> None:
    lines = ("Nuestra administradora, Lorena Tipán, puede ampliar lo que requiera.", "Cordialmente,")
    found = said(*HEAD, ASKS, *lines, "Édgar Chimbo Chimbo", "Director Ejecutivo")
    assert found["representative_name"] == "Édgar Chimbo Chimbo"


def test_a_label_under_a_label_and_a_stop_that_a_scan_lost() -> None:
    found = said(
        *HEAD, ASKS, "DATOS DE LA EMPRESA", "RAZÓN SOCIAL: COMERCIAL QUISHPE S.A", "RUC: 1790010937001"
    )
    assert found["business_name"] == "COMERCIAL QUISHPE S.A"


@pytest.mark.parametrize(
    "before",
    ["Soy Director Ejecutivo de", "GERENTE GENERAL DE", "Somos", "la planilla de marzo de 2025 de"],
)
def test_an_office_a_verb_and_a_year_are_none_of_the_name(before: str) -> None:
    name = "Panadería Trigo de Oro TRIGORO S.A.S."
    line = f"{before} {name.upper() if before.isupper() else name}, con RUC 1790010937001"
    assert said(*HEAD, ASKS, line)["business_name"].upper() == name.upper()


def test_a_shortened_word_ends_no_sentence() -> None:
    line = "Por la Compañía Andina Cía. Ltda., me dirijo a ustedes para solicitar la regeneración de mayo."
    assert said(*HEAD, line)["petition"] == line
