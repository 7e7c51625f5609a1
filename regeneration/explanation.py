"""Why each cell of a rebuilt sheet changed, as data and as a Spanish sentence for its annex."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from regeneration.money import format_money
from regeneration.months import DAYS, write_date
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import ParameterValue
from regeneration.sheets import RELATION_LABELS, Line, Totals
from regeneration.valuation import Rates

FIELD_LABELS: Final = {
    "relation": "Relación de trabajo",
    "wage": "Sueldo",
    "days": "Días",
    "part_time_hours": "Horas diarias (tiempo parcial)",
    "value": "Valor del aporte",
    "personal": "Aporte personal",
    "employer": "Aporte patronal",
    "part_time_health": "Salud a tiempo parcial",
}
"""The cells that are compared, in the order of the sheet, by their names in :class:`Line`."""

FOOT_LABELS: Final = {
    "wages": "Masa salarial",
    "value": "Suma de aportes",
    "personal": "Aporte personal",
    "employer": "Aporte patronal",
    "ccc": "Contribución IECE y SECAP",
    "part_time_health": "Salud a tiempo parcial",
    "interest": "Intereses por mora",
    "lawyer_fees": "Honorarios de abogado",
    "administrative_costs": "Gastos administrativos",
    "credits": "Notas de crédito",
    "total": "Valor total",
}
"""The amounts of the foot, in their order, by their names in :class:`Totals`."""

RECOMPUTED: Final = "recálculo con el parámetro vigente"
"""Why a cell changed that no novedad is about: it did not agree with the parameters."""

_MONEY: Final = frozenset({"wage", "value", "personal", "employer", "part_time_health"})
_FROM_RATE: Final = frozenset({"wage", "value", "personal", "employer"})


@dataclass(frozen=True, slots=True)
class Change:
    """One cell before and after; ``None`` where the person was not, or is no more, on the sheet.

    ``novedades`` are places in the list that was given, the deciding one first; they are empty when a
    stored amount did not agree with the parameters. ``relation`` tells a person's lines apart. ``why`` is
    the whole sentence; ``reasons`` tells the novedades alone and ``share`` how a wage comes from a month's.
    """

    id_number: str
    relation: str
    name: str
    field: str
    before: str | None
    after: str | None
    novedades: tuple[int, ...]
    parameters: tuple[str, ...]
    why: str
    reasons: tuple[str, ...] = ()
    share: str = ""

    @property
    def novedad(self) -> int | None:
        return self.novedades[0] if self.novedades else None

    @property
    def label(self) -> str:
        return FIELD_LABELS[self.field]


@dataclass(frozen=True, slots=True)
class FootChange:
    """One amount of the foot before and after; it follows from the lines and from ``parameters``."""

    field: str
    before: str
    after: str
    parameters: tuple[str, ...]
    why: str

    @property
    def label(self) -> str:
        return FOOT_LABELS[self.field]


class Told:
    """The novedades that were given, by their places, and which of them corrects which."""

    def __init__(self, novedades: Sequence[Novedad]) -> None:
        self._novedades = novedades
        self._by_id = {each.id: each for each in novedades if each.id is not None}
        self._corrector: dict[str, int] = {}
        for place, each in sorted(enumerate(novedades), key=lambda pair: pair[1].sort_key):
            if each.cancels is not None:
                self._corrector.setdefault(each.cancels, place)

    def stand_in(self, cited: Iterable[int]) -> tuple[int, ...]:
        """``cited`` with each novedad that was corrected replaced by the last one that corrects it: what
        changed a cell is the correction.
        """
        return tuple(dict.fromkeys(self._last(place) for place in cited))

    def _last(self, place: int) -> int:
        for _ in self._novedades:  # corrections that came round would have been refused
            name = self._novedades[place].id
            if name is None or name not in self._corrector:
                break
            place = self._corrector[name]
        return place

    def describe(self, place: int) -> str:
        """A novedad as the annex tells it, with the one that it corrects."""
        novedad = self._novedades[place]
        corrected = self._by_id.get(novedad.cancels) if novedad.cancels is not None else None
        told = describe_novedad(novedad)
        return told if corrected is None else f"{told}, que corrige la del {write_date(corrected.effective)}"


def compare_totals(before: Totals, after: Totals, rates: Rates) -> tuple[FootChange, ...]:
    """The amounts of the foot that differ, each with its why."""
    changes: list[FootChange] = []
    for name, label in FOOT_LABELS.items():
        old, new = format_money(getattr(before, name)), format_money(getattr(after, name))
        if old == new:
            continue
        used = _find_foot_parameters(name, rates)
        reason = _foot_reason(name, before, after, used)
        why = f"{label}: pasa de {old} a {new}, {reason}."
        changes.append(FootChange(name, old, new, tuple(value.key for value in used), why))
    return tuple(changes)


def _find_foot_parameters(name: str, rates: Rates) -> tuple[ParameterValue, ...]:
    if name == "ccc":
        return () if rates.ccc is None else (rates.ccc,)
    return () if name == "wages" else _find_parameters(name, rates)


def _foot_reason(name: str, before: Totals, after: Totals, used: Iterable[ParameterValue]) -> str:
    match name:
        case "ccc":
            rate = "; ".join(describe_parameter(value) for value in used)
            return f"sobre la masa salarial de {format_money(after.wages)}" + (f" ({rate})" if rate else "")
        case "interest":
            owed = f"de {format_money(before.principal)} a {format_money(after.principal)}"
            return f"en proporción al valor sobre el que corren, que va {owed}"
        case "total":
            return "suma de los valores del pie"
        case "lawyer_fees" | "administrative_costs" | "credits":
            return "como consta en Recaudación"
        case _:
            return "suma de las filas"


def compare_lines(
    before: Line | None,
    after: Line | None,
    causes: Mapping[str, tuple[int, ...]],
    told: Told,
    rates: Rates,
) -> tuple[Change, ...]:
    """The cells that differ between a line before and after, both valued, each with its why."""
    some = after or before
    if some is None:
        return ()
    changes: list[Change] = []
    for name, label in FIELD_LABELS.items():
        if before is not None and after is not None and getattr(before, name) == getattr(after, name):
            continue
        old, new = _write_cell(before, name), _write_cell(after, name)
        if old == new:
            continue
        cited = told.stand_in(_find_cited(name, causes, whole_line=before is None or after is None))
        used = _find_parameters(name, rates)
        reasons = tuple(told.describe(index) for index in cited)
        share = _share(name, after)
        why = _explain(label, old, new, reasons, () if name == "wage" else used, share)
        changes.append(
            Change(
                some.id_number,
                some.relation,
                some.name,
                name,
                old,
                new,
                cited,
                tuple(value.key for value in used),
                why,
                reasons,
                share,
            )
        )
    return tuple(changes)


def _write_cell(line: Line | None, name: str) -> str | None:
    value = getattr(line, name) if line is not None else None
    if value is None or (name == "part_time_health" and not value):
        return None
    return format_money(value) if isinstance(value, Decimal) else str(value)


def _find_cited(name: str, causes: Mapping[str, tuple[int, ...]], whole_line: bool) -> tuple[int, ...]:
    first = causes.get("line", ()) if whole_line else ()
    own = causes.get(name if name in causes else "wage", ())
    return tuple(dict.fromkeys((*first, *own)))


def _find_parameters(name: str, rates: Rates) -> tuple[ParameterValue, ...]:
    if name in _FROM_RATE:
        return (rates.contribution,)
    if name == "part_time_health":
        return tuple(value for value in (rates.health, rates.basic_wage) if value is not None)
    return ()


def _share(name: str, line: Line | None) -> str:
    """How a printed wage comes from that of the whole month, where it is not all of it."""
    if name != "wage" or line is None or line.reference_wage is None or line.reference_wage == line.wage:
        return ""
    parts = []
    if line.part_time_hours is None and line.days < DAYS:
        parts.append(f"{format_money(line.reference_wage)} por {line.days} de {DAYS} días")
    if line.variation:
        parts.append(f"{format_money(line.variation)} de extras")
    return " más ".join(parts)


def _explain(
    label: str,
    old: str | None,
    new: str | None,
    reasons: Sequence[str],
    used: Iterable[ParameterValue],
    share: str,
) -> str:
    told = "; ".join(reasons) or RECOMPUTED
    rates = share or "; ".join(describe_parameter(value) for value in used)
    if old is None:
        what = f"{label}: consta {new}"
    elif new is None:
        what = f"{label}: ya no consta (era {old})"
    else:
        what = f"{label}: pasa de {old} a {new}"
    return f"{what}, por {told}" + (f" ({rates})." if rates else ".")


def describe_novedad(novedad: Novedad) -> str:
    """A novedad as the annex tells it: what, since when, registered when."""
    details = [novedad.label]
    if novedad.type in {NovedadType.ENTRY, NovedadType.NEW_WAGE} and novedad.wage is not None:
        details.append(f"sueldo de USD {format_money(novedad.wage)}")
    if novedad.amount is not None:
        details.append(f"valor de USD {format_money(novedad.amount)}")
    if novedad.type is NovedadType.RELATION and novedad.relation is not None:
        details.append(RELATION_LABELS.get(novedad.relation, f"relación {novedad.relation}"))
    if novedad.until is not None:
        details.append(f"hasta el {write_date(novedad.until)}")
    who = f" por {novedad.registered_by}" if novedad.registered_by else ""
    details.append(f"registrado el {write_date(novedad.registered)}{who}")
    return ", ".join(details)


def describe_parameter(value: ParameterValue) -> str:
    """A parameter as the annex tells it: name, value and since when it is in force."""
    amounts = " + ".join(str(part) for part in value.parts.values())
    unit = {"percent": "%", "USD": "USD", "days": "días"}[value.unit.value]
    return f"{value.label}: {amounts} {unit}, vigente desde el {write_date(value.since)}"
