"""What a letter asks: the sentence of the petition, and the type of sheet that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from intake.letters.mentions import Mention, tidy
from intake.letters.text import LetterText, Span

_VERB: Final = re.compile(
    r"\b(?:solicito|solicitamos|pido|pedimos|ruego|rogamos|requiero|requerimos|me\s+permito\s+solicitar|"
    r"se\s+sirva\s+disponer|solicita|necesit(?:o|amos)|pedir(?:les?)?|se\s+regeneren?|"
    r"(?:les?|nos|me)\s+ayuden?|sirvase)\b"
)
_SENTENCE_END: Final = re.compile(
    r"(?<![A-Z])(?<!\b[A-Z])(?<!\bNo)(?<!\bN)(?<!\bAv)(?<!\bC[íi]a)(?<!\b[DS]r)(?<!\b[DS]ra)(?<!\bIng)(?<!\bLic)(?<!\bEcon)\.(?=\s+[A-ZÁÉÍÓÚÑ¿•\d]|\s*\n|\s*$)"
)
_NEXT_DATUM: Final = re.compile(
    r"\s(?=(?:Empleador|Empresa|Compañía|Razón\s+social|R\.?U\.?C\.?|Sucursal|Representante\s+legal|Dirección|Domicilio|"
    r"Correo|Teléfono)\s*:)|,?\s*(?=(?:para\s+lo\s+cual|y\s+para\s+ello|para\s+el\s+efecto)\s+(?:adjunt|acompañ|anex))"
)
"""Where another datum begins, between two sentences of which a scan may have lost the stop; or the papers
that come along.
"""
_SUBJECT: Final = re.compile(r"\b(?:regener|rehac|volver\s+a\s+generar|nueva\s+generacion)\w*")
_TYPES: Final = (
    (re.compile(r"\bajuste"), "adjustment"),
    (re.compile(r"\bfondos?\s+de\s+reserva"), "reserve-fund"),
    (re.compile(r"\baportes?|\baportacion"), "contributions"),
)
_TYPE_LABEL: Final = re.compile(r"\btipo(?:\s+de\s+planilla)?\s*:?\s*\n?")


_ASKS: Final = re.compile(
    r"\b(?:quisier|quier|querem|pid|ped|solicit|necesit|falt|rueg|rog|dign|sirv|permit|orden)\w*"
)
_WORDS: Final = 7
"""Blanks that a sentence has at least which asks for something without one of the usual verbs."""
_OF_A_SUBJECT: Final = 3
"""Blanks that a subject has at least which names it."""
_HEADING: Final = re.compile(r"\W*(?:asunto|ref(?:erencia)?|motivo)\b\.?\s*:")
_LEAST: Final = 20
"""Signs that a sentence which asks for something has at least."""


def find_petition(letter: LetterText) -> Iterator[Mention]:
    """Sentences that ask for something, from their verb to their end."""
    last, asked = -1, False
    for found in _VERB.finditer(letter.folded):
        if found.start() < last:
            continue
        ends = (_SENTENCE_END.search(letter.text, found.end()), _NEXT_DATUM.search(letter.text, found.end()))
        leave = letter.closing.span.start if letter.closing else len(letter.text)
        last = min([end.end() for end in ends if end is not None] + [leave])
        span = Span(found.start(), max(last, found.end()))
        value = tidy(letter.text[span.start : span.end])
        about = bool(_SUBJECT.search(letter.folded, span.start, span.end))
        if len(value) > _LEAST:
            asked = asked or about
            yield Mention(value, span, 0.9 if about else 0.4)
    if not asked:
        yield from _sentences_about_it(letter)


def _sentences_about_it(letter: LetterText) -> Iterator[Mention]:
    """Whole sentences that name what is asked for, whatever their verb is."""
    for found in _SUBJECT.finditer(letter.folded):
        ends = [end.end() for end in _SENTENCE_END.finditer(letter.text, 0, found.start())]
        start = max([*ends, letter.text.rfind("\n", 0, found.start()) + 1])
        end = _SENTENCE_END.search(letter.text, found.end())
        span = Span(start, end.end() if end else len(letter.text))
        value = tidy(letter.text[span.start : span.end])
        # The name of the procedure stands on many papers that ask for nothing.
        asks = "regeneracion" not in found[0] or _ASKS.search(letter.folded, span.start, span.end)
        if asks and value.count(" ") >= (_OF_A_SUBJECT if _HEADING.match(letter.folded, start) else _WORDS):
            yield Mention(value, span, 0.8)


def find_sheet_type(letter: LetterText) -> Iterator[Mention]:
    """The type of the sheet to rebuild: after a label, or in the petition. Sheets that are only told to be
    annulled are another matter.
    """
    for label in _TYPE_LABEL.finditer(letter.folded):
        line = letter.folded[label.end() : label.end() + 30].split("\n")[0]
        yield from _types_in(letter, label.end(), label.end() + len(line), 1.0)
    for subject in _SUBJECT.finditer(letter.folded):
        yield from _types_in(letter, subject.end(), subject.end() + 70, 0.9)


def _types_in(letter: LetterText, start: int, end: int, weight: float) -> Iterator[Mention]:
    """The first type that is named in a stretch of text."""
    found = [
        (match.start(), match.end(), value)
        for pattern, value in _TYPES
        if (match := pattern.search(letter.folded, start, min(end, len(letter.folded))))
    ]
    if found:
        first, last, value = min(found)
        yield Mention(value, Span(first, last), weight)
