"""The sealed heads, and the trail as a file: whatever byte of it is changed, it is found without us."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient
from sqlalchemy import select, text

from operations.archive import find_documents, get_document
from operations.audit_seals import export_trail, public_keys, seal_day, sealed_heads, verify_trail
from operations.fixity import check_everything
from operations.house import House, open_house
from operations.issuing import issued_pdf
from operations.keys import add_key
from operations.settings import Settings
from operations.window import view_case
from storage.archive_tables import SealedHeadRow
from storage.audit import BEGINNING, chain_hash, count_events
from storage.audit_export import is_sealed, read_public_keys, verify_export
from storage.schema import AuditEventRow
from tests.operations_samples import Clock, hand_in, issue_request, open_demo_house
from tests.test_operations_proof import in_secret
from web.application import make_application


def work_some_days(house: House, clock: Clock) -> str:
    """A case, and three days that were sealed; the case's number."""
    number = hand_in(house, ("papel.pdf", b"%PDF-1.7 papel"))
    for _ in range(3):
        clock.pass_time(days=1)
        assert seal_day(house) is not None
        view_case(house, number, "archivo")
    return number


def test_each_day_is_sealed_once(house: House, clock: Clock) -> None:
    work_some_days(house, clock)
    assert seal_day(house) is None
    heads = sealed_heads(house)
    assert [head["day"] for head in heads] == ["2026-11-25", "2026-11-24", "2026-11-23"]
    assert all(is_sealed(head, public_keys(house)) for head in heads)
    report = verify_trail(house)
    assert (report.seals, report.broken_seal, report.is_whole) == (3, None, True)


def test_a_trail_that_was_rewritten_from_end_to_end_is_found(house: House, clock: Clock) -> None:
    work_some_days(house, clock)
    in_secret(house, "UPDATE audit_events SET actor = 'nadie' WHERE sequence = 2")
    with house.database.transaction() as session:
        previous = BEGINNING
        for row in session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence)):
            row.previous = previous
            row.hash = previous = chain_hash(
                row.sequence, row.at, row.actor, row.action, row.subject, row.data, previous
            )
    report = verify_trail(house)
    assert report.first_broken is None  # the chain alone says nothing
    assert report.broken_seal == "2026-11-23"
    assert not report.is_whole
    assert {failure.blob for failure in check_everything(house, "archivo")[1]} == {"bitácora"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sealed_heads SET head = previous FROM audit_events WHERE sequence = 2",
        "UPDATE sealed_heads SET events = events - 1",
        "UPDATE sealed_heads SET day = '2020-01-01' WHERE day = '2026-11-24'",
        "UPDATE sealed_heads SET sealed_at = '2020-01-01T00:00:00.000000+00:00' WHERE day = '2026-11-24'",
        "UPDATE sealed_heads SET signature = replace(signature, 'a', 'b')",
        "UPDATE sealed_heads SET key = '00000000'",
        "DELETE FROM audit_events WHERE sequence > 3",
    ],
)
def test_a_seal_that_does_not_fit_is_found(house: House, clock: Clock, statement: str) -> None:
    work_some_days(house, clock)
    in_secret(house, statement)
    assert not verify_trail(house).is_whole


def test_seals_are_never_changed_by_sql(house: House, clock: Clock) -> None:
    work_some_days(house, clock)
    for statement in ("UPDATE sealed_heads SET head = ''", "DELETE FROM sealed_heads"):
        with pytest.raises(Exception, match="append-only"), house.database.transaction() as session:
            session.execute(text(statement))


def test_old_seals_hold_after_the_key_was_changed(house: House, clock: Clock) -> None:
    work_some_days(house, clock)
    add_key(house.settings.data_dir / "keys")
    newer = open_house(house.settings, clock)
    clock.pass_time(days=1)
    assert seal_day(newer) is not None
    assert len({head["key"] for head in sealed_heads(newer)}) == 2
    assert verify_trail(newer).is_whole


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Any]:
    """A small trail as a file, and the public keys from before."""
    clock = Clock()
    house = open_demo_house(tmp_path_factory.mktemp("trail"), clock)
    work_some_days(house, clock)
    return b"".join(export_trail(house, "auditor")), public_keys(house)


