"""The durable job that goes through a case's documents once: pages to look at, their text, a PDF/A-2b beside
each original. Where none can be made the original stands, and the record says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from forms.model import Choice
from forms.register import find_form
from intake.derivation import Derivation as Derived
from intake.derivation import DerivationRequest, DerivedPage, derive_task
from intake.limits import Limits
from intake.page_lines import PlacedValue
from intake.readings import BatchReading, DocumentReading, FieldReading
from intake.sandbox import Sandbox, Trouble
from operations import workflows
from operations.casework import load_case
from operations.deposits import Deposit, deposit, record
from operations.derivation_proof import DERIVE_EVENT, text_digest
from operations.house import House
from operations.indexing import DERIVATIVE, THUMBNAIL, VIEW, index_case
from operations.review import reading_of
from regeneration.cases import CaseState
from storage.audit import append_audit
from storage.blobs import BlobChangedError, BlobMissingError
from storage.concurrency import insert_once, take_turns
from storage.derivative_tables import DerivationRow, PageTextRow
from storage.jobs import DERIVATIVE_QUEUE
from storage.schema import CaseRow, CounterRow, DocumentRow

ACTOR: Final = "sistema"
_SECONDS: Final = 15
"""Times the patience of a reading: every line of every page is recognised, and nobody waits."""
_SHOWN_TYPES: Final = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff"})
_MARK: Final = "derived-up-to"
_AT_ONCE: Final = 200
_UNREAD: Final = frozenset({CaseState.RECEIVED.value, CaseState.READING.value})
"""States of a case whose reading, which the layer of text is made of, is still to come."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Deposits of one derivation, before any row names them."""

    derived: Derived
    views: tuple[Deposit, ...]
    thumbnail: Deposit | None
    pdf: Deposit | None


def derive_case(house: House, number: str) -> None:
    """Go through every document of a case that nobody went through yet. May be repeated at any point."""
    with house.database.reading() as session:
        if session.get_one(CaseRow, number).state in _UNREAD:
            return  # its reading queues this again
        documents = _open_documents(session, number)
        reading = reading_of(session, number)
    for document in documents:
        derived = _derive(house, document, reading)
        _file(house, document, _deposit(house, derived))


def _open_documents(session: Session, number: str) -> list[DocumentRow]:
    query = (
        select(DocumentRow)
        .outerjoin(DerivationRow, DerivationRow.source_id == DocumentRow.id)
        .where(DocumentRow.case_number == number, DerivationRow.source_id.is_(None), _eligible())
        .order_by(DocumentRow.id)
    )
    return list(session.scalars(query))


def _eligible() -> ColumnElement[bool]:
    shown = DocumentRow.media_type.in_(_SHOWN_TYPES) & (DocumentRow.kind != DERIVATIVE)
    return (DocumentRow.kind == "original") | (shown & ~DocumentRow.kind.like("page%"))


def _derive(house: House, document: DocumentRow, reading: BatchReading | None) -> Derived:
    original = document.kind == "original"
    try:
        data = house.blobs.get(document.sha256)
    except (BlobChangedError, BlobMissingError):
        return Derived("failed", findings=("Los bytes archivados están dañados.",))
    limits: Limits = replace(house.limits, seconds=house.limits.seconds * _SECONDS)
    request = DerivationRequest(
        document.name,
        data,
        document.made_at,
        placed_values(document, reading) if original and reading is not None else {},
        original,
        limits,
    )
    answer = Sandbox(limits, ("intake.warm",)).run(derive_task, msgspec.msgpack.encode(request))
    if isinstance(answer, Trouble):
        return Derived("failed", findings=(f"No se pudo leer el archivo ({answer.value}).",))
    try:
        return msgspec.msgpack.decode(answer, type=Derived)
    except msgspec.DecodeError:
        return Derived("failed", findings=("No se pudo leer el archivo.",))


def placed_values(document: DocumentRow, reading: BatchReading) -> dict[int, tuple[PlacedValue, ...]]:
    """What the reading says of the file's pages: the values as the paper shows them, by page from 1.

    An original is filed as «01 name»; readings know it by its name.
    """
    name = document.name.partition(" ")[2]
    placed: dict[int, tuple[PlacedValue, ...]] = {}
    for found in reading.documents:
        ticked = _ticked(found)
        for place, page in enumerate(found.pages, start=1):
            if page.file == name and found.route in {"sealed", "template"}:
                values = (
                    _placed(value)
                    for field, value in found.fields.items()
                    if value.page == place and field not in ticked
                )
                placed[page.page] = tuple(value for value in values if value.text)
    return placed


def _ticked(found: DocumentReading) -> frozenset[str]:
    """Fields that are ticked, not written: the paper has words for their values that we have not."""
    form = find_form(found.form) if isinstance(found.form, str) else None
    if form is None:
        return frozenset()
    edition = form.edition(found.edition) if isinstance(found.edition, str) else form.current
    return frozenset(field.name for field in edition.fields if isinstance(field.kind, Choice))


def _placed(found: FieldReading) -> PlacedValue:
    seen = found.seen if isinstance(found.seen, str) else ""
    sure = found.value if found.state in {"confirmed", "read"} else ""
    return PlacedValue(seen or sure, found.box_mm)


