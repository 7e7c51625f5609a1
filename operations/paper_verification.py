"""Whether a printed paper is ours, unchanged and still good: one answer for ``/verificar`` and the command.

It says what was compared, for each way to look at a paper proves another thing: the very file that was
issued, the values of a form held against the page, the words that a PDF says are on it, or the seal alone.
Nothing is called good that is not current, or whose print was not compared.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.numbers import parse_number
from forms.personal import mask_ruc
from forms.problems import Problem, Severity, problem
from intake.drawn_words import read_words
from intake.readings import DocumentReading, ProblemReading
from operations.casework import events_of
from operations.house import House
from operations.paper_tables import show_money
from operations.reading import read_files
from regeneration.cases import CaseEvent
from storage.blobs import BlobChangedError, BlobMissingError
from storage.schema import BlobRow, IssuedRow

Compared = Literal["number", "file", "values", "text", "seal"]
Verdict = Literal["good", "caution", "bad"]

_SHEETS: Final = {"sheet": "sheet", "reserve-fund-sheet": "reserve_fund_sheet", "sheet-comparison": "sheet"}
"""Papers whose seal vouches for a sheet, and where the case's event has that sheet."""
_STATES: Final = {"used": "PAPER_USED", "replaced": "PAPER_REPLACED", "revoked": "PAPER_REVOKED"}
_SEALS: Final = {"invalid": "SEAL_INVALID", "unknown-key": "SEAL_UNKNOWN_KEY"}
_TOLD: Final = frozenset({"CODES_DISAGREE", "COPIES_DIFFER"})
_ALIKE: Final = 0.5
"""Share of the issued words from which the file's words are those of the paper at all."""
_MOST_TOLD: Final = 12
"""Words of a difference that are told; who changed more than that changed everything."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not what was issued; ``field`` is ``text`` where words of a page differ."""

    field: str
    printed: str
    seen: str


