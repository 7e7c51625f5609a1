"""Proof that nothing has changed: every blob hashed again, every row held against what was recorded of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from operations.alarms import Failure, failure_of
from operations.casework import RECEIVE, events_of, replay
from operations.derivation_proof import are_derived
from operations.house import House
from operations.indexing import DERIVED, READ_PICTURES
from regeneration.cases import CaseEvent
from storage.archive_tables import ImportedAuditRow
from storage.audit import ChainReport, digest_of, verify_chain
from storage.blobs import BlobChangedError, BlobDisposedError, BlobMissingError
from storage.disposed import is_gone
from storage.retention_tables import DisposedDocumentRow, RemovedBlobRow
from storage.schema import (
    AuditEventRow,
    BlobRow,
    CaseEventRow,
    CaseRow,
    DocumentRow,
    IssuedRow,
    ReadingRow,
    ReceptionRow,
)

_RECEPTIONS: Final = frozenset({RECEIVE, CaseEvent.RECEIVE_AGAIN.value})
_READINGS: Final = frozenset({CaseEvent.READ_DONE.value, CaseEvent.READ_FAILED.value})
DISPOSED: Final = "disposal.agree"
"""The event of the trail by which documents end; its data names them."""
_BATCH: Final = 500
_BLOB: Final = re.compile(r"[0-9a-f]{64}")
_COME_BACK: Final = "Volvió a aparecer un documento que se eliminó con acta: retírelo."
_SET_ASIDE: Final = "Quedó apartada la versión dañada de un documento: revísela y retírela."


def verify_archive(house: House) -> tuple[int, list[Failure]]:
    """Hash every blob again, look for files that are not ours, and hold every case against its events
    and these against the audit trail. How many blobs there are, and what is wrong. Nothing is written down.
    """
    failures: list[Failure] = []
    checked, cursor = 0, ""
    while blobs := next_blobs(house, cursor, _BATCH):
        failures += [failure for sha256, size in blobs for failure in blob_failures(house, sha256, size)]
        checked, cursor = checked + len(blobs), blobs[-1][0]
    with house.database.reading() as session:
        numbers = session.scalars(select(CaseRow.number).order_by(CaseRow.number)).all()
        failures += [failure for number in numbers for failure in case_failures(session, number)]
        failures += [*issued_failures(session), *lost_failures(session)]
    return checked, [*failures, *foreign_failures(house, 0.0)]


def next_blobs(house: House, after: str, limit: int) -> list[tuple[str, int]]:
    """Names and sizes of the blobs that follow one in the order in which they are checked; those that were
    disposed of are none of them.
    """
    query = select(BlobRow.sha256, BlobRow.size).where(BlobRow.sha256 > after, ~is_gone())
    with house.database.reading() as session:
        rows = session.execute(query.order_by(BlobRow.sha256).limit(limit))
        return [(sha256, size) for sha256, size in rows]


def blob_failures(house: House, sha256: str, size: int) -> Iterator[Failure]:
    """What is wrong with stored bytes, mended or not, or with their row."""
    try:
        found, mended = house.blobs.inspect(sha256)
    except BlobDisposedError:
        return  # while this round was under way
    except BlobMissingError:
        yield Failure(sha256, "missing", "Falta el documento; restáurelo desde la copia.")
    except BlobChangedError:
        yield Failure(sha256, "changed", "El documento cambió; restáurelo desde la copia.")
    else:
        if mended is not None:
            yield failure_of(mended)
        if found != size:
            yield Failure(sha256, "row-changed", "El registro del documento fue cambiado.")


def foreign_failures(house: House, grace: float) -> Iterator[Failure]:
    """Files that no row tells of. Bytes come before their row, so a blob that was written less than ``grace``
    seconds ago is left alone, and what is listed first and has no row afterwards is nobody's.
    """
    batch: list[str] = []
    for name in house.blobs.names():
        batch.append(name)
        if len(batch) == _BATCH:
            yield from _unknown(house, batch, grace)
            batch.clear()
    yield from _unknown(house, batch, grace)


def _unknown(house: House, names: Sequence[str], grace: float) -> Iterator[Failure]:
    with house.database.reading() as session:
        known = set(session.scalars(select(BlobRow.sha256).where(BlobRow.sha256.in_(names))))
        removed = set(
            session.scalars(
                select(BlobRow.sha256)
                .join(RemovedBlobRow, RemovedBlobRow.sha256 == BlobRow.sha256)
                .where(BlobRow.sha256.in_(names), is_gone())
            )
        )
    for name in names:
        is_blob = _BLOB.fullmatch(name) is not None
        if name in removed and house.blobs.age(name) >= grace:
            yield Failure(name, "foreign", _COME_BACK)
        if name not in known and not (is_blob and house.blobs.age(name) < grace):
            message = _SET_ASIDE if ".changed-" in name else "Hay un archivo que no consta en el archivo."
            yield Failure(name, "foreign", message)


def case_failures(session: Session, number: str) -> Iterator[Failure]:
    """What of a case does not fit its events, or these the audit trail."""
    case = session.get_one(CaseRow, number)
    events = events_of(session, number)
    if not _is_replayed(case, events) or not _began(case, events):
        yield Failure(number, "row-changed", "El trámite no coincide con sus eventos.")
    if _recorded(events) != _audited(session, number):
        yield Failure(number, "row-changed", "Los eventos no coinciden con la bitácora.")
    if not _are_received(session, number, events):
        yield Failure(number, "row-changed", "Los originales no coinciden con los recibidos.")
    if not _are_filed(session, number, events):
        yield Failure(number, "row-changed", "Los documentos no coinciden con los archivados.")
    if not _are_read(session, number, events):
        yield Failure(number, "row-changed", "Las lecturas no coinciden con las que se hicieron.")
    if not are_derived(session, number):
        yield Failure(number, "row-changed", "Las copias de conservación o sus textos no son los hechos.")


def _is_replayed(case: CaseRow, events: Sequence[CaseEventRow]) -> bool:
    try:
        return replay(events) == (case.state, case.version, case.answers)
    except ValueError:
        return False


def _began(case: CaseRow, events: Sequence[CaseEventRow]) -> bool:
    """Whether the case's own columns say what its first event and its answers say."""
    request = case.answers.get("employer-request", {})
    about = tuple(request.get(name, "") for name in ("ruc", "branch", "period"))
    first = events[0] if events else None
    return (
        first is not None
        and (case.received_by, case.ruc, case.branch, case.period) == (first.actor, *about)
        and case.received_at == first.at
    )