def _deposit(house: House, derived: Derived) -> _Kept:
    def put(data: bytes, media_type: str) -> Deposit:
        return deposit(house.blobs, [data], media_type)

    return _Kept(
        derived,
        tuple(put(page.view, "image/webp") for page in derived.pages),
        None if derived.thumbnail is None else put(derived.thumbnail, "image/webp"),
        None if derived.pdf is None else put(derived.pdf, "application/pdf"),
    )


def _file(house: House, source: DocumentRow, kept: _Kept) -> None:
    """All that was made of one document, its row last looked at first: two workers file it once."""
    with house.database.transaction() as session:
        case = load_case(session, source.case_number)
        if session.get(DerivationRow, source.id) is not None:
            return
        now = house.now()
        derived = kept.derived
        thumbnail = None
        if kept.thumbnail is not None:
            thumbnail = _document(house, session, source, kept.thumbnail, THUMBNAIL, source.name)
        for page, view in zip(derived.pages, kept.views, strict=True):
            name = f"{source.name[:230]} p. {page.page}"
            view_id = _document(house, session, source, view, VIEW, name)
            session.add(_text_row(source, page, view_id, thumbnail if page.page == 1 else None))
        pdf = None
        if kept.pdf is not None:
            pdf = _document(house, session, source, kept.pdf, DERIVATIVE, derivative_name(source.name))
        session.add(
            DerivationRow(
                source_id=source.id,
                derivative_id=pdf,
                outcome=derived.outcome,
                findings=list(derived.findings),
                pages=len(derived.pages),
                made_at=now,
            )
        )
        append_audit(session, now, ACTOR, DERIVE_EVENT, source.case_number, _told(source, kept))
        index_case(session, case)


def _told(source: DocumentRow, kept: _Kept) -> dict[str, Any]:
    """By what the chained trail can prove the rows: what was made, and the text that is searched."""
    made = [(DERIVATIVE, kept.pdf), (THUMBNAIL, kept.thumbnail), *((VIEW, view) for view in kept.views)]
    return {
        "document": source.id,
        "source": source.sha256,
        "outcome": kept.derived.outcome,
        "findings": list(kept.derived.findings),
        "made": [{"kind": kind, "sha256": item.sha256} for kind, item in made if item is not None],
        "text": text_digest([_lines(page) for page in kept.derived.pages]),
    }


def _lines(page: DerivedPage) -> list[list[Any]]:
    return [
        [line.text, *(round(value, 2) for value in (line.x, line.y, line.width, line.height, line.angle))]
        for line in page.lines
    ]


def derivative_name(name: str) -> str:
    """``01 escaneo.tif`` → ``01 escaneo.pdfa.pdf``."""
    return f"{PurePath(name).stem[:230]}.pdfa.pdf"


def _document(
    house: House, session: Session, source: DocumentRow, made: Deposit, kind: str, name: str
) -> int:
    """The id of the row, which may be there: the same bytes under the same name are one document."""
    row = {
        "case_number": source.case_number,
        "kind": kind,
        "name": name,
        "sha256": record(session, made, house.now()),
    }
    insert_once(session, DocumentRow, **row, media_type=made.media_type, made_at=house.now())
    return session.scalars(select(DocumentRow.id).filter_by(**row)).one()


def _text_row(source: DocumentRow, page: DerivedPage, view: int, thumbnail: int | None) -> PageTextRow:
    return PageTextRow(
        document_id=source.id,
        page=page.page,
        width=page.width,
        height=page.height,
        view_id=view,
        thumbnail_id=thumbnail,
        lines=_lines(page),
    )


def queue_missing_derivatives(house: House) -> int:
    """Queue the work again for documents that nobody went through: of a restored or an older archive, or
    whose work was lost. Documents are looked at in their order from a mark on, so a round costs little.
    """
    with house.database.transaction() as session:
        take_turns(session, _MARK)
        mark = session.get(CounterRow, _MARK) or CounterRow(name=_MARK, value=0)
        session.add(mark)
        found = session.execute(
            select(DocumentRow.id, DocumentRow.case_number, CaseRow.state, _missing())
            .join(CaseRow, CaseRow.number == DocumentRow.case_number)
            .outerjoin(DerivationRow, DerivationRow.source_id == DocumentRow.id)
            .where(DocumentRow.id > mark.value)
            .order_by(DocumentRow.id)
            .limit(_AT_ONCE)
        ).all()
        missing = [(document, number, state) for document, number, state, lacks in found if lacks]
        if found:
            mark.value = (missing[0][0] - 1) if missing else found[-1][0]
        cases = list(dict.fromkeys(number for _, number, state in missing if state not in _UNREAD))
    return _enqueue(house, cases)


def _missing() -> ColumnElement[bool]:
    return (_eligible() & DerivationRow.source_id.is_(None)).label("lacks")


def _enqueue(house: House, cases: Iterable[str]) -> int:
    under_way = house.jobs.under_way()
    waiting = [number for number in cases if (workflows.DERIVE, number) not in under_way]
    for number in waiting:
        with house.database.transaction() as session:
            attempt = f"round-{house.now():%Y%m%d%H%M}"
            house.jobs.enqueue(session, workflows.DERIVE, number, attempt, DERIVATIVE_QUEUE)
    return len(waiting)
