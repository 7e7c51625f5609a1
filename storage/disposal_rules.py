"""The order of a disposal as the database itself keeps it, whoever writes: two people, no hold, once.

A tombstone needs a proposal that names the document and another person's agreement; bytes are noted as
removed, and texts of pages and traces of signatures deleted, for documents that have a tombstone only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_HELD: Final = (
    "EXISTS (SELECT 1 FROM legal_holds h LEFT JOIN legal_hold_releases r ON r.hold_id = h.id "
    "WHERE h.placed_at <= NEW.{at} AND (r.hold_id IS NULL OR r.lifted_at > NEW.{at}) "
    "AND h.case_number {cases})"
)
"""By instants and not by what there is now, so that a backup is restored in whatever order of the tables."""
_HELD_PROPOSAL: Final = _HELD.format(
    at="decided_at", cases="IN (SELECT i.case_number FROM disposal_items i WHERE i.disposal = NEW.disposal)"
)
_HELD_CASE: Final = _HELD.format(at="disposed_at", cases="= NEW.case_number")


@dataclass(frozen=True, slots=True)
class Rule:
    """Before ``verb`` on ``table`` the database says ``words`` and refuses when ``refused_when`` holds."""

    name: str
    table: str
    verb: str
    refused_when: str
    words: str


RULES: Final = (
    Rule(
        "disposal_verdicts_two_people",
        "disposal_verdicts",
        "INSERT",
        "NEW.verdict NOT IN ('agreed', 'rejected') OR (NEW.verdict = 'agreed' AND (NEW.certificate IS NULL "
        "OR EXISTS (SELECT 1 FROM disposals d WHERE d.number = NEW.disposal "
        "AND (d.proposed_by = NEW.decided_by OR d.proposed_at > NEW.decided_at)) "
        f"OR {_HELD_PROPOSAL}))",
        "a disposal needs two people, a certificate and no legal hold",
    ),
    Rule(
        "disposal_items_before_verdict",
        "disposal_items",
        "INSERT",
        "EXISTS (SELECT 1 FROM disposal_verdicts v WHERE v.disposal = NEW.disposal)",
        "a decided disposal takes no more documents",
    ),
    Rule(
        "disposed_documents_agreed",
        "disposed_documents",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM disposal_verdicts v "
        "JOIN disposal_items i ON i.disposal = v.disposal JOIN documents d ON d.id = i.document_id "
        "WHERE v.disposal = NEW.disposal AND v.verdict = 'agreed' AND v.decided_at = NEW.disposed_at "
        "AND d.id = NEW.document_id AND d.sha256 = NEW.sha256 AND d.case_number = NEW.case_number) "
        f"OR {_HELD_CASE}",
        "a document is disposed of by an agreed disposal and without legal hold only",
    ),
    Rule(
        "removed_blobs_disposed",
        "removed_blobs",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM disposed_documents t WHERE t.sha256 = NEW.sha256 "
        "AND t.disposal = NEW.disposal AND t.document_id = NEW.document_id)",
        "only bytes of disposed documents are removed",
    ),
    Rule(
        "page_texts_disposed",
        "page_texts",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM disposed_documents t WHERE t.document_id = OLD.document_id)",
        "texts of pages are deleted with their document only",
    ),
    Rule(
        "signature_traces_disposed",
        "signature_traces",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM disposed_documents t WHERE t.document_id = OLD.page_id)",
        "traces of signatures are deleted with their page only",
    ),
    Rule(
        "signature_traces_unchanged",
        "signature_traces",
        "UPDATE",
        "1 = 1",
        "traces of signatures are never changed",
    ),
    Rule(
        "legal_holds_reason",
        "legal_holds",
        "INSERT",
        "TRIM(NEW.reason) = ''",
        "a legal hold needs a reason",
    ),
    Rule(
        "legal_hold_releases_reason",
        "legal_hold_releases",
        "INSERT",
        "TRIM(NEW.reason) = ''",
        "lifting a legal hold needs a reason",
    ),
)


def disposal_statements(dialect: str) -> tuple[str, ...]:
    """DDL of the rules in the dialect of SQLite or PostgreSQL."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER IF NOT EXISTS {rule.name} BEFORE {rule.verb} ON {rule.table} "
            f"WHEN {rule.refused_when} BEGIN SELECT RAISE(ABORT, '{rule.words}'); END"
            for rule in RULES
        )
    return tuple(statement for rule in RULES for statement in _postgresql(rule))


def _postgresql(rule: Rule) -> tuple[str, ...]:
    """A condition of a trigger may not look into tables there, so a function does."""
    row = "OLD" if rule.verb == "DELETE" else "NEW"
    function = (
        f"CREATE OR REPLACE FUNCTION {rule.name}_rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {rule.refused_when} THEN RAISE EXCEPTION '{rule.words}'; END IF; RETURN {row}; END $$"
    )
    trigger = (
        f"CREATE OR REPLACE TRIGGER {rule.name} BEFORE {rule.verb} ON {rule.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {rule.name}_rule()"
    )
    return function, trigger
