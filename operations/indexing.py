"""What a document of a case can be found by: its own name and text, and what the case is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.derivative_tables import PageTextRow
from storage.schema import CaseEventRow, CaseRow, DocumentRow, IssuedRow, ReadingRow
from storage.search import fold_words, index_document, tagged

DERIVATIVE, VIEW, THUMBNAIL = "derivative", "page-view", "page-thumbnail"
READ_PICTURES: Final = frozenset({"page", "page-straight", "page-overlay"})
"""Kinds of documents that a reading makes for the clerk's screen."""
DERIVED: Final = frozenset({DERIVATIVE, VIEW, THUMBNAIL})
"""Kinds of documents that are made of others for keeping and for looking at."""
PICTURES: Final = READ_PICTURES | {VIEW, THUMBNAIL}
"""Kinds of documents that are only looked at on the screen and not found by themselves."""
KINDS: Final = {
    "original": "original escaneo",
    DERIVATIVE: "copia de conservación",
    "reception-receipt": "constancia de recepción",
    "return-notice": "notificación para completar lo que falta",
    "sheet": "planilla regenerada",
    "reserve-fund-sheet": "planilla de fondos de reserva regenerada",
    "sheet-comparison": "comparación",
    "sheet-csv": "planilla regenerada",
    "sheet-json": "planilla regenerada",
    "comparison-csv": "comparación",
    "comparison-json": "comparación",
}
"""Words that people search a kind of document by."""
CERTIFICATE: Final = "disposal-certificate"
TITLES: Final = {
    "original": "Original recibido",
    DERIVATIVE: "Copia de conservación (PDF/A)",
    CERTIFICATE: "Acta de eliminación de documentos",
    **dict.fromkeys(sorted(PICTURES), "Imagen de página"),
}
"""What people call the kinds of documents that are neither forms nor papers of a case."""

RUC, NAME, PERSON, PERIOD, OFFICE, CODE = "r", "n", "p", "t", "o", "c"
KIND, STATE, YEAR, MONTH, DAY = "k", "s", "y", "m", "d"
"""Tags of terms; a filter of the archivist's search asks for one of them (``operations.archive_query``)."""

_ZONE: Final = ZoneInfo("America/Guayaquil")
"""Whose days the archive is searched by, wherever in the country a case was received."""
_PERSONS: Final = (
    "representative_name",
    "representative_id",
    "grantor_name",
    "grantor_id",
    "authorized_name",
    "authorized_id",
)


def index_case(session: Session, case: CaseRow) -> None:
    """Make the documents of a case findable by what the case says now."""
    session.flush()
    about = list(_about(session, case))
    query = select(DocumentRow).where(
        DocumentRow.case_number == case.number, DocumentRow.kind.not_in(PICTURES)
    )
    documents = session.scalars(query).all()
    texts = _texts(session, [document.id for document in documents])
    for document in documents:
        index_document(session, document.id, [*_own(document), *about, *texts.get(document.id, ())])


def _own(document: DocumentRow) -> Iterator[str]:
    yield from fold_words(f"{KINDS.get(document.kind, '')} {document.name}")
    yield from tagged(KIND, document.kind, whole=True)


def _about(session: Session, case: CaseRow) -> Iterator[str]:
    """The terms that every document of the case has."""
    request: Mapping[str, Any] = case.answers.get("employer-request", {})
    values = [str(value) for form in case.answers.values() for value in form.values()]
    codes = _codes(session, case.number)
    yield from fold_words(" ".join([case.number, case.office, case.ruc, case.branch, case.period, *values]))
    yield from tagged(RUC, case.ruc)
    yield from tagged(NAME, str(request.get("business_name", "")))
    for person in _persons(session, case):
        yield from fold_words(person)
        yield from tagged(PERSON, person)
    yield from tagged(PERIOD, case.period, whole=True)
    yield from tagged(OFFICE, case.office)
    yield from tagged(STATE, case.state, whole=True)
    for code in [case.number, *codes]:
        yield from fold_words(code)
        yield from ["".join(fold_words(code)), *tagged(CODE, code, whole=True)]
    day = case.received_at.astimezone(_ZONE).strftime("%Y%m%d")
    yield from (f"{YEAR}_{day[:4]}", f"{MONTH}_{day[:6]}", f"{DAY}_{day}")


def _codes(session: Session, number: str) -> list[str]:
    """The short codes printed on the case's papers: those that were read, and those that we issued."""
    readings = session.scalars(select(ReadingRow.body).where(ReadingRow.case_number == number))
    read = [
        str(document["document"])
        for body in readings
        for document in body.get("documents", ())
        if document.get("document")
    ]
    issued = session.scalars(select(IssuedRow.document).where(IssuedRow.case_number == number))
    return list(dict.fromkeys([*read, *issued]))


def _persons(session: Session, case: CaseRow) -> Iterator[str]:
    """Names and identity numbers of who asks, who is authorized, and who is on the rebuilt sheet."""
    for form in case.answers.values():
        yield from (str(form[name]) for name in _PERSONS if form.get(name))
    done = select(CaseEventRow.data).where(
        CaseEventRow.case_number == case.number, CaseEventRow.event == "rebuild-done"
    )
    for data in session.scalars(done):
        for line in data.get("sheet", {}).get("lines", ()):
            yield f"{line.get('name', '')} {line.get('id_number', '')}"


def _texts(session: Session, ids: list[int]) -> dict[int, list[str]]:
    """The words on the pages of each document."""
    found: dict[int, list[str]] = {}
    query = select(PageTextRow.document_id, PageTextRow.lines).where(PageTextRow.document_id.in_(ids))
    for document_id, lines in session.execute(query):
        found.setdefault(document_id, []).extend(fold_words(" ".join(str(line[0]) for line in lines)))
    return found
