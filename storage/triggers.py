"""Rows that are only ever added, rows that are never deleted, and sheets that are never overwritten: the
database itself refuses. Every table is told of here, and a test tries each.

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
    "revocations",
    "legal_holds",
    "legal_hold_releases",
    "disposals",
    "disposal_items",
    "disposal_verdicts",
    "disposed_documents",
    "removed_blobs",
)
"""Tables whose rows never change; what happens later is another row."""
NEVER_DELETED: Final = (
    "cases",
    "issued_documents",
    "derivations",
    "users",
    "employers",
    "representatives",
    "delegations",
    "receipts",
    "novedades",
    "complaints",
    "appointments",
    "mails",
    "fixity_rounds",
    "fixity_findings",
    "blob_copies",
    "counters",
    "schema_version",
)
"""Tables whose rows change and never go."""
PASSING: Final = (
    "access_attempts",
    "access_sessions",
    "appointment_places",
    "drafts",
    "one_time_codes",
    "saved_searches",
    "uploads",
    "visits",
    "waits",
)
"""Tables of what is of use for a while only: no evidence of anything, deleted when its time is over."""
WITH_THEIR_PAGE: Final = ("page_texts", "signature_traces")
"""Tables whose rows go with the page that they are of and not before: ``storage/disposal_rules.py``."""
GUARDED_ELSEWHERE: Final = ("sheets", *WITH_THEIR_PAGE)
"""Tables with a rule of their own: ``sheet_statements`` below and that module."""
_OF_A_SHEET: Final = ("number", "ruc", "branch", "period", "type", "made_by_case")
"""Columns of a sheet that stay as they were written, besides its body without the state."""


def append_only_statements(dialect: str) -> tuple[str, ...]:
    """DDL for the triggers in the dialect of SQLite or PostgreSQL."""
    if dialect == "sqlite":
        return (
            *(_sqlite_refusal(table, verb) for table in APPEND_ONLY for verb in ("UPDATE", "DELETE")),
            *(_sqlite_refusal(table, "DELETE") for table in NEVER_DELETED),
        )
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    kept = (*APPEND_ONLY, *NEVER_DELETED, *WITH_THEIR_PAGE)
    return (
        function,
        *(_refusal(table, "append_only", "UPDATE OR DELETE", "ROW") for table in APPEND_ONLY),
        *(_refusal(table, "no_delete", "DELETE", "ROW") for table in NEVER_DELETED),
        *(_refusal(table, "no_truncate", "TRUNCATE", "STATEMENT") for table in kept),
    )


def _sqlite_refusal(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _refusal(table: str, name: str, verbs: str, what: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {table}_{name} BEFORE {verbs} ON {table} "
        f"FOR EACH {what} EXECUTE FUNCTION refuse_change()"
    )


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
