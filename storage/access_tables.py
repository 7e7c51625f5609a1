"""Attempts to come in that failed, and codes that are good once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class AccessAttemptRow(Base):
    """Failures of one name from one place; ``bucket`` is a hash, so that nobody's address is kept."""

    __tablename__ = "access_attempts"
    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime]


class OneTimeCodeRow(Base):
    """The code that counts for a purpose and a subject; only its digest is kept."""

    __tablename__ = "one_time_codes"
    purpose: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(160), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int]
    sent_today: Mapped[int]
