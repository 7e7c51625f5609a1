"""Rounds of checking: the whole archive read and hashed again in slices, each written down when it is done.

Whoever works on a round goes on where the last slice ended; of two who check the same slice one is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.alarms import (
    BLOBS,
    Failure,
    failure_of,
    open_subjects,
    raise_alarms,
    settle_findings,
    tell_log,
)
from operations.audit_seals import TrailReport, verify_trail
from operations.house import House
from operations.verification import (
    blob_failures,
    case_failures,
    foreign_failures,
    issued_failures,
    lost_failures,
    next_blobs,
)
from storage.archive_tables import BlobCopyRow, FixityRoundRow
from storage.audit import append_audit
from storage.schema import CaseRow

FOREIGN, CASES, TRAIL, DONE = "foreign", "cases", "trail", "done"
_NEXT: Final = {BLOBS: FOREIGN, FOREIGN: CASES, CASES: TRAIL, TRAIL: DONE}
SLICE: Final = 64
"""Blobs or cases of a slice."""
_GRACE_SECONDS: Final = {True: 3600.0, False: 60.0}
"""A reception may have stored bytes whose row it has not written yet; who asks for a round knows of haste."""
TRAIL_SUBJECT: Final = "bitácora"


@dataclass(slots=True)
class _Slice:
    """What looking at a part of the archive gave: subjects seen, what is wrong, where to go on."""

    phase: str
    cursor: str = ""
    seen: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    blobs: int = 0
    bytes: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is, and what its last slice found."""

    round: int
    phase: str
    blobs: int
    bytes: int
    cases: int
    failures: tuple[Failure, ...]

    @property
    def is_done(self) -> bool:
        return self.phase == DONE


def begin_round(house: House, by: str, *, scheduled: bool = False) -> int:
    """The number of a new round from the beginning; beginning it is an event."""
    with house.database.transaction() as session:
        now = house.now()
        row = FixityRoundRow(
            started_at=now,
            due_at=now + timedelta(days=house.settings.fixity_days) if scheduled else now,
            finished_at=None,
            by=by,
            scheduled=scheduled,
            phase=BLOBS,
        )
        session.add(row)
        session.flush()
        append_audit(session, now, by, "fixity.begin", f"fixity/{row.id}", {"scheduled": scheduled})
        return row.id


def unfinished_round(session: Session, *, scheduled: bool) -> FixityRoundRow | None:
    """The newest round of its kind that has not come to its end."""
    query = select(FixityRoundRow).where(
        FixityRoundRow.scheduled == scheduled, FixityRoundRow.finished_at.is_(None)
    )
    return session.scalars(query.order_by(FixityRoundRow.id.desc()).limit(1)).first()


def check_everything(
    house: House, by: str, tell: Callable[[Progress], None] = lambda _: None, *, resume: bool = False
) -> tuple[Progress, list[Failure]]:
    """A whole round at once; with ``resume`` the one that was broken off goes on where it was."""
    number = None
    if resume:
        with house.database.reading() as session:
            left = unfinished_round(session, scheduled=False)
            number = left.id if left is not None else None
    number = begin_round(house, by) if number is None else number
    failures: list[Failure] = []
    while True:
        progress = advance_round(house, number)
        failures += progress.failures
        tell(progress)
        if progress.is_done:
            return progress, failures


def advance_round(house: House, number: int, limit: int = SLICE) -> Progress:
    """Check the next slice and write down what came of it. Looking takes no lock: nobody waits for it."""
    with house.database.reading() as session:
        row = session.get_one(FixityRoundRow, number)
        phase, cursor, scheduled = row.phase, row.cursor, row.scheduled
    if phase == DONE:
        return _progress(row, ())
    looked = _LOOKS[phase](house, cursor, limit, _GRACE_SECONDS[scheduled])
    with house.database.transaction() as session:
        row = session.get_one(FixityRoundRow, number, with_for_update=True)
        if (row.phase, row.cursor) != (phase, cursor):
            return _progress(row, ())
        fresh = _write_down(house, session, row, looked, phase)
    tell_log(fresh)
    return _progress(row, looked.failures)


