"""The clerk's desk: what is open, what a case says, and the deliberate acts on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from forms.checks import check_values
from forms.problems import Problem, has_errors, problem
from forms.register import find_form
from intake.readings import BatchReading
from operations import workflows
from operations.acceptance import acceptance_problems, look_up_employer, mark_used, presenter_of
from operations.admissions import ADMITTED, admit
from operations.attested_acts import SEEN, Act, Attestation, needed_acts
from operations.attesting import data_of, record_acts, were_recorded
from operations.casework import REASON_NEEDED, Refusal, events_of, load_case, take_step, was_done
from operations.first_request import find_first_request
from operations.four_eyes import Departure, find_departures
from operations.house import House
from operations.reception import DUPLICATES
from operations.register_values import registered_values
from operations.returning import Term, find_address, open_term
from operations.review import (
    AUTHORIZATION,
    OVERRIDE,
    REQUEST,
    ReviewField,
    answering,
    find_uses,
    reading_of,
    review_fields,
    usable,
)
from operations.signature_copies import SignatureCopy, copies_of
from regeneration.cases import CaseEvent, CaseState, Role
from storage.audit import append_audit
from storage.schema import CaseEventRow, CaseRow, DocumentRow

_ACCEPTED_ONCE: Final = frozenset({CaseState.PRECONDITIONS_FAILED.value, CaseState.ARCHIVED.value})
"""States in which the values of a case have been accepted already."""


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
    registered: Mapping[str, str] = field(default_factory=dict)
    departures: tuple[Departure, ...] = ()
    acts: tuple[Act, ...] = ()
    term: Term | None = None
    copies: tuple[SignatureCopy, ...] = ()
    mail_to: str = ""
    """Where mail about the case goes; empty where it must be handed over."""
    uses: Mapping[str, str] = field(default_factory=dict)
    """Documents of the case that another was accepted with, and which."""

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
    def was_told_by_mail(self) -> bool:
        """Whether the last return of the case was written to somebody."""
        returns = [event for event in self.events if event.event == CaseEvent.RETURN.value]
        return bool(returns and returns[-1].data.get("mailed_to"))

    @property
    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """What is told of files that had been received before, and the case that has them."""
        told = (each for event in self.events for each in event.data.get(DUPLICATES, ()))
        return tuple((problem("FILE_DUPLICATE", file=each["file"]).message, each["case"]) for each in told)

    @property
    def presenter(self) -> str:
        """Who presented the papers when an act was last attested; the representative where none was."""
        told = next((row.data["presenter"] for row in reversed(self.events) if "presenter" in row.data), "")
        return str(told or self.case.answers.get(REQUEST, {}).get("representative_id", ""))

    @property
    def has_request(self) -> bool:
        """Whether there is a request among the papers that could be accepted at all."""
        documents = usable(self.reading) if self.reading else []
        return any(document.form == REQUEST for document in documents)

    @property
    def lacks(self) -> frozenset[str]:
        """What the papers seem to lack, by the marks of the return notice: proposed, the clerk decides."""
        found = set()
        documents = answering(self.reading) if self.reading else []
        if not self.has_request:
            found.add("missing_request")
        if any(mark.state == "absent" for document in documents for mark in document.signatures.values()):
            found.add("missing_signature")
        if self.state is CaseState.PRECONDITIONS_FAILED:
            found.add("unmet_conditions")
        return frozenset(found)

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
            registered_values(session, fields),
            find_departures(case, reading, events) if reading else (),
            tuple(_possible_acts(case)),
            open_term(house, session, case),
            copies_of(session, number, events),
            find_address(session, case),
            find_uses(session, number, reading) if reading else {},
        )


def _possible_acts(case: CaseRow) -> Iterator[Act]:
    """What may have to be attested, whoever of those on the papers presents them."""
    request, authorization = case.answers.get(REQUEST, {}), case.answers.get(AUTHORIZATION, {})
    people = {request.get("representative_id", ""), authorization.get("authorized_id", "")} - {""}
    needed = {act for person in people or {""} for act in needed_acts(request, authorization, person)}
    return (act for act in Act if act in needed)


def correct(
    house: House,
    number: str,
    form: str,
    values: Mapping[str, str],
    by: str,
    version: int | None = None,
    reason: str = "",
) -> Refusal | tuple[Problem, ...]:
    """What :func:`correct_values` does, of one form."""
    answer = correct_values(house, number, {form: values}, by, version, reason)
    return answer if isinstance(answer, Refusal) else answer[form]


def correct_values(
    house: House,
    number: str,
    values: Mapping[str, Mapping[str, str]],
    by: str,
    version: int | None = None,
    reason: str = "",
    admitting: Collection[str] = (),
) -> Refusal | dict[str, tuple[Problem, ...]]:
    """Record what the clerk says that values are, by form and field (confirmed as they stand or typed anew),
    checked as everywhere; the problems of each form. Nothing is recorded when one of them is wrong, and what
    stands already is not told twice. After acceptance only a supervisor corrects, and says why; what was
    accepted stays in the events. ``admitting`` are codes of faults that the person admits, which asks for a
    reason too (see :mod:`operations.admissions`).
    """
    with house.database.transaction() as session:
        case = load_case(session, number)
        if (case.state in _ACCEPTED_ONCE or admitting) and not reason.strip():
            return REASON_NEEDED
        found = {form: admit(_faults_of(case, form, given), admitting) for form, given in values.items()}
        new = {form: fresh for form, given in values.items() if (fresh := _not_standing(case, form, given))}
        if any(map(has_errors, found.values())) or not new:
            return found
        admitted = {
            form: {
                each.field: each.code for each in told if each.code in admitting and each.field in new[form]
            }
            for form, told in found.items()
            if form in new
        }
        data: dict[str, Any] = {"answers": new} | ({"reason": reason.strip()} if reason.strip() else {})
        if any(admitted.values()):
            data[ADMITTED] = {form: codes for form, codes in admitted.items() if codes}
        refusal = take_step(session, case, CaseEvent.CORRECT, house.now(), by, data, version=version)
        return refusal or found


def _faults_of(case: CaseRow, form: str, values: Mapping[str, str]) -> tuple[Problem, ...]:
    known = find_form(form)
    if known is None:
        raise KeyError(form)
    merged = case.answers.get(form, {}) | dict(values)
    return tuple(found for found in check_values(known.current, merged) if found.field in values)


def _not_standing(case: CaseRow, form: str, values: Mapping[str, str]) -> dict[str, str]:
    """The values that are not the case's already: a page sends what nobody touched too."""
    standing = case.answers.get(form, {})
    return {name: value for name, value in values.items() if value.split() != standing.get(name, "").split()}


