"""Whether today is a day to annul: what is annulled counts only on the day of the request at the window, and
nothing is annulled twice. The portal tells it before the act, with the appointment as far as it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, or_, select

from forms.rest_days import is_working_day
from operations.appointment_views import Appointment, AppointmentState, view_appointment
from operations.house import House
from operations.proposals import representatives_of
from operations.users import User
from storage.appointment_tables import AppointmentRow
from storage.schema import EmployerRow

_STANDING: Final = (AppointmentState.BOOKED.value, AppointmentState.ARRIVED.value)
_MOST_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class AnnulmentDay:
    """Today, as a day of annulments. ``appointments`` are those of today and later, the next one first, that
    the portal can know of: of the representatives, or booked with the employer's own e-mail address. Who goes
    for them with an address of their own is not among them. ``counts`` is false where no day is asked for.
    """

    today: date
    is_working: bool
    appointments: tuple[Appointment, ...]
    counts: bool = True

    @property
    def of_today(self) -> Appointment | None:
        return next((each for each in self.appointments if each.slot.day == self.today), None)

    @property
    def asks(self) -> bool:
        """Whether an annulment needs an explicit word, because as far as is known it would not count."""
        return self.counts and (not self.is_working or self.of_today is None)


def find_annulment_day(house: House, user: User) -> AnnulmentDay:
    """Today for the annulments of the user's branch."""
    today = house.today()
    people = [signer.id_number for signer in representatives_of(house, user)]
    with house.database.reading() as session:
        employer = session.get(EmployerRow, user.ruc)
        own_address = employer.email.lower() if employer is not None and employer.email else None
        query = (
            select(AppointmentRow)
            .where(AppointmentRow.day >= today.isoformat(), AppointmentRow.state.in_(_STANDING))
            .where(or_(AppointmentRow.person_id.in_(people), func.lower(AppointmentRow.email) == own_address))
            .order_by(AppointmentRow.day, AppointmentRow.hour, AppointmentRow.number)
            .limit(_MOST_TOLD)
        )
        appointments = tuple(view_appointment(house, row) for row in session.scalars(query))
    return AnnulmentDay(today, _is_working(house, today), appointments, house.settings.same_day_rule)


def _is_working(house: House, day: date) -> bool:
    """Whether the window is open: by the calendar of its agency where it is known, else by the country's."""
    agency = house.agencies.of_office(house.settings.office)
    if agency is not None:
        return house.agencies.works_on(agency, day)
    return is_working_day(day, house.agencies.decreed)
