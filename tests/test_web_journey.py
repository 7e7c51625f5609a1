"""The whole journey in a real browser: the employer's form, the signed scan, the window, the archive."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from operations.demonstration import sign_and_scan
from operations.demonstration_data import PASSWORD, RUC

PAGE_SECONDS = 20_000
"""Milliseconds that the browser waits for something to appear."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with demonstration data, as ``make run`` starts it."""
    port = free_port()
    folder = tmp_path_factory.mktemp("service")
    command = [str(Path(sys.executable).with_name("ventanilla")), "serve", "--demo", "--port", str(port)]
    environment = {
        "VENTANILLA_DATA_DIR": str(folder / "data"),
        "PATH": "/usr/bin:/bin",
        "LANG": "es_EC.UTF-8",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, process, folder / "log")
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            if httpx.get(f"{address}/salud/listo", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


@pytest.fixture
def page(chromium: Any, service: str) -> Iterator[Any]:
    """A fresh browser window that refuses to load anything from elsewhere."""
    context = chromium.new_context(base_url=service, locale="es-EC", accept_downloads=True)
    context.set_default_timeout(PAGE_SECONDS)
    strangers: list[str] = []
    context.on(
        "request", lambda request: strangers.append(request.url) if service not in request.url else None
    )
    errors: list[str] = []
    window = context.new_page()
    # A refused form answers 422 and the browser says so; anything else on the console is a fault of ours.
    window.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" and "422" not in message.text else None
        ),
    )
    yield window
    context.close()
    assert not [url for url in strangers if not url.startswith("data:")]
    assert not errors


def enter(page: Any, name: str) -> None:
    page.goto("/acceso")
    page.fill("#usuario", name)
    page.fill("#clave", PASSWORD)
    page.click("main button")


def test_from_the_form_to_the_archive(page: Any, tmp_path: Path) -> None:
    enter(page, f"{RUC}/0001")
    page.click("text=Nueva solicitud >> nth=0")
    page.fill("#place", "Quito")
    page.fill("#petition", "No constó la entrada de Rosa Elena Chimbo Andi. Solicito regenerar la planilla.")
    period = page.evaluate(
        "() => { const d = new Date(); d.setDate(0); return d.toISOString().slice(0, 7); }"
    )
    page.fill("#period", period)
    page.fill("#email", "no es un correo")
    page.press("#email", "Tab")
    page.wait_for_selector("#email-problema:has-text('correo electrónico')")
    page.fill("#email", "contabilidad@andina-alimentos.example")
    page.click("text=Emitir el PDF con sello")
    with page.expect_download() as caught:
        page.click("text=Descargar PDF >> nth=0")
    pdf = Path(caught.value.path()).read_bytes()
    scan = tmp_path / "escaneo.pdf"
    scan.write_bytes(sign_and_scan(pdf, 3))
    page.click("text=Salir")

    enter(page, "ventanilla")
    page.set_input_files("#archivos", str(scan))
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")
    assert page.locator("svg rect.field").count() >= 14
    while page.locator("text=Confirmar estos datos").count():
        page.click("text=Confirmar estos datos")
        page.wait_for_load_state()
    page.click("text=Aceptar y regenerar")
    page.wait_for_selector("[role=alert]:has-text('identidad')")
    page.check("input[name=identidad]")
    page.check("input[name=firma]")
    page.click("text=Aceptar y regenerar")
    page.wait_for_selector("#estado:has-text('Archivado')")
    assert page.locator(".check.altered").count() == 0
    assert page.locator("text=Planilla regenerada").count() >= 1
    number = page.locator("h1 .mono").inner_text()
    page.click("text=Salir")

    enter(page, "archivo")
    page.fill("#q", "nusta")
    page.click("main button")
    row = page.locator("tr", has_text=number).filter(has_text="escaneo.pdf")
    with page.expect_download() as caught:
        row.locator("text=Descargar").click()
    assert Path(caught.value.path()).read_bytes() == scan.read_bytes()
    page.click("text=Salir")

    enter(page, f"{RUC}/0001")
    paper = page.locator("tr", has_text="Planilla regenerada").first
    code = paper.locator("td").first.inner_text()
    page.goto(f"/verificar?codigo={code}")
    page.wait_for_selector("text=Documento emitido por este servicio")
    assert page.locator("text=Planilla regenerada").count() == 1
    page.goto("/verificar?codigo=0000-0000-0000-0001")
    page.wait_for_selector("text=no es de un documento emitido")


def test_nobody_enters_with_a_wrong_password_or_without_one(service: str) -> None:
    with httpx.Client(base_url=service) as client:
        answer = client.get("/ventanilla", follow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("/acceso")
        assert client.get("/api/v1/cases/2026-000001-5").status_code == 401
        assert client.get("/api/v1/cases/x").headers["content-type"] == "application/problem+json"
        client.get("/acceso")
        token = client.cookies["csrftoken"]
        data = {"usuario": "ventanilla", "clave": "no es esta", "_csrf_token": token}
        refused = client.post("/acceso", data=data)
        assert refused.status_code == 401
        assert "no son correctos" in refused.text
        assert client.post("/acceso", data={"usuario": "ventanilla", "clave": PASSWORD}).status_code == 403


def test_every_answer_carries_a_strict_policy(service: str) -> None:
    for path in ("/", "/acceso", "/static/style.css", "/verificar"):
        policy = httpx.get(service + path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_an_employer_sees_no_desk_and_no_archive(page: Any) -> None:
    enter(page, f"{RUC}/0001")
    page.wait_for_selector("h1:has-text('RUC')")
    for path in ("/ventanilla", "/archivo", "/ventanilla/documentos/1"):
        answer = page.request.get(path)
        assert answer.status == 403
