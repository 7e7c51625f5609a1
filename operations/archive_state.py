"""How the archive is: what was found and is not settled, the last rounds of checking, the second copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from operations.house import House
from storage.archive_tables import BlobCopyRow, FindingRow, FixityRoundRow
from storage.schema import BlobRow


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """What the operator's page says of the archive."""

    open: tuple[FindingRow, ...]
    settled: tuple[FindingRow, ...]
    rounds: tuple[FixityRoundRow, ...]
    blobs: int
    bytes: int
    copied: int | None
    """Bytes' rows that are in the second copy; none where there is none."""
    now: datetime


_SHOWN: Final = 50


def view_archive_state(house: House) -> ArchiveState:
    """Findings, rounds and how far the second copy is."""
    with house.database.reading() as session:
        findings = select(FindingRow).order_by(FindingRow.id.desc()).limit(_SHOWN)
        rounds = select(FixityRoundRow).order_by(FixityRoundRow.id.desc()).limit(10)
        blobs, size = session.execute(select(func.count(), func.sum(BlobRow.size)).select_from(BlobRow)).one()
        address = house.blobs.copy_address
        copied = select(func.count()).select_from(BlobCopyRow).where(BlobCopyRow.address == address)
        return ArchiveState(
            open=tuple(session.scalars(findings.where(FindingRow.resolved_at.is_(None)))),
            settled=tuple(session.scalars(findings.where(FindingRow.resolved_at.is_not(None)))),
            rounds=tuple(session.scalars(rounds)),
            blobs=blobs,
            bytes=size or 0,
            copied=(session.scalar(copied) or 0) if house.blobs.copy is not None else None,
            now=house.now(),
        )