def accept(
    house: House, number: str, attestation: Attestation, by: str, version: int | None = None
) -> Refusal | tuple[Problem, ...]:
    """Accept a case: every doubt settled, the originals seen, the register agrees. An empty answer or
    warnings alone mean that it is accepted and handed to the core; errors mean that it is not.

    Of what was seen only ``attestation`` counts: what it says anew is recorded, and what stood and it does
    not say any more is withdrawn, whatever becomes of the acceptance.
    """
    looked_up = look_up_employer(house, number)
    with house.database.transaction() as session:
        case = load_case(session, number)
        presenter = presenter_of(case, attestation)
        if was_done(session, case, CaseEvent.ACCEPT, by, version, presenter=presenter):
            return ()
        if were_recorded(session, case, attestation, by, version):
            version = case.version
        refusal = record_acts(house, session, case, attestation, by, version)
        if refusal is not None:
            return refusal
        problems = acceptance_problems(session, case, attestation, house.today(), looked_up)
        if not has_errors(problems):
            problems = (*problems, *find_first_request(house, session, case))
        if has_errors(problems):
            return problems
        told = data_of(case, attestation, SEEN, attestation.acts)
        refusal = take_step(session, case, CaseEvent.ACCEPT, house.now(), by, told)
        if refusal is None:
            mark_used(session, case)
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal or problems


def admit_other_day(
    house: House, number: str, reason: str, by: str, version: int | None = None
) -> Refusal | None:
    """A supervisor admits annulments of another day, and says why; the conditions are looked up again."""
    if not reason.strip():
        return REASON_NEEDED
    with house.database.transaction() as session:
        case = load_case(session, number)
        if was_done(session, case, CaseEvent.ATTEST, by, version, reason=reason):
            return None
        data = {"reason": reason, "answers": {OVERRIDE: {"by": by, "reason": reason}}}
        refusal = take_step(
            session,
            case,
            CaseEvent.ATTEST,
            house.now(),
            by,
            data,
            version=version,
            role=Role.SUPERVISOR,
        )
        if refusal is None and case.state == CaseState.ACCEPTED.value:
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal
