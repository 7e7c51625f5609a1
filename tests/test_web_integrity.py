"""The archivist in a real browser: what is damaged is seen and told, a case goes out as a valid package."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import bagit
import httpx
import pytest

from operations.demonstration import sign_and_scan
from operations.house import House
from tests.browser_fixtures import accessibility_faults, enter, leave
from tests.operations_samples import Clock, issue_request, open_demo_house


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed and scanned request."""
    folder = tmp_path_factory.mktemp("papel")
    house: House = open_demo_house(folder, Clock())
    path = folder / "escaneo.pdf"
    path.write_bytes(sign_and_scan(issue_request(house).pdf, 3))
    return path


def receive(page: Any, scan: Path) -> str:
    """Hand the scan in at the window; the number of its case."""
    enter(page, "ventanilla")
    page.set_input_files("#archivos", [str(scan)])
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")
    number = str(page.url.rstrip("/").rsplit("/", 1)[1])
    leave(page)
    return number


def test_a_case_is_found_and_goes_out_as_a_package(page: Any, scan: Path, tmp_path: Path) -> None:
    number = receive(page, scan)
    enter(page, "archivo")
    page.goto(f"/archivo/tramites/{number}")
    with page.expect_download() as caught:
        page.click("text=Expediente completo (ZIP)")
    assert caught.value.suggested_filename == f"ventanilla-{number}.zip"
    with zipfile.ZipFile(caught.value.path()) as archive:
        archive.extractall(tmp_path)
    bagit.Bag(str(tmp_path / f"ventanilla-{number}")).validate()
    (original,) = (tmp_path / f"ventanilla-{number}" / "data" / number / "originals").iterdir()
    assert original.read_bytes() == scan.read_bytes()


def test_damage_is_seen_alarmed_and_never_handed_out(
    page: Any, scan: Path, service: str, service_data: Path
) -> None:
    number = receive(page, scan)
    name = hashlib.sha256(scan.read_bytes()).hexdigest()
    enter(page, "archivo")
    page.goto("/archivo/integridad")
    page.click("text=Comprobar todo ahora")
    page.wait_for_selector("text=No hay hallazgos pendientes")
    assert accessibility_faults(page) == []
    blob = service_data / "blobs" / name[:2] / name[2:4] / name
    good = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    answer = httpx.get(f"{service}/archivo/tramites/{number}/paquete.zip", cookies=cookies)
    assert answer.status_code == 503
    assert "no se entrega" in answer.text
    page.goto("/archivo/integridad")
    page.wait_for_selector("[role=alert]:has-text('1 hallazgo pide atención')")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert accessibility_faults(page) == []
    blob.write_bytes(good)
    page.click("text=Comprobar todo ahora")
    page.wait_for_selector("text=No hay hallazgos pendientes")
    with sqlite3.connect(service_data / "ventanilla.sqlite3") as database:
        acts = [row[0] for row in database.execute("SELECT action FROM audit_events")]
    assert acts.count("fixity.alarm") == acts.count("fixity.settled") == 1


def test_sealed_heads_are_for_everybody(page: Any) -> None:
    page.goto("/verificar/bitacora")
    page.wait_for_selector("h1:has-text('Cierres diarios de la bitácora')")
    assert accessibility_faults(page) == []
