"""What the employer gets: checked values, a sealed form, the bytes of a form issued before."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.catalog.request_continuation import REQUEST_CONTINUATION
from forms.checks import check_values
from forms.continuation import check_sheets, has_continuation, on_two_sheets
from forms.layout import normalise_values
from forms.model import Edition, Values
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.problems import Problem, has_errors
from generators.binding import bind
from generators.pages import draw_sealed
from intake.number_proof import RecentDocument
from intake.pages import IssuedRecord
from operations.deposits import Deposit, deposit, record
from operations.house import House
from operations.users import User
from storage.audit import append_audit
from storage.schema import IssuedRow

_FOR_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
"""What the trail says of who acts in their own name."""
_LATEST: Final = 4000
"""Documents that a paper is compared with: 60 ms, and by chance one page in 3 million is taken for one of
them (``intake.number_proof``).
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued now, with warnings that did not stop it. ``continuation`` is the number of
    the sheet in which a long petition goes on; it is in the same PDF.
    """

    document: str
    pdf: bytes
    problems: tuple[Problem, ...]
    continuation: str | None = None


@dataclass(frozen=True, slots=True)
class NotIssued:
    """Problems that keep the values from being printed."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sealed form whose PDF is stored and that is not issued until :func:`record_form` says so."""

    document: str
    pdf: bytes
    problems: tuple[Problem, ...]
    edition: Edition
    values: Values
    made: Deposit


def draw_form(house: House, edition: Edition, values: Values) -> Drawn | NotIssued:
    """Check, seal, draw and store a form, outside any transaction."""
    problems = check_values(edition, values, house.today())
    if has_errors(problems):
        return NotIssued(problems)
    spelled, document = normalise_values(values), _new_number()
    pdf = _draw(house, edition, spelled, document)
    return Drawn(document, pdf, problems, edition, spelled, deposit(house.blobs, [pdf], "application/pdf"))


def _draw_two(house: House, edition: Edition, values: Values) -> tuple[Drawn, Drawn] | NotIssued:
    """A request and the sheet that its petition goes on in, stored as one PDF."""
    problems = check_sheets(edition, values, house.today())
    if has_errors(problems):
        return NotIssued(problems)
    first, second, other = _new_number(), _new_number(), REQUEST_CONTINUATION.current
    sheets = on_two_sheets(edition, values, request=first, continuation=second)
    pages = (
        _draw(house, edition, sheets.request, first),
        _draw(house, other, sheets.continuation, second),
    )
    pdf = bind(pages)
    made = deposit(house.blobs, [pdf], "application/pdf")
    return (
        Drawn(first, pdf, problems, edition, sheets.request, made),
        Drawn(second, pdf, (), other, sheets.continuation, made),
    )


def _draw(house: House, edition: Edition, values: Values, document: str) -> bytes:
    return draw_sealed(edition, values, document=document, issued=house.today(), key=house.keys.issuing).pdf


def _new_number() -> str:
    return number_from_entropy(secrets.token_bytes(RANDOM_BYTES))


def record_form(
    house: House,
    session: Session,
    drawn: Drawn,
    by: str,
    case_number: str | None = None,
    acting: Mapping[str, str] = _FOR_NOBODY,
) -> str:
    """Issue a drawn form with the caller's transaction; the SHA-256 of its PDF."""
    pdf = record(session, drawn.made, house.now())
    session.add(
        IssuedRow(
            document=drawn.document,
            form=drawn.edition.form,
            edition=drawn.edition.name,
            issued=house.today().isoformat(),
            ruc=drawn.values.get("ruc", ""),
            branch=drawn.values.get("branch", ""),
            field_values=drawn.values,
            pdf=pdf,
            issued_by=by,
            case_number=case_number,
        )
    )
    told = {"form": drawn.edition.form, "pdf": pdf, **acting}
    append_audit(session, house.now(), by, "document.issue", drawn.document, told)
    return pdf


def issue_form(
    house: House, edition: Edition, values: Values, by: str, acting: Mapping[str, str] = _FOR_NOBODY
) -> Issued | NotIssued:
    """Check, seal, draw and remember a form, and the sheet that a petition goes on in where it is longer
    than its box. The PDF is stored before the rows that name it. ``acting`` says in the trail for whom.
    """
    drawn: tuple[Drawn, ...] | NotIssued
    if has_continuation(edition, values):
        drawn = _draw_two(house, edition, values)
    else:
        alone = draw_form(house, edition, values)
        drawn = alone if isinstance(alone, NotIssued) else (alone,)
    if isinstance(drawn, NotIssued):
        return drawn
    with house.database.transaction() as session:
        for each in drawn:
            record_form(house, session, each, by, acting=acting)
    first, *rest = drawn
    return Issued(first.document, first.pdf, first.problems, rest[0].document if rest else None)


def remembered_documents(session: Session, numbers: Iterable[str]) -> dict[str, IssuedRecord]:
    """The documents of these numbers that were issued, as the reader is told of them when a full symbol
    is lost.
    """
    query = select(IssuedRow).where(IssuedRow.document.in_(list(numbers)))
    return {
        row.document: IssuedRecord(row.form, row.edition, date.fromisoformat(row.issued), row.field_values)
        for row in session.scalars(query)
    }


def latest_documents(session: Session) -> tuple[RecentDocument, ...]:
    """The documents that were issued last: one of them is most likely a paper that nothing names. Used ones
    are among them, for a paper that comes again must be known again.
    """
    columns = select(IssuedRow.document, IssuedRow.form, IssuedRow.edition)
    newest = columns.order_by(IssuedRow.issued.desc(), IssuedRow.document).limit(_LATEST)
    return tuple(RecentDocument(*row) for row in session.execute(newest))


def issued_by_employer(session: Session, user: User) -> list[IssuedRow]:
    """The documents of the user's branch, newest first."""
    query = select(IssuedRow).where(IssuedRow.ruc == user.ruc, IssuedRow.branch == user.branch)
    rows = session.scalars(query.order_by(IssuedRow.issued.desc(), IssuedRow.document))
    return [row for row in rows if user.owns(row.ruc, row.branch)]


def issued_pdf(house: House, document: str, by: str, owner: User | None = None) -> bytes | None:
    """The PDF of a document; with ``owner`` only when it is of that employer's branch. Handing it out is an
    event.
    """
    with house.database.transaction() as session:
        row = session.get(IssuedRow, document)
        if row is None or (owner is not None and not owner.owns(row.ruc, row.branch)):
            return None
        sha256 = row.pdf
        told = {"sha256": sha256} | (owner.acting if owner is not None else {})
        append_audit(session, house.now(), by, "document.get", document, told)
    return house.blobs.get(sha256)
