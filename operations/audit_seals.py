"""The audit trail's head, signed once a day: who keeps it can tell a trail that was rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.house import House
from storage.archive_tables import SealedHeadRow
from storage.audit import BEGINNING, ChainReport, append_audit, verify_chain
from storage.audit_export import PublicKeys, export_lines, head_as_json, head_statement, is_sealed
from storage.concurrency import take_turns
from storage.schema import AuditEventRow

ACTOR: Final = "sistema"


@dataclass(frozen=True, slots=True)
class TrailReport:
    """The chain, and whether the heads that were sealed are still in it; ``broken_seal`` is a day."""

    events: int
    head: str
    first_broken: int | None
    seals: int
    broken_seal: str | None

    @property
    def is_whole(self) -> bool:
        return self.first_broken is None and self.broken_seal is None


def public_keys(house: House) -> PublicKeys:
    """The public parts of our keys by their number."""
    return {key.key_id.hex(): key.private.public_key() for key in house.keys.all}


def seal_day(house: House) -> SealedHeadRow | None:
    """Seal the trail as it stands for the office's day that ended last, unless that was done."""
    day = (house.today() - timedelta(days=1)).isoformat()
    with house.database.reading() as session:
        if session.get(SealedHeadRow, day) is not None:
            return None
    with house.database.transaction() as session:
        take_turns(session, "audit")
        last = session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence.desc()).limit(1)).first()
        if last is None or session.get(SealedHeadRow, day) is not None:
            return None
        key, at = house.keys.issuing, house.now()
        said = head_statement(day, last.sequence, last.hash, at, key.key_id.hex())
        row = SealedHeadRow(
            day=day,
            events=last.sequence,
            head=last.hash,
            sealed_at=at,
            key=key.key_id.hex(),
            signature=key.private.sign(said).hex(),
        )
        session.add(row)
        append_audit(session, at, ACTOR, "audit.seal", day, {"events": row.events, "head": row.head})
        return row


def sealed_heads(house: House) -> list[dict[str, Any]]:
    """The heads as they are published, newest first; they say nothing of anybody."""
    with house.database.reading() as session:
        rows = session.scalars(select(SealedHeadRow).order_by(SealedHeadRow.day.desc()))
        return [head_as_json(row) for row in rows]


def verify_trail(house: House) -> TrailReport:
    """Recompute the whole chain and hold every sealed head against it."""
    with house.database.reading() as session:
        chain = verify_chain(session)
        return _with_seals(session, chain, public_keys(house))


def _with_seals(session: Session, chain: ChainReport, keys: PublicKeys) -> TrailReport:
    rows = session.scalars(select(SealedHeadRow).order_by(SealedHeadRow.day)).all()
    broken = next((row.day for row in rows if not _holds(session, row, keys)), None)
    return TrailReport(chain.events, chain.head, chain.first_broken, len(rows), broken)


def _holds(session: Session, row: SealedHeadRow, keys: PublicKeys) -> bool:
    event = session.get(AuditEventRow, row.events)
    head = event.hash if event is not None else BEGINNING
    return head == row.head and is_sealed(head_as_json(row), keys)


def export_trail(house: House, by: str) -> Iterator[bytes]:
    """The trail as a file that is checked without us; taking it out is an event, the last one in it."""
    with house.database.transaction() as session:
        append_audit(session, house.now(), by, "audit.export", "audit")
    with house.database.reading() as session:
        events = session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence)).yield_per(1000)
        seals = session.scalars(select(SealedHeadRow).order_by(SealedHeadRow.day)).all()
        yield from export_lines(events, seals, public_keys(house), house.keys.issuing)
