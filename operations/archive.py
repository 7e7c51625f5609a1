"""The archivist's: find, show, hand out bit-exact, and prove that nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.casework import events_of, replay
from operations.house import House
from regeneration.eligibility import fold_name
from storage.audit import ChainReport, append_audit, verify_chain
from storage.blobs import BlobChangedError, BlobMissingError
from storage.schema import BlobRow, CaseRow, DocumentRow

FailureKind = Literal["missing", "changed", "foreign", "row-changed"]


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


@dataclass(frozen=True, slots=True)
class Failure:
    """Something in the archive that is not as it was put there."""

    blob: str
    kind: FailureKind
    message: str


def find_documents(house: House, query: str, by: str, limit: int = 100) -> list[Found]:
    """Documents whose case has every word of the query (accents and case do not matter)."""
    words = fold_name(query).split()
    with house.database.transaction() as session:
        append_audit(session, house.now(), by, "archive.find", query[:120])
        rows = session.execute(
            select(DocumentRow, CaseRow)
            .join(CaseRow, CaseRow.number == DocumentRow.case_number)
            .where(DocumentRow.kind.not_in(("page", "page-straight")))
            .order_by(DocumentRow.id.desc())
        )
        found = (_as_found(document, case) for document, case in rows)
        return [item for item in found if all(word in _searched(item) for word in words)][:limit]


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


def _searched(item: Found) -> str:
    text = f"{item.case} {item.kind} {item.name} {item.ruc} {item.business_name} {item.period}"
    return f"{fold_name(text)} {item.case} {item.period}"


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


def verify_archive(house: House) -> tuple[int, list[Failure]]:
    """Hash every blob again, look for files that are not ours, and replay every case."""
    with house.database.transaction() as session:
        known = {row.sha256: row.size for row in session.scalars(select(BlobRow))}
        failures = list(_case_failures(session))
    failures += [failure for sha256, size in known.items() for failure in _blob_failures(house, sha256, size)]
    for name in house.blobs.names():
        if name not in known:
            failures.append(Failure(name, "foreign", "Hay un archivo que no consta en el archivo."))
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
    for case in session.scalars(select(CaseRow)):
        try:
            same = replay(events_of(session, case.number)) == (case.state, case.version, case.answers)
        except ValueError:
            same = False
        if not same:
            yield Failure(case.number, "row-changed", "El trámite no coincide con sus eventos.")


def verify_audit(house: House) -> ChainReport:
    """Recompute the audit chain."""
    with house.database.transaction() as session:
        return verify_chain(session)
