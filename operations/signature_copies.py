"""The same picture of a signature on an earlier paper: sought when a reading is kept, shown to the clerk.

The clerk is told to look and decides; nothing is refused for it. Of one paper read again nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from forms.geometry import Box
from forms.problems import problem
from forms.register import find_form
from intake.readings import BatchReading, DocumentReading, ProblemReading, page_name
from intake.signature_traces import decode_trace
from intake.task import SeenTrace
from intake.trace_sketches import SLENDER_REACH, most_alike, sketch_of
from intake.type_rows import is_same_picture
from operations.splitting import page_key
from regeneration.cases import CaseEvent
from storage.concurrency import take_turns
from storage.schema import CaseEventRow, CaseRow, DocumentRow
from storage.trace_tables import SignatureTraceRow

COPIES: Final = "copies"
"""Where the event of a reading says which signatures were seen before; by numbers and names only, for events
outlive the traces.
"""
TRACE_PURPOSE: Final = "reconocer la misma imagen de la firma en otro papel; no dice quién firmó"
"""What a person is told that a trace is kept for."""
_TURNS: Final = "signature-traces"
"""Two readings at once wait for each other, so that neither overlooks the other's traces."""
_SLIM: Final = 1000
"""Steps of a slenderness in the table."""
_CLOSER: Final = 40
"""Traces that a closer look is taken at, some 3 ms each; ``bench/signature_traces.py`` says what it costs."""
_COPY: Final = "una de las dos puede ser una imagen pegada"
_COPY_OR_SAME: Final = "puede ser el mismo papel traído otra vez, o una imagen pegada"


@dataclass(frozen=True, slots=True)
class Crop:
    """Where a signature is to be seen: the archive's picture of its page, and the box on it."""

    picture: int
    box: Box


@dataclass(frozen=True, slots=True)
class SignatureCopy:
    """A signature of a case that was seen before: its label, the earlier case, and both as they look."""

    label: str
    case: str
    own: Crop
    earlier: Crop


def keep_traces(
    session: Session, case: CaseRow, batch: BatchReading, seen: Sequence[SeenTrace], at: datetime
) -> tuple[BatchReading, list[dict[str, str]]]:
    """Keep the traces of a case's pages, whose pictures are in its file, and look for each among those of
    other papers. The batch with a warning for each that was seen before, and the same for the event.
    """
    if not seen:
        return batch, []
    take_turns(session, _TURNS)
    pictures = _straight_pages(session, case.number)
    told: list[dict[str, str]] = []
    documents = []
    for document in batch.documents:
        warnings = []
        for picture, each in _traces_on(document, seen, pictures):
            own = _keep(session, case, document, picture, each, at)
            earlier = find_same(session, own)
            if earlier is not None:
                warnings.append(_warning(own, earlier))
                told.append(_as_event(own, earlier))
        documents.append(_with_warnings(document, warnings))
    return msgspec.structs.replace(batch, documents=tuple(documents)), told


def _straight_pages(session: Session, number: str) -> dict[str, int]:
    """The newest straight picture of each page of a case, by the page's name."""
    query = select(DocumentRow.name, DocumentRow.id).where(
        DocumentRow.case_number == number, DocumentRow.kind == "page-straight"
    )
    return {row.name: row.id for row in session.execute(query.order_by(DocumentRow.id))}


def _traces_on(
    document: DocumentReading, seen: Sequence[SeenTrace], pictures: Mapping[str, int]
) -> Iterator[tuple[int, SeenTrace]]:
    """The traces on a document's pages, each with its page's picture."""
    pages = {page_key(page) for page in document.pages}
    for each in seen:
        name = page_name(each.file, each.page, each.part)
        if name in pages and name in pictures and each.field in document.signatures:
            yield pictures[name], each


def _keep(
    session: Session,
    case: CaseRow,
    document: DocumentReading,
    picture: int,
    seen: SeenTrace,
    at: datetime,
) -> SignatureTraceRow:
    """The row of a trace; a case that is read again has it already."""
    known = select(SignatureTraceRow).where(
        SignatureTraceRow.page_id == picture, SignatureTraceRow.field == seen.field
    )
    row = session.scalars(known).first()
    if row is None:
        trace = decode_trace(seen.trace)
        row = SignatureTraceRow(
            case_number=case.number,
            page_id=picture,
            document=document.document if isinstance(document.document, str) else "",
            form=str(document.form),
            edition=str(document.edition),
            field=seen.field,
            slender=round(trace.slender * _SLIM),
            sketch=sketch_of(trace),
            trace=seen.trace,
            made_at=at,
        )
        session.add(row)
        session.flush()
    return row


