"""The sheet that a long petition goes on in: whether it came with the request that names it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from forms.continuation import PETITION, named_continuation
from forms.problems import problem
from intake.readings import BatchReading, DocumentReading, ProblemReading
from operations.review import CONTINUATION, REQUEST, counts


def lacking_continuation(petition: str, documents: Sequence[DocumentReading]) -> str | None:
    """The number of the sheet in which the petition goes on, where no document that counts is that sheet."""
    named = named_continuation(petition)
    there = {each.document for each in documents if each.form == CONTINUATION and counts(each)}
    return None if named in there else named


def tell_lacking(batch: BatchReading) -> BatchReading:
    """The batch in which a request says that the sheet which it names did not come."""
    return msgspec.structs.replace(
        batch, documents=tuple(_tell_one(document, batch) for document in batch.documents)
    )


def _tell_one(document: DocumentReading, batch: BatchReading) -> DocumentReading:
    if document.form != REQUEST or PETITION not in document.fields or document.outcome == "refused":
        return document
    lacking = lacking_continuation(document.fields[PETITION].value, batch.documents)
    if lacking is None:
        return document
    found = problem("CONTINUATION_MISSING", document=lacking)
    problems = (*document.problems, ProblemReading(found.code, found.severity.value, found.message))
    return msgspec.structs.replace(document, problems=problems, outcome="review")
