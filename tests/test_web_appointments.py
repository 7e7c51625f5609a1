"""The nine steps of the *turno en línea* in a real browser, with the code from the mail."""

from __future__ import annotations

import re
import time as clocks
from datetime import date, time
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from litestar.testing import TestClient
from sqlalchemy import func, select

from operations.appointment_views import Appointment, Slot
from operations.appointments import book
from operations.house import House
from operations.visitors import Visitor, write_ticket
from storage.appointment_tables import AppointmentRow
from storage.mail_tables import MailRow
from tests.browser_fixtures import accessibility_faults
from tests.page_forms import form_to
from web.application import make_application
from web.appointments import VISITOR

ADDRESS = "paz@empleador.example"


def read_mail(service_data: Path, subject: str) -> str:
    """The text of the newest mail of a subject, once the worker has put it into the outbox."""
    deadline = clocks.monotonic() + 60
    while clocks.monotonic() < deadline:
        files = sorted((service_data / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        for file in reversed(files):
            mail = message_from_bytes(file.read_bytes(), policy=default)
            body = mail.get_body(("plain",))
            if subject in mail["Subject"] and body is not None:
                return str(body.get_content())
        clocks.sleep(0.1)
    raise AssertionError(f"no mail «{subject}»")


def say_who_comes(page: Any, address: str) -> None:
    """The first two steps, with a mistyped number put right."""
    page.goto("/turnos")
    page.fill("#person_id", "1710034066")
    page.click("text=Consultar")
    page.wait_for_selector("#person_id-problema:has-text('dígito')")
    page.fill("#person_id", "1710034065")
    page.click("text=Consultar")
    page.fill("#email", address)
    page.fill("#phone", "099 123 4567")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_nine_steps(page: Any, service_data: Path, width: int, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    address = f"{width}.{ADDRESS}"
    say_who_comes(page, address)
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
        client.cookies.set(VISITOR, "x.y", path="/turnos")
        chosen = {"agency": "cuenca", "slot": "2026-12-01 09:20", "procedure": "sheet-rebuilding"}
        for step in ("contacto", "codigo", "agencia", "hora", "confirmar"):
            answer = client.get(f"/turnos/{step}", params=chosen)
            assert answer.status_code == 422, step
            assert "empiece otra vez" in answer.text
        for step in ("codigo", "agencia", "reservar"):
            answer = client.post(f"/turnos/{step}", data=chosen, headers=token)
            assert answer.status_code == 422, step
            assert "empiece otra vez" in answer.text


def mails_to(service_data: Path, address: str) -> int:
    return sum(address.encode() in file.read_bytes() for file in (service_data / "outbox").glob("*.eml"))


def test_back_and_reload_show_pages_and_send_nothing(page: Any, service_data: Path) -> None:
    posted: list[str] = []
    page.on("request", lambda sent: posted.append(sent.url) if sent.method == "POST" else None)
    address = "vuelve@empleador.example"
    say_who_comes(page, address)
    page.click("text=Siguiente")
    page.wait_for_selector("#code")
    page.reload()
    page.wait_for_selector(f"text={address}")
    assert page.locator("[role=alert]").count() == 0, "a reload asks for no other code"
    page.go_back()
    assert page.input_value("#email") == address
    page.go_back()  # the page that told of the wrong number
    page.wait_for_selector("#person_id")
    page.go_forward()
    page.go_forward()
    page.fill("#code", "00000001")
    page.click("text=Verificar >> nth=-1")
    page.wait_for_selector("[role=alert]:has-text('no es correcto')")
    page.reload()
    page.reload()  # five of these would have used the code up
    page.reload()
    page.reload()
    page.reload()
    code = re.search(r"es (\d{8})", read_mail(service_data, "Verificar IESS turno online"))
    assert code is not None
    page.fill("#code", code[1])
    page.click("button:text-is('Verificar')")
    page.wait_for_selector("#province")
    page.go_back()
    page.wait_for_selector(f"text=Ya comprobó el correo {address}")
    page.click("text=Elegir la agencia")
    page.select_option("#province", label="Azuay")
    page.click("text=Ver las agencias de la provincia")
    page.check("input[value=cuenca]")
    page.click("button:text-is('Siguiente')")
    page.click("label.hour >> nth=1")
    page.click("button:text-is('Siguiente')")
    page.wait_for_selector("text=¿Está de acuerdo con este turno?")
    page.reload()
    page.click("text=Sí, confirmar")
    page.wait_for_selector(".badge:has-text('reservado')")
    number = page.locator("h1 .mono").inner_text()
    sent = len(posted)
    page.reload()
    page.go_back()
    page.wait_for_selector("text=Este turno ya está reservado")
    assert page.locator("text=Sí, confirmar").count() == 0
    page.click(f"text=Ver el turno {number}")
    page.wait_for_selector(".badge:has-text('reservado')")
    assert len(posted) == sent == 6
    read_mail(service_data, "Su turno")
    assert mails_to(service_data, address) == 2, "one code and one confirmation"


def test_a_refusal_of_a_booked_appointment_has_an_address_of_its_own(house: House) -> None:
    visitor = Visitor("1710034065", "paz@empleador.example", "099 123 4567")
    slot = Slot("cuenca", "sheet-rebuilding", date(2026, 11, 25), time(9, 20))
    own = book(house, visitor, slot)
    assert isinstance(own, Appointment)
    with TestClient(make_application(house)) as client:
        page = client.get(f"/turnos/{own.number}?clave={own.key}").text
        form = form_to(page, f"/turnos/{own.number}/cambiar")
        for slot_text, told in (("", "elija una hora"), ("2026-11-25 03:00", "no atiende ese trámite")):
            sent = form.texts | {"slot": slot_text}
            answer = client.post(form.action, data=sent, follow_redirects=False)
            assert answer.status_code == 303
            assert told in client.get(answer.headers["location"]).text


def test_two_clicks_on_confirm_are_one_appointment(house: House) -> None:
    visitor = Visitor("1710034065", "paz@empleador.example", "099 123 4567")
    chosen = "province=01&procedure=sheet-rebuilding&agency=cuenca&day=2026-11-25&slot=2026-11-25+09:20"
    with TestClient(make_application(house)) as client:
        client.cookies.set(VISITOR, quote(write_ticket(house, visitor)))
        form = form_to(client.get(f"/turnos/confirmar?{chosen}").text, "/turnos/reservar")
        places = {
            client.post(form.action, data=form.texts, follow_redirects=False).headers["location"]
            for _ in range(2)
        }
    assert len(places) == 1
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AppointmentRow)) == 1
        assert session.scalar(select(func.count()).select_from(MailRow)) == 1
