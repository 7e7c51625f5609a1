"""Alarms of the archive: what is not as it was put there is written down once, told to the log and the trail.

Each finding stays open, on the operator's page too, until a check finds its subject well again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.archive_tables import FindingRow
from storage.audit import append_audit
from storage.database import Database
from storage.guarded_blobs import Damage, Place

ACTOR: Final = "sistema"
BLOBS: Final = "blobs"
"""The phase of a round in which stored bytes are hashed again."""
FailureKind = Literal["missing", "changed", "foreign", "row-changed"]

_log = logging.getLogger(__name__)
_SUBJECT: Final = 120
"""Characters of a subject that the trail has room for; a foreign file may have a longer name."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something in the archive that is not as it was put there; ``blob`` names it, or the case."""

    blob: str
    kind: FailureKind
    message: str
    place: Place = "archive"
    repaired: bool = False


_MESSAGES: Final = {
    ("missing", "archive"): "Falta el documento; restáurelo desde la copia.",
    ("changed", "archive"): "El documento cambió; restáurelo desde la copia.",
    ("missing", "copy"): "El documento falta en la segunda copia.",
    ("changed", "copy"): "El documento cambió en la segunda copia.",
}
_REPAIRED: Final = {
    "archive": "El documento estaba dañado y se reparó desde la segunda copia.",
    "copy": "La segunda copia del documento estaba dañada y se volvió a escribir.",
}


def failure_of(damage: Damage) -> Failure:
    """A damage that the store met, in words for people."""
    message = _REPAIRED[damage.place] if damage.repaired else _MESSAGES[damage.harm, damage.place]
    return Failure(damage.sha256, damage.harm, message, damage.place, damage.repaired)


def open_finding(session: Session, failure: Failure) -> FindingRow | None:
    """The finding that says the same and is not settled."""
    return session.scalars(
        select(FindingRow).where(
            FindingRow.subject == failure.blob[:255],
            FindingRow.kind == failure.kind,
            FindingRow.place == failure.place,
            FindingRow.resolved_at.is_(None),
        )
    ).first()


def raise_alarms(session: Session, failures: Iterable[Failure], phase: str, at: datetime) -> list[Failure]:
    """Write down what is not written down yet, in the caller's transaction; those that are new. ``phase`` is
    the one of a round that looks for such things.
    """
    fresh = []
    for failure in failures:
        if open_finding(session, failure) is not None:
            continue
        session.add(
            FindingRow(
                subject=failure.blob[:255],
                kind=failure.kind,
                place=failure.place,
                phase=phase,
                message=failure.message,
                found_at=at,
                repaired=failure.repaired,
                resolved_at=at if failure.repaired else None,
            )
        )
        act = "fixity.repair" if failure.repaired else "fixity.alarm"
        told = {"kind": failure.kind, "place": failure.place, "message": failure.message}
        append_audit(session, at, ACTOR, act, failure.blob[:_SUBJECT], told)
        fresh.append(failure)
    return fresh


def tell_log(failures: Iterable[Failure]) -> None:
    """What the operator's log collector is to see at once."""
    for failure in failures:
        level = logging.WARNING if failure.repaired else logging.ERROR
        _log.log(level, "archive: %s %s (%s): %s", failure.kind, failure.blob, failure.place, failure.message)


def open_subjects(session: Session, phase: str) -> list[str]:
    """Subjects of the findings of a phase that are not settled."""
    query = select(FindingRow.subject).where(FindingRow.phase == phase, FindingRow.resolved_at.is_(None))
    return list(session.scalars(query))


def settle_findings(
    session: Session, phase: str, subjects: Iterable[str], still: Iterable[Failure], at: datetime
) -> int:
    """Close a phase's open findings on subjects that were checked and are well now; how many there were."""
    unwell = {(failure.blob[:255], failure.kind, failure.place) for failure in still if not failure.repaired}
    names = [subject[:255] for subject in subjects]
    query = select(FindingRow).where(
        FindingRow.phase == phase, FindingRow.subject.in_(names), FindingRow.resolved_at.is_(None)
    )
    settled = [row for row in session.scalars(query) if (row.subject, row.kind, row.place) not in unwell]
    for row in settled:
        row.resolved_at = at
        told = {"kind": row.kind, "place": row.place}
        append_audit(session, at, ACTOR, "fixity.settled", row.subject[:_SUBJECT], told)
    return len(settled)


def damage_reporter(database: Database, clock: Callable[[], datetime]) -> Callable[[Damage], None]:
    """What a guarded store calls when somebody reads bytes that are damaged. No transaction may read bytes:
    this begins one of its own.
    """

    def report(damage: Damage) -> None:
        failure = failure_of(damage)
        tell_log([failure])
        with database.transaction() as session:
            raise_alarms(session, [failure], BLOBS, clock())
            if failure.repaired:
                settle_findings(session, BLOBS, [failure.blob], [], clock())

    return report
