"""One box for everything: a scanned symbol, a typed short code, a case, a RUC, an ID, or words.

What a hand scanner types is believed only when its seal is ours. A scanner set to another keyboard than the
computer types other signs for the same symbol; the seal tells when putting them back was right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forms.numbers import parse_number
from forms.problems import Problem, problem
from forms.seal import (
    BLANK_PREFIX,
    DEFLATED_PREFIX,
    RAW_PREFIX,
    SMALL_PREFIX,
    SealState,
    open_blank,
    open_seal,
    open_small,
)
from operations.casework import format_case_number
from operations.desk import DeskCase, as_desk_case
from operations.house import House
from operations.personal_data import note_search
from operations.review import reading_of
from storage.audit import append_audit
from storage.schema import CaseRow, DocumentRow, IssuedRow
from storage.search import search_documents, wanted_words

_PREFIXES: Final = (DEFLATED_PREFIX, RAW_PREFIX, SMALL_PREFIX, BLANK_PREFIX)
_SPANISH_KEYS: Final = str.maketrans({"'": "-", "-": "/", "Ñ": ":", "(": "*", "¿": "+", "¡": "+", "·": "$"})
"""Signs that a scanner set to a US keyboard makes on a computer set to a Spanish one, and what was meant."""
_CASE: Final = re.compile(r"(\d{4})-?(\d{6})-?(\d)")
_FOUND: Final = 300
_CASES: Final = 50
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class CaseHit:
    """The one case that was meant."""

    number: str


@dataclass(frozen=True, slots=True)
class PaperHit:
    """The one paper that was meant; no case has it yet."""

    document: str


@dataclass(frozen=True, slots=True)
class Hits:
    """Several cases and papers fit, or none."""

    cases: tuple[DeskCase, ...]
    papers: tuple[IssuedRow, ...]


Answer = CaseHit | PaperHit | Hits | Problem


def find_anything(house: House, asked: str, by: str) -> Answer:
    """What was meant by what was typed or scanned; asking is an event of the audit trail."""
    symbol = _read_symbol(house, asked)
    if isinstance(symbol, Problem):
        return symbol
    text = symbol or " ".join(asked.split())
    document = parse_number(text)
    with house.database.transaction() as session:
        note_search(house, session, by, "desk.find", document or text)
        if document is not None:
            return _find_paper(session, document)
        case = _find_case(session, text)
        return case if case is not None else _find_by_words(house, session, text)


def _read_symbol(house: House, asked: str) -> str | Problem | None:
    """The document number of a scanned symbol; nothing when the text is none of ours."""
    typed = asked.strip("\r\n\t").upper()
    spellings = (typed, typed.strip(), typed.translate(_SPANISH_KEYS), typed.strip().translate(_SPANISH_KEYS))
    ours = [each for each in spellings if each.startswith(_PREFIXES)]
    for candidate in ours:
        if (number := _sealed_number(house, candidate)) is not None:
            return number
    if not ours:
        return None
    blank = any(open_blank(each) is not None for each in ours)
    return problem("SYMBOL_OF_BLANK" if blank else "SYMBOL_NOT_OURS")


def _sealed_number(house: House, text: str) -> str | None:
    ring = house.keys.ring
    state, content = open_small(text, ring) if text.startswith(SMALL_PREFIX) else open_seal(text, ring)
    return content.document if state is SealState.VALID and content is not None else None


def _find_paper(session: Session, document: str) -> CaseHit | PaperHit | Problem:
    row = session.get(IssuedRow, document)
    if row is None:
        return problem("DOCUMENT_UNKNOWN", document=document)
    if row.case_number:
        return CaseHit(row.case_number)
    number = _case_that_read(session, row)
    return CaseHit(number) if number else PaperHit(document)


def _case_that_read(session: Session, paper: IssuedRow) -> str | None:
    """The newest case that has the paper without being accepted yet; one whose RUC is in doubt has none."""
    query = select(CaseRow.number).where(or_(CaseRow.ruc == paper.ruc, CaseRow.ruc == ""))
    for number in session.scalars(query.order_by(CaseRow.received_at.desc()).limit(_CASES)):
        reading = reading_of(session, number)
        if reading and any(each.document == paper.document for each in reading.documents):
            return number
    return None


def _find_case(session: Session, text: str) -> CaseHit | Problem | None:
    match = _CASE.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    number = "-".join(match.groups())
    if session.get(CaseRow, number) is not None:
        return CaseHit(number)
    if "-" not in text:
        return None  # eleven digits may be the beginning of a RUC
    right = format_case_number(int(match[1]), int(match[2])) == number
    return problem("CASE_UNKNOWN" if right else "CASE_NUMBER_WRONG", number=number)


def _find_by_words(house: House, session: Session, text: str) -> Hits | Problem:
    if len(text) < _SHORTEST:
        return problem("SEARCH_TOO_SHORT")
    ids = search_documents(session, wanted_words(text), _FOUND)
    numbers = set(session.scalars(select(DocumentRow.case_number).where(DocumentRow.id.in_(ids))))
    fitting = or_(CaseRow.number.in_(numbers), CaseRow.ruc == text)
    rows = session.scalars(select(CaseRow).where(fitting).order_by(CaseRow.received_at.desc()).limit(_CASES))
    cases = tuple(as_desk_case(house, row) for row in rows)
    own = IssuedRow.case_number.is_(None) & (IssuedRow.ruc == text)
    papers = session.scalars(select(IssuedRow).where(own).order_by(IssuedRow.issued.desc()).limit(_CASES))
    return Hits(cases, tuple(papers))


def view_paper(house: House, document: str, by: str) -> IssuedRow | None:
    """A paper that we issued, for the clerk who has it in hand; looking at it is an event."""
    with house.database.transaction() as session:
        row = session.get(IssuedRow, document)
        if row is not None:
            append_audit(session, house.now(), by, "document.view", document)
        return row
