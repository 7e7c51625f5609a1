"""The employer's side in a real browser: a public entity, a foreign representative, a third party."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from operations.demonstration import sign_and_scan
from operations.demonstration_data import FOREIGN_RUC, FOREIGNER, PASSWORD, PUBLIC_RUC, RUC
from tests.browser_fixtures import accessibility_faults, confirm_doubts, enter, leave

THIRD_PARTY = ("Rosa Elena Chimbo Andi", "0100000017")


@pytest.fixture
def narrow(page: Any) -> Iterator[Any]:
    """The same window on a telephone of 320 px."""
    page.set_viewport_size({"width": 320, "height": 640})
    return page


def prepare_sheet(page: Any) -> None:
    """Register a new wage and annul all that the procedure asks for, from the sheet's page."""
    page.click("main table a >> nth=0")
    page.click("text=Registrar una novedad")
    page.wait_for_load_state()
    page.select_option("#type", "MSU")
    page.wait_for_selector("label:has-text('Apellidos y nombres')", state="detached")
    page.fill("#id_number", "0960000016")
    page.fill("#effective", page.evaluate("() => { const d = new Date(); d.setDate(0); d.setDate(20);"
                                          " return d.toISOString().slice(0, 10); }"))  # fmt: skip
    page.fill("#wage", "650,00")
    page.press("#wage", "Tab")
    page.wait_for_selector("text=Con esta novedad la planilla pasa de")
    page.click("text=Registrar la novedad")
    for _ in range(3):  # two receipts, then the reserve-fund sheet that they held
        page.wait_for_selector("details.act")
        page.click("details.act summary >> nth=0")
        page.check("details.act input[name=otro-dia] >> nth=0")  # no turn is known
        page.click("details.act button >> nth=0")
        page.wait_for_load_state()
    page.wait_for_selector("text=Todo está listo")


def issue(page: Any, tmp_path: Path) -> bytes:
    page.click("text=Emitir el PDF con sello")
    page.wait_for_selector("text=de puño y letra")
    with page.expect_download() as caught:
        page.click("[role=status] >> text=Descargar el PDF")
    return Path(caught.value.path()).read_bytes()


def hand_in(page: Any, tmp_path: Path, *pdfs: bytes) -> None:
    """Scan the signed papers at the window and wait until they are read."""
    enter(page, "ventanilla")
    files = []
    for place, pdf in enumerate(pdfs):
        scan = tmp_path / f"escaneo-{place}.pdf"
        scan.write_bytes(sign_and_scan(pdf, 3))
        files.append(str(scan))
    page.set_input_files("#archivos", files)
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")
    confirm_doubts(page)


def accept(page: Any, presenter: str = "") -> None:
    if presenter:
        page.check(f"input[name=presenta][value='{presenter}']")
    for act in page.locator("#fe input").all():
        act.check()
    page.click("text=Aceptar y regenerar")


def test_a_public_entity_from_the_first_novedad_to_the_new_sheet(page: Any, tmp_path: Path) -> None:
    enter(page, f"{PUBLIC_RUC}/0001")
    assert accessibility_faults(page) == []
    prepare_sheet(page)
    assert accessibility_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert accessibility_faults(page) == [], "in the dark"
    page.emulate_media(color_scheme="light")
    page.click("text=Llenar la solicitud de esta planilla")
    page.wait_for_load_state()
    assert "0960000016" in page.input_value("#petition")
    page.fill("#place", "Sangolquí")
    page.press("#place", "Tab")
    page.wait_for_selector("text=Borrador guardado a las")
    page.reload()
    page.goto("/portal/formularios/employer-request")
    assert page.input_value("#place") == "Sangolquí", "the draft was kept"
    page.click("text=Ver cómo quedará impreso")
    page.wait_for_selector("#vista img")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.querySelector('#vista img').naturalWidth") > 700
    assert accessibility_faults(page) == []
    pdf = issue(page, tmp_path)
    assert accessibility_faults(page) == []
    leave(page)
    hand_in(page, tmp_path, pdf)
    accept(page)
    page.wait_for_selector("#estado:has-text('Archivado')")
    leave(page)
    enter(page, f"{PUBLIC_RUC}/0001")
    expect(page.locator("td", has_text="reemplazada"), "the sheet and its reserve fund").to_have_count(2)


