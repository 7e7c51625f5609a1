"""The nine steps of the *turno en línea* in a real browser, with the code from the mail."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser_fixtures import accessibility_faults

ADDRESS = "paz@empleador.example"


def read_mail(service_data: Path, subject: str) -> str:
    """The text of the newest mail of a subject, once the worker has put it into the outbox."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        files = sorted((service_data / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        for file in reversed(files):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            body = mail.get_body(("plain",))
            if subject in mail["Subject"] and body is not None:
                return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no mail «{subject}»")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_nine_steps(page: Any, service_data: Path, width: int, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    address = f"{width}.{ADDRESS}"
    page.goto("/turnos")
    page.fill("#person_id", "1710034066")
    page.click("text=Consultar")
    page.wait_for_selector("#person_id-problema:has-text('dígito')")
    page.fill("#person_id", "1710034065")
    page.click("text=Consultar")
    page.fill("#email", address)
    page.fill("#phone", "099 123 4567")
    assert accessibility_faults(page) == []
    page.click("text=Siguiente")
    page.fill("#code", "00000001")
    page.click("text=Verificar >> nth=-1")
    page.wait_for_selector("[role=alert]:has-text('no es correcto')")
    code = re.search(r"es (\d{8})", read_mail(service_data, "Verificar IESS turno online"))
    assert code is not None
    page.fill("#code", code[1])
    page.click("button:text-is('Verificar')")
    page.select_option("#province", label="Azuay")
    page.click("text=Ver las agencias de la provincia")
    page.check("input[value=cuenca]")
    assert accessibility_faults(page) == []
    page.click("button:text-is('Siguiente')")
    page.click("label.hour >> nth=2")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("button:text-is('Siguiente')")
    page.wait_for_selector("text=¿Está de acuerdo con este turno?")
    page.click("text=Sí, confirmar")
    page.wait_for_selector("#estado:has-text('reservado'), .badge:has-text('reservado')")
    assert accessibility_faults(page) == []
    with page.expect_download() as caught:
        page.click("text=Descargar la confirmación")
    assert Path(caught.value.path()).read_bytes().startswith(b"%PDF")
    number = page.locator("h1 .mono").inner_text()
    assert number in read_mail(service_data, "Su turno")
    page.click("summary:has-text('Cambiar')")
    page.click("label.hour >> nth=0")
    page.click("button:text-is('Cambiar el turno')")
    page.wait_for_load_state()
    assert "08:00" in page.inner_text("dl.summary")
    page.click("summary:has-text('Cancelar')")
    page.click("button:text-is('Cancelar el turno')")
    page.wait_for_selector(".badge:has-text('cancelado')")
    page.goto(f"/turnos/{number}?clave=otra")
    page.wait_for_selector("text=No hay un turno con ese enlace")


def test_old_or_invented_steps_begin_again(service: str) -> None:
    with httpx.Client(base_url=service, follow_redirects=True) as client:
        client.get("/turnos")
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        for step in ("agencia", "hora", "confirmar", "reservar"):
            data = {
                "ticket": "x.y",
                "agency": "cuenca",
                "slot": "2026-12-01 09:20",
                "procedure": "sheet-rebuilding",
            }
            answer = client.post(f"/turnos/{step}", data=data, headers=token)
            assert answer.status_code == 422, step
            assert "empiece otra vez" in answer.text
