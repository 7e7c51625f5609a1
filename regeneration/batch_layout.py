"""The institute's batch file of novedades: which columns each type of record has, and what may stand in them.

One definition reads, writes, checks and documents the format (``docs/batch-format.md``). Source: the format
pages of the institute's employers' application as transcribed in public code; ``MSU`` and ``INS`` are
confirmed by two or three sources, ``ENT`` and ``SAL`` rest on one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from forms.identity import check_branch, check_ruc
from forms.problems import has_errors
from regeneration.money import parse_money
from regeneration.novedades import EXIT_CAUSES, NovedadType
from regeneration.sheets import is_relation_code

NO_DAY: Final = "00000000"
"""Written where there is no date of death; the column is never empty."""
FULL_TIME: Final = "1"
"""The only workday code that is published; that of part time is not."""

_DAY: Final = re.compile(r"[0-9]{8}", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]+", re.ASCII)

Rule = Callable[[str], str | None]
"""What is wrong with the text of a column, in Spanish, or nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its label, what it holds in words, and its rule."""

    name: str
    label: str
    holds: str
    rule: Rule


def parse_day(text: str) -> date:
    """``YYYYMMDD`` as a date; ``ValueError`` for anything else.

    >>> parse_day("20260915")
    datetime.date(2026, 9, 15)
    """
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a date YYYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def write_day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _ruc(text: str) -> str | None:
    return "no es un RUC" if has_errors(check_ruc(text)) else None


def _branch(text: str) -> str | None:
    return "no es una sucursal de 4 dígitos, como 0001" if has_errors(check_branch(text)) else None


def _year(text: str) -> str | None:
    right = _WHOLE.fullmatch(text) and len(text) == 4 and int(text) > 0
    return None if right else "no es un año de 4 dígitos"


def _month(text: str) -> str | None:
    right = _WHOLE.fullmatch(text) and len(text) == 2 and 1 <= int(text) <= 12
    return None if right else "no es un mes de 01 a 12"


def _person(text: str) -> str | None:
    """A cédula or a foreigner's code: the code's format is not published, so no check digit is asked."""
    right = len(text) == 10 and text.isascii() and text.isalnum()
    return None if right else "no tiene los 10 caracteres de una cédula o código"


def _day(text: str) -> str | None:
    try:
        parse_day(text)
    except ValueError:
        return "no es una fecha AAAAMMDD"
    return None


def _day_or_none(text: str) -> str | None:
    return None if text == NO_DAY else _day(text)


def _amount(text: str) -> str | None:
    if "," in text:
        return "lleva coma: escriba punto decimal, como 222.22"
    try:
        amount = parse_money(text)
    except ValueError:
        return "no es un valor con punto y dos decimales, como 222.22"
    return "es un valor negativo" if amount < 0 else "es más largo que 14 signos" if len(text) > 14 else None


def _one_of(options: Mapping[str, str]) -> Rule:
    def rule(text: str) -> str | None:
        return None if text in options else f"no es uno de: {', '.join(options)}"

    return rule


def _digits(least: int, most: int) -> Rule:
    def rule(text: str) -> str | None:
        right = _WHOLE.fullmatch(text) and least <= len(text) <= most
        length = str(most) if least == most else f"{least} a {most}"
        return None if right else f"no tiene {length} dígitos"

    return rule


def _relation(text: str) -> str | None:
    return None if is_relation_code(text) else "no es un código de 2 dígitos, o de 3 sin cero delante"


def _text(most: int) -> Rule:
    def rule(text: str) -> str | None:
        if not text.strip():
            return "está vacío"
        return f"tiene más de {most} signos" if len(text) > most else None

    return rule


INSURANCES: Final = {"R": "Ley 21", "M": "mixto"}
PAY_ORIGINS: Final = {"P": "fondos propios", "E": "presupuesto del Estado"}
VARIATION_CAUSES: Final = {"O": "otros: la suma de todos los extras del mes"}

HEAD: Final = (
    Column("ruc", "RUC", "13 dígitos", _ruc),
    Column("branch", "sucursal", "4 dígitos; la matriz es 0001", _branch),
    Column("year", "año", "AAAA", _year),
    Column("month", "mes", "MM", _month),
    Column("type", "tipo de registro", "ENT, SAL, MSU o INS", _text(3)),
    Column("id_number", "cédula", "10 caracteres", _person),
)
"""The columns with which every record begins."""

TAILS: Final[Mapping[NovedadType, tuple[Column, ...]]] = {
    NovedadType.ENTRY: (
        Column("entered", "fecha de ingreso", "AAAAMMDD", _day),
        Column("registered", "fecha de registro", "AAAAMMDD", _day),
        Column("workday", "jornada", "1 normal; las demás no están publicadas", _digits(1, 1)),
        Column("insurance", "seguro social", "R Ley 21, M mixto", _one_of(INSURANCES)),
        Column("employer_type", "tipo de empleador", "código asignado por el IESS", _text(4)),
        Column("relation", "relación de trabajo", "2 dígitos, como 06", _relation),
        Column("position", "cargo", "hasta 64 signos", _text(64)),
        Column("activity", "actividad sectorial", "13 dígitos", _digits(13, 13)),
        Column("wage", "sueldo", "punto y dos decimales", _amount),
        Column("pay_origin", "origen de pago", "P fondos propios, E presupuesto", _one_of(PAY_ORIGINS)),
    ),
    NovedadType.EXIT: (
        Column("left", "fecha de salida", "AAAAMMDD", _day),
        Column("cause", "causa de salida", ", ".join(EXIT_CAUSES), _one_of(EXIT_CAUSES)),
        Column("died", "fecha de fallecimiento", "AAAAMMDD, o 00000000 si no falleció", _day_or_none),
    ),
    NovedadType.NEW_WAGE: (Column("wage", "nuevo sueldo", "punto y dos decimales", _amount),),
    NovedadType.VARIATION: (
        Column("amount", "valor de extras", "punto y dos decimales", _amount),
        Column("cause", "causa de variación", "O (otros)", _one_of(VARIATION_CAUSES)),
    ),
}
"""The columns that follow, by type of record."""


def columns_of(kind: NovedadType) -> tuple[Column, ...]:
    """All columns of a type of record that the format has; ``KeyError`` for one that it has not."""
    return (*HEAD, *TAILS[kind])