def find_same(session: Session, own: SignatureTraceRow) -> SignatureTraceRow | None:
    """The earliest trace of another paper that is of the same picture."""
    reach = round(SLENDER_REACH * _SLIM)
    query = select(SignatureTraceRow.id, SignatureTraceRow.sketch).where(
        SignatureTraceRow.slender.between(own.slender - reach, own.slender + reach), _of_another_paper(own)
    )
    rows = session.execute(query.order_by(SignatureTraceRow.id)).all()
    best = sorted(rows[place].id for place in most_alike(own.sketch, [row.sketch for row in rows], _CLOSER))
    trace = decode_trace(own.trace)
    candidates = select(SignatureTraceRow).where(SignatureTraceRow.id.in_(best))
    found = session.scalars(candidates.order_by(SignatureTraceRow.id))
    return next((row for row in found if is_same_picture(trace, decode_trace(row.trace))), None)


def _of_another_paper(own: SignatureTraceRow) -> ColumnElement[bool]:
    """Earlier papers of other numbers; one without a number is only known to be another in another case."""
    earlier = SignatureTraceRow.id < own.id
    elsewhere = SignatureTraceRow.case_number != own.case_number
    if not own.document:
        return and_(earlier, elsewhere)
    numbered = SignatureTraceRow.document != ""
    return and_(earlier, SignatureTraceRow.document != own.document, or_(elsewhere, numbered))


def _warning(own: SignatureTraceRow, earlier: SignatureTraceRow) -> ProblemReading:
    found = problem(
        "SIGNATURE_SEEN_BEFORE",
        field=own.field,
        label=_label(own),
        paper=_paper(earlier),
        case=earlier.case_number,
        cause=_COPY if own.document and earlier.document else _COPY_OR_SAME,
    )
    return ProblemReading(found.code, found.severity.value, found.message, own.field)


def _label(row: SignatureTraceRow) -> str:
    form = find_form(row.form)
    return form.edition(row.edition).field(row.field).title if form is not None else row.field


def _paper(row: SignatureTraceRow) -> str:
    form = find_form(row.form)
    title = form.title if form is not None else row.form
    return f"{title} {row.document or 'sin número'}"


def _as_event(own: SignatureTraceRow, earlier: SignatureTraceRow) -> dict[str, str]:
    """What the event says of a copy: names and numbers, by which both are found again."""
    return {
        "form": own.form,
        "field": own.field,
        "case": earlier.case_number,
        "paper": earlier.document,
        "paper_form": earlier.form,
        "paper_field": earlier.field,
    }


def _with_warnings(document: DocumentReading, warnings: Sequence[ProblemReading]) -> DocumentReading:
    if not warnings:
        return document
    outcome = "review" if document.outcome == "read" else document.outcome
    return msgspec.structs.replace(document, problems=(*document.problems, *warnings), outcome=outcome)


def copies_of(session: Session, number: str, events: Sequence[CaseEventRow]) -> tuple[SignatureCopy, ...]:
    """The signatures that the newest reading of a case knew again, both sides of each; those of which a page
    was disposed of are left out.
    """
    readings = [event for event in events if event.event == CaseEvent.READ_DONE.value]
    told: Sequence[Mapping[str, Any]] = readings[-1].data.get(COPIES, ()) if readings else ()
    found = []
    for each in told:
        own = _row_of(session, number, each["form"], each["field"])
        earlier = _row_of(session, each["case"], each["paper_form"], each["paper_field"], each["paper"])
        if own is not None and earlier is not None:
            found.append(SignatureCopy(_label(own), earlier.case_number, _crop(own), _crop(earlier)))
    return tuple(found)


def _row_of(
    session: Session, case: str, form: str, field: str, paper: str | None = None
) -> SignatureTraceRow | None:
    query = select(SignatureTraceRow).where(
        SignatureTraceRow.case_number == case,
        SignatureTraceRow.form == form,
        SignatureTraceRow.field == field,
    )
    if paper is not None:
        query = query.where(SignatureTraceRow.document == paper)
    return session.scalars(query.order_by(SignatureTraceRow.id.desc()).limit(1)).first()


def _crop(row: SignatureTraceRow) -> Crop:
    form = find_form(row.form)
    if form is None:
        raise LookupError(f"a trace of an unknown form {row.form}")
    return Crop(row.page_id, form.edition(row.edition).field(row.field).box)


def traces_of_signer(session: Session, case: CaseRow, person: str) -> Iterator[SignatureTraceRow]:
    """The traces of a case in boxes that the person of an identity number signs."""
    query = select(SignatureTraceRow).where(SignatureTraceRow.case_number == case.number)
    for row in session.scalars(query.order_by(SignatureTraceRow.id)):
        signer = row.field.removesuffix("signature") + "id"
        if case.answers.get(row.form, {}).get(signer) == person:
            yield row


def forget_traces(session: Session, pages: Sequence[int]) -> None:
    """Delete the traces on pages that were disposed of; the database refuses it of any other."""
    session.execute(delete(SignatureTraceRow).where(SignatureTraceRow.page_id.in_(pages)))
