"""The acts of the person at the window in the life of a case: what is done or taken back is an event."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from operations.acceptance import presenter_of
from operations.attested_acts import SEEN, WITHDRAWN, Act, Attestation, witnessed
from operations.casework import Refusal, events_of, stale, take_step, was_done
from operations.house import House
from regeneration.cases import CaseEvent, CaseState
from storage.schema import CaseRow


def were_recorded(
    session: Session, case: CaseRow, attestation: Attestation, by: str, version: int | None
) -> bool:
    """Whether the same person sent these very acts from the same page already."""
    presenter = presenter_of(case, attestation)
    done = any(
        was_done(session, case, event, by, version, presenter=presenter)
        for event in (CaseEvent.ATTEST, CaseEvent.WITHDRAW)
    )
    return done and witnessed(events_of(session, case.number), presenter).keys() == attestation.acts


def record_acts(
    house: House, session: Session, case: CaseRow, attestation: Attestation, by: str, version: int | None
) -> Refusal | None:
    """Write down what was seen and what no longer is; what stands already is not told twice."""
    if version is not None and version != case.version:
        return stale(session, case, version, by)
    standing = witnessed(events_of(session, case.number), presenter_of(case, attestation)).keys()
    withdrawn, new = standing - attestation.acts, attestation.acts - standing
    refusal = None
    if withdrawn:
        told = data_of(case, attestation, WITHDRAWN, withdrawn)
        refusal = take_step(session, case, CaseEvent.WITHDRAW, house.now(), by, told)
    # Of a case that was accepted once, attesting is another act: it is looked up again.
    if new and refusal is None and case.state == CaseState.IN_REVIEW.value:
        told = data_of(case, attestation, SEEN, new)
        refusal = take_step(session, case, CaseEvent.ATTEST, house.now(), by, told)
    return refusal


def data_of(case: CaseRow, attestation: Attestation, place: str, acts: Collection[Act]) -> dict[str, Any]:
    """What an event keeps of these acts, at that place."""
    return {"presenter": presenter_of(case, attestation), place: [act.value for act in Act if act in acts]}
