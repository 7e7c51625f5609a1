"""Rows that are only ever added: the database itself refuses to change or delete them."""

from __future__ import annotations

from typing import Final

APPEND_ONLY: Final = ("case_events", "audit_events", "blobs", "receptions", "readings", "documents")
"""Tables whose rows never change; what happens later is another row."""


def append_only_statements(dialect: str) -> tuple[str, ...]:
    """DDL for the triggers in the dialect of SQLite or PostgreSQL."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in APPEND_ONLY
            for verb in ("UPDATE", "DELETE")
        )
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    triggers = (
        f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {verbs} ON {table} "
        f"FOR EACH {what} EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
        for name, verbs, what in (
            ("append_only", "UPDATE OR DELETE", "ROW"),
            ("no_truncate", "TRUNCATE", "STATEMENT"),
        )
    )
    return (function, *triggers)
