"""A worker's sign of life ends with its process, however that ends, in a folder and in PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from storage_samples import ENGINES, new_engine

from storage.database import open_engine
from storage.leases import Leases, open_leases

HOLD = """
import sys, time
from pathlib import Path
from storage.database import open_engine
from storage.leases import open_leases
leases = open_leases(open_engine(sys.argv[1]), Path(sys.argv[2]))
leases.hold("other")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with new_engine(request.param, tmp_path, server) as engine:
        yield engine.url.render_as_string(hide_password=False), tmp_path / "run"


@pytest.fixture
def leases(place: tuple[str, Path]) -> Iterator[Leases]:
    yield from opened(place)


@pytest.fixture
def others(place: tuple[str, Path]) -> Iterator[Leases]:
    yield from opened(place)


def opened(place: tuple[str, Path]) -> Iterator[Leases]:
    url, folder = place
    engine = open_engine(url)
    yield open_leases(engine, folder)
    engine.dispose()


def test_nobody_holds_what_nobody_took(leases: Leases) -> None:
    assert leases.is_dead("nobody")


def test_own_lease_lives_until_it_is_let_go(leases: Leases, others: Leases) -> None:
    leases.hold("me")
    assert not leases.is_dead("me")
    assert not others.is_dead("me")
    with pytest.raises(RuntimeError, match="somebody else is me"):
        others.hold("me")
    leases.release()
    assert others.is_dead("me")
    others.hold("me")
    others.release()


def test_a_lease_whose_connection_was_cut_is_let_go_without_complaint(
    leases: Leases, others: Leases, place: tuple[str, Path]
) -> None:
    url, _ = place
    leases.hold("me")
    if not url.startswith("sqlite"):
        cut_connections(url)
    leases.release()
    assert is_found_dead(others, "me")


def test_lease_that_was_lost_is_held_again(leases: Leases, others: Leases, place: tuple[str, Path]) -> None:
    url, folder = place
    leases.hold("me")
    if url.startswith("sqlite"):
        (folder / "me.lock").unlink()
    else:
        cut_connections(url)
    assert is_found_dead(others, "me")
    leases.renew()
    assert not others.is_dead("me")
    leases.renew()
    assert not others.is_dead("me")
    leases.release()


def cut_connections(url: str) -> None:
    """End every other connection of the database, as a restart of the server does."""
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


def test_lease_of_a_killed_process_is_free(leases: Leases, place: tuple[str, Path]) -> None:
    url, folder = place
    command = [sys.executable, "-c", HOLD, url, str(folder)]
    project = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=project) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert not leases.is_dead("other")
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert is_found_dead(leases, "other")


def is_found_dead(leases: Leases, owner: str) -> bool:
    """Ask until the server has noticed by itself that the connection is gone, as a worker asks again."""
    return any(leases.is_dead(owner) for _ in range(2000))
