"""A scan of many cases, shared out: each request with the papers that are its own, and what is nobody's.

One case is one sheet, so a batch with several requests is several cases of the same original bytes. Papers
of one case lie together in a stack: an annex goes with the request before it, an authorization or a
continuation with the request that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from forms.catalog.request_continuation import REQUEST_NUMBER
from forms.continuation import PETITION, named_continuation
from forms.problems import problem
from intake.readings import BatchReading, DocumentReading, PageReading, ProblemReading, page_name
from operations.review import AUTHORIZATION, CONTINUATION, REQUEST

_MUST_AGREE: Final = (("ruc", "ruc"), ("branch", "branch"), ("grantor_id", "representative_id"))
"""Fields of an authorization and those of the request that they must repeat for both to be of one case."""

Place = tuple[int, int, int]
"""Where a document begins: the place of its file in the batch, the page and the part of it."""


def page_key(page: PageReading) -> str:
    """The name by which a page of a case's originals is told apart, as its picture is called."""
    return page_name(page.file, page.page, page.part)


def page_keys(batch: BatchReading) -> set[str]:
    """The names of all pages of the batch's documents."""
    return {page_key(page) for document in batch.documents for page in document.pages}


def leave_out(batch: BatchReading, elsewhere: Iterable[str]) -> BatchReading:
    """The batch without the documents whose pages are all of other cases."""
    gone = set(elsewhere)
    kept = [
        document
        for document in batch.documents
        if not document.pages or any(page_key(page) not in gone for page in document.pages)
    ]
    return msgspec.structs.replace(batch, documents=tuple(kept))


def share_out(batch: BatchReading) -> tuple[BatchReading, ...]:
    """The batch of each case: the first is of the case that was received, with all that is nobody's."""
    starts = _find_starts(batch)
    requests = [place for place, document in enumerate(batch.documents) if document.form == REQUEST]
    requests.sort(key=starts.__getitem__)
    if len(requests) < 2:
        return (batch,)
    owned: dict[int, list[DocumentReading]] = {place: [] for place in requests}
    for place, document in enumerate(batch.documents):
        owner = place if place in owned else _find_owner(batch, place, requests, starts)
        if owner is None:
            owned[requests[0]].append(_unclaimed(document))
        else:
            owned[owner].append(document)
    return tuple(_part(batch, owned[place]) for place in requests)


def _find_starts(batch: BatchReading) -> list[Place]:
    files = {file.name: place for place, file in enumerate(batch.files)}
    nowhere = (len(files), 0, 0)
    return [
        min(
            ((files.get(page.file, len(files)), page.page, page.part) for page in document.pages),
            default=nowhere,
        )
        for document in batch.documents
    ]


def _find_owner(
    batch: BatchReading, place: int, requests: Sequence[int], starts: Sequence[Place]
) -> int | None:
    """The request that the document at ``place`` belongs to, by its place in ``batch.documents``."""
    document, start = batch.documents[place], starts[place]
    if document.form == AUTHORIZATION:
        fitting = [each for each in requests if _agree(document, batch.documents[each])]
        before = [each for each in fitting if starts[each] < start]
        return before[-1] if before else fitting[0] if fitting else None
    if document.form == CONTINUATION:
        return next((each for each in requests if _goes_on_in(batch.documents[each], document)), None)
    before = [each for each in requests if starts[each] < start and starts[each][0] == start[0]]
    return before[-1] if before else None


def _agree(authorization: DocumentReading, request: DocumentReading) -> bool:
    return all(
        own in authorization.fields
        and other in request.fields
        and authorization.fields[own].value == request.fields[other].value
        for own, other in _MUST_AGREE
    )


def _goes_on_in(request: DocumentReading, continuation: DocumentReading) -> bool:
    """Whether either of the two sheets names the other."""
    named = continuation.fields.get(REQUEST_NUMBER)
    petition = request.fields.get(PETITION)
    to = petition is not None and named_continuation(petition.value) == continuation.document
    return to or (named is not None and named.value == request.document)


def _unclaimed(document: DocumentReading) -> DocumentReading:
    """A document that no request of the batch claims says so; the clerk decides what it is."""
    pages = ", ".join(page_key(page) for page in document.pages)
    found = problem("DOCUMENT_UNCLAIMED", pages=pages)
    problems = (*document.problems, ProblemReading(found.code, found.severity.value, found.message))
    return msgspec.structs.replace(document, problems=problems, outcome="review")


def _part(batch: BatchReading, documents: Sequence[DocumentReading]) -> BatchReading:
    """The documents of one case, with the files that their pages are of."""
    names = {page.file for document in documents for page in document.pages}
    files = tuple(file for file in batch.files if file.name in names)
    return msgspec.structs.replace(batch, files=files, documents=tuple(documents))
