"""Which page of which document is this, and how does it lie? Marks, symbols, print and the printed number,
each asked only where the ones before it gave no answer; last the dark squares of marks that nobody can read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forms.model import Edition, PageFrame
from forms.register import all_forms, find_edition, find_edition_by_key
from forms.seal import (
    BLANK_PREFIX,
    SMALL_PREFIX,
    KeyRing,
    SealContent,
    SealState,
    open_blank,
    open_seal,
    open_small,
)
from intake.alignment import Alignment, Grey, Looks, Points, find_marks, find_mirrored_marks, fit
from intake.mark_squares import find_mark_squares
from intake.number_proof import RecentDocument, prove_number, prove_recent
from intake.page_search import FoundPage, complete_marks, search_page
from intake.printed_number import likely_numbers, read_printed_number
from intake.recognition import held_full_symbol, pages_of, recognise_page
from intake.refinement import refine
from intake.sampling import Paper, light_paper
from intake.small_symbol import BLANK_SIZE, SIZE
from intake.symbol_modules import full_sizes, read_modules
from intake.symbols import FoundSymbol, read_at, read_whole

_FULL: Final = "VT1"
"""What the text of a full symbol starts with, deflated or not."""
_NUMBERS: Final = 4000
"""Numbers that the print may show, to be compared with the small symbol: 60 ms for each page and secret."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a page says it is. ``state`` is that of its seal; ``document`` is absent on a blank form.

    ``vouched`` when a symbol with a right signature or code names the document, or shows that it can be of no
    other: a number that was only read off the print is nobody's word.
    """

    edition: Edition | None
    state: SealState
    page: int
    pages: int
    document: str | None = None
    issued: date | None = None
    content: SealContent | None = None
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """Where the page lies: its frame, the marks that were seen, and symbols read on the way.

    ``nearly`` when the places of marks were found to a few tenths of a mm only.
    """

    looks: Looks
    frame: PageFrame
    marks: dict[int, Points]
    alignment: Alignment
    symbols: tuple[FoundSymbol, ...] = ()
    nearly: bool = False

    @property
    def whole(self) -> bool:
        """Whether all marks were seen well, so that the alignment needs no help."""
        return not self.nearly and len(self.marks) == len(self.frame.marks)

    def paper(self) -> Paper:
        """The page as evenly lit ink."""
        return light_paper(self.looks, self.alignment, self.frame, tuple(self.marks))


def known_frames() -> tuple[PageFrame, ...]:
    """The page frames of all editions ever issued, each once."""
    return tuple(dict.fromkeys(edition.frame for form in all_forms() for edition in form))


def locate(scan: Grey | Looks) -> Located | None:
    """The frame that fits, by its marks; those that cannot be read are looked for by what they look like.

    Where too few are found the symbols help to hold the page, and where there is nothing to hold it by, the
    squares of the marks do. On a crisp scan without a mark only the symbols are asked: it is another's page.
    """
    looks = Looks.of(scan)
    image = looks.image
    seen: list[tuple[PageFrame, dict[int, Points]]] = []
    for frame in known_frames():
        marks = find_marks(looks, frame)
        if len(marks) == len(frame.marks):
            alignment = fit(marks, frame)
            return Located(looks, frame, marks, alignment) if alignment else None
        # One mark alone may be a mirror's picture of another one.
        mirrored = {} if len(marks) > 1 else find_mirrored_marks(looks, frame)
        if len(mirrored) == len(frame.marks) and (alignment := fit(mirrored, frame)):
            return Located(looks, frame, mirrored, alignment)
        bare = not marks and looks.crisp
        found = None if bare else _search(image, frame, marks)
        if found is not None:
            return Located(looks, frame, found.marks, found.alignment, nearly=True)
        symbols = read_whole(image)
        boxes = [
            (frame.full_seal if symbol.text.startswith(_FULL) else frame.small_seal, symbol.corners)
            for symbol in symbols
        ]
        alignment = fit(marks, frame, boxes)
        if alignment is not None:
            return Located(looks, frame, marks, alignment, symbols)
        if not bare:
            seen.append((frame, marks))
    return next(filter(None, (_by_squares(looks, frame, marks) for frame, marks in seen)), None)


def _search(image: Grey, frame: PageFrame, marks: dict[int, Points]) -> FoundPage | None:
    """The page found from the marks that were read, or by what marks look like that nobody can read."""
    return (complete_marks(image, frame, marks) if marks else None) or search_page(image, frame)


def _by_squares(looks: Looks, frame: PageFrame, marks: dict[int, Points]) -> Located | None:
    """The page held by squares that stand as its marks do, whatever can still be read inside them.

    Four dark squares are no page of ours before its print or a symbol of it is seen where it should be.
    """
    image = looks.image
    for squares in find_mark_squares(image, frame, marks):
        alignment = fit(squares, frame)
        if alignment is None:
            continue
        located = Located(looks, frame, squares, alignment, nearly=True)
        symbols = (read_at(image, alignment, box) for box in (frame.small_seal, frame.full_seal))
        if any(symbols) or any(_by_print(located, located.paper())):
            return located
    return None


def identify(
    located: Located, keys: KeyRing, recent: Sequence[RecentDocument] = ()
) -> tuple[Identity | None, Paper]:
    """What the page is, and its ink under the best alignment that was found on the way.

    The symbols are asked first. Where neither can be read, the print tells the form; the page is then held
    by that print, the symbols are asked again at their better known places, the printed number, and which of
    the documents that are ``recent`` it may be. Where few marks were read and nothing came of it, the same
    is tried with the page held by the squares of its marks.
    """
    identity, paper = _identify_as_located(located, keys, recent)
    if identity is None and not located.whole and located.marks:
        again = _by_squares(located.looks, located.frame, located.marks)
        if again is not None:
            found, held = _identify_as_located(again, keys, recent)
            return (found, held) if found is not None else (None, paper)
    return identity, paper


def _identify_as_located(
    located: Located, keys: KeyRing, recent: Sequence[RecentDocument]
) -> tuple[Identity | None, Paper]:
    paper = located.paper()
    identity = _by_symbols(paper, located.frame, located.symbols, keys)
    if identity is not None:
        if located.whole or identity.edition is None or identity.state is SealState.INVALID:
            return identity, paper
        return identity, refine(paper, identity.edition, identity.page)
    for edition, page, held in _by_print(located, paper):
        again = _by_symbols(held, located.frame, (), keys)
        return again or _unsealed(held, located.frame, (edition, page), keys, recent), held
    return _by_worn_print(paper, located.frame, keys, recent)


def _by_print(located: Located, paper: Paper) -> Iterator[tuple[Edition, int, Paper]]:
    """The edition and page that the print shows, with the paper held by that print."""
    known = recognise_page(paper, located.frame)
    if known is not None:
        yield *known, (paper if located.whole else refine(paper, *known))
        return
    for form in all_forms():
        for edition in form:
            for page in range(1, edition.pages + 1):
                held = refine(paper, edition, page)
                if held is not paper and recognise_page(held, located.frame) == (edition, page):
                    yield edition, page, held


def _by_worn_print(
    paper: Paper, frame: PageFrame, keys: KeyRing, recent: Sequence[RecentDocument]
) -> tuple[Identity | None, Paper]:
    """The document whose number can be told, though the rest of the print is too worn to be told apart."""
    known = recognise_page(paper, frame, sure=False)
    if known is None:
        return None, paper
    held = refine(paper, *known)
    pages = (known, *(page for page in pages_of(frame) if page != known))
    identity = _by_number(held, frame, pages, keys, recent)
    return (identity, held) if identity is not None else (None, paper)


def _unsealed(
    paper: Paper,
    frame: PageFrame,
    known: tuple[Edition, int],
    keys: KeyRing,
    recent: Sequence[RecentDocument],
) -> Identity:
    """A page whose symbols cannot be decoded: a blank form, or one whose seal is spoilt."""
    edition, page = known
    if not held_full_symbol(paper, frame):
        return Identity(edition, SealState.ABSENT, page, edition.pages)
    numbered = _by_number(paper, frame, (known,), keys, recent)
    return numbered or Identity(edition, SealState.UNREADABLE, page, edition.pages)


def _by_number(
    paper: Paper,
    frame: PageFrame,
    pages: Sequence[tuple[Edition, int]],
    keys: KeyRing,
    recent: Sequence[RecentDocument],
) -> Identity | None:
    """The document whose number the print shows: proved by the small symbol, or else read without a doubt.
    Where the print shows too little, the symbol proves which of those that are ``recent`` it is.

    ``pages`` are those that this page may be, the most likely first.
    """
    likely = likely_numbers(paper, frame, _NUMBERS)
    proved = prove_number(paper, frame, pages, likely.numbers, keys.small_secrets)
    proved = proved or prove_recent(paper, frame, recent, keys.small_secrets)
    if proved is not None:
        edition, page = proved.edition, proved.page
        unread = Identity(edition, SealState.UNREADABLE, page, edition.pages, proved.document)
        return dataclasses.replace(unread, vouched=True)
    number = read_printed_number(likely)
    edition, page = pages[0]
    return Identity(edition, SealState.UNREADABLE, page, edition.pages, number) if number else None


def _by_symbols(
    paper: Paper, frame: PageFrame, symbols: Sequence[FoundSymbol], keys: KeyRing
) -> Identity | None:
    """What the full symbol says, or else the small one; nothing when the page has neither to be read."""
    texts = [symbol.text for symbol in symbols]
    full = next((text for text in texts if text.startswith(_FULL)), None) or _read_full(paper, frame)
    if full is not None:
        state, content = open_seal(full, keys)
        if content is not None:
            return _from_seal(state, content)
    small = next((text for text in texts if not text.startswith(_FULL)), None) or _read_small(paper, frame)
    return _from_small(small, keys) if small is not None else None


def _read_full(paper: Paper, frame: PageFrame) -> str | None:
    """The text of the full symbol: what a decoder finds, or else its modules one by one."""
    box = frame.full_seal
    text = read_at(paper.image, paper.alignment, box)
    if text is None and held_full_symbol(paper, frame):
        text = read_modules(paper, box, full_sizes(box), (_FULL,))
    return text if text is not None and text.startswith(_FULL) else None


def _read_small(paper: Paper, frame: PageFrame) -> str | None:
    box = frame.small_seal
    text = read_at(paper.image, paper.alignment, box)
    return text or read_modules(paper, box, (SIZE, BLANK_SIZE), (SMALL_PREFIX, BLANK_PREFIX))


def _from_seal(state: SealState, content: SealContent) -> Identity:
    edition = find_edition(content.form, content.edition)
    return Identity(
        edition,
        state,
        content.page,
        content.pages,
        content.document,
        content.issued,
        content,
        state is SealState.VALID,
    )


def _from_small(text: str, keys: KeyRing) -> Identity | None:
    if blank := open_blank(text):
        key, page = blank
        edition = find_edition_by_key(key)
        return Identity(edition, SealState.ABSENT, page, edition.pages if edition else page)
    state, content = open_small(text, keys)
    if content is None:
        return None
    # A small symbol names the page; it does not vouch for values, so the seal counts as unreadable.
    shown = SealState.INVALID if state is SealState.INVALID else SealState.UNREADABLE
    edition = find_edition_by_key(content.edition_key)
    named = Identity(edition, shown, content.page, content.pages, content.document)
    return dataclasses.replace(named, vouched=state is SealState.VALID)
