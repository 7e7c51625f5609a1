"""What must be so before a case is accepted: every doubt settled, the originals seen, the register agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from forms.checks import check_values
from forms.problems import Problem, has_errors, problem
from forms.register import find_form
from intake.readings import BatchReading
from operations.register import EmbeddedRegister
from operations.review import AUTHORIZATION, REQUEST, reading_of, review_fields, usable
from regeneration.eligibility import check_authorization, check_employer
from storage.schema import CaseRow, IssuedRow


@dataclass(frozen=True, slots=True)
class Attestation:
    """What only the person at the window can see: the original identity document and the ink."""

    presenter_id: str
    identity_seen: bool
    signature_seen: bool


def acceptance_problems(
    session: Session, case: CaseRow, attestation: Attestation, today: date
) -> tuple[Problem, ...]:
    """Everything that keeps a case from being accepted, and warnings that do not."""
    reading = reading_of(session, case.number)
    request = case.answers.get(REQUEST, {})
    form = find_form(REQUEST)
    if reading is None or form is None or not any(d.form == REQUEST for d in usable(reading)):
        return (problem("FIELD_MISSING", label="Solicitud para empleador"),)
    asked = tuple(
        problem("FIELD_MISSING", field=row.name, label=f"{row.label} (sin confirmar)")
        for row in review_fields(case, reading)
        if row.asks and row.form == REQUEST
    )
    missing = asked or check_values(form.current, request)
    if has_errors(missing):
        return missing
    used = _used_documents(session, case, reading)
    if used:
        return used
    acts = []
    if not attestation.identity_seen:
        acts.append(problem("FIELD_MISSING", label="Documento de identidad original a la vista"))
    if not attestation.signature_seen:
        acts.append(problem("SIGNATURE_ABSENT", label="Firma del solicitante"))
    record = EmbeddedRegister(session).employer(request["ruc"])
    presenter = attestation.presenter_id or request["representative_id"]
    return (
        *missing,
        *acts,
        *check_employer(request, record, today),
        *_authorization_problems(case, reading, presenter, today),
    )


def _authorization_problems(
    case: CaseRow, reading: BatchReading, presenter: str, today: date
) -> tuple[Problem, ...]:
    """Whether who hands in the request may; an authorization that is still in doubt authorizes nobody."""
    request, form = case.answers[REQUEST], find_form(AUTHORIZATION)
    answers = case.answers.get(AUTHORIZATION) or None
    if presenter != request["representative_id"] and answers is not None and form is not None:
        asked = tuple(
            problem("FIELD_MISSING", field=row.name, label=f"{row.label} (sin confirmar)")
            for row in review_fields(case, reading)
            if row.asks and row.form == AUTHORIZATION
        )
        faults = asked or check_values(form.current, answers)
        if has_errors(faults):
            return faults
    return check_authorization(request, presenter, answers, today)


def _used_documents(session: Session, case: CaseRow, reading: BatchReading) -> tuple[Problem, ...]:
    """Papers of this case that another was accepted with since they were read."""
    rows = (session.get(IssuedRow, number, with_for_update=True) for number in _numbers_of(reading))
    return tuple(
        problem("DOCUMENT_ALREADY_USED", document=row.document, case=row.case_number)
        for row in rows
        if row is not None and row.state == "used" and row.case_number not in {None, case.number}
    )


def _numbers_of(reading: BatchReading) -> list[str]:
    """Numbers of the documents that count, in one order, in which they are locked."""
    return sorted({d.document for d in usable(reading) if isinstance(d.document, str)})


def mark_used(session: Session, case: CaseRow) -> None:
    """The documents of an accepted case cannot be handed in again for another."""
    reading = reading_of(session, case.number)
    for number in _numbers_of(reading) if reading else ():
        row = session.get(IssuedRow, number)
        if row is not None and row.state == "current":
            row.state, row.case_number = "used", case.number
