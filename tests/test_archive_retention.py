"""Retention: nothing ends before its term, under a hold, by one person, or by SQL; what ended is proved."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Float, Integer, Table, func, insert, select
from sqlalchemy.exc import DatabaseError

from operations.archive import find_documents, get_document
from operations.archive_rounds import copy_new_blobs
from operations.backup import make_backup
from operations.casework import Refusal
from operations.derivatives import derive_case
from operations.disposal import agree_disposal, propose_disposal, reject_disposal, remove_disposed_bytes
from operations.fixity import check_everything
from operations.house import House
from operations.indexing import DERIVED, READ_PICTURES
from operations.packages import inspect_case
from operations.papers import PAPER_TITLES
from operations.regenerating import regenerate_case
from operations.restore import Restored, restore_backup
from operations.retention import due_cases, is_held, lift_hold, place_hold
from operations.retention_schedules import (
    ScheduleError,
    load_schedules,
    parse_schedules,
)
from operations.retention_views import certificate_of, view_proposal, view_retention
from operations.settings import Settings
from operations.users import User, UserRole
from operations.verification import verify_archive
from storage.blobs import BlobDisposedError, LocalBlobs
from storage.derivative_tables import PageTextRow
from storage.disposed import is_gone
from storage.retention_tables import (
    DisposalItemRow,
    DisposalRow,
    DisposalVerdictRow,
    DisposedDocumentRow,
    HoldRow,
)
from storage.schema import AuditEventRow, Base, BlobRow, DocumentRow, Instant
from storage.triggers import APPEND_ONLY, GUARDED_ELSEWHERE, NEVER_DELETED, PASSING
from tests.operations_samples import Clock, accepted, hand_in, open_demo_house, received_and_read, state_of
from tests.storage_samples import ENGINES, new_postgres

WHY = "Plazo cumplido según la tabla"
YEARS = 15
OURS = "append-only|never overwritten|document only|page only|dispos"
"""What our triggers say; a refusal by a foreign key would prove nothing."""


def person(name: str, role: UserRole) -> User:
    return User(name, name, role)


ARCHIVIST = person("archivo", UserRole.ARCHIVIST)
SUPERVISOR = person("supervision", UserRole.SUPERVISOR)
AUDITOR = person("auditoria", UserRole.AUDITOR)
CLERK = person("ventanilla", UserRole.CLERK)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house with a second copy; the database is of either kind."""
    copy = f"file://{tmp_path / 'copia'}"
    if request.param == "sqlite":
        house = open_demo_house(tmp_path, clock, copy_url=copy)
        yield house
    else:
        with new_postgres(request.getfixturevalue("postgres_url")) as url:
            house = open_demo_house(tmp_path, clock, database_url=url, copy_url=copy)
            yield house
            house.database.engine.dispose()
            house.jobs.engine.dispose()
            return
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def archived(house: House) -> str:
    """A case that was rebuilt and archived, with its derivatives and in the second copy."""
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    derive_case(house, number)
    copy_new_blobs(house)
    return number


def due(house: House) -> list[str]:
    with house.database.reading() as session:
        return [each.case for each in due_cases(house, session, house.today())]


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def proposed(house: House, *cases: str) -> str:
    answer = propose_disposal(house, cases, WHY, ARCHIVIST)
    assert isinstance(answer, str), answer
    return answer


def disposed(house: House, number: str) -> str:
    """The number of the disposal by which the case's papers ended, bytes and all."""
    disposal = proposed(house, number)
    assert agree_disposal(house, disposal, WHY, SUPERVISOR) is None
    remove_disposed_bytes(house, quiet_seconds=0.0)
    return disposal


def originals(house: House, number: str) -> list[DocumentRow]:
    query = select(DocumentRow).where(DocumentRow.case_number == number, DocumentRow.kind == "original")
    with house.database.reading() as session:
        return list(session.scalars(query))


def stored(house: House) -> set[str]:
    return set(house.blobs.names())


