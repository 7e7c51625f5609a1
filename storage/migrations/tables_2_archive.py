"""Tables of the archive that schema 2 has and schema 1 had not; those that are there are left as they are."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)


def make_archive(op: Operations) -> None:
    """Make those that are missing."""
    make_proofs(op)
    _make_derivatives(op)
    _make_retention(op)


def make_proofs(op: Operations) -> None:
    """Make those that are missing."""
    op.create_table(
        "fixity_findings",
        Column("id", Integer, nullable=False),
        Column("subject", String(255), nullable=False),
        Column("kind", String(20), nullable=False),
        Column("place", String(10), nullable=False),
        Column("phase", String(20), nullable=False),
        Column("message", String(300), nullable=False),
        Column("found_at", String(32), nullable=False),
        Column("repaired", Boolean, nullable=False),
        Column("resolved_at", String(32), nullable=True),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("fixity_findings_of", "fixity_findings", ["subject", "kind", "place"], if_not_exists=True)
    op.create_table(
        "fixity_rounds",
        Column("id", Integer, nullable=False),
        Column("started_at", String(32), nullable=False),
        Column("due_at", String(32), nullable=False),
        Column("finished_at", String(32), nullable=True),
        Column("by", String(80), nullable=False),
        Column("scheduled", Boolean, nullable=False),
        Column("phase", String(20), nullable=False),
        Column("cursor", String(80), nullable=False),
        Column("blobs", Integer, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("cases", Integer, nullable=False),
        Column("failures", Integer, nullable=False),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_table(
        "imported_audit_events",
        Column("package", String(64), nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("line", Integer, autoincrement=False, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("at", String(32), nullable=False),
        Column("actor", String(80), nullable=False),
        Column("action", String(60), nullable=False),
        Column("subject", String(120), nullable=False),
        Column("data", JSON, nullable=False),
        Column("previous", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        PrimaryKeyConstraint("package", "case_number", "line"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_imported_audit_events_case_number", "imported_audit_events", ["case_number"], if_not_exists=True
    )
    op.create_table(
        "sealed_heads",
        Column("day", String(10), nullable=False),
        Column("events", Integer, nullable=False),
        Column("head", String(64), nullable=False),
        Column("sealed_at", String(32), nullable=False),
        Column("key", String(64), nullable=False),
        Column("signature", String(128), nullable=False),
        PrimaryKeyConstraint("day"),
        if_not_exists=True,
    )
    op.create_table(
        "blob_copies",
        Column("address", String(200), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("copied_at", String(32), nullable=False),
        ForeignKeyConstraint(["sha256"], ["blobs.sha256"]),
        PrimaryKeyConstraint("address", "sha256"),
        if_not_exists=True,
    )


def _make_derivatives(op: Operations) -> None:
    op.create_table(
        "derivations",
        Column("source_id", Integer, nullable=False),
        Column("derivative_id", Integer, nullable=True),
        Column("outcome", String(20), nullable=False),
        Column("findings", JSON, nullable=False),
        Column("pages", Integer, nullable=False),
        Column("made_at", String(32), nullable=False),
        ForeignKeyConstraint(["derivative_id"], ["documents.id"]),
        ForeignKeyConstraint(["source_id"], ["documents.id"]),
        PrimaryKeyConstraint("source_id"),
        if_not_exists=True,
    )
    op.create_table(
        "page_texts",
        Column("document_id", Integer, nullable=False),
        Column("page", Integer, autoincrement=False, nullable=False),
        Column("width", Float, nullable=False),
        Column("height", Float, nullable=False),
        Column("view_id", Integer, nullable=False),
        Column("thumbnail_id", Integer, nullable=True),
        Column("lines", JSON, nullable=False),
        ForeignKeyConstraint(["document_id"], ["documents.id"]),
        ForeignKeyConstraint(["thumbnail_id"], ["documents.id"]),
        ForeignKeyConstraint(["view_id"], ["documents.id"]),
        PrimaryKeyConstraint("document_id", "page"),
        if_not_exists=True,
    )
    op.create_table(
        "signature_traces",
        Column("id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("page_id", Integer, nullable=False),
        Column("document", String(19), nullable=False),
        Column("form", String(40), nullable=False),
        Column("edition", String(20), nullable=False),
        Column("field", String(40), nullable=False),
        Column("slender", Integer, nullable=False),
        Column("sketch", LargeBinary(256), nullable=False),
        Column("trace", LargeBinary, nullable=False),
        Column("made_at", String(32), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        ForeignKeyConstraint(["page_id"], ["documents.id"]),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("page_id", "field"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_signature_traces_case_number", "signature_traces", ["case_number"], if_not_exists=True
    )
    op.create_index("signature_traces_by_slenderness", "signature_traces", ["slender"], if_not_exists=True)


def _make_retention(op: Operations) -> None:
    op.create_table(
        "disposals",
        Column("number", String(20), nullable=False),
        Column("reason", String(500), nullable=False),
        Column("proposed_at", String(32), nullable=False),
        Column("proposed_by", String(80), nullable=False),
        PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_table(
        "legal_holds",
        Column("id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("reason", String(500), nullable=False),
        Column("placed_at", String(32), nullable=False),
        Column("placed_by", String(80), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_legal_holds_case_number", "legal_holds", ["case_number"], if_not_exists=True)
    op.create_table(
        "disposal_items",
        Column("disposal", String(20), nullable=False),
        Column("document_id", Integer, nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("schedule", String(40), nullable=False),
        Column("closed", String(10), nullable=False),
        Column("due", String(10), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        ForeignKeyConstraint(["disposal"], ["disposals.number"]),
        ForeignKeyConstraint(["document_id"], ["documents.id"]),
        PrimaryKeyConstraint("disposal", "document_id"),
        if_not_exists=True,
    )
    op.create_table(
        "legal_hold_releases",
        Column("hold_id", Integer, nullable=False),
        Column("reason", String(500), nullable=False),
        Column("lifted_at", String(32), nullable=False),
        Column("lifted_by", String(80), nullable=False),
        ForeignKeyConstraint(["hold_id"], ["legal_holds.id"]),
        PrimaryKeyConstraint("hold_id"),
        if_not_exists=True,
    )
    op.create_table(
        "disposal_verdicts",
        Column("disposal", String(20), nullable=False),
        Column("verdict", String(10), nullable=False),
        Column("reason", String(500), nullable=False),
        Column("decided_at", String(32), nullable=False),
        Column("decided_by", String(80), nullable=False),
        Column("certificate", String(64), nullable=True),
        Column("document_id", Integer, nullable=False),
        ForeignKeyConstraint(["certificate"], ["blobs.sha256"]),
        ForeignKeyConstraint(
            ["disposal", "document_id"], ["disposal_items.disposal", "disposal_items.document_id"]
        ),
        ForeignKeyConstraint(["disposal"], ["disposals.number"]),
        PrimaryKeyConstraint("disposal"),
        if_not_exists=True,
    )
    op.create_table(
        "disposed_documents",
        Column("document_id", Integer, nullable=False),
        Column("disposal", String(20), nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("disposed_at", String(32), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        ForeignKeyConstraint(
            ["disposal", "document_id"], ["disposal_items.disposal", "disposal_items.document_id"]
        ),
        ForeignKeyConstraint(["disposal"], ["disposal_verdicts.disposal"]),
        ForeignKeyConstraint(["document_id"], ["documents.id"]),
        PrimaryKeyConstraint("document_id"),
        if_not_exists=True,
    )
    op.create_index(
        "disposed_documents_by_hash", "disposed_documents", ["sha256", "disposal"], if_not_exists=True
    )
    op.create_index(
        "ix_disposed_documents_case_number", "disposed_documents", ["case_number"], if_not_exists=True
    )
    op.create_table(
        "removed_blobs",
        Column("sha256", String(64), nullable=False),
        Column("disposal", String(20), nullable=False),
        Column("document_id", Integer, nullable=False),
        Column("removed_at", String(32), nullable=False),
        ForeignKeyConstraint(["disposal"], ["disposal_verdicts.disposal"]),
        ForeignKeyConstraint(["document_id"], ["disposed_documents.document_id"]),
        PrimaryKeyConstraint("sha256", "disposal"),
        if_not_exists=True,
    )
