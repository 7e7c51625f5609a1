"""Days and months as people write them, in figures and in words; the place beside the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from intake.letters.mentions import Mention, is_whole_line, tidy
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
    re.compile(
        rf"(?<![\d/\-])(?P<day>\d{{1,2}})\s?[/\-. ]\s?(?P<month>{_MONTH})\.?\s?[/\-. ]\s?"
        r"(?P<year>20\d\d)(?!\d)"
    ),
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
_NAME_OF_PLACE: Final = (
    r"((?!En\b|[A-Z]{1,3} )(?:[A-ZÁÉÍÓÚÑ][\w.]+)(?: +(?:de|del|la|las|los|el|[A-ZÁÉÍÓÚÑ][\w.]*)){0,5})"
)
_TO_THE_DAY: Final = (
    r"(?:hoy\s+)?(?:(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)\s*,?\s*)?"
    r"(?:al?\s+|a\s+los\s+|el\s+|con\s+fecha\s+|en\s+)?(?:día\s+)?"
)
_PLACE: Final = re.compile(rf"{_NAME_OF_PLACE}\s*(?:[-–(]\s*Ecuador\s*\)?)?\s*[,.–-]\s*{_TO_THE_DAY}$")
_PLACE_OF_SIGNING: Final = re.compile(
    rf"(?:suscri\w+|firm\w+|dado|emitid[oa]|redactad[oa])\s+en\s+(?:la\s+ciudad\s+de\s+)?{_NAME_OF_PLACE}\s*,?\s*"
    rf"{_TO_THE_DAY}$",
)
_PLACE_ON_ITS_LINE: Final = re.compile(rf"\W*{_NAME_OF_PLACE}\s+{_TO_THE_DAY}$")
_OF_SOMETHING_ELSE: Final = re.compile(
    r"\b(?:fundad[oa]|inscrit\w+|nombramiento|aviso|resolucion|acuerdo|desde|hasta|vigencia|ingreso|contrato|publicad\w+|"
    r"vencid\w+|corte|sesion|acta|memorando|contadora?|debito|caduc\w+|oficial|constituid\w+|escritura|correspondiente)\b[^\n.;]{0,50}$"
)
"""Words before a day that is not the letter's."""
_IN_ECUADOR: Final = re.compile(rf"{_NAME_OF_PLACE}\s*[,–-]\s*Ecuador\b")
_PLACE_LABEL: Final = re.compile(r"\b(?:lugar|ciudad)\s*(?::\s*|\n)([^\n,:]{3,40})")


def find_days(letter: LetterText) -> Iterator[Mention]:
    """Every day as ``YYYY-MM-DD``; one beside a place or at the head of the letter is its date."""
    for pattern in _DAYS:
        for found in pattern.finditer(letter.folded):
            if day := _day_of(found):
                yield Mention(day, Span(*found.span()), _weight_of_day(letter, found))


def _weight_of_day(letter: LetterText, found: re.Match[str]) -> float:
    before = letter.folded[max(0, found.start() - 90) : found.start()]
    if _OF_SOMETHING_ELSE.search(before):
        return 0.2
    if _place_before(letter, found) or re.search(r"(?:fecha\s*:|dado\s+en)[^\n]*$", before):
        return 1.0
    if is_whole_line(letter, Span(*found.span())):
        return 0.8
    closing = letter.closing
    return 0.7 if found.start() < 250 or (closing and found.start() > closing.span.end) else 0.3


def _place_before(letter: LetterText, found: re.Match[str]) -> re.Match[str] | None:
    """The place that stands before a day on its line."""
    start, end = letter.text.rfind("\n", 0, found.start()) + 1, found.start()
    return (
        _PLACE_OF_SIGNING.search(letter.text, start, end)
        or _PLACE.search(letter.text, start, end)
        or _PLACE_ON_ITS_LINE.match(letter.text, start, end)
    )


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
    for pattern in _DAYS:
        for found in pattern.finditer(letter.folded):
            if place := _place_before(letter, found):
                weight = min(_weight_of_day(letter, found), 1.0 if found.start() < 250 else 0.8)
                yield Mention(tidy(place[1]), Span(*place.span(1)), weight)
    for found in _IN_ECUADOR.finditer(letter.text):
        yield Mention(tidy(found[1]), Span(*found.span(1)), 0.6)
    for found in _PLACE_LABEL.finditer(letter.folded):
        said = letter.text[found.start(1) : found.end(1)]
        below = "\n" in found[0]
        if not below or re.fullmatch(_NAME_OF_PLACE, said.strip()):
            yield Mention(tidy(said), Span(*found.span(1)), 0.5 if below else 0.9)
