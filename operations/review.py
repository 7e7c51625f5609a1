"""A case as the clerk reviews it: what was read beside what stands, and what still asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.continuation import PETITION, named_continuation
from forms.layout import normalise
from forms.model import Choice, Paragraph
from forms.register import find_form
from forms.wording import say_chosen, wording_of
from intake.readings import BatchReading, DocumentReading, FieldReading, ProblemReading
from storage.schema import CaseRow, IssuedRow, ReadingRow

REQUEST: Final = "employer-request"
AUTHORIZATION: Final = "third-party-authorization"
CONTINUATION: Final = "request-continuation"
SETTLED: Final = frozenset({"confirmed", "read"})
"""States of a reading that need nobody to look at the paper."""
_ASKED_OF_VALUES: Final = frozenset({"FIELD_DOUBTFUL", "FIELD_MISSING"})
_TOLD_AS_STRUCK: Final = frozenset({"FIELD_DOUBTFUL", "INK_OUTSIDE"})
"""What the line through a struck value is besides; the one word says both."""
OVERRIDE: Final = "override"
"""Where a case's answers keep a supervisor's exception; no form has this name."""


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One value on the clerk's screen: what was read, what stands now, and whether it still asks."""

    form: str
    name: str
    label: str
    reading: FieldReading
    answer: str | None
    asks: bool
    options: tuple[tuple[str, str], ...] = ()
    lines: int = 1
    """How many lines of text the form gives the value."""
    struck: bool = False
    """Whether the reader took the value for struck out."""

    @property
    def shown(self) -> str:
        """What stands now, in the words of the form."""
        return self.say(self.value)

    @property
    def value(self) -> str:
        """What stands now, as programs keep it."""
        return self.answer or self.reading.value

    def say(self, value: str) -> str:
        """A value of this field in the words of the form: an option by its label."""
        return say_chosen(dict(self.options), value)

    @property
    def is_rewritten(self) -> bool:
        """Whether somebody wrote another value than the reader stands for: no reading vouches for it."""
        return self.answer is not None and normalise(self.answer) != normalise(self.reading.value)

    @property
    def is_settled_by_hand(self) -> bool:
        """Whether somebody compared with the paper what the reader was not sure of; what the paper says
        against its own seal stays told as that.
        """
        return not self.asks and self.reading.state in {"doubtful", "missing"}

    @property
    def is_sealed(self) -> bool:
        """Whether our own seal says what the value was when the paper was issued."""
        return self.reading.source == "seal"


def reading_of(session: Session, number: str) -> BatchReading | None:
    """The newest reading of a case."""
    query = select(ReadingRow).where(ReadingRow.case_number == number).order_by(ReadingRow.id.desc())
    row = session.scalars(query.limit(1)).first()
    return msgspec.convert(row.body, BatchReading) if row else None


def review_fields(case: CaseRow, reading: BatchReading) -> tuple[ReviewField, ...]:
    """Every value that was read of documents that answer, in the order of the screen."""
    rows = [row for document in answering(reading) for row in _rows_of(document, case.answers)]
    # What asks for the clerk comes first: the rest is there to be looked at, not to be worked through.
    return tuple(sorted(rows, key=lambda row: not row.asks))


def read_values(document: DocumentReading) -> tuple[ReviewField, ...]:
    """Every value of one document as it was read: one that counts for nothing is there to be seen."""
    return tuple(replace(row, asks=False) for row in _rows_of(document, {}))


def _rows_of(document: DocumentReading, answers: Mapping[str, Mapping[str, str]]) -> Iterator[ReviewField]:
    form = find_form(str(document.form))
    if form is not None:
        # A letter has no edition of its own: it is shown under the labels of the form as it is today.
        edition = form.edition(document.edition) if isinstance(document.edition, str) else form.current
        struck = {told.field for told in document.problems if told.code == "FIELD_STRUCK_OUT"}
        for name, found in document.fields.items():
            answer = answers.get(form.name, {}).get(name)
            settled = answer is not None or found.state in SETTLED
            field_ = edition.field(name)
            options = field_.kind.options if isinstance(field_.kind, Choice) else ()
            shown = tuple((option.value, option.label) for option in options)
            lines = field_.kind.lines if isinstance(field_.kind, Paragraph) else 1
            row = ReviewField(form.name, name, field_.title, found, answer, not settled, shown, lines)
            yield replace(row, struck=name in struck)


def open_problems(document: DocumentReading, rows: Sequence[ReviewField]) -> tuple[ProblemReading, ...]:
    """What is told of a document, without the doubts and gaps that somebody settled since: nobody settled
    those of a paper that another of its kind answers for. Of a value it is told once why it is in doubt.
    """
    if any(found.code == "DOCUMENT_NOT_COUNTED" for found in document.problems):
        return document.problems
    own = [row for row in rows if row.form == document.form]
    settled = {row.name for row in own if row.is_settled_by_hand}
    struck = {row.name for row in own if row.struck}
    return tuple(
        found
        for found in document.problems
        if not (found.code in _ASKED_OF_VALUES and found.field in settled)
        and not (found.code in _TOLD_AS_STRUCK and found.field in struck)
    )


def say_value(document: DocumentReading, name: str) -> str:
    """What was read of a field, in the words of the form: an option by its label."""
    return wording_of(document.form, document.edition).shown(name, document.fields[name].value)


def counts(document: DocumentReading) -> bool:
    """Whether a document is one that people sign, or goes on where a signed one ends, and that nobody has to
    send away. Papers that the service hands out, such as a return notice that comes back with what was
    missing, ask nothing of anybody.
    """
    form = find_form(str(document.form))
    handed_in = form is not None and (form.is_signed or form.name == CONTINUATION)
    return handed_in and document.outcome != "refused"


def find_uses(session: Session, number: str, reading: BatchReading) -> dict[str, str]:
    """The documents of a reading that another case was accepted with, and which."""
    numbers = [item.document for item in reading.documents if isinstance(item.document, str)]
    query = select(IssuedRow).where(IssuedRow.document.in_(numbers), IssuedRow.state == "used")
    return {
        row.document: row.case_number
        for row in session.scalars(query)
        if row.case_number and row.case_number != number
    }


def usable(reading: BatchReading) -> list[DocumentReading]:
    """The documents that count, the request first."""
    return sorted(filter(counts, reading.documents), key=lambda document: document.form != REQUEST)


def answering(reading: BatchReading) -> list[DocumentReading]:
    """The documents that a case has its values of, the request first. Of each form it is one, for values of
    two papers make none that anybody signed: the continuation that the request names, else what came last.
    """
    documents = usable(reading)
    chosen = {str(document.form): document for document in documents}
    named = _named(chosen.get(REQUEST))
    for document in documents:
        if document.form == CONTINUATION and document.document == named is not None:
            chosen[CONTINUATION] = document
    if named is None and sum(document.form == REQUEST for document in documents) > 1:
        chosen.pop(CONTINUATION, None)  # it goes on with another request
    return list(chosen.values())


def _named(request: DocumentReading | None) -> str | None:
    """The number of the sheet in which a request says that its petition goes on."""
    petition = request.fields.get(PETITION) if request is not None else None
    return named_continuation(petition.value) if petition is not None else None
