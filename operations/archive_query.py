"""The archivist's query: words and typed filters, from a line of text or the fields of a form.

Nothing that a person types is an error: what is no filter is a word, and a filter that makes no sense is
named and not applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from forms.numbers import parse_number
from operations.indexing import CODE, DAY, KIND, KINDS, MONTH, NAME, OFFICE, PERIOD, PERSON, RUC, STATE, YEAR
from regeneration.cases import CaseState
from storage.search import Wanted, fold_words, tagged, wanted_words

FILTERS: Final = (
    "ruc",
    "razon",
    "persona",
    "tramite",
    "periodo",
    "oficina",
    "desde",
    "hasta",
    "tipo",
    "estado",
)
"""Filters by the names that stand in an address and before a colon."""
_BEGINNING: Final = {"ruc": RUC, "razon": NAME, "persona": PERSON, "oficina": OFFICE}
"""Filters that hold words of which the beginning is enough, and the tags of their terms."""
_ALIASES: Final = {"empresa": "razon", "caso": "tramite", "codigo": "tramite"}
MOST_WORDS: Final = 24
"""Words of a query that count; nobody types more, and programs that do are told."""
_LONGEST: Final = 1000
_FILTER: Final = re.compile(r'(?<!\S)(\w+):("[^"]*"|\S+)')
_CASE_NUMBER: Final = re.compile(r"\d{4}-\d{6}-\d")
_WHOLE: Final = re.compile(rf"{RUC}_\d{{13}}|{PERIOD}_\d{{6}}")
"""Terms that no other goes on from, so that they are looked up and not searched for."""
_NOTHING: Final = Wanted(one_of=((f"{DAY}_none",),))
"""What no document has."""
_ONLY_SIGNS: Final = (
    "Lo que escribió no tiene letras ni cifras, y solo por ellas se busca. Por favor escriba una palabra o "
    "un número."
)
_OLDEST: Final = date(1990, 1, 1)
STATES: Final = {state.value: state.label for state in CaseState}


@dataclass(frozen=True, slots=True)
class ArchiveQuery:
    """Words and filters as they were given, by the names of :data:`FILTERS`; ``ignored`` are sentences about
    what could not be applied.
    """

    words: str
    filters: Mapping[str, str]
    wanted: Wanted
    ignored: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.filters or self.ignored)

    @property
    def address(self) -> str:
        """The part of the address behind the question mark: the same search, whoever opens it."""
        given = {"q": self.words, **{name: self.filters.get(name, "") for name in FILTERS}}
        return urlencode({name: value for name, value in given.items() if value})


def parse_query(text: str, fields: Mapping[str, str], today: date) -> ArchiveQuery:
    """The query of a line of text (``andina ruc:1790010937001``) and of a form's fields, which go before."""
    text = text.replace("\0", " ")[:_LONGEST]
    filters = {
        name: fields[name].replace("\0", " ").strip()[:_LONGEST]
        for name in FILTERS
        if fields.get(name, "").strip()
    }
    words: list[str] = []
    place = 0
    for found in _FILTER.finditer(text):
        name = "".join(fold_words(found.group(1)))
        name = _ALIASES.get(name, name)
        if name not in FILTERS:
            continue
        words.append(text[place : found.start()])
        place = found.end()
        if value := found.group(2).strip('"').strip():
            filters.setdefault(name, value)
    words.append(text[place:])
    shown = " ".join(" ".join(words).split())
    return _understood(shown, filters, today)


