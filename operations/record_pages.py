"""A page of the archive to look at: its text, its picture; each look is an event."""

from __future__ import annotations

from dataclasses import dataclass

from operations.house import House
from storage.audit import append_audit
from storage.derivative_tables import DerivationRow, PageTextRow
from storage.schema import DocumentRow


@dataclass(frozen=True, slots=True)
class PageView:
    """A page to look at: the document, the page's row, how many there are, and all its lines."""

    document: DocumentRow
    page: PageTextRow
    pages: int


def view_page(house: House, document_id: int, page: int, by: str) -> PageView | None:
    """A page with its text; looking at it is an event."""
    with house.database.transaction() as session:
        document = session.get(DocumentRow, document_id)
        row = session.get(PageTextRow, (document_id, page))
        derivation = session.get(DerivationRow, document_id)
        if document is None or row is None or derivation is None:
            return None
        subject = f"{document.case_number}/{document.id}"
        append_audit(session, house.now(), by, "archive.view", subject, {"page": page})
        return PageView(document, row, derivation.pages)


def page_picture(house: House, document_id: int, page: int, by: str) -> bytes | None:
    """The picture of a page as WebP at 110 dpi; handing it out is an event."""
    with house.database.transaction() as session:
        row = session.get(PageTextRow, (document_id, page))
        if row is None:
            return None
        view = session.get_one(DocumentRow, row.view_id)
        subject = f"{view.case_number}/{document_id}"
        append_audit(session, house.now(), by, "archive.view", subject, {"page": page, "picture": True})
    return house.blobs.get(view.sha256)
