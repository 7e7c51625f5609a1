"""Schema 2 to 3: all that was added while the number stayed 2, whichever of it a database has already.

Tables were made at each start where they were missing; an index on a table that was there, and another key of
the imported events, were not. The index of the search was one list for the whole archive before it was kept
by blocks of documents.
"""

from __future__ import annotations

from typing import Final

from alembic.operations import Operations
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, inspect

from storage.migrations.tables_2_archive import make_archive, make_proofs
from storage.migrations.tables_2_people import make_people

_FTS5: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS block_terms "
    "USING fts5(terms, detail=none, columnsize=0, tokenize=\"ascii tokenchars '_'\")"
)
_GIN: Final = (
    "CREATE TABLE IF NOT EXISTS block_terms (document_id integer PRIMARY KEY, terms tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS block_terms_index ON block_terms USING gin (terms) WITH (fastupdate = off)",
)
_CARRY_LITE: Final = (
    "INSERT INTO block_terms (rowid, terms) SELECT rowid, "
    "printf('%x_', rowid >> 14) || replace(terms, ' ', printf(' %x_', rowid >> 14)) FROM document_terms"
)
_CARRY_POSTGRES: Final = (
    "INSERT INTO block_terms (document_id, terms) SELECT document_id, array_to_tsvector(ARRAY("
    "SELECT to_hex(document_id >> 14) || '_' || term FROM unnest(tsvector_to_array(terms)) AS term)) "
    "FROM document_terms"
)
_EVENT: Final = "package, case_number, sequence, at, actor, action, subject, data, previous, hash"


def upgrade(op: Operations) -> None:
    """What is there already is left as it is."""
    make_people(op)
    make_archive(op)
    _make_delegations(op)
    _number_imported_events(op)
    _carry_search(op)
    op.create_index("ix_issued_documents_issued", "issued_documents", ["issued"], if_not_exists=True)


def _make_delegations(op: Operations) -> None:
    """Who prepares papers for an employer."""
    op.create_table(
        "delegations",
        Column("id", Integer, nullable=False),
        Column("delegate", String(80), nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("branch", String(4), nullable=False),
        Column("since", String(32), nullable=False),
        Column("granted_by", String(80), nullable=False),
        Column("ended_at", String(32), nullable=True),
        Column("ended_by", String(80), nullable=True),
        PrimaryKeyConstraint("id"),
        ForeignKeyConstraint(["delegate"], ["users.name"]),
        if_not_exists=True,
    )
    op.create_index("ix_delegations_delegate", "delegations", ["delegate"], if_not_exists=True)


def _number_imported_events(op: Operations) -> None:
    """An event is known by its line in its case's part of the package, and not by the trail's number."""
    columns = inspect(op.get_bind()).get_columns("imported_audit_events")
    if any(column["name"] == "line" for column in columns):
        return
    op.drop_index("ix_imported_audit_events_case_number", "imported_audit_events")
    op.rename_table("imported_audit_events", "imported_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX imported_audit_events_pkey RENAME TO imported_before_pkey")
    make_proofs(op)
    line = "row_number() OVER (PARTITION BY package, case_number ORDER BY sequence)"
    op.execute(
        f"INSERT INTO imported_audit_events (line, {_EVENT}) SELECT {line}, {_EVENT} FROM imported_before"
    )
    op.drop_table("imported_before")


def _carry_search(op: Operations) -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in (_FTS5,) if lite else _GIN:
        op.execute(statement)
    schema = inspect(op.get_bind())
    if schema.has_table("document_terms"):
        op.execute(_CARRY_LITE if lite else _CARRY_POSTGRES)
        op.drop_table("document_terms")
    if schema.has_table("document_search"):
        op.drop_table("document_search")  # words without the tags that filters need: made again from the rows
