"""The tables. Rows and values are separate classes: a row here holds what a value elsewhere means.

Instants are aware and kept as ISO 8601 text with their offset, so that both engines order and show
them alike; bodies that only the domain understands are JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION: Final = 4
"""Whoever changes a table raises it and adds the step that leads there: ``storage/migrations/order.py``."""


class Instant(TypeDecorator[datetime]):
    """An aware instant as UTC text of fixed width, which sorts as it should."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class SchemaVersionRow(Base):
    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True)


class UserRow(Base):
    """A person who signs in; employers sign in as ``RUC/branch``."""

    __tablename__ = "users"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    ruc: Mapped[str | None] = mapped_column(String(13))
    branch: Mapped[str | None] = mapped_column(String(4))
    office: Mapped[str | None] = mapped_column(String(80))
    disabled: Mapped[bool] = mapped_column(default=False)


class AccessSessionRow(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "access_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class EmployerRow(Base):
    __tablename__ = "employers"
    ruc: Mapped[str] = mapped_column(String(13), primary_key=True)
    business_name: Mapped[str] = mapped_column(String(300))
    branches: Mapped[list[Any]]
    email: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")


class RepresentativeRow(Base):
    __tablename__ = "representatives"
    id: Mapped[int] = mapped_column(primary_key=True)
    ruc: Mapped[str] = mapped_column(ForeignKey("employers.ruc"), index=True)
    id_kind: Mapped[str] = mapped_column(String(20))
    id_number: Mapped[str] = mapped_column(String(13))
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[str] = mapped_column(String(10))
    until: Mapped[str | None] = mapped_column(String(10))


class SheetRow(Base):
    """A sheet of the embedded register; ``body`` is the JSON of contracts.md §6."""

    __tablename__ = "sheets"
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    ruc: Mapped[str] = mapped_column(String(13))
    branch: Mapped[str] = mapped_column(String(4))
    period: Mapped[str] = mapped_column(String(7))
    type: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]]
    annulled_at: Mapped[datetime | None]
    replaced_by: Mapped[str | None] = mapped_column(String(40))
    made_by_case: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (
        Index("sheets_by_period", "ruc", "branch", "period", "type"),
        # A case makes at most one sheet of each type, however often its work is repeated.
        UniqueConstraint("made_by_case", "type"),
    )


class ReceiptRow(Base):
    __tablename__ = "receipts"
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    sheet_number: Mapped[str] = mapped_column(ForeignKey("sheets.number"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    annulled_at: Mapped[datetime | None]


class NovedadRow(Base):
    __tablename__ = "novedades"
    id: Mapped[int] = mapped_column(primary_key=True)
    ruc: Mapped[str] = mapped_column(String(13))
    branch: Mapped[str] = mapped_column(String(4))
    period: Mapped[str] = mapped_column(String(7))
    body: Mapped[dict[str, Any]]
    __table_args__ = (Index("novedades_by_period", "ruc", "branch", "period"),)


class IssuedRow(Base):
    """A document that we printed, with the values that its seal carries or stands for."""

    __tablename__ = "issued_documents"
    document: Mapped[str] = mapped_column(String(19), primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(20))
    issued: Mapped[str] = mapped_column(String(10), index=True)
    ruc: Mapped[str] = mapped_column(String(13), index=True)
    branch: Mapped[str] = mapped_column(String(4))
    field_values: Mapped[dict[str, Any]]
    pdf: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    issued_by: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20), default="current")
    case_number: Mapped[str | None] = mapped_column(String(20))


class BlobRow(Base):
    __tablename__ = "blobs"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(60))
    stored_at: Mapped[datetime]


class CaseRow(Base):
    """A case as it stands; it always equals what its events add up to."""

    __tablename__ = "cases"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    office: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(30), index=True)
    version: Mapped[int]
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(80))
    ruc: Mapped[str] = mapped_column(String(13), default="", index=True)
    branch: Mapped[str] = mapped_column(String(4), default="")
    period: Mapped[str] = mapped_column(String(7), default="")
    answers: Mapped[dict[str, Any]]
    idempotency_key: Mapped[str | None] = mapped_column(String(120), unique=True)


class ReceptionRow(Base):
    """A file that was handed in. The same bytes twice are two receptions of one blob."""

    __tablename__ = "receptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), index=True)
    received_at: Mapped[datetime]


class CaseEventRow(Base):
    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    event: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("case_number", "sequence"),)


class ReadingRow(Base):
    """What the reader saw of a case: the JSON of ``read --json``; the newest of a case counts."""

    __tablename__ = "readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class DocumentRow(Base):
    """A document of a case in the archive: original, page image or one that we made."""

    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    media_type: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("case_number", "kind", "name", "sha256"),)


class AuditEventRow(Base):
    """One link of the chain: ``hash`` covers the event and the hash before it."""

    __tablename__ = "audit_events"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    data: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class CounterRow(Base):
    """Serial numbers given out in a transaction, so that none is given twice or lost."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
