"""Who signs for somebody else: an office below the representative's, «p.» or «por» and whose name, a son for
his mother, an accountant for a client. Whoever it is, the letter's representative is the one it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from intake.letters.companies import ADDRESSEE, begins_organisation
from intake.letters.mentions import Mention
from intake.letters.names import LAWYER, TITLES, find_names
from intake.letters.text import LetterText, Span, fold

_OFFICE: Final = (
    r"representante(?:\s+legal)?|gerente(?:\s+general)?|propietari[oa]|duen[oa]|titular|empleador[a]?|"
    r"administrador[a]?|president[ea]|patron[oa]?"
)
_ON_BEHALF: Final = (
    r"(?:a|en)\s+nombre(?:\s+y\s+(?:en\s+)?representacion)?\s+de|en\s+representacion\s+de|"
    r"por\s+(?:encargo|pedido|mandato|orden|autorizacion|disposicion|delegacion|poder|ausencia|cuenta)\s+de|"
    r"a\s+ruego\s+de|firma\s+por(?!\s*:)"
)
_FOR: Final = re.compile(
    rf"(?:^|(?<=[,(]))[^\w\n]*(?:f\s?\.?\s?\)\W*)?(?P<how>{_ON_BEHALF}|p\s?\.?\s?p\s?\.|p\s?\.(?=\s)|p\s?/|por(?=\s))"
    rf"l?\s*(?:(?:el|la)\s+)?(?P<office>(?:{_OFFICE})\b)?[\s,:]*",
    re.MULTILINE,
)
"""In whose name somebody signs, as it stands beside the signature."""
_ALSO_A_TITLE: Final = re.compile(r"p\s?\.$")
"""«P.» is a priest's title too: it tells only where somebody else signs."""
_WRITES: Final = (
    r"\b(?:escrib|firm|suscrib|present|comparezc|actu|acud|dirij|solicit|ped|pid)\w*\b[^.;\n]{0,60}?"
)
_KIN: Final = (
    r"madre|padre|mama|papa|espos[oa]|conyuge|herman[oa]|hij[oa]|ti[oa]|abuel[oa]|suegr[oa]|jef[ea]|cliente|"
    r"patron[oa]?|empleador[a]?|senora?|sra?\.|don|dona"
)
_WRITES_FOR: Final = re.compile(
    rf"(?:{_WRITES}(?:{_ON_BEHALF})|\bpor\s+encargo\s+de)l?\s*(?:(?:el|la|mi|nuestr[oa])\s+){{0,2}}(?:{_KIN})[\s,]*"
)
"""A letter that says that its writer is not whose it is."""
_HELPER: Final = (
    r"contador[a]?|asesor[a]?|asistente|auxiliar|sub-?gerente|secretari[oa]|mandatari[oa]|delegad[oa]|"
    r"tramitador[a]?|jef[ea]\s+de|encargad[oa]\s+de|apoderad[oa]|recepcionista|tesorer[oa]|colector[a]?"
)
_AS_HELPER: Final = re.compile(
    r"\b(?:en\s+(?:mi\s+)?calidad\s+de|firmo\s+como)\s+(?:su\s+)?"
    rf"(?:contador|asesor|asistente|mandatari|tramitador|secretari[oa]\s+de|(?<=su\s)(?:{_HELPER}))"
)
_HELPER_BELOW: Final = re.compile(rf"[^\n]{{0,12}}\n\W*(?:(?:la|el)\s+)?(?:{_HELPER})\b(?!\s+general)")
"""Under a signature the office of somebody who is no representative."""
_OFFICE_BELOW: Final = re.compile(rf"[^\n]{{0,12}}\n(?:[^\n]{{0,30}}\n)?\W*(?:{_OFFICE})\b")
_WHO_IT_IS: Final = re.compile(rf"[\s,(]*(?:{_OFFICE}|c\s?\.\s?[ci]\b|c[ci]\b|ced|codigo)\b")
"""An office or a number after a name."""
_KNOWN: Final = 0.7
_LEAST: Final = 0.9
"""Weights of a name that a letter tells who it is, and of one that it introduces as its representative's."""
_OF_HEAD: Final = 0.6
"""What a telephone of the letterhead weighs then, against the same in the letter."""
_MEANT: Final = 0.95
_ANOTHERS: Final = 0.2
"""Weights of whose the letter is, and of who only signs it: that person is never proposed."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """Somebody who signs a letter that is another's: the name as far as it can be read, and whose it is where
    the letter says so beside.
    """

    signer: Mention | None
    principal: Mention | None


def find_proxy(letter: LetterText, named: Sequence[Mention]) -> Proxy | None:
    """Who signs for somebody else, if a letter says it; ``named`` are those it may name as representative."""
    people = [each for each in find_names(letter) if not begins_organisation(fold(each.value).split()[0])]
    end = letter.closing.span.end if letter.closing else len(letter.text) * 2 // 3
    signing = [person for person in people if person.span.start >= end]
    return (
        _signed_for(letter, named, signing, end)
        or _written_for(letter, people, signing, end)
        or _signed_by_helper(letter, named, signing, end)
    )


def weigh(mentions: Sequence[Mention], proxy: Proxy) -> list[Mention]:
    """Mentions of the representative where ``proxy`` signs: who is named, and not who signs."""
    others = [
        replace(each, weight=_ANOTHERS)
        if proxy.signer is not None and is_same(each.value, proxy.signer.value)
        else each
        for each in mentions
    ]
    return others if proxy.principal is None else [*others, replace(proxy.principal, weight=_MEANT)]


def weigh_letterhead(letter: LetterText, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of where to reach the employer in a letter that another signs: what stands in its head may be
    that person's own.
    """
    addressee = ADDRESSEE.search(letter.folded)
    head = addressee.start() if addressee else 0
    return [
        replace(each, weight=each.weight * _OF_HEAD) if each.span.end <= head else each for each in mentions
    ]


