"""The tables in both engines: append-only for everybody, numbers given once, writers that take turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from storage_samples import ENGINES, new_engine, prepared

from storage.concurrency import insert_once, next_serial, take_turns
from storage.database import Database, SchemaMismatchError, prepare_schema
from storage.schema import BlobRow, SchemaVersionRow, SheetRow
from storage.search import fold_words, index_document, search_documents, wanted_words
from storage.triggers import APPEND_ONLY

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=timezone(timedelta(hours=-5)))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with new_engine(request.param, tmp_path, server) as found:
        yield found


@pytest.fixture
def database(engine: Engine) -> Database:
    return prepared(engine)


WRITTEN = (
    "blobs",
    "receptions",
    "case_events",
    "readings",
    "documents",
    "audit_events",
    "sealed_heads",
    "imported_audit_events",
)
"""Tables of what a case leaves behind; ``test_archive_retention`` tries every table there is."""


def a_row_of_each(session: Session) -> None:
    """One row in each of these tables, made by hand so that each has what it needs."""
    at = "2026-11-23T14:41:00.000000+00:00"
    for statement in (
        f"INSERT INTO blobs VALUES ('ab', 3, 'text/plain', '{at}')",
        "INSERT INTO cases (number, office, state, version, received_at, received_by, ruc, branch, period, "
        f"answers) VALUES ('1', 'Quito', 'received', 1, '{at}', 'x', '', '', '', '{{}}')",
        "INSERT INTO receptions (id, case_number, place, name, sha256, received_at) "
        f"VALUES (1, '1', 1, 'a', 'ab', '{at}')",
        "INSERT INTO case_events (id, case_number, sequence, at, actor, event, data) "
        f"VALUES (1, '1', 1, '{at}', 'x', 'receive', '{{}}')",
        f"INSERT INTO readings (id, case_number, body, made_at) VALUES (1, '1', '{{}}', '{at}')",
        "INSERT INTO documents (id, case_number, kind, name, sha256, media_type, made_at) "
        f"VALUES (1, '1', 'original', 'a', 'ab', 'text/plain', '{at}')",
        f"INSERT INTO audit_events VALUES (1, '{at}', 'x', 'y', 'z', '{{}}', '0', '1')",
        f"INSERT INTO sealed_heads VALUES ('2026-11-23', 1, '1', '{at}', 'k', 's')",
        f"INSERT INTO imported_audit_events VALUES ('p', '1', 1, 1, '{at}', 'x', 'y', 'z', '{{}}', '0', '1')",
    ):
        session.execute(text(statement))


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_append_only_tables_refuse_change(database: Database, verb: str) -> None:
    with database.transaction() as session:
        a_row_of_each(session)
    assert set(WRITTEN) <= set(APPEND_ONLY)
    for table in WRITTEN:
        others = {"audit_events": "actor", "imported_audit_events": "actor", "sealed_heads": "head"}
        column = ({"blobs": "media_type"} | others).get(table, "id")
        value = "media_type" if table == "blobs" else column
        statement = f"DELETE FROM {table}" if verb == "DELETE" else f"UPDATE {table} SET {column} = {value}"
        with (
            pytest.raises(DatabaseError, match=f"{table} is append-only"),
            database.transaction() as session,
        ):
            session.execute(text(statement))
    with database.reading() as session:
        for table in WRITTEN:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 1


def test_append_only_tables_refuse_truncation(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    for table in APPEND_ONLY:
        with (
            pytest.raises(DatabaseError, match=f"{table} is append-only"),
            database.transaction() as session,
        ):
            session.execute(text(f"TRUNCATE {table} CASCADE"))


def a_sheet(database: Database) -> None:
    body = {"number": "2026-10-000123", "state": "generated", "total": "10.00"}
    with database.transaction() as session:
        session.add(
            SheetRow(
                number="2026-10-000123",
                ruc="1790010937001",
                branch="0001",
                period="2026-10",
                type="contributions",
                state="generated",
                body=body,
            )
        )


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE sheets SET body = '{"number": "2026-10-000123", "state": "generated", "total": "9.99"}'""",
        "UPDATE sheets SET period = '2026-09'",
        "UPDATE sheets SET made_by_case = 'Q-1'",
        "DELETE FROM sheets",
    ],
)
def test_a_sheet_is_never_overwritten(database: Database, statement: str) -> None:
    a_sheet(database)
    with (
        pytest.raises(DatabaseError, match="never overwritten"),
        database.transaction() as session,
    ):
        session.connection().exec_driver_sql(statement)


def test_a_sheet_becomes_replaced(database: Database) -> None:
    a_sheet(database)
    with database.transaction() as session:
        row = session.get_one(SheetRow, "2026-10-000123")
        row.state, row.replaced_by = "replaced", "2026-10-900001"
        row.body = row.body | {"state": "replaced"}
    with database.reading() as session:
        assert session.get_one(SheetRow, "2026-10-000123").body["total"] == "10.00"


