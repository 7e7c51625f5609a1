"""Is a page the copy of an identity document, and of whose kind?

A cédula copy is told by the words of the card and its short lines; a foreigner's document by its
machine-readable zone (ICAO 9303), by being a passport, or by a nationality that is not the Ecuadorian one.
Names and numbers on the copy are not kept: the procedure needs only to know that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

from intake.letters.machine_readable import find_nationality
from intake.letters.text import LetterLine, fold

CopyKind = Literal["cedula-copy", "foreigner-copy"]

_LABELS: Final = (
    "APELLIDOS",
    "APELLIDOS Y NOMBRES",
    "NOMBRES",
    "NACIONALIDAD",
    "FECHA DE NACIMIENTO",
    "LUGAR DE NACIMIENTO",
    "LUGAR Y FECHA DE EXPEDICION",
    "FECHA DE EXPIRACION",
    "FECHA DE VENCIMIENTO",
    "FECHA DE EMISION",
    "ESTADO CIVIL",
    "SEXO",
    "INSTRUCCION",
    "PROFESION",
    "CONDICION CIUDADANIA",
    "CODIGO DACTILAR",
    "TIPO SANGRE",
    "NUI",
    "NO DOCUMENTO",
    "SURNAME",
    "GIVEN NAMES",
    "NATIONALITY",
    "DATE OF BIRTH",
    "PLACE OF BIRTH",
    "DATE OF EXPIRY",
    "PASSPORT NO",
    "CATEGORIA MIGRATORIA",
)
"""Labels of cards and passports, without accents, that stand over their value or before it."""
_OF_CEDULA: Final = re.compile(r"REGISTRO CIVIL|CEDULACION|CEDULA DE (IDENTIDAD|CIUDADANIA)")
_OF_FOREIGNER: Final = re.compile(
    r"PASAPORTE|PASSPORT|PASSAPORTE|EXTRANJER[IO]|REFUGIAD|VISA |CATEGORIA MIGRATORIA|CEDULA DE EXTRANJERIA"
)
_OWN: Final = re.compile(r"^(ECUATORIAN[AO]|ECUADOR|ECU)\b")
_SHORT: Final = 110.0
"""Mm that a card's lines are long at most: a passport's opened page is 125 mm wide."""
_PROSE: Final = 3
"""Longer lines from which a page is a writing that mentions a document."""
_ALIKE: Final = 0.82
"""Likeness from which a line is a label whose letters the scan has spoilt."""
_LEAST_LABELS: Final = 2
_MANY_LABELS: Final = 4
"""Different labels that a page shows at least beside the name of a document, and without it."""


def copy_kind(lines: Sequence[LetterLine]) -> CopyKind | None:
    """What the page is a copy of; nothing when it is none, or nobody's to tell."""
    texts = [_plain(line.text) for line in lines]
    nationality = find_nationality([line.text for line in lines])
    long = [line for line in lines if line.box.width > _SHORT and "<<" not in line.text]
    if len(long) >= _PROSE:
        return None
    labels = {label for text in texts for label in _labels_in(text)}
    cedula = any(_OF_CEDULA.search(text) for text in texts)
    foreign = any(_OF_FOREIGNER.search(text) for text in texts)
    least = _LEAST_LABELS if cedula or foreign else _MANY_LABELS
    if nationality is None and len(labels) < least:
        return None
    nationality = nationality or _stated_nationality(texts)
    if nationality is not None:
        return "cedula-copy" if _OWN.match(nationality) else "foreigner-copy"
    if cedula == foreign:
        return None
    return "cedula-copy" if cedula else "foreigner-copy"


def _plain(text: str) -> str:
    """Capital letters and digits without accents, single blanks between words."""
    return " ".join(re.findall(r"[A-Z0-9<]+", fold(text).upper()))


def _labels_in(text: str) -> Iterable[str]:
    """Labels that a line is or begins with; in a passport it is said in two tongues."""
    for label in _LABELS:
        start = text[: len(label)]
        if text.endswith(label) or SequenceMatcher(None, start, label).ratio() >= _ALIKE:
            yield label


def _stated_nationality(texts: Sequence[str]) -> str | None:
    """What stands after or under the label of the nationality."""
    for place, text in enumerate(texts):
        found = re.search(r"\b(?:NACIONALIDAD|NATIONALITY)\b(?: NATIONALITY)?(.*)", text)
        if found is None:
            continue
        value = found[1].strip() or next((after for after in texts[place + 1 :][:2] if len(after) > 3), "")
        if value and not any(True for _ in _labels_in(value)):
            return value
    return None
