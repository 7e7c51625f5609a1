"""Rows that are only ever added, and sheets that are never overwritten: the database itself refuses.

Of a sheet only its state, its annulment and its successor may change.
"""

from __future__ import annotations

from typing import Final

APPEND_ONLY: Final = (
    "case_events",
    "audit_events",
    "blobs",
    "receptions",
    "readings",
    "documents",
    "sealed_heads",
    "imported_audit_events",
)
"""Tables whose rows never change; what happens later is another row."""
_OF_A_SHEET: Final = ("number", "ruc", "branch", "period", "type", "made_by_case")
"""Columns of a sheet that stay as they were written, besides its body without the state."""


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


def sheet_statements(dialect: str) -> tuple[str, ...]:
    """DDL by which a sheet's lines and totals stay as issued: a rebuilt sheet is another row."""
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    body = (
        "json_remove({row}.body, '$.state')"
        if dialect == "sqlite"
        else "(CAST({row}.body AS jsonb) - 'state')"
    )
    changed = " OR ".join(
        f"{body.format(row='NEW') if name == 'body' else f'NEW.{name}'} {differs} "
        f"{body.format(row='OLD') if name == 'body' else f'OLD.{name}'}"
        for name in (*_OF_A_SHEET, "body")
    )
    if dialect == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'sheets are never overwritten'); END"
        return (
            "CREATE TRIGGER IF NOT EXISTS sheets_no_overwriting BEFORE UPDATE ON sheets "
            f"WHEN {changed} {refuse}",
            f"CREATE TRIGGER IF NOT EXISTS sheets_no_delete BEFORE DELETE ON sheets {refuse}",
        )
    function = (
        "CREATE OR REPLACE FUNCTION refuse_overwriting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'sheets are never overwritten'; END $$"
    )
    run = "EXECUTE FUNCTION refuse_overwriting()"
    return (
        function,
        "CREATE OR REPLACE TRIGGER sheets_no_overwriting BEFORE UPDATE ON sheets "
        f"FOR EACH ROW WHEN ({changed}) {run}",
        f"CREATE OR REPLACE TRIGGER sheets_no_delete BEFORE DELETE ON sheets FOR EACH ROW {run}",
        f"CREATE OR REPLACE TRIGGER sheets_no_truncate BEFORE TRUNCATE ON sheets FOR EACH STATEMENT {run}",
    )
