"""How to reach the company: e-mail, telephone, address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from intake.letters.mentions import Mention, tidy
from intake.letters.text import LetterText, Span

_EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]*\s?@\s?[A-Za-z0-9][A-Za-z0-9.\-]*\.[A-Za-z]{2,}")
_PHONE: Final = re.compile(
    r"\b(?:telefonos?|telef|telfs?|tlf|telefonico|tel|celular(?:es)?|cel|movil|whatsapp|contacto)\b"
    r"[^\d+\n]{0,40}\n?[^\d+\n]{0,6}(\(?\+?\d[\d ()\-]{5,15}\d)"
)
_ADDRESS: Final = re.compile(
    r"\b(?:direccion|domicilio|domiciliad[oa]\s+en|ubicad[oa]\s+en|dir\.)(?!\s+provincial)(?!\s+(?:de\s+)?correo)"
    r"(?:\s+(?:domiciliaria|tributaria|de\s+la\s+(?:empresa|compania)|exacta|es|fisica))*\s*[:.\-]?\s*\n?"
)
_ROAD: Final = re.compile(r"\b(?:av\.|avenida|calle|cdla\.|ciudadela|urb\.|urbanizacion|km\.?\s*\d)\s")
_HOUSE_NUMBER: Final = re.compile(
    r"^[a-z0-9][a-z0-9 .]{2,40} [nseo]e?\s?\d{1,3}[a-z]?-\d{1,4}\b", re.MULTILINE
)
_ADDRESS_END: Final = re.compile(
    r"\n|;|\s[·|•]\s|[.,;]?\s*(?:y\s+)?(?:el\s+|al\s+|a\s+los\s+|nuestro\s+|mi\s+)?"
    r"\b(?:correo|e-?mail|telefono|telf|tel\b|tlf|celular|cel\b|contacto|buzon)|,\s*(?:ante\s+usted|a\s+usted|y\s+solicit|solicit|comparez)"
)
_OF_THE_INSTITUTE: Final = "iess.gob.ec"


def find_email(letter: LetterText) -> Iterator[Mention]:
    """Every address of electronic mail but the institute's own."""
    for found in _EMAIL.finditer(letter.text):
        value = re.sub(r"\s", "", found[0]).rstrip(".")
        if _OF_THE_INSTITUTE not in value.lower():
            yield Mention(value, Span(*found.span()), 1.0)


def find_phone(letter: LetterText) -> Iterator[Mention]:
    """Numbers after a word that announces a telephone; of several, each later one weighs less."""
    weight = 1.0
    for found in _PHONE.finditer(letter.folded):
        value = tidy(letter.text[found.start(1) : found.end(1)])
        if 7 <= len(re.sub(r"\D", "", value)) <= 13:
            yield Mention(value, Span(*found.span(1)), weight)
            weight *= 0.9


def find_address(letter: LetterText) -> Iterator[Mention]:
    """What follows a word that announces an address, and lines that begin with a road or have a house's
    number as the cities of the highlands write it.
    """
    for label in _ADDRESS.finditer(letter.folded):
        yield from _address_from(letter, label.end(), 1.0)
    for road in _ROAD.finditer(letter.folded):
        start = road.start()
        if start == 0 or letter.text[start - 1] == "\n":
            yield from _address_from(letter, start, 0.6)
    for house in _HOUSE_NUMBER.finditer(letter.folded):
        yield from _address_from(letter, house.start(), 0.5)


def _address_from(letter: LetterText, start: int, weight: float) -> Iterator[Mention]:
    end = _ADDRESS_END.search(letter.folded, start)
    stop = end.start() if end else len(letter.text)
    value = tidy(letter.text[start:stop]).rstrip(".")
    if 6 <= len(value) <= 160 and re.search(r"[a-z]{3}", value):
        yield Mention(value, Span(start, stop), weight)