def test_a_foreign_representative_on_a_telephone(narrow: Any, tmp_path: Path) -> None:
    enter(narrow, f"{FOREIGN_RUC}/0001")
    prepare_sheet(narrow)
    narrow.click("text=Llenar la solicitud de esta planilla")
    narrow.wait_for_load_state()
    assert narrow.input_value("#representative_id") == FOREIGNER[0]
    assert narrow.input_value("#representative_id_kind") == "foreigner-code"
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    narrow.fill("#place", "Latacunga")
    pdf = issue(narrow, tmp_path)
    assert "copia de su documento" in narrow.inner_text("main")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    assert pdf.startswith(b"%PDF")


def test_a_third_party_is_let_in_until_the_paper_is_revoked(page: Any, tmp_path: Path) -> None:
    enter(page, f"{RUC}/0001")
    page.click("main table a >> nth=0")
    page.click("text=Llenar la solicitud de esta planilla")
    page.wait_for_load_state()
    page.fill("#place", "Quito")
    request = issue(page, tmp_path)
    page.goto("/portal/formularios/third-party-authorization")
    page.fill("#authorized_name", THIRD_PARTY[0])
    page.fill("#authorized_id", THIRD_PARTY[1])
    page.fill("#place", "Quito")
    authorization = issue(page, tmp_path)
    leave(page)
    hand_in(page, tmp_path, request, authorization)
    case = page.url
    leave(page)
    enter(page, f"{RUC}/0001")
    page.click("text=Revocar…")
    page.click("text=Revocar la autorización")
    page.wait_for_selector("td:has-text('revocado')")
    leave(page)
    enter(page, "ventanilla")
    page.goto(case)
    accept(page, THIRD_PARTY[1])
    page.wait_for_selector("[role=alert]:has-text('revoc')")
    assert re.search("En revisión", page.inner_text("#estado"))


def test_a_file_with_one_wrong_line_registers_nothing_and_says_which(page: Any, tmp_path: Path) -> None:
    enter(page, f"{FOREIGN_RUC}/0001")
    page.click("main table a >> nth=0")
    page.click("text=Registrar una novedad")
    file = tmp_path / "novedades.csv"
    file.write_text("tipo;cedula;fecha;causa\nSAL;2400000010;2026-10-20;V\nSAL;171;2026-10-20;V\n", "utf-8")
    page.set_input_files("#archivo", str(file))
    page.click("text=Cargar y registrar")
    page.wait_for_selector("text=no se registró ninguna")
    assert "Línea 3" in page.inner_text("[role=alert]")
    assert accessibility_faults(page) == []


def test_the_portal_works_without_scripts(chromium: Any, service: str) -> None:
    context = chromium.new_context(base_url=service, java_script_enabled=False, locale="es-EC")
    page = context.new_page()
    enter(page, f"{FOREIGN_RUC}/0001")
    page.click("main table a >> nth=0")
    page.click("text=Registrar una novedad")
    page.select_option("#type", "SAL")
    page.click("text=Mostrar los datos de este tipo")
    page.fill("#id_number", "2400000010")
    page.fill("#effective", "2026-02-30")
    page.select_option("#cause", "V")
    page.click("text=Registrar la novedad")
    page.wait_for_selector(".problem:has-text('no es una fecha')")
    page.fill("#effective", page_day())
    page.click("text=Registrar la novedad")
    page.wait_for_selector("#novedades td:has-text('aviso de salida')")
    page.click("text=Llenar la solicitud de esta planilla")
    page.fill("#place", "Latacunga")
    page.click("text=Ver cómo quedará impreso")
    page.wait_for_selector("#vista img")
    if page.locator("#aun-asi").count():  # another test of this service issued one for the same sheet
        page.check("#aun-asi")
    page.click("text=Emitir el PDF con sello")
    page.wait_for_selector("text=Descargar el PDF")
    context.close()


