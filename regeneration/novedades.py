"""Novedades: what an employer registers about a person's work, and which of them may be applied.

An accepted novedad is never edited: another one *cancels* it and stands in its place. Types and keys are
those of the institute's batch format (domain facts) and of contracts.md §6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from forms.problems import Problem, problem
from regeneration.months import write_date


class NovedadType(Enum):
    """Type of novedad. ``REI`` and ``REL`` are our codes: the batch format has none for them."""

    ENTRY = "ENT"
    EXIT = "SAL"
    NEW_WAGE = "MSU"
    VARIATION = "INS"
    LEAVE = "LIC"
    EARLY_RETURN = "REI"
    RELATION = "REL"

    @property
    def label(self) -> str:
        """The official name, in Spanish."""
        return _LABELS[self]


_LABELS: Final = {
    NovedadType.ENTRY: "aviso de entrada",
    NovedadType.EXIT: "aviso de salida",
    NovedadType.NEW_WAGE: "aviso de nuevo sueldo",
    NovedadType.VARIATION: "variación de sueldo por extras",
    NovedadType.LEAVE: "licencia sin remuneración",
    NovedadType.EARLY_RETURN: "reintegro anticipado de licencia",
    NovedadType.RELATION: "cambio de relación de trabajo",
}

_NEEDS: Final = {
    NovedadType.ENTRY: ("wage", "relation"),
    NovedadType.EXIT: ("cause",),
    NovedadType.NEW_WAGE: ("wage",),
    NovedadType.VARIATION: ("amount",),
    NovedadType.LEAVE: ("until",),
    NovedadType.EARLY_RETURN: (),
    NovedadType.RELATION: ("relation",),
}

_KEY_LABELS: Final = {
    "wage": "el sueldo",
    "amount": "el valor",
    "relation": "la relación de trabajo",
    "cause": "la causa",
    "until": "la fecha final",
}

EXIT_CAUSES: Final = {
    "T": "terminación del contrato",
    "V": "renuncia voluntaria",
    "B": "visto bueno",
    "R": "despido unilateral",
    "S": "supresión de partida",
    "D": "desaparición del puesto",
    "I": "incapacidad permanente",
    "F": "muerte",
    "A": "abandono voluntario",
}


@dataclass(frozen=True, slots=True)
class Novedad:
    """A novedad as registered. ``effective`` is the day of the fact, ``registered`` that of the notice,
    ``registered_by`` the user of the portal who gave it.

    ``relation`` says which of a person's relations it is about, and of a change of relation the new one;
    ``previous_relation`` is the one that changes, needed where a person has several.
    ``cancels`` names the ``id`` of the novedad of the same person and type that this one corrects.
    """

    type: NovedadType
    id_number: str
    effective: date
    registered: date
    name: str | None = None
    wage: Decimal | None = None
    amount: Decimal | None = None
    relation: str | None = None
    part_time_hours: int | None = None
    cause: str | None = None
    until: date | None = None
    cancels: str | None = None
    id: str | None = None
    registered_by: str | None = None
    previous_relation: str | None = None

    @property
    def label(self) -> str:
        return f"{self.type.label} ({self.type.value}) del {write_date(self.effective)}"

    @property
    def sort_key(self) -> tuple[str, ...]:
        """An order that depends only on what the novedad says: by day, an entry before the rest."""
        values = (getattr(self, field.name) for field in fields(self))
        order = "0" if self.type is NovedadType.ENTRY else "1"
        return (self.effective.isoformat(), order, *(str(value) for value in values))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A novedad with its place in the list that was given, by which explanations cite it."""

    index: int
    novedad: Novedad


@dataclass(frozen=True, slots=True)
class Sorted:
    """The novedades of one list, told apart: those that count, and those that another one corrects."""

    active: tuple[Numbered, ...]
    cancelled: tuple[Numbered, ...]


def invalid(novedad: Novedad, reason: str) -> Problem:
    """The problem that ``novedad`` cannot be applied, for the Spanish ``reason``."""
    return problem("NOVEDAD_INVALID", novedad=novedad.label, person=novedad.id_number, reason=reason)


