"""The audit trail: every event is chained to the one before by SHA-256, so that no byte can change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.concurrency import take_turns
from storage.schema import AuditEventRow

BEGINNING: Final = "0" * 64
"""What the first event is chained to."""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Number of events, hash of the last, and the sequence of the first that does not fit."""

    events: int
    head: str
    first_broken: int | None


def append_audit(
    session: Session,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    data: Mapping[str, Any] | None = None,
) -> str:
    """Add an event to the chain in the caller's transaction; its hash. Other writers wait until it ends."""
    take_turns(session, "audit")
    last = session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence.desc()).limit(1)).first()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, BEGINNING)
    body = dict(data or {})
    own = chain_hash(sequence, at, actor, action, subject, body, previous)
    session.add(
        AuditEventRow(
            sequence=sequence,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            data=body,
            previous=previous,
            hash=own,
        )
    )
    session.flush()
    return own


def canonical_json(value: Any) -> str:
    """The one way in which a value is written wherever a hash or a signature covers it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def canonical_instant(at: datetime) -> str:
    """The one way in which an instant is written there: UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(value: Any) -> str:
    """SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def chain_hash(
    sequence: int, at: datetime, actor: str, action: str, subject: str, data: Mapping[str, Any], previous: str
) -> str:
    """SHA-256 of the event's canonical JSON, the hash before it included."""
    return digest_of([sequence, canonical_instant(at), actor, action, subject, data, previous])


def verify_chain(session: Session) -> ChainReport:
    """Recompute the whole chain."""
    rows = session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence)).yield_per(1000)
    return verify_events(rows)


def verify_events(rows: Iterable[AuditEventRow]) -> ChainReport:
    """The report on events in their order; a gap in the sequence breaks the chain too."""
    count, head = 0, BEGINNING
    for count, row in enumerate(rows, start=1):
        own = chain_hash(row.sequence, row.at, row.actor, row.action, row.subject, row.data, head)
        if row.sequence != count or row.previous != head or row.hash != own:
            return ChainReport(count, head, row.sequence)
        head = row.hash
    return ChainReport(count, head, None)


def count_events(session: Session) -> int:
    """How many events the chain has."""
    return session.scalar(select(func.count()).select_from(AuditEventRow)) or 0
