"""The job that reads a case's originals. It may be repeated at any point: a reading is made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.problems import problem
from intake.pages import ReadingContext
from intake.readings import BatchReading, DocumentReading, ProblemReading, page_name
from intake.task import PagePicture, ReadAnswer, SeenTrace, read_safely
from intake.template_route import KnownEmployers
from operations import workflows
from operations.blanks import known_employers, propose_values, was_written
from operations.casework import events_of, load_case, start_case, take_step
from operations.continuations import tell_lacking
from operations.deposits import Deposit, deposit, record_document
from operations.house import House
from operations.indexing import PICTURES
from operations.issuing import latest_documents, remembered_documents
from operations.letters import confirm_letters
from operations.receipts import draw_receipt, file_receipt
from operations.repeated_papers import tell_repeated
from operations.rereading import answers_after, has_new_papers
from operations.review import SETTLED, answering, find_uses
from operations.signature_copies import COPIES, keep_traces
from operations.splitting import leave_out, page_key, page_keys, share_out
from regeneration.cases import CaseEvent, CaseState
from storage.audit import digest_of
from storage.schema import BlobRow, CaseRow, DocumentRow, ReadingRow, ReceptionRow

ACTOR = "sistema"


def read_files(house: House, files: Sequence[tuple[str, bytes]]) -> ReadAnswer:
    """Read files in the sandbox. Papers that nothing names are compared with those that were issued last;
    papers that name themselves but lost their values are read again with what the service remembers of them,
    and of them only; numbers written by hand, with the register's.
    """
    known = ReadingContext(house.keys.ring)
    answer = read_safely(house.sandbox, files, known, house.limits)
    if answer.unnamed:
        with house.database.reading() as session:
            known = replace(known, recent=latest_documents(session))
        answer = read_safely(house.sandbox, files, known, house.limits) if known.recent else answer
    lost = [number for document in answer.batch.documents if (number := _lost(document)) is not None]
    written = was_written(answer.batch)
    if not lost and not written:
        return answer
    with house.database.reading() as session:
        remembered = remembered_documents(session, lost) if lost else {}
        employers = known_employers(session) if written else KnownEmployers()
    if not remembered and not employers.branches:
        return answer
    known = replace(known, issued=remembered, employers=employers)
    return read_safely(house.sandbox, files, known, house.limits)


def _lost(document: DocumentReading) -> str | None:
    """The number of a document none of whose values came from a seal."""
    if not isinstance(document.document, str):
        return None
    sealed = any(found.source == "seal" for found in document.fields.values())
    return None if sealed else document.document


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
    names = tell_apart([name for name, _ in receptions])
    files = [(name, house.blobs.get(sha256)) for name, (_, sha256) in zip(names, receptions, strict=True)]
    answer = read_files(house, files)
    with house.database.reading() as session:
        batch = propose_values(session, confirm_letters(session, answer.batch))
    _store(house, number, msgspec.structs.replace(answer, batch=batch))


def tell_apart(names: Sequence[str]) -> list[str]:
    """The names, those that come again with a number behind them: readings are told apart by them.

    >>> tell_apart(["a.pdf", "a.pdf", "b.pdf"])
    ['a.pdf', 'a.pdf (2)', 'b.pdf']
    """
    told: list[str] = []
    for name in names:
        candidate, count = name, 1
        while candidate in told:
            count += 1
            candidate = f"{name} ({count})"
        told.append(candidate)
    return told


def _store(house: House, number: str, answer: ReadAnswer) -> None:
    """The reading, its pictures and the step to review, all or nothing."""
    pictures = [each for item in answer.pictures for each in _deposit_pictures(house, item)]
    with house.database.reading() as session:
        case = session.get_one(CaseRow, number)
        is_due = has_new_papers(events_of(session, number))
        receipt = draw_receipt(house, session, case, answer.batch) if is_due else None
    with house.database.transaction() as session:
        case = load_case(session, number)
        if case.state != CaseState.READING.value:
            return
        elsewhere = _pages_elsewhere(session, case, answer.batch)
        own, *others = share_out(leave_out(answer.batch, elsewhere))
        given: dict[str, str] = {}
        for part in others:
            other = _start_other(house, session, case, part)
            pages = page_keys(part)
            given |= dict.fromkeys(sorted(pages), other.number)
            others_receipt = draw_receipt(house, session, other, answer.batch)
            filed = {"papers": [file_receipt(house, session, other, others_receipt)]}
            shown = [each for each in pictures if each.name in pages]
            _keep(house, session, other, part, shown, answer.traces, filed)
        elsewhere |= given.keys()
        left = [each for each in pictures if each.name not in elsewhere]  # blank pages too
        told: dict[str, Any] = {"given": given} if given else {}
        if receipt is not None:
            told["papers"] = [file_receipt(house, session, case, receipt)]
        _keep(house, session, case, own, left, answer.traces, told)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture of a page that is in the store, under the page's name."""

    kind: str
    name: str
    made: Deposit


