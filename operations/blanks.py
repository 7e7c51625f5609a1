"""Filled blanks and the register: its employers help to read digits written by hand, and what nobody could
read is proposed from it for the clerk to compare with the paper.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.readings import BatchReading, DocumentReading, FieldReading
from intake.template_route import KnownEmployers
from operations.register import EmbeddedRegister
from regeneration.eligibility import EmployerRecord, Representative
from storage.schema import EmployerRow, RepresentativeRow

_HOLDERS: Final = ("representative", "grantor")
"""How the forms call the employer's representative: fields ``…_name`` and ``…_id``."""
_PROPOSED: Final = 0.5
"""Confidence of a proposal: nobody has compared it with the paper yet."""


def was_written(batch: BatchReading) -> bool:
    """Whether a number written by hand is in doubt, so that the register may help."""
    return any(
        reading.state == "doubtful" and reading.source == "handwriting"
        for document in batch.documents
        if document.route == "template"
        for reading in document.fields.values()
    )


def known_employers(session: Session) -> KnownEmployers:
    """Branches and numbers of representatives of every employer of the register, those of the past too."""
    branches = {row.ruc: tuple(row.branches) for row in session.scalars(select(EmployerRow))}
    people: dict[str, tuple[str, ...]] = {}
    for row in session.scalars(select(RepresentativeRow).order_by(RepresentativeRow.id_number)):
        people[row.ruc] = (*people.get(row.ruc, ()), row.id_number)
    return KnownEmployers(branches, people)


def propose_values(session: Session, batch: BatchReading) -> BatchReading:
    """The batch in which unread values of filled blanks are those that the register has of the RUC."""
    register = EmbeddedRegister(session)
    documents = tuple(
        _propose(document, register.employer(document.fields["ruc"].value))
        if document.route == "template" and "ruc" in document.fields
        else document
        for document in batch.documents
    )
    return msgspec.structs.replace(batch, documents=documents)


def _propose(document: DocumentReading, record: EmployerRecord | None) -> DocumentReading:
    if record is None:
        return document
    values = {"business_name": record.business_name}
    for holder in _HOLDERS:
        person = _holder(record, document.fields.get(f"{holder}_id"))
        if person is not None:
            values |= {f"{holder}_name": person.name, f"{holder}_id": person.id_number}
    fields = {
        name: msgspec.structs.replace(
            reading, value=values[name], state="doubtful", source="register", confidence=_PROPOSED
        )
        if name in values and _is_unread(reading)
        else reading
        for name, reading in document.fields.items()
    }
    return msgspec.structs.replace(document, fields=fields)


def _is_unread(reading: FieldReading) -> bool:
    """Whether something stands there that nobody could read; an empty place is left empty."""
    return reading.state == "doubtful" and not reading.value


def _holder(record: EmployerRecord, number: FieldReading | None) -> Representative | None:
    """The representative whose number was read, or the only one that there is when none could be."""
    if number is not None and number.value:
        return next((each for each in record.representatives if each.id_number == number.value), None)
    current = [each for each in record.representatives if each.until is None]
    return current[0] if len(current) == 1 else None
