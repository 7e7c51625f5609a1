"""What the clerk's desk keeps of its own: files on their way in, and people who came to the office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class UploadRow(Base):
    """A file that is being sent. ``received`` bytes of it are synced to disk; gone once it is received."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(255))
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[datetime]


class VisitRow(Base):
    """Somebody in the office, with or without an appointment. ``day`` is the office's, ISO; ``turn`` counts
    from 1 within it. Nothing personal is kept: at most the RUC that the visit is about.
    """

    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(String(80))
    day: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int]
    ruc: Mapped[str] = mapped_column(String(13), default="")
    appointment: Mapped[str | None] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    arrived_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    clerk: Mapped[str] = mapped_column(String(80), default="")
    __table_args__ = (Index("visits_of_a_day", "office", "day", "turn", unique=True),)
