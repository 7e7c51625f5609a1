"""What a document of a case can be found by: its own name, and what the case is about."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.schema import CaseRow, DocumentRow
from storage.search import index_document

PICTURES: Final = frozenset({"page", "page-straight", "page-overlay"})
"""Kinds of documents that are only looked at on the screen and not found by themselves."""

KINDS: Final = {
    "original": "original escaneo",
    "sheet": "planilla regenerada",
    "reserve-fund-sheet": "planilla de fondos de reserva regenerada",
    "sheet-comparison": "comparación",
    "sheet-csv": "planilla regenerada",
    "sheet-json": "planilla regenerada",
    "comparison-csv": "comparación",
    "comparison-json": "comparación",
}
"""Words that people search a kind of document by."""


def index_case(session: Session, case: CaseRow) -> None:
    """Make the documents of a case findable by what the case says now."""
    session.flush()
    answers = [value for form in case.answers.values() for value in form.values()]
    about = [case.number, case.office, case.ruc, case.branch, case.period, *answers]
    query = select(DocumentRow).where(
        DocumentRow.case_number == case.number, DocumentRow.kind.not_in(PICTURES)
    )
    for document in session.scalars(query):
        own = [document.kind, KINDS.get(document.kind, ""), document.name]
        index_document(session, document.id, [*own, *about])
