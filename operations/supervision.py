"""What waits for a supervisor: changed papers and values, exceptions, terms that are over, clean-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.casework import events_of
from operations.four_eyes import find_departures
from operations.house import House
from operations.returning import open_term
from operations.review import reading_of, review_fields
from regeneration.cases import CaseState
from storage.schema import CaseEventRow, CaseRow


class Concern(Enum):
    """Why a case is for a supervisor."""

    DIFFERS = "differs"
    ALTERED = "altered"
    OTHER_DAY = "other-day"
    TERM_OVER = "term-over"
    CLEAN_UP = "clean-up"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Concern.DIFFERS: "Se escribió otra cosa que lo sellado: falta que otra persona lo confirme",
    Concern.ALTERED: "El papel tiene datos alterados",
    Concern.OTHER_DAY: "Las anulaciones son de otro día",
    Concern.TERM_OVER: "Venció el término para completar",
    Concern.CLEAN_UP: "En depuración: el resultado era negativo",
}
_OPEN: Final = (
    CaseState.IN_REVIEW.value,
    CaseState.PRECONDITIONS_FAILED.value,
    CaseState.RETURNED.value,
    CaseState.IN_CLEAN_UP.value,
)
_MOST: Final = 300
"""Open cases of an office that are looked at, the oldest first."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A case with its reasons to be here; ``fields`` are the labels of the values in question."""

    case: CaseRow
    state: CaseState
    concerns: tuple[Concern, ...]
    fields: tuple[str, ...]


def list_matters(house: House, office: str) -> tuple[Matter, ...]:
    """What waits for a supervisor of an office, the oldest first."""
    with house.database.reading() as session:
        query = select(CaseRow).where(CaseRow.office == office, CaseRow.state.in_(_OPEN))
        rows = session.scalars(query.order_by(CaseRow.received_at, CaseRow.number).limit(_MOST)).all()
        return tuple(matter for row in rows if (matter := _matter(house, session, row)) is not None)


def _matter(house: House, session: Session, case: CaseRow) -> Matter | None:
    events = events_of(session, case.number)
    concerns, fields = list(_concerns(house, session, case, events)), tuple[str, ...]()
    if case.state in {CaseState.IN_REVIEW.value, CaseState.PRECONDITIONS_FAILED.value}:
        reading = reading_of(session, case.number)
        rows = review_fields(case, reading) if reading else ()
        departures = find_departures(case, reading, events) if reading else ()
        open_ones = [each for each in departures if not each.agreed_by]
        altered = [row.label for row in rows if row.reading.state == "altered" and row.asks]
        concerns += [Concern.DIFFERS] * bool(open_ones) + [Concern.ALTERED] * bool(altered)
        fields = tuple(dict.fromkeys([*(each.label for each in open_ones), *altered]))
    return Matter(case, CaseState(case.state), tuple(concerns), fields) if concerns else None


def _concerns(
    house: House, session: Session, case: CaseRow, events: Sequence[CaseEventRow]
) -> Iterator[Concern]:
    if case.state == CaseState.IN_CLEAN_UP.value:
        yield Concern.CLEAN_UP
    if (term := open_term(house, session, case)) is not None and term.is_over:
        yield Concern.TERM_OVER
    if case.state == CaseState.PRECONDITIONS_FAILED.value:
        last: Mapping[str, Any] = next((each.data for each in reversed(events) if "checks" in each.data), {})
        checks = last.get("checks", ())
        if any(check["code"] == "ANNULLED_ON_ANOTHER_DAY" and not check["passed"] for check in checks):
            yield Concern.OTHER_DAY
