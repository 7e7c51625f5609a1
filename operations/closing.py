"""Ends of a case that are no acceptance, and taking it up again: refuse, reopen, file away."""

from __future__ import annotations

from sqlalchemy.orm import Session

from operations import workflows
from operations.casework import REASON_NEEDED, Refusal, load_case, take_step, was_done
from operations.house import House
from operations.mail import Mail, post_mail
from operations.returning import find_address
from regeneration.cases import CaseEvent, CaseState
from storage.schema import CaseRow


def refuse(house: House, number: str, reason: str, by: str, version: int | None = None) -> Refusal | None:
    """Refuse the case for a reason, and write to the employer."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        if not reason.strip():
            return REASON_NEEDED
        data = {"reason": reason.strip()}
        if was_done(session, case, CaseEvent.REFUSE, by, version, **data):
            return None
        refusal = take_step(session, case, CaseEvent.REFUSE, house.now(), by, data, version=version)
        if refusal is None:
            post_mail(house, session, _refusal_mail(session, case, reason.strip()))
        return refusal


def _refusal_mail(session: Session, case: CaseRow, reason: str) -> Mail:
    return Mail(
        occasion=f"case/{case.number}/refuse/{case.version}",
        recipient=find_address(session, case),
        subject=f"Su trámite {case.number} fue rechazado",
        paragraphs=(
            "Su solicitud de regeneración de planilla no pudo aceptarse.",
            f"Motivo: {reason}",
            "Puede presentar una nueva solicitud en cualquier momento; el trámite no tiene costo.",
        ),
    )


def reopen(house: House, number: str, reason: str, by: str, version: int | None = None) -> Refusal | None:
    """A supervisor takes up a refused case again, or one whose novedades were cleaned up (*depuración*): its
    conditions are looked up again at once.
    """
    with house.database.transaction() as session:
        case = load_case(session, number)
        if not reason.strip():
            return REASON_NEEDED
        data = {"reason": reason.strip()}
        if was_done(session, case, CaseEvent.REOPEN, by, version, **data):
            return None
        refusal = take_step(session, case, CaseEvent.REOPEN, house.now(), by, data, version=version)
        if refusal is None and case.state == CaseState.ACCEPTED.value:
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal


def archive_refused(house: House, number: str, by: str, version: int | None = None) -> Refusal | None:
    """The archivist closes the file of a refused case for good."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        return take_step(session, case, CaseEvent.ARCHIVE, house.now(), by, version=version)
