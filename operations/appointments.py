"""Appointments (*turnos*): booked by whoever has the e-mail address, moved, cancelled; no place is for two.

A place is a row that only one can insert; the appointment, its confirmation and the mail about it are written
in the same transaction as the place.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, time
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.catalog.appointment_confirmation import APPOINTMENT_CONFIRMATION
from forms.numbers import RANDOM_BYTES, number_from_entropy
from operations.agencies.register import Agency
from operations.appointment_mails import tell_booked, tell_cancelled
from operations.appointment_views import (
    Appointment,
    AppointmentState,
    Slot,
    key_of,
    view_appointment,
)
from operations.casework import Refusal
from operations.house import House
from operations.issuing import Drawn, draw_form, record_form
from operations.proof_tags import is_same
from operations.visitors import Visitor
from storage.appointment_tables import AppointmentRow, PlaceRow
from storage.audit import append_audit
from storage.concurrency import take_turns
from storage.schema import IssuedRow

TAKEN: Final = Refusal(
    "APPOINTMENT_TAKEN", "Alguien tomó ese turno hace un momento. Por favor elija otra hora."
)
NOT_OFFERED: Final = Refusal(
    "APPOINTMENT_NOT_OFFERED",
    "La agencia no atiende ese trámite ese día a esa hora. Por favor elija otro turno.",
)
OVER: Final = Refusal("APPOINTMENT_OVER", "Este turno ya pasó o ya se canceló.")


def free_hours(house: House, agency: Agency, day: date) -> dict[time, int]:
    """The hours of a day with how many places each has left; empty for a day that cannot be booked."""
    if day not in house.agencies.bookable_days(agency, house.today()):
        return {}
    with house.database.reading() as session:
        query = (
            select(PlaceRow.hour, func.count().label("taken"))
            .where(PlaceRow.agency == agency.id, PlaceRow.day == day.isoformat())
            .group_by(PlaceRow.hour)
        )
        taken = {row.hour: row.taken for row in session.execute(query)}
    return {hour: agency.capacity - taken.get(f"{hour:%H:%M}", 0) for hour in agency.hours}


def book(house: House, visitor: Visitor, slot: Slot) -> Appointment | Refusal:
    """Book a place for a visitor whose address was proved, with its confirmation and the mail. Asking twice
    finds what was booked the first time.
    """
    agency = _offered(house, slot)
    if agency is None:
        return NOT_OFFERED
    number = number_from_entropy(secrets.token_bytes(RANDOM_BYTES))
    drawn = _draw(house, number, visitor, slot, agency)
    with house.database.transaction() as session:
        take_turns(session, f"appointments of {visitor.person_id}")
        if (known := _booked(session, visitor, slot)) is not None:
            return view_appointment(house, known)
        if _has_most(house, session, visitor):
            return _too_many(house)
        row = AppointmentRow(
            number=number,
            agency=slot.agency,
            procedure=slot.procedure,
            day=slot.day.isoformat(),
            hour=f"{slot.hour:%H:%M}",
            person_id=visitor.person_id,
            email=visitor.email,
            phone=visitor.phone,
            state=AppointmentState.BOOKED.value,
            version=1,
            booked_at=house.now(),
            document=None,
        )
        session.add(row)
        session.flush()
        if not _take_place(session, row, agency):
            session.rollback()
            return TAKEN
        return _confirm(house, session, row, drawn, "appointment.book")


def move(house: House, number: str, key: str, slot: Slot) -> Appointment | Refusal:
    """Give an appointment another place; the old one is free again and the old confirmation replaced."""
    agency, known = _offered(house, slot), find_appointment(house, number, key)
    if known is None or not _can_change(house, known):
        return OVER
    if agency is None:
        return NOT_OFFERED
    drawn = _draw(house, number, known.visitor, slot, agency)
    with house.database.transaction() as session:
        row = session.get_one(AppointmentRow, number, with_for_update=True)
        if row.version != known.version:
            return OVER
        _give_back(session, number)
        row.agency, row.day, row.hour = slot.agency, slot.day.isoformat(), f"{slot.hour:%H:%M}"
        row.version += 1
        if not _take_place(session, row, agency):
            session.rollback()
            return TAKEN
        _replace_document(session, row.document)
        return _confirm(house, session, row, drawn, "appointment.move")


def cancel(house: House, number: str, key: str) -> Refusal | None:
    """Give the place back; the mail takes it out of calendars."""
    known = find_appointment(house, number, key)
    if known is None or not _can_change(house, known):
        return OVER
    with house.database.transaction() as session:
        row = session.get_one(AppointmentRow, number, with_for_update=True)
        if row.version != known.version:
            return OVER
        _give_back(session, number)
        row.state = AppointmentState.CANCELLED.value
        row.version += 1
        _replace_document(session, row.document, "revoked")
        append_audit(session, house.now(), "público", "appointment.cancel", number)
        tell_cancelled(house, session, view_appointment(house, row))
    return None


def find_appointment(house: House, number: str, key: str) -> Appointment | None:
    """An appointment for whoever has its key."""
    if not is_same(key, key_of(house, number)):
        return None
    with house.database.reading() as session:
        row = session.get(AppointmentRow, number)
        return None if row is None else view_appointment(house, row)


def find_booked(house: House, visitor: Visitor, slot: Slot) -> Appointment | None:
    """What a visitor whose address was proved has booked at that very place and hour."""
    with house.database.reading() as session:
        row = _booked(session, visitor, slot)
        return None if row is None else view_appointment(house, row)


def refusal_of(house: House, code: str) -> Refusal | None:
    """What is told with a code of the refusals here."""
    told = (TAKEN, NOT_OFFERED, OVER, _too_many(house))
    return next((each for each in told if each.code == code), None)


def list_appointments(house: House, office: str, day: date) -> Sequence[Appointment]:
    """The appointments of an office's day that stand, by hour; for the window."""
    agency = house.agencies.of_office(office)
    if agency is None:
        return ()
    with house.database.reading() as session:
        query = select(AppointmentRow).where(
            AppointmentRow.agency == agency.id,
            AppointmentRow.day == day.isoformat(),
            AppointmentRow.state != AppointmentState.CANCELLED.value,
        )
        rows = session.scalars(query.order_by(AppointmentRow.hour, AppointmentRow.number)).all()
        return tuple(view_appointment(house, row) for row in rows)


