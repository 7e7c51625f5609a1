"""A letter as text: lines in reading order, joined where a paragraph goes on, each sign in its place.

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
    r"(?:atentamente|cordialmente|respetuosamente|atte\b|saludos\s+cordiales)\W*$",
    re.MULTILINE,
)
_ROOM: Final = 0.9
"""Share of the next word's width that must not have fitted on the line, for the paragraph to go on."""
_RAGGED: Final = 3.0
"""Mm short of the margin that a full line may end: margins as found are no finer than that."""
_SPREAD: Final = 4.0
"""Line heights between two parts of one row from which they are columns, not a line spread to the margin."""
_APART: Final = 1.9
"""Line heights from one line to the next beyond which another paragraph begins."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line, or the part of one that stands by itself. ``chance`` is the recogniser's own for the whole
    line; ``box`` is in mm from the page's top-left; ``printed`` when the file's own text says the same.
    """

    text: str
    box: Box
    chance: float = 1.0
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in a letter's text."""

    start: int
    end: int


@dataclass(frozen=True)
class LetterText:
    """The lines of one letter from its top."""

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
        parts = [self.lines[0].text]
        for upper, lower in pairwise(self.lines):
            parts += [" " if _goes_on(upper, lower, right) else "\n", lower.text]
        return "".join(parts)

    @cached_property
    def folded(self) -> str:
        """The text for searching: small letters, no accents, sign for sign."""
        return fold(self.text)

    @cached_property
    def closing(self) -> Span | None:
        """The words that take leave; what follows is the signature and who signed."""
        found = list(_CLOSING.finditer(self.folded))
        return Span(found[-1].start(), found[-1].end()) if found else None

    def lines_of(self, span: Span) -> Sequence[LetterLine]:
        """The lines that a span touches."""
        return [
            line
            for start, line in zip(self._starts, self.lines, strict=True)
            if start < span.end and start + len(line.text) > span.start
        ]

    def box_of(self, span: Span) -> Box:
        """The box around a span; within a line its place is reckoned from the count of signs."""
        boxes = []
        for start, line in zip(self._starts, self.lines, strict=True):
            first, last = max(span.start - start, 0), min(span.end - start, len(line.text))
            if first >= last:
                continue
            step = line.box.width / max(len(line.text), 1)
            boxes.append(Box(line.box.x + first * step, line.box.y, (last - first) * step, line.box.height))
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
        return Box(left, top, right - left, bottom - top)

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


def _goes_on(upper: LetterLine, lower: LetterLine, right: float) -> bool:
    """Whether a paragraph goes on: the next line's first word had no room on this one, or both are parts of
    one line that was spread to the margin.
    """
    high = max(upper.box.height, 1.0)
    if lower.box.y <= upper.box.y + 0.6 * high:
        return lower.box.x - upper.box.right < _SPREAD * high
    if lower.box.y - upper.box.y > _APART * high or _CLOSING.match(fold(lower.text)):
        return False
    first = lower.text.split(" ", 1)[0]
    width = lower.box.width * (len(first) + 1) / max(len(lower.text), 1)
    return right - upper.box.right < max(_ROOM * width, _RAGGED)