def test_a_novedad_comes_back_with_its_own_fields_after_the_session_was_over(page: Any) -> None:
    enter(page, f"{RUC}/0001")
    page.click("main table a >> nth=0")
    page.click("text=Registrar una novedad")
    page.wait_for_load_state()
    page.select_option("#type", "SAL")
    page.wait_for_selector("#cause")
    page.fill("#id_number", "2400000010")
    page.select_option("#cause", "V")
    page.context.clear_cookies(name="ventanilla_sesion")
    page.fill("#effective", page_day())
    page.press("#effective", "Tab")
    page.wait_for_load_state("networkidle")
    assert page.locator("#clave").count() == 0, "a part of the page is not the page to sign in"
    with page.expect_navigation():
        page.click("text=Registrar la novedad")
    told = page.inner_text("main [role=status]")
    assert "Su sesión terminó" in told
    assert "se conserva" in told
    assert accessibility_faults(page) == []
    page.fill("#ruc", RUC)
    page.fill("#clave-patronal", PASSWORD)
    page.press("#clave-patronal", "Enter")
    page.wait_for_selector("#cause")
    page.wait_for_selector("text=Lo que escribió está otra vez en su lugar")
    assert page.input_value("#type") == "SAL"
    assert page.input_value("#cause") == "V"
    assert page.input_value("#id_number") == "2400000010"
    assert page.input_value("#effective") == page_day()
    assert page.locator("#wage").count() == 0, "no field of another type"


def test_the_head_of_a_page_leaves_a_telephone_to_the_page(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, f"{PUBLIC_RUC}/0001")
    assert page.evaluate("document.querySelector('header').offsetHeight") < 90
    assert page.locator("header nav").is_hidden()
    assert accessibility_faults(page) == []
    page.focus("#menu")
    page.keyboard.press("Space")
    page.click("header nav >> text=Nueva solicitud")
    page.wait_for_selector("#address")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert accessibility_faults(page) == []


def test_the_room_counts_down_by_lines(page: Any) -> None:
    enter(page, f"{RUC}/0001")
    page.goto("/portal/formularios/employer-request")
    width = int(page.get_attribute("#address", "data-columns"))
    long = "A" * (width // 2 + 1)
    page.fill("#address", f"{long} {long}")
    assert (
        page.inner_text("#address-quedan")
        == f"Va por la línea 2 de 2; en ella quedan {width - len(long)} letras."
    )
    page.fill("#address", f"{long} {long} {long}"[: 2 * width])
    page.press("#address", "Tab")
    page.wait_for_selector("#address-problema:has-text('TEXT_DOES_NOT_FIT')")
    assert page.inner_text("#address-quedan") == "No cabe: ocupa 3 líneas y caben 2."


def page_day() -> str:
    """A day of the month before this one, whose sheets the demonstration has."""
    return (datetime.now(UTC).date().replace(day=1) - timedelta(days=5)).isoformat()


def test_a_novedad_is_registered_with_the_keyboard_alone(page: Any) -> None:
    enter(page, f"{RUC}/0001")
    page.goto("/portal/planillas/" + page.inner_text("main table a >> nth=0") + "/novedades")
    page.wait_for_load_state()
    page.focus("#type")
    page.keyboard.press("Tab")
    day = page.evaluate(
        "() => { const d = new Date(); d.setDate(0); d.setDate(22); return d.toISOString().slice(0, 10); }"
    )
    typed = {"id_number": "0100000207", "name": "PRUEBA TECLADO ANA", "effective": day, "wage": "500"}
    for _ in range(20):
        focused = page.evaluate("document.activeElement.id")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
        page.keyboard.type(typed.get(focused, ""))
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Registrar la novedad"
    page.keyboard.press("Enter")
    page.wait_for_selector("#novedades td:has-text('PRUEBA TECLADO ANA')")
