"""Proof that nothing has changed: every blob hashed again, every row held against what was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.casework import RECEIVE, events_of, replay
from operations.house import House
from operations.indexing import PICTURES
from regeneration.cases import CaseEvent
from storage.audit import ChainReport, verify_chain
from storage.blobs import BlobChangedError, BlobMissingError
from storage.schema import AuditEventRow, BlobRow, CaseEventRow, CaseRow, DocumentRow, ReceptionRow

FailureKind = Literal["missing", "changed", "foreign", "row-changed"]

_RECEPTIONS: Final = frozenset({RECEIVE, CaseEvent.RECEIVE_AGAIN.value})


@dataclass(frozen=True, slots=True)
class Failure:
    """Something in the archive that is not as it was put there; ``blob`` names it, or the case."""

    blob: str
    kind: FailureKind
    message: str


def verify_archive(house: House) -> tuple[int, list[Failure]]:
    """Hash every blob again, look for files that are not ours, and hold every case against its events
    and these against the audit trail. How many blobs there are, and what is wrong.
    """
    # Bytes come before their row, so what is listed first and has no row afterwards is nobody's.
    names = list(house.blobs.names())
    with house.database.reading() as session:
        known = {row.sha256: row.size for row in session.scalars(select(BlobRow))}
        failures = list(_case_failures(session))
    failures += [failure for sha256, size in known.items() for failure in _blob_failures(house, sha256, size)]
    failures += [
        Failure(name, "foreign", "Hay un archivo que no consta en el archivo.")
        for name in names
        if name not in known
    ]
    return len(known), failures


def _blob_failures(house: House, sha256: str, size: int) -> Iterator[Failure]:
    try:
        data = house.blobs.get(sha256)
    except BlobMissingError:
        yield Failure(sha256, "missing", "Falta el documento; restáurelo desde la copia.")
    except BlobChangedError:
        yield Failure(sha256, "changed", "El documento cambió; restáurelo desde la copia.")
    else:
        if len(data) != size:
            yield Failure(sha256, "row-changed", "El registro del documento fue cambiado.")


def _case_failures(session: Session) -> Iterator[Failure]:
    for case in session.scalars(select(CaseRow).order_by(CaseRow.number)):
        events = events_of(session, case.number)
        if not _is_replayed(case, events):
            yield Failure(case.number, "row-changed", "El trámite no coincide con sus eventos.")
        if _recorded(events) != _audited(session, case.number):
            yield Failure(case.number, "row-changed", "Los eventos no coinciden con la bitácora.")
        if not _are_received(session, case.number, events):
            yield Failure(case.number, "row-changed", "Los originales no coinciden con los recibidos.")
        if not _are_filed(session, case.number, events):
            yield Failure(case.number, "row-changed", "Los documentos no coinciden con los archivados.")


def _is_replayed(case: CaseRow, events: Sequence[CaseEventRow]) -> bool:
    try:
        return replay(events) == (case.state, case.version, case.answers)
    except ValueError:
        return False


def _recorded(events: Sequence[CaseEventRow]) -> list[tuple[Any, ...]]:
    return [(f"case.{event.event}", event.at, event.actor, event.data) for event in events]


def _audited(session: Session, number: str) -> list[tuple[Any, ...]]:
    """What the chained audit trail says that happened to a case."""
    query = select(AuditEventRow).where(
        AuditEventRow.subject == number,
        AuditEventRow.action.like("case.%"),
        AuditEventRow.action != "case.view",
    )
    rows = session.scalars(query.order_by(AuditEventRow.sequence))
    return [(row.action, row.at, row.actor, row.data) for row in rows]


def _are_received(session: Session, number: str, events: Sequence[CaseEventRow]) -> bool:
    """Whether receptions and original documents are the files that the events say came in."""
    files = [file for event in events if event.event in _RECEPTIONS for file in event.data["files"]]
    said = [file["sha256"] for file in files]
    received = select(ReceptionRow.sha256).where(ReceptionRow.case_number == number)
    kept = select(DocumentRow.sha256).where(DocumentRow.case_number == number, DocumentRow.kind == "original")
    return (
        list(session.scalars(received.order_by(ReceptionRow.place))) == said
        and list(session.scalars(kept.order_by(DocumentRow.id))) == said
    )


def _are_filed(session: Session, number: str, events: Sequence[CaseEventRow]) -> bool:
    """Whether the papers that the case made are those that its events say were filed."""
    said = sorted((paper["kind"], paper["sha256"]) for row in events for paper in row.data.get("papers", []))
    made = select(DocumentRow.kind, DocumentRow.sha256).where(
        DocumentRow.case_number == number, DocumentRow.kind.not_in({*PICTURES, "original"})
    )
    return sorted((kind, sha256) for kind, sha256 in session.execute(made)) == said


def verify_audit(house: House) -> ChainReport:
    """Recompute the audit chain."""
    with house.database.reading() as session:
        return verify_chain(session)
