"""A batch of files into documents: every page read, pages put together whatever order they came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from msgspec import UNSET

from forms.checks import check_values
from forms.problems import Problem, problem
from forms.seal import SealState
from intake.alignment import Alignment, Grey, Looks
from intake.blank_pages import is_blank
from intake.cut_pages import doubt_fault
from intake.digital_pages import SeenPage, doubt_ink_added, read_opened
from intake.double_pages import split_pages, uncover_pages
from intake.identification import Identity
from intake.letters.documents import stranger_document
from intake.letters.reading import read_stranger
from intake.letters.several_pages import letter_of_pages, place_of
from intake.limits import Limits
from intake.opening import FileFacts, OpenedPage, open_file
from intake.page_copies import REFUSING, ReadPage, best_copy, copies_of_pages
from intake.pages import PageResult, ReadingContext
from intake.readings import (
    BatchReading,
    DocumentReading,
    FieldReading,
    FileReading,
    Outcome,
    PageReading,
    ProblemReading,
    Route,
    SealReading,
)

_MOST_STRANGERS: Final = 30
"""Pages of a file, none of them ours, whose text is read; a letter or an annex has no more."""


def read_batch(
    files: Sequence[tuple[str, bytes]], context: ReadingContext, limits: Limits | None = None
) -> BatchReading:
    """Read all files as one batch. Nothing that a file holds makes this raise."""
    bounds = limits or Limits()
    return assemble(*read_files(files, context, bounds))


def read_files(
    files: Sequence[tuple[str, bytes]],
    context: ReadingContext,
    limits: Limits,
    look: Callable[[str, int, Grey, PageResult], None] | None = None,
) -> tuple[list[FileReading], list[ReadPage]]:
    """The facts of all files and their pages, read. ``look`` is shown each page while its image is there."""
    described: list[FileReading] = []
    pages: list[ReadPage] = []
    for name, data in files:
        facts, found = read_file(name, data, context, limits, look)
        described.append(facts)
        pages += found
    return described, pages


def read_file(
    name: str,
    data: bytes,
    context: ReadingContext,
    limits: Limits,
    look: Callable[[str, int, Grey, PageResult], None] | None = None,
) -> tuple[FileReading, list[ReadPage]]:
    """The facts of one file and all of its pages that could be decoded, read."""
    facts, opened = open_file(data, name, limits)
    problems: list[Problem] = list(facts.problems)
    pages: list[ReadPage] = []
    strangers = 0
    for page in opened:
        problems += page.problems
        if page.image is None:
            continue
        for seen in _pages_on(page, page.image, facts, context):
            result = seen.result
            blank = result.identity is None and not page.text.strip() and is_blank(seen.image)
            unknown = result.identity is None and result.alignment is None and not blank
            if unknown and strangers < _MOST_STRANGERS:
                strangers += 1
                result = replace(read_stranger(result, page, seen.image, facts), part=result.part)
                if page.drawn_over:
                    result = doubt_ink_added(result, page)
            cut = bool(page.problems)
            if cut:
                result = doubt_fault(result, damaged=page.damaged)
            if look is not None:
                look(name, page.number, seen.image, result)
            if blank:
                problems.append(_nothing_seen(page, name))
                continue
            pages.append(ReadPage(name, page.number, result, cut, cut and page.damaged))
    return _file_reading(facts, problems), pages


def _nothing_seen(page: OpenedPage, file: str) -> Problem:
    """A blank page is left out; of one that arrived in part or damaged nobody knows whether it is blank."""
    if not page.problems:
        return problem("PAGE_BLANK", page=page.number, file=file)
    reason = "la imagen está dañada" if page.damaged else "en la parte que llegó de la imagen no hay nada"
    return problem("PAGE_UNREADABLE", page=page.number, file=file, reason=reason)


def _pages_on(page: OpenedPage, image: Grey, facts: FileFacts, context: ReadingContext) -> Iterator[SeenPage]:
    """The pages of paper that one page of a file shows, read: mostly one; two on an A3 scan, or where a
    program printed two to a sheet.
    """
    looks = Looks(image)
    seen = read_opened(page, looks, facts, context)
    parts = list(_parts(page, looks, seen.result.alignment))
    if not parts:
        yield seen
    for number, (part, picture) in enumerate(parts, start=1):
        again = read_opened(part, Looks(picture), facts, context)
        yield replace(again, result=replace(again.result, part=number))


def _parts(page: OpenedPage, looks: Looks, alignment: Alignment | None) -> Iterator[tuple[OpenedPage, Grey]]:
    """Each of several pages on an image with its picture; nothing where there is one."""
    if page.drawn is None:
        yield from ((page, picture) for picture in split_pages(looks, alignment, page.dpi))
        return
    stored = page.drawn.as_stored
    alone = replace(page, drawn=replace(page.drawn, as_stored=None, as_printed=None))
    for picture in uncover_pages(looks if stored is None else stored, alignment):
        yield alone, picture


def _file_reading(facts: FileFacts, problems: Iterable[Problem]) -> FileReading:
    return FileReading(facts.name, facts.sha256, facts.media_type, facts.pages, as_readings(problems))


def as_readings(problems: Iterable[Problem]) -> tuple[ProblemReading, ...]:
    """Problems in the shape of the JSON."""
    return tuple(
        ProblemReading(
            found.code, found.severity.value, found.message, UNSET if found.field is None else found.field
        )
        for found in problems
    )


def assemble(files: Sequence[FileReading], pages: Sequence[ReadPage]) -> BatchReading:
    """Documents in the order in which their first page came; foreign pages stand by themselves, but for those
    that go on with a letter.
    """
    groups: dict[str, list[ReadPage]] = {}
    moved: set[str] = set()
    before = ""
    for place, page in enumerate(pages):
        identity = page.result.identity
        key = identity.document if identity and identity.document else f"#{place}"
        found = _place_in(groups[before], page) if identity is None and before else None
        if found is not None:
            key = before
        group = groups.setdefault(key, [])
        if found is not None and found < len(group):
            moved.add(key)
        group.insert(len(group) if found is None else found, page)
        before = key if identity is None else ""
    documents = (_document(group, moved=key in moved) for key, group in groups.items())
    return BatchReading(tuple(files), tuple(documents))


def _place_in(group: Sequence[ReadPage], page: ReadPage) -> int | None:
    return place_of([each.result for each in group], page.result)


def _document(group: Sequence[ReadPage], *, moved: bool = False) -> DocumentReading:
    """The document of a group of pages in their order; ``moved`` where they came in another."""
    identity = group[0].result.identity
    if identity is None:
        whole = group[0].result if len(group) == 1 else _joined(group)
        if moved:
            whole = replace(
                whole, problems=(problem("PAGES_REORDERED", first=group[0].name), *whole.problems)
            )
        return stranger_document([_page_reading(page) for page in group], whole)
    copies = copies_of_pages(group)
    ordered = [best_copy(scans) for _, scans in sorted(copies.items())]
    identity = ordered[0].result.identity or identity
    problems = _page_count_problems(copies, identity)
    fields: dict[str, FieldReading] = {}
    for page in ordered:
        fields |= page.result.fields
        problems += page.result.problems
    problems += _value_problems(identity, fields)
    signatures = {name: found for page in ordered for name, found in page.result.signatures.items()}
    outside = tuple(mark for page in ordered for mark in page.result.marks_outside)
    edition = identity.edition
    return DocumentReading(
        form=edition.form if edition else identity.content.form if identity.content else UNSET,
        edition=edition.name if edition else identity.content.edition if identity.content else UNSET,
        document=identity.document or UNSET,
        issued=identity.issued.isoformat() if identity.issued else UNSET,
        pages=tuple(_page_reading(page) for page in ordered),
        route=_route(ordered, identity),
        outcome=_outcome(identity, fields, problems, cut=any(page.cut for page in ordered)),
        seal=SealReading(identity.state.value),
        fields=fields,
        signatures=signatures,
        marks_outside=outside,
        problems=as_readings(problems),
        electronic_signatures=tuple(dict.fromkeys(found for page in ordered for found in page.result.signed)),
    )


def _joined(group: Sequence[ReadPage]) -> PageResult:
    """What the pages of one letter say together, in doubt where a fault of a picture may be the cause."""
    whole = letter_of_pages([page.result for page in group])
    faulty = any(page.cut for page in group)
    return doubt_fault(whole, damaged=any(page.damaged for page in group)) if faulty else whole


def _route(pages: Sequence[ReadPage], identity: Identity) -> Route:
    if all(page.result.digital for page in pages):
        return "digital"
    return "sealed" if identity.document else "template"


def _page_count_problems(copies: Mapping[int, Sequence[ReadPage]], identity: Identity) -> list[Problem]:
    """What is missing of a document, and what came more than once."""
    document = identity.document or "—"
    twice = [
        problem("PAGE_DUPLICATE", page=number, document=document)
        for number, scans in copies.items()
        for _ in scans[1:]
    ]
    missing = [
        problem("PAGE_MISSING", page=number, pages=identity.pages, document=document)
        for number in range(1, identity.pages + 1)
        if number not in copies
    ]
    return twice + missing


def _value_problems(identity: Identity, fields: dict[str, FieldReading]) -> list[Problem]:
    """The form's own checks on what was read; a page whose values nobody read has none. What is there but
    nobody could read is in doubt, not missing.
    """
    if identity.edition is None or not fields:
        return []
    found = check_values(identity.edition, {name: reading.value for name, reading in fields.items()})
    unread = {name for name, reading in fields.items() if reading.state == "doubtful" and not reading.value}
    return [fault for fault in found if fault.code != "FIELD_MISSING" or fault.field not in unread]


def _outcome(
    identity: Identity, fields: dict[str, FieldReading], problems: Sequence[Problem], *, cut: bool
) -> Outcome:
    codes = {found.code for found in problems}
    if codes & REFUSING:
        return "refused"
    clean = identity.state is SealState.VALID and all(found.state == "confirmed" for found in fields.values())
    harmless = {"RUC_CHECK_DIGIT", "RUC_NOT_ELIGIBLE"}
    return "read" if clean and not cut and not codes - harmless else "review"


def _page_reading(page: ReadPage) -> PageReading:
    result = page.result
    return PageReading(page.file, page.number, result.turn, result.dpi, result.part)
