"""Ending documents: one person proposes, another agrees, a sealed certificate says what and why, and then the
bytes go. The rows and hashes stay as tombstones; no other code removes anything from the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from operations.casework import Refusal
from operations.deposits import deposit, record
from operations.disposal_certificate import CertifiedDocument, draw_certificate
from operations.house import House
from operations.indexing import CERTIFICATE, index_case
from operations.retention import CLOSED, TURNS, due_cases, is_held, refuse_reason
from operations.signature_copies import forget_traces
from operations.users import User, UserRole
from operations.verification import DISPOSED
from storage.audit import append_audit
from storage.concurrency import next_serial, take_turns
from storage.derivative_tables import PageTextRow
from storage.disposed import bytes_to_remove
from storage.retention_tables import (
    DisposalItemRow,
    DisposalRow,
    DisposalVerdictRow,
    DisposedDocumentRow,
    RemovedBlobRow,
)
from storage.schema import CaseRow, DocumentRow, IssuedRow

ACTOR: Final = "sistema"
QUIET_SECONDS: Final = 3600.0
"""Bytes that were stored again within this time may belong to a reception whose row is not written yet."""
_DECIDERS: Final = frozenset({UserRole.SUPERVISOR, UserRole.AUDITOR})
_AT_ONCE: Final = 500


def propose_disposal(house: House, cases: Sequence[str], reason: str, by: User) -> str | Refusal:
    """Propose what is due of these cases; the proposal's number. Nothing changes by it yet."""
    if by.role is not UserRole.ARCHIVIST:
        return Refusal("NOT_YOURS", "Solo archivo propone una eliminación.")
    if (refusal := refuse_reason(reason)) is not None:
        return refusal
    with house.database.transaction() as session:
        take_turns(session, TURNS)
        now = house.now()
        due = [each for each in due_cases(house, session, house.today()) if each.case in set(cases)]
        if not due or {each.case for each in due} != set(cases):
            text = "La lista cambió mientras la veía. Por favor vuelva a cargarla y elija otra vez."
            return Refusal("NOT_DUE", text)
        number = f"BAJA-{now.year}-{next_serial(session, f'disposal-{now.year}'):06d}"
        session.add(DisposalRow(number=number, reason=reason.strip(), proposed_at=now, proposed_by=by.name))
        session.flush()
        session.add_all(
            DisposalItemRow(
                disposal=number,
                document_id=document.id,
                case_number=each.case,
                schedule=each.schedule.name,
                closed=each.closed.isoformat(),
                due=each.due.isoformat(),
            )
            for each in due
            for document in each.documents
        )
        told = {"cases": sorted(set(cases)), "reason": reason.strip()}
        append_audit(session, now, by.name, "disposal.propose", number, told)
        return number


def reject_disposal(house: House, number: str, reason: str, by: User) -> Refusal | None:
    """Leave everything as it is: the proposed is to be reviewed again. Who proposed may do it too."""
    if by.role not in _DECIDERS | {UserRole.ARCHIVIST}:
        return Refusal("NOT_YOURS", "Su perfil no decide sobre eliminaciones.")
    if (refusal := refuse_reason(reason)) is not None:
        return refusal
    with house.database.transaction() as session:
        take_turns(session, TURNS)
        items = _items(session, number)
        if not items or session.get(DisposalVerdictRow, number) is not None:
            return _decided()
        session.add(_verdict(house, number, "rejected", reason, by, items[0].document_id, None))
        append_audit(session, house.now(), by.name, "disposal.reject", number, {"reason": reason.strip()})
    return None


def agree_disposal(house: House, number: str, reason: str, by: User) -> Refusal | None:
    """End what was proposed: certificate, tombstones and the event in one transaction, then the bytes.

    Refused to who proposed it, and while a hold is on any of its cases.
    """
    if by.role not in _DECIDERS:
        return Refusal("NOT_YOURS", "Solo supervisión o auditoría aprueban una eliminación.")
    if (refusal := refuse_reason(reason)) is not None:
        return refusal
    with house.database.reading() as session:
        refusal = _refuse_agreeing(session, number, by)
        if refusal is not None:
            return refusal
        proposal = session.get_one(DisposalRow, number)
        documents = _certified(session, number)
    now = house.now()
    paper = draw_certificate(house, proposal, documents, by.name, reason.strip(), now)
    made = deposit(house.blobs, [paper.pdf], "application/pdf")
    with house.database.transaction() as session:
        take_turns(session, TURNS)
        refusal = _refuse_agreeing(session, number, by)
        if refusal is not None:
            return refusal
        certificate = record(session, made, now)
        session.add(_issued(paper.number, certificate, now, by))
        session.flush()
        verdict = _verdict(house, number, "agreed", reason, by, documents[0].document_id, certificate)
        verdict.decided_at = now
        _end(session, verdict, documents)
        told = {
            "documents": [each.document_id for each in documents],
            "certificate": certificate,
            "proposed_by": proposal.proposed_by,
            "reason": reason.strip(),
        }
        append_audit(session, now, by.name, DISPOSED, number, told)
    remove_disposed_bytes(house)
    return None