def _recorded(events: Sequence[CaseEventRow]) -> list[tuple[Any, ...]]:
    return [(f"case.{event.event}", event.at, event.actor, event.data) for event in events]


def _audited(session: Session, number: str) -> list[tuple[Any, ...]]:
    """What the chained audit trail says that happened to a case; first what came with it in a package."""
    return [
        *_told(session, ImportedAuditRow, ImportedAuditRow.line, number),
        *_told(session, AuditEventRow, AuditEventRow.sequence, number),
    ]


def _told(
    session: Session,
    table: type[ImportedAuditRow] | type[AuditEventRow],
    order: InstrumentedAttribute[int],
    number: str,
) -> list[tuple[Any, ...]]:
    query = select(table.action, table.at, table.actor, table.data).where(
        table.subject == number, table.action.like("case.%"), table.action != "case.view"
    )
    return [tuple(row) for row in session.execute(query.order_by(order))]


def _are_received(session: Session, number: str, events: Sequence[CaseEventRow]) -> bool:
    """Whether receptions and original documents are the files that the events say came in."""
    files = [file for event in events if event.event in _RECEPTIONS for file in event.data["files"]]
    said = [(file["name"], file["sha256"]) for file in files]
    received = select(ReceptionRow).where(ReceptionRow.case_number == number).order_by(ReceptionRow.place)
    kept = select(DocumentRow).where(DocumentRow.case_number == number, DocumentRow.kind == "original")
    return (
        [(row.name, row.sha256) for row in session.scalars(received)] == said
        # An original's name has its place before it.
        and [
            (row.name.partition(" ")[2], row.sha256) for row in session.scalars(kept.order_by(DocumentRow.id))
        ]
        == said
    )


