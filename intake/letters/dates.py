"""Days and months as people write them, in figures and in words; the place beside the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from intake.letters.mentions import Mention, tidy
from intake.letters.text import LetterText, Span

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "enero ene",
            "febrero feb",
            "marzo mar",
            "abril abr",
            "mayo may",
            "junio jun",
            "julio jul",
            "agosto ago",
            "septiembre setiembre sept sep set",
            "octubre oct",
            "noviembre nov",
            "diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_UNITS_TEXT: Final = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro "
    "veinticinco veintiseis veintisiete veintiocho veintinueve treinta"
)
_UNITS: Final = tuple(_UNITS_TEXT.split())
_WORDS: Final = {word: number for number, word in enumerate(_UNITS)} | {
    "primero": 1,
    "un": 1,
    "treinta y uno": 31,
    "treinta y un": 31,
}
_NUMBER_WORD: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
_YEAR: Final = rf"(?P<year>(?:19|20)\d\d|dos\s+mil\s+(?:{_NUMBER_WORD}))"
_DAYS: Final = (
    re.compile(
        rf"\b(?P<day>\d{{1,2}}|{_NUMBER_WORD})(?:\s*\(\d{{1,2}}\))?\s+(?:dias?\s+)?(?:del\s+mes\s+)?de\s+"
        rf"(?P<month>{_MONTH})\s*(?:de|del|,)?[\s.]*(?:ano\s+)?{_YEAR}"
    ),
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})\s*,?\s*(?:de|del)?\s*{_YEAR}"),
    re.compile(r"(?<![\d/\-])(?P<day>\d{1,2})[/\-.](?P<month>\d{1,2})[/\-.](?P<year>20\d\d)(?![\d/\-])"),
    re.compile(r"(?<![\d/\-])(?P<year>20\d\d)[/\-](?P<month>\d{1,2})[/\-](?P<day>\d{1,2})(?![\d/\-])"),
)
_MONTHS_OF_YEARS: Final = (
    re.compile(rf"\b(?P<month>{_MONTH})\s*(?:de|del|/|-|\.|,)?[\s.]*(?:ano\s+)?{_YEAR}"),
    re.compile(r"(?<![\d/\-])(?P<year>20\d\d)\s?[/\-]\s?(?P<month>0[1-9]|1[0-2])(?![\d/\-])"),
    re.compile(r"(?<![\d/\-])(?P<month>0?[1-9]|1[0-2])\s?[/\-]\s?(?P<year>20\d\d)(?![\d/\-])"),
)
_PERIOD_LABEL: Final = re.compile(
    r"(?:periodo|mes(?:es)?(?:\s+de(?:\s+la\s+planilla)?)?|correspondiente\s+a|planilla\b[^\n.]{0,60}|aportes\s+de)"
    r"[^\w]*(?:al?\s+|de\s+|del\s+|mes\s+)*$"
)
_PLACE: Final = re.compile(
    r"((?:[A-ZÁÉÍÓÚÑ][\w.]*)(?:\s+(?:de|del|la|las|los|el|[A-ZÁÉÍÓÚÑ][\w.]*)){0,5})\s*,\s*(?:a\s+(?:los\s+)?|hoy\s+)?$"
)
_PLACE_LABEL: Final = re.compile(r"\b(?:lugar|ciudad)\s*:\s*([^\n,]{3,40})")


def find_days(letter: LetterText) -> Iterator[Mention]:
    """Every day as ``YYYY-MM-DD``; one beside a place or at the head of the letter is its date."""
    for pattern in _DAYS:
        for found in pattern.finditer(letter.folded):
            if day := _day_of(found):
                yield Mention(day, Span(*found.span()), _weight_of_day(letter, found))


def _weight_of_day(letter: LetterText, found: re.Match[str]) -> float:
    before = letter.text[max(0, found.start() - 60) : found.start()]
    if _PLACE.search(before) or re.search(r"(?:fecha\s*:|dado\s+en)[^\n]*$", letter.folded[: found.start()]):
        return 1.0
    return 0.7 if found.start() < 250 else 0.2


def _day_of(found: re.Match[str]) -> str:
    try:
        return date(_year(found["year"]), _month(found["month"]), _small(found["day"])).isoformat()
    except ValueError:
        return ""


def _year(said: str) -> int:
    return int(said) if said.isdigit() else 2000 + _small(re.sub(r"^dos\s+mil\s+", "", said))


def _month(said: str) -> int:
    return int(said) if said.isdigit() else _MONTHS[said]


def _small(said: str) -> int:
    return int(said) if said.isdigit() else _WORDS[re.sub(r"\s+", " ", said)]


def find_periods(letter: LetterText) -> Iterator[Mention]:
    """Every month of a year as ``YYYY-MM`` that is not part of a day; the sheet's has a label before it."""
    taken = [found.span() for pattern in _DAYS for found in pattern.finditer(letter.folded)]
    for pattern in _MONTHS_OF_YEARS:
        for found in pattern.finditer(letter.folded):
            if any(start <= found.start() < end for start, end in taken):
                continue
            month = _month(found["month"])
            before = letter.folded[max(0, found.start() - 110) : found.start()]
            weight = 0.95 if _PERIOD_LABEL.search(before) else 0.4
            yield Mention(f"{_year(found['year']):04d}-{month:02d}", Span(*found.span()), weight)


def find_places(letter: LetterText) -> Iterator[Mention]:
    """The place before the letter's date, or after its own label."""
    for pattern in _DAYS[:2]:
        for found in pattern.finditer(letter.folded):
            start = max(0, letter.text.rfind("\n", 0, found.start()) + 1)
            if place := _PLACE.search(letter.text[start : found.start()]):
                span = Span(start + place.start(1), start + place.end(1))
                yield Mention(tidy(place[1]), span, 1.0 if found.start() < 250 else 0.8)
    for found in _PLACE_LABEL.finditer(letter.folded):
        yield Mention(tidy(letter.text[found.start(1) : found.end(1)]), Span(*found.span(1)), 0.9)
