"""Rounds of checking: on read, on schedule and on demand; what is found is named once, alarmed and mended."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from operations import archive_rounds
from operations.alarm_mails import mail_findings
from operations.archive import find_documents, get_document
from operations.archive_rounds import copy_new_blobs, finish_asked, keep_checking
from operations.archive_state import view_archive_state
from operations.audit_seals import seal_day, verify_trail
from operations.fixity import advance_round, begin_round, check_everything
from operations.house import House
from storage.archive_tables import FindingRow, FixityRoundRow
from storage.blobs import BlobChangedError, LocalBlobs
from storage.mail_tables import MailRow
from storage.schema import AuditEventRow
from tests.operations_samples import Clock, hand_in, open_demo_house
from tests.storage_samples import new_bucket, new_postgres


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["folder", "bucket"])
def house(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock,
          monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:  # fmt: skip
    """A house with a second copy in a folder or a bucket."""
    copy = f"file://{tmp_path / 'copia'}"
    if request.param == "bucket":
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
        copy = new_bucket(request.getfixturevalue("s3_endpoint"))
    house = open_demo_house(tmp_path, clock, copy_url=copy, alarm_email="archivo@iess.example")
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def received(house: House, count: int = 1) -> list[str]:
    """The names of the originals of so many receptions."""
    numbers = [hand_in(house, (f"{place}.pdf", b"%PDF-1.7 papel " + bytes([65 + place]) * 999))
               for place in range(count)]  # fmt: skip
    query = "SELECT sha256 FROM receptions WHERE case_number = :number"
    with house.database.reading() as session:
        return [str(session.scalar(text(query), {"number": number})) for number in numbers]


def blob_path(house: House, name: str) -> Path:
    return house.settings.data_dir / "blobs" / name[:2] / name[2:4] / name


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def actions(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(AuditEventRow.action).order_by(AuditEventRow.sequence)))


def findings(house: House) -> list[FindingRow]:
    with house.database.reading() as session:
        return list(session.scalars(select(FindingRow).order_by(FindingRow.id)))


def test_new_bytes_follow_into_the_second_copy_once(house: House) -> None:
    name = received(house)[0]
    assert copy_new_blobs(house) >= 1
    assert copy_new_blobs(house) == 0
    assert house.blobs.copy is not None
    assert house.blobs.copy.get(name) == house.blobs.get(name)


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_damaged_document_is_mended_when_it_is_read(house: House, harm: str) -> None:
    name = received(house)[0]
    copy_new_blobs(house)
    good = house.blobs.get(name)
    path = blob_path(house, name)
    if harm == "changed":
        flip_a_bit(path)
    else:
        path.unlink()
    (found,) = [item for item in find_documents(house, "", "archivo") if item.kind == "original"]
    answer = get_document(house, found.id, "archivo")
    assert answer is not None
    assert answer[1] == good == path.read_bytes()
    (finding,) = findings(house)
    assert (finding.subject, finding.kind, finding.repaired) == (name, harm, True)
    assert finding.resolved_at is not None
    assert "fixity.repair" in actions(house)
    assert view_archive_state(house).open == ()


def test_what_no_copy_has_is_refused_and_alarmed_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    name = received(house)[0]
    flip_a_bit(blob_path(house, name))
    for _ in range(2):
        with pytest.raises(BlobChangedError), caplog.at_level(logging.ERROR):
            house.blobs.get(name)
    assert name in caplog.text
    assert [(row.subject, row.kind, row.resolved_at) for row in findings(house)] == [(name, "changed", None)]
    assert actions(house).count("fixity.alarm") == 1
    assert [row.subject for row in view_archive_state(house).open] == [name]


def test_a_finding_is_settled_when_the_bytes_are_back(house: House) -> None:
    name = received(house)[0]
    good = house.blobs.get(name)
    blob_path(house, name).unlink()
    assert [failure.kind for failure in check_everything(house, "archivo")[1]] == ["missing"]
    house.blobs.put([good])
    assert check_everything(house, "archivo")[1] == []
    assert view_archive_state(house).open == ()
    assert "fixity.settled" in actions(house)


def test_a_damaged_second_copy_is_written_anew(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock, copy_url=f"file://{tmp_path / 'copia'}")
    name = received(house)[0]
    copy_new_blobs(house)
    path = tmp_path / "copia" / name[:2] / name[2:4] / name
    flip_a_bit(path)
    (failure,) = check_everything(house, "archivo")[1]
    assert (failure.blob, failure.place, failure.repaired) == (name, "copy", True)
    assert path.read_bytes() == house.blobs.get(name)
    assert check_everything(house, "archivo")[1] == []


def test_a_damage_in_both_places_is_told_of_both(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock, copy_url=f"file://{tmp_path / 'copia'}")
    name = received(house)[0]
    copy_new_blobs(house)
    flip_a_bit(blob_path(house, name))
    flip_a_bit(tmp_path / "copia" / name[:2] / name[2:4] / name)
    failures = check_everything(house, "archivo")[1]
    assert {(failure.place, failure.repaired) for failure in failures} == {
        ("archive", False),
        ("copy", False),
    }
    assert len(view_archive_state(house).open) == 2


def test_a_round_goes_on_where_it_was_broken_off(house: House) -> None:
    received(house, 5)
    number = begin_round(house, "archivo")
    first = advance_round(house, number, limit=2)
    assert (first.blobs, first.phase) == (2, "blobs")
    again = dataclasses.replace(house, blobs=house.blobs)  # another process: nothing but the database
    assert advance_round(again, number, limit=2).blobs == 4
    assert finish_asked(again, 60.0)
    with house.database.reading() as session:
        row = session.get_one(FixityRoundRow, number)
        there = session.scalar(text("SELECT count(*) FROM blobs"))
    assert (row.blobs, row.cases, row.failures) == (there, 5, 0)
    assert row.finished_at is not None


def test_two_who_check_the_same_slice_count_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    received(house, 3)
    number = begin_round(house, "archivo")
    seen = []

    def meanwhile(inspected: str) -> tuple[int, None]:
        if not seen:
            seen.append(inspected)
            LocalBlobs(house.settings.data_dir / "blobs")
            advance_round(house, number, limit=2)
        return inspect(inspected)  # type: ignore[return-value]

    inspect = house.blobs.inspect
    monkeypatch.setattr(type(house.blobs), "inspect", lambda _self, name: meanwhile(name))
    assert advance_round(house, number, limit=2).blobs == 2


def test_the_archive_is_read_through_within_the_days_set(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock, fixity_days=10)  # type: ignore[arg-type]
    received(house, 20)
    keep_checking(house, 60.0)
    with house.database.reading() as session:
        there = session.scalar(text("SELECT count(*) FROM blobs"))
    half = []
    for _ in range(10):
        clock.pass_time(days=1)
        keep_checking(house, 60.0)
        with house.database.reading() as session:
            half.append(session.scalars(select(FixityRoundRow).order_by(FixityRoundRow.id)).first())
    assert half[-1].finished_at is not None
    assert half[-1].finished_at <= half[-1].due_at
    assert half[-1].blobs == there
    assert [row.by for row in half][-1] == "sistema"


def test_the_next_round_begins_when_the_days_are_over(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock, fixity_days=1)  # type: ignore[arg-type]
    received(house, 2)
    for _ in range(3):
        keep_checking(house, 60.0)
        clock.pass_time(days=1)
    with house.database.reading() as session:
        rounds = session.scalars(select(FixityRoundRow)).all()
    assert len(rounds) == 2
    assert len({row.started_at for row in rounds}) == 2


def test_no_days_means_no_schedule(tmp_path: Path, clock: Clock) -> None:
    house = open_demo_house(tmp_path, clock, fixity_days=0)  # type: ignore[arg-type]
    assert keep_checking(house, 1.0) is False
    assert view_archive_state(house).rounds == ()


def test_bytes_that_just_came_are_nobodys_only_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.blobs.put([b"bytes whose row is about to be written"])
    number = begin_round(house, "sistema", scheduled=True)
    while not advance_round(house, number).is_done:
        pass
    assert findings(house) == []
    monkeypatch.setattr(type(house.blobs), "age", lambda _self, _name: 7200.0)
    number = begin_round(house, "sistema", scheduled=True)
    while not advance_round(house, number).is_done:
        pass
    assert [row.kind for row in findings(house)] == ["foreign"]


def test_findings_are_mailed_together_and_once(house: House) -> None:
    for name in received(house, 3):
        blob_path(house, name).unlink()
    check_everything(house, "archivo")
    assert mail_findings(house) is not None
    assert mail_findings(house) is None
    with house.database.reading() as session:
        (mail,) = session.scalars(select(MailRow)).all()
    assert mail.recipient == "archivo@iess.example"
    assert sum("Falta el documento" in line for line in mail.body["paragraphs"]) == 3


def test_the_rounds_outlive_a_store_that_is_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []

    def fail(_house: House) -> None:
        turns.append("failed")
        if len(turns) == 1:
            raise ConnectionError("away")

    monkeypatch.setattr(archive_rounds, "_TICK_SECONDS", 0.01)
    monkeypatch.setattr(archive_rounds, "seal_day", fail)
    name = received(house)[0]
    with archive_rounds.kept_archive(house):
        assert house.blobs.copy is not None
        while name not in set(house.blobs.copy.names()):
            pass
    assert len(turns) > 1


def test_postgresql_is_checked_the_same_way(tmp_path: Path, clock: Clock, postgres_url: str) -> None:
    with new_postgres(postgres_url) as url:
        house = open_demo_house(
            tmp_path,
            clock,
            database_url=url,
            copy_url=f"file://{tmp_path / 'copia'}",
            alarm_email="a@b.example",
        )
        mended, lost = received(house, 2)
        copy_new_blobs(house)
        flip_a_bit(blob_path(house, mended))
        blob_path(house, lost).unlink()
        (tmp_path / "copia" / lost[:2] / lost[2:4] / lost).unlink()
        failures = {(each.blob, each.place, each.repaired) for each in check_everything(house, "archivo")[1]}
        assert (mended, "archive", True) in failures
        assert {(lost, "archive", False), (lost, "copy", False)} <= failures
        assert mail_findings(house) is not None
        clock.pass_time(days=1)
        assert seal_day(house) is not None
        assert verify_trail(house).is_whole
        keep_checking(house, 30.0)
        assert any(row.scheduled for row in view_archive_state(house).rounds)
        house.database.engine.dispose()
        house.jobs.engine.dispose()
