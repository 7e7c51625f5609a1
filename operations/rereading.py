"""Papers that are read more than once: what people said of a document stays while it is the same one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from intake.readings import BatchReading, DocumentReading
from operations import workflows
from operations.casework import Refusal, events_of, load_case, take_step, was_done
from operations.house import House
from operations.receipts import RECEPTIONS
from operations.review import answering, reading_of
from operations.splitting import page_key
from regeneration.cases import CaseEvent
from storage.schema import CaseEventRow, CaseRow

_READ: Final = frozenset({CaseEvent.READ_DONE.value, CaseEvent.READ_FAILED.value})
"""Events that end a reading."""

Answers = Mapping[str, Mapping[str, str]]


def read_again(house: House, number: str, by: str, version: int | None = None) -> Refusal | None:
    """Have the originals of a case in review read once more, after a reader that ran out of time or a page
    that it did not know.
    """
    with house.database.transaction() as session:
        case = load_case(session, number)
        if was_done(session, case, CaseEvent.READ, by, version):
            return None
        refusal = take_step(session, case, CaseEvent.READ, house.now(), by, version=version)
        if refusal is None:
            workflows.enqueue(house, session, workflows.READ, case)
        return refusal


def answers_after(
    session: Session, case: CaseRow, batch: BatchReading, sure: Answers
) -> dict[str, dict[str, str]]:
    """What a new reading changes in a case's answers; ``sure`` are its values that need no clerk.

    What a person wrote stands where the form's documents are those of the reading before. Where another one
    came, nothing that was said of the old stands for it: what the new reading is not sure of is asked anew.
    """
    before = reading_of(session, case.number)
    if before is None:
        return {form: dict(values) for form, values in sure.items()}
    written = _written(events_of(session, case.number))
    changed: dict[str, dict[str, str]] = {}
    for form in dict.fromkeys(str(document.form) for document in answering(batch)):
        found = dict(sure.get(form, {}))
        if _papers(batch, form) <= _papers(before, form):
            own = written.get(form, set())
            changed[form] = {name: value for name, value in found.items() if name not in own}
        else:
            changed[form] = dict.fromkeys(case.answers.get(form, {}), "") | found
    return changed


def _written(events: Sequence[CaseEventRow]) -> dict[str, set[str]]:
    """The values that people wrote or confirmed, by form."""
    written: dict[str, set[str]] = {}
    for row in events:
        if row.event == CaseEvent.CORRECT.value:
            for form, values in row.data.get("answers", {}).items():
                written.setdefault(form, set()).update(values)
    return written


def _papers(batch: BatchReading, form: str) -> set[object]:
    """What tells the documents of a form from others: their printed numbers, or the pages that they are."""
    return {_paper(document) for document in answering(batch) if document.form == form}


def _paper(document: DocumentReading) -> object:
    if isinstance(document.document, str):
        return document.document
    # The names of originals are told apart and never given again, so the same page is the same bytes.
    return frozenset(page_key(page) for page in document.pages)


def has_new_papers(events: Sequence[CaseEventRow]) -> bool:
    """Whether papers came in since the case was last read: their receipt is due then, and once."""
    last = [row.event for row in events if row.event in RECEPTIONS | _READ]
    return last[-1] in RECEPTIONS
