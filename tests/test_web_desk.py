"""The clerk's desk in a real browser: scanner, search, walk-ins, a line that breaks, camera, live pages."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import expect

from intake.limits import Limits
from intake.opening import open_file
from operations.demonstration import sign_and_scan
from operations.demonstration_data import PASSWORD, RUC
from tests.breaking_line import breaking_line
from tests.browser_fixtures import accessibility_faults, enter

NARROW: Final = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def request_pdf(service: str) -> bytes:
    """A sealed request of the demonstration's employer, downloaded as they would."""
    with httpx.Client(base_url=service, timeout=30) as client:
        client.get("/acceso")
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        data = {"usuario": f"{RUC}/0001", "clave": PASSWORD}
        assert client.post("/acceso", data=data, headers=token).status_code in {200, 303}
        values = {
            "business_name": "Ñusta Alimentos Andinos S.A.",
            "representative_name": "Ana Lucía Ordóñez Peña",
            "representative_id_kind": "cedula",
            "representative_id": "0100000009",
            "period": "2026-10",
            "sheet_type": "contributions",
            "petition": "Solicito regenerar la planilla.",
            "email": "a@b.example",
            "address": "Av. 10 de Agosto N24-12",
            "phone": "022345678",
            "place": "Quito",
            "date": "2026-11-23",
        }
        answer = client.post("/api/v1/forms/employer-request/draw", json=values)
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture(scope="module")
def symbols(request_pdf: bytes) -> list[str]:
    """What a hand scanner reads on the printed page: the texts of its two symbols."""
    page = next(iter(open_file(request_pdf, "a.pdf", Limits())[1]))
    assert page.image is not None
    found = zxingcpp.read_barcodes(np.asarray(page.image))
    texts = sorted((each.text for each in found), key=len)
    assert [text[:3] for text in texts] == ["VS1", "VT1"]
    return texts


def short_code(symbols: list[str], page: Any) -> str:
    """The code printed under the symbol, as the desk shows it once the symbol was scanned."""
    scan_into(page, symbols[0])
    page.wait_for_selector("h1 .mono")
    return str(page.inner_text("h1 .mono"))


def scan_into(page: Any, text: str) -> None:
    """What a wedge does: it types wherever the focus is, fast, and then Enter."""
    page.goto("/ventanilla")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def receive(page: Any, name: str, data: bytes) -> str:
    page.goto("/ventanilla")
    page.set_input_files("#archivos", [{"name": name, "mimeType": "application/pdf", "buffer": data}])
    page.click("#recibir")
    page.wait_for_url("**/tramites/*")
    return str(page.locator("h1 .mono").inner_text())


def test_a_scanned_code_lands_on_the_paper_and_then_on_its_case(
    page: Any, symbols: list[str], request_pdf: bytes
) -> None:
    enter(page, "ventanilla")
    code = short_code(symbols, page)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
    assert "Ningún trámite tiene todavía este papel" in page.inner_text("main")
    assert accessibility_faults(page) == []
    for text in (symbols[1], code.lower(), code.replace("-", " ")):
        scan_into(page, text)
        page.wait_for_selector(f"h1:has-text('{code}')")
    number = receive(page, "solicitud.pdf", request_pdf)
    page.wait_for_selector("#estado:has-text('En revisión')")
    for text in (*symbols, code, number, number.replace("-", "")):
        scan_into(page, text)
        page.wait_for_selector(f"h1:has-text('Trámite {number}')")


def test_a_scanner_with_another_keyboard_is_understood(page: Any, symbols: list[str]) -> None:
    spanish = str.maketrans({"-": "'", "/": "-", ":": "Ñ", "*": "(", "+": "¿"})
    enter(page, "ventanilla")
    for text in symbols:
        scan_into(page, text.translate(spanish))
        page.wait_for_selector("h1:has-text('Papel'), h1:has-text('Trámite')")


def test_a_changed_symbol_is_believed_by_nobody(page: Any, symbols: list[str]) -> None:
    enter(page, "ventanilla")
    whole = symbols[1]
    other = "A" if whole[-20] != "A" else "B"
    for text in (whole[:-20] + other + whole[-19:], whole[:60], symbols[0][:-1]):
        page.goto("/ventanilla")
        page.fill("#q", text)
        with page.expect_response("**/ventanilla/buscar") as caught:
            page.press("#q", "Enter")
        assert caught.value.status == 422
        assert "El sello escaneado no es válido" in page.inner_text("[role=alert]")


def test_searching_by_ruc_id_and_name(page: Any, request_pdf: bytes) -> None:
    enter(page, "ventanilla")
    numbers = {receive(page, f"{each}.pdf", request_pdf) for each in "ab"}
    page.wait_for_selector("#estado:has-text('En revisión')")
    for asked in (RUC, "0100000009", "nusta alimentos"):
        page.goto("/ventanilla")
        page.fill("#q", asked)
        page.press("#q", "Enter")
        page.wait_for_selector("h1:has-text('Buscar')")
        listed = set(page.locator("table a.mono").all_inner_texts())
        assert numbers <= listed, asked
        assert asked not in page.url
    page.fill("#q", "nadie se llama así")
    page.press("#q", "Enter")
    page.wait_for_selector("text=Nada coincide")
    assert accessibility_faults(page) == []


