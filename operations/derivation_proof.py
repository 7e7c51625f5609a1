"""Whether derivatives, pictures of pages and their texts are those that the chained trail says were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.indexing import DERIVED
from storage.archive_tables import ImportedAuditRow
from storage.audit import digest_of
from storage.derivative_tables import DerivationRow, PageTextRow
from storage.retention_tables import DisposedDocumentRow
from storage.schema import AuditEventRow, DocumentRow

DERIVE_EVENT: Final = "archive.derive"
"""The event of the trail that tells what was made of one document; its subject is the case."""


def text_digest(pages: Sequence[Sequence[Any]]) -> str:
    """What the trail knows the lines of a document's pages by."""
    return digest_of([list(lines) for lines in pages])


def are_derived(session: Session, number: str) -> bool:
    """Whether all that was made of a case's documents is what was told when it was made; what came in a
    package was told there.
    """
    here, elsewhere = _told(session, AuditEventRow, number), _told(session, ImportedAuditRow, number)
    query = select(DocumentRow.kind, DocumentRow.sha256).where(
        DocumentRow.case_number == number, DocumentRow.kind.in_(DERIVED)
    )
    kept = {(kind, sha256) for kind, sha256 in session.execute(query)}
    said = {(made["kind"], made["sha256"]) for data in [*here, *elsewhere] for made in data["made"]}
    ended = set(
        session.scalars(
            select(DisposedDocumentRow.document_id).where(DisposedDocumentRow.case_number == number)
        )
    )
    told = {
        data["document"]: (
            data["outcome"],
            data["findings"],
            # The text of a disposed document went with it.
            text_digest([]) if data["document"] in ended else data["text"],
        )
        for data in here
    }
    return kept == said and _noted(session, number) == told


def _told(
    session: Session, table: type[AuditEventRow] | type[ImportedAuditRow], number: str
) -> list[dict[str, Any]]:
    query = select(table.data).where(table.subject == number, table.action == DERIVE_EVENT)
    return list(session.scalars(query.order_by(table.sequence)))


def _noted(session: Session, number: str) -> dict[int, tuple[str, list[Any], str]]:
    """Outcome, findings and digest of the text, by document, as the rows have them."""
    rows = session.scalars(
        select(DerivationRow)
        .join(DocumentRow, DocumentRow.id == DerivationRow.source_id)
        .where(DocumentRow.case_number == number)
    ).all()
    query = (
        select(PageTextRow.document_id, PageTextRow.lines)
        .where(PageTextRow.document_id.in_([row.source_id for row in rows]))
        .order_by(PageTextRow.document_id, PageTextRow.page)
    )
    texts: dict[int, list[list[Any]]] = {row.source_id: [] for row in rows}
    for document, lines in session.execute(query):
        texts[document].append(lines)
    return {row.source_id: (row.outcome, row.findings, text_digest(texts[row.source_id])) for row in rows}
