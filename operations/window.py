"""The clerk's desk: what is open, what a case says, and the deliberate acts on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.checks import check_values
from forms.model import Choice
from forms.problems import Problem, has_errors, problem
from forms.register import find_form
from intake.readings import BatchReading, DocumentReading, FieldReading
from operations import workflows
from operations.casework import Refusal, events_of, load_case, take_step
from operations.house import House
from operations.register import EmbeddedRegister
from regeneration.cases import CaseEvent, CaseState
from regeneration.eligibility import check_authorization, check_employer
from storage.audit import append_audit
from storage.schema import CaseEventRow, CaseRow, DocumentRow, IssuedRow, ReadingRow

REQUEST: Final = "employer-request"
AUTHORIZATION: Final = "third-party-authorization"


@dataclass(frozen=True, slots=True)
class Attestation:
    """What only the person at the window can see: the original identity document and the ink."""

    presenter_id: str
    identity_seen: bool
    signature_seen: bool


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One value on the clerk's screen: what was read, what stands now, and whether it still asks."""

    form: str
    name: str
    label: str
    reading: FieldReading
    answer: str | None
    asks: bool
    options: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        """What stands now, in the words of the form."""
        value = self.answer or self.reading.value
        return dict(self.options).get(value, value)


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


def open_cases(house: House, limit: int = 100) -> list[CaseRow]:
    """The newest cases first."""
    with house.database.transaction() as session:
        return list(session.scalars(select(CaseRow).order_by(CaseRow.received_at.desc()).limit(limit)))


def view_case(house: House, number: str, viewer: str) -> CaseView:
    """Everything about a case; looking at it is an event of the audit trail."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        append_audit(session, house.now(), viewer, "case.view", number)
        reading = _reading_of(session, number)
        events = events_of(session, number)
        query = select(DocumentRow).where(DocumentRow.case_number == number).order_by(DocumentRow.id)
        documents = session.scalars(query).all()
        checks: list[dict[str, Any]] = next(
            (event.data["checks"] for event in reversed(events) if "checks" in event.data), []
        )
        fields = _review_fields(case, reading) if reading else ()
        return CaseView(case, CaseState(case.state), events, documents, reading, fields, checks)


def _reading_of(session: Session, number: str) -> BatchReading | None:
    row = session.scalars(select(ReadingRow).where(ReadingRow.case_number == number)).first()
    return msgspec.convert(row.body, BatchReading) if row else None


def _review_fields(case: CaseRow, reading: BatchReading) -> tuple[ReviewField, ...]:
    rows: list[ReviewField] = []
    for document in _usable(reading):
        form = find_form(str(document.form))
        if form is None:
            continue
        edition = form.edition(str(document.edition))
        for name, found in document.fields.items():
            answer = case.answers.get(form.name, {}).get(name)
            settled = answer is not None or (found.state == "confirmed")
            field_ = edition.field(name)
            options = field_.kind.options if isinstance(field_.kind, Choice) else ()
            shown = tuple((option.value, option.label) for option in options)
            rows.append(ReviewField(form.name, name, field_.label, found, answer, not settled, shown))
    # What asks for the clerk comes first: the rest is there to be looked at, not to be worked through.
    return tuple(sorted(rows, key=lambda row: not row.asks))


def _usable(reading: BatchReading) -> list[DocumentReading]:
    """Documents of ours that nobody has to send away, the request first."""
    found = [d for d in reading.documents if isinstance(d.form, str) and d.outcome != "refused"]
    return sorted(found, key=lambda document: document.form != REQUEST)


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
    with house.database.transaction() as session:
        case = load_case(session, number)
        problems = _acceptance_problems(house, session, case, attestation)
        if has_errors(problems):
            return problems
        data = {
            "presenter": attestation.presenter_id,
            "identity_seen": attestation.identity_seen,
            "signature_seen": attestation.signature_seen,
        }
        refusal = take_step(session, case, CaseEvent.ACCEPT, house.now(), by, data, version=version)
        if refusal is None:
            _mark_used(session, case)
            workflows.enqueue(session, workflows.REBUILD, case.number, case.version)
        return refusal or problems


def _acceptance_problems(
    house: House, session: Session, case: CaseRow, attestation: Attestation
) -> tuple[Problem, ...]:
    reading = _reading_of(session, case.number)
    request = case.answers.get(REQUEST, {})
    form = find_form(REQUEST)
    if reading is None or form is None or not any(d.form == REQUEST for d in _usable(reading)):
        return (problem("FIELD_MISSING", label="Solicitud para empleador"),)
    asked = tuple(
        problem("FIELD_MISSING", field=row.name, label=f"{row.label} (sin confirmar)")
        for row in _review_fields(case, reading)
        if row.asks and row.form == REQUEST
    )
    missing = asked or check_values(form.current, request)
    if has_errors(missing):
        return missing
    acts = []
    if not attestation.identity_seen:
        acts.append(problem("FIELD_MISSING", label="Documento de identidad original a la vista"))
    if not attestation.signature_seen:
        acts.append(problem("SIGNATURE_ABSENT", label="Firma del solicitante"))
    record = EmbeddedRegister(session).employer(request["ruc"])
    today = house.today()
    authorization = case.answers.get(AUTHORIZATION)
    presenter = attestation.presenter_id or request["representative_id"]
    return (
        *missing,
        *acts,
        *check_employer(request, record, today),
        *check_authorization(request, presenter, authorization or None, today),
    )


def _mark_used(session: Session, case: CaseRow) -> None:
    """The documents of an accepted case cannot be handed in again for another."""
    reading = _reading_of(session, case.number)
    for document in reading.documents if reading else ():
        if isinstance(document.document, str):
            row = session.get(IssuedRow, document.document)
            if row is not None and row.state == "current":
                row.state, row.case_number = "used", case.number


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
