"""From the upload of a two-page sealed scan to its reading: p50 and p95 over a hundred, through HTTP.

The service runs as it does at a window, in a process of its own with one worker. Each upload goes the way
of the browser: pieces, reception, the stream of events, and the part of the page with the reading. With
``--browser`` a real one does it too, timed from the press of «Recibir y leer» until the page's picture and
its values are drawn. Each file is another scan or differs in its bytes, so nothing is found again.

    python -m bench.uploads [--count 100] [--papers 5] [--browser 0]
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import numpy as np
from playwright.sync_api import FilePayload, Page, sync_playwright

from forms.catalog.employer_request import EMPLOYER_REQUEST
from forms.catalog.third_party_authorization import THIRD_PARTY_AUTHORIZATION
from forms.model import Form
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.alignment import Grey
from operations.demonstration_data import PASSWORD, RUC

PIECE: Final = 512 * 1024
REQUEST: Final = {
    "business_name": "Alimentos Andinos S.A.",
    "representative_name": "Ana Lucía Ordóñez Peña",
    "representative_id_kind": "cedula",
    "representative_id": "0100000009",
    "period": "2026-10",
    "sheet_type": "contributions",
    "petition": "Solicito regenerar la planilla por una entrada que no constó.",
    "email": "contabilidad@andina-alimentos.example",
    "address": "Av. 10 de Agosto N24-12, Quito",
    "phone": "022345678",
    "place": "Quito",
    "date": "2026-11-23",
}
AUTHORIZATION: Final = {
    "business_name": "Alimentos Andinos S.A.",
    "grantor_name": "Ana Lucía Ordóñez Peña",
    "grantor_id_kind": "cedula",
    "grantor_id": "0100000009",
    "authorized_name": "Rosa Elena Chimbo Andi",
    "authorized_id_kind": "cedula",
    "authorized_id": "0100000017",
    "procedure": "Regeneración de planillas de aportes",
    "valid_from": "2026-11-01",
    "valid_until": "2026-12-31",
    "place": "Quito",
    "date": "2026-11-23",
}


@contextmanager
def running_service(folder: Path) -> Iterator[str]:
    """The service with demonstration data on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("ventanilla")), "serve", "--demo", "--port", str(port)]
    environment = os.environ | {"VENTANILLA_DATA_DIR": str(folder / "data")}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/salud/listo").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def sign_in(client: httpx.Client, name: str) -> None:
    client.get("/acceso")
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    client.post("/acceso", data={"usuario": name, "clave": PASSWORD})


def scanned(client: httpx.Client, form: Form, values: dict[str, str], random: np.random.Generator) -> Grey:
    """A sealed form of the employer, printed, signed by hand and scanned askew."""
    answer = client.post(f"/api/v1/forms/{form.name}/draw", json=values)
    answer.raise_for_status()
    sheet = sign(print_page(answer.content), form.current.signature_fields[0].box, random)
    angle = float(random.uniform(-2, 2))
    scanner = Scanner(dpi=200, rotation_deg=angle, noise_sigma=5, blur_px=0.5, jpeg_quality=70)
    return scan(sheet, scanner, random)


def make_files(address: str, papers: int) -> list[bytes]:
    """Two-page scans: a request and the authorization of who brings it."""
    files = []
    with httpx.Client(base_url=address, timeout=60) as client:
        sign_in(client, f"{RUC}/0001")
        for seed in range(papers):
            random = np.random.default_rng(seed)
            pages = [
                scanned(client, EMPLOYER_REQUEST, REQUEST, random),
                scanned(client, THIRD_PARTY_AUTHORIZATION, AUTHORIZATION, random),
            ]
            files.append(encode(pages, "pdf", 200, 80))
    return files


def upload_once(client: httpx.Client, data: bytes) -> tuple[float, float]:
    """Seconds from the first byte and from the last byte until the page with the reading is there."""
    began = time.perf_counter()
    made = client.post("/ventanilla/cargas", json={"nombre": "escaneo.pdf", "bytes": len(data)}).json()["id"]
    for start in range(0, len(data), PIECE):
        sent = client.patch(
            f"/ventanilla/cargas/{made}",
            content=data[start : start + PIECE],
            headers={"upload-offset": str(start), "content-type": "application/partial-upload"},
        )
        assert sent.headers["upload-offset"] == str(min(start + PIECE, len(data)))
    uploaded = time.perf_counter()
    done = client.post("/ventanilla/cargas/recibir", json={"cargas": [made], "clave": made})
    place = done.json()["href"]
    client.get(place)
    with client.stream("GET", f"{place}/sucesos") as stream:
        for line in stream.iter_lines():
            if line.startswith("data:") and '"working": false' in line:
                break
    body = client.get(f"{place}/cuerpo").text
    if "Solicitud para empleador" not in body or "Autorización a terceros" not in body:
        raise RuntimeError(f"{place} was not read whole")
    now = time.perf_counter()
    return now - began, now - uploaded


def browse_once(page: Page, data: bytes) -> float:
    """Seconds from the press of the button until picture and values are drawn in a real browser."""
    page.goto("/ventanilla")
    file: FilePayload = {"name": "escaneo.pdf", "mimeType": "application/pdf", "buffer": data}
    page.set_input_files("#archivos", file)
    page.wait_for_selector("#envios li:has-text('enviado')")
    began = time.perf_counter()
    page.click("#recibir")
    page.wait_for_selector("svg rect.field >> nth=0", state="attached")
    page.wait_for_load_state("networkidle")
    return time.perf_counter() - began


def told(name: str, seconds: list[float]) -> str:
    """A line of the table, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    p50, p95, worst = statistics.median(seconds), cuts[-1], max(seconds)
    return f"{name:44} {1000 * p50:7.0f} {1000 * p95:7.0f} {1000 * worst:7.0f}"


def measure_browser(address: str, files: list[bytes], count: int) -> list[float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(base_url=address).new_page()
        page.goto("/acceso")
        page.fill("#usuario", "ventanilla")
        page.fill("#clave", PASSWORD)
        page.press("#clave", "Enter")
        page.wait_for_load_state()
        found = [
            browse_once(page, files[each % len(files)] + f"%b{each}\n".encode()) for each in range(count)
        ]
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--papers", type=int, default=5)
    parser.add_argument("--browser", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_service(Path(folder)) as address:
        files = make_files(address, given.papers)
        with httpx.Client(base_url=address, timeout=60, follow_redirects=True) as client:
            sign_in(client, "ventanilla")
            upload_once(client, files[0] + b"%warm\n")
            times = [
                upload_once(client, files[each % len(files)] + f"%{each}\n".encode())
                for each in range(given.count)
            ]
        size = statistics.mean(len(file) for file in files) / 1000
        load = os.getloadavg()[0]
        print(f"{given.count} uploads of two sealed pages at 200 dpi, {size:.0f} kB; load {load:.1f}")
        print(f"{'milliseconds until the reading':44} {'p50':>7} {'p95':>7} {'worst':>7}")
        print(told("from the first byte", [first for first, _ in times]))
        print(told("from the last byte", [last for _, last in times]))
        if given.browser:
            seen = measure_browser(address, files, given.browser)
            print(told(f"from the button, drawn, {given.browser} in a browser", seen))


if __name__ == "__main__":
    main()
