"""Mails on their way out: written with whatever made them necessary, sent later, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class MailRow(Base):
    """A mail. ``id`` is the local part of its Message-ID; ``occasion`` names what it is about, so that the
    same is never told twice. ``attachments`` are name, media type and the blob's SHA-256.
    """

    __tablename__ = "mails"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(160), unique=True)
    recipient: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]]
    attachments: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int]
    written_at: Mapped[datetime]
    next_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(300), default="")
    __table_args__ = (Index("mails_by_state", "state", "next_at"),)
