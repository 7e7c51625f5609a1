"""Which fields of a form hold personal data, and how such data look when they are masked.

What a role sees of each kind is in ``operations.personal_data``; here is what a form's own definition tells.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from forms.model import Check, Field, Paragraph


class Datum(Enum):
    """A kind of personal datum (LOPDP, article 4)."""

    IDENTITY = "identity"
    NAME = "name"
    CONTACT = "contact"
    TEXT = "text"
    PAY = "pay"
    PAPERS = "papers"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Datum.IDENTITY: "Número de identidad (cédula o código de extranjero)",
    Datum.NAME: "Nombres y apellidos",
    Datum.CONTACT: "Correo electrónico y teléfono",
    Datum.TEXT: "Texto libre de una petición",
    Datum.PAY: "Sueldos y aportes de una persona",
    Datum.PAPERS: "Imagen y archivo de los papeles, con la firma",
}
HIDDEN: Final = "(reservado)"
"""Stands where a person sees that there is something and not what."""
_DOT: Final = "•"
_KEPT: Final = 3
"""Last signs of a number that stay, by which a clerk tells the people of one morning apart."""
_OF_PEOPLE: Final = ("_name",)
_OF_BUSINESSES: Final = frozenset({"business_name"})
_BUSINESSES: Final = frozenset({"6", "9"})
"""Third digits of a RUC that is a business's or an institution's."""
_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{10}|\d\d[0-5]\d{7}001|[A-Z]{1,2}\d{6,11})(?![0-9A-Za-z])"
)
"""A cédula, the RUC of a person (a cédula and 001; a business has a 6 or a 9 in third place), or a code of a
foreigner."""
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def datum_of(field: Field) -> Datum | None:
    """The kind of personal datum that a field holds, if it holds one.

    Of the name and the RUC of a business none: both are in the public register of taxpayers.
    """
    if field.name in _OF_BUSINESSES:
        return None
    if Check.IDENTITY in field.checks or field.name == "person_id":
        return Datum.IDENTITY
    if Check.EMAIL in field.checks or Check.PHONE in field.checks:
        return Datum.CONTACT
    if field.name.endswith(_OF_PEOPLE):
        return Datum.NAME
    return Datum.TEXT if isinstance(field.kind, Paragraph) else None


def mask(datum: Datum, value: str) -> str:
    """A value as far as it may be known; empty stays empty.

    >>> mask(Datum.IDENTITY, "1712345675"), mask(Datum.CONTACT, "ana@correo.example")
    ('•••••••675', 'a•••@•••')
    >>> mask(Datum.NAME, "María Fernanda Guamán")
    'M. F. G.'
    """
    if not value:
        return ""
    match datum:
        case Datum.IDENTITY:
            return _mask_number(value)
        case Datum.NAME:
            return " ".join(f"{word[0]}." for word in value.split())
        case Datum.CONTACT:
            return f"{value[0]}•••@•••" if "@" in value else _mask_number(value)
        case Datum.TEXT:
            return mask_addresses(mask_numbers(value))
        case _:
            return HIDDEN


def _mask_number(value: str) -> str:
    kept = value[-_KEPT:] if len(value) > 2 * _KEPT else ""
    return _DOT * (len(value) - len(kept)) + kept


def mask_ruc(ruc: str) -> str:
    """A RUC as anybody may see it: whole that of a business, which is in the public register; of a person's
    only what tells two apart, for the rest is a cédula.

    >>> mask_ruc("1790010937001"), mask_ruc("1712345675001")
    ('1790010937001', '•••••••675001')
    """
    if ruc[2:3] in _BUSINESSES:
        return ruc
    return mask(Datum.IDENTITY, ruc[:10]) + ruc[10:]


def mask_numbers(text: str) -> str:
    """A running text with the identity numbers in it masked.

    >>> mask_numbers("De 1712345675, planilla 4006001")
    'De •••••••675, planilla 4006001'
    """
    return _NUMBERS.sub(lambda found: _mask_number(found[0]), text)


def mask_addresses(text: str) -> str:
    """A running text with the e-mail addresses in it masked."""
    return _ADDRESS.sub(lambda found: mask(Datum.CONTACT, found[0]), text)


def find_numbers(text: str) -> list[str]:
    """The identity numbers in a running text."""
    return _NUMBERS.findall(text)
