"""The clerk's day: who is in the office, which cases ask for somebody, what came by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operations.appointment_views import Appointment, AppointmentState
from operations.appointments import list_appointments
from operations.hot_folder import ACTOR as HOT_FOLDER
from operations.house import House
from operations.visits import VisitState, arrived_appointments, count_served, visits_of_day
from regeneration.cases import CaseState
from storage.desk_tables import VisitRow
from storage.schema import CaseEventRow, CaseRow

_ASKING: Final = (CaseState.IN_REVIEW, CaseState.PRECONDITIONS_FAILED, CaseState.IN_CLEAN_UP)
WORKING: Final = (
    CaseState.RECEIVED,
    CaseState.READING,
    CaseState.ACCEPTED,
    CaseState.REBUILDING,
    CaseState.REBUILT,
)
"""States in which the service works by itself and people only look on."""
_SHOWN: Final = 60
"""Cases that a list of the desk shows; the rest are counted and found by searching."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A person in the office; ``minutes`` is how long they wait or are being served."""

    row: VisitRow
    state: VisitState
    minutes: int


@dataclass(frozen=True, slots=True)
class DeskCase:
    """A case in a list of the desk."""

    number: str
    state: CaseState
    received_at: datetime
    ruc: str
    business_name: str
    period: str
    from_folder: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk shows of one office."""

    visits: Sequence[Visit]
    expected: Sequence[Appointment]
    asking: Sequence[DeskCase]
    working: Sequence[DeskCase]
    arrived: Sequence[DeskCase]
    returned: Sequence[DeskCase]
    asking_in_all: int
    finished: int
    served: int


def show_office(house: House, office: str) -> Desk:
    """The day of one office, as it stands now."""
    now, today = house.now(), house.today()
    midnight = datetime.combine(today, time(), house.zone)
    booked = [
        each
        for each in list_appointments(house, office, today)
        if each.state in {AppointmentState.BOOKED, AppointmentState.ARRIVED}
    ]
    with house.database.reading() as session:
        came = arrived_appointments(session, office, today)
        folder = (CaseRow.received_by == HOT_FOLDER, CaseRow.received_at >= midnight)
        archived = (CaseRow.state == CaseState.ARCHIVED.value, CaseRow.received_at >= midnight)
        asking = [state.value for state in _ASKING]
        return Desk(
            [_visit(row, now) for row in visits_of_day(session, office, today)],
            [each for each in booked if each.number not in came],
            _cases(house, session, office, CaseRow.state.in_(asking)),
            _cases(house, session, office, CaseRow.state.in_([state.value for state in WORKING])),
            _cases(house, session, office, *folder)[::-1],
            _cases(house, session, office, CaseRow.state == CaseState.RETURNED.value),
            _count(session, office, CaseRow.state.in_(asking)),
            _count(session, office, *archived),
            count_served(session, office, today),
        )


def _visit(row: VisitRow, now: datetime) -> Visit:
    since = row.arrived_at if row.state == VisitState.WAITING.value else row.changed_at
    return Visit(row, VisitState(row.state), max(0, int((now - since).total_seconds() // 60)))


def _cases(house: House, session: Session, office: str, *conditions: object) -> list[DeskCase]:
    """Cases of the office, the longest waiting first."""
    query = select(CaseRow).where(CaseRow.office == office, *conditions)  # type: ignore[arg-type]
    rows = session.scalars(query.order_by(CaseRow.received_at, CaseRow.number).limit(_SHOWN))
    return [as_desk_case(house, row) for row in rows]


def _count(session: Session, office: str, *conditions: object) -> int:
    query = select(func.count()).select_from(CaseRow)
    return session.scalar(query.where(CaseRow.office == office, *conditions)) or 0  # type: ignore[arg-type]


def as_desk_case(house: House, case: CaseRow) -> DeskCase:
    """What a list shows of a case."""
    return DeskCase(
        case.number,
        CaseState(case.state),
        case.received_at.astimezone(house.zone),
        case.ruc,
        case.answers.get("employer-request", {}).get("business_name", ""),
        case.period,
        case.received_by == HOT_FOLDER,
    )


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """How far a case is, without anything personal: looking at it is no event."""

    version: int
    state: str
    is_working: bool


def find_progress(house: House, number: str) -> CaseProgress | None:
    """How far the case is, or nothing when there is none of that number."""
    with house.database.reading() as session:
        query = select(CaseRow.version, CaseRow.state).where(CaseRow.number == number)
        row = session.execute(query).one_or_none()
    return None if row is None else CaseProgress(row[0], row[1], CaseState(row[1]) in WORKING)


def _newest_event(session: Session) -> int:
    """The number of the newest event of any case: while it stays, nothing happened."""
    return session.scalar(select(func.max(CaseEventRow.id))) or 0


def desk_mark(house: House) -> str:
    """Changes whenever what a desk shows may have changed."""
    with house.database.reading() as session:
        visits = session.scalar(select(func.max(VisitRow.changed_at)))
        return f"{_newest_event(session)}/{visits.isoformat() if visits else ''}"
