"""Searches that a person keeps under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class SavedSearchRow(Base):
    """A search by its owner's name for it; ``query`` is the part of the address behind the question mark."""

    __tablename__ = "saved_searches"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    saved_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("owner", "name"),)
