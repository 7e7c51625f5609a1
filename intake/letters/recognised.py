"""The text of a page that nobody knows: its lines found, recognised, and held against the file's own text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.layout import normalise
from intake.alignment import Grey
from intake.digital_route import join_signs
from intake.drawn_text import DrawnText
from intake.lettering import measure_lettering, typed_odds
from intake.letters.lines import FoundLine, find_lines
from intake.letters.page import PER_MM, StraightPage, straighten, upside_down
from intake.letters.text import LetterLine, LetterText, fold
from intake.line_recognition import SPANISH, Line, read_line, skim_line
from intake.sampling import Ink

LineRecogniser = Callable[[Ink, str], Line]
"""What turns the ink of one line, paper around it, into text made of the given signs, with its own chance of
being right.
"""
_SIGNS: Final = SPANISH + "•·●"

_SQUEEZE: Final = 0.78
"""Lines are skimmed this much narrower than they are: as sure for usual type and a fifth quicker."""
_UNSURE: Final = 0.8
"""Chance under which a line is read in full, as wide as it is: one in thirty of clean scans."""
_UPRIGHT: Final = 0.5
_MOST_LINES: Final = 90
_NO_TEXT: Final = 0.02
"""Chance under which what was taken for a line is type only if it has as many signs as type has."""
_DENSE: Final = 1.0
"""Signs to a stretch as long as the line is high: type has from 1.2 to 2.5."""


_IN_CAPITALS: Final = re.compile(
    r"(?<=[A-ZÁÉÍÓÚÑ]{2})[áéíóúñ](?=[A-ZÁÉÍÓÚÑ])|(?<=\b[A-ZÁÉÍÓÚÑ])[íó](?=[A-ZÁÉÍÓÚÑ]{2})"
)
"""An accented capital that was taken for a small letter: it looks like one but for its height."""
_SURELY_TYPE: Final = 0.97
"""Chance from which nobody asks whether a line was typed, unless it is higher than lines mostly are: some
people sign so that one can read it.
"""
_TALL: Final = 1.4
"""Usual heights of a line from which it is so."""
_TO_LETTERING: Final = 12.0 / PER_MM
"""The measures of lettering are made on 12 samples to the mm."""
_BY_HAND: Final = -3.0
"""Log odds of type under which a line was written by hand; of typed lines in 24 letters the least had 0.5."""


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedPage:
    """A page's text, the page itself, its strokes (1 where they are) that are no type, and all that are
    ``dark``.
    """

    text: LetterText
    page: StraightPage
    strokes: NDArray[np.uint8]
    turn: int
    dark: NDArray[np.uint8]


def recognise(
    image: Grey,
    dpi: float | None,
    drawn: DrawnText | None,
    skim: LineRecogniser = skim_line,
    read: LineRecogniser = read_line,
) -> RecognisedPage:
    """Set a page straight and read its lines; ``drawn`` is the text of a page that a program drew."""
    page = straighten(image, dpi)
    found = find_lines(page.ink)
    skimmed: dict[int, Line] = {}
    if found.lines and not _stands_upright(found.lines, skim, skimmed):
        page = upside_down(page)
        found, skimmed = find_lines(page.ink), {}
    lines: list[LetterLine] = []
    strokes = found.rest.copy()
    usual = float(np.median([line.box.height for line in found.lines])) if found.lines else 0.0
    for place, line in enumerate(found.lines[:_MOST_LINES]):
        text, chance = _read(line.ink, skimmed.get(place) or _skim(line.ink, skim), read)
        if _is_type(text, chance, line, usual):
            lines += [_printed(part, page, drawn) for part in _letter_lines(line, text, chance)]
        else:
            _give_back(strokes, found.strokes, line)
    return RecognisedPage(LetterText(tuple(lines)), page, strokes, page.alignment.turn, found.strokes)


def _stands_upright(lines: Sequence[FoundLine], skim: LineRecogniser, skimmed: dict[int, Line]) -> bool:
    """Whether the recogniser makes more of a few lines as they stand than of the same on their head; what
    it makes of them as they stand is noted in ``skimmed``.
    """
    samples = sorted(range(len(lines)), key=lambda place: abs(lines[place].box.width - 35))[:3]
    upright = turned = 0.0
    for place in samples:
        ink = lines[place].ink
        skimmed[place] = _skim(ink, skim)
        upright += skimmed[place].chance
        if upright > _UPRIGHT:
            return True
        turned += _skim(np.ascontiguousarray(ink[::-1, ::-1]), skim).chance
    return upright >= turned


def _skim(ink: Ink, skim: LineRecogniser) -> Line:
    narrow = cv2.resize(ink, None, fx=_SQUEEZE, fy=1.0, interpolation=cv2.INTER_AREA)
    return skim(np.asarray(narrow, np.float32), _SIGNS)


def _read(ink: Ink, skimmed: Line, read: LineRecogniser) -> tuple[str, float]:
    """The text and its chance: as it was skimmed where that is sure, else the surer of two readings."""
    line = skimmed
    if line.chance < _UNSURE:
        full = read(ink, _SIGNS)
        line = full if full.chance > line.chance else line
    return _IN_CAPITALS.sub(lambda sign: sign[0].upper(), normalise(line.text)), line.chance


def _letter_lines(line: FoundLine, text: str, chance: float) -> list[LetterLine]:
    """A line as one; the words of one that was spread to the margins each in its own place."""
    words = text.split(" ")
    if not line.words or len(words) != len(line.words):
        return [LetterLine(text, line.box, chance)]
    return [
        LetterLine(word, box, chance, goes_on=place > 0)
        for place, (word, box) in enumerate(zip(words, line.words, strict=True))
    ]


def _is_type(text: str, chance: float, line: FoundLine, usual: float) -> bool:
    """Whether a line was typed: what was read fills it as type does, and its letters stand as type stands.

    Of a signature little can be read, and what can be read of it is no text.
    """
    if not re.search(r"\w", text):
        return False
    if chance < _NO_TEXT and len(text) < _DENSE * line.box.width / max(line.box.height, 0.5):
        return False
    plain = chance >= _SURELY_TYPE and line.box.height <= _TALL * usual
    return plain or _typed(line.ink)


def _typed(ink: Ink) -> bool:
    """Whether the letters of a line are those of a machine."""
    large = cv2.resize(ink, None, fx=_TO_LETTERING, fy=_TO_LETTERING, interpolation=cv2.INTER_CUBIC)
    dark = (cv2.GaussianBlur(large, (0, 0), 0.8) > 0.33).astype(np.uint8)
    lettering = measure_lettering(np.asarray(large, np.float32), dark)
    return lettering is None or typed_odds(lettering) > _BY_HAND


def _give_back(strokes: NDArray[np.uint8], dark: NDArray[np.uint8], line: FoundLine) -> None:
    """What looked like a line and is none counts among the other strokes."""
    top, bottom = round(line.box.y * PER_MM), round(line.box.bottom * PER_MM)
    left, right = round(line.box.x * PER_MM), round(line.box.right * PER_MM)
    strokes[top:bottom, left:right] |= dark[top:bottom, left:right]


def _printed(line: LetterLine, page: StraightPage, drawn: DrawnText | None) -> LetterLine:
    """The line in the file's own spelling where the file's text says what one sees."""
    if drawn is None or not len(drawn.boxes):
        return line
    corners = page.alignment.box_to_pixels(line.box.grown(0.3))
    low, high = corners.min(axis=0), corners.max(axis=0)
    middles = (drawn.boxes[:, :2] + drawn.boxes[:, 2:]) / 2
    chosen = np.flatnonzero(((middles > low) & (middles < high)).all(axis=1))
    if not chosen.size:
        return line
    said = normalise(join_signs(drawn, chosen, spaced=True).replace("\n", " "))
    if _signs(said) != _signs(line.text):
        return line
    return replace(line, text=said, chance=1.0, printed=True)


def _signs(text: str) -> str:
    return re.sub(r"[^a-z0-9@]", "", fold(text))
