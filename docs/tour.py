"""Pictures of each page as people see it, taken from the running service: `python -m docs.tour`.

Starts the service with demonstration data in a folder of its own, walks through it in Chromium, and writes
``docs/tour.md`` with a picture for each stop under ``docs/images/tour``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from operations.demonstration import sign_and_scan
from operations.demonstration_data import FOREIGN_RUC, PASSWORD, PUBLIC_RUC, RUC

DOCS: Final = Path(__file__).resolve().parent
PICTURES: Final = DOCS / "images" / "tour"
WIDTH: Final = 1100
_PATIENCE: Final = 15_000
"""Milliseconds that the browser waits for something to appear."""
_COLOURS: Final = 64
"""Colours of a picture: flat pages look the same with few, and the files stay small."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the tour: its file, what it shows, and how to get there from the stop before."""

    name: str
    caption: str
    go: Callable[[Page, Path], object]
    width: int = WIDTH


def enter(page: Page, name: str) -> None:
    """Come in as a demonstration user."""
    page.goto("/acceso")
    ruc, _, branch = name.partition("/")
    if branch:
        page.fill("#ruc", ruc)
        page.fill("#clave-patronal", PASSWORD)
        page.click("text=Ingresar como empleador")
    else:
        page.fill("#usuario", name)
        page.fill("#clave", PASSWORD)
        page.press("#clave", "Enter")
    page.wait_for_load_state()


def fill_novedad(page: Page, _: Path) -> None:
    page.click("text=Registrar una novedad")
    page.wait_for_load_state()
    page.select_option("#type", "MSU")
    page.wait_for_selector("label:has-text('Apellidos y nombres')", state="detached")
    page.fill("#id_number", "0960000016")
    page.fill("#effective", page.evaluate(_LAST_MONTH))
    page.fill("#wage", "650,00")
    page.press("#wage", "Tab")
    page.wait_for_selector("text=Con esta novedad la planilla pasa de")


_LAST_MONTH: Final = (
    "() => { const d = new Date(); d.setDate(0); d.setDate(20); return d.toISOString().slice(0, 10); }"
)


def annul_receipts(page: Page, _: Path) -> None:
    page.click("text=Registrar la novedad")
    page.wait_for_load_state()
    page.click("details.act summary >> nth=0")
    page.check("details.act input[name=otro-dia] >> nth=0")  # nobody booked an appointment
    page.click("details.act button >> nth=0")
    page.wait_for_load_state()


def issue_request(page: Page, folder: Path) -> None:
    """The employer that has everything ready; its request is signed and scanned for the window."""
    enter(page, f"{RUC}/0001")
    page.click("main table a >> nth=0")
    page.click("text=Llenar la solicitud de esta planilla")
    page.fill("#place", "Quito")
    page.click("text=Emitir el PDF con sello")
    with page.expect_download() as caught:
        page.click("[role=status] >> text=Descargar el PDF")
    (folder / "escaneo.pdf").write_bytes(sign_and_scan(Path(caught.value.path()).read_bytes(), 3))


def fill_draft(page: Page, _: Path) -> None:
    enter(page, f"{FOREIGN_RUC}/0001")
    page.click("main table a >> nth=0")
    page.click("text=Llenar la solicitud de esta planilla")
    page.fill("#place", "Latacunga")
    page.click("text=Ver cómo quedará impreso")
    page.wait_for_load_state("networkidle")


def choose_hour(page: Page, folder: Path) -> None:
    """The steps of an appointment up to the hour, with the code from the outbox."""
    page.goto("/turnos")
    page.fill("#person_id", "1710034065")
    page.click("text=Consultar")
    page.fill("#email", "paz@empleador.example")
    page.fill("#phone", "099 123 4567")
    page.click("button:text-is('Siguiente')")
    page.fill("#code", _code_in(folder / "data" / "outbox"))
    page.click("button:text-is('Verificar')")
    page.check("input[name=agency] >> nth=0")
    page.click("button:text-is('Siguiente')")


def _code_in(outbox: Path) -> str:
    for _ in range(200):
        for file in outbox.glob("*.eml"):
            words = file.read_text("utf-8").split("turno es ")
            if len(words) > 1:
                return words[1][:8]
        time.sleep(0.1)
    raise RuntimeError("the code did not come")


def book(page: Page, _: Path) -> None:
    page.click("label.hour >> nth=3")
    page.click("button:text-is('Siguiente')")
    page.click("text=Sí, confirmar")
    page.wait_for_load_state()


def hand_in(page: Page, folder: Path) -> None:
    enter(page, "ventanilla")
    page.set_input_files("input[type=file] >> nth=0", str(folder / "escaneo.pdf"))
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")


