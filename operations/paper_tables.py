"""Sheets and comparisons, in their JSON shapes, as tables that people read: texts only, nothing drawn.

Rows and foot follow the institute's own sheet (RT, cédula, name, wage, days, observation, value, part time).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from generators.sheet import COMPARISON_COLUMNS, SHEET_COLUMNS, Heading, Row, TablePaper
from regeneration.explanation import FIELD_LABELS, FOOT_LABELS, RECOMPUTED, describe_parameter
from regeneration.money import ZERO, parse_money
from regeneration.parameters import Parameters
from regeneration.sheets import OBSERVATIONS, SheetState, SheetType

Shape = Mapping[str, Any]
"""A sheet, a change or a result as contracts.md §6 has it."""
Facts = tuple[tuple[str, str], ...]

_ALWAYS: Final = frozenset({"wages", "value", "total"})
"""Amounts of the foot that are shown even when they are zero."""
_SHOWN: Final = tuple(name for name in FOOT_LABELS if name not in {"personal", "employer"})
"""Amounts of the foot in the order of the institute's own sheet; the parts of the value stand on no sheet."""
_MONEY_CELLS: Final = frozenset({"wage", "value", "personal", "employer", "part_time_health"})
_AMOUNT: Final = re.compile(r"(?<![\d.,-])-?\d+\.\d{2}(?![\d.-])")
_WAGE, _VALUE = 3, 6
"""Places of the summed columns on a sheet."""


def show_money(text: str) -> str:
    """An amount of the JSON shapes as people read it.

    >>> show_money("1234.56")
    '1.234,56'
    """
    amount: Decimal = parse_money(text)
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def show_amounts(text: str) -> str:
    """A sentence of the core with its amounts as people read them.

    >>> show_amounts("pasa de 1550.00 a 600.00, 9.45 + 11.15 %")
    'pasa de 1.550,00 a 600,00, 9,45 + 11,15 %'
    """
    return _AMOUNT.sub(lambda found: show_money(found[0]), text)


def sheet_table(sheet: Shape, facts: Facts, fingerprint: str) -> TablePaper:
    """A sheet as a table; ``fingerprint`` is that of its rows, printed under the foot."""
    kind = SheetType(sheet["type"])
    state = SheetState(sheet["state"]).label
    heading = Heading(
        f"PLANILLA DE {kind.label.upper()}" + (" REGENERADA" if "replaces" in sheet else ""),
        (
            *facts,
            ("Planilla N.º", sheet["number"]),
            ("Reemplaza a la planilla", sheet.get("replaces", "—")),
            ("Estado", state),
        ),
        "El plazo de pago consta en el portal del instituto: pueden corresponder intereses.",
    )
    closing = (f"{len(sheet['lines'])} filas · Huella de las filas (SHA-256 del archivo CSV): {fingerprint}",)
    rows = tuple(_sheet_rows(sheet["lines"], OBSERVATIONS.get(kind, "—")))
    return TablePaper(heading, SHEET_COLUMNS, rows, tuple(_foot(sheet["totals"])), closing)


def _sheet_rows(lines: Iterable[Shape], observation: str) -> Iterable[Row]:
    wages = values = ZERO
    for line in lines:
        wages += parse_money(line["wage"])
        values += parse_money(line["value"])
        yield Row(
            (
                line["relation"],
                line["id_number"],
                line["name"],
                show_money(line["wage"]),
                str(line["days"]),
                observation,
                show_money(line["value"]),
                f"{line['part_time_hours']} h" if line.get("part_time_hours") else "—",
            ),
            running=((_WAGE, show_money(f"{wages:.2f}")), (_VALUE, show_money(f"{values:.2f}"))),
        )


def _foot(totals: Shape) -> Iterable[tuple[str, str]]:
    for name in _SHOWN:
        amount = totals.get(name, "0.00")
        if name in _ALWAYS or parse_money(amount):
            sign = "− " if name == "credits" else ""
            yield _foot_label(name), sign + show_money(amount)


def _foot_label(name: str) -> str:
    return "VALOR TOTAL (US$)" if name == "total" else FOOT_LABELS[name]


