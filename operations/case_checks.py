"""The preconditions of a case as the hand-off asks for them, whichever register answers."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from operations.attestation import with_attested
from operations.casework import RECEIVE, events_of
from operations.house import House
from operations.review import OVERRIDE, REQUEST
from regeneration.cases import CaseEvent
from regeneration.preconditions import Check, Override, PeriodRecord, preconditions
from regeneration.rebuilding import Outcome, Rebuilt
from storage.schema import CaseRow

ACTOR: Final = "sistema"
_OF_RECEIPTS: Final = frozenset(
    {
        "SHEET_PAID",
        "RECEIPT_NOT_ANNULLED",
        "RESERVE_FUND_RECEIPT_NOT_ANNULLED",
        "RESERVE_FUND_SHEET_NOT_ANNULLED",
        "ANNULLED_ON_ANOTHER_DAY",
    }
)
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
    )


def find_day(house: House, session: Session, case: CaseRow) -> date:
    """The office's day on which the papers last came in: the day of the request, whenever it is worked on."""
    received = [row.at for row in events_of(session, case.number) if row.event in _RECEPTIONS]
    return received[-1].astimezone(house.zone).date()


def _override_of(case: CaseRow) -> Override | None:
    """A supervisor's recorded decision to admit annulments of another day."""
    found = case.answers.get(OVERRIDE)
    return Override(found["by"], found["reason"]) if found else None


def check_as_json(house: House, check: Check) -> dict[str, Any]:
    """A check as its event keeps it; ``attested`` when it rests on what the clerk saw."""
    attested = house.settings.attested_receipts and check.code in _OF_RECEIPTS
    return {
        "attested": attested,
        "code": check.code,
        "title": check.title,
        "passed": check.passed,
        "problems": [found.as_json() for found in check.problems],
    }


def event_of(rebuilt: Rebuilt) -> CaseEvent:
    if rebuilt.outcome is Outcome.REBUILT:
        return CaseEvent.REBUILD_DONE
    if rebuilt.outcome is Outcome.NOTHING_CHANGES:
        return CaseEvent.NOTHING_CHANGES
    negative = any(found.code == "RESULT_NEGATIVE" for found in rebuilt.problems)
    return CaseEvent.RESULT_NEGATIVE if negative else CaseEvent.REBUILD_REFUSED
