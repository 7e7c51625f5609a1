"""Papers that an employer takes back: an authorization to a third party ceases to hold at once, a request is
not accepted any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.catalog.request_continuation import REQUEST_CONTINUATION, REQUEST_NUMBER
from operations.branch_sheets import NotYoursError
from operations.casework import Refusal
from operations.house import House
from operations.users import User
from storage.audit import append_audit
from storage.portal_tables import RevocationRow
from storage.schema import IssuedRow

REVOKED = "revoked"
NOT_REVOCABLE = "NOT_REVOCABLE"


def revoke(house: House, user: User, document: str) -> Refusal | None:
    """Take back a paper of the user's branch that still stands; :class:`NotYoursError`.

    One that served for a case stays as it is: the case rests on it. The sheet that a request goes on in is
    taken back with its request and never alone.
    """
    with house.database.transaction() as session:
        row = session.get(IssuedRow, document, with_for_update=True)
        if row is None or not user.owns(row.ruc, row.branch):
            raise NotYoursError(f"no document {document}")
        if row.state != "current":
            return Refusal(NOT_REVOCABLE, "Este documento ya se presentó o ya no está vigente.")
        if row.form == REQUEST_CONTINUATION.name:
            return Refusal(
                NOT_REVOCABLE, "Esta hoja se anula con su solicitud. Por favor anule la solicitud."
            )
        for each in (row, *_continuations_of(session, row)):
            each.state = REVOKED
            day = house.today().isoformat()
            session.add(RevocationRow(document=each.document, at=house.now(), day=day, by=user.name))
            append_audit(session, house.now(), user.name, "document.revoke", each.document)
    return None


def _continuations_of(session: Session, request: IssuedRow) -> Iterator[IssuedRow]:
    query = select(IssuedRow).where(
        IssuedRow.form == REQUEST_CONTINUATION.name,
        IssuedRow.ruc == request.ruc,
        IssuedRow.branch == request.branch,
        IssuedRow.state == "current",
    )
    for row in session.scalars(query).all():
        if row.field_values.get(REQUEST_NUMBER) == request.document:
            yield row


def find_revocation(session: Session, documents: Iterable[str]) -> date | None:
    """The office's day on which the first of these papers was taken back, if any was."""
    query = select(RevocationRow.day).where(RevocationRow.document.in_(list(documents)))
    return min(map(date.fromisoformat, session.scalars(query)), default=None)
