"""Something that a letter says about one datum, and how plainly it says that it is this datum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from intake.letters.text import LetterText, Span

NUMBER_SIGN: Final = r"(?:numeros?\b|num\.|nro\.?|n\s?[.,]?\s?[o°º*]\s?\.?|n\.|#)?"
"""The ways to write «N.º» in folded text, after a label."""
OF_A_WORKER: Final = re.compile(
    r"(?:trabajador|afiliad|aviso|sueldo|remuneracion|colaborador|emplead[oa]\b|novedad|ex\w+|"
    r"\b(?:mi|nuestr[oa])\s+\w+,?\s+(?:el\s+|la\s+)?(?:senor|sr\.|srta|sra))[^\n]{0,120}$"
)
"""Words before a name or number that make it that of one of the company's people."""
_DIGIT_LIKE: Final = str.maketrans("oOQlIi|", "0001111")


@dataclass(frozen=True, slots=True)
class Mention:
    """A value in its one spelling. ``weight`` from 0 to 1 is how surely it is the datum asked for."""

    value: str
    span: Span
    weight: float


def digits_of(text: str) -> str:
    """The digits of a written number; letters that are taken for digits become those."""
    return re.sub(r"\D", "", text.translate(_DIGIT_LIKE))


def tidy(text: str) -> str:
    """A value on one line, single blanks, without the signs that only end it."""
    return re.sub(r"\s+", " ", text).strip(" ,;:-–·•|_").strip()


def is_whole_line(text: LetterText, span: Span) -> bool:
    """Whether nothing else stands on the line but bullets and stops."""
    before = text.text[text.text.rfind("\n", 0, span.start) + 1 : span.start]
    end = text.text.find("\n", span.end)
    after = text.text[span.end : end if end >= 0 else len(text.text)]
    return not re.search(r"\w", before + after)