def broken(data: bytes, trusted: Any) -> bool:
    return verify_export(data.splitlines(keepends=True), trusted).broken_line is not None


def test_an_export_is_whole_and_its_last_event_is_the_exporting(exported: tuple[bytes, Any]) -> None:
    data, trusted = exported
    for keys in (trusted, None):
        report = verify_export(data.splitlines(keepends=True), keys)
        assert (report.broken_line, report.first_broken, report.seals) == (None, None, 3)
    assert json.loads(data.splitlines()[report.events])[3] == "audit.export"


def test_every_byte_of_an_export_counts(exported: tuple[bytes, Any]) -> None:
    data, trusted = exported
    assert len(data) > 3000
    whole = [place for place in range(len(data)) if not broken(flipped(data, place, 1), trusted)]
    assert whole == []


def flipped(data: bytes, place: int, bits: int) -> bytes:
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


@given(st.data())
def test_any_change_of_an_export_is_found(exported: tuple[bytes, Any], data: st.DataObject) -> None:
    whole, trusted = exported
    place = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 60))
    put = data.draw(st.binary(max_size=20))
    changed = whole[:place] + put + whole[place + length :]
    assert broken(changed, trusted) == (changed != whole)


def test_lines_that_change_places_or_go_are_found(exported: tuple[bytes, Any]) -> None:
    data, trusted = exported
    lines = data.splitlines(keepends=True)
    for place in range(len(lines) - 1):
        swapped = [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]
        assert verify_export(swapped, trusted).broken_line is not None
        assert verify_export([*lines[:place], *lines[place + 1 :]], trusted).broken_line is not None
    assert verify_export(lines[:-1], trusted).broken_line == len(lines)


def test_the_event_that_was_changed_is_named(exported: tuple[bytes, Any]) -> None:
    data, trusted = exported
    lines = data.splitlines(keepends=True)
    lines[4] = lines[4].replace(b"2026", b"2025", 1)
    report = verify_export(lines, trusted)
    assert (report.first_broken, report.broken_line) == (4, 5)


def test_a_trail_forged_with_other_keys_is_not_believed(exported: tuple[bytes, Any], tmp_path: Path) -> None:
    _, trusted = exported
    forger = open_house(Settings(data_dir=tmp_path), Clock())
    forged = list(export_trail(forger, "nadie"))
    assert verify_export(forged).broken_line is None
    assert verify_export(forged, trusted).broken_line is not None


def test_heads_and_keys_are_published_and_fit(house: House, clock: Clock) -> None:
    work_some_days(house, clock)
    with TestClient(make_application(house)) as client:
        heads = client.get("/.well-known/ventanilla-audit-heads.json").json()["heads"]
        keys = read_public_keys(client.get("/.well-known/ventanilla-keys.json").json())
        page = client.get("/verificar/bitacora").text
    assert len(heads) == 3
    assert all(is_sealed(head, keys) and head["head"] in page for head in heads)
    with house.database.reading() as session:
        assert {row.head for row in session.scalars(select(SealedHeadRow))} == {h["head"] for h in heads}


def test_whoever_reads_a_personal_document_is_written_down(house: House) -> None:
    number = hand_in(house, ("papel.pdf", b"%PDF-1.7 papel"))
    issued = issue_request(house)
    (found,) = [item for item in find_documents(house, "", "archivo") if item.case == number]
    for read in (
        lambda: view_case(house, number, "lector"),
        lambda: get_document(house, found.id, "lector"),
        lambda: issued_pdf(house, issued.document, "lector"),
        lambda: find_documents(house, "andina", "lector"),
        lambda: list(export_trail(house, "lector")),
    ):
        with house.database.reading() as session:
            before = count_events(session)
        read()
        with house.database.reading() as session:
            assert count_events(session) == before + 1
            last = session.get_one(AuditEventRow, before + 1)
        assert last.actor == "lector"
