"""What employers leave in the portal besides what they register: drafts, papers taken back, delegates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class DraftRow(Base):
    """A form that somebody began to fill in; one of each form for each user and ``employer``, RUC and branch
    in one, for whom it is.
    """

    __tablename__ = "drafts"
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), primary_key=True)
    employer: Mapped[str] = mapped_column(String(40), primary_key=True)
    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    field_values: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class RevocationRow(Base):
    """An issued paper that its employer took back; ``day`` is the office's, from which it does not hold."""

    __tablename__ = "revocations"
    document: Mapped[str] = mapped_column(ForeignKey("issued_documents.document"), primary_key=True)
    at: Mapped[datetime]
    day: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(80))


class DelegationRow(Base):
    """Somebody who prepares papers for a branch, until the employer or the operator ends it."""

    __tablename__ = "delegations"
    id: Mapped[int] = mapped_column(primary_key=True)
    delegate: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    ruc: Mapped[str] = mapped_column(String(13))
    branch: Mapped[str] = mapped_column(String(4))
    since: Mapped[datetime]
    granted_by: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(80))
