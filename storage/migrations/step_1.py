"""Schema 1, from nothing: cases, their papers, the register and the audit trail.

A step that was shipped is never changed, and takes nothing from the modules of today.
"""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)


def upgrade(op: Operations) -> None:
    """Make the tables."""
    _make_people(op)
    _make_register(op)
    _make_archive(op)


def _make_people(op: Operations) -> None:
    op.create_table(
        "counters",
        Column("name", String(40), nullable=False),
        Column("value", Integer, nullable=False),
        PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "schema_version",
        Column("version", Integer, nullable=False),
        PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "users",
        Column("name", String(80), nullable=False),
        Column("display_name", String(200), nullable=False),
        Column("role", String(20), nullable=False),
        Column("password_hash", String(200), nullable=False),
        Column("ruc", String(13), nullable=True),
        Column("branch", String(4), nullable=True),
        Column("office", String(80), nullable=True),
        Column("disabled", Boolean, nullable=False),
        PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "access_sessions",
        Column("token_hash", String(64), nullable=False),
        Column("user_name", String(80), nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("expires_at", String(32), nullable=False),
        ForeignKeyConstraint(["user_name"], ["users.name"]),
        PrimaryKeyConstraint("token_hash"),
    )


def _make_register(op: Operations) -> None:
    op.create_table(
        "employers",
        Column("ruc", String(13), nullable=False),
        Column("business_name", String(300), nullable=False),
        Column("branches", JSON, nullable=False),
        Column("email", String(120), nullable=False),
        Column("phone", String(60), nullable=False),
        Column("address", String(200), nullable=False),
        PrimaryKeyConstraint("ruc"),
    )
    op.create_table(
        "novedades",
        Column("id", Integer, nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("branch", String(4), nullable=False),
        Column("period", String(7), nullable=False),
        Column("body", JSON, nullable=False),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("novedades_by_period", "novedades", ["ruc", "branch", "period"])
    op.create_table(
        "sheets",
        Column("number", String(40), nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("branch", String(4), nullable=False),
        Column("period", String(7), nullable=False),
        Column("type", String(20), nullable=False),
        Column("state", String(20), nullable=False),
        Column("body", JSON, nullable=False),
        Column("annulled_at", String(32), nullable=True),
        Column("replaced_by", String(40), nullable=True),
        Column("made_by_case", String(20), nullable=True),
        PrimaryKeyConstraint("number"),
        UniqueConstraint("made_by_case", "type"),
    )
    op.create_index("sheets_by_period", "sheets", ["ruc", "branch", "period", "type"])
    op.create_table(
        "receipts",
        Column("number", String(40), nullable=False),
        Column("sheet_number", String(40), nullable=False),
        Column("state", String(20), nullable=False),
        Column("annulled_at", String(32), nullable=True),
        ForeignKeyConstraint(["sheet_number"], ["sheets.number"]),
        PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_receipts_sheet_number", "receipts", ["sheet_number"])
    op.create_table(
        "representatives",
        Column("id", Integer, nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("id_kind", String(20), nullable=False),
        Column("id_number", String(13), nullable=False),
        Column("name", String(200), nullable=False),
        Column("since", String(10), nullable=False),
        Column("until", String(10), nullable=True),
        ForeignKeyConstraint(["ruc"], ["employers.ruc"]),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_representatives_ruc", "representatives", ["ruc"])


def _make_archive(op: Operations) -> None:
    op.create_table(
        "audit_events",
        Column("sequence", Integer, autoincrement=False, nullable=False),
        Column("at", String(32), nullable=False),
        Column("actor", String(80), nullable=False),
        Column("action", String(60), nullable=False),
        Column("subject", String(120), nullable=False),
        Column("data", JSON, nullable=False),
        Column("previous", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        PrimaryKeyConstraint("sequence"),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"])
    op.create_table(
        "blobs",
        Column("sha256", String(64), nullable=False),
        Column("size", Integer, nullable=False),
        Column("media_type", String(60), nullable=False),
        Column("stored_at", String(32), nullable=False),
        PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "cases",
        Column("number", String(20), nullable=False),
        Column("office", String(80), nullable=False),
        Column("state", String(30), nullable=False),
        Column("version", Integer, nullable=False),
        Column("received_at", String(32), nullable=False),
        Column("received_by", String(80), nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("branch", String(4), nullable=False),
        Column("period", String(7), nullable=False),
        Column("answers", JSON, nullable=False),
        Column("idempotency_key", String(120), nullable=True),
        PrimaryKeyConstraint("number"),
        UniqueConstraint("idempotency_key"),
    )
    op.create_index("ix_cases_ruc", "cases", ["ruc"])
    op.create_index("ix_cases_state", "cases", ["state"])
    op.create_table(
        "case_events",
        Column("id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("at", String(32), nullable=False),
        Column("actor", String(80), nullable=False),
        Column("event", String(40), nullable=False),
        Column("data", JSON, nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("case_number", "sequence"),
    )
    op.create_table(
        "documents",
        Column("id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("kind", String(40), nullable=False),
        Column("name", String(255), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("media_type", String(60), nullable=False),
        # Mandatory at first, gone before the version was: kept where it is, so that either can be restored.
        Column("search_text", Text, nullable=True),
        Column("made_at", String(32), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        ForeignKeyConstraint(["sha256"], ["blobs.sha256"]),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("case_number", "kind", "name", "sha256"),
    )
    op.create_index("ix_documents_case_number", "documents", ["case_number"])
    op.create_table(
        "issued_documents",
        Column("document", String(19), nullable=False),
        Column("form", String(40), nullable=False),
        Column("edition", String(20), nullable=False),
        Column("issued", String(10), nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("branch", String(4), nullable=False),
        Column("field_values", JSON, nullable=False),
        Column("pdf", String(64), nullable=False),
        Column("issued_by", String(80), nullable=False),
        Column("state", String(20), nullable=False),
        Column("case_number", String(20), nullable=True),
        ForeignKeyConstraint(["pdf"], ["blobs.sha256"]),
        PrimaryKeyConstraint("document"),
    )
    op.create_index("ix_issued_documents_ruc", "issued_documents", ["ruc"])
    op.create_table(
        "readings",
        Column("id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("body", JSON, nullable=False),
        Column("made_at", String(32), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_readings_case_number", "readings", ["case_number"])
    op.create_table(
        "receptions",
        Column("id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("place", Integer, nullable=False),
        Column("name", String(255), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("received_at", String(32), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        ForeignKeyConstraint(["sha256"], ["blobs.sha256"]),
        PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_receptions_case_number", "receptions", ["case_number"])
    op.create_index("ix_receptions_sha256", "receptions", ["sha256"])
