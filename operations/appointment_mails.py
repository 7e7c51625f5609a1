"""What is told by e-mail of an appointment: its confirmation with the calendar entry, its end, its coming."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.appointment_views import Appointment, AppointmentState, view_appointment
from operations.calendar_entries import CalendarEntry, write_calendar
from operations.deposits import deposit, record
from operations.house import House
from operations.mail import Attachment, Mail, post_mail
from regeneration.months import write_date
from storage.appointment_tables import AppointmentRow

_REMIND_FROM: Final = time(8)
"""Office time of the day before, from which people are reminded."""
_BEFORE: Final = (
    "El mismo día, antes de ir: registre la novedad si falta, anule los comprobantes de pago de aportes y de "
    "fondos de reserva, y después la planilla de fondos de reserva."
)
_BRING: Final = (
    "Lleve la cédula original, la solicitud impresa y firmada de puño y letra y, si va otra persona, la "
    "autorización a terceros. Con código de identificación para extranjeros, también una copia del documento."
)


def tell_booked(house: House, session: Session, appointment: Appointment, pdf: str) -> None:
    """The confirmation as PDF (``pdf`` is its SHA-256) with the calendar entry."""
    what = "Su turno cambió" if appointment.version > 1 else "Su turno"
    post_mail(
        house,
        session,
        Mail(
            occasion=f"appointment/{appointment.number}/{appointment.version}",
            recipient=appointment.visitor.email,
            subject=f"{what}: {_when(appointment)}",
            paragraphs=(
                *_facts(appointment),
                _BEFORE,
                _BRING,
                f"Para cambiarlo o cancelarlo: {_link(house, appointment)}",
            ),
            attachments=(
                Attachment("turno.pdf", "application/pdf", pdf),
                Attachment("turno.ics", "text/calendar", _keep_calendar(house, session, appointment)),
            ),
        ),
    )


def tell_cancelled(house: House, session: Session, appointment: Appointment) -> None:
    """That it is no more; the entry takes it out of calendars."""
    post_mail(
        house,
        session,
        Mail(
            occasion=f"appointment/{appointment.number}/{appointment.version}",
            recipient=appointment.visitor.email,
            subject=f"Turno cancelado: {_when(appointment)}",
            paragraphs=(
                "El turno quedó cancelado y su lugar, libre para otra persona.",
                *_facts(appointment),
                f"Puede pedir otro en {house.settings.public_url}/turnos",
            ),
            attachments=(
                Attachment("turno.ics", "text/calendar", _keep_calendar(house, session, appointment)),
            ),
        ),
    )


def remind_appointments(house: House) -> int:
    """Remind everybody of the appointments of tomorrow, each once; how many mails were written."""
    if house.now().time() < _REMIND_FROM:
        return 0
    tomorrow = (house.today() + timedelta(days=1)).isoformat()
    with house.database.transaction() as session:
        query = select(AppointmentRow).where(
            AppointmentRow.day == tomorrow, AppointmentRow.state == AppointmentState.BOOKED.value
        )
        rows = session.scalars(query).all()
        return sum(_remind(house, session, view_appointment(house, row)) for row in rows)


def _remind(house: House, session: Session, appointment: Appointment) -> bool:
    mail = Mail(
        occasion=f"appointment/{appointment.number}/{appointment.version}/reminder",
        recipient=appointment.visitor.email,
        subject=f"Mañana es su turno: {_when(appointment)}",
        paragraphs=(*_facts(appointment), _BEFORE, _BRING, f"Si no puede ir: {_link(house, appointment)}"),
    )
    return post_mail(house, session, mail) is not None


def _when(appointment: Appointment) -> str:
    return f"{write_date(appointment.slot.day)}, {appointment.slot.hour:%H:%M}"


def _facts(appointment: Appointment) -> tuple[str, ...]:
    agency = appointment.agency
    place = f"{agency.name}: {agency.address}"
    facts = f"{appointment.procedure}\n{_when(appointment)}\n{place}\nTurno {appointment.number}"
    if agency.verified:
        return (facts,)
    return (
        facts,
        "La dirección y el horario de esta agencia no están verificados: confírmelos al +593 2 394 5666.",
    )


def _link(house: House, appointment: Appointment) -> str:
    return f"{house.settings.public_url}/turnos/{appointment.number}?clave={appointment.key}"


def _keep_calendar(house: House, session: Session, appointment: Appointment) -> str:
    made = deposit(house.blobs, [calendar_of(house, appointment)], "text/calendar")
    return record(session, made, house.now())


def calendar_of(house: House, appointment: Appointment) -> bytes:
    """The appointment as a calendar file."""
    return write_calendar(
        CalendarEntry(
            uid=f"{appointment.number}@{house.settings.mail_domain}",
            sequence=appointment.version - 1,
            start=appointment.starts_at,
            minutes=appointment.agency.slot_minutes,
            title=f"Turno en el IESS: {appointment.procedure}",
            place=f"{appointment.agency.name}, {appointment.agency.address}",
            notes=f"Turno {appointment.number}\n{_BEFORE}\n{_BRING}",
            written_at=house.now(),
            cancelled=appointment.state is AppointmentState.CANCELLED,
        )
    )
