"""Receiving papers: the original bytes are durable before anything looks at them, then the case exists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from intake.opening import media_type
from operations import workflows
from operations.casework import start_case
from operations.house import House
from storage.schema import BlobRow, CaseRow, DocumentRow, ReceptionRow


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as it comes: its name and its bytes in pieces."""

    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Received:
    """The case that was started, or found again by its idempotency key."""

    case: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    sha256: str
    size: int
    media_type: str


def receive(
    house: House, files: Sequence[HandedIn], office: str, by: str, idempotency_key: str | None = None
) -> Received:
    """Store the originals, start the case and queue its reading, the last two in one transaction."""
    kept = [_keep(house, file) for file in files]
    with house.database.transaction() as session:
        if idempotency_key is not None:
            query = select(CaseRow.number).where(CaseRow.idempotency_key == idempotency_key)
            known = session.scalar(query)
            if known is not None:
                return Received(known)
        problems = _duplicates(session, kept)
        now = house.now()
        for file in kept:
            if session.get(BlobRow, file.sha256) is None:
                session.add(
                    BlobRow(sha256=file.sha256, size=file.size, media_type=file.media_type, stored_at=now)
                )
        session.flush()
        data = {"files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in kept]}
        case = start_case(session, now, office, by, data, idempotency_key)
        _remember(session, case, kept)
        workflows.enqueue(session, workflows.READ, case.number, case.version)
        return Received(case.number, problems)


def _keep(house: House, file: HandedIn) -> _Kept:
    head = b""

    def watched() -> Iterable[bytes]:
        nonlocal head
        for chunk in file.chunks:
            if len(head) < 1024:
                head += chunk[:1024]
            yield chunk

    sha256, size = house.blobs.put(watched())
    return _Kept(file.name, sha256, size, media_type(head))


def _duplicates(session: Session, kept: Sequence[_Kept]) -> tuple[Problem, ...]:
    """The same bytes again are received again, and the clerk is told."""
    return tuple(
        problem("FILE_DUPLICATE", file=file.name)
        for file in kept
        if session.scalar(select(ReceptionRow.id).where(ReceptionRow.sha256 == file.sha256).limit(1))
    )


def _remember(session: Session, case: CaseRow, kept: Sequence[_Kept]) -> None:
    for place, file in enumerate(kept, start=1):
        session.add(
            ReceptionRow(
                case_number=case.number,
                place=place,
                name=file.name,
                sha256=file.sha256,
                received_at=case.received_at,
            )
        )
        session.add(
            DocumentRow(
                case_number=case.number,
                kind="original",
                name=f"{place:02d} {file.name}",
                sha256=file.sha256,
                media_type=file.media_type,
                made_at=case.received_at,
            )
        )
