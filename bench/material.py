"""Fresh random requests and authorizations, printed, signed and scanned, for benchmarks and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, assert_never

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forms.layout import room
from forms.model import (
    Annex,
    Check,
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Mark,
    Paragraph,
    Period,
    Signature,
    Text,
    Values,
)
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.register import all_forms
from forms.seal import KeyRing, SigningKey
from generators.pages import draw_sealed
from generators.paper.hands import HANDS
from generators.paper.ink import sign
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Grey, Sheet, print_page
from intake.number_proof import RecentDocument
from intake.pages import IssuedRecord, ReadingContext

KEY: Final = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
KEYS: Final = KeyRing.of(KEY)
ISSUED: Final = date(2026, 12, 1)
"""The day on which all papers here were issued."""
EDITIONS: Final = tuple(form.current for form in all_forms() if form.is_signed)

_GIVEN: Final = [
    "María",
    "José",
    "Luis",
    "Ángel",
    "Lucía",
    "Íngrid",
    "Óscar",
    "Ñusta",
    "Andrés",
    "Belén",
    "Édgar",
    "Zoila",
    "Washington",
]
_FAMILY: Final = [
    "Guamán",
    "Quishpe",
    "Chimbo",
    "Andi",
    "Yépez",
    "Muñoz",
    "Cárdenas",
    "Zambrano",
    "Ibarra",
    "Güiza",
    "Peñafiel",
    "Toapanta",
]
_TRADES: Final = [
    "COMERCIAL",
    "INDUSTRIAS",
    "SERVICIOS",
    "ALIMENTOS",
    "TEXTILES",
    "CONSTRUCCIONES",
    "AGRÍCOLA",
    "IMPORTADORA",
]
_ENDINGS: Final = ("S.A.", "S.A.S.", "CÍA. LTDA.", "& ASOCIADOS C.L.", "E.P.")
_WORDS: Final = [
    "solicito",
    "regenerar",
    "la",
    "planilla",
    "porque",
    "no",
    "constó",
    "el",
    "aviso",
    "de",
    "entrada",
    "salida",
    "nuevo",
    "sueldo",
    "del",
    "trabajador",
    "con",
    "cédula",
    "desde",
    "el",
    "día",
    "registrado",
    "hoy",
    "en",
    "el",
    "portal",
    "según",
    "corresponde",
    "conforme",
    "afiliación",
    "período",
]
_STREETS: Final = ("Av. 10 de Agosto", "Bolívar", "Gran Colombia", "Olmedo", "Av. de las Américas", "Ñuñoa")


def cedula(random: np.random.Generator) -> str:
    """A cédula with a right check digit that belongs to nobody in particular."""
    digits = [
        *map(int, f"{random.integers(1, 25):02d}"),
        int(random.integers(6)),
        *random.integers(10, size=6),
    ]
    folded = [d * 2 - 9 if i % 2 == 0 and d > 4 else d * (2 - i % 2) for i, d in enumerate(map(int, digits))]
    return "".join(map(str, map(int, digits))) + str(-sum(folded) % 10)


def company_ruc(random: np.random.Generator) -> str:
    """A RUC of a private company; newer ones follow no check digit, and neither does this."""
    return f"{random.integers(1, 25):02d}9{random.integers(10**7):07d}001"


def _name(random: np.random.Generator) -> str:
    return " ".join([*random.choice(_GIVEN, 2), *random.choice(_FAMILY, 2)])


def _sentence(random: np.random.Generator, most: int) -> str:
    text = " ".join(random.choice(_WORDS, int(random.integers(6, 58))))
    return text[:most].rsplit(" ", 1)[0].capitalize() + "."


def random_values(edition: Edition, random: np.random.Generator) -> Values:
    """Valid values for a form of the catalogue, each field drawn anew."""
    day = date(2026, 1, 1) + timedelta(days=int(random.integers(700)))
    foreigner = random.random() < 0.15
    number = "".join(random.choice(list("0123456789ABCDEFGHXYZ"), 9)) if foreigner else cedula(random)
    kind = "foreigner-code" if foreigner else "cedula"
    trade, family, ending = (str(random.choice(words)) for words in (_TRADES, _FAMILY, _ENDINGS))
    values = {
        "place": str(
            random.choice(("Quito", "Guayaquil", "Santo Domingo de los Tsáchilas", "Cuenca", "Macará"))
        ),
        "date": day.isoformat(),
        "ruc": company_ruc(random),
        "branch": f"{random.integers(1, 120):04d}",
        "business_name": f"{trade} {family.upper()} {ending}",
    }
    if edition.form == "employer-request":
        return values | _request_values(random, day, kind, number)
    if edition.form != "third-party-authorization":
        return {field.name: _any_value(field, random, day) for field in edition.value_fields}
    return values | {
        "grantor_name": _name(random),
        "grantor_id_kind": kind,
        "grantor_id": number,
        "authorized_name": _name(random),
        "authorized_id_kind": "cedula",
        "authorized_id": cedula(random),
        "procedure": "Regeneración de planillas de aportes",
        "valid_from": day.isoformat(),
        "valid_until": (day + timedelta(days=int(random.integers(31)))).isoformat(),
    }


def _any_value(field: Field, random: np.random.Generator, day: date) -> str:
    """Something that a field of any form takes."""
    if Check.EMAIL in field.checks:
        return f"contabilidad{random.integers(999)}@empresa-{random.integers(99)}.example"
    if Check.PHONE in field.checks:
        return f"0{random.integers(2, 8)} {random.integers(200, 400)} {random.integers(1000, 9999)}"
    match field.kind:
        case Text() | Paragraph():
            return _sentence(random, min(room(field) - 1, 120))
        case Comb() as comb:
            cells = comb.cells if comb.exact else min(comb.cells, 10)
            return "".join(random.choice(list("0123456789"), cells))
        case Date():
            return day.isoformat()
        case Period():
            return f"{day:%Y-%m}"
        case Choice() as choice:
            return choice.options[int(random.integers(len(choice.options)))].value
        case Mark():
            return "yes"
        case Signature() | Annex():
            raise ValueError(f"{field.name} holds no value")
        case _:
            assert_never(field.kind)


def _request_values(random: np.random.Generator, day: date, kind: str, number: str) -> Values:
    values = {
        "representative_name": _name(random),
        "representative_id_kind": kind,
        "representative_id": number,
        "period": f"{day:%Y-%m}",
        "sheet_type": str(random.choice(("contributions", "contributions", "reserve-fund", "adjustment"))),
        "petition": _sentence(random, 330),
        "email": f"contabilidad{random.integers(999)}@empresa-{random.integers(99)}.example",
        "phone": f"0{random.integers(2, 8)} {random.integers(200, 400)} {random.integers(1000, 9999)}",
        "address": f"{random.choice(_STREETS)} N{random.integers(9, 99)}-{random.integers(9, 999)} y Bogotá",
    }
    if random.random() < 0.6:
        values["sheet_number"] = f"{day:%Y-%m}-{random.integers(10**6):06d}"
    return values


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed form that somebody signed, in the ``hand`` of ``HANDS`` named, or not; ``document`` is its
    number.
    """

    edition: Edition
    values: Values
    sheet: Sheet
    signed: bool
    pdf: bytes
    document: str = ""
    hand: str = ""