def give_back(page: Page, folder: Path) -> None:
    page.goto("/ventanilla")
    (folder / "copia.pdf").write_bytes(b"%PDF-1.7\n")
    page.set_input_files("input[type=file] >> nth=0", str(folder / "copia.pdf"))
    page.click("text=Recibir y leer")
    page.wait_for_selector("#estado:has-text('En revisión')")
    page.fill("#motivo", "El archivo no se puede abrir. Traiga la solicitud firmada.")
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")


def see_measures(page: Page, _: Path) -> None:
    enter(page, "supervision")
    page.goto("/ventanilla/medidas")


def accept(page: Page, _: Path) -> None:
    while page.locator("text=Confirmar estos datos").count():
        page.click("text=Confirmar estos datos")
        page.wait_for_load_state()
    page.check("input[name=identity]")
    page.check("input[name=signature]")
    page.click("text=Aceptar y regenerar")
    page.wait_for_selector("#estado:has-text('Archivado')")


def search_archive(page: Page, _: Path) -> None:
    enter(page, "archivo")
    page.fill("#q", "andina")
    page.press("#q", "Enter")
    page.wait_for_selector("ol.hits li")
    page.wait_for_load_state("networkidle")


def open_record(page: Page, _: Path) -> None:
    page.click("ol.hits li a >> nth=0")
    page.wait_for_load_state("networkidle")


def visit(path: str) -> Callable[[Page, Path], object]:
    return lambda page, _: page.goto(path)


STOPS: Final = (
    Stop("home", "Anybody: what the procedure is and needs", visit("/")),
    Stop("transparency", "Anybody: monthly volumes, with the data to download", visit("/transparencia")),
    Stop("hours", "Anybody: the hour of an appointment, after the code from the mail", choose_hour),
    Stop("appointment", "Anybody: the appointment, to move or to cancel", book),
    Stop("portal", "Employer: its sheets and papers", lambda page, _: enter(page, f"{PUBLIC_RUC}/0001")),
    Stop(
        "sheet", "Employer: what stands in the way of one sheet", lambda page, _: page.click("main table a")
    ),
    Stop("novedad", "Employer: a novedad, tried on the sheet as it is typed", fill_novedad),
    Stop("annulled", "Employer: the checklist has filled itself further", annul_receipts),
    Stop("draft", "Employer: the request and the page as it will print", fill_draft),
    Stop("telephone", "Employer: the same on a telephone", visit("/portal"), 360),
    Stop("issued", "Employer: what to bring, once the request is issued", issue_request),
    Stop("desk", "Clerk: the desk", lambda page, _: enter(page, "ventanilla")),
    Stop("review", "Clerk: the reading of the signed request", hand_in),
    Stop("archived", "Clerk: accepted, rebuilt and archived", accept),
    Stop("returned", "Clerk: what is not complete is returned, with what lacks and its term", give_back),
    Stop(
        "measures",
        "Supervisor: how the window works, in numbers that name nobody",
        visit("/ventanilla/medidas"),
    ),
    Stop("archive", "Archivist: everything of the case is found", search_archive),
    Stop("record", "Archivist: the case as one story", open_record),
)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The service with demonstration data, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("ventanilla")), "serve", "--demo", "--port", str(port)]
    environment = {**os.environ, "VENTANILLA_DATA_DIR": str(folder / "data"), "LANG": "es_EC.UTF-8"}
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{address}/salud/listo", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)


def take_pictures(address: str, folder: Path) -> None:
    """Walk the tour; a page of the same look gives the same picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser: Any = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(base_url=address, locale="es-EC", accept_downloads=True)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        for stop in STOPS:
            page.set_viewport_size({"width": stop.width, "height": 700})
            stop.go(page, folder)
            page.wait_for_load_state()
            # What follows the scroll, as the page's picture beside its values does, stands at its beginning.
            page.evaluate("window.scrollTo(0, 0)")
            shrink(page.screenshot(full_page=True), PICTURES / f"{stop.name}.png")
        browser.close()


def shrink(picture: bytes, path: Path) -> None:
    image = Image.open(BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, 1500)))
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def tour_page() -> str:
    """The whole of ``docs/tour.md``."""
    parts = [
        "# A tour in pictures",
        "Taken from the running service by `make tour`. People read Spanish; the captions say who sees it.",
    ]
    parts += [f"## {stop.caption}\n\n![{stop.caption}](images/tour/{stop.name}.png)" for stop in STOPS]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address:
        take_pictures(address, Path(folder))
    (DOCS / "tour.md").write_text(tour_page(), "utf-8")


if __name__ == "__main__":
    main()
