"""The whole journey in a real browser: the employer's form, the signed scan, the window, the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import expect

from operations.demonstration import sign_and_scan
from operations.demonstration_data import PASSWORD, RUC
from tests.browser_fixtures import confirm_doubts, enter, leave


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
    leave(page)

    enter(page, "ventanilla")
    page.set_input_files("#archivos", str(scan))
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")
    expect(page.locator("svg rect.field").nth(13)).to_be_attached()
    confirm_doubts(page)
    page.click("text=Aceptar y regenerar")
    page.wait_for_selector("[role=alert]:has-text('identidad')")
    page.check("input[name=identity]")
    page.check("input[name=signature]")
    page.click("text=Aceptar y regenerar")
    page.wait_for_selector("#estado:has-text('Archivado')")
    expect(page.locator(".check.altered")).to_have_count(0)
    expect(page.locator("text=Planilla regenerada")).not_to_have_count(0)
    number = page.locator("h1 .mono").inner_text()
    leave(page)

    enter(page, "archivo")
    page.fill("#q", "nusta")
    page.click("main form[role=search] button")
    # The archival copy may be there by now too: it is the original that is asked for.
    original = page.get_by_role("link", name=f"Descargar 01 escaneo.pdf del trámite {number}")
    with page.expect_download() as caught:
        original.click()
    assert Path(caught.value.path()).read_bytes() == scan.read_bytes()
    leave(page)

    enter(page, f"{RUC}/0001")
    paper = page.locator("tr", has_text="Planilla regenerada").first
    code = paper.locator("td").first.inner_text()
    page.goto(f"/verificar?codigo={code}")
    page.wait_for_selector("text=Documento emitido por este servicio")
    expect(page.locator("text=Planilla regenerada")).to_have_count(1)
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
