"""Cases and their events: every step is one row more, and the case is what its events add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operations.indexing import index_case
from regeneration.cases import INITIAL, CaseEvent, CaseState, Forbidden, Role, find_step
from storage.audit import append_audit
from storage.concurrency import next_serial
from storage.schema import CaseEventRow, CaseRow, UserRow

RECEIVE: Final = "receive"
"""The event that starts a case."""


class CaseNotFoundError(LookupError):
    """There is no case of that number."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected "no": a code for programs and a Spanish sentence for people."""

    code: str
    message: str


REASON_NEEDED: Final = Refusal(
    "REASON_MISSING", "Por favor escriba el motivo, que queda en la historia del trámite."
)
FORBIDDEN: Final = "STEP_FORBIDDEN"
STALE: Final = "CASE_CHANGED"
NOT_YOURS: Final = "ROLE_FORBIDDEN"
SYSTEM: Final = "sistema"
"""The service itself as an actor; no person may have this name."""
_MAY: Final = {
    "clerk": frozenset({Role.CLERK}),
    "supervisor": frozenset({Role.CLERK, Role.SUPERVISOR}),
    "archivist": frozenset({Role.ARCHIVIST}),
}
"""What a user's role lets them do to a case; the others only look."""


def format_case_number(year: int, serial: int) -> str:
    """``2026-000123-7``: year, serial and a check digit (modulus 10, weights 3 and 1 as in EAN codes)."""
    digits = f"{year:04d}{serial:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{year:04d}-{serial:06d}-{-total % 10}"


def start_case(
    session: Session, at: datetime, office: str, actor: str, data: Mapping[str, Any], key: str | None
) -> CaseRow:
    """A new case with its first event, in the caller's transaction."""
    number = format_case_number(at.year, next_serial(session, f"case-{at.year}"))
    case = CaseRow(
        number=number,
        office=office,
        state=INITIAL.value,
        version=1,
        received_at=at,
        received_by=actor,
        answers={},
        idempotency_key=key,
    )
    session.add(case)
    session.flush()
    _add_event(session, case, at, actor, RECEIVE, dict(data))
    return case


def _add_event(
    session: Session, case: CaseRow, at: datetime, actor: str, event: str, data: dict[str, Any]
) -> None:
    session.add(
        CaseEventRow(
            case_number=case.number, sequence=case.version, at=at, actor=actor, event=event, data=data
        )
    )
    append_audit(session, at, actor, f"case.{event}", case.number, data)


def load_case(session: Session, number: str) -> CaseRow:
    """The case as it stands, locked for the caller's transaction; :class:`CaseNotFoundError`."""
    case = session.get(CaseRow, number, with_for_update=True)
    if case is None:
        raise CaseNotFoundError(f"no case {number}")
    return case


def take_step(
    session: Session,
    case: CaseRow,
    event: CaseEvent,
    at: datetime,
    actor: str,
    data: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
    role: Role | None = None,
) -> Refusal | None:
    """Make an event happen, or say why not: the table forbids it, it is not for this person to do, or
    somebody else was first.

    ``version`` is the one that the person saw; a case that has moved on since is not touched. ``role`` asks
    for more than the table does.
    """
    if version is not None and version != case.version:
        return stale(session, case, version, actor)
    step = find_step(CaseState(case.state), event)
    if isinstance(step, Forbidden):
        return Refusal(FORBIDDEN, step.message)
    needed = role or step.role
    if needed not in roles_of(session, actor):
        told = f"«{event.label}» corresponde a {needed.label}. Por favor pídalo a quien tiene ese perfil."
        return Refusal(NOT_YOURS, told)
    case.version += 1
    case.state = step.state.value
    body = dict(data or {})
    _apply(case, body)
    _add_event(session, case, at, actor, event.value, body)
    index_case(session, case)  # the archive is searched by what a case says and by its state
    return None


def stale(session: Session, case: CaseRow, version: int, actor: str) -> Refusal:
    """That the case changed since ``actor`` looked at it, and whether anybody else changed it."""
    others = {row.actor for row in _since(session, case, version)} - {actor, SYSTEM}
    who = "Otra persona cambió este trámite" if others else "Este trámite cambió"
    return Refusal(STALE, f"{who} mientras usted lo veía. Por favor vuelva a cargarlo.")


def was_done(
    session: Session, case: CaseRow, event: CaseEvent, by: str, version: int | None, **told: Any
) -> bool:
    """Whether the same person did the same act already from the same page: a second click on a button is no
    second act. ``told`` is what the event of it says; where somebody else changed the case too, it is not.
    """
    if version is None or version >= case.version:
        return False
    since = _since(session, case, version)
    return {row.actor for row in since} <= {by, SYSTEM} and any(
        row.actor == by
        and row.event == event.value
        and all(row.data.get(name) == value for name, value in told.items())
        for row in since
    )


def _since(session: Session, case: CaseRow, version: int) -> list[CaseEventRow]:
    return [row for row in events_of(session, case.number) if row.sequence > version]


def roles_of(session: Session, actor: str) -> frozenset[Role]:
    """What somebody may do to cases: nothing for a name that is no user's, or a disabled one's."""
    if actor == SYSTEM:
        return frozenset({Role.SYSTEM})
    user = session.get(UserRow, actor)
    return frozenset() if user is None or user.disabled else _MAY.get(user.role, frozenset())


def _apply(case: CaseRow, data: Mapping[str, Any]) -> None:
    """What an event's data change in the case; replaying applies the same rule."""
    if "answers" in data:
        case.answers = merge_answers(case.answers, data["answers"])
        request = case.answers.get("employer-request", {})
        case.ruc = request.get("ruc", "")
        case.branch = request.get("branch", "")
        case.period = request.get("period", "")


def merge_answers(
    known: Mapping[str, Mapping[str, str]], added: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Answers by form and field, the later ones on top of the earlier; an empty answer takes one back."""
    merged = {form: dict(values) for form, values in known.items()}
    for form, values in added.items():
        merged.setdefault(form, {}).update(values)
        merged[form] = {name: value for name, value in merged[form].items() if value}
    return merged


def events_of(session: Session, number: str) -> Sequence[CaseEventRow]:
    """The events of a case in their order."""
    query = select(CaseEventRow).where(CaseEventRow.case_number == number).order_by(CaseEventRow.sequence)
    return session.scalars(query).all()


def replay(events: Sequence[CaseEventRow]) -> tuple[str, int, dict[str, dict[str, str]]]:
    """State, version and answers that the events add up to; they must be those of the stored case."""
    state, version = INITIAL, 0
    answers: dict[str, dict[str, str]] = {}
    for row in events:
        version += 1
        if row.event != RECEIVE:
            step = find_step(state, CaseEvent(row.event))
            if isinstance(step, Forbidden):
                raise ValueError(f"event {row.sequence} of {row.case_number} has no place in the table")
            state = step.state
        if "answers" in row.data:
            answers = merge_answers(answers, row.data["answers"])
    return state.value, version, answers


def count_cases(session: Session) -> int:
    """How many cases there are."""
    return session.scalar(select(func.count()).select_from(CaseRow)) or 0