_ISSUED_BESIDE: Final = 1999
"""Documents of others that a window knows to have been issued as lately as a paper."""


def knowing(paper: Paper) -> ReadingContext:
    """What a window knows of a paper beforehand: the keys, what was issued under its number, and what else
    was issued lately.
    """
    form, edition = paper.edition.form, paper.edition.name
    record = IssuedRecord(form, edition, ISSUED, paper.values)
    own = RecentDocument(paper.document, form, edition)
    return ReadingContext(KEYS, {paper.document: record}, recent=(*_issued_beside(), own))


@cache
def _issued_beside() -> tuple[RecentDocument, ...]:
    random = np.random.default_rng(8)
    return tuple(
        RecentDocument(number_from_entropy(random.bytes(RANDOM_BYTES)), edition.form, edition.name)
        for edition in (EDITIONS[int(random.integers(len(EDITIONS)))] for _ in range(_ISSUED_BESIDE))
    )


def random_paper(
    random: np.random.Generator, edition: Edition | None = None, unsigned: float = 0.15
) -> Paper:
    """Issue, print and (mostly) sign a form with fresh values."""
    chosen = edition or EDITIONS[int(random.integers(len(EDITIONS)))]
    values = random_values(chosen, random)
    number = number_from_entropy(random.bytes(RANDOM_BYTES))
    pdf = draw_sealed(chosen, values, document=number, issued=ISSUED, key=KEY).pdf
    sheet = print_page(pdf)
    signed = random.random() >= unsigned
    hand = ""
    if signed:
        hand = str(random.choice(sorted(HANDS)))
        sheet = sign(sheet, chosen.signature_fields[0].box, random, hand=hand)
    return Paper(chosen, values, sheet, signed, pdf, number, hand)


def random_scan(paper: Paper, severity: Severity, random: np.random.Generator) -> Grey:
    """A scan of the paper after treatment of that severity."""
    return scan(random_damage(paper.sheet, severity, random), random_scanner(severity, random), random)
