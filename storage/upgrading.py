"""An older database is brought to the present tables in one transaction: then it is all old or all new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from storage.concurrency import take_turns
from storage.guards import drop_guards, make_guards
from storage.migrations.order import run_steps, tables_of
from storage.roles import act_as_owner, grant_statements, serving_roles
from storage.schema import SCHEMA_VERSION, DocumentRow
from storage.search import SEARCH_TABLE

_PATIENCE_SECONDS: Final = 3600
"""How long SQLite waits for another upgrade, which may copy a whole archive first."""


class BrokenReferenceError(RuntimeError):
    """A step left rows that refer to nothing: a fault of that step, and nothing was changed."""


@contextmanager
def changing_schema(engine: Engine) -> Iterator[Session]:
    """One transaction in which tables may be built anew; others that ask for it wait until it ends."""
    with engine.connect() as connection:
        lite = engine.dialect.name == "sqlite"
        if lite:
            # Only outside of a transaction: dropping a table would delete its rows one by one, and refuse to.
            _tell_driver(connection.connection.driver_connection, "foreign_keys=OFF")
            _tell_driver(connection.connection.driver_connection, f"busy_timeout={_PATIENCE_SECONDS}000")
        try:
            with connection.begin(), Session(connection) as session:
                take_turns(session, "schema")
                yield session
                session.flush()
                if lite:
                    _refuse_broken(session)
        finally:
            connection.invalidate()  # the next one checks references again


def _tell_driver(connection: Any, pragma: str) -> None:
    connection.execute(f"PRAGMA {pragma}")


def _refuse_broken(session: Session) -> None:
    broken = session.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise BrokenReferenceError(f"a row of {broken[0]} refers to a row of {broken[2]} that is not there")


def stop_writers(session: Session, version: int) -> None:
    """Let others read only until the transaction ends, so that what is copied now is what will be changed;
    on SQLite nobody else writes anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        tables = [name for name in sorted(tables_of(version)) if _has_table(session, name)]
        session.execute(text(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE"))


def _has_table(session: Session, name: str) -> bool:
    return session.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name}) is True


def bring_up(session: Session, found: int) -> None:
    """From schema ``found`` to the present one, with its triggers and, on PostgreSQL, what the service's
    roles may do; called in :func:`changing_schema` by the tables' owner, or by whoever may act as it.
    """
    act_as_owner(session)
    roles = serving_roles(session)
    drop_guards(session)
    run_steps(session.connection(), found)
    make_guards(session)
    for statement in (each for role in roles for each in grant_statements(role)):
        session.execute(text(statement))
    session.execute(text("UPDATE schema_version SET version = :version"), {"version": SCHEMA_VERSION})


def lacks_index(session: Session) -> bool:
    """Whether there are documents and none of them can be searched: a step gave up an older index."""
    documents = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
    return bool(documents) and not session.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {SEARCH_TABLE})"))
