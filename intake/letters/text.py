"""A letter as text: lines of all its pages in reading order, joined where a paragraph goes on, each sign in
its place.

A line break that a writer meant is ``\\n``; where the next word just did not fit, it is a blank. Searches
run over ``folded``, which has the same length: small letters without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from forms.geometry import Box

_CLOSING: Final = re.compile(
    r"^\W*(?:(?:de\s+usted(?:es)?|muy|por\s+la\s+atencion|le\s+saluda)\W.{0,40})?"
    r"(?:atentamente|cordialmente|respetuosamente|atte\b|saludos\s+cordiales|cordiales\s+saludos|(?:un\s+)?cordial\s+saludo|"
    r"sinceramente|saludos|dios,?\s+patria\s+y\s+libertad|(?:un\s+)?saludo\s+(?:fraterno|cordial|afectuoso)|"
    r"con\s+sentimientos\s+de\s.{0,50}|reitera?(?:o|mos|ndo)\s.{0,30}(?:agradecimiento|consideracion|estima)|"
    r"(?:muchas\s+)?gracias\b.{0,40})\W*$",
    re.MULTILINE,
)
_WIDTHS: Final = (
    dict.fromkeys("ijl.,:;'|!I", 0.5) | dict.fromkeys("ftr()-[] ", 0.6) | dict.fromkeys("mwMW@%", 1.5)
)
"""How wide signs are against most small letters; capitals are 1.2."""
_LABEL: Final = re.compile(r"[A-ZÁÉÍÓÚÑ][\w.º°/ ]{1,28}:(?:\s|$)")
"""A word or some and a colon that begin a row of a list."""
_LOOSE_END: Final = re.compile(r"(?:[,;(]|\b(?:de|del|la|el|los|las|en|a|al|y|e|o|con|por|que|para|su|mi))$")
"""What a row that goes on may end in."""
_SENTENCE_ENDS: Final = re.compile(r"[.:;!?]\W*$")
_ROOM_TO_SIGN: Final = 11.0
"""Mm between two lines: nobody leaves as much between paragraphs, and nobody signs in less."""
_LOWER: Final = 0.35
"""Share of a letter before which nobody takes leave; a cordial greeting may also begin it."""
_ROOM: Final = 0.9
"""Share of the next word's width that must not have fitted on the line, for the paragraph to go on."""
_WIDE_SIGNS: Final = 1.2
"""How much wider digits and capitals are than most letters."""
_INDENT: Final = 20.0
"""Mm that a paragraph's first line may be set in."""
_EDGE: Final = 5.0
"""Mm by which the left edges of a paragraph's lines may differ on paper that lies askew."""
_RAGGED: Final = 3.0
"""Mm short of the margin that a full line may end: margins as found are no finer than that."""
_SPREAD: Final = 4.0
"""Line heights between two parts of one row from which they are columns, not a line spread to the margin."""
_APART: Final = 1.9
"""Line heights from one line to the next beyond which another paragraph begins."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line, or the part of one that stands by itself. ``chance`` is the recogniser's own for the whole
    line; ``box`` is in mm from the page's top-left; ``printed`` when the file's own text says the same;
    ``goes_on`` when it is the next word of the same line, however far it stands; ``page`` counts from 1;
    ``marked`` when a pen touched it.
    """

    text: str
    box: Box
    chance: float = 1.0
    printed: bool = False
    goes_on: bool = False
    page: int = 1
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a letter's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Closing:
    """Where a letter ends: what follows is the signature and who signed. ``span`` is the words that take
    leave (``said``), or the empty place after the last line; ``box`` (mm) is theirs or that line's.
    """

    span: Span
    box: Box
    said: bool