def mark(house: House, number: str, state: AppointmentState, by: str) -> Refusal | None:
    """The window says that somebody arrived, or was attended. Saying it twice changes nothing."""
    with house.database.transaction() as session:
        row = session.get(AppointmentRow, number, with_for_update=True)
        if row is None or row.state == AppointmentState.CANCELLED.value:
            return OVER
        if row.state != state.value:
            row.state = state.value
            append_audit(session, house.now(), by, f"appointment.{state.value}", number)
    return None


def _offered(house: House, slot: Slot) -> Agency | None:
    agencies = house.agencies
    agency = agencies.find(slot.agency)
    if agency is None or slot.procedure not in agency.procedures or slot.hour not in agency.hours:
        return None
    return agency if slot.day in agencies.bookable_days(agency, house.today()) else None


def _draw(house: House, number: str, visitor: Visitor, slot: Slot, agency: Agency) -> Drawn:
    values = {
        "appointment": number,
        "day": slot.day.isoformat(),
        "hour": f"{slot.hour:%H:%M}",
        "weekday": _WEEKDAYS[slot.day.weekday()],
        "person_id": visitor.person_id,
        "procedure": house.agencies.procedures[slot.procedure],
        "agency": agency.name,
        "address": agency.address if agency.verified else f"{agency.address} {_UNVERIFIED}",
        "email": visitor.email,
        "phone": visitor.phone,
    }
    drawn = draw_form(house, APPOINTMENT_CONFIRMATION.current, values)
    # A visitor's data were checked by the same form, so anything else is a fault of ours.
    assert isinstance(drawn, Drawn), drawn
    return drawn


_UNVERIFIED: Final = "(dirección y horario sin verificar: confírmelos al +593 2 394 5666)"
_WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def _booked(session: Session, visitor: Visitor, slot: Slot) -> AppointmentRow | None:
    query = select(AppointmentRow).where(
        AppointmentRow.person_id == visitor.person_id,
        AppointmentRow.email == visitor.email,
        AppointmentRow.agency == slot.agency,
        AppointmentRow.procedure == slot.procedure,
        AppointmentRow.day == slot.day.isoformat(),
        AppointmentRow.hour == f"{slot.hour:%H:%M}",
        AppointmentRow.state == AppointmentState.BOOKED.value,
    )
    return session.scalars(query).first()


def _has_most(house: House, session: Session, visitor: Visitor) -> bool:
    query = select(func.count()).where(
        AppointmentRow.person_id == visitor.person_id,
        AppointmentRow.state == AppointmentState.BOOKED.value,
        AppointmentRow.day >= house.today().isoformat(),
    )
    return (session.scalar(query) or 0) >= house.agencies.most_per_person


def _too_many(house: House) -> Refusal:
    most = house.agencies.most_per_person
    return Refusal(
        "APPOINTMENT_TOO_MANY",
        f"Con esta identificación ya hay {most} turnos reservados. Por favor cancele uno para pedir otro.",
    )


def _take_place(session: Session, row: AppointmentRow, agency: Agency) -> bool:
    """The lowest place that is free at the hour; whoever comes second waits for the first to end."""
    take_turns(session, f"places {row.agency} {row.day} {row.hour}")
    query = select(PlaceRow.place).where(
        PlaceRow.agency == row.agency, PlaceRow.day == row.day, PlaceRow.hour == row.hour
    )
    taken = set(session.scalars(query))
    free = next((place for place in range(1, agency.capacity + 1) if place not in taken), None)
    if free is None:
        return False
    session.add(PlaceRow(agency=row.agency, day=row.day, hour=row.hour, place=free, appointment=row.number))
    session.flush()
    return True


def _give_back(session: Session, number: str) -> None:
    place = session.scalars(select(PlaceRow).where(PlaceRow.appointment == number)).first()
    if place is not None:
        session.delete(place)
        session.flush()


def _replace_document(session: Session, document: str | None, state: str = "replaced") -> None:
    if document is not None:
        session.get_one(IssuedRow, document).state = state


def _confirm(house: House, session: Session, row: AppointmentRow, drawn: Drawn, action: str) -> Appointment:
    pdf = record_form(house, session, drawn, "público")
    session.flush()
    row.document = drawn.document
    session.flush()
    told = {"agency": row.agency, "day": row.day, "hour": row.hour}
    append_audit(session, house.now(), "público", action, row.number, told)
    view = view_appointment(house, row)
    tell_booked(house, session, view, pdf)
    return view


def _can_change(house: House, known: Appointment) -> bool:
    return known.state is AppointmentState.BOOKED and known.starts_at > house.now()