def test_other_schema_version_is_refused(engine: Engine) -> None:
    prepare_schema(engine)
    prepare_schema(engine)
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE schema_version SET version = version + 1"))
    with pytest.raises(SchemaMismatchError, match="restore a backup"):
        prepare_schema(engine)


def test_programs_that_start_at_once_prepare_one_schema(engine: Engine) -> None:
    failures: list[BaseException] = []

    def prepare() -> None:
        try:
            prepare_schema(engine)
        except BaseException as error:
            failures.append(error)

    run_together([prepare] * 4)
    assert failures == []
    with Session(engine) as session:
        assert len(session.scalars(select(SchemaVersionRow)).all()) == 1


def run_together(tasks: list) -> None:  # type: ignore[type-arg]
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_serial_numbers_are_given_once(database: Database) -> None:
    given: list[int] = []

    def take() -> None:
        for _ in range(5):
            with database.transaction() as session:
                given.append(next_serial(session, "cases"))

    run_together([take] * 4)
    assert sorted(given) == list(range(1, 21))


def test_rolled_back_number_is_given_again(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        assert next_serial(session, "cases") == 1
        raise ZeroDivisionError
    with database.transaction() as session:
        assert next_serial(session, "cases") == 1
        assert next_serial(session, "others") == 1


def test_same_blob_from_many_writers_is_one_row(database: Database) -> None:
    failures: list[BaseException] = []

    def insert() -> None:
        try:
            with database.transaction() as session:
                insert_once(session, BlobRow, sha256="ab", size=3, media_type="text/plain", stored_at=NOW)
                time.sleep(0.01)
        except BaseException as error:
            failures.append(error)

    run_together([insert] * 4)
    assert failures == []
    with database.reading() as session:
        (row,) = session.scalars(select(BlobRow)).all()
        assert row.stored_at == NOW


def test_writers_of_one_subject_take_turns(database: Database) -> None:
    inside: list[int] = []
    most = 0

    def work() -> None:
        nonlocal most
        with database.transaction() as session:
            take_turns(session, "one subject")
            inside.append(1)
            most = max(most, len(inside))
            time.sleep(0.02)
            inside.pop()

    run_together([work] * 4)
    assert most == 1


def test_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as writer:
        next_serial(writer, "cases")
        with database.reading() as reader:
            assert reader.scalar(text("SELECT count(*) FROM counters")) == 0


def test_instants_come_back_aware_and_equal(database: Database) -> None:
    with database.transaction() as session:
        insert_once(session, BlobRow, sha256="ab", size=3, media_type="text/plain", stored_at=NOW)
    with database.reading() as session:
        found = session.get_one(BlobRow, "ab").stored_at
    assert found == NOW
    assert found.tzinfo == UTC
    with pytest.raises(Exception, match="needs its time zone"), database.transaction() as session:
        naive = NOW.replace(tzinfo=None)
        insert_once(session, BlobRow, sha256="cd", size=3, media_type="text/plain", stored_at=naive)


CORPUS = {
    1: ["COMERCIAL ANDINA DE ALIMENTOS ÑUSTA CÍA. LTDA.", "1790085783001", "2026-000123-7"],
    2: ["Comercial Ñandú S.A.", "0990012345001", "2026-10"],
    3: ["Peñafiel Güiza, María José", "2026-000124-5", "dirección: Av. 10 de Agosto N23-45 1e5"],
    4: ["planilla 2026-10-900001.pdf", "O'Higgins & hijos: 'comillas' \"dobles\" (paréntesis) !no"],
}
QUERIES = {
    "nusta": [1],
    "ÑUSTA cia": [1],
    "comercial": [2, 1],
    "COMERC": [2, 1],
    "comercial nandu": [2],
    "17900857": [1],
    "2026-000123-7": [1],
    "2026 10": [4, 3, 2],
    "guiza maria": [3],
    "n23-45": [3],
    "1e5": [3],
    "O'Higgins": [4],
    "'comillas": [4],
    '"dobles"': [4],
    "(paréntesis) !no": [4],
    "no hay tal": [],
    "; DROP TABLE cases": [],
    "": [4, 3, 2, 1],
    "& | ! : *": [4, 3, 2, 1],
}


def test_same_words_find_the_same_documents_in_both_engines(database: Database) -> None:
    with database.transaction() as session:
        for number, texts in CORPUS.items():
            index_document(session, number, fold_words(" ".join(texts)))
        found = {query: list(search_documents(session, wanted_words(query), 10)) for query in QUERIES}
    assert found == QUERIES


def test_document_indexed_again_loses_its_old_words(database: Database) -> None:
    with database.transaction() as session:
        index_document(session, 1, ["antes"])
        index_document(session, 1, ["despues"])
        assert search_documents(session, wanted_words("antes"), 10) == []
        assert search_documents(session, wanted_words("después"), 10) == [1]
        index_document(session, 2, [])
        assert search_documents(session, wanted_words("después"), 10) == [1]


def test_words_are_folded() -> None:
    assert fold_words("Ñandú—CÍA.\tstraße Ⅳ") == ["nandu", "cia", "strasse", "iv"]
