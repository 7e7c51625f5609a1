"""Lines of a letter that a pen touched: a digit struck out and another written over it, a word ringed.

What was typed there is read as before, and its writer may have taken it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from forms.geometry import Box
from intake.letters.page import PER_MM
from intake.letters.recognised import RecognisedPage
from intake.letters.text import LetterLine, LetterText
from intake.pieces import find_pieces

_AREA: Final = 0.4
"""Mm² of ink below which a piece is dust or a part of a letter."""
_SIZE: Final = (1.4, 25.0)
"""Mm that the longer side of a mark has at least, and at most: what is longer rules, frames or underlines."""
_TALLER: Final = (1.5, 1.0)
"""Times, and mm, by which a stroke through a line is taller than three of four of its letters: brackets and
long letters reach 1.35 times as far. Of 568 lines of letters that no pen touched two are taken for marked.
"""
_LETTERS: Final = 4
"""Letters that tell how tall a line's are."""
_NEAR: Final = 1.2
"""Mm over or under a line within which what is no type was written to it."""


def with_marks(page: RecognisedPage, signed: Box) -> LetterText:
    """The page's text, its lines told apart that a pen touched; a name stands where it was ``signed``."""
    marks = _marks(page, signed)
    if not marks:
        return page.text
    lines = tuple(replace(line, marked=_is_marked(line, marks)) for line in page.text.lines)
    return LetterText(lines)


def _marks(page: RecognisedPage, signed: Box) -> list[tuple[Box, bool]]:
    """Pieces of ink that may be a pen's, each with whether it belongs to no line of type."""
    count, labels, stats = find_pieces(page.dark)
    sides = stats[:, 2:4].max(axis=1) / PER_MM
    likely = (stats[:, 4] >= _AREA * PER_MM**2) & (sides >= _SIZE[0]) & (sides <= _SIZE[1])
    likely[0] = False
    loose = np.zeros(count, np.bool_)
    loose[np.unique(labels[page.strokes > 0])] = True
    found: list[tuple[Box, bool]] = []
    for label in np.flatnonzero(likely).tolist():
        left, top, wide, high = (int(value) / PER_MM for value in stats[label, :4])
        piece = Box(left, top, wide, high)
        if not piece.overlaps(signed.grown(_NEAR)):
            found.append((piece, bool(loose[label])))
    return found


def _is_marked(line: LetterLine, marks: list[tuple[Box, bool]]) -> bool:
    near = Box(line.box.x, line.box.y - _NEAR, line.box.width, line.box.height + 2 * _NEAR)
    if any(loose and piece.height >= _SIZE[0] and piece.overlaps(near) for piece, loose in marks):
        return True
    heights = [piece.height for piece, _ in marks if piece.overlaps(line.box)]
    if len(heights) < _LETTERS:
        return False
    usual = float(np.quantile(heights, 0.75))
    return max(heights) >= max(_TALLER[0] * usual, usual + _TALLER[1])
