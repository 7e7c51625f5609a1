"""Complaints (*quejas*) about the procedure, and what was answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class ComplaintRow(Base):
    """A complaint as it stands; what happened to it is in the audit trail, without its text."""

    __tablename__ = "complaints"
    number: Mapped[str] = mapped_column(String(19), primary_key=True)
    filed_at: Mapped[datetime]
    day: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(120))
    case_number: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(4000))
    state: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(4000))
    answered_by: Mapped[str] = mapped_column(String(80))
    answered_at: Mapped[datetime | None]
