"""The triggers, all of them: made with the tables, taken off while an older database is brought up."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.disposal_rules import disposal_statements
from storage.triggers import append_only_statements, sheet_statements

_LITE: Final = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES: Final = (
    "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = CAST(current_schema() AS regnamespace)"
)


def make_guards(session: Session) -> None:
    """Make the triggers that are missing; called by the tables' owner."""
    dialect = session.get_bind().dialect.name
    for statements in (append_only_statements, sheet_statements, disposal_statements):
        for statement in statements(dialect):
            session.execute(text(statement))


def drop_guards(session: Session) -> None:
    """Take off every trigger, those of older versions too; the caller's transaction makes them again."""
    lite = session.get_bind().dialect.name == "sqlite"
    for name, table in session.execute(text(_LITE if lite else _POSTGRES)).all():
        session.execute(text(f'DROP TRIGGER "{name}"' if lite else f'DROP TRIGGER "{name}" ON "{table}"'))