def _deposit_pictures(house: House, picture: PagePicture) -> Iterator[_Picture]:
    name = page_name(picture.file, picture.page, picture.part)
    kind = "page-straight" if picture.straight else "page"
    yield _Picture(kind, name, deposit(house.blobs, [picture.webp], "image/webp"))
    if picture.overlay is not None:
        yield _Picture("page-overlay", name, deposit(house.blobs, [picture.overlay], "image/webp"))


def _keep(
    house: House,
    session: Session,
    case: CaseRow,
    batch: BatchReading,
    pictures: Sequence[_Picture],
    traces: Sequence[SeenTrace],
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """The reading of one case with its pictures and its signatures' traces, and the case before the clerk."""
    now = house.now()
    # The case was read before if more came later; the same page gives the same picture again.
    known = _known_pictures(session, case.number)
    for picture in pictures:
        if (picture.kind, picture.name, picture.made.sha256) not in known:
            record_document(session, picture.made, now, case.number, picture.kind, picture.name)
    session.flush()
    batch = tell_lacking(_name_used(batch, find_uses(session, case.number, batch)))
    batch = tell_repeated(batch)
    batch, copies = keep_traces(session, case, batch, traces, now)
    body = msgspec.to_builtins(batch)
    answers = answers_after(session, case, batch, _sure_answers(batch))
    session.add(ReadingRow(case_number=case.number, body=body, made_at=now))
    shown = [{"kind": picture.kind, "sha256": picture.made.sha256} for picture in pictures]
    # By these the rows can be checked against the chained trail.
    proof: dict[str, Any] = {"reading": digest_of(body), "pictures": shown}
    if copies:
        proof[COPIES] = copies
    whole = any(document.fields for document in batch.documents)
    event = CaseEvent.READ_DONE if whole else CaseEvent.READ_FAILED
    take_step(session, case, event, now, ACTOR, {"answers": answers, **proof, **more})
    workflows.enqueue(house, session, workflows.DERIVE, case)


def _pages_elsewhere(session: Session, case: CaseRow, batch: BatchReading) -> set[str]:
    """Pages of the case's originals that are of other cases of the same scan."""
    elsewhere: set[str] = set()
    for event in events_of(session, case.number):
        elsewhere |= set(event.data.get("given", ()))
        if "own_pages" in event.data:
            shared = {file["name"] for file in event.data["files"]}
            own = set(event.data["own_pages"])
            elsewhere |= {
                page_key(page)
                for document in batch.documents
                for page in document.pages
                if page.file in shared and page_key(page) not in own
            }
    return elsewhere


def _start_other(house: House, session: Session, case: CaseRow, batch: BatchReading) -> CaseRow:
    """The case of another request of the same scan: received with it, of the same originals."""
    names = {file.name for file in batch.files}
    query = select(ReceptionRow).where(ReceptionRow.case_number == case.number).order_by(ReceptionRow.place)
    rows = session.scalars(query).all()
    told = zip(tell_apart([row.name for row in rows]), rows, strict=True)
    shared = [(name, row) for name, row in told if name in names]
    blobs = {row.sha256: session.get_one(BlobRow, row.sha256) for _, row in shared}
    files = [{"name": name, "sha256": row.sha256, "size": blobs[row.sha256].size} for name, row in shared]
    data = {"files": files, "from_case": case.number, "own_pages": sorted(page_keys(batch))}
    received = shared[-1][1].received_at
    other = start_case(session, received, case.office, case.received_by, data, None)
    for place, (name, row) in enumerate(shared, start=1):
        blob = blobs[row.sha256]
        session.add(
            ReceptionRow(
                case_number=other.number, place=place, name=name, sha256=row.sha256, received_at=received
            )
        )
        made = Deposit(blob.sha256, blob.size, blob.media_type)
        record_document(session, made, received, other.number, "original", f"{place:02d} {name}")
    take_step(session, other, CaseEvent.READ, house.now(), ACTOR)
    return other


def _known_pictures(session: Session, number: str) -> set[tuple[str, str, str]]:
    query = select(DocumentRow.kind, DocumentRow.name, DocumentRow.sha256).where(
        DocumentRow.case_number == number, DocumentRow.kind.in_(PICTURES)
    )
    return {(kind, name, sha256) for kind, name, sha256 in session.execute(query)}


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
    """What needs no clerk: values that are sure, of the documents that answer."""
    return {
        str(document.form): {
            name: found.value for name, found in document.fields.items() if found.state in SETTLED
        }
        for document in answering(batch)
    }
