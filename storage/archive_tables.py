"""What proves the archive: rounds of checking, what they found, second copies, sealed heads of the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class FixityRoundRow(Base):
    """One pass over the whole archive. ``phase`` and ``cursor`` say where the next slice begins, so that a
    round survives whoever works on it.
    """

    __tablename__ = "fixity_rounds"
    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(80))
    scheduled: Mapped[bool]
    phase: Mapped[str] = mapped_column(String(20))
    cursor: Mapped[str] = mapped_column(String(80), default="")
    blobs: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    cases: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)


class FindingRow(Base):
    """Something found that is not as it was archived; open until the same phase of a round finds it well."""

    __tablename__ = "fixity_findings"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(10))
    phase: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(String(300))
    found_at: Mapped[datetime]
    repaired: Mapped[bool]
    resolved_at: Mapped[datetime | None]
    __table_args__ = (Index("fixity_findings_of", "subject", "kind", "place"),)


class BlobCopyRow(Base):
    """Bytes that were put into the second copy at an address."""

    __tablename__ = "blob_copies"
    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), primary_key=True)
    copied_at: Mapped[datetime]


class SealedHeadRow(Base):
    """The head of the audit trail as it was signed at the end of a day, to be published and kept elsewhere.

    ``signature`` (hex, Ed25519) covers the other columns; ``operations/audit_seals.py`` says how.
    """

    __tablename__ = "sealed_heads"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    events: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


class ImportedAuditRow(Base):
    """An event of another archive's audit trail that came with a case in a package, as it stood there."""

    __tablename__ = "imported_audit_events"
    package: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_number: Mapped[str] = mapped_column(String(20), primary_key=True, index=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
