"""What several writers at once may rely on: taking turns, inserting once, serial numbers given once.

SQLite lets one writer in at a time by itself; PostgreSQL is told where writers must wait for each other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.schema import Base, CounterRow


def take_turns(session: Session, subject: str) -> None:
    """Wait until no other transaction works on the subject, and keep others waiting until this one ends."""
    # Touching the connection begins the transaction, which on SQLite is all that is needed.
    if session.connection().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": subject}
        )


def insert_once(session: Session, table: type[Base], **values: Any) -> None:
    """Insert a row unless one with its key is there, whoever put it there and however lately."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(table).values(**values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(table).values(**values).on_conflict_do_nothing())


def next_serial(session: Session, name: str) -> int:
    """The next number of a series, from 1; a transaction that fails gives its number back."""
    known = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(CounterRow) if known else sqlite.insert(CounterRow)
    counted = insert.values(name=name, value=1).on_conflict_do_update(
        index_elements=[CounterRow.name], set_={"value": CounterRow.value + 1}
    )
    return session.execute(counted.returning(CounterRow.value)).scalar_one()
