"""The record of a case as one story: every document, reading, correction and event, and who looked at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.personal import Datum
from forms.wording import wording_of
from intake.readings import BatchReading
from operations.casework import CaseNotFoundError, events_of
from operations.house import House
from operations.indexing import DERIVATIVE, PICTURES
from operations.personal_data import Discretion, may_reveal
from operations.users import User
from regeneration.cases import CaseEvent, CaseState
from storage.audit import append_audit
from storage.derivative_tables import DerivationRow
from storage.schema import AuditEventRow, BlobRow, CaseEventRow, CaseRow, DocumentRow, ReadingRow

LOOKS: Final = {
    "case.view": "Vio el trámite",
    "archive.record": "Vio el expediente",
    "archive.reveal": "Vio los datos personales sin máscara",
    "archive.view": "Vio páginas",
    "archive.get": "Se llevó una copia",
    "archive.export": "Exportó el expediente completo, sin máscara",
    "document.get": "Descargó el documento emitido",
}
"""Events of the audit trail by which somebody saw what a case says."""


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A document with what was made of it; ``pages`` is 0 when it cannot be looked at here."""

    row: DocumentRow
    size: int
    pages: int
    derivation: DerivationRow | None
    derivative: DocumentRow | None


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value of a reading, and the answer that a person put in its place where they differ."""

    label: str
    value: str
    seen: str
    state: str
    source: str
    confidence: float
    answer: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A paper of a reading: its form's name or nothing, its number, the seal's state, its values."""

    form: str
    number: str
    seal: str
    outcome: str
    values: tuple[ReadValue, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingStory:
    made_at: datetime
    documents: tuple[ReadDocument, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened; ``details`` are short texts about it."""

    at: datetime
    title: str
    actor: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody saw something, and of what document."""

    at: datetime
    actor: str
    what: str
    document: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything about a case, the newest events first, as far as who asks may see it. ``may_reveal`` when
    something is masked that this person may have shown.
    """

    case: CaseRow
    business_name: str
    representative: str
    state: CaseState
    documents: tuple[RecordDocument, ...]
    readings: tuple[ReadingStory, ...]
    chapters: tuple[Chapter, ...]
    looks: tuple[Look, ...]
    may_reveal: bool


def view_record(house: House, number: str, by: User, *, revealed: bool = False) -> Record:
    """The record of a case; looking at it is an event, and another one if masked data are shown, which they
    are to those only who may have them so. :class:`CaseNotFoundError`.
    """
    sight = Discretion(by, revealed and may_reveal(by))
    with house.database.transaction() as session:
        case = session.get(CaseRow, number)
        if case is None:
            raise CaseNotFoundError(f"no case {number}")
        act = "archive.reveal" if sight.revealed else "archive.record"
        append_audit(session, house.now(), by.name, act, number)
        events = events_of(session, number)
        query = select(DocumentRow).where(DocumentRow.case_number == number).order_by(DocumentRow.id)
        rows = session.scalars(query).all()
        documents = _documents(session, rows)
        request: Mapping[str, str] = case.answers.get("employer-request", {})
        return Record(
            case,
            request.get("business_name", ""),
            sight.show(request.get("representative_name", ""), Datum.NAME),
            CaseState(case.state),
            documents,
            tuple(_readings(session, case, sight)),
            tuple(sorted(_chapters(events, documents, sight), key=lambda chapter: chapter.at, reverse=True)),
            tuple(_looks(session, number, rows)),
            may_reveal(by) and not sight.revealed,
        )


def _documents(session: Session, rows: Sequence[DocumentRow]) -> tuple[RecordDocument, ...]:
    """The originals and our papers; derivatives stand beside their originals, pictures of pages nowhere."""
    shown = [row for row in rows if row.kind not in PICTURES and row.kind != DERIVATIVE]
    by_id = {row.id: row for row in rows}
    ids = [row.id for row in shown]
    query = select(DerivationRow).where(DerivationRow.source_id.in_(ids))
    derivations = {row.source_id: row for row in session.scalars(query)}
    blobs = select(BlobRow.sha256, BlobRow.size).where(BlobRow.sha256.in_([row.sha256 for row in shown]))
    sizes = {row.sha256: row.size for row in session.execute(blobs)}
    return tuple(
        RecordDocument(
            row,
            sizes.get(row.sha256, 0),
            derivations[row.id].pages if row.id in derivations else 0,
            derivations.get(row.id),
            by_id.get(derivations[row.id].derivative_id or 0) if row.id in derivations else None,
        )
        for row in shown
    )


def _readings(session: Session, case: CaseRow, sight: Discretion) -> Iterator[ReadingStory]:
    query = select(ReadingRow).where(ReadingRow.case_number == case.number).order_by(ReadingRow.id.desc())
    for row in session.scalars(query):
        batch = msgspec.convert(row.body, BatchReading)
        yield ReadingStory(row.made_at, tuple(_read_documents(case, batch, sight)))


def _read_documents(case: CaseRow, batch: BatchReading, sight: Discretion) -> Iterator[ReadDocument]:
    for found in batch.documents:
        name = found.form if isinstance(found.form, str) else ""
        words = wording_of(name, found.edition)
        answers: Mapping[str, str] = case.answers.get(name, {})
        values = tuple(
            ReadValue(
                words.label(field),
                sight.show(words.shown(field, value.value), words.datum(field)),
                sight.show(
                    words.shown(field, value.seen if isinstance(value.seen, str) else ""), words.datum(field)
                ),
                value.state,
                value.source,
                value.confidence,
                sight.show(words.shown(field, _correction(answers, field, value.value)), words.datum(field)),
            )
            for field, value in found.fields.items()
        )
        number = found.document if isinstance(found.document, str) else ""
        problems = tuple(sight.show(item.message, None) for item in found.problems)
        yield ReadDocument(name, number, found.seal.state, found.outcome, values, problems)


def _correction(answers: Mapping[str, str], field: str, read: str) -> str:
    """What a person put in the place of what was read; empty when it was left as it is."""
    answer = answers.get(field, read)
    return answer if answer != read else ""


def _chapters(
    events: Sequence[CaseEventRow], documents: Sequence[RecordDocument], sight: Discretion
) -> Iterator[Chapter]:
    for row in events:
        title = "Recibe los papeles" if row.event == "receive" else CaseEvent(row.event).label
        yield Chapter(row.at, title, row.actor, tuple(_details(row, sight)))
    for item in documents:
        if item.derivation is not None and item.row.kind == "original":
            title = {
                "valid": "Se hizo la copia de conservación",
                "invalid": "No se pudo hacer una copia de conservación válida: queda el original",
                "failed": "No se pudo hacer la copia de conservación: queda el original",
            }.get(item.derivation.outcome, "Se prepararon las páginas")
            yield Chapter(item.derivation.made_at, title, "sistema", (item.row.name,))


def _details(row: CaseEventRow, sight: Discretion) -> Iterator[str]:
    """What an event's data say, in words; corrected values one by one."""
    if reason := row.data.get("reason"):
        yield sight.show(str(reason), None)
    if row.event == CaseEvent.CORRECT.value:
        for form, values in row.data.get("answers", {}).items():
            words = wording_of(form)
            for name, value in values.items():
                shown = sight.show(words.shown(name, value), words.datum(name))
                yield f"{words.label(name)}: {shown or '(sin dato)'}"
    for file in row.data.get("files", ()):
        yield f"{file['name']} · SHA-256 {file['sha256'][:16]}…"
    if found := row.data.get("problem"):
        yield sight.show(str(found.get("message", "")), None)
    for check in row.data.get("checks", ()):
        if not check.get("passed"):
            yield str(check.get("title", ""))


def _looks(session: Session, number: str, rows: Sequence[DocumentRow]) -> Iterator[Look]:
    """Who saw what, the newest first; the same person seeing the same within a minute is one look."""
    names = {f"{number}/{row.id}": row for row in rows}
    query = (
        select(AuditEventRow)
        .where(AuditEventRow.subject.in_([number, *names]), AuditEventRow.action.in_(LOOKS))
        .order_by(AuditEventRow.sequence.desc())
    )
    seen: set[tuple[str, str, str, str]] = set()
    for event in session.scalars(query):
        key = (event.actor, event.action, event.subject, event.at.strftime("%Y%m%d%H%M"))
        row = names.get(event.subject)
        if key in seen or (row is not None and row.kind in PICTURES):
            continue
        seen.add(key)
        yield Look(event.at, event.actor, LOOKS[event.action], row.name if row is not None else "")