def is_same(one: str, other: str) -> bool:
    """Whether two names may be one person's: all words of one are in the other, initials for words."""
    short, long = sorted((_words(one), _words(other)), key=len)
    rest = iter(long)
    return bool(short) and all(any(_is_same_word(word, each) for each in rest) for word in short)


def _is_same_word(one: str, other: str) -> bool:
    return one == other or (1 in {len(one), len(other)} and one[0] == other[0])


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", fold(name))


def _signed_for(
    letter: LetterText, named: Sequence[Mention], signing: Sequence[Mention], end: int
) -> Proxy | None:
    """«p. Juan Pérez», «por el representante legal» beside the signature."""
    for found in _FOR.finditer(letter.folded, end):
        principal = _person_at(letter, signing, found.end())
        if found["office"] is None and not (principal and _is_told(letter, principal, named)):
            continue
        others = [each for each in signing if principal is None or not is_same(each.value, principal.value)]
        signer = _nearest(letter, others, found.start())
        if signer is None and (found["office"] is None or _ALSO_A_TITLE.search(found["how"])):
            continue
        return Proxy(signer, principal)
    return None


def _is_told(letter: LetterText, person: Mention, named: Sequence[Mention]) -> bool:
    """Whether a letter tells who somebody is: a trade name may look like a person's."""
    known = any(is_same(each.value, person.value) for each in named if each.weight >= _KNOWN)
    return known or _WHO_IT_IS.match(letter.folded, person.span.end) is not None


def _written_for(
    letter: LetterText, people: Sequence[Mention], signing: Sequence[Mention], end: int
) -> Proxy | None:
    """«escribo a nombre de mi madre», «en mi calidad de contadora», in the letter's own words."""
    found = _WRITES_FOR.search(letter.folded, 0, end)
    helper = _AS_HELPER.search(letter.folded, 0, end)
    if found is None and helper is None:
        return None
    principal = _person_at(letter, people, found.end()) if found else None
    others = [each for each in signing if principal is None or not is_same(each.value, principal.value)]
    if not others or _OFFICE_BELOW.match(letter.folded, others[0].span.end):
        return None
    return Proxy(others[0], principal)


def _signed_by_helper(
    letter: LetterText, named: Sequence[Mention], signing: Sequence[Mention], end: int
) -> Proxy | None:
    """An accountant's or a secretary's name where one signs, and not that of whom the letter names."""
    meant = [each for each in named if each.weight >= _LEAST and each.span.start < end]
    for person in signing:
        if not _HELPER_BELOW.match(letter.folded, person.span.end):
            continue
        if meant and not any(is_same(each.value, other.value) for each in meant for other in signing):
            return Proxy(person, None)
    return None


def _person_at(letter: LetterText, people: Sequence[Mention], place: int) -> Mention | None:
    """The name that begins at a place, a title between."""
    for person in people:
        between = letter.folded[place : person.span.start]
        if 0 <= person.span.start - place < 40 and not TITLES.sub("", between).strip(" ,:"):
            return person
    return None


def _nearest(letter: LetterText, people: Sequence[Mention], place: int) -> Mention | None:
    """The name nearest to a place; a lawyer's only where there is no other."""

    def far(person: Mention) -> tuple[bool, int]:
        before = letter.folded[max(0, person.span.start - 12) : person.span.start]
        return LAWYER.search(before) is not None, abs(person.span.start - place)

    return min(people, key=far, default=None)


def spans_of(letter: LetterText, name: str) -> Iterator[Span]:
    """Where a letter names somebody."""
    return (person.span for person in find_names(letter) if is_same(person.value, name))