@dataclass(frozen=True)
class LetterText:
    """The lines of one letter from its top, page after page. Boxes are those of the page that something is
    on; of what goes over to the next page, those of the first.
    """

    lines: tuple[LetterLine, ...]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        starts, place = [], 0
        for line in self.lines:
            starts.append(place)
            place += len(line.text) + 1
        return tuple(starts)

    @cached_property
    def text(self) -> str:
        """All lines, NFC, each but the last followed by a blank or a line end."""
        if not self.lines:
            return ""
        right = max(line.box.right for line in self.lines)
        parts, row_start = [self.lines[0].text], self.lines[0].box.x
        for upper, lower in pairwise(self.lines):
            on_one_row = upper.page == lower.page and (lower.goes_on or _is_beside(upper, lower))
            joined = _belongs(upper, lower) if on_one_row else _goes_on(upper, lower, right, row_start)
            parts += [" " if joined else "\n", lower.text]
            if not (on_one_row and joined):
                row_start = lower.box.x
        return "".join(parts)

    @cached_property
    def folded(self) -> str:
        """The text for searching: small letters, no accents, sign for sign."""
        return fold(self.text)

    @cached_property
    def closing(self) -> Closing | None:
        """The words that take leave, or else where room was left to sign."""
        found = [
            words for words in _CLOSING.finditer(self.folded) if words.start() >= _LOWER * len(self.text)
        ]
        if found:
            span = Span(found[-1].start(), found[-1].end())
            return Closing(span, self.box_of(span), said=True)
        return self._room_to_sign()

    def _room_to_sign(self) -> Closing | None:
        """Below the last line of the letter's lower part under which there is as much room as a signature
        takes.
        """
        if not self.lines:
            return None
        last = self.lines[-1]
        top = next(line for line in self.lines if line.page == last.page)
        low = top.box.y + (_LOWER if last.page == 1 else 0.0) * (last.box.bottom - top.box.y)
        ends = [start + len(line.text) for start, line in zip(self._starts, self.lines, strict=True)]
        rooms = [
            (end, upper.box)
            for end, (upper, lower) in zip(ends, pairwise(self.lines), strict=False)
            if upper.page == last.page
            and upper.box.bottom > low
            and lower.box.y - upper.box.bottom >= _ROOM_TO_SIGN
        ]
        return Closing(Span(rooms[-1][0], rooms[-1][0]), rooms[-1][1], said=False) if rooms else None

    def lines_of(self, span: Span) -> Sequence[LetterLine]:
        """The lines that a span touches."""
        return [
            line
            for start, line in zip(self._starts, self.lines, strict=True)
            if start < span.end and start + len(line.text) > span.start
        ]

    def box_of(self, span: Span) -> Box:
        """The box around a span; within a line its place is reckoned from the signs, wide enough for type
        whose signs all take as much room and for type whose signs take what they need.
        """
        boxes, page = [], self.page_of(span)
        for start, line in zip(self._starts, self.lines, strict=True):
            if line.page != page:
                continue
            first, last = max(span.start - start, 0), min(span.end - start, len(line.text))
            if first >= last:
                continue
            shares = [_shares(line.text, place) for place in (first, last)]
            begins, ends = min(shares[0]) * line.box.width, max(shares[1]) * line.box.width
            boxes.append(Box(line.box.x + begins, line.box.y, ends - begins, line.box.height))
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
        return Box(left, top, right - left, bottom - top)

    def page_of(self, span: Span) -> int:
        """The page that a span begins on."""
        return next((line.page for line in self.lines_of(span)), 1)

    def chance_of(self, span: Span) -> float:
        """The least chance of the lines that a span touches."""
        return min((line.chance for line in self.lines_of(span)), default=0.0)


def fold(text: str) -> str:
    """Small letters without accents, exactly as many signs as ``text`` has.

    >>> fold("N.º Cédula Ñ")
    'n.º cedula n'
    """
    return "".join(_fold_sign(sign) for sign in text)


def _fold_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFD", sign)[0].lower()
    return plain if len(plain) == 1 else sign


def _shares(text: str, end: int) -> tuple[float, float]:
    """The shares of a line's width that its first signs take: counted, and weighed by how wide each is."""
    widths = [_WIDTHS.get(sign, 1.2 if sign.isupper() else 1.0) for sign in text]
    return end / max(len(text), 1), sum(widths[:end]) / max(sum(widths), 1.0)


def runs_over(upper: LetterLine, lower: LetterLine) -> bool:
    """Whether a sentence goes on in a line that stands on another page."""
    return not _SENTENCE_ENDS.search(upper.text) and lower.text[:1].islower()


def _is_beside(upper: LetterLine, lower: LetterLine) -> bool:
    """Whether two lines stand on one row."""
    return lower.box.y <= upper.box.y + 0.6 * max(upper.box.height, 1.0)


def _belongs(before: LetterLine, after: LetterLine) -> bool:
    """Whether two lines on one row are parts of one that was spread to the margin, and no columns."""
    return after.goes_on or after.box.x - before.box.right < _SPREAD * max(before.box.height, 1.0)


def _goes_on(upper: LetterLine, lower: LetterLine, right: float, row_start: float) -> bool:
    """Whether a paragraph goes on in the next row: its first word had no room on this one, and it begins
    where this one does (``row_start``), which may be indented.
    """
    if upper.page != lower.page:
        return runs_over(upper, lower)
    high = max(upper.box.height, 1.0)
    if not -_INDENT < lower.box.x - row_start < _EDGE:
        return False
    if lower.box.y - upper.box.y > _APART * high or _CLOSING.match(fold(lower.text)):
        return False
    if _LABEL.match(lower.text) and not _LOOSE_END.search(upper.text):
        return False
    first = lower.text.split(" ", 1)[0]
    width = lower.box.width * (len(first) + 1) / max(len(lower.text), 1)
    if not first[1:].islower():
        width *= _WIDE_SIGNS
    return right - upper.box.right < max(_ROOM * width, _RAGGED)
