"""One request for one sheet on one day: a second one finds the first instead of running into its results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from operations.casework import events_of
from operations.house import House
from operations.review import REQUEST
from regeneration.cases import CaseEvent, CaseState
from storage.concurrency import take_turns
from storage.schema import CaseRow

_UNDER_WAY: Final = frozenset(
    {
        CaseState.ACCEPTED.value,
        CaseState.REBUILDING.value,
        CaseState.REBUILT.value,
        CaseState.IN_CLEAN_UP.value,
        CaseState.ARCHIVED.value,
    }
)
"""States of a case that was accepted and did not stop; an archived one counts when it made a sheet."""


def find_first_request(house: House, session: Session, case: CaseRow) -> tuple[Problem, ...]:
    """``CASE_ALREADY_OPEN`` when another case of the same office day was accepted for the same sheet.

    Whoever asks waits for others who accept a case of the same sheet, so that one of two is first. Two
    requests that name different sheet numbers are of different sheets.
    """
    request = case.answers[REQUEST]
    place = request["ruc"], request["branch"], request["period"]
    take_turns(session, f"requests of {' '.join(place)}")
    query = select(CaseRow).where(
        CaseRow.ruc == place[0],
        CaseRow.branch == place[1],
        CaseRow.period == place[2],
        CaseRow.number != case.number,
        CaseRow.state.in_(_UNDER_WAY),
    )
    for first in session.scalars(query.order_by(CaseRow.number)):
        if _is_same(house, first, case) and _made_or_makes_a_sheet(session, first):
            state = CaseState(first.state).label.lower()
            sheet = request.get("sheet_number") or f"de {request['period']}"
            found = problem(
                "CASE_ALREADY_OPEN", field="sheet_number", case=first.number, sheet=sheet, state=state
            )
            return (found,)
    return ()


def _is_same(house: House, first: CaseRow, case: CaseRow) -> bool:
    days = {each.received_at.astimezone(house.zone).date() for each in (first, case)}
    asked: list[Mapping[str, str]] = [each.answers[REQUEST] for each in (first, case)]
    kinds = {request["sheet_type"] for request in asked}
    numbers = {number for request in asked if (number := request.get("sheet_number"))}
    return len(days) == len(kinds) == 1 and len(numbers) < 2


def _made_or_makes_a_sheet(session: Session, first: CaseRow) -> bool:
    if first.state != CaseState.ARCHIVED.value:
        return True
    return any(row.event == CaseEvent.REBUILD_DONE.value for row in events_of(session, first.number))