def comparison_table(
    before: Shape, after: Shape, result: Shape, facts: Facts, parameters: Parameters
) -> TablePaper:
    """Before and after, person by person, each with its reason; parameters and their sources at the end."""
    changes: Sequence[Shape] = result["changes"]
    foot: Sequence[Shape] = result.get("foot_changes", [])
    keys = dict.fromkeys(key for change in (*changes, *foot) for key in change["parameters"])
    notes = {key: place for place, key in enumerate(keys, start=1)}
    people = [list(group) for _, group in groupby(changes, key=_line_of)]
    names = {line["id_number"]: line["name"] for line in (*before["lines"], *after["lines"])}
    rows = [row for person in people for row in _person_rows(person, names, notes)]
    rows += _foot_rows(foot, notes)
    heading = Heading(
        "COMPARACIÓN DE LA PLANILLA: ANTES Y DESPUÉS",
        (*facts, ("Planilla anterior", before["number"]), ("Planilla nueva", after["number"])),
        _summary(before, after, people),
    )
    closing = tuple(_describe_notes(notes, parameters))
    return TablePaper(heading, COMPARISON_COLUMNS, tuple(rows), (), closing)


def _line_of(change: Shape) -> tuple[str, str]:
    return change["id_number"], change["relation"]


def _kind_of(changes: Sequence[Shape]) -> str:
    """What happened to a person: ``relation`` appears or is gone with the whole line."""
    relation = next((each for each in changes if each["field"] == "relation"), None)
    if relation is not None and relation["before"] is None:
        return "Entra"
    if relation is not None and relation["after"] is None:
        return "Sale de la planilla"
    return "Cambia"


def _summary(before: Shape, after: Shape, people: Sequence[Sequence[Shape]]) -> str:
    kinds = [_kind_of(person) for person in people]
    old, new = (parse_money(sheet["totals"]["total"]) for sheet in (before, after))
    difference = new - old
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return (
        f"Entran {kinds.count('Entra')}, salen de la planilla {kinds.count('Sale de la planilla')}, "
        f"cambian {kinds.count('Cambia')}. Valor total: antes {show_money(f'{old:.2f}')}, "
        f"después {show_money(f'{new:.2f}')} ({sign}{show_money(f'{abs(difference):.2f}')})."
    )


def _person_rows(changes: Sequence[Shape], names: Shape, notes: Mapping[str, int]) -> Iterable[Row]:
    first = changes[0]
    name = names.get(first["id_number"], first.get("name", ""))
    yield Row((first["id_number"], name, _kind_of(changes), "", ""), strong=True, together=True)
    reasons = list(dict.fromkeys(tuple(change["reasons"]) for change in changes))
    for place, change in enumerate(changes):
        marks = "".join(f" [{notes[key]}]" for key in change["parameters"])
        share = f" ({show_amounts(change['share'])})" if change["share"] else ""
        label = FIELD_LABELS[change["field"]] + share + marks
        shown = (_show_cell(change["field"], change[when]) for when in ("before", "after"))
        last = place == len(changes) - 1
        why = _tell_reasons(reasons) if last else ""
        yield Row(("", label, "", *shown), explanation=why, together=not last, light=not last)


def _tell_reasons(reasons: Sequence[Sequence[str]]) -> str:
    told = dict.fromkeys(reason for each in reasons for reason in (each or (RECOMPUTED,)))
    return f"Motivo: {show_amounts('; '.join(told))}."


def _foot_rows(foot: Sequence[Shape], notes: Mapping[str, int]) -> Iterable[Row]:
    if not foot:
        return
    yield Row(("", "Pie de la planilla", "", "", ""), strong=True, together=True)
    for place, change in enumerate(foot):
        marks = "".join(f" [{notes[key]}]" for key in change["parameters"])
        last = place == len(foot) - 1
        label = _foot_label(change["field"]) + marks
        cells = ("", label, "", show_money(change["before"]), show_money(change["after"]))
        yield Row(cells, strong=change["field"] == "total", together=not last, light=not last)


def _show_cell(field: str, value: str | None) -> str:
    if value is None or value == "":
        return "—"
    return show_money(value) if field in _MONEY_CELLS else str(value)


def _describe_notes(notes: Mapping[str, int], parameters: Parameters) -> Iterable[str]:
    for key, place in notes.items():
        value = parameters.cited(key)
        yield f"[{place}] {show_amounts(describe_parameter(value))}. Fuente: {value.reference}."
