"""Pages of no form of ours as documents: a letter stands for a request, the rest are annexes of the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import UNSET

from forms.problems import Problem, problem
from intake.letters.reading import REQUEST
from intake.pages import PageResult
from intake.readings import DocumentReading, PageReading, ProblemReading, SealReading

_ABSENT: Final = SealReading("absent")


def stranger_document(pages: Sequence[PageReading], result: PageResult) -> DocumentReading:
    """The document that pages make of which ``result`` is what they say together: several of a letter, else
    one. A letter has no edition and is always for the clerk to review.
    """
    letter = result.stranger == "letter"
    return DocumentReading(
        form=REQUEST if letter else UNSET,
        edition=UNSET,
        document=UNSET,
        issued=UNSET,
        pages=tuple(pages),
        route="letter" if letter else "annex",
        outcome="review",
        seal=_ABSENT,
        fields=dict(result.fields),
        signatures=dict(result.signatures) if letter else {},
        marks_outside=result.marks_outside,
        problems=tuple(_as_reading(found) for found in _problems(pages[0], result)),
        electronic_signatures=result.signed,
    )


def _problems(page: PageReading, result: PageResult) -> tuple[Problem, ...]:
    """What the page itself told; of an annex that nobody could place, that it is one."""
    match result.stranger:
        case "letter" | "foreigner-copy":
            return result.problems
        case "cedula-copy":
            return (*result.problems, problem("UNNEEDED_PERSONAL_DATA", page=page.page))
        case _:
            return (*result.problems, problem("PAGE_FOREIGN", page=page.page, file=page.file))


def _as_reading(found: Problem) -> ProblemReading:
    return ProblemReading(
        found.code, found.severity.value, found.message, UNSET if found.field is None else found.field
    )
