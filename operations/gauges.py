"""How much there is of what, at this moment: numbers for whoever watches the service, of nobody at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from operations.house import House
from regeneration.cases import CaseState
from storage.mail_tables import MailRow
from storage.schema import CaseRow


@dataclass(frozen=True, slots=True)
class Gauges:
    """Cases by state (each state, also where there is none), jobs that wait or run, mails by state."""

    cases: tuple[tuple[str, int], ...]
    jobs: int
    mails: tuple[tuple[str, int], ...]


def read_gauges(house: House) -> Gauges:
    """The numbers as they are now."""
    with house.database.reading() as session:
        found = session.execute(select(CaseRow.state, func.count()).group_by(CaseRow.state))
        counted = {row[0]: row[1] for row in found}
        mails = session.execute(
            select(MailRow.state, func.count()).group_by(MailRow.state).order_by(MailRow.state)
        )
        written = tuple((state, count) for state, count in mails)
    states = tuple((state.value, counted.get(state.value, 0)) for state in CaseState)
    return Gauges(states, len(house.jobs.under_way()), written)
