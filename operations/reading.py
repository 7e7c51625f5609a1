"""The job that reads a case's originals. It may be repeated at any point: a reading is made once."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select

from forms.problems import problem
from intake.readings import BatchReading, DocumentReading, ProblemReading
from intake.task import ReadAnswer, read_safely
from operations.casework import load_case, take_step
from operations.house import House
from operations.issuing import keep_bytes, remembered_documents
from regeneration.cases import CaseEvent, CaseState
from storage.schema import DocumentRow, IssuedRow, ReadingRow, ReceptionRow

ACTOR = "sistema"


def read_case(house: House, number: str) -> None:
    """Read the originals of a case in the sandbox and put it before the clerk."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state not in {CaseState.RECEIVED.value, CaseState.READING.value}:
            return
        if case.state == CaseState.RECEIVED.value:
            take_step(session, case, CaseEvent.READ, house.now(), ACTOR)
        query = select(ReceptionRow).where(ReceptionRow.case_number == number).order_by(ReceptionRow.place)
        receptions = [(row.name, row.sha256) for row in session.scalars(query)]
        remembered = remembered_documents(session)
    files = [(name, house.blobs.get(sha256)) for name, sha256 in receptions]
    answer = read_safely(house.sandbox, files, house.keys.ring, remembered, house.limits)
    _store(house, number, answer)


def _store(house: House, number: str, answer: ReadAnswer) -> None:
    """The reading, its pictures and the step to review, all or nothing."""
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.READING.value:
            return
        for picture in answer.pictures:
            sha256 = keep_bytes(house, session, picture.webp, "image/webp")
            kind = "page-straight" if picture.straight else "page"
            session.add(
                DocumentRow(
                    case_number=number,
                    kind=kind,
                    name=f"{picture.file} p. {picture.page}",
                    sha256=sha256,
                    media_type="image/webp",
                    made_at=house.now(),
                )
            )
        batch = answer.batch
        used = {
            row.document: row.case_number
            for row in session.scalars(select(IssuedRow).where(IssuedRow.state == "used"))
            if row.case_number
        }
        body: dict[str, Any] = msgspec.to_builtins(_name_used(batch, used))
        session.add(ReadingRow(case_number=number, body=body, made_at=house.now()))
        whole = any(document.fields for document in batch.documents)
        event = CaseEvent.READ_DONE if whole else CaseEvent.READ_FAILED
        take_step(session, case, event, house.now(), ACTOR, {"answers": _sure_answers(batch)})


def _name_used(batch: BatchReading, used: dict[str, str]) -> BatchReading:
    """The batch in which a document that another case used already says so."""
    documents = tuple(_name_one(document, used) for document in batch.documents)
    return msgspec.structs.replace(batch, documents=documents)


def _name_one(document: DocumentReading, used: dict[str, str]) -> DocumentReading:
    number = document.document if isinstance(document.document, str) else ""
    if number not in used:
        return document
    found = problem("DOCUMENT_ALREADY_USED", document=number, case=used[number])
    problems = (*document.problems, ProblemReading(found.code, found.severity.value, found.message))
    return msgspec.structs.replace(document, problems=problems, outcome="refused")


def _sure_answers(batch: BatchReading) -> dict[str, dict[str, str]]:
    """What needs no clerk: the confirmed values of documents that were not refused."""
    answers: dict[str, dict[str, str]] = {}
    for document in batch.documents:
        if document.outcome != "refused" and isinstance(document.form, str):
            sure = {
                name: found.value for name, found in document.fields.items() if found.state == "confirmed"
            }
            answers.setdefault(document.form, {}).update(sure)
    return answers
