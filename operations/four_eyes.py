"""Values of which paper or clerk say otherwise than the seal: one person writes them, another must agree.

The sealed value is what was issued. Whoever lets another stand in its place, or takes a paper on which
somebody changed it, may be mistaken or worse, so two people answer for it, one of them a supervisor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from forms.layout import normalise
from forms.problems import Problem, problem
from intake.readings import BatchReading
from operations.casework import Refusal, events_of, load_case, roles_of, take_step, was_done
from operations.house import House
from operations.review import reading_of, review_fields
from regeneration.cases import CaseEvent, Role
from storage.schema import CaseEventRow, CaseRow

AGREED: Final = "agreed"
"""Where an *agree* event keeps the values agreed to, by form and field."""
NOTHING_TO_AGREE: Final = Refusal(
    "NOTHING_TO_AGREE", "No hay valores distintos del sello que le toque confirmar a usted."
)
NEEDS_SUPERVISOR: Final = Refusal(
    "SUPERVISOR_NEEDED",
    "De las dos personas que responden por un valor distinto del sello, una debe ser de supervisión.",
)


@dataclass(frozen=True, slots=True)
class Departure:
    """A value accepted of a paper that was changed, or in the place of the sealed one; ``agreed_by`` is empty
    until somebody agreed.
    """

    form: str
    field: str
    label: str
    sealed: str
    accepted: str
    by: str
    at: datetime
    agreed_by: str = ""
    sealed_words: str = ""
    accepted_words: str = ""
    """Both values in the words of the form."""
    seen_words: str = ""
    """What the paper shows, where that is neither what is sealed nor nothing."""

    @property
    def keeps_seal(self) -> bool:
        """Whether what was accepted is the sealed value, of a paper on which somebody changed it."""
        return normalise(self.accepted) == normalise(self.sealed)


def find_departures(
    case: CaseRow, reading: BatchReading, events: Sequence[CaseEventRow]
) -> tuple[Departure, ...]:
    """Every value of a sealed paper that the case or the paper has otherwise, in the order of the screen."""
    return tuple(_departures(case, reading, events))


def _departures(case: CaseRow, reading: BatchReading, events: Sequence[CaseEventRow]) -> Iterator[Departure]:
    for row in review_fields(case, reading):
        if not row.is_sealed or row.answer is None:
            continue
        if row.reading.state != "altered" and not row.is_rewritten:
            continue
        written = _last(events, CaseEvent.CORRECT, "answers", row.form, row.name, row.answer)
        if written is None:
            continue
        agreed = _last(events, CaseEvent.AGREE, AGREED, row.form, row.name, row.answer)
        stands = agreed is not None and agreed.sequence > written.sequence and agreed.actor != written.actor
        by = agreed.actor if agreed is not None and stands else ""
        yield Departure(
            row.form,
            row.name,
            row.label,
            row.reading.value,
            row.answer,
            written.actor,
            written.at,
            by,
            row.say(row.reading.value),
            row.say(row.answer),
            row.say(row.reading.seen) if isinstance(row.reading.seen, str) else "",
        )


def _last(
    events: Sequence[CaseEventRow], kind: CaseEvent, place: str, form: str, name: str, value: str
) -> CaseEventRow | None:
    """The last event of a kind whose data have this value at this place."""
    for row in reversed(events):
        if row.event == kind.value and row.data.get(place, {}).get(form, {}).get(name) == value:
            return row
    return None


def unagreed(departures: Sequence[Departure]) -> tuple[Problem, ...]:
    """A problem for each value that nobody else agreed to yet."""
    return tuple(
        problem(
            "SECOND_PERSON_NEEDED",
            field=each.field,
            label=each.label,
            sealed=each.sealed_words,
            value=each.accepted_words,
        )
        for each in departures
        if not each.agreed_by
    )


def agree(house: House, number: str, by: str, version: int | None = None) -> Refusal | None:
    """Agree to every value that another person wrote otherwise than the seal says."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        if was_done(session, case, CaseEvent.AGREE, by, version):
            return None
        reading = reading_of(session, number)
        found = find_departures(case, reading, events_of(session, number)) if reading else ()
        others = [each for each in found if not each.agreed_by and each.by != by]
        if not others:
            return NOTHING_TO_AGREE
        if not _is_supervised(session, {by, *(each.by for each in others)}, others):
            return NEEDS_SUPERVISOR
        agreed: dict[str, dict[str, str]] = {}
        for each in others:
            agreed.setdefault(each.form, {})[each.field] = each.accepted
        return take_step(session, case, CaseEvent.AGREE, house.now(), by, {AGREED: agreed}, version=version)


def _is_supervised(session: Session, people: set[str], departures: Sequence[Departure]) -> bool:
    """Whether a supervisor answers for each value: the one who agrees, or the one who wrote it."""
    supervisors = {each for each in people if Role.SUPERVISOR in roles_of(session, each)}
    agreeing = people - {each.by for each in departures}
    return bool(agreeing & supervisors) or all(each.by in supervisors for each in departures)