def _understood(words: str, filters: Mapping[str, str], today: date) -> ArchiveQuery:
    ignored: list[str] = []
    codes = [_code_of(word) for word in words.split()]
    of_words = wanted_words(
        " ".join(word for word, code in zip(words.split(), codes, strict=True) if not code)
    )
    begins, exact = list(of_words.begins), list(of_words.exact)
    for code in filter(None, codes):
        exact += tagged(CODE, code, whole=True)
    for name, tag in _BEGINNING.items():
        begins += tagged(tag, filters.get(name, ""))
    exact += tagged(CODE, filters.get("tramite", ""), whole=True)
    periods, sentence = _period(filters.get("periodo", ""))
    kinds, of_kind = _one_of(filters.get("tipo", ""), tuple(KINDS), KIND, "tipo de documento")
    states, of_state = _one_of(filters.get("estado", ""), tuple(STATES), STATE, "estado")
    begins += periods
    exact += [*filter(_WHOLE.fullmatch, begins), *kinds, *states]
    begins = [term for term in begins if not _WHOLE.fullmatch(term)]
    ignored += filter(None, (sentence, of_kind, of_state))
    days, sentences = _days(filters.get("desde", ""), filters.get("hasta", ""), today)
    ignored += sentences
    if len(begins) + len(exact) > MOST_WORDS:
        ignored.append(f"Se buscaron solo {MOST_WORDS} palabras. Por favor acorte la búsqueda.")
        begins, exact = begins[:MOST_WORDS], exact[: max(0, MOST_WORDS - len(begins))]
    wanted = Wanted(tuple(dict.fromkeys(begins)), tuple(dict.fromkeys(exact)), days)
    if wanted == Wanted() and not ignored and (words or filters):
        # Signs alone ask for something, and not for everything.
        return ArchiveQuery(words, dict(filters), _NOTHING, (_ONLY_SIGNS,))
    return ArchiveQuery(words, dict(filters), wanted, tuple(ignored))


def _code_of(word: str) -> str:
    """The case number or short code that a word is; empty when it is neither."""
    if _CASE_NUMBER.fullmatch(word):
        return word
    # A plain word of sixteen letters may pass the check of a code by chance.
    return (parse_number(word) or "") if any(sign.isdigit() for sign in word) else ""


def _period(value: str) -> tuple[list[str], str]:
    if not value:
        return [], ""
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", value, re.ASCII):
        return tagged(PERIOD, value, whole=True), ""
    return [], f"El período «{value}» no se entiende y no se aplicó. Por favor escríbalo como 2026-09."


def _one_of(value: str, known: tuple[str, ...], tag: str, what: str) -> tuple[list[str], str]:
    if not value:
        return [], ""
    labels = {"".join(fold_words(STATES.get(name, name))): name for name in known}
    name = value if value in known else labels.get("".join(fold_words(value)), "")
    if name:
        return tagged(tag, name, whole=True), ""
    return [], f"No hay un {what} «{value}» y no se aplicó. Por favor elíjalo de la lista."


def _days(since: str, until: str, today: date) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    """Groups of terms of which a document in a range of days has one each, both ends in it; none when there
    is no range. A group of years goes before, for it tells quickly where nothing can be.
    """
    sentences: list[str] = []
    ends: list[date | None] = []
    for name, value in (("desde", since), ("hasta", until)):
        try:
            ends.append(date.fromisoformat(value) if value else None)
        except ValueError:
            ends.append(None)
            sentences.append(
                f"La fecha «{name}: {value}» no se entiende y no se aplicó. Por favor escríbala como "
                "2026-09-30."
            )
    if ends == [None, None]:
        return (), sentences
    first = max(ends[0] or _OLDEST, _OLDEST)
    last = min(ends[1] or today + timedelta(days=1), today + timedelta(days=366))
    terms = tuple(_covering(first, last))
    if not terms:  # a range without a day in it finds nothing
        return _NOTHING.one_of, sentences
    years = tuple(f"{YEAR}_{year}" for year in range(first.year, last.year + 1))
    return ((years, terms) if len(years) < len(terms) else (terms,)), sentences


def _covering(first: date, last: date) -> Iterator[str]:
    day = first
    while day <= last:
        next_year = date(day.year + 1, 1, 1)
        next_month = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if day == date(day.year, 1, 1) and next_year - timedelta(days=1) <= last:
            yield f"{YEAR}_{day:%Y}"
            day = next_year
        elif day.day == 1 and next_month - timedelta(days=1) <= last:
            yield f"{MONTH}_{day:%Y%m}"
            day = next_month
        else:
            yield f"{DAY}_{day:%Y%m%d}"
            day += timedelta(days=1)
