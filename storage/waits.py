"""Cases that wait for somebody else's system: since when, how often asked, and when it is asked again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class WaitRow(Base):
    """The wait of a case; gone when the case goes on. Why it waits is an event of the case."""

    __tablename__ = "waits"
    case_number: Mapped[str] = mapped_column(
        String(20), ForeignKey("cases.number"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
    tries: Mapped[int]
    next_at: Mapped[datetime]