def _progress(row: FixityRoundRow, failures: Iterable[Failure]) -> Progress:
    return Progress(row.id, row.phase, row.blobs, row.bytes, row.cases, tuple(failures))


def _write_down(
    house: House, session: Session, row: FixityRoundRow, looked: _Slice, phase: str
) -> list[Failure]:
    now = house.now()
    # What was mended was told and written down when it was met.
    fresh = raise_alarms(session, [each for each in looked.failures if not each.repaired], phase, now)
    seen = looked.seen if phase in {BLOBS, CASES} else open_subjects(session, phase)
    settle_findings(session, phase, seen, looked.failures, now)
    row.phase, row.cursor = looked.phase, looked.cursor
    row.blobs += looked.blobs
    row.bytes += looked.bytes
    row.cases += looked.cases
    row.failures += sum(not failure.repaired for failure in looked.failures)
    if row.phase == DONE:
        row.finished_at = now
        told = {"blobs": row.blobs, "cases": row.cases, "failures": row.failures}
        append_audit(session, now, row.by, "fixity.end", f"fixity/{row.id}", told)
    return fresh


def _look_at_blobs(house: House, cursor: str, limit: int, _grace: float) -> _Slice:
    rows = next_blobs(house, cursor, limit)
    if not rows:
        return _Slice(_NEXT[BLOBS])
    copied = _copied(house, [sha256 for sha256, _ in rows])
    looked = _Slice(BLOBS, rows[-1][0], [sha256 for sha256, _ in rows], blobs=len(rows))
    for sha256, size in rows:
        looked.failures += blob_failures(house, sha256, size)
        looked.bytes += size
        if sha256 in copied and (damage := house.blobs.inspect_copy(sha256)) is not None:
            looked.failures.append(failure_of(damage))
    return looked


def _copied(house: House, names: list[str]) -> set[str]:
    """Which of the bytes are in the second copy that is configured now."""
    query = select(BlobCopyRow.sha256).where(
        BlobCopyRow.address == house.blobs.copy_address, BlobCopyRow.sha256.in_(names)
    )
    with house.database.reading() as session:
        return set(session.scalars(query))


def _look_for_foreign(house: House, _cursor: str, _limit: int, grace: float) -> _Slice:
    return _Slice(_NEXT[FOREIGN], failures=list(foreign_failures(house, grace)))


def _look_at_cases(house: House, cursor: str, limit: int, _grace: float) -> _Slice:
    query = select(CaseRow.number).where(CaseRow.number > cursor).order_by(CaseRow.number).limit(limit)
    with house.database.reading() as session:
        numbers = session.scalars(query).all()
        failures = [failure for number in numbers for failure in case_failures(session, number)]
    if not numbers:
        return _Slice(_NEXT[CASES])
    return _Slice(CASES, numbers[-1], list(numbers), failures, cases=len(numbers))


def _look_at_trail(house: House, _cursor: str, _limit: int, _grace: float) -> _Slice:
    """The chain and its sealed heads, and what it tells of that is nowhere else any more."""
    with house.database.reading() as session:
        failures = [*issued_failures(session), *lost_failures(session)]
    failures += trail_failures(verify_trail(house))
    return _Slice(_NEXT[TRAIL], failures=failures)


def trail_failures(report: TrailReport) -> list[Failure]:
    """What is wrong with the trail, in words for people."""
    found = []
    if report.first_broken is not None:
        message = f"La bitácora fue cambiada: el evento {report.first_broken} no encaja en la cadena."
        found.append(Failure(TRAIL_SUBJECT, "row-changed", message))
    if report.broken_seal is not None:
        message = f"La bitácora ya no es la que se selló el {report.broken_seal}."
        found.append(Failure(TRAIL_SUBJECT, "changed", message))
    return found


_LOOKS: Final[dict[str, Callable[[House, str, int, float], _Slice]]] = {
    BLOBS: _look_at_blobs,
    FOREIGN: _look_for_foreign,
    CASES: _look_at_cases,
    TRAIL: _look_at_trail,
}
