"""The archivist's: find documents and hand them out bit-exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from operations.house import House
from storage.audit import append_audit
from storage.schema import CaseRow, DocumentRow
from storage.search import search_documents


@dataclass(frozen=True, slots=True)
class Found:
    """A document of the archive that a search found."""

    id: int
    case: str
    kind: str
    name: str
    ruc: str
    business_name: str
    period: str
    state: str


_SUBJECT: Final = 120
"""Characters of a query that the audit trail keeps."""


def find_documents(house: House, query: str, by: str, limit: int = 100) -> list[Found]:
    """Documents that have every word of the query, or begin with it, newest first (accents and case do
    not matter); asking is an event of the audit trail.
    """
    with house.database.transaction() as session:
        append_audit(session, house.now(), by, "archive.find", query[:_SUBJECT])
        ids = search_documents(session, query, limit)
        rows = session.execute(
            select(DocumentRow, CaseRow)
            .join(CaseRow, CaseRow.number == DocumentRow.case_number)
            .where(DocumentRow.id.in_(ids))
            .order_by(DocumentRow.id.desc())
        )
        return [_as_found(document, case) for document, case in rows]


def _as_found(document: DocumentRow, case: CaseRow) -> Found:
    request = case.answers.get("employer-request", {})
    return Found(
        document.id,
        case.number,
        document.kind,
        document.name,
        case.ruc,
        request.get("business_name", ""),
        case.period,
        case.state,
    )


def get_document(house: House, document_id: int, by: str) -> tuple[DocumentRow, bytes] | None:
    """A document and its bytes, checked against their hash; handing it out is an event."""
    with house.database.transaction() as session:
        row = session.get(DocumentRow, document_id)
        if row is None:
            return None
        append_audit(
            session, house.now(), by, "archive.get", f"{row.case_number}/{row.id}", {"sha256": row.sha256}
        )
    return row, house.blobs.get(row.sha256)
