"""Engines and sessions: SQLite in one file by default, PostgreSQL when outgrown, the same tables in both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.orm import Session

from storage.access_tables import AccessAttemptRow, OneTimeCodeRow
from storage.appointment_tables import AppointmentRow, PlaceRow
from storage.archive_tables import FixityRoundRow
from storage.complaint_tables import ComplaintRow
from storage.concurrency import take_turns
from storage.derivative_tables import DerivationRow, PageTextRow
from storage.desk_tables import UploadRow, VisitRow
from storage.disposal_rules import disposal_statements
from storage.mail_tables import MailRow
from storage.portal_tables import DraftRow, RevocationRow
from storage.retention_tables import DisposalRow
from storage.roles import missing_tables, owns_tables
from storage.schema import SCHEMA_VERSION, Base, SchemaVersionRow
from storage.search import search_statements
from storage.search_carrying import carry_older_index
from storage.search_tables import SavedSearchRow
from storage.trace_tables import SignatureTraceRow
from storage.triggers import append_only_statements, sheet_statements
from storage.waits import WaitRow

_TABLES_ELSEWHERE: Final = (
    AccessAttemptRow,
    AppointmentRow,
    ComplaintRow,
    DerivationRow,
    DisposalRow,
    DraftRow,
    FixityRoundRow,
    MailRow,
    OneTimeCodeRow,
    PlaceRow,
    PageTextRow,
    RevocationRow,
    UploadRow,
    VisitRow,
    SavedSearchRow,
    SignatureTraceRow,
    WaitRow,
)
"""Named here so that whoever makes the tables has imported the modules that describe them."""
_BUSY_SECONDS: Final = 30
_SQLITE: Final = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
_READS: Final = "ventanilla_reads"
"""Name of the engine option of transactions that only read."""


class SchemaMismatchError(RuntimeError):
    """The database belongs to another version of the service."""


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``; nothing is read or written yet.

    SQLite runs in WAL mode with ``synchronous=FULL``: what was committed survives a cut of power.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args=_SQLITE, hide_parameters=True)
        event.listen(engine, "connect", _set_sqlite_pragmas)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


def open_jobs_engine(url: str) -> Engine:
    """An engine on the same database for the workflow engine, which begins SQLite transactions itself."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args=_SQLITE, hide_parameters=True)
        event.listen(engine, "connect", _set_jobs_pragmas)
        return engine
    return create_engine(url, pool_pre_ping=True, hide_parameters=True)


def _set_jobs_pragmas(connection: Any, record: object) -> None:
    _set_sqlite_pragmas(connection, record)
    connection.isolation_level = "IMMEDIATE"


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: BEGIN IMMEDIATE below does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_SECONDS}000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # INSERT OR REPLACE deletes what it replaces, and only so do the triggers against deleting see it.
        "recursive_triggers=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # Taking the write lock at once avoids the dead end of two readers that both want to write.
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def prepare_schema(engine: Engine) -> None:
    """Create the tables where they are missing; refuses a database of another schema version. A role that
    does not own the tables finds them made by their owner (``storage/roles.py``).

    Programs that start at once take turns, so that each finds all or nothing.
    """
    with Session(engine) as session, session.begin():
        take_turns(session, "schema")
        owner = owns_tables(session)
        if owner:
            Base.metadata.create_all(session.connection())
        elif missing := missing_tables(session):
            raise SchemaMismatchError(
                f"the tables {', '.join(missing)} are missing and this role may not make them: run "
                "`ventanilla database grant ROLE` as the owner of the tables"
            )
        version = session.scalar(select(SchemaVersionRow.version))
        if version is None:
            session.add(SchemaVersionRow(version=SCHEMA_VERSION))
        elif version != SCHEMA_VERSION:
            raise SchemaMismatchError(
                f"the database has schema {version} and this service needs {SCHEMA_VERSION}: restore "
                "a backup with the version that wrote it, or start with another VENTANILLA_DATABASE_URL"
            )
        if not owner:
            return
        dialect = engine.dialect.name
        made = (append_only_statements, sheet_statements, disposal_statements, search_statements)
        for statement in (each for statements in made for each in statements(dialect)):
            session.execute(text(statement))
        carry_older_index(session)


class Database:
    """Transactions on one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(**{_READS: True})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or rolled back when anything is raised."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; on SQLite it waits for no writer and keeps none waiting."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that reads one moment of all tables, however long it takes and whoever writes."""
        with Session(self._reading, expire_on_commit=False) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