def _are_filed(session: Session, number: str, events: Sequence[CaseEventRow]) -> bool:
    """Whether the papers that the case made are those that its events say were filed."""
    said = sorted((paper["kind"], paper["sha256"]) for row in events for paper in row.data.get("papers", []))
    made = select(DocumentRow.kind, DocumentRow.sha256).where(
        DocumentRow.case_number == number, DocumentRow.kind.not_in({*READ_PICTURES, *DERIVED, "original"})
    )
    return sorted((kind, sha256) for kind, sha256 in session.execute(made)) == said


def _are_read(session: Session, number: str, events: Sequence[CaseEventRow]) -> bool:
    """Whether readings and pictures are those that the events tell of; of old events nothing is known."""
    told = [event.data for event in events if event.event in _READINGS]
    if not all("reading" in data for data in told):
        return True
    bodies = select(ReadingRow.body).where(ReadingRow.case_number == number).order_by(ReadingRow.id)
    pictures = select(DocumentRow.kind, DocumentRow.sha256).where(
        DocumentRow.case_number == number, DocumentRow.kind.in_(READ_PICTURES)
    )
    said = {(picture["kind"], picture["sha256"]) for data in told for picture in data["pictures"]}
    return [digest_of(body) for body in session.scalars(bodies)] == [data["reading"] for data in told] and (
        {(kind, sha256) for kind, sha256 in session.execute(pictures)} == said
    )


def issued_failures(session: Session) -> Iterator[Failure]:
    """Issued documents whose row no longer names the form and the PDF that the trail says were issued."""
    query = (
        select(IssuedRow.document, IssuedRow.form, IssuedRow.pdf, AuditEventRow.data)
        .join(AuditEventRow, AuditEventRow.subject == IssuedRow.document)
        .where(AuditEventRow.action == "document.issue")
    )
    for document, form, pdf, data in session.execute(query):
        if (data.get("form", form), data.get("pdf", pdf)) != (form, pdf):
            yield Failure(document, "row-changed", "El documento emitido no coincide con la bitácora.")


def lost_failures(session: Session) -> Iterator[Failure]:
    """Cases and issued documents that the trail tells of and that are nowhere else any more."""
    yield from _lost(session, "case.receive", CaseRow.number, "El trámite ya no consta.")
    yield from _lost(session, "document.issue", IssuedRow.document, "El documento emitido ya no consta.")
    yield from _undecided(session)


def _undecided(session: Session) -> Iterator[Failure]:
    """Tombstones that no agreement in the trail tells of: somebody wrote them behind our back."""
    query = select(AuditEventRow.data).where(AuditEventRow.action == DISPOSED)
    told = {document for data in session.scalars(query) for document in data["documents"]}
    for row in session.scalars(select(DisposedDocumentRow).order_by(DisposedDocumentRow.document_id)):
        if row.document_id not in told:
            subject = f"{row.case_number}/{row.document_id}"
            yield Failure(subject, "row-changed", "El documento consta como eliminado y no hay acta de ello.")


def _lost(session: Session, act: str, key: InstrumentedAttribute[str], message: str) -> Iterator[Failure]:
    query = (
        select(AuditEventRow.subject)
        .outerjoin(key.class_, key == AuditEventRow.subject)
        .where(AuditEventRow.action == act, key.is_(None))
    )
    for subject in session.scalars(query.order_by(AuditEventRow.sequence)):
        yield Failure(subject, "row-changed", message)


def verify_audit(house: House) -> ChainReport:
    """Recompute the audit chain."""
    with house.database.reading() as session:
        return verify_chain(session)
