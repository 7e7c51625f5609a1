"""Tables of people's doors that came with schema 2; those that are there are left as they are."""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)


def make_people(op: Operations) -> None:
    """Make those that are missing."""
    _make_access(op)
    _make_portal(op)
    _make_desk(op)


def _make_access(op: Operations) -> None:
    op.create_table(
        "access_attempts",
        Column("bucket", String(64), nullable=False),
        Column("failures", Integer, nullable=False),
        Column("last_at", String(32), nullable=False),
        Column("blocked_until", String(32), nullable=False),
        PrimaryKeyConstraint("bucket"),
        if_not_exists=True,
    )
    op.create_table(
        "one_time_codes",
        Column("purpose", String(40), nullable=False),
        Column("subject", String(160), nullable=False),
        Column("digest", String(64), nullable=False),
        Column("sent_at", String(32), nullable=False),
        Column("expires_at", String(32), nullable=False),
        Column("tries_left", Integer, nullable=False),
        Column("sent_today", Integer, nullable=False),
        PrimaryKeyConstraint("purpose", "subject"),
        if_not_exists=True,
    )


def _make_portal(op: Operations) -> None:
    op.create_table(
        "complaints",
        Column("number", String(19), nullable=False),
        Column("filed_at", String(32), nullable=False),
        Column("day", String(10), nullable=False),
        Column("name", String(120), nullable=False),
        Column("email", String(120), nullable=False),
        Column("case_number", String(20), nullable=False),
        Column("text", String(4000), nullable=False),
        Column("state", String(20), nullable=False),
        Column("answer", String(4000), nullable=False),
        Column("answered_by", String(80), nullable=False),
        Column("answered_at", String(32), nullable=True),
        PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("ix_complaints_day", "complaints", ["day"], if_not_exists=True)
    op.create_table(
        "mails",
        Column("id", String(32), nullable=False),
        Column("occasion", String(160), nullable=False),
        Column("recipient", String(120), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("body", JSON, nullable=False),
        Column("attachments", JSON, nullable=False),
        Column("state", String(20), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("written_at", String(32), nullable=False),
        Column("next_at", String(32), nullable=False),
        Column("ended_at", String(32), nullable=True),
        Column("trouble", String(300), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("occasion"),
        if_not_exists=True,
    )
    op.create_index("mails_by_state", "mails", ["state", "next_at"], if_not_exists=True)
    op.create_table(
        "drafts",
        Column("user_name", String(80), nullable=False),
        Column("form", String(40), nullable=False),
        Column("field_values", JSON, nullable=False),
        Column("saved_at", String(32), nullable=False),
        ForeignKeyConstraint(["user_name"], ["users.name"]),
        PrimaryKeyConstraint("user_name", "form"),
        if_not_exists=True,
    )
    op.create_table(
        "waits",
        Column("case_number", String(20), autoincrement=False, nullable=False),
        Column("since", String(32), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("next_at", String(32), nullable=False),
        ForeignKeyConstraint(["case_number"], ["cases.number"]),
        PrimaryKeyConstraint("case_number"),
        if_not_exists=True,
    )
    op.create_table(
        "appointments",
        Column("number", String(19), nullable=False),
        Column("agency", String(40), nullable=False),
        Column("procedure", String(40), nullable=False),
        Column("day", String(10), nullable=False),
        Column("hour", String(5), nullable=False),
        Column("person_id", String(13), nullable=False),
        Column("email", String(120), nullable=False),
        Column("phone", String(60), nullable=False),
        Column("state", String(20), nullable=False),
        Column("version", Integer, nullable=False),
        Column("booked_at", String(32), nullable=False),
        Column("document", String(19), nullable=True),
        ForeignKeyConstraint(["document"], ["issued_documents.document"]),
        PrimaryKeyConstraint("number"),
        if_not_exists=True,
    )
    op.create_index("appointments_by_day", "appointments", ["agency", "day", "hour"], if_not_exists=True)
    op.create_index("ix_appointments_person_id", "appointments", ["person_id"], if_not_exists=True)
    op.create_table(
        "revocations",
        Column("document", String(19), nullable=False),
        Column("at", String(32), nullable=False),
        Column("day", String(10), nullable=False),
        Column("by", String(80), nullable=False),
        ForeignKeyConstraint(["document"], ["issued_documents.document"]),
        PrimaryKeyConstraint("document"),
        if_not_exists=True,
    )
    op.create_table(
        "appointment_places",
        Column("agency", String(40), nullable=False),
        Column("day", String(10), nullable=False),
        Column("hour", String(5), nullable=False),
        Column("place", Integer, autoincrement=False, nullable=False),
        Column("appointment", String(19), nullable=False),
        ForeignKeyConstraint(["appointment"], ["appointments.number"]),
        PrimaryKeyConstraint("agency", "day", "hour", "place"),
        UniqueConstraint("appointment"),
        if_not_exists=True,
    )


def _make_desk(op: Operations) -> None:
    op.create_table(
        "saved_searches",
        Column("id", Integer, nullable=False),
        Column("owner", String(80), nullable=False),
        Column("name", String(80), nullable=False),
        Column("query", String(2000), nullable=False),
        Column("saved_at", String(32), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("owner", "name"),
        if_not_exists=True,
    )
    op.create_table(
        "uploads",
        Column("id", String(32), nullable=False),
        Column("owner", String(80), nullable=False),
        Column("name", String(255), nullable=False),
        Column("length", BigInteger, nullable=False),
        Column("received", BigInteger, nullable=False),
        Column("touched_at", String(32), nullable=False),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("ix_uploads_owner", "uploads", ["owner"], if_not_exists=True)
    op.create_table(
        "visits",
        Column("id", Integer, nullable=False),
        Column("office", String(80), nullable=False),
        Column("day", String(10), nullable=False),
        Column("turn", Integer, nullable=False),
        Column("ruc", String(13), nullable=False),
        Column("appointment", String(40), nullable=True),
        Column("state", String(20), nullable=False),
        Column("arrived_at", String(32), nullable=False),
        Column("changed_at", String(32), nullable=False),
        Column("clerk", String(80), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("appointment"),
        if_not_exists=True,
    )
    op.create_index("visits_of_a_day", "visits", ["office", "day", "turn"], unique=True, if_not_exists=True)
