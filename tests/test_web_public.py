"""What anybody sees: the procedure told whole, volumes, complaints, light pages of this house alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient
from playwright.sync_api import expect

from operations.complaints import Filed, answer_complaint, file_complaint, find_complaint
from operations.demonstration_data import PASSWORD
from operations.house import House
from operations.transparency.plot import draw_volumes
from operations.transparency.volumes import MonthlyVolume, load_published, monthly_volumes
from regeneration.months import Month
from tests.browser_fixtures import accessibility_faults, enter
from tests.operations_samples import Clock, open_demo_house, received_and_read
from tests.spreadsheet_opening import open_in_spreadsheet
from web.application import make_application

PUBLIC = ("/", "/acceso", "/acceso/olvido", "/turnos", "/verificar", "/transparencia", "/quejas")
BUDGET = 100_000
"""Bytes of a first visit: the page with all that it loads."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_demo_house(tmp_path, Clock())
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def test_the_home_tells_the_whole_procedure(house: House) -> None:
    with TestClient(make_application(house)) as client:
        page = re.sub(r"<[^>]+>", " ", client.get("/").text)
    told = " ".join(page.split()).lower()
    for fact in (
        "personas jurídicas, privadas o públicas",
        "clave patronal",
        "cédula original",
        "representante legal, ruc, sucursal y razón social",
        "correo, dirección y teléfono de la empresa",
        "de puño y letra",
        "código de identificación para extranjeros",
        "copia simple",
        "autorización a terceros",
        "comprobantes de pago de aportes y de fondos de reserva, y la planilla de fondos de reserva",
        "no debe estar pagada",
        "información consistente",
        "de lunes a viernes de 08:00 a 17:00",
        "centros comerciales",
        "atencionalusuario@iess.gob.ec",
        "+593 2 394 5666",
        "costo ninguno",
    ):
        assert fact in told, fact


def test_published_volumes_and_our_own_are_told_together(house: House) -> None:
    published = load_published()
    assert len(published) == 24
    assert published[Month(2024, 5)] == (18, 954)
    assert sum(attentions for _, attentions in published.values()) == 9_916 + 2_407
    received_and_read(house)
    assert isinstance(file_complaint(house, "", "", "Nadie contesta."), Filed)
    own = monthly_volumes(house)[-1]
    assert own == MonthlyVolume(Month(2026, 11), 1, 1, published=False)
    with TestClient(make_application(house)) as client:
        rows = open_in_spreadsheet(client.get("/transparencia/volumenes.csv").content)
        page = client.get("/transparencia").text
    assert len(rows) == 25
    assert rows[-1] == {"mes": "2026-11", "atenciones": 1, "quejas": 1, "fuente": "este servicio"}
    assert {row["fuente"] for row in rows[:-1]} == {"registro público de trámites"}
    assert page.count("<rect ") == 25
    assert "mayo de 2024" in page


def test_the_plot_is_to_scale() -> None:
    months = [MonthlyVolume(Month(2026, month), month * 10, 0, published=False) for month in (1, 2, 4)]
    svg = draw_volumes(months)
    heights = [float(each) for each in re.findall(r'<rect [^>]*height="([0-9.]+)"', svg)]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(4 * heights[0], abs=0.2)
    assert draw_volumes([]) == ""


def test_a_complaint_is_filed_followed_and_answered_once(house: House) -> None:
    filed = file_complaint(house, "Ana Paz", "ana@empleador.example", "Esperé tres horas.")
    assert isinstance(filed, Filed)
    assert find_complaint(house, filed.number, "otra") is None
    row = find_complaint(house, filed.number, filed.key)
    assert row is not None
    assert (row.state, row.answer) == ("open", "")
    assert answer_complaint(house, filed.number, " ", "supervision") is not None
    assert answer_complaint(house, filed.number, "Lo sentimos.", "supervision") is None
    assert answer_complaint(house, filed.number, "Otra.", "supervision") is not None
    row = find_complaint(house, filed.number, filed.key)
    assert row is not None
    assert (row.state, row.answer, row.answered_by) == ("answered", "Lo sentimos.", "supervision")


