"""Letters held against the register: what three independent data agree on needs no clerk to look at it."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy.orm import Session

from intake.cut_pages import MOST_OF_DAMAGED
from intake.readings import BatchReading, DocumentReading, FieldReading
from operations.register import EmbeddedRegister
from regeneration.eligibility import EmployerRecord, fold_name

_SURE: Final = 0.9999
_LIKELY: Final = 0.999


def confirm_letters(session: Session, batch: BatchReading) -> BatchReading:
    """The batch with what the register confirms of its letters."""
    register = EmbeddedRegister(session)
    documents = tuple(
        confirm_letter(document, register.employer(document.fields["ruc"].value))
        if document.route == "letter" and "ruc" in document.fields
        else document
        for document in batch.documents
    )
    return msgspec.structs.replace(batch, documents=documents)


def confirm_letter(document: DocumentReading, record: EmployerRecord | None) -> DocumentReading:
    """A letter with the data confirmed that agree with the register in three ways: RUC, business name and
    the representative's number. One that only agrees with the RUC proves nothing, since a misread number may
    be another employer's.
    """
    if record is None:
        return document
    said = {name: reading.value for name, reading in document.fields.items()}
    people = [each for each in record.representatives if each.id_number == said.get("representative_id")]
    if not people or fold_name(record.business_name) != fold_name(said.get("business_name", "")):
        return document
    sure = {"ruc", "business_name", "representative_id", "representative_id_kind"}
    if any(fold_name(each.name) == fold_name(said.get("representative_name", "")) for each in people):
        sure.add("representative_name")
    fields = {
        name: _confirmed(reading) if name in sure and reading.value else reading
        for name, reading in document.fields.items()
    }
    branch = fields.get("branch")
    # Of a damaged picture a branch may be another one of the same employer: nothing else speaks for it.
    seen_well = branch is not None and branch.confidence > MOST_OF_DAMAGED
    if branch is not None and seen_well and branch.value in record.branches and branch.state == "doubtful":
        fields["branch"] = msgspec.structs.replace(
            branch, state="read", confidence=max(branch.confidence, _LIKELY)
        )
    settled = {name for name, reading in fields.items() if reading.state in {"confirmed", "read"}}
    problems = tuple(
        found
        for found in document.problems
        if not (found.code == "FIELD_DOUBTFUL" and found.field in settled)
    )
    return msgspec.structs.replace(document, fields=fields, problems=problems)


def _confirmed(reading: FieldReading) -> FieldReading:
    return msgspec.structs.replace(reading, state="confirmed", source="register", confidence=_SURE)
