"""The preconditions of a case as the hand-off asks for them, whichever register answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from operations.attestation import checks_attested, with_attested
from operations.casework import RECEIVE, events_of
from operations.house import House
from operations.returning import term_of
from operations.review import OVERRIDE, REQUEST
from regeneration.annulment_order import annulment_steps
from regeneration.cases import CaseEvent
from regeneration.preconditions import Check, Override, PeriodRecord, preconditions
from regeneration.rebuilding import Outcome, Rebuilt
from storage.schema import CaseRow

ACTOR: Final = "sistema"
_RECEPTIONS: Final = frozenset({RECEIVE, CaseEvent.RECEIVE_AGAIN.value})


def as_attested(house: House, case: CaseRow, record: PeriodRecord) -> PeriodRecord:
    """The record with what the clerk attested, where the setting says that the clerk tells of receipts."""
    return with_attested(record, case.answers) if house.settings.attested_receipts else record


def look_up(house: House, session: Session, case: CaseRow, record: PeriodRecord) -> tuple[Check, ...]:
    return preconditions(
        case.answers[REQUEST],
        as_attested(house, case, record),
        find_day(house, session, case),
        same_day_rule=house.settings.same_day_rule,
        override=_override_of(case),
        parameters=house.parameters,
        presented=find_earlier_days(house, session, case),
    )


def find_day(house: House, session: Session, case: CaseRow) -> date:
    """The office's day on which the papers last came in: the day of the request, whenever it is worked on."""
    received = [row.at for row in events_of(session, case.number) if row.event in _RECEPTIONS]
    return received[-1].astimezone(house.zone).date()


def find_earlier_days(house: House, session: Session, case: CaseRow) -> frozenset[date]:
    """The other days on which the request was before the window. What is brought to complete it within the
    term completes the request that was made then (COA, art. 140); after the term it begins anew.
    """
    days: list[date] = []
    until: date | None = None
    for row in events_of(session, case.number):
        if row.event == CaseEvent.RETURN.value:
            until = term_of(house, case, row).until
        elif row.event in _RECEPTIONS:
            day = row.at.astimezone(house.zone).date()
            days = [*(days if until is None or day <= until else []), day]
    return frozenset(days[:-1])


def _override_of(case: CaseRow) -> Override | None:
    """A supervisor's recorded decision to admit annulments of another day."""
    found = case.answers.get(OVERRIDE)
    return Override(found["by"], found["reason"]) if found else None


def checks_as_json(
    house: House, case: CaseRow, record: PeriodRecord, checks: Sequence[Check]
) -> list[dict[str, Any]]:
    """The checks as their event keeps them; ``attested`` are those that rest on what the clerk saw."""
    attested = checks_attested(record, case.answers) if house.settings.attested_receipts else frozenset()
    return [
        {
            "attested": check.code in attested,
            "code": check.code,
            "title": check.title,
            "passed": check.passed,
            "problems": [found.as_json() for found in check.problems],
        }
        for check in checks
    ]


def steps_as_json(
    house: House, session: Session, case: CaseRow, record: PeriodRecord
) -> list[dict[str, Any]]:
    """The order of annulments that the procedure asks for, and how far it was followed."""
    day, earlier = find_day(house, session, case), find_earlier_days(house, session, case)
    return [asdict(step) for step in annulment_steps(as_attested(house, case, record), day, earlier)]


def event_of(rebuilt: Rebuilt) -> CaseEvent:
    if rebuilt.outcome is Outcome.REBUILT:
        return CaseEvent.REBUILD_DONE
    if rebuilt.outcome is Outcome.NOTHING_CHANGES:
        return CaseEvent.NOTHING_CHANGES
    negative = any(found.code == "RESULT_NEGATIVE" for found in rebuilt.problems)
    return CaseEvent.RESULT_NEGATIVE if negative else CaseEvent.REBUILD_REFUSED
