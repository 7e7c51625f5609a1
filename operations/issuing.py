"""What the employer gets: checked values, a sealed form, the bytes of a form issued before."""

from __future__ import annotations

import secrets
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
from operations.house import House
from storage.audit import append_audit
from storage.schema import BlobRow, IssuedRow


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
    with house.database.transaction() as session:
        sha256 = keep_bytes(house, session, sealed.pdf, "application/pdf")
        session.add(
            IssuedRow(
                document=document,
                form=edition.form,
                edition=edition.name,
                issued=house.today().isoformat(),
                ruc=spelled.get("ruc", ""),
                branch=spelled.get("branch", ""),
                field_values=spelled,
                pdf=sha256,
                issued_by=by,
            )
        )
        append_audit(session, house.now(), by, "document.issue", document, {"form": edition.form})
    return Issued(document, sealed.pdf, problems)


def keep_bytes(house: House, session: Session, data: bytes, media_type: str) -> str:
    """Store bytes, then their row: a blob without a row is swept later, a row without a blob cannot be."""
    sha256, size = house.blobs.put([data])
    if session.get(BlobRow, sha256) is None:
        session.add(BlobRow(sha256=sha256, size=size, media_type=media_type, stored_at=house.now()))
        session.flush()
    return sha256


def remembered_documents(session: Session) -> dict[str, IssuedRecord]:
    """Every document that was issued, as the reader is told of it when a full symbol is lost."""
    return {
        row.document: IssuedRecord(row.form, row.edition, date.fromisoformat(row.issued), row.field_values)
        for row in session.scalars(select(IssuedRow))
    }


def issued_by_employer(session: Session, ruc: str, branch: str) -> list[IssuedRow]:
    """The documents of a branch, newest first."""
    query = select(IssuedRow).where(IssuedRow.ruc == ruc, IssuedRow.branch == branch)
    return list(session.scalars(query.order_by(IssuedRow.issued.desc(), IssuedRow.document)))


def issued_pdf(house: House, document: str, ruc: str | None = None) -> bytes | None:
    """The PDF of a document; with ``ruc`` only when it is that employer's."""
    with house.database.transaction() as session:
        row = session.get(IssuedRow, document)
        if row is None or (ruc is not None and row.ruc != ruc):
            return None
        sha256 = row.pdf
    return house.blobs.get(sha256)
