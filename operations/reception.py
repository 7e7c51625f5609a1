"""Receiving papers: the original bytes are durable before anything looks at them, then the case exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from intake.opening import media_type
from operations import workflows
from operations.casework import Refusal, events_of, load_case, start_case, take_step
from operations.deposits import Deposit, deposit, record, record_document
from operations.house import House
from operations.indexing import index_case
from regeneration.cases import CaseEvent
from storage.schema import CaseRow, ReceptionRow

_HEAD: Final = 1024
"""Bytes that tell what a file is."""
_NAME: Final = 200
"""Characters of a file's name that are kept; the column has room for what is put before and behind."""


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
    made: Deposit


def receive(
    house: House, files: Sequence[HandedIn], office: str, by: str, idempotency_key: str | None = None
) -> Received:
    """Store the originals, start the case and queue its reading, the last two in one transaction.

    The same key again finds the same case, also when both come at once.
    """
    kept = [_keep(house, file) for file in files]
    try:
        return _start(house, kept, office, by, idempotency_key)
    except IntegrityError:
        if idempotency_key is None:
            raise
        # Somebody with the same key was faster between our look and our insert; now the look finds it.
        return _start(house, kept, office, by, idempotency_key)


def _start(house: House, kept: Sequence[_Kept], office: str, by: str, key: str | None) -> Received:
    with house.database.transaction() as session:
        if key is not None:
            known = session.scalar(select(CaseRow.number).where(CaseRow.idempotency_key == key))
            if known is not None:
                return Received(known)
        problems = _duplicates(session, kept)
        case = start_case(session, house.now(), office, by, _described(kept), key)
        _remember(house, session, case, kept)
        workflows.enqueue(house, session, workflows.READ, case)
        return Received(case.number, problems)


def find_received(house: House, idempotency_key: str) -> Received | None:
    """The case that was started with this key before, if any."""
    with house.database.reading() as session:
        known = session.scalar(select(CaseRow.number).where(CaseRow.idempotency_key == idempotency_key))
    return None if known is None else Received(known)


def receive_again(
    house: House,
    number: str,
    files: Sequence[HandedIn],
    by: str,
    version: int | None = None,
    key: str = "",
) -> Refusal | Received:
    """Add what was missing to a case that had been returned, and have all its papers read again. ``key`` is
    kept with the event, so that who repeats it is not refused (see :func:`was_received_again`).
    """
    kept = [_keep(house, file) for file in files]
    with house.database.transaction() as session:
        case = load_case(session, number)
        problems = _duplicates(session, kept)
        data = _described(kept) | ({"key": key} if key else {})
        refusal = take_step(session, case, CaseEvent.RECEIVE_AGAIN, house.now(), by, data, version=version)
        if refusal is not None:
            return refusal
        _remember(house, session, case, kept)
        workflows.enqueue(house, session, workflows.READ, case)
        return Received(number, problems)


def was_received_again(house: House, number: str, key: str) -> bool:
    """Whether a case has received something under this key already."""
    with house.database.reading() as session:
        return any(row.data.get("key") == key for row in events_of(session, number))


def _keep(house: House, file: HandedIn) -> _Kept:
    head = bytearray()

    def watched() -> Iterator[bytes]:
        for chunk in file.chunks:
            if len(head) < _HEAD:
                head.extend(chunk[:_HEAD])
            yield chunk

    made = deposit(house.blobs, watched(), "")
    return _Kept(file.name[:_NAME], Deposit(made.sha256, made.size, media_type(bytes(head))))


def _described(kept: Sequence[_Kept]) -> dict[str, Any]:
    """What the event of a reception says, so that its rows can be checked against it."""
    return {
        "files": [{"name": file.name, "sha256": file.made.sha256, "size": file.made.size} for file in kept]
    }


def _duplicates(session: Session, kept: Sequence[_Kept]) -> tuple[Problem, ...]:
    """The same bytes again are received again, and the clerk is told."""
    found: list[Problem] = []
    seen: set[str] = set()
    for file in kept:
        sha256 = file.made.sha256
        query = select(ReceptionRow.id).where(ReceptionRow.sha256 == sha256).limit(1)
        if sha256 in seen or session.scalar(query) is not None:
            found.append(problem("FILE_DUPLICATE", file=file.name))
        seen.add(sha256)
    return tuple(found)


def _remember(house: House, session: Session, case: CaseRow, kept: Sequence[_Kept]) -> None:
    now = house.now()
    before = session.scalar(
        select(func.count()).select_from(ReceptionRow).where(ReceptionRow.case_number == case.number)
    )
    for place, file in enumerate(kept, start=1 + (before or 0)):
        session.add(
            ReceptionRow(
                case_number=case.number,
                place=place,
                name=file.name,
                sha256=record(session, file.made, now),
                received_at=now,
            )
        )
        record_document(session, file.made, now, case.number, "original", f"{place:02d} {file.name}")
    index_case(session, case)
