"""What the employer gets: checked values, a sealed form, the bytes of a form issued before."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.checks import check_values
from forms.layout import normalise_values
from forms.model import Edition, Values
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.problems import Problem, has_errors
from generators.pages import draw_sealed
from intake.pages import IssuedRecord
from operations.deposits import deposit, record
from operations.house import House
from storage.audit import append_audit
from storage.schema import IssuedRow


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued now, with warnings that did not stop it."""

    document: str
    pdf: bytes
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class NotIssued:
    """Problems that keep the values from being printed."""

    problems: tuple[Problem, ...]


def issue_form(house: House, edition: Edition, values: Values, by: str) -> Issued | NotIssued:
    """Check, seal, draw and remember a form. The PDF is stored before the row that names it."""
    problems = check_values(edition, values)
    if has_errors(problems):
        return NotIssued(problems)
    spelled = normalise_values(values)
    document = number_from_entropy(secrets.token_bytes(RANDOM_BYTES))
    sealed = draw_sealed(edition, spelled, document=document, issued=house.today(), key=house.keys.issuing)
    made = deposit(house.blobs, [sealed.pdf], "application/pdf")
    with house.database.transaction() as session:
        session.add(
            IssuedRow(
                document=document,
                form=edition.form,
                edition=edition.name,
                issued=house.today().isoformat(),
                ruc=spelled.get("ruc", ""),
                branch=spelled.get("branch", ""),
                field_values=spelled,
                pdf=record(session, made, house.now()),
                issued_by=by,
            )
        )
        told = {"form": edition.form, "pdf": made.sha256}
        append_audit(session, house.now(), by, "document.issue", document, told)
    return Issued(document, sealed.pdf, problems)


def remembered_documents(session: Session, numbers: Iterable[str]) -> dict[str, IssuedRecord]:
    """The documents of these numbers that were issued, as the reader is told of them when a full symbol
    is lost.
    """
    query = select(IssuedRow).where(IssuedRow.document.in_(list(numbers)))
    return {
        row.document: IssuedRecord(row.form, row.edition, date.fromisoformat(row.issued), row.field_values)
        for row in session.scalars(query)
    }


def issued_by_employer(session: Session, ruc: str, branch: str) -> list[IssuedRow]:
    """The documents of a branch, newest first."""
    query = select(IssuedRow).where(IssuedRow.ruc == ruc, IssuedRow.branch == branch)
    return list(session.scalars(query.order_by(IssuedRow.issued.desc(), IssuedRow.document)))


def issued_pdf(house: House, document: str, by: str, ruc: str | None = None) -> bytes | None:
    """The PDF of a document; with ``ruc`` only when it is that employer's. Handing it out is an event."""
    with house.database.transaction() as session:
        row = session.get(IssuedRow, document)
        if row is None or (ruc is not None and row.ruc != ruc):
            return None
        sha256 = row.pdf
        append_audit(session, house.now(), by, "document.get", document, {"sha256": sha256})
    return house.blobs.get(sha256)
