"""Letters of several pages: when a page goes on with the letter before it, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from intake.letters.extraction import extract
from intake.letters.reading import SIGNATURE, is_letter, letter_result
from intake.letters.text import LetterText, fold, runs_over
from intake.pages import PageResult

_FOOT: Final = 2
"""Lines at the foot of a page, or at the head of the next, that may count the pages."""
_HEAD: Final = 6
"""Lines in which a letter says whom it is for."""
_ADDRESSEE: Final = re.compile(
    r"^\W*(?:senor(?:a|es|ita)?s?|sres|srs|estimad[oa]s?|a\s+quien|atencion|de\s+(?:mi|nuestra)s?\s+consideracion)\b"
)
_FIRST_OF_SEVERAL: Final = re.compile(r"\b1\s*(?:de|/)\s*[2-9]\b|\bpasa\b|\bcontinua\b|^\W*[./]{2,}\W*$")
_COUNTED: Final = re.compile(
    r"^\W*(?:pag(?:ina)?\b\.?|hoja)?\s*([1-9])\s*(?:de|/)\s*([2-9])\W*$|"
    r"\b(?:pag(?:ina)?\b\.?|hoja)\s*([1-9])\s*(?:de|/)\s*([2-9])\b"
)
"""Which page of how many a line says that this is."""
_LATER_OF_SEVERAL: Final = re.compile(
    r"\b([2-9])\s*(?:de|/)\s*\1\b|\b2\s*(?:de|/)\s*[3-9]\b|\bviene\b|^\W*[./]{2,}"
)
_OF_PICTURES: Final = frozenset({"PAGE_DRAWN_OVER"})
"""Problems of a page that have nothing to do with what it says."""


def goes_on(before: Sequence[PageResult], after: PageResult) -> bool:
    """Whether a page goes on with the letter that ``before`` begins.

    The letter must not have taken leave, the page must be for nobody else, and something must tell that they
    belong together: counted pages, a sentence that runs over, or leave that is taken on the page.
    """
    texts = [page.written for page in (*before, after) if page.written is not None and page.written.lines]
    if len(texts) != len(before) + 1:
        return False
    last, next_ = texts[-2:]
    if _takes_leave(last) or _is_addressed(next_):
        return False
    takes_leave = _takes_leave(next_)
    # A page that is a letter by itself may be another's: only what is no letter without it needs it.
    incomplete = before[-1].stranger != "letter"
    alone = after.stranger == "letter"
    together = (takes_leave and (incomplete or not alone)) or (
        incomplete and alone and _is_addressed(texts[0])
    )
    if not (together or _are_counted(last, next_) or runs_over(last.lines[-1], next_.lines[0])):
        return False
    return is_letter(extract(joined(texts))) and not _of_two_employers(texts)


def place_of(before: Sequence[PageResult], page: PageResult) -> int | None:
    """Where a page goes among those of the letter in ``before``: at their end, or, if counted pages or a
    sentence that runs over prove that they came in another order, before one of them.
    """
    texts = [each.written for each in (*before, page) if each.written is not None and each.written.lines]
    if len(texts) != len(before) + 1:
        return None
    counted = _place_by_count(texts[:-1], texts[-1])
    if counted is not None and counted < len(before):
        return counted if _make_letter([*texts[:counted], texts[-1], *texts[counted:-1]]) else None
    if goes_on(before, page):
        return len(before)
    return 0 if _runs_over_to(texts[-1], texts[:-1]) and _make_letter([texts[-1], *texts[:-1]]) else None


def _place_by_count(before: Sequence[LetterText], page: LetterText) -> int | None:
    """Where a page stands by its count, where all of them are counted and none twice."""
    counts = [_count_of(text) for text in (*before, page)]
    numbers = [count[0] for count in counts if count is not None]
    totals = {count[1] for count in counts if count is not None}
    if len(numbers) != len(counts) or len(totals) != 1 or len(set(numbers)) != len(numbers):
        return None
    return sum(number < numbers[-1] for number in numbers)


def _count_of(text: LetterText) -> tuple[int, int] | None:
    """Which page of how many a page says that it is; nothing where it says two things."""
    ends = [fold(line.text) for line in (*text.lines[:_FOOT], *text.lines[-_FOOT:])]
    found = {
        (int(count[1] or count[3]), int(count[2] or count[4]))
        for count in map(_COUNTED.search, ends)
        if count
    }
    plain = {(number, total) for number, total in found if number <= total}
    return plain.pop() if len(plain) == 1 else None


def _runs_over_to(first: LetterText, rest: Sequence[LetterText]) -> bool:
    """Whether a page that is for somebody and takes no leave ends in a sentence that goes on in the next."""
    if not _is_addressed(first) or _is_addressed(rest[0]) or _takes_leave(first):
        return False
    numbers = [count[0] for count in map(_count_of, (first, rest[0])) if count is not None]
    if len(numbers) == 2 and numbers[0] >= numbers[1]:
        return False
    last = next((line for line in reversed(first.lines) if not _only_counts(line.text)), first.lines[-1])
    next_ = next((line for line in rest[0].lines if not _only_counts(line.text)), rest[0].lines[0])
    return _takes_leave(rest[-1]) and runs_over(last, next_)


def _takes_leave(text: LetterText) -> bool:
    return text.closing is not None and text.closing.said


def _make_letter(texts: Sequence[LetterText]) -> bool:
    """Whether pages are a letter together, none but the last takes leave, and all are of one employer."""
    leaves = any(map(_takes_leave, texts[:-1])) or any(map(_is_addressed, texts[1:]))
    return not leaves and is_letter(extract(joined(texts))) and not _of_two_employers(texts)


def letter_of_pages(pages: Sequence[PageResult]) -> PageResult:
    """What the pages of one letter say together. Its signature is that of the last page; what is told of
    one page as a picture is told of the letter.
    """
    text = joined([page.written for page in pages if page.written is not None])
    signature = msgspec.structs.replace(pages[-1].signatures[SIGNATURE], page=len(pages))
    digital = all(page.digital for page in pages)
    letter = letter_result(replace(pages[0], written=text), extract(text), signature, digital=digital)
    told = dict.fromkeys(found for page in pages for found in page.problems if found.code in _OF_PICTURES)
    return replace(letter, problems=(*letter.problems, *told))


def joined(texts: Sequence[LetterText]) -> LetterText:
    """The texts of a letter's pages as one; the lines that only count them are left out."""
    lines = [
        replace(line, page=number)
        for number, text in enumerate(texts, start=1)
        for line in text.lines
        if not _only_counts(line.text)
    ]
    return LetterText(tuple(lines))


def _only_counts(line: str) -> bool:
    return re.fullmatch(r"\W*(?:pag(?:ina)?\.?\s*)?\d{1,2}\s*(?:de|/)\s*\d{1,2}\W*", fold(line)) is not None


def _is_addressed(text: LetterText) -> bool:
    return any(_ADDRESSEE.match(fold(line.text)) for line in text.lines[:_HEAD])


def _are_counted(last: LetterText, after: LetterText) -> bool:
    foot = [fold(line.text) for line in last.lines[-_FOOT:]]
    ends = [fold(line.text) for line in (*after.lines[:_FOOT], *after.lines[-_FOOT:])]
    return any(map(_FIRST_OF_SEVERAL.search, foot)) or any(map(_LATER_OF_SEVERAL.search, ends))


def _of_two_employers(texts: Sequence[LetterText]) -> bool:
    """Whether two pages state another RUC each."""
    stated = [extract(text) for text in texts]
    return len({found["ruc"].value for found in stated if "ruc" in found}) > 1
