"""Appointments, and the places that they take: a place is one row, so nobody else can have it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class AppointmentRow(Base):
    """An appointment as it stands; what happened to it is in the audit trail."""

    __tablename__ = "appointments"
    number: Mapped[str] = mapped_column(String(19), primary_key=True)
    agency: Mapped[str] = mapped_column(String(40))
    procedure: Mapped[str] = mapped_column(String(40))
    day: Mapped[str] = mapped_column(String(10))
    hour: Mapped[str] = mapped_column(String(5))
    person_id: Mapped[str] = mapped_column(String(13), index=True)
    email: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    booked_at: Mapped[datetime]
    document: Mapped[str | None] = mapped_column(ForeignKey("issued_documents.document"))
    __table_args__ = (Index("appointments_by_day", "agency", "day", "hour"),)


class PlaceRow(Base):
    """One of the places that an agency has at an hour, taken."""

    __tablename__ = "appointment_places"
    agency: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    hour: Mapped[str] = mapped_column(String(5), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    appointment: Mapped[str] = mapped_column(ForeignKey("appointments.number"), unique=True)
