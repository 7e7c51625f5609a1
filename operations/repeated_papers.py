"""Two papers of one kind in a case: one of them gives the values, and the others say that they do not."""

from __future__ import annotations

import msgspec

from forms.problems import problem
from intake.readings import BatchReading, DocumentReading, ProblemReading
from operations.review import answering, counts
from operations.splitting import page_key


def tell_repeated(batch: BatchReading) -> BatchReading:
    """The batch in which a document says so that counts for nothing because another of its kind came."""
    chosen = answering(batch)
    documents = tuple(
        _told(document) if counts(document) and not any(document is each for each in chosen) else document
        for document in batch.documents
    )
    return msgspec.structs.replace(batch, documents=documents)


def _told(document: DocumentReading) -> DocumentReading:
    pages = ", ".join(page_key(page) for page in document.pages)
    found = problem("DOCUMENT_NOT_COUNTED", pages=pages)
    problems = (*document.problems, ProblemReading(found.code, found.severity.value, found.message))
    return msgspec.structs.replace(document, problems=problems)
