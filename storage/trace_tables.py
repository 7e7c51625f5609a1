"""Traces of signatures, by which the same picture on another paper is known again: personal data, kept for
that comparison alone and only as long as the paper that they are of (decision 0015).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class SignatureTraceRow(Base):
    """The trace of one signature box of one page, ``page_id`` being the page's picture in the archive.

    ``document`` is the number of the paper, empty where it has none; ``slender`` (in thousandths) and
    ``sketch`` are what a search looks at first; ``trace`` is as ``intake.signature_traces`` writes it. The
    row is never changed, and deleted with its page only: ``storage/disposal_rules.py``.
    """

    __tablename__ = "signature_traces"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    document: Mapped[str] = mapped_column(String(19))
    form: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(40))
    slender: Mapped[int]
    sketch: Mapped[bytes] = mapped_column(LargeBinary(256))
    trace: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("page_id", "field"),
        Index("signature_traces_by_slenderness", "slender"),
    )
