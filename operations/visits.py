"""People at the office: who came, whose turn it is, who is being served; with an appointment or without."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.identity import check_ruc
from forms.problems import Problem
from operations.appointment_views import AppointmentState
from operations.appointments import list_appointments, mark
from operations.casework import STALE, Refusal
from operations.house import House
from storage.audit import append_audit
from storage.concurrency import next_serial
from storage.desk_tables import VisitRow


class VisitState(Enum):
    WAITING = "waiting"
    SERVED = "served"
    ENDED = "ended"
    LEFT = "left"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    VisitState.WAITING: "Espera",
    VisitState.SERVED: "En atención",
    VisitState.ENDED: "Atendido",
    VisitState.LEFT: "Se retiró",
}
_STEPS: Final = {
    VisitState.SERVED: {VisitState.WAITING},
    VisitState.ENDED: {VisitState.SERVED},
    VisitState.LEFT: {VisitState.WAITING, VisitState.SERVED},
    VisitState.WAITING: {VisitState.SERVED},
}
"""From which states each can be reached; who was called by mistake waits again."""
_DONE: Final = (VisitState.ENDED.value, VisitState.LEFT.value)


def arrive_for(house: House, office: str, number: str, by: str) -> VisitRow | Problem | Refusal:
    """Somebody came to an appointment of today in this office."""
    if number not in {each.number for each in list_appointments(house, office, house.today())}:
        return Refusal(STALE, "Esa cita no es de hoy en esta oficina. Por favor vuelva a cargar la página.")
    refusal = mark(house, number, AppointmentState.ARRIVED, by)
    return refusal or arrive(house, office, by, appointment=number)


def arrive(
    house: House, office: str, by: str, ruc: str = "", appointment: str | None = None
) -> VisitRow | Problem:
    """Somebody came: their turn. The same appointment comes only once."""
    ruc = "".join(ruc.split())
    fault = next((found for found in check_ruc(ruc, "ruc") if found.code == "RUC_FORMAT"), None)
    if ruc and fault is not None:
        return fault
    now, day = house.now(), house.today().isoformat()
    with house.database.transaction() as session:
        turn = next_serial(session, f"turn-{day}-{hashlib.sha256(office.encode()).hexdigest()[:12]}")
        if appointment is not None:
            known = session.scalar(select(VisitRow).where(VisitRow.appointment == appointment))
            if known is not None:
                return known
        visit = VisitRow(
            office=office,
            day=day,
            turn=turn,
            ruc=ruc,
            appointment=appointment,
            state=VisitState.WAITING.value,
            arrived_at=now,
            changed_at=now,
        )
        session.add(visit)
        session.flush()
        append_audit(session, now, by, "visit.arrive", f"visit/{visit.id}", {"turn": turn, "ruc": ruc})
        return visit


def move_visit(house: House, office: str, visit_id: int, state: VisitState, by: str) -> Refusal | None:
    """Call, serve or let go; refused when a colleague was faster or the visit is another office's."""
    now = house.now()
    with house.database.transaction() as session:
        visit = session.get(VisitRow, visit_id, with_for_update=True)
        if visit is None or visit.office != office or VisitState(visit.state) not in _STEPS[state]:
            return Refusal(STALE, "Otra persona ya llamó o cerró este turno. Por favor elija el siguiente.")
        visit.state, visit.changed_at = state.value, now
        visit.clerk = "" if state is VisitState.WAITING else by
        append_audit(session, now, by, f"visit.{state.value}", f"visit/{visit.id}", {"turn": visit.turn})
        appointment = visit.appointment
    if appointment is not None and state is VisitState.ENDED:
        return mark(house, appointment, AppointmentState.ATTENDED, by)
    return None


def visits_of_day(session: Session, office: str, day: date) -> Sequence[VisitRow]:
    """Who is in the office: those who wait and those being served, by turn."""
    query = select(VisitRow).where(
        VisitRow.office == office, VisitRow.day == day.isoformat(), VisitRow.state.not_in(_DONE)
    )
    return session.scalars(query.order_by(VisitRow.turn)).all()


def arrived_appointments(session: Session, office: str, day: date) -> dict[str, VisitRow]:
    """The visits of today that had an appointment, by its number, whatever became of them."""
    query = select(VisitRow).where(
        VisitRow.office == office, VisitRow.day == day.isoformat(), VisitRow.appointment.is_not(None)
    )
    return {row.appointment: row for row in session.scalars(query) if row.appointment is not None}


def count_served(session: Session, office: str, day: date) -> int:
    """How many people were served today."""
    query = select(func.count()).select_from(VisitRow)
    mine = (VisitRow.office == office, VisitRow.day == day.isoformat())
    return session.scalar(query.where(*mine, VisitRow.state == VisitState.ENDED.value)) or 0
