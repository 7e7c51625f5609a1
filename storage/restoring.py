"""Writing rows back as they were: their own ids where these are free, and series that go on behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, Table, func, select, text
from sqlalchemy.orm import Session

from storage.schema import CounterRow


def taken_key(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The first primary key of the rows that the table has already, of tables whose key is one text."""
    (key,) = table.primary_key.columns
    for row in rows:
        if session.scalar(select(key).where(key == row[key.name])) is not None:
            return str(row[key.name])
    return None


def insert_rows(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows with their ids; where one of these is taken, all get the next that are free."""
    if not rows:
        return
    key = _serial_key(table)
    if key is not None:
        column = table.c[key]
        own = [row[key] for row in rows]
        if session.scalar(select(func.count()).select_from(table).where(column.in_(own))):
            first = (session.scalar(select(func.max(column))) or 0) + 1
            rows = [row | {key: place} for place, row in enumerate(rows, start=first)]
        advance_serial(session, table, max(row[key] for row in rows))
    session.execute(table.insert(), list(rows))


def _serial_key(table: Table) -> str | None:
    """The column whose values the database gives out, if the table has one."""
    column = table.autoincrement_column
    return column.name if column is not None and isinstance(column.type, Integer) else None


def advance_serial(session: Session, table: Table, last: int) -> None:
    """See to it that the database gives out no id up to ``last`` any more; SQLite does so by itself."""
    key = _serial_key(table)
    if key is None or session.get_bind().dialect.name != "postgresql":
        return
    series = "pg_get_serial_sequence(:table, :column)"
    session.execute(
        text(f"SELECT setval({series}, GREATEST(:last, nextval({series})))"),
        {"table": table.name, "column": key, "last": last},
    )


def raise_counter(session: Session, name: str, at_least: int) -> None:
    """See to it that a series of ours gives out no number up to ``at_least`` any more."""
    row = session.get(CounterRow, name, with_for_update=True)
    if row is None:
        session.add(CounterRow(name=name, value=at_least))
    elif row.value < at_least:
        row.value = at_least
    session.flush()
