"""Backup and restore: while others write, from one engine into the other, in pieces, and never half."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from operations.archive import find_documents
from operations.archive_rounds import copy_new_blobs
from operations.audit_seals import seal_day, verify_trail
from operations.backup import kept_tables, make_backup
from operations.house import House, open_house
from operations.regenerating import regenerate_case
from operations.restore import Restored, restore_backup
from operations.sessions import sign_in
from operations.settings import Settings
from operations.verification import verify_archive
from operations.workflows import reconcile
from storage.audit import canonical_json
from storage.backup_files import open_backup
from storage.row_json import row_as_json
from tests.operations_samples import (
    Clock,
    accepted,
    hand_in,
    issue_request,
    open_demo_house,
    received_and_read,
    state_of,
)
from tests.storage_samples import ENGINES, new_postgres

Rows = dict[str, list[str]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house with a finished case, one that waits, and a sealed day."""
    if request.param == "sqlite":
        house = open_demo_house(tmp_path, clock)
        fill(house, clock)
        yield house
    else:
        with new_postgres(request.getfixturevalue("postgres_url")) as url:
            house = open_demo_house(tmp_path, clock, database_url=url)
            fill(house, clock)
            yield house
            house.database.engine.dispose()
            house.jobs.engine.dispose()


def fill(house: House, clock: Clock) -> None:
    number = received_and_read(house)
    accepted(house, number)
    regenerate_case(house, number)
    hand_in(house, ("carta.pdf", b"%PDF-1.7 carta"))
    clock.pass_time(days=1)
    seal_day(house)


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Where nothing is yet."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path / "destino")
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        yield Settings(data_dir=tmp_path / "destino", database_url=url)


def rows_of(house: House) -> Rows:
    """All rows of all tables that a backup has, as text."""
    found: Rows = {}
    with house.database.snapshot() as session:
        for table in kept_tables():
            rows = session.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [canonical_json(row_as_json(table, row._asdict())) for row in rows]
    return found


def close(house: House) -> None:
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def test_everything_is_there_again_in_either_engine(house: House, empty: Settings, tmp_path: Path) -> None:
    made = make_backup(house, tmp_path / "r.tar", "operador")
    assert stat.S_IMODE((tmp_path / "r.tar").stat().st_mode) == 0o600
    before = rows_of(house)
    answer = restore_backup(empty, tmp_path / "r.tar", "operador")
    assert isinstance(answer, Restored), answer
    assert (answer.failures, answer.lacking, answer.blobs) == ([], [], made.blobs)
    again = open_house(empty, house.clock)
    after = rows_of(again)
    restored = after["audit_events"].pop()
    assert '"backup.restore"' in restored
    assert after == before
    assert sum(map(len, before.values())) == sum(made.rows.values())
    assert {name: again.blobs.get(name) for name in again.blobs.names()} == {
        name: house.blobs.get(name) for name in house.blobs.names()
    }
    assert again.keys.issuing.key_id == house.keys.issuing.key_id
    assert verify_archive(again)[1] == []
    assert verify_trail(again).is_whole
    close(again)


def test_the_restored_service_goes_on(house: House, empty: Settings, tmp_path: Path) -> None:
    make_backup(house, tmp_path / "r.tar", "operador")
    assert isinstance(restore_backup(empty, tmp_path / "r.tar", "operador"), Restored)
    again = open_house(empty, house.clock)
    assert sign_in(again, "archivo", "ventanilla-demo")
    assert find_documents(again, "andina", "archivo")
    assert reconcile(again) == 1  # the case that was not read yet is queued again
    known = rows_of(again)["cases"]
    newer = received_and_read(again, ("nueva.pdf", issue_request(again).pdf))
    assert not any(newer in line for line in known)
    assert state_of(again, newer) == "in-review"
    assert verify_archive(again)[1] == []
    close(again)


def test_a_backup_is_of_one_moment_while_others_write(house: House, tmp_path: Path) -> None:
    """What is restored is exactly what the trail said at some moment, whatever was written meanwhile."""
    stop, done = threading.Event(), []

    def keep_receiving(writer: int) -> None:
        while not stop.is_set():
            done.append(hand_in(house, (f"{writer}.pdf", os.urandom(2000))))

    writers = [threading.Thread(target=keep_receiving, args=(writer,)) for writer in range(3)]
    for thread in writers:
        thread.start()
    try:
        while len(done) < 5:
            pass
        made = [make_backup(house, tmp_path / f"{turn}.tar", "operador") for turn in range(3)]
        while len(done) < 10:
            pass
    finally:
        stop.set()
        for thread in writers:
            thread.join()
    now = rows_of(house)
    for turn, backup in enumerate(made):
        target = Settings(data_dir=tmp_path / f"destino-{turn}")
        answer = restore_backup(target, tmp_path / f"{turn}.tar", "operador")
        assert isinstance(answer, Restored), answer
        assert (answer.failures, answer.lacking) == ([], [])
        again = open_house(target, house.clock)
        then = rows_of(again)
        then["audit_events"].pop()
        for name in ("audit_events", "case_events", "blobs", "receptions", "documents", "cases"):
            assert set(then[name]) <= set(now[name])
        events = len(then["audit_events"])
        assert then["audit_events"] == now["audit_events"][:events]
        assert backup.rows["audit_events"] == events
        received = sum('"case.receive"' in line for line in then["audit_events"])
        assert received == len(then["cases"])
        assert set(again.blobs.names()) == {line.split('"sha256":"')[1][:64] for line in then["blobs"]}
        assert verify_archive(again)[1] == []
        close(again)
    assert made[0].rows["cases"] < len(now["cases"])