def sort_novedades(novedades: Sequence[Novedad]) -> Sorted:
    """Put what was registered in an order of its own, whatever the order of the list.

    The same novedad delivered twice counts once; a corrected one counts no more, even when what
    corrected it was corrected in turn.
    """
    gone = {novedad.cancels for novedad in novedades if novedad.cancels is not None}
    first: dict[Novedad, int] = {}
    for index, novedad in enumerate(novedades):
        first.setdefault(novedad, index)
    numbered = sorted((Numbered(i, n) for n, i in first.items()), key=lambda each: each.novedad.sort_key)
    return Sorted(
        active=tuple(each for each in numbered if each.novedad.id not in gone),
        cancelled=tuple(each for each in numbered if each.novedad.id is not None and each.novedad.id in gone),
    )


def check_novedades(novedades: Sequence[Novedad], on: date, limit_days: int) -> tuple[Problem, ...]:
    """Problems of the novedades taken by themselves, before any sheet is looked at.

    ``NOVEDAD_INVALID`` for what is incomplete, registered after ``on`` or wrongly corrected, and
    ``NOVEDAD_EXTEMPORANEOUS`` for what was registered more than ``limit_days`` after the fact.
    """
    found = list(_check_corrections(novedades))
    for numbered in sort_novedades(novedades).active:
        found += _check_one(numbered.novedad, on, limit_days)
    return tuple(sorted(set(found), key=lambda each: (each.code, each.message)))


def _check_one(novedad: Novedad, on: date, limit_days: int) -> Iterable[Problem]:
    for reason in _faults(novedad):
        yield invalid(novedad, reason)
    if novedad.registered > on:
        yield invalid(novedad, f"se registra después del {write_date(on)}, día de la regeneración")
    if (late := count_days_late(novedad)) > limit_days:
        yield problem(
            "NOVEDAD_EXTEMPORANEOUS",
            novedad=novedad.label,
            person=novedad.id_number,
            days=late,
            limit=limit_days,
        )


def count_days_late(novedad: Novedad) -> int:
    """Calendar days from the fact to its registration; negative when it was announced before."""
    return (novedad.registered - novedad.effective).days


def _faults(novedad: Novedad) -> Iterable[str]:
    """What is wrong with the novedad's own data, in Spanish."""
    for name in _NEEDS[novedad.type]:
        if getattr(novedad, name) is None:
            yield f"falta {_KEY_LABELS[name]}"
    if novedad.wage is not None and novedad.wage < 0:
        yield "el sueldo es negativo"
    if novedad.part_time_hours is not None and not 1 <= novedad.part_time_hours <= 8:
        yield "las horas diarias van de 1 a 8"
    if novedad.type is NovedadType.EXIT and novedad.cause is not None and novedad.cause not in EXIT_CAUSES:
        yield f"la causa «{novedad.cause}» no existe"
    if novedad.until is not None and novedad.until < novedad.effective:
        yield "termina antes de empezar"


def _check_corrections(novedades: Sequence[Novedad]) -> Iterable[Problem]:
    by_id: defaultdict[str, set[Novedad]] = defaultdict(set)
    for novedad in novedades:
        if novedad.id is not None:
            by_id[novedad.id].add(novedad)
    for name, same in by_id.items():
        if len(same) > 1:
            yield from (invalid(each, f"hay otra distinta con el mismo número {name}") for each in same)
    corrected = {name: next(iter(same)) for name, same in by_id.items() if len(same) == 1}
    for novedad in novedades:
        if novedad.cancels is None:
            continue
        target = corrected.get(novedad.cancels)
        if target is None:
            yield invalid(novedad, f"corrige la novedad {novedad.cancels}, que no consta")
        elif (target.id_number, target.type) != (novedad.id_number, novedad.type):
            yield invalid(
                novedad, f"corrige la novedad {novedad.cancels}, que es de otra persona o de otro tipo"
            )
        elif _comes_back(novedad, corrected):
            yield invalid(novedad, "las correcciones se corrigen entre sí")


def _comes_back(novedad: Novedad, corrected: dict[str, Novedad]) -> bool:
    """Whether following the corrections from ``novedad`` never ends."""
    seen: set[str] = set()
    step: Novedad | None = novedad
    while step is not None and step.cancels is not None:
        if step.cancels in seen:
            return True
        seen.add(step.cancels)
        step = corrected.get(step.cancels)
    return False
