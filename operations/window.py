"""The clerk's desk: what is open, what a case says, and the deliberate acts on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from forms.checks import check_values
from forms.problems import Problem, has_errors
from forms.register import find_form
from intake.readings import BatchReading
from operations import workflows
from operations.acceptance import Attestation, acceptance_problems, look_up_employer, mark_used
from operations.casework import Refusal, events_of, load_case, take_step
from operations.first_request import find_first_request
from operations.house import House
from operations.review import OVERRIDE, ReviewField, reading_of, review_fields
from regeneration.cases import CaseEvent, CaseState
from storage.audit import append_audit
from storage.schema import CaseEventRow, CaseRow, DocumentRow


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a screen or a program shows it."""

    case: CaseRow
    state: CaseState
    events: Sequence[CaseEventRow]
    documents: Sequence[DocumentRow]
    reading: BatchReading | None
    fields: tuple[ReviewField, ...] = ()
    checks: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def waits_for(self) -> str:
        """Why the case waits for the institute's register; empty when it does not."""
        last = self.events[-1]
        return str(last.data["problem"]["message"]) if last.event == CaseEvent.WAIT.value else ""

    @property
    def siblings(self) -> tuple[str, ...]:
        """Numbers of the cases that came in the same scan: those given away, and the one it came from."""
        found: dict[str, None] = {}
        for event in self.events:
            found |= dict.fromkeys(event.data.get("given", {}).values())
            found |= dict.fromkeys([event.data["from_case"]] if "from_case" in event.data else [])
        return tuple(found)

    @property
    def stopped_by_the_day(self) -> bool:
        """Whether annulments of another day keep the case from going on: a supervisor may admit them."""
        return self.state is CaseState.PRECONDITIONS_FAILED and any(
            check["code"] == "ANNULLED_ON_ANOTHER_DAY" and not check["passed"] for check in self.checks
        )


def open_cases(house: House, limit: int = 100) -> list[CaseRow]:
    """The newest cases first."""
    with house.database.reading() as session:
        return list(
            session.scalars(
                select(CaseRow).order_by(CaseRow.received_at.desc(), CaseRow.number.desc()).limit(limit)
            )
        )


def view_case(house: House, number: str, viewer: str) -> CaseView:
    """Everything about a case; looking at it is an event of the audit trail."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        append_audit(session, house.now(), viewer, "case.view", number)
        reading = reading_of(session, number)
        events = events_of(session, number)
        query = select(DocumentRow).where(DocumentRow.case_number == number).order_by(DocumentRow.id)
        documents = session.scalars(query).all()
        looked_up = next((event.data for event in reversed(events) if "checks" in event.data), {})
        fields = review_fields(case, reading) if reading else ()
        return CaseView(
            case,
            CaseState(case.state),
            events,
            documents,
            reading,
            fields,
            looked_up.get("checks", []),
            looked_up.get("steps", []),
        )


def correct(
    house: House, number: str, form: str, values: Mapping[str, str], by: str, version: int | None = None
) -> Refusal | tuple[Problem, ...]:
    """Record what the clerk says that values are (confirmed as they stand or typed anew), checked as
    everywhere; nothing is recorded when one of them is wrong.
    """
    with house.database.transaction() as session:
        case = load_case(session, number)
        known = find_form(form)
        if known is None:
            raise KeyError(form)
        merged = case.answers.get(form, {}) | dict(values)
        names = set(values)
        faults = tuple(f for f in check_values(known.current, merged) if f.field in names)
        if has_errors(faults):
            return faults
        refusal = take_step(
            session,
            case,
            CaseEvent.CORRECT,
            house.now(),
            by,
            {"answers": {form: dict(values)}},
            version=version,
        )
        return refusal or faults


def accept(
    house: House, number: str, attestation: Attestation, by: str, version: int | None = None
) -> Refusal | tuple[Problem, ...]:
    """Accept a case: every doubt settled, the originals seen, the register agrees. An empty answer or
    warnings alone mean that it is accepted and handed to the core; errors mean that it is not.
    """
    looked_up = look_up_employer(house, number)
    with house.database.transaction() as session:
        case = load_case(session, number)
        problems = acceptance_problems(session, case, attestation, house.today(), looked_up)
        if not has_errors(problems):
            problems = (*problems, *find_first_request(house, session, case))
        if has_errors(problems):
            return problems
        data = {
            "presenter": attestation.presenter_id,
            "identity_seen": attestation.identity_seen,
            "signature_seen": attestation.signature_seen,
        }
        refusal = take_step(session, case, CaseEvent.ACCEPT, house.now(), by, data, version=version)
        if refusal is None:
            mark_used(session, case)
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal or problems


def admit_other_day(
    house: House, number: str, reason: str, by: str, version: int | None = None
) -> Refusal | None:
    """A supervisor admits annulments of another day, and says why; the conditions are looked up again."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        data = {"reason": reason, "answers": {OVERRIDE: {"by": by, "reason": reason}}}
        refusal = take_step(session, case, CaseEvent.ATTEST, house.now(), by, data, version=version)
        if refusal is None and case.state == CaseState.ACCEPTED.value:
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal


def send_back(house: House, number: str, reason: str, by: str, version: int | None = None) -> Refusal | None:
    """Return the case to be completed (*subsanación*)."""
    return _close(house, number, CaseEvent.RETURN, reason, by, version)


def refuse(house: House, number: str, reason: str, by: str, version: int | None = None) -> Refusal | None:
    """Refuse the case for a reason."""
    return _close(house, number, CaseEvent.REFUSE, reason, by, version)


def _close(
    house: House, number: str, event: CaseEvent, reason: str, by: str, version: int | None
) -> Refusal | None:
    with house.database.transaction() as session:
        case = load_case(session, number)
        return take_step(session, case, event, house.now(), by, {"reason": reason}, version=version)