def test_a_later_backup_copies_only_what_is_new(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    fill(house, clock)
    first = make_backup(house, tmp_path / "1.tar", "operador")
    hand_in(house, ("dos.pdf", b"%PDF-1.7 dos"))
    second = make_backup(house, tmp_path / "2.tar", "operador", tmp_path / "1.tar")
    hand_in(house, ("tres.pdf", b"%PDF-1.7 tres"))
    third = make_backup(house, tmp_path / "3.tar", "operador", tmp_path / "2.tar")
    assert first.copied == first.blobs
    assert (second.copied, third.copied) == (1, 1)
    assert third.blobs == first.blobs + 2
    target = Settings(data_dir=tmp_path / "destino")
    assert isinstance(restore_backup(target, tmp_path / "3.tar", "operador"), Restored)
    again = open_house(target, clock)
    after = rows_of(again)
    after["audit_events"].pop()
    assert after == rows_of(house)
    assert set(again.blobs.names()) == set(house.blobs.names())


def test_a_backup_without_its_base_is_refused(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    make_backup(house, tmp_path / "1.tar", "operador")
    make_backup(house, tmp_path / "2.tar", "operador", tmp_path / "1.tar")
    (tmp_path / "1.tar").unlink()
    assert codes(tmp_path, tmp_path / "2.tar") == ["BACKUP_BASE_MISSING"]
    make_backup(house, tmp_path / "1.tar", "operador")  # another one under the same name
    assert codes(tmp_path, tmp_path / "2.tar") == ["BACKUP_BASE_MISSING"]


def codes(tmp_path: Path, path: Path) -> list[str]:
    """What keeps a backup from being restored; nothing may be left by it."""
    target = Settings(data_dir=tmp_path / "intento")
    answer = restore_backup(target, path, "operador")
    if isinstance(answer, Restored):
        return []
    if (tmp_path / "intento").exists():
        house = open_house(target, Clock())
        with house.database.reading() as session:
            assert session.scalar(text("SELECT count(*) FROM cases")) == 0
            assert session.scalar(text("SELECT count(*) FROM audit_events")) == 0
        close(house)
        shutil.rmtree(tmp_path / "intento")
    assert all("Por favor" in found.message for found in answer)
    return [found.code for found in answer]


def test_a_service_that_has_data_is_never_overwritten(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    make_backup(house, tmp_path / "r.tar", "operador")
    before = rows_of(house)
    answer = restore_backup(house.settings, tmp_path / "r.tar", "operador")
    assert not isinstance(answer, Restored)
    assert [found.code for found in answer] == ["BACKUP_NOT_EMPTY"]
    assert rows_of(house) == before
    with pytest.raises(FileExistsError):
        make_backup(house, tmp_path / "r.tar", "operador")


def test_other_keys_are_never_overwritten(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    make_backup(house, tmp_path / "r.tar", "operador")
    target = Settings(data_dir=tmp_path / "destino")
    other = open_house(target, clock).keys.issuing.key_id
    answer = restore_backup(target, tmp_path / "r.tar", "operador")
    assert not isinstance(answer, Restored)
    assert [found.code for found in answer] == ["BACKUP_NOT_EMPTY"]
    assert open_house(target, clock).keys.issuing.key_id == other


def test_whatever_part_is_damaged_nothing_is_restored(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    hand_in(house, ("carta.pdf", b"%PDF-1.7 " + b"carta" * 300))
    make_backup(house, tmp_path / "r.tar", "operador")
    whole = (tmp_path / "r.tar").read_bytes()
    for name, place in _places(tmp_path / "r.tar"):
        spoilt = tmp_path / "malo.tar"
        spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert codes(tmp_path, spoilt) in (["BACKUP_CHANGED"], ["BACKUP_UNREADABLE"]), name
    for length in (0, 100, 513, len(whole) // 3, len(whole) - 11000):
        spoilt.write_bytes(whole[:length])
        assert codes(tmp_path, spoilt) in (["BACKUP_CHANGED"], ["BACKUP_UNREADABLE"]), length
    assert codes(tmp_path, tmp_path / "r.tar") == []


def _places(path: Path) -> Iterator[tuple[str, int]]:
    """Two places of every file inside whose change matters."""
    with tarfile.open(path) as tar:
        for entry in tar:
            if entry.size > 2 and entry.name not in {"inicio.json", "fin.json"}:
                yield entry.name, entry.offset_data + entry.size // 2
            yield entry.name, entry.offset  # the name itself


def test_what_cannot_be_read_is_named_and_the_rest_is_saved(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    fill(house, clock)
    with house.database.reading() as session:
        name = str(session.scalar(text("SELECT sha256 FROM receptions")))
    (house.settings.data_dir / "blobs" / name[:2] / name[2:4] / name).unlink()
    made = make_backup(house, tmp_path / "r.tar", "operador")
    assert made.damaged == [name]
    answer = restore_backup(Settings(data_dir=tmp_path / "destino"), tmp_path / "r.tar", "operador")
    assert isinstance(answer, Restored), answer
    assert answer.lacking == [name]


def test_a_backup_that_fails_leaves_no_file(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_demo_house(tmp_path, clock)
    hand_in(house, ("carta.pdf", b"%PDF-1.7 carta"))

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(house.blobs), "read", fail)
    with pytest.raises(OSError, match="No space left"):
        make_backup(house, tmp_path / "r.tar", "operador")
    assert [each.name for each in tmp_path.iterdir()] == ["datos"]


def test_a_backup_is_read_by_any_tar(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock)
    assert copy_new_blobs(house) == 0
    make_backup(house, tmp_path / "r.tar", "operador")
    with tarfile.open(tmp_path / "r.tar") as tar:
        names = tar.getnames()
    with open_backup(tmp_path / "r.tar") as members:
        assert [member.name for member in members] == names
    assert names[0] == "inicio.json"
    assert names[-1] == "fin.json"
