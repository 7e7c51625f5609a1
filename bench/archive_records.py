"""A synthetic archive for the bench of searches: documents with the terms that ``index_case`` would make.

Four documents a case that can be found, one of them with a page of text, and two pictures of a page that
cannot and only take numbers. The same documents every time; names and numbers are nobody's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from operations.indexing import CODE, DAY, KIND, MONTH, NAME, OFFICE, PERIOD, PERSON, RUC, STATE, YEAR
from storage.search import fold_words, tagged

KINDS = ("original", "sheet", "sheet-comparison", "sheet-json")
_GIVEN = (
    "María", "José", "Luis", "Ana", "Rosa", "Carlos", "Jorge", "Elena", "Lucía", "Andrés", "Inés", "Diego",
)  # fmt: skip
FAMILY = (
    "Guamán", "Quishpe", "Chimbo", "Andrade", "Núñez", "Peñafiel", "Zambrano", "Cedeño", "Mora", "Vera",
    "Ortiz", "León", "Tapia", "Ruiz", "Cañar", "Ibarra",
)  # fmt: skip
_TRADES = ("Comercial", "Textiles", "Agrícola", "Constructora", "Transportes", "Servicios", "Importadora")
OFFICES = ("Quito - Matriz", "Guayaquil", "Cuenca", "Ambato", "Loja", "Manta")
COMMON = (
    "Señor", "Director", "solicito", "regeneración", "planilla", "aportes", "omisión", "novedad", "salida",
    "entrada", "sueldo", "período", "representante", "legal", "empleador", "declaro", "pagada",
    "comprobantes", "anulados", "fondos", "reserva",
)  # fmt: skip
RARE = 40_000
"""Words of the papers that few documents have."""
_DAYS = 3650
_PICTURES = 2


def records(count: int) -> Iterator[tuple[int, list[str]]]:
    """Ids and terms of that many documents, always the same."""
    dice = random.Random(2026)
    for case in range(count // len(KINDS)):
        about = _case_terms(dice, case, count)
        page = [*COMMON, *(rare_word(dice) for _ in range(60))]
        first = case * (len(KINDS) + _PICTURES) + 1
        for place, kind in enumerate(KINDS):
            own = [*tagged(KIND, kind, whole=True), *fold_words(f"{place:02d} documento {kind}")]
            words = fold_words(" ".join(page)) if place == 0 else []
            yield first + place, [*own, *about, *words]


def _case_terms(dice: random.Random, case: int, count: int) -> list[str]:
    ruc = some_ruc(dice, count)
    name = f"{dice.choice(_TRADES)} {dice.choice(FAMILY)} {dice.randrange(5000)} Cía. Ltda."
    person = (
        f"{dice.choice(_GIVEN)} {dice.choice(FAMILY)} {dice.choice(FAMILY)} 17{dice.randrange(10**8):08d}"
    )
    day = _day(case, count)
    number = _number(case, count)
    office = dice.choice(OFFICES)
    return [
        *fold_words(f"{number} {office} {ruc} {name} {person} {day:%Y-%m}"), "".join(fold_words(number)),
        *tagged(RUC, ruc), *tagged(NAME, name), *tagged(PERSON, person), *tagged(OFFICE, office),
        *tagged(PERIOD, f"{day:%Y-%m}", whole=True), *tagged(CODE, number, whole=True),
        *tagged(STATE, dice.choice(("archived", "archived", "archived", "refused")), whole=True),
        f"{YEAR}_{day:%Y}", f"{MONTH}_{day:%Y%m}", f"{DAY}_{day:%Y%m%d}",
    ]  # fmt: skip


def some_ruc(dice: random.Random, count: int) -> str:
    """A RUC of an archive of that many documents; each has about twenty of them."""
    return f"17{dice.randrange(count // 20 + 1):08d}001"


def some_number(dice: random.Random, count: int) -> str:
    """The number of one of the cases."""
    return _number(dice.randrange(count // len(KINDS)), count)


def rare_word(dice: random.Random) -> str:
    """A word that stands on one of seven hundred pages."""
    return f"palabra{dice.randrange(RARE)}"


def last_id(count: int) -> int:
    """No document has a higher id."""
    return count // len(KINDS) * (len(KINDS) + _PICTURES)


def _day(case: int, count: int) -> date:
    return date(2017, 1, 1) + timedelta(days=case * _DAYS // max(1, count // len(KINDS)))


def _number(case: int, count: int) -> str:
    return f"{_day(case, count).year}-{case % 10**6:06d}-{case % 10}"