@dataclass(frozen=True, slots=True)
class VerifiedPaper:
    """What anybody may learn of a paper. ``facts`` are what the service knows that it printed, for people to
    compare with what they see; ``ruc`` is masked where it is a person's.
    """

    document: str
    form: str
    issued: str
    ruc: str
    status: str
    seal: str
    compared: Compared
    differences: tuple[Difference, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Bad with any error, a caution with any warning."""
        weights = {found.severity for found in self.problems}
        if Severity.ERROR in weights:
            return "bad"
        return "caution" if weights else "good"


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """The papers of ours in a file, how many others there were, and what was wrong with the file."""

    papers: tuple[VerifiedPaper, ...]
    others: int
    problems: tuple[ProblemReading, ...] = ()


def look_up_paper(house: House, typed: str) -> VerifiedPaper | None:
    """The paper of a printed number, if this service issued it; of its print nothing was compared."""
    number = parse_number(typed)
    with house.database.reading() as session:
        row = session.get(IssuedRow, number) if number else None
        return None if row is None else _of_row(session, row, "valid", "number")


def verify_file(house: House, name: str, data: bytes) -> VerifiedFile:
    """What a file has of ours. The very bytes that were issued need no reading; all else is read in the
    sandbox within the bounds of ``house``.
    """
    with house.database.reading() as session:
        issued = [_of_row(session, row, "valid", "file") for row in _issued_as(session, data)]
    if issued:
        return VerifiedFile(tuple(issued), 0)
    batch = read_files(house, [(name, data)]).batch
    ours = [document for document in batch.documents if isinstance(document.document, str)]
    papers = tuple(_verify_reading(house, document, data) for document in ours)
    problems = tuple(found for file in batch.files for found in file.problems)
    return VerifiedFile(papers, len(batch.documents) - len(ours), problems)


def _issued_as(session: Session, data: bytes) -> Sequence[IssuedRow]:
    """The papers that were issued as these very bytes; a request and its continuation are one file."""
    sha256 = hashlib.sha256(data).hexdigest()
    if session.get(BlobRow, sha256) is None:
        return ()
    return session.scalars(
        select(IssuedRow).where(IssuedRow.pdf == sha256).order_by(IssuedRow.document)
    ).all()


def _of_row(session: Session, row: IssuedRow, seal: str, compared: Compared) -> VerifiedPaper:
    """What the service itself knows of a paper."""
    code = _STATES.get(row.state)
    return VerifiedPaper(
        document=row.document,
        form=row.form,
        issued=row.issued,
        ruc=mask_ruc(row.ruc),
        status=row.state,
        seal=seal,
        compared=compared,
        facts=_facts_of(session, row),
        problems=(problem(code, document=row.document),) if code else (),
    )


def _facts_of(session: Session, row: IssuedRow) -> tuple[tuple[str, str], ...]:
    """Number, period and total of the sheet that a seal vouches for."""
    place = _SHEETS.get(row.form)
    if place is None or row.case_number is None:
        return ()
    done: list[dict[str, Any]] = [
        event.data
        for event in events_of(session, row.case_number)
        if event.event == CaseEvent.REBUILD_DONE.value
    ]
    sheet = done[-1].get(place) if done else None
    if sheet is None:
        return ()
    return (
        ("Planilla N.º", sheet["number"]),
        ("Período", sheet["period"]),
        ("Valor total (US$)", show_money(sheet["totals"]["total"])),
    )


def _verify_reading(house: House, document: DocumentReading, data: bytes) -> VerifiedPaper:
    """What the reader saw of a paper that names itself, held against what the service issued."""
    number, seal = str(document.document), document.seal.state
    differences = tuple(_altered(document))
    compared: Compared = "values" if document.fields else "seal"
    with house.database.reading() as session:
        row = session.get(IssuedRow, number)
        known = None if row is None else _of_row(session, row, seal, compared)
        sha256 = None if row is None else row.pdf
    if known is None:
        known = VerifiedPaper(
            number,
            document.form if isinstance(document.form, str) else "",
            document.issued if isinstance(document.issued, str) else "",
            "",
            "unknown",
            seal,
            compared,
            problems=(problem("DOCUMENT_UNKNOWN", document=number),),
        )
    if sha256 is not None and seal == "valid" and not document.fields:
        words = _compare_words(house, document, data, sha256)
        if words is not None:
            compared, differences = "text", words
    faults = (
        *_seal_faults(seal),
        *known.problems,
        *_told_faults(document),
        *_print_faults(document, compared, differences),
    )
    return replace(known, compared=compared, differences=differences, problems=faults)


def _altered(document: DocumentReading) -> Iterator[Difference]:
    for name, field in document.fields.items():
        if field.state == "altered":
            yield Difference(name, field.value, field.seen if isinstance(field.seen, str) else "")


def _seal_faults(seal: str) -> Iterator[Problem]:
    if seal in _SEALS:
        yield problem(_SEALS[seal])
    elif seal != "valid":
        yield problem("SEAL_UNREADABLE", severity=Severity.ERROR, page=1)


def _told_faults(document: DocumentReading) -> Iterator[Problem]:
    """What the reader told of the paper that nothing else here says."""
    for found in document.problems:
        if found.code in _TOLD:
            place = found.field if isinstance(found.field, str) else None
            yield Problem(found.code, Severity(found.severity), found.message, place)


def _print_faults(
    document: DocumentReading, compared: Compared, differences: Sequence[Difference]
) -> Iterator[Problem]:
    """What the comparison found, or that there was none to speak of."""
    number = str(document.document)
    if differences:
        yield problem("PAPER_ALTERED", document=number)
    elif compared == "text":
        yield problem("PAPER_OTHER_FILE", document=number)
    elif compared == "seal":
        yield problem("PAPER_NOT_COMPARED", document=number)
    elif any(field.state != "confirmed" for field in document.fields.values()):
        yield problem("PAPER_DOUBTFUL", document=number)


def _compare_words(
    house: House, document: DocumentReading, data: bytes, sha256: str
) -> tuple[Difference, ...] | None:
    """Where the words of the paper's pages in a PDF are not those of the PDF that was issued; nothing where
    the file says no words that could be compared.
    """
    try:
        issued = house.blobs.get(sha256)
    except (BlobMissingError, BlobChangedError):
        return None
    read = read_words(house.sandbox, (data, issued), house.limits)
    if read is None:
        return None
    shown, printed = read
    places = [page.page for page in document.pages if page.page <= len(shown)]
    said = Counter(word for place in places for word in shown[place - 1])
    meant = Counter(word for page in printed for word in page)
    whole = all(found.code != "PAGE_MISSING" for found in document.problems)
    if (said & meant).total() < _ALIKE * (meant.total() if whole else said.total()) or not said:
        return None
    added, lacking = said - meant, meant - said if whole else Counter[str]()
    if not added and not lacking:
        return ()
    return (Difference("text", _some(lacking), _some(added)),)


def _some(words: Counter[str]) -> str:
    return " ".join(list(words.elements())[:_MOST_TOLD])
