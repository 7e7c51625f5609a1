"""What the pages of retention show: schedules, holds, what is due, proposals, and one proposal in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from operations.house import House
from operations.retention import Due, Hold, due_cases, held_cases, holds_of
from operations.retention_schedules import (
    PassingTerm,
    Schedule,
    load_passing_terms,
    load_schedules,
    schedule_named,
)
from storage.audit import append_audit
from storage.disposed import is_gone
from storage.retention_tables import (
    DisposalItemRow,
    DisposalRow,
    DisposalVerdictRow,
    DisposedDocumentRow,
    HoldRow,
    RemovedBlobRow,
)
from storage.schema import BlobRow, DocumentRow

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with its verdict, if there is one, and how many cases and documents it names."""

    row: DisposalRow
    verdict: DisposalVerdictRow | None
    cases: int
    documents: int


@dataclass(frozen=True, slots=True)
class RetentionState:
    schedules: tuple[Schedule, ...]
    held: tuple[HoldRow, ...]
    due: tuple[Due, ...]
    proposals: tuple[Proposal, ...]
    passing: tuple[PassingTerm, ...]


@dataclass(frozen=True, slots=True)
class ProposedDocument:
    item: DisposalItemRow
    document: DocumentRow
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class ProposalInFull:
    """``removed`` of ``contents`` different contents are out of the store; ``shared`` stay, for a case that
    lives or a paper that was not handed in has them too.
    """

    proposal: Proposal
    documents: tuple[ProposedDocument, ...]
    held: tuple[HoldRow, ...]
    contents: int
    removed: int
    shared: int


@dataclass(frozen=True, slots=True)
class CaseRetention:
    """Holds of a case, its tombstones by document, and whether a hold is on it now."""

    holds: tuple[Hold, ...]
    disposed: Mapping[int, DisposedDocumentRow]
    is_held: bool


def view_retention(house: House) -> RetentionState:
    """The page of the whole archive."""
    with house.database.reading() as session:
        query = select(DisposalRow).order_by(DisposalRow.number.desc()).limit(_SHOWN)
        return RetentionState(
            load_schedules(),
            tuple(held_cases(session)),
            tuple(due_cases(house, session, house.today())),
            tuple(_proposal(session, row) for row in session.scalars(query)),
            tuple(load_passing_terms().values()),
        )


def _proposal(session: Session, row: DisposalRow) -> Proposal:
    counts = select(func.count(DisposalItemRow.case_number.distinct()), func.count()).where(
        DisposalItemRow.disposal == row.number
    )
    cases, documents = session.execute(counts).one()
    return Proposal(row, session.get(DisposalVerdictRow, row.number), cases, documents)


def view_proposal(house: House, number: str) -> ProposalInFull | None:
    """A proposal and what became of it; nothing when there is none of that number."""
    with house.database.reading() as session:
        row = session.get(DisposalRow, number)
        if row is None:
            return None
        query = (
            select(DisposalItemRow, DocumentRow)
            .join(DocumentRow, DocumentRow.id == DisposalItemRow.document_id)
            .where(DisposalItemRow.disposal == number)
            .order_by(DisposalItemRow.case_number, DisposalItemRow.document_id)
        )
        documents = tuple(
            ProposedDocument(item, document, schedule_named(item.schedule))
            for item, document in session.execute(query)
        )
        cases = {each.item.case_number for each in documents}
        ended = select(DisposedDocumentRow.sha256).where(DisposedDocumentRow.disposal == number).distinct()
        contents = _count(session, ended)
        gone = _count(session, select(BlobRow.sha256).where(BlobRow.sha256.in_(ended), is_gone()))
        removed = _count(session, select(RemovedBlobRow.sha256).where(RemovedBlobRow.disposal == number))
        held = tuple(row for row in held_cases(session) if row.case_number in cases)
        return ProposalInFull(_proposal(session, row), documents, held, contents, removed, contents - gone)


def _count(session: Session, query: Select[str]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def view_case_retention(house: House, number: str) -> CaseRetention:
    """What the record of a case says of holds and of what ended."""
    with house.database.reading() as session:
        holds = tuple(holds_of(session, number))
        query = select(DisposedDocumentRow).where(DisposedDocumentRow.case_number == number)
        disposed = {row.document_id: row for row in session.scalars(query)}
        return CaseRetention(holds, disposed, any(hold.release is None for hold in holds))


def certificate_of(house: House, number: str, by: str) -> bytes | None:
    """The PDF of an agreed disposal; handing it out is an event."""
    with house.database.transaction() as session:
        verdict = session.get(DisposalVerdictRow, number)
        if verdict is None or verdict.certificate is None:
            return None
        append_audit(session, house.now(), by, "disposal.certificate", number)
    return house.blobs.get(verdict.certificate)
