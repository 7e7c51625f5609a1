"""Engines and sessions: SQLite in one file by default, PostgreSQL when outgrown, the same tables in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.orm import Session

from storage.access_tables import AccessAttemptRow, OneTimeCodeRow
from storage.appointment_tables import AppointmentRow, PlaceRow
from storage.archive_tables import FixityRoundRow
from storage.complaint_tables import ComplaintRow
from storage.concurrency import take_turns
from storage.derivative_tables import DerivationRow, PageTextRow
from storage.desk_tables import UploadRow, VisitRow
from storage.guards import make_guards
from storage.mail_tables import MailRow
from storage.portal_tables import DraftRow, RevocationRow
from storage.retention_tables import DisposalRow
from storage.roles import missing_tables, owns_tables
from storage.schema import SCHEMA_VERSION, Base, SchemaVersionRow
from storage.search import search_statements
from storage.search_tables import SavedSearchRow
from storage.trace_tables import SignatureTraceRow
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
    """The database belongs to another version of the service, or lacks tables. ``found`` is its schema."""

    def __init__(self, found: int, missing: Sequence[str] = ()) -> None:
        if missing:
            told = f"the tables {', '.join(missing)} are missing: restore a backup"
        elif found < SCHEMA_VERSION:
            told = "run `ventanilla upgrade`"
        else:
            told = "use the version that wrote it, or restore a backup of this one"
        super().__init__(f"the database has schema {found} and this service {SCHEMA_VERSION}: {told}")
        self.found = found
        self.missing = tuple(missing)


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
    """Create all tables where there are none; :class:`SchemaMismatchError` for a database that is not of this
    schema: nothing is changed without being asked for (``storage/upgrading.py``). A role that does not own
    the tables finds them made by their owner (``storage/roles.py``).

    Programs that start at once take turns, so that each finds all or nothing.
    """
    with Session(engine) as session, session.begin():
        take_turns(session, "schema")
        found = schema_version(session)
        if found is None:
            make_tables(session)
        elif found != SCHEMA_VERSION:
            raise SchemaMismatchError(found)
        elif missing := missing_tables(session):
            raise SchemaMismatchError(found, missing)
        if owns_tables(session):
            make_guards(session)


def schema_version(session: Session) -> int | None:
    """The schema of a database, whichever it is; none where there are no tables yet."""
    if not inspect(session.connection()).has_table(SchemaVersionRow.__tablename__):
        return None
    return session.scalar(select(SchemaVersionRow.version))


def make_tables(session: Session) -> None:
    """Make the present tables and the index of the search where there are none."""
    Base.metadata.create_all(session.connection())
    for statement in search_statements(session.get_bind().dialect.name):
        session.execute(text(statement))
    session.add(SchemaVersionRow(version=SCHEMA_VERSION))
    session.flush()


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