def test_an_upload_goes_on_after_the_line_breaks(chromium: Any, service: str, tmp_path: Path) -> None:
    data = b"%PDF-1.7\n" + np.random.default_rng(5).bytes(3_000_000)
    with breaking_line(service) as line:
        context = chromium.new_context(base_url=line.address, locale="es-EC")
        page = context.new_page()
        enter(page, "ventanilla")
        line.cuts = [150_000, 400_000, 200_000]
        receive(page, "grande.pdf", data)
        assert line.cut == 3
        page.wait_for_selector("#estado:has-text('En revisión')")
        with page.expect_download() as caught:
            page.click("text=01 grande.pdf")
        assert (
            hashlib.sha256(Path(caught.value.path()).read_bytes()).digest() == hashlib.sha256(data).digest()
        )
        context.close()


def test_what_cannot_be_received_is_said_and_taken_off_the_list(page: Any) -> None:
    enter(page, "ventanilla")
    files = [("vacio.pdf", b""), ("bien.pdf", b"%PDF-1.7\nx")]
    chosen = [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in files]
    page.set_input_files("#archivos", chosen)
    page.wait_for_selector("li.failed:has-text('está vacío')")
    page.click("#recibir")
    page.wait_for_selector("#fallo-envio:has-text('quítelos')")
    assert accessibility_faults(page) == []
    page.click("text=Quitar >> nth=0")
    page.click("#recibir")
    page.wait_for_selector("#estado:has-text('En revisión')")
    expect(page.locator("text=01 bien.pdf")).to_have_count(1)


def test_pages_are_photographed_with_the_camera(page: Any) -> None:
    enter(page, "ventanilla")
    page.click("text=Usar la cámara")
    page.wait_for_selector("#tomar:enabled")
    assert accessibility_faults(page) == []
    page.click("text=Tomar foto")
    page.click("text=Tomar foto")
    page.wait_for_selector("#envios li:nth-child(2):has-text('enviado')")
    page.click("#recibir")
    page.wait_for_selector("#estado:has-text('En revisión')")
    with page.expect_download() as caught:
        page.click("text=02 foto-2.jpg")
    assert Path(caught.value.path()).read_bytes().startswith(b"\xff\xd8\xff")


def test_files_are_dropped_on_the_reception(page: Any) -> None:
    enter(page, "ventanilla")
    carried = page.evaluate_handle(
        "() => { const t = new DataTransfer();"
        " t.items.add(new File(['%PDF-1.7 x'], 'soltado.pdf', {type: 'application/pdf'})); return t; }"
    )
    page.dispatch_event("#recepcion", "drop", {"dataTransfer": carried})
    page.wait_for_selector("#envios li:has-text('enviado')")
    assert page.evaluate("document.activeElement.id") == "recibir"
    page.keyboard.press("Enter")
    page.wait_for_selector("#estado:has-text('En revisión')")


def test_walk_ins_wait_are_called_and_end(page: Any, chromium: Any, service: str) -> None:
    enter(page, "ventanilla")
    page.fill("#ruc-turno", "12")
    page.click("text=Dar turno")
    page.wait_for_selector("#ruc-problema:has-text('13 dígitos')")
    page.fill("#ruc-turno", RUC)
    page.click("text=Dar turno")
    page.wait_for_selector(".people li:has-text('Sin cita')")
    colleague = chromium.new_context(base_url=service, locale="es-EC")
    other = colleague.new_page()
    enter(other, "supervision")
    other.goto("/ventanilla")
    expect(other.locator(f".people li:has-text('{RUC}')")).to_have_count(1)
    assert accessibility_faults(page) == []
    page.click("text=Llamar")
    page.wait_for_selector(".people li:has-text('En atención con ventanilla')")
    other.wait_for_selector(".people li:has-text('En atención con ventanilla')")
    page.click(".people >> text=Terminar")
    page.wait_for_selector("text=Nadie espera")
    colleague.close()


def test_the_reading_appears_by_itself_without_polling(page: Any, request_pdf: bytes) -> None:
    enter(page, "ventanilla")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    receive(page, "solicitud.pdf", sign_and_scan(request_pdf, 3))
    page.wait_for_selector("#estado:has-text('En revisión')")
    assert "sucesos" in asked
    assert "estado" not in asked
    assert asked.count("cuerpo") <= 3


def test_a_page_whose_stream_is_blocked_asks_by_itself(page: Any, request_pdf: bytes) -> None:
    enter(page, "ventanilla")
    page.add_init_script(
        "window.EventSource = class { static CLOSED = 2; readyState = 0; addEventListener() {} close() {} }"
    )
    receive(page, "solicitud.pdf", sign_and_scan(request_pdf, 3))
    page.wait_for_selector("#estado:has-text('En revisión')")


def test_the_desk_shows_what_happens_elsewhere(page: Any, service: str, request_pdf: bytes) -> None:
    enter(page, "ventanilla")
    page.goto("/ventanilla")
    with httpx.Client(base_url=service, timeout=30) as client:
        client.get("/acceso")
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        client.post("/acceso", data={"usuario": "supervision", "clave": PASSWORD}, headers=token)
        sent = client.post("/api/v1/receptions", files={"a": ("de-otra.pdf", request_pdf)})
        assert sent.status_code == 202
    page.wait_for_selector(f"#dia a:has-text('{sent.json()['case']}')")


def test_the_desk_is_clean_and_narrow(page: Any) -> None:
    enter(page, "ventanilla")
    page.goto("/ventanilla")
    assert accessibility_faults(page) == []
    page.set_viewport_size(NARROW)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_reception_works_without_scripts(chromium: Any, service: str, request_pdf: bytes) -> None:
    context = chromium.new_context(base_url=service, java_script_enabled=False, locale="es-EC")
    page = context.new_page()
    enter(page, "ventanilla")
    page.set_input_files(
        "#archivos", [{"name": "a.pdf", "mimeType": "application/pdf", "buffer": request_pdf}]
    )
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")
    context.close()
