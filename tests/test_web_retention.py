"""Holds and disposals in a real browser: by keyboard, without scripts, and on a telephone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import expect

from operations.closing import refuse
from operations.demonstration import sign_and_scan
from operations.derivatives import derive_case
from tests.browser_fixtures import accessibility_faults, enter, leave, running_service
from tests.operations_samples import NOON, Clock, issue_request, open_demo_house, received_and_read, state_of

WHY = "Plazo cumplido según la tabla"


@pytest.fixture(scope="module")
def number(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """The number of a case that was closed long ago, the service that has it, and where its bytes are.

    The case is received and refused by a clock that stands 20 years before the browser's.
    """
    folder = tmp_path_factory.mktemp("old")
    house = open_demo_house(folder, Clock(NOON.replace(year=NOON.year - 20)))
    case = received_and_read(house, ("escaneo.pdf", sign_and_scan(issue_request(house).pdf, 3)))
    assert refuse(house, case, "No corresponde a este trámite", "ventanilla") is None
    derive_case(house, case)
    assert state_of(house, case) == "refused"
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    blobs = house.settings.data_dir / "blobs"
    for path in blobs.rglob("*"):
        os.utime(path, (0, 0))  # nobody stored these bytes within the hour
    with running_service(house.settings.data_dir) as (address, _):
        yield case, address, blobs


@pytest.fixture(scope="module")
def service(number: tuple[str, str, Path]) -> str:
    return number[1]


def printed_number(pdf: bytes) -> str:
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", text)
    assert found is not None
    return found[0]


def press(page: Any, name: str) -> None:
    """Come to a button by the keyboard and press it."""
    page.get_by_role("button", name=name).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_case_is_held_released_and_disposed_of_by_two_people(page: Any, number: Any) -> None:
    case, _, blobs = number
    enter(page, "archivo")
    page.goto("/archivo/retencion")
    assert accessibility_faults(page) == []
    expect(page.get_by_label(f"Elegir {case}")).to_have_count(1)

    page.goto(f"/archivo/tramites/{case}")
    page.get_by_label("Motivo de la retención").fill("Juicio 17230-2026-00012")
    press(page, "Retener el expediente")
    expect(page.locator("text=Este expediente está retenido")).to_have_count(1)
    assert accessibility_faults(page) == []
    page.goto("/archivo/retencion")
    expect(page.get_by_label(f"Elegir {case}")).to_have_count(0)
    page.get_by_label("Motivo para levantarla").fill("El juicio terminó con sentencia")
    press(page, f"Levantar la retención de {case}")

    page.get_by_label(f"Elegir {case}").check()
    page.get_by_label("Motivo de la propuesta").fill(WHY)
    press(page, "Proponer la eliminación")
    expect(page.locator("text=debe aprobarla otra persona")).to_have_count(1)
    expect(page.get_by_role("button", name="Aprobar y eliminar")).to_have_count(0)
    assert accessibility_faults(page) == []
    address = page.url
    leave(page)

    enter(page, "supervision")
    page.goto(address)
    assert accessibility_faults(page) == []
    before = {path.name for path in blobs.rglob("*") if path.is_file()}
    page.get_by_label("Motivo de la aprobación").fill(WHY)
    press(page, "Aprobar y eliminar")
    expect(page.locator("text=Eliminado con acta")).to_have_count(1)
    assert accessibility_faults(page) == []
    gone = before - {path.name for path in blobs.rglob("*") if path.is_file()}
    assert gone, "the bytes are out of the store"
    answer = page.request.get(f"{address}/acta.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")

    number_under_seal = printed_number(answer.body())
    page.goto(f"/verificar?codigo={number_under_seal}")
    expect(page.locator("text=Acta de eliminación de documentos")).to_have_count(1)

    leave(page)
    enter(page, "archivo")  # who may have packages
    page.goto(f"/archivo/tramites/{case}")
    expect(page.locator("text=Contenido eliminado el")).not_to_have_count(0)
    expect(page.locator("text=Expediente completo (ZIP)")).to_have_count(0)
    assert accessibility_faults(page) == []
    assert page.request.get("/archivo/documentos/1").status == 410
    assert page.request.get(f"/archivo/tramites/{case}/paquete.zip").status == 410


def test_nobody_else_does_it(page: Any, number: Any) -> None:
    case = number[0]
    enter(page, "ventanilla")
    token = {"x-csrftoken": next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")}
    for path in (
        "/archivo/retencion/propuestas",
        f"/archivo/tramites/{case}/retencion",
        "/archivo/retenciones/1/levantar",
        "/archivo/eliminaciones/BAJA-2026-000001/aprobar",
        "/archivo/eliminaciones/BAJA-2026-000001/rechazar",
    ):
        assert page.request.post(path, headers=token).status == 403, path
    assert page.request.get("/archivo/retencion").status == 403


def test_a_telephone_shows_all_of_it(page: Any, number: Any) -> None:
    enter(page, "archivo")
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (
        "/archivo/retencion",
        "/archivo/eliminaciones/BAJA-2026-000001",
        f"/archivo/tramites/{number[0]}",
    ):
        page.goto(path)
        if page.get_by_role("heading", name="No existe").count():
            continue
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, path
        assert accessibility_faults(page) == [], path
