"""The service as ``make run`` starts it, and a browser before it that goes nowhere else."""

from __future__ import annotations

import importlib.resources
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from operations.demonstration_data import PASSWORD
from operations.house import House, open_house
from operations.settings import Settings

_PATIENCE: Final = 60_000
"""Milliseconds that the browser waits for something to appear."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def service_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the service keeps everything; mails are in its outbox."""
    return tmp_path_factory.mktemp("service") / "data"


@pytest.fixture(scope="module")
def service(service_data: Path) -> Iterator[str]:
    """The service with demonstration data, as ``make run`` starts it."""
    with running_service(service_data) as (address, _):
        yield address


@contextmanager
def running_desk(folder: Path) -> Iterator[tuple[str, House]]:
    """A service with demonstration data on this folder, and its house, with which papers are issued."""
    with running_service(folder) as (address, _):
        house = open_house(Settings(data_dir=folder))
        yield address, house
        house.database.engine.dispose()
        house.jobs.engine.dispose()


@contextmanager
def running_service(data: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A service on this folder of data: its address and its process."""
    port = _free_port()
    command = [sys.executable, "-m", "cli.main", "serve", "--demo", "--port", str(port)]
    environment = {
        "VENTANILLA_DATA_DIR": str(data),
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PATH": "/usr/bin:/bin",
        "LANG": "es_EC.UTF-8",
    }
    log_path = data.parent / f"log-{port}"
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, process, log_path)
            yield address, process
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


def is_fault(message: Any) -> bool:
    """What is refused answers 4xx and the browser says so; any other error on the console is ours."""
    return message.type == "error" and "status of 4" not in message.text


@pytest.fixture
def page(chromium: Any, service: str) -> Iterator[Any]:
    """A fresh browser window that refuses to load anything from elsewhere."""
    context = chromium.new_context(base_url=service, locale="es-EC", accept_downloads=True)
    context.set_default_timeout(_PATIENCE)
    strangers: list[str] = []
    context.on(
        "request", lambda request: strangers.append(request.url) if service not in request.url else None
    )
    errors: list[str] = []
    window = context.new_page()
    window.on("console", lambda message: errors.append(message.text) if is_fault(message) else None)
    yield window
    context.close()
    assert not [url for url in strangers if not url.startswith("data:")]
    assert not errors, errors


def enter(page: Any, name: str) -> None:
    page.goto("/acceso")
    ruc, _, branch = name.partition("/")
    if branch:
        page.fill("#ruc", ruc)
        page.fill("#sucursal", branch)
        page.fill("#clave-patronal", PASSWORD)
        with page.expect_navigation():
            page.click("text=Ingresar como empleador")
    else:
        page.fill("#usuario", name)
        page.fill("#clave", PASSWORD)
        with page.expect_navigation():
            page.press("#clave", "Enter")


def leave(page: Any) -> None:
    with page.expect_navigation():
        page.click("text=Salir")


def confirm_doubts(page: Any) -> None:
    """Confirm every doubtful value of a case as it stands."""
    while page.locator("text=Confirmar estos datos").count():
        with page.expect_navigation():
            page.click("text=Confirmar estos datos")


def accessibility_faults(page: Any) -> list[str]:
    """What axe-core finds on the page as it stands, by the rules of WCAG 2.2 A and AA and good practice."""
    page.wait_for_load_state()  # without its styles no page is as it stands
    script = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    page.evaluate(script)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    return [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
