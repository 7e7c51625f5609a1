"""The hot folder: taken only when whole, let go only once durable, tried again after whatever went wrong."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from operations import hot_folder
from operations.hot_folder import TAKEN, HotFolder, watched_folder
from operations.house import House, open_house
from operations.settings import Settings
from operations.verification import verify_archive
from operations.window import open_cases
from storage.schema import ReceptionRow
from tests.operations_samples import Clock, issue_request, open_demo_house

HERE = Path(__file__).resolve().parent
QUIET = 5.0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_demo_house(tmp_path, Clock())
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "escaner"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(house: House, place: Path) -> HotFolder:
    return HotFolder(house, place, QUIET)


def whole_pdf(house: House) -> bytes:
    return issue_request(house).pdf


def received(house: House) -> list[tuple[str, int]]:
    with house.database.reading() as session:
        rows = session.scalars(select(ReceptionRow).order_by(ReceptionRow.id)).all()
        return [(row.name, len(house.blobs.get(row.sha256))) for row in rows]


def taken(place: Path) -> list[str]:
    return sorted(path.name.split(" ", 1)[1] for path in (place / TAKEN).rglob("*") if path.is_file())


def test_a_file_is_taken_once_it_has_been_quiet_and_has_its_end(
    house: House, place: Path, folder: HotFolder
) -> None:
    data = whole_pdf(house)
    (place / "lote.pdf").write_bytes(data[: len(data) // 2])
    assert folder.look(0.0) == []
    assert folder.look(QUIET + 1) == []  # quiet, but without its end: a slow scanner
    (place / "lote.pdf").write_bytes(data)
    assert folder.look(QUIET + 2) == []  # changed just now
    assert folder.look(2 * QUIET) == []
    (number,) = folder.look(2 * QUIET + 3)
    assert received(house) == [("lote.pdf", len(data))]
    assert [case.number for case in open_cases(house)] == [number]
    assert not (place / "lote.pdf").exists()
    assert taken(place) == ["lote.pdf"]
    assert folder.look(100.0) == []


def test_what_never_gets_its_end_is_taken_at_last_for_the_clerk_to_see(
    house: House, place: Path, folder: HotFolder
) -> None:
    (place / "roto.pdf").write_bytes(b"%PDF-1.7\n medio")
    (place / "vacio.pdf").write_bytes(b"")
    folder.look(0.0)
    assert folder.look(59.0) == []
    assert len(folder.look(61.0)) == 2
    assert taken(place) == ["roto.pdf", "vacio.pdf"]


@pytest.mark.parametrize("name", [".oculto.pdf", "lote.pdf.part", "lote.pdf.tmp", "lote.pdf~"])
def test_what_other_programs_are_writing_is_left_alone(
    house: House, place: Path, folder: HotFolder, name: str
) -> None:
    (place / name).write_bytes(whole_pdf(house))
    folder.look(0.0)
    assert folder.look(1000.0) == []
    assert (place / name).exists()


def test_links_and_folders_are_not_followed(house: House, place: Path, folder: HotFolder) -> None:
    secret = place.parent / "secreto.pdf"
    secret.write_bytes(whole_pdf(house))
    (place / "enlace.pdf").symlink_to(secret)
    (place / "carpeta").mkdir()
    folder.look(0.0)
    assert folder.look(1000.0) == []


def test_a_file_that_changes_while_it_is_copied_starts_nothing(
    house: House, place: Path, folder: HotFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = whole_pdf(house)
    (place / "lote.pdf").write_bytes(data)
    folder.look(0.0)
    real = hot_folder._unchanged_chunks

    def interrupted(path: Path, seen: object) -> Iterator[bytes]:
        with path.open("ab") as file:
            file.write(b"more")
        return real(path, seen)  # type: ignore[arg-type]

    monkeypatch.setattr(hot_folder, "_unchanged_chunks", interrupted)
    assert folder.look(10.0) == []
    assert "still being written" in folder.failing["lote.pdf"]
    assert open_cases(house) == []
    monkeypatch.undo()
    (place / "lote.pdf").write_bytes(data)
    folder.look(20.0)
    assert len(folder.look(30.0)) == 1
    assert received(house) == [("lote.pdf", len(data))]


def test_a_full_disk_delays_a_file_and_loses_nothing(house: House, place: Path, folder: HotFolder) -> None:
    """The limit on a file's size makes the system refuse the write, as a full disk does."""
    data = whole_pdf(house)
    (place / "lote.pdf").write_bytes(data)
    folder.look(0.0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(data) // 2, before[1]))
    try:
        assert folder.look(10.0) == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "lote.pdf" in folder.failing
    assert (place / "lote.pdf").read_bytes() == data
    assert folder.look(11.0) == []  # not tried again at once
    assert len(folder.look(13.0)) == 1
    assert folder.failing == {}
    assert received(house) == [("lote.pdf", len(data))]
    assert verify_archive(house)[1] == []


def test_a_database_that_is_away_delays_a_file(house: House, place: Path, folder: HotFolder) -> None:
    data = whole_pdf(house)
    (place / "lote.pdf").write_bytes(data)
    folder.look(0.0)
    database = Path(str(house.database.engine.url.database))
    house.database.engine.dispose()
    away = database.with_suffix(".away")
    database.rename(away)
    database.mkdir()
    try:
        assert folder.look(10.0) == []
    finally:
        house.database.engine.dispose()
        database.rmdir()
        away.rename(database)
    assert (place / "lote.pdf").exists()
    assert len(folder.look(20.0)) == 1
    assert received(house) == [("lote.pdf", len(data))]


def test_one_bad_file_does_not_hold_up_the_others(house: House, place: Path, folder: HotFolder) -> None:
    (place / "a.pdf").write_bytes(whole_pdf(house))
    (place / "b.pdf").write_bytes(whole_pdf(house))
    folder.look(0.0)
    real = hot_folder.receive

    def refusing(house: House, files: list[hot_folder.HandedIn], *rest: str) -> object:
        if files[0].name == "a.pdf":
            raise PermissionError("a.pdf: permission denied")
        return real(house, files, *rest)

    hot_folder.receive = refusing  # type: ignore[assignment]
    try:
        assert len(folder.look(10.0)) == 1
    finally:
        hot_folder.receive = real
    assert list(folder.failing) == ["a.pdf"]
    assert taken(place) == ["b.pdf"]


def test_the_same_name_twice_is_two_cases(house: House, place: Path, folder: HotFolder) -> None:
    for moment in (0.0, 100.0):
        (place / "scan.pdf").write_bytes(whole_pdf(house))
        folder.look(moment)
        assert len(folder.look(moment + 10)) == 1
    assert taken(place) == ["scan.pdf", "scan.pdf"]
    assert len(open_cases(house)) == 2


def test_two_workers_on_one_folder_make_one_case(house: House, place: Path) -> None:
    one, two = HotFolder(house, place, QUIET), HotFolder(house, place, QUIET)
    path = place / "lote.pdf"
    path.write_bytes(whole_pdf(house))
    for each in (one, two):
        each.look(0.0)
    (first,) = one.look(10.0)
    copied = next((place / TAKEN).rglob("*.pdf"))
    copied.rename(path)  # as the second saw it: not moved yet
    assert two.look(10.0) == [first]
    assert len(open_cases(house)) == 1


def test_the_folder_is_watched_while_the_service_runs(house: House, place: Path, tmp_path: Path) -> None:
    running = open_house(
        Settings(
            data_dir=house.settings.data_dir,
            database_url=house.settings.database_url,
            hot_folder=str(place),
            hot_folder_seconds=1,
        ),
        Clock(),
    )
    data = whole_pdf(house)
    with watched_folder(running):
        with (place / "lento.pdf").open("wb") as file:
            for start in range(0, len(data), 1 + len(data) // 4):
                file.write(data[start : start + 1 + len(data) // 4])
                file.flush()
                time.sleep(0.4)
        deadline = time.monotonic() + 60
        while not taken(place) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert received(house) == [("lento.pdf", len(data))]


KILLED = """
import json, os, signal, sys
from pathlib import Path
from operations import hot_folder
from operations.hot_folder import HotFolder
from operations.house import open_house
from operations.settings import Settings
sys.path.insert(0, sys.argv[1])
from operations_samples import Clock
house = open_house(Settings(data_dir=Path(sys.argv[2])), Clock())
folder = HotFolder(house, Path(sys.argv[3]), 0.0)
if sys.argv[4] == "before":
    hot_folder.receive = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
else:
    folder._let_go = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
folder.look(0.0)
folder.look(1.0)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_around_the_commit_the_file_is_one_case(house: House, place: Path, moment: str) -> None:
    data = whole_pdf(house)
    (place / "lote.pdf").write_bytes(data)
    command = [sys.executable, "-c", KILLED, str(HERE), str(house.settings.data_dir), str(place), moment]
    environment = os.environ | {"PYTHONPATH": f"{HERE.parent}"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=HERE.parent)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert (place / "lote.pdf").read_bytes() == data
    assert len(open_cases(house)) == (0 if moment == "before" else 1)
    folder = HotFolder(house, place, 0.0)
    assert len([*folder.look(0.0), *folder.look(1.0)]) == 1
    assert len(open_cases(house)) == 1
    assert received(house) == [("lote.pdf", len(data))]
    assert taken(place) == ["lote.pdf"]
    assert verify_archive(house)[1] == []
