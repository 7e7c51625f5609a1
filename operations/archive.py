"""The archivist's: find documents and hand them out bit-exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.archive_query import ArchiveQuery, parse_query
from operations.house import House
from operations.personal_data import note_search
from storage.audit import append_audit
from storage.derivative_tables import PageTextRow
from storage.schema import CaseRow, DocumentRow
from storage.search import fold_words, search_documents

PAGE: Final = 50
"""Documents on one page of results."""
MOST_EXPORTED: Final = 10_000
"""Rows of a list for a spreadsheet; a larger one says that it ends there."""
_SNIPPET: Final = 160


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
    office: str = ""
    received: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line of a document in which a word was found, in parts: text, and whether it is what was found."""

    page: int
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found document as the screen shows it: its first page small, and where in it the words stand."""

    found: Found
    thumbnail: bool
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits; ``next`` is where the next one begins, absent on the last."""

    hits: tuple[Hit, ...]
    next: int | None


def find_documents(house: House, query: str, by: str, limit: int = 100) -> list[Found]:
    """Documents that have every word of the query, or begin with it, newest first (accents and case do
    not matter; ``ruc:…`` and the other filters of ``operations.archive_query`` may stand in it); asking is
    an event of the audit trail.
    """
    return list_documents(house, parse_query(query, {}, house.today()), by, limit)


def list_documents(house: House, query: ArchiveQuery, by: str, limit: int = MOST_EXPORTED) -> list[Found]:
    """The newest documents of a query, without pictures and snippets."""
    with house.database.transaction() as session:
        _note(house, session, query, by)
        ids = search_documents(session, query.wanted, limit)
        return _load(house, session, ids)


def find_page(house: House, query: ArchiveQuery, by: str, before: int | None = None) -> Results:
    """One page of results, after the document ``before``."""
    with house.database.transaction() as session:
        _note(house, session, query, by)
        ids = search_documents(session, query.wanted, PAGE + 1, before)
        found = _load(house, session, ids[:PAGE])
        shown = [item.id for item in found]
        small = _thumbnails(session, shown)
        snippets = _snippets(session, shown, fold_words(query.words))
    hits = tuple(Hit(item, item.id in small, snippets.get(item.id)) for item in found)
    return Results(hits, ids[PAGE - 1] if len(ids) > PAGE else None)


def _note(house: House, session: Session, query: ArchiveQuery, by: str) -> None:
    asked = " ".join([query.words, *(f"{name}:{value}" for name, value in query.filters.items())]).strip()
    note_search(house, session, by, "archive.find", asked)


def _load(house: House, session: Session, ids: Sequence[int]) -> list[Found]:
    found: list[Found] = []
    # Databases bound how many values a statement may have.
    for start in range(0, len(ids), 500):
        rows = session.execute(
            select(DocumentRow, CaseRow)
            .join(CaseRow, CaseRow.number == DocumentRow.case_number)
            .where(DocumentRow.id.in_(ids[start : start + 500]))
            .order_by(DocumentRow.id.desc())
        )
        found += [_as_found(house, document, case) for document, case in rows]
    return found


def _as_found(house: House, document: DocumentRow, case: CaseRow) -> Found:
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
        case.office,
        case.received_at.astimezone(house.zone).date().isoformat(),
    )


def _thumbnails(session: Session, ids: Sequence[int]) -> set[int]:
    query = select(PageTextRow.document_id).where(
        PageTextRow.document_id.in_(ids), PageTextRow.thumbnail_id.is_not(None)
    )
    return set(session.scalars(query))


def _snippets(session: Session, ids: Sequence[int], words: Sequence[str]) -> dict[int, Snippet]:
    """For each document the first line of its text with one of the words."""
    found: dict[int, Snippet] = {}
    if not words:
        return found
    query = (
        select(PageTextRow.document_id, PageTextRow.page, PageTextRow.lines)
        .where(PageTextRow.document_id.in_(ids))
        .order_by(PageTextRow.document_id, PageTextRow.page)
    )
    for document_id, page, lines in session.execute(query):
        if document_id in found:
            continue
        for line in lines:
            parts = tuple(mark_words(str(line[0])[:_SNIPPET], words))
            if any(hit for _, hit in parts):
                found[document_id] = Snippet(page, parts)
                break
    return found


def mark_words(text: str, words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """A text in parts: what begins with one of the folded words is marked, as the search finds it.

    >>> list(mark_words("Compañía Ñusta", ["nus"]))
    [('Compañía ', False), ('Ñusta', True)]
    """
    plain = ""
    for piece, is_word in _pieces(text):
        if is_word and any(folded.startswith(tuple(words)) for folded in fold_words(piece)):
            if plain:
                yield plain, False
            yield piece, True
            plain = ""
        else:
            plain += piece
    if plain:
        yield plain, False


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of letters and digits, and what stands between them."""
    run, kind = "", False
    for sign in text:
        word = sign.isalnum()
        if run and word != kind:
            yield run, kind
            run = ""
        run, kind = run + sign, word
    if run:
        yield run, kind


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


def thumbnail_of(house: House, document_id: int) -> bytes | None:
    """The first page of a document, too small to be read, so looking at it is no event."""
    with house.database.reading() as session:
        found = session.scalar(
            select(DocumentRow.sha256)
            .join(PageTextRow, PageTextRow.thumbnail_id == DocumentRow.id)
            .where(PageTextRow.document_id == document_id, PageTextRow.page == 1)
        )
    return None if found is None else house.blobs.get(found)
