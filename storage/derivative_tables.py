"""What was made of the archive's documents for looking at and for keeping: texts of pages, derivatives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class DerivationRow(Base):
    """That a document was gone through, once, and what came of it.

    ``outcome`` is ``valid`` (a PDF/A-2b stands beside it), ``invalid`` (what was made kept not all rules and
    was not filed; ``findings`` says which), ``failed`` (the file could not be read) or ``shown`` (pages and
    text only: it is a paper that we drew).
    """

    __tablename__ = "derivations"
    source_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    derivative_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    findings: Mapped[list[Any]]
    pages: Mapped[int]
    made_at: Mapped[datetime]


class PageTextRow(Base):
    """A page as one looks at it: its size in points, its picture's blob, and its lines with their places
    (``[text, x, y, width, height, angle]``, points from the top-left corner and degrees clockwise).
    """

    __tablename__ = "page_texts"
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    width: Mapped[float] = mapped_column(Float)
    height: Mapped[float] = mapped_column(Float)
    view_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    thumbnail_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    lines: Mapped[list[Any]]
