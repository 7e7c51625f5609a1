"""How the window works, in numbers that name nobody: minutes of a case, doubts, what was corrected by hand.

A month's cases are those received in it. Minutes count from the reception to the first decision (accepted,
returned or refused); a case that waited over night counts as it was, so the median says more than the mean.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.layout import normalise
from forms.model import Edition
from forms.register import find_form
from intake.readings import BatchReading, DocumentReading, FieldReading
from operations.casework import RECEIVE
from operations.house import House
from operations.review import counts
from regeneration.cases import CaseEvent
from regeneration.months import Month
from regeneration.spreadsheets import guard_formula, show_number, write_rows
from storage.schema import CaseEventRow, CaseRow, ReadingRow

_DECISIONS: Final = frozenset({CaseEvent.ACCEPT.value, CaseEvent.RETURN.value, CaseEvent.REFUSE.value})
_ASKED: Final = frozenset({"doubtful", "altered", "missing"})
_AT_ONCE: Final = 200
_HEADS: Final = (
    "mes",
    "oficina",
    "tramites",
    "minutos_mediana",
    "minutos_nueve_de_diez",
    "valores_leidos",
    "dudas",
    "dudas_por_cien",
    "corregidos",
)


@dataclass(frozen=True, slots=True)
class ReviewedValue:
    """What became of one value that was read: no text of it is here. ``outcome`` is ``kept`` where nobody was
    asked, ``confirmed`` where the reading stood, ``corrected`` where a person wrote otherwise, and ``open``
    where nobody has answered.
    """

    form: str
    field: str
    label: str
    route: str
    source: str
    state: str
    confidence: float
    outcome: str


@dataclass(slots=True)
class MonthAtOffice:
    """Cases received in a month at an office, and what it took to review them."""

    month: Month
    office: str
    cases: int = 0
    minutes: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    asked: int = 0

    @property
    def values(self) -> int:
        return self.outcomes.total()

    @property
    def doubts_per_hundred(self) -> float:
        return 100 * self.asked / self.values if self.values else 0.0

    @property
    def median_minutes(self) -> float | None:
        return statistics.median(self.minutes) if self.minutes else None

    @property
    def slow_minutes(self) -> float | None:
        """Nine of ten cases took no longer."""
        return sorted(self.minutes)[-(-9 * len(self.minutes) // 10) - 1] if self.minutes else None


@dataclass(frozen=True, slots=True)
class FieldMeasure:
    """One field of a form: how often it was read, asked about, and corrected by hand."""

    form: str
    label: str
    read: int
    asked: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Measures:
    months: tuple[MonthAtOffice, ...]
    fields: tuple[FieldMeasure, ...]


def measure_window(house: House, since: datetime) -> Measures:
    """The measures of the cases received since an instant, the newest month first, and by field the most
    often corrected first.
    """
    months: dict[tuple[Month, str], MonthAtOffice] = {}
    read, asked, corrected = (
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
    )
    with house.database.reading() as session:
        for case, events, reading in _cases(session, since):
            day = case.received_at.astimezone(house.zone)
            key = Month(day.year, day.month), case.office
            row = months.setdefault(key, MonthAtOffice(*key))
            row.cases += 1
            if (minutes := _minutes(events)) is not None:
                row.minutes.append(minutes)
            for value in reviewed_values(case, reading) if reading else ():
                name = value.form, value.label
                row.outcomes[value.outcome] += 1
                row.asked += value.state in _ASKED
                read[name] += 1
                asked[name] += value.state in _ASKED
                corrected[name] += value.outcome == "corrected"
    fields = (FieldMeasure(*name, read[name], asked[name], corrected[name]) for name in read)
    return Measures(
        tuple(sorted(months.values(), key=lambda row: (row.month, row.office), reverse=True)),
        tuple(sorted(fields, key=lambda each: (-each.corrected, -each.asked, each.form, each.label))),
    )


def _cases(
    session: Session, since: datetime
) -> Iterator[tuple[CaseRow, Sequence[CaseEventRow], BatchReading | None]]:
    """Cases with their events and their newest reading, a few hundred at a time."""
    numbers = session.scalars(select(CaseRow.number).where(CaseRow.received_at >= since)).all()
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        events: dict[str, list[CaseEventRow]] = {}
        query = select(CaseEventRow).where(CaseEventRow.case_number.in_(some)).order_by(CaseEventRow.sequence)
        for row in session.scalars(query):
            events.setdefault(row.case_number, []).append(row)
        readings = {
            row.case_number: row
            for row in session.scalars(
                select(ReadingRow).where(ReadingRow.case_number.in_(some)).order_by(ReadingRow.id)
            )
        }
        for case in session.scalars(select(CaseRow).where(CaseRow.number.in_(some))):
            found = readings.get(case.number)
            batch = msgspec.convert(found.body, BatchReading) if found is not None else None
            yield case, events.get(case.number, []), batch


def _minutes(events: Sequence[CaseEventRow]) -> float | None:
    received = next((row.at for row in events if row.event == RECEIVE), None)
    decided = next((row.at for row in events if row.event in _DECISIONS), None)
    if received is None or decided is None:
        return None
    return (decided - received).total_seconds() / 60


def reviewed_values(case: CaseRow, reading: BatchReading) -> Iterator[ReviewedValue]:
    """What became of every value of a case's papers."""
    for document in reading.documents:
        if not counts(document):
            continue
        edition = _edition(document)
        for name, found in document.fields.items():
            answer = case.answers.get(str(document.form), {}).get(name)
            yield ReviewedValue(
                str(document.form),
                name,
                edition.field(name).title,
                document.route,
                found.source,
                found.state,
                found.confidence,
                _outcome(found, answer),
            )


def _edition(document: DocumentReading) -> Edition:
    form = find_form(str(document.form))
    assert form is not None, "a document that counts has a form"
    return form.edition(document.edition) if isinstance(document.edition, str) else form.current


def _outcome(found: FieldReading, answer: str | None) -> str:
    if answer is None:
        return "open" if found.state in _ASKED else "kept"
    if normalise(answer) != normalise(found.value):
        return "corrected"
    return "confirmed" if found.state in _ASKED else "kept"


def write_measures(measures: Measures) -> bytes:
    """The months as a table for a spreadsheet: the office's own, whose numbers have a decimal comma."""
    rows = (
        (
            str(row.month),
            guard_formula(row.office),
            row.cases,
            _number(row.median_minutes),
            _number(row.slow_minutes),
            row.values,
            row.asked,
            _number(row.doubts_per_hundred),
            row.outcomes["corrected"],
        )
        for row in measures.months
    )
    return write_rows((_HEADS, *rows))


def _number(value: float | None) -> str:
    return "" if value is None else show_number(value, 1)
