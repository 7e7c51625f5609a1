"""Appointments as people see them, and what opens one for whoever has its mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from operations.agencies.register import Agency
from operations.house import House
from operations.proof_tags import tag_of
from operations.visitors import Visitor
from storage.appointment_tables import AppointmentRow


class AppointmentState(Enum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    ATTENDED = "attended"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    AppointmentState.BOOKED: "reservado",
    AppointmentState.ARRIVED: "en la agencia",
    AppointmentState.ATTENDED: "atendido",
    AppointmentState.CANCELLED: "cancelado",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What is booked: an agency, a procedure, a day and an hour of it."""

    agency: str
    procedure: str
    day: date
    hour: time


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment as people see it. ``key`` opens it for whoever has the mail."""

    number: str
    slot: Slot
    agency: Agency
    procedure: str
    visitor: Visitor
    state: AppointmentState
    document: str
    key: str
    starts_at: datetime
    version: int


def key_of(house: House, number: str) -> str:
    """What opens an appointment in the link of its mail."""
    return tag_of(house, "appointment", number)[:24]


def view_appointment(house: House, row: AppointmentRow) -> Appointment:
    """An appointment's row with its agency, or what is known of one that an operator took out of the file:
    the others of the day must be shown and reminded nevertheless.
    """
    agencies = house.agencies
    agency = agencies.find(row.agency) or _gone(row.agency)
    slot = Slot(row.agency, row.procedure, date.fromisoformat(row.day), time.fromisoformat(row.hour))
    zone = ZoneInfo(agency.zone) if agency.zone else house.zone
    return Appointment(
        number=row.number,
        slot=slot,
        agency=agency,
        procedure=agencies.procedures[row.procedure],
        visitor=Visitor(row.person_id, row.email, row.phone),
        state=AppointmentState(row.state),
        document=row.document or "",
        key=key_of(house, row.number),
        starts_at=datetime.combine(slot.day, slot.hour, zone),
        version=row.version,
    )


def _gone(agency_id: str) -> Agency:
    """Stands for an agency that is in no file any more: it has no hours to move to."""
    return Agency(
        id=agency_id,
        name=agency_id,
        province="",
        address="ya no está entre las agencias; por favor pregunte antes de ir",
        verified=False,
        source="",
        opens=time.min,
        closes=time.min,
        slot_minutes=1,
        capacity=1,
        horizon="next-month",
        procedures=(),
    )