@pytest.mark.parametrize(
    ("name", "email", "text", "field"),
    [
        ("", "", " ", "text"),
        ("", "nadie", "x", "email"),
        ("x" * 200, "", "x", "name"),
        ("", "", "x" * 5000, "text"),
    ],
)
def test_a_complaint_that_cannot_be_kept_is_told_why(
    house: House, name: str, email: str, text: str, field: str
) -> None:
    found = file_complaint(house, name, email, text)
    assert not isinstance(found, Filed)
    assert field in {each.field for each in found}


@pytest.mark.parametrize(
    ("path", "name", "wanted"),
    [
        ("/acceso", "ruc", 'inputmode="numeric" autocomplete="username"'),
        ("/acceso", "sucursal", 'inputmode="numeric" autocomplete="off"'),
        ("/acceso/olvido", "ruc", 'inputmode="numeric" autocomplete="username"'),
        ("/quejas", "email", 'type="email" autocomplete="email"'),
        ("/verificar", "codigo", 'autocapitalize="characters" autocomplete="off"'),
        # A code for foreigners has letters, so no keyboard of digits alone.
        ("/turnos", "person_id", 'autocapitalize="characters" autocomplete="off"'),
    ],
)
def test_what_is_typed_meets_the_right_keyboard(house: House, path: str, name: str, wanted: str) -> None:
    with TestClient(make_application(house)) as client:
        field = re.search(rf'<input[^>]* name="{name}"[^>]*>', client.get(path).text)
    assert field is not None
    for attribute in wanted.split():
        assert attribute in field[0]
    assert name != "person_id" or "inputmode" not in field[0]


@pytest.mark.parametrize("name", ["", "ventanilla", "supervision", "archivo"])
def test_no_two_links_of_the_menu_have_one_name(house: House, name: str) -> None:
    with TestClient(make_application(house)) as client:
        page = client.get("/acceso").text
        if name:
            data = {"usuario": name, "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
            page = client.post("/acceso", data=data).text
    header = page.split("</header>")[0]
    links = re.findall(r'<a (?:class="brand" )?href="[^"]*"(?: aria-label="([^"]*)")?>([^<]*)</a>', header)
    names = [label or shown for label, shown in links]
    assert "Inicio de Ventanilla" in names
    assert len(set(names)) == len(names) > 1


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_light_and_of_this_house_alone(service: str, path: str) -> None:
    page = httpx.get(service + path)
    size, seen = len(page.content), {path}
    for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        if link not in seen:
            seen.add(link)
            size += len(httpx.get(service + link).content)
    assert size <= BUDGET
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert "<script>" not in page.text
    assert 'style="' not in page.text


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_accessible_and_fit_a_telephone(page: Any, path: str) -> None:
    page.goto(path)
    assert accessibility_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert accessibility_faults(page) == [], "in the dark"
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator("html[lang=es]")).to_have_count(1)


def test_a_complaint_in_the_browser(page: Any) -> None:
    page.goto("/quejas")
    page.fill("#text", "La ventanilla cerró antes de las 17:00.")
    page.click("text=Presentar la queja")
    page.wait_for_selector(".badge:has-text('en trámite')")
    own = page.url
    enter(page, "supervision")
    page.click("text=Quejas >> nth=0")
    page.wait_for_selector("textarea")
    assert accessibility_faults(page) == []
    page.fill("textarea", "Tiene razón; se corrigió el horario.")
    page.click("text=Contestar")
    page.goto(own)
    page.wait_for_selector("text=Tiene razón; se corrigió el horario.")


def test_what_is_printed_is_black_on_white(page: Any) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("/turnos")
    colours = "e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor]; }"
    assert page.eval_on_selector("body", colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.locator("header nav").is_hidden()