def _end(session: Session, verdict: DisposalVerdictRow, documents: Sequence[CertifiedDocument]) -> None:
    """Write the verdict, then a tombstone for each document, in the order that the database insists on."""
    session.add(verdict)
    session.flush()
    session.add_all(
        DisposedDocumentRow(
            document_id=each.document_id,
            disposal=verdict.disposal,
            case_number=each.case,
            sha256=each.sha256,
            disposed_at=verdict.decided_at,
        )
        for each in documents
    )
    session.flush()
    _forget_contents(session, documents)


def _refuse_agreeing(session: Session, number: str, by: User) -> Refusal | None:
    proposal = session.get(DisposalRow, number)
    if proposal is None or session.get(DisposalVerdictRow, number) is not None:
        return _decided()
    if proposal.proposed_by == by.name:
        return Refusal(
            "SAME_PERSON", "Quien propuso la eliminación no puede aprobarla: hacen falta dos personas."
        )
    cases = {item.case_number for item in _items(session, number)}
    states = session.scalars(select(CaseRow.state).where(CaseRow.number.in_(cases)))
    if not set(states) <= set(CLOSED):
        text = "Un trámite de la propuesta se reabrió. Por favor rechácela y proponga otra."
        return Refusal("NOT_DUE", text)
    held = sorted(case for case in cases if is_held(session, case))
    if held:
        text = f"Hay una retención legal sobre {', '.join(held)}. Por favor rechace la propuesta."
        return Refusal("HELD", text)
    return None


def _decided() -> Refusal:
    return Refusal("DECIDED", "Esta propuesta no existe o ya está decidida.")


def _items(session: Session, number: str) -> Sequence[DisposalItemRow]:
    query = select(DisposalItemRow).where(DisposalItemRow.disposal == number)
    return session.scalars(query.order_by(DisposalItemRow.document_id)).all()


def _certified(session: Session, number: str) -> list[CertifiedDocument]:
    query = (
        select(DisposalItemRow, DocumentRow)
        .join(DocumentRow, DocumentRow.id == DisposalItemRow.document_id)
        .where(DisposalItemRow.disposal == number)
        .order_by(DisposalItemRow.case_number, DisposalItemRow.document_id)
    )
    return [
        CertifiedDocument(
            row.id, item.case_number, row.kind, row.sha256, item.schedule, item.closed, item.due
        )
        for item, row in session.execute(query)
    ]


def _issued(number: str, certificate: str, at: datetime, by: User) -> IssuedRow:
    """By this anybody can verify the printed number; a certificate is no employer's."""
    return IssuedRow(
        document=number,
        form=CERTIFICATE,
        edition="1",
        issued=at.date().isoformat(),
        ruc="",
        branch="",
        field_values={},
        pdf=certificate,
        issued_by=by.name,
    )


def _verdict(
    house: House, number: str, verdict: str, reason: str, by: User, document: int, certificate: str | None
) -> DisposalVerdictRow:
    return DisposalVerdictRow(
        disposal=number,
        verdict=verdict,
        reason=reason.strip(),
        decided_at=house.now(),
        decided_by=by.name,
        certificate=certificate,
        document_id=document,
    )


def _forget_contents(session: Session, documents: Sequence[CertifiedDocument]) -> None:
    """The words on the pages go with them, from the rows and from the search, and signatures' traces."""
    ids = [each.document_id for each in documents]
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        session.execute(delete(PageTextRow).where(PageTextRow.document_id.in_(some)))
        forget_traces(session, some)
    for number in sorted({each.case for each in documents}):
        index_case(session, session.get_one(CaseRow, number))


def remove_disposed_bytes(
    house: House, quiet_seconds: float = QUIET_SECONDS, *, again: bool = False, limit: int = _AT_ONCE
) -> int:
    """Remove bytes that only disposed documents name; how many. May be repeated at any point: it goes on
    where it was broken off, and bytes that came again meanwhile stay. ``again`` takes those too whose removal
    was noted.
    """
    with house.database.reading() as session:
        candidates = session.execute(bytes_to_remove(again=again).limit(None if again else limit)).all()
    removed = 0
    for sha256, disposal, document_id in candidates:
        if not house.blobs.remove(sha256, quiet_seconds):
            continue
        removed += 1
        with house.database.transaction() as session:
            if session.get(RemovedBlobRow, (sha256, disposal)) is None:
                session.add(
                    RemovedBlobRow(
                        sha256=sha256, disposal=disposal, document_id=document_id, removed_at=house.now()
                    )
                )
                append_audit(session, house.now(), ACTOR, "disposal.remove", disposal, {"sha256": sha256})
    return removed
