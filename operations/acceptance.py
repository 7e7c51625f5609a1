"""What must be so before a case is accepted: every doubt settled, the originals seen, the register agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from forms.checks import check_values
from forms.continuation import PETITION
from forms.problems import Problem, has_errors, problem
from forms.register import find_form
from intake.readings import BatchReading
from operations.admissions import admitted_before
from operations.attested_acts import Attestation, lacking_acts, needed_acts
from operations.casework import events_of
from operations.continuations import lacking_continuation
from operations.four_eyes import find_departures, unagreed
from operations.house import House
from operations.register import EmbeddedRegister
from operations.register_answers import RegisterTroubleError
from operations.review import (
    AUTHORIZATION,
    CONTINUATION,
    REQUEST,
    answering,
    reading_of,
    review_fields,
    usable,
)
from operations.revocations import REVOKED, find_revocation
from regeneration.eligibility import EmployerRecord, check_authorization, check_employer
from storage.schema import CaseRow, IssuedRow


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What an institute's own register said of an employer before the transaction began, or why it could
    not be asked. No transaction may wait for a network.
    """

    ruc: str
    employer: EmployerRecord | None
    trouble: Problem | None = None


def look_up_employer(house: House, number: str) -> LookedUp | None:
    """Ask the institute's register about the case's employer; nothing when the register is our own."""
    if house.remote_register is None:
        return None
    with house.database.reading() as session:
        case = session.get(CaseRow, number)
        ruc = case.answers.get(REQUEST, {}).get("ruc", "") if case is not None else ""
    if not ruc:
        return LookedUp("", None)
    try:
        return LookedUp(ruc, house.remote_register.employer(ruc))
    except RegisterTroubleError as error:
        return LookedUp(ruc, None, error.problem)


def _find_employer(session: Session, ruc: str, looked_up: LookedUp | None) -> EmployerRecord | Problem | None:
    if looked_up is None:
        return EmbeddedRegister(session).employer(ruc)
    if looked_up.trouble is not None:
        return looked_up.trouble
    return looked_up.employer if looked_up.ruc == ruc else None


def acceptance_problems(
    session: Session,
    case: CaseRow,
    attestation: Attestation,
    today: date,
    looked_up: LookedUp | None = None,
) -> tuple[Problem, ...]:
    """Everything that keeps a case from being accepted, and warnings that do not. ``looked_up`` is what
    :func:`look_up_employer` gave.
    """
    reading = reading_of(session, case.number)
    request = case.answers.get(REQUEST, {})
    form = find_form(REQUEST)
    if reading is None or form is None or not any(d.form == REQUEST for d in usable(reading)):
        return (problem("FIELD_MISSING", label="Solicitud para empleador"),)
    asked = tuple(
        problem("FIELD_MISSING", field=row.name, label=f"{row.label} (sin confirmar)")
        for row in review_fields(case, reading)
        if row.asks and row.form in {REQUEST, CONTINUATION}
    )
    events = events_of(session, case.number)
    missing = asked or admitted_before(events, REQUEST, request, check_values(form.current, request))
    if has_errors(missing):
        return missing
    lacking = lacking_continuation(request[PETITION], reading.documents)
    if lacking is not None:
        return (problem("CONTINUATION_MISSING", document=lacking),)
    used = _used_documents(session, case, reading)
    if used:
        return used
    record = _find_employer(session, request["ruc"], looked_up)
    if isinstance(record, Problem):
        return (record,)
    presenter = presenter_of(case, attestation)
    needed = needed_acts(request, case.answers.get(AUTHORIZATION, {}), presenter)
    return (
        *missing,
        *lacking_acts(needed, attestation.acts),
        *unagreed(find_departures(case, reading, events)),
        *check_employer(request, record, today),
        *_authorization_problems(session, case, reading, presenter, today),
    )


def presenter_of(case: CaseRow, attestation: Attestation) -> str:
    """Who presents the papers: the representative, where the clerk named nobody else."""
    own: str = case.answers.get(REQUEST, {}).get("representative_id", "")
    return attestation.presenter_id or own


def _authorization_problems(
    session: Session, case: CaseRow, reading: BatchReading, presenter: str, today: date
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
        events = events_of(session, case.number)
        faults = asked or admitted_before(events, AUTHORIZATION, answers, check_values(form.current, answers))
        if has_errors(faults):
            return faults
    numbers = (d.document for d in answering(reading) if d.form == AUTHORIZATION)
    papers = [number for number in numbers if isinstance(number, str)]
    revoked_on = find_revocation(session, papers)
    return check_authorization(request, presenter, answers, today, revoked_on=revoked_on)


def _used_documents(session: Session, case: CaseRow, reading: BatchReading) -> tuple[Problem, ...]:
    """Papers of this case that another was accepted with since they were read, and a request that its
    employer took back.
    """
    rows = [session.get(IssuedRow, number, with_for_update=True) for number in _numbers_of(reading)]
    withdrawn = tuple(
        problem("REQUEST_WITHDRAWN", document=row.document)
        for row in rows
        if row is not None and row.form == REQUEST and row.state == REVOKED
    )
    return withdrawn or tuple(
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
