"""What keeps documents and what ends them: legal holds, disposals proposed and decided, tombstones.

All of it is only ever added to; ``storage/disposal_rules.py`` has the database refuse what is out of order.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class HoldRow(Base):
    """A legal hold: nothing of the case may be disposed of while it is not lifted."""

    __tablename__ = "legal_holds"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(String(80))


class HoldReleaseRow(Base):
    """That a hold was lifted, and why."""

    __tablename__ = "legal_hold_releases"
    hold_id: Mapped[int] = mapped_column(ForeignKey("legal_holds.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    lifted_at: Mapped[datetime]
    lifted_by: Mapped[str] = mapped_column(String(80))


class DisposalRow(Base):
    """A proposal to dispose of documents; ``number`` is ``BAJA-2026-000001``."""

    __tablename__ = "disposals"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str] = mapped_column(String(80))


class DisposalItemRow(Base):
    """A document that a proposal names, with the schedule and the days by which it is due."""

    __tablename__ = "disposal_items"
    disposal: Mapped[str] = mapped_column(ForeignKey("disposals.number"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"))
    schedule: Mapped[str] = mapped_column(String(40))
    closed: Mapped[str] = mapped_column(String(10))
    due: Mapped[str] = mapped_column(String(10))


class DisposalVerdictRow(Base):
    """What another person decided of a proposal, ``agreed`` or ``rejected``; once for good. ``document_id``
    is any of those proposed: nobody decides of nothing, and a backup has proposals before verdicts.
    """

    __tablename__ = "disposal_verdicts"
    disposal: Mapped[str] = mapped_column(ForeignKey("disposals.number"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(80))
    certificate: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    document_id: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(
            ["disposal", "document_id"], ["disposal_items.disposal", "disposal_items.document_id"]
        ),
    )


class DisposedDocumentRow(Base):
    """The tombstone of a document: its row and its hash stay, its bytes do not."""

    __tablename__ = "disposed_documents"
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    disposal: Mapped[str] = mapped_column(ForeignKey("disposal_verdicts.disposal"))
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    disposed_at: Mapped[datetime]
    __table_args__ = (
        Index("disposed_documents_by_hash", "sha256", "disposal"),
        ForeignKeyConstraint(
            ["disposal", "document_id"], ["disposal_items.disposal", "disposal_items.document_id"]
        ),
    )


class RemovedBlobRow(Base):
    """That the bytes which a disposal ended were removed from the store and its copy."""

    __tablename__ = "removed_blobs"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    disposal: Mapped[str] = mapped_column(ForeignKey("disposal_verdicts.disposal"), primary_key=True)
    # Any of the tombstones of these bytes: in a backup they come first.
    document_id: Mapped[int] = mapped_column(ForeignKey("disposed_documents.document_id"))
    removed_at: Mapped[datetime]