def copied(house: House) -> set[str]:
    assert isinstance(house.blobs.copy, LocalBlobs)
    return set(house.blobs.copy.names())


def test_a_case_ends_by_two_people_and_leaves_its_tombstone(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    assert due(house) == [], "its term has not passed"
    clock.pass_time(days=365.25 * YEARS + 1)
    assert due(house) == [number]
    disposal = disposed(house, number)
    assert due(house) == []

    view = view_proposal(house, disposal)
    assert view is not None
    assert (view.removed, view.shared) == (view.contents, 0)
    for place in (stored(house), copied(house)):
        assert original.sha256 not in place
    with pytest.raises(BlobDisposedError):
        get_document(house, original.id, "archivo")
    kept = {document.kind for document in documents_alive(house, number)}
    assert kept == {"sheet", "sheet-comparison", "sheet-csv", "sheet-json", "comparison-csv",
                    "comparison-json"} | (kept & {"reserve-fund-sheet"})  # fmt: skip
    with house.database.reading() as session:
        assert session.get(DocumentRow, original.id) is not None, "the row and its hash stay"
        ended = select(DisposedDocumentRow.document_id)
        assert not session.scalar(
            select(func.count()).select_from(PageTextRow).where(PageTextRow.document_id.in_(ended))
        )
    assert number in {found.case for found in find_documents(house, number, "archivo")}
    assert verify_archive(house)[1] == [], "fixity knows it as disposed of"
    assert check_everything(house, "archivo")[1] == []
    with pytest.raises(BlobDisposedError):
        inspect_case(house, number)


def documents_alive(house: House, number: str) -> list[DocumentRow]:
    query = select(DocumentRow).where(
        DocumentRow.case_number == number,
        DocumentRow.id.not_in(select(DisposedDocumentRow.document_id)),
    )
    with house.database.reading() as session:
        return list(session.scalars(query))


def test_the_certificate_is_sealed_and_says_who_and_what(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    clock.pass_time(days=365.25 * YEARS + 1)
    disposal = disposed(house, number)
    pdf = certificate_of(house, disposal, "auditoria")
    assert pdf is not None
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 1
    from_text = text_of(pdf)
    for words in (
        disposal,
        "archivo",
        "supervision",
        number,
        original.sha256[:32],
        original.sha256[32:],
        WHY,
    ):
        assert words in from_text, words
    with house.database.reading() as session:
        verdict = session.get_one(DisposalVerdictRow, disposal)
        blob = session.get_one(BlobRow, verdict.certificate)
        told = session.scalars(select(AuditEventRow).where(AuditEventRow.action == "disposal.agree")).one()
    assert blob.size == len(pdf)
    assert told.data["proposed_by"] == "archivo"
    assert told.actor == "supervision"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_one_person_is_not_enough_whatever_the_role(house: House, clock: Clock) -> None:
    number = archived(house)
    clock.pass_time(days=365.25 * YEARS + 1)
    disposal = proposed(house, number)
    assert refused(propose_disposal(house, [number], WHY, ARCHIVIST)) == "NOT_DUE", "it is proposed already"
    for by in (CLERK, ARCHIVIST):
        assert refused(agree_disposal(house, disposal, WHY, by)) == "NOT_YOURS"
    promoted = person("archivo", UserRole.SUPERVISOR)
    assert refused(agree_disposal(house, disposal, WHY, promoted)) == "SAME_PERSON"
    assert refused(agree_disposal(house, disposal, "sí", AUDITOR)) == "REASON_MISSING"
    for by in (CLERK, SUPERVISOR, AUDITOR):
        assert refused(propose_disposal(house, [number], WHY, by)) == "NOT_YOURS"
    before = stored(house)
    assert reject_disposal(house, disposal, "Falta revisar los anexos", AUDITOR) is None
    assert refused(agree_disposal(house, disposal, WHY, SUPERVISOR)) == "DECIDED"
    assert stored(house) == before
    assert due(house) == [number], "what was rejected is on the list again"


def test_a_hold_keeps_a_case_until_it_is_lifted(house: House, clock: Clock) -> None:
    number = archived(house)
    clock.pass_time(days=365.25 * YEARS + 1)
    disposal = proposed(house, number)
    assert refused(place_hold(house, number, "Juicio 17230", AUDITOR)) == "NOT_YOURS"
    assert refused(place_hold(house, number, "   ", ARCHIVIST)) == "REASON_MISSING"
    assert place_hold(house, number, "Juicio 17230-2041-00012", SUPERVISOR) is None
    assert refused(agree_disposal(house, disposal, WHY, AUDITOR)) == "HELD"
    assert reject_disposal(house, disposal, "Hay un juicio en curso", ARCHIVIST) is None
    assert due(house) == []
    assert refused(propose_disposal(house, [number], WHY, ARCHIVIST)) == "NOT_DUE"
    (hold,) = view_retention(house).held
    assert lift_hold(house, hold.id, "El juicio terminó en 2043", ARCHIVIST) is None
    assert refused(lift_hold(house, hold.id, "Otra vez lo mismo", ARCHIVIST)) == "HOLD_LIFTED"
    with house.database.reading() as session:
        assert not is_held(session, number)
        told = session.scalars(
            select(AuditEventRow.action)
            .where(AuditEventRow.subject == number)
            .order_by(AuditEventRow.sequence)
        ).all()
    assert [action for action in told if action.startswith("hold.")] == ["hold.place", "hold.lift"]
    assert due(house) == [number]


def test_bytes_of_a_case_that_lives_stay(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    data = house.blobs.get(original.sha256)
    clock.pass_time(days=365.25 * YEARS + 1)
    other = hand_in(house, ("otra vez.pdf", data))
    disposal = disposed(house, number)
    assert house.blobs.get(original.sha256) == data
    row, got = get_document(house, originals(house, other)[0].id, "archivo") or (None, b"")
    assert row is not None
    assert got == data
    view = view_proposal(house, disposal)
    assert view is not None
    assert view.shared == 1
    assert verify_archive(house)[1] == []


def test_the_same_bytes_may_come_again(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    data = house.blobs.get(original.sha256)
    clock.pass_time(days=365.25 * YEARS + 1)
    disposed(house, number)
    hand_in(house, ("otra vez.pdf", data))
    assert house.blobs.get(original.sha256) == data
    remove_disposed_bytes(house, quiet_seconds=0.0)
    assert house.blobs.get(original.sha256) == data
    assert verify_archive(house)[1] == []


def test_bytes_stored_a_moment_ago_are_left_alone(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    clock.pass_time(days=365.25 * YEARS + 1)
    assert agree_disposal(house, proposed(house, number), WHY, AUDITOR) is None
    assert original.sha256 in stored(house), "the file system's clock says they are fresh"
    assert verify_archive(house)[1] == [], "what waits to be removed is no finding"
    assert remove_disposed_bytes(house) == 0
    assert remove_disposed_bytes(house, quiet_seconds=0.0) > 0
    assert remove_disposed_bytes(house, quiet_seconds=0.0) == 0
    assert original.sha256 not in stored(house)


def test_what_comes_back_behind_our_back_is_found(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    data = house.blobs.get(original.sha256)
    clock.pass_time(days=365.25 * YEARS + 1)
    disposed(house, number)
    house.blobs.put([data])
    (found,) = verify_archive(house)[1]
    assert (found.blob, found.kind) == (original.sha256, "foreign")
    assert "Volvió a aparecer" in found.message


def test_a_backup_has_the_tombstones_and_not_the_bytes(house: House, clock: Clock, tmp_path: Path) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    early = tmp_path / "antes.tar"
    make_backup(house, early, "operador")
    clock.pass_time(days=365.25 * YEARS + 1)
    assert place_hold(house, number, "Auditoría externa 2041", ARCHIVIST) is None
    assert lift_hold(house, view_retention(house).held[0].id, "Auditoría terminada", ARCHIVIST) is None
    clock.pass_time(seconds=1)
    disposed(house, number)
    clock.pass_time(seconds=1)
    assert place_hold(house, number, "Retención de lo que queda", ARCHIVIST) is None
    late = tmp_path / "después.tar"
    made = make_backup(house, late, "operador", since=early)
    assert made.damaged == []
    target = Settings(data_dir=tmp_path / "restaurado")
    restored = restore_backup(target, late, "operador")
    assert isinstance(restored, Restored)
    assert restored.failures == []
    assert not (
        target.data_dir / "blobs" / original.sha256[:2] / original.sha256[2:4] / original.sha256
    ).exists()


def test_nothing_of_any_table_can_be_deleted_by_sql(house: House, clock: Clock) -> None:
    """Every table, with at least one row in each: refused, or named as one whose rows pass."""
    number = archived(house)
    clock.pass_time(days=365.25 * YEARS + 1)
    assert place_hold(house, number, "Auditoría externa 2041", ARCHIVIST) is None
    assert lift_hold(house, view_retention(house).held[0].id, "Auditoría terminada", ARCHIVIST) is None
    clock.pass_time(seconds=1)
    disposed(house, number)
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    told = (*APPEND_ONLY, *NEVER_DELETED, *PASSING, *GUARDED_ELSEWHERE)
    assert sorted(told) == sorted(tables), "each table is told of once"
    fill_empty(house)
    for name in set(tables) - set(PASSING):
        column = next(iter(tables[name].columns)).name
        attempts = [f"DELETE FROM {name}"]
        if house.database.engine.dialect.name == "postgresql":
            attempts.append(f"TRUNCATE {name} CASCADE")
        else:
            attempts.append(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")
        if name in APPEND_ONLY:
            attempts.append(f"UPDATE {name} SET {column} = {column}")
        for attempt in attempts:
            with pytest.raises(DatabaseError, match=OURS), house.database.transaction() as session:
                session.connection().exec_driver_sql(attempt)
                raise AssertionError(f"it let through: {attempt}")


def fill_empty(house: House) -> None:
    """One row in each table that has none, so that row triggers have something to refuse."""
    with house.database.transaction() as session:
        for table in Base.metadata.sorted_tables:
            if not session.scalar(select(func.count()).select_from(table)):
                session.execute(
                    insert(table).values({c.name: filler(session, table, c) for c in table.columns})
                )


def filler(session: Any, table: Table, column: Any) -> Any:
    for key in column.foreign_keys:
        query = select(key.column).limit(1)
        if key.column.table.name == "documents":  # what is of a disposed one may go with it
            query = query.where(key.column.not_in(select(DisposedDocumentRow.document_id)))
        return session.scalar(query)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat("2026-11-23T12:00:00-05:00")
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer | Float):
        return 1
    fillers: dict[type, Any] = {dict: [], list: [], bytes: b"x"}
    return fillers.get(column.type.python_type, "x")


def test_the_database_refuses_a_disposal_out_of_order(house: House, clock: Clock) -> None:
    number = archived(house)
    (original,) = originals(house, number)
    clock.pass_time(days=365.25 * YEARS + 1)
    disposal = proposed(house, number)
    tombstone = {
        "document_id": original.id, "disposal": disposal, "case_number": number,
        "sha256": original.sha256, "disposed_at": house.now(),
    }  # fmt: skip
    verdict = {
        "disposal": disposal, "verdict": "agreed", "reason": WHY, "decided_at": house.now(),
        "decided_by": "archivo", "certificate": original.sha256, "document_id": original.id,
    }  # fmt: skip
    for table, values in (
        (DisposedDocumentRow, tombstone),  # nobody agreed
        (DisposalVerdictRow, verdict),  # by who proposed it
        (DisposalVerdictRow, verdict | {"decided_by": "otra", "certificate": None}),
        (DisposalVerdictRow, verdict | {"decided_by": "otra", "verdict": "quizá"}),
        (HoldRow, {"case_number": number, "reason": " ", "placed_at": house.now(), "placed_by": "x"}),
    ):
        with pytest.raises(DatabaseError), house.database.transaction() as session:
            session.execute(insert(table).values(values))
    assert place_hold(house, number, "Juicio 17230-2041-00012", SUPERVISOR) is None
    with pytest.raises(DatabaseError), house.database.transaction() as session:
        session.execute(insert(DisposalVerdictRow).values(verdict | {"decided_by": "otra"}))
    hold = view_retention(house).held[0]
    assert lift_hold(house, hold.id, "El juicio terminó", SUPERVISOR) is None
    clock.pass_time(seconds=1)
    assert agree_disposal(house, disposal, WHY, SUPERVISOR) is None
    with pytest.raises(DatabaseError), house.database.transaction() as session:
        row = session.scalars(select(DisposalItemRow).limit(1)).one()
        sheet = next(each for each in documents_alive(house, number) if each.kind == "sheet")
        values = {"disposal": disposal, "document_id": sheet.id, "case_number": number,
                  "schedule": row.schedule, "closed": row.closed, "due": row.due}  # fmt: skip
        session.execute(insert(DisposalItemRow).values(values))


def test_a_forged_disposal_is_found(house: House, clock: Clock) -> None:
    """Who has SQL and invents two people is met by the trail."""
    number = archived(house)
    (original,) = originals(house, number)
    clock.pass_time(seconds=1)
    with house.database.transaction() as session:
        now = house.now()
        session.execute(
            insert(DisposalRow).values(number="BAJA-0", reason="x", proposed_at=now, proposed_by="a")
        )
        session.execute(
            insert(DisposalItemRow).values(
                disposal="BAJA-0", document_id=original.id, case_number=number, schedule="originals",
                closed="2026-01-01", due="2026-01-01",
            )
        )  # fmt: skip
        session.execute(
            insert(DisposalVerdictRow).values(
                disposal="BAJA-0", verdict="agreed", reason="x", decided_at=now, decided_by="b",
                certificate=original.sha256, document_id=original.id,
            )
        )  # fmt: skip
        session.execute(
            insert(DisposedDocumentRow).values(
                document_id=original.id, disposal="BAJA-0", case_number=number, sha256=original.sha256,
                disposed_at=now,
            )
        )  # fmt: skip
    messages = [failure.message for failure in verify_archive(house)[1]]
    assert "El documento consta como eliminado y no hay acta de ello." in messages


def test_every_kind_of_document_has_one_schedule() -> None:
    kinds = [kind for schedule in load_schedules() for kind in schedule.kinds]
    assert sorted(kinds) == sorted(
        {"original", "reception-receipt", "return-notice", *DERIVED, *READ_PICTURES, *PAPER_TITLES}
    )
    for schedule in load_schedules():
        assert schedule.reference
        assert schedule.why


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_a_term_is_never_a_day_short(closed: date) -> None:
    schedule = next(each for each in load_schedules() if each.years)
    day = schedule.due_on(closed)
    assert day is not None
    assert (day.year - closed.year, (day.month, day.day) >= (closed.month, closed.day)) == (
        schedule.years,
        True,
    )


@pytest.mark.parametrize(
    "change", [{"years": 0}, {"action": "burn"}, {"extra": 1}, {"confidence": "maybe"}, {"years": -3}]
)
def test_a_broken_schedule_is_refused(change: dict[str, Any]) -> None:
    good = {
        "name": "a", "title": "A", "kinds": ["original"], "action": "dispose", "years": 1,
        "reference": "norma", "confidence": "guess", "why": "x",
    }  # fmt: skip
    assert parse_schedules({"schedules": [good]})
    with pytest.raises(ScheduleError):
        parse_schedules({"schedules": [good | change]})
    with pytest.raises(ScheduleError):
        parse_schedules({"schedules": [good, good | {"name": "b"}]})


def test_gone_is_asked_of_the_database(house: House) -> None:
    archived(house)
    with house.database.reading() as session:
        assert session.scalars(select(BlobRow.sha256).where(is_gone())).all() == []
