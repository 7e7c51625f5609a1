"""What tests stand on: deterministic properties, other people's data, and real servers of their own.

A test whose program is not installed is skipped with the reason; where ``CI`` is set it fails instead.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

import pytest
from hypothesis import settings
from moto.server import ThreadedMotoServer
from playwright.sync_api import Browser, sync_playwright

from tests.browser_fixtures import page, service, service_data
from tests.house_fixtures import clock, house
from tests.mail_fixtures import mail_url, postman
from tests.register_fixtures import behave, register_address, register_house

__all__ = [
    "behave",
    "clock",
    "house",
    "mail_url",
    "page",
    "postman",
    "register_address",
    "register_house",
    "service",
    "service_data",
]  # fixtures told elsewhere

PROJECT: Final = Path(__file__).resolve().parent.parent
CHROMIUM: Final = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS: Final = (
    "--no-sandbox",  # Chromium refuses to start as root otherwise; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that shows a test picture
    "--use-fake-ui-for-media-stream",
)
_STARTS: Final = 3

settings.register_profile("ventanilla", derandomize=True, deadline=None, database=None)
settings.load_profile("ventanilla")


def _lacks(program: str) -> NoReturn:
    """Skip the test that needs the program; on the integration machine fail it."""
    reason = f"{program} is not installed: apt install {program}, or let `make test` do it"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public material that is not kept in the project; tests skip where it is absent."""
    given = os.environ.get("VENTANILLA_TEST_DATA")
    folder = Path(given) if given else PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no public test material at {folder}; VENTANILLA_TEST_DATA names another folder")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An SQLAlchemy URL of a throwaway PostgreSQL server on loopback, stopped at the end."""
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-postgres-"))
    as_owner = _hand_over(folder)
    cluster = folder / "cluster"
    try:
        _run([*as_owner, programs / "initdb", "-D", cluster, "-U", "tests", "-A", "trust", "-E", "UTF8",
              "--no-sync", "--locale=C"])  # fmt: skip
        port = _start_postgres(as_owner, programs, cluster)
        yield f"postgresql+psycopg://tests@127.0.0.1:{port}/postgres"
        _run([*as_owner, programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_programs() -> Path:
    """The folder of the newest server's programs; Debian keeps them off the path."""
    versions = [found for found in Path("/usr/lib/postgresql").glob("*/bin") if (found / "initdb").exists()]
    if versions:
        return max(versions, key=lambda found: float(found.parent.name))
    found = shutil.which("initdb")
    if not found:
        _lacks("postgresql")
    return Path(found).resolve().parent


def _hand_over(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: give the folder to its own user and say how to become it."""
    if os.geteuid() != 0:
        return []
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError:
        _lacks("postgresql")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def _start_postgres(as_owner: list[str], programs: Path, cluster: Path) -> int:
    """Start on a free port. Somebody may take the port in between, so a failed start is tried again."""
    for attempt in range(1, _STARTS + 1):
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        log = cluster / "server.log"
        try:
            _run([*as_owner, programs / "pg_ctl", "-D", cluster, "-l", log, "-w", "-o", options, "start"])
        except RuntimeError:
            if attempt == _STARTS:
                raise
        else:
            return port
    raise AssertionError("the last attempt returns or raises")


def _run(command: list[str | Path]) -> None:
    # pg_ctl leaves the server running with our pipes in its hands, so its words go to a file.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}: {output.read().decode()}")


def free_port() -> int:
    """A port of loopback that nobody used a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


# One module only: while Playwright is on, its event loop keeps asyncio from running in other tests.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real headless browser that talks to nobody but the pages that a test opens."""
    if not CHROMIUM.exists():
        _lacks("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of an S3 service of our own on loopback; any key pair opens it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
