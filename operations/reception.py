"""Receiving papers: the original bytes are durable before anything looks at them, then the case exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from intake.opening import media_type
from operations import workflows
from operations.casework import Refusal, events_of, load_case, start_case, take_step, was_done
from operations.deposits import Deposit, deposit, record, record_document
from operations.house import House
from operations.indexing import index_case
from regeneration.cases import CaseEvent
from storage.schema import CaseEventRow, CaseRow, ReceptionRow

_HEAD: Final = 1024
"""Bytes that tell what a file is."""
DUPLICATES: Final = "duplicates"
"""Where the event of a reception keeps the files that had been received before, and in which case."""
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


@overload
def receive(
    house: House, files: Sequence[HandedIn], office: str, by: str, idempotency_key: None = None
) -> Received: ...
@overload
def receive(
    house: House, files: Sequence[HandedIn], office: str, by: str, idempotency_key: str | None
) -> Received | Problem: ...
def receive(
    house: House, files: Sequence[HandedIn], office: str, by: str, idempotency_key: str | None = None
) -> Received | Problem:
    """Store the originals, start the case and queue its reading, the last two in one transaction.

    The same key again with the same files finds the same case, also when both come at once; with other files
    it is ``IDEMPOTENCY_KEY_REUSED`` and nothing is received.
    """
    kept = [_keep(house, file) for file in files]
    try:
        return _start(house, kept, office, by, idempotency_key)
    except IntegrityError:
        if idempotency_key is None:
            raise
        # Somebody with the same key was faster between our look and our insert; now the look finds it.
        return _start(house, kept, office, by, idempotency_key)


def _start(house: House, kept: Sequence[_Kept], office: str, by: str, key: str | None) -> Received | Problem:
    with house.database.transaction() as session:
        if key is not None:
            known = session.scalar(select(CaseRow.number).where(CaseRow.idempotency_key == key))
            if known is not None:
                return _same_again(known, events_of(session, known)[0], kept)
        told = _described(session, kept)
        case = start_case(session, house.now(), office, by, told, key)
        _remember(house, session, case, kept)
        workflows.enqueue(house, session, workflows.READ, case)
        return Received(case.number, _told_twice(told))


def _same_again(number: str, event: CaseEventRow, kept: Sequence[_Kept]) -> Received | Problem:
    """The answer to a key that was used before: what it was then, for the same bytes only."""
    before = [file["sha256"] for file in event.data["files"]]
    if before != [file.made.sha256 for file in kept]:
        return problem("IDEMPOTENCY_KEY_REUSED", case=number)
    return Received(number, _told_twice(event.data))


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
) -> Refusal | Received | Problem:
    """Add what was missing to a case that had been returned, or pages that were forgotten to one that is in
    review, and have all its papers read again. ``key`` is kept with the event, so that who repeats it with
    the same files is not refused (see :func:`was_received_again`), and with others is told.
    """
    kept = [_keep(house, file) for file in files]
    with house.database.transaction() as session:
        case = load_case(session, number)
        before = _event_of_key(session, number, key)
        if before is not None:
            return _same_again(number, before, kept)
        data = _described(session, kept) | ({"key": key} if key else {})
        if was_done(session, case, CaseEvent.RECEIVE_AGAIN, by, version, files=data["files"]):
            return Received(number)
        refusal = take_step(session, case, CaseEvent.RECEIVE_AGAIN, house.now(), by, data, version=version)
        if refusal is not None:
            return refusal
        _remember(house, session, case, kept)
        workflows.enqueue(house, session, workflows.READ, case)
        return Received(number, _told_twice(data))


def was_received_again(house: House, number: str, key: str) -> bool:
    """Whether a case has received something under this key already."""
    with house.database.reading() as session:
        return _event_of_key(session, number, key) is not None


def _event_of_key(session: Session, number: str, key: str) -> CaseEventRow | None:
    told = (row for row in events_of(session, number) if key and row.data.get("key") == key)
    return next(told, None)


def _keep(house: House, file: HandedIn) -> _Kept:
    head = bytearray()

    def watched() -> Iterator[bytes]:
        for chunk in file.chunks:
            if len(head) < _HEAD:
                head.extend(chunk[:_HEAD])
            yield chunk

    made = deposit(house.blobs, watched(), "")
    return _Kept(file.name[:_NAME], Deposit(made.sha256, made.size, media_type(bytes(head))))


def _described(session: Session, kept: Sequence[_Kept]) -> dict[str, Any]:
    """What the event of a reception says, so that its rows can be checked against it, and the clerk be told
    of what had been received before.
    """
    files = [{"name": file.name, "sha256": file.made.sha256, "size": file.made.size} for file in kept]
    twice = list(_duplicates(session, kept))
    return {"files": files} | ({DUPLICATES: twice} if twice else {})


def _duplicates(session: Session, kept: Sequence[_Kept]) -> Iterator[dict[str, str]]:
    """The same bytes again are received again: which files, and the case that had them first (nothing where
    it is the same reception).
    """
    seen: set[str] = set()
    for file in kept:
        sha256 = file.made.sha256
        query = select(ReceptionRow.case_number).where(ReceptionRow.sha256 == sha256)
        first = session.scalar(query.order_by(ReceptionRow.id).limit(1))
        if sha256 in seen or first is not None:
            yield {"file": file.name, "case": first or ""}
        seen.add(sha256)


def _told_twice(data: Mapping[str, Any]) -> tuple[Problem, ...]:
    return tuple(problem("FILE_DUPLICATE", file=each["file"]) for each in data.get(DUPLICATES, ()))


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
