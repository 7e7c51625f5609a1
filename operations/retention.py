"""What may be disposed of and what may not: cases that are due by the schedules, and legal holds on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from operations.casework import CaseNotFoundError, Refusal
from operations.house import House
from operations.retention_schedules import RetentionAction, Schedule, load_schedules
from operations.users import User, UserRole
from regeneration.cases import CaseState
from storage.audit import append_audit
from storage.concurrency import take_turns
from storage.retention_tables import (
    DisposalItemRow,
    DisposalVerdictRow,
    DisposedDocumentRow,
    HoldReleaseRow,
    HoldRow,
)
from storage.schema import CaseEventRow, CaseRow, DocumentRow

CLOSED: Final = (CaseState.ARCHIVED.value, CaseState.REFUSED.value)
"""States in which a case is closed: the day of its last event is the one that terms count from."""
TURNS: Final = "retention"
"""Holds and disposals wait for each other, so that neither overlooks the other."""
MOST: Final = 200
"""Cases of a review list; the rest comes when these are decided."""
_HOLDERS: Final = frozenset({UserRole.ARCHIVIST, UserRole.SUPERVISOR})
_SHORTEST: Final = 10
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Due:
    """Documents of one case that one schedule has let go of."""

    case: str
    schedule: Schedule
    closed: date
    due: date
    documents: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold with what ended it, if anything did."""

    row: HoldRow
    release: HoldReleaseRow | None


def due_cases(house: House, session: Session, today: date) -> list[Due]:
    """What the schedules let go of until today, the longest due first: without hold, and in no proposal."""
    found: list[Due] = []
    for schedule in load_schedules():
        if schedule.action is RetentionAction.DISPOSE:
            found += _due_by(house, session, schedule, today)
    return sorted(found, key=lambda each: (each.due, each.case))


def _due_by(house: House, session: Session, schedule: Schedule, today: date) -> Iterator[Due]:
    closed = _closed_at()
    query = (
        select(CaseRow.number, closed)
        .where(CaseRow.state.in_(CLOSED), ~_held(), exists().where(_is_free(schedule)).correlate(CaseRow))
        .order_by(closed, CaseRow.number)
        .limit(MOST)
    )
    for number, at in session.execute(query):
        day = closing_day(house, at)
        due = schedule.due_on(day)
        if due is None or due > today:
            return
        rows = select(DocumentRow).where(DocumentRow.case_number == number, _is_open(schedule))
        documents = tuple(session.scalars(rows.order_by(DocumentRow.id)))
        yield Due(number, schedule, day, due, documents)


def _closed_at() -> ColumnElement[datetime]:
    """The instant of a case's last event, as a column of a query over cases."""
    return (
        select(func.max(CaseEventRow.at, type_=CaseEventRow.at.type))
        .where(CaseEventRow.case_number == CaseRow.number)
        .correlate(CaseRow)
        .scalar_subquery()
    )


def closing_day(house: House, at: datetime) -> date:
    """The office's day of an instant."""
    return at.astimezone(house.zone).date()


def _is_free(schedule: Schedule) -> ColumnElement[bool]:
    return (DocumentRow.case_number == CaseRow.number) & _is_open(schedule)


def _is_open(schedule: Schedule) -> ColumnElement[bool]:
    """Documents of the schedule that are neither disposed of nor waiting in a proposal."""
    waiting = (
        select(DisposalItemRow.document_id)
        .outerjoin(DisposalVerdictRow, DisposalVerdictRow.disposal == DisposalItemRow.disposal)
        .where(DisposalVerdictRow.disposal.is_(None))
    )
    return (
        DocumentRow.kind.in_(schedule.kinds)
        & DocumentRow.id.not_in(select(DisposedDocumentRow.document_id))
        & DocumentRow.id.not_in(waiting)
    )


def _held() -> ColumnElement[bool]:
    released = select(HoldReleaseRow.hold_id)
    standing = HoldRow.id.not_in(released)
    return exists().where(HoldRow.case_number == CaseRow.number, standing).correlate(CaseRow)


def is_held(session: Session, number: str) -> bool:
    """Whether a hold on the case is not lifted."""
    return any(hold.release is None for hold in holds_of(session, number))


def held_cases(session: Session) -> Sequence[HoldRow]:
    """The holds that are not lifted, the newest first."""
    query = select(HoldRow).where(HoldRow.id.not_in(select(HoldReleaseRow.hold_id)))
    return session.scalars(query.order_by(HoldRow.id.desc())).all()


def holds_of(session: Session, number: str) -> list[Hold]:
    """All holds of a case, the newest first."""
    query = (
        select(HoldRow, HoldReleaseRow)
        .outerjoin(HoldReleaseRow, HoldReleaseRow.hold_id == HoldRow.id)
        .where(HoldRow.case_number == number)
        .order_by(HoldRow.id.desc())
    )
    return [Hold(row, release) for row, release in session.execute(query)]


def place_hold(house: House, number: str, reason: str, by: User) -> Refusal | None:
    """Keep everything of a case until somebody lifts it, whatever the schedules say; an event of the trail.
    :class:`operations.casework.CaseNotFoundError`.
    """
    if (refusal := _refuse_holding(by, reason)) is not None:
        return refusal
    with house.database.transaction() as session:
        take_turns(session, TURNS)
        if session.get(CaseRow, number) is None:
            raise CaseNotFoundError(f"no case {number}")
        session.add(
            HoldRow(case_number=number, reason=reason.strip(), placed_at=house.now(), placed_by=by.name)
        )
        append_audit(session, house.now(), by.name, "hold.place", number, {"reason": reason.strip()})
    return None


def lift_hold(house: House, hold: int, reason: str, by: User) -> Refusal | None:
    """End a hold; an event of the trail. Ended twice it stays as it was first."""
    if (refusal := _refuse_holding(by, reason)) is not None:
        return refusal
    with house.database.transaction() as session:
        take_turns(session, TURNS)
        row = session.get(HoldRow, hold)
        if row is None:
            raise CaseNotFoundError(f"no hold {hold}")
        if session.get(HoldReleaseRow, hold) is not None:
            return Refusal("HOLD_LIFTED", "Esta retención ya fue levantada.")
        session.add(
            HoldReleaseRow(hold_id=hold, reason=reason.strip(), lifted_at=house.now(), lifted_by=by.name)
        )
        told = {"hold": hold, "reason": reason.strip()}
        append_audit(session, house.now(), by.name, "hold.lift", row.case_number, told)
    return None


def _refuse_holding(by: User, reason: str) -> Refusal | None:
    if by.role not in _HOLDERS:
        return Refusal("NOT_YOURS", "Solo archivo o supervisión retienen un expediente.")
    return refuse_reason(reason)


def refuse_reason(reason: str) -> Refusal | None:
    """Why a text is no reason that somebody will understand in years."""
    if not _SHORTEST <= len(reason.strip()) <= _LONGEST:
        text = f"Por favor escriba el motivo, de {_SHORTEST} a {_LONGEST} caracteres."
        return Refusal("REASON_MISSING", text)
    return None
