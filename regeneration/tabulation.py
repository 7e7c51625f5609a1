"""Sheets and comparisons as CSV, for other programs first: written as ``spreadsheets`` writes, but amounts
have a point whatever the locale, as in the JSON beside them.

The sealed paper vouches for the hash of a sheet's file, so not a byte of it may change. A text that a
spreadsheet would run as a formula is written with an apostrophe before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Final

from regeneration.explanation import FOOT_LABELS, Change, FootChange
from regeneration.money import format_money
from regeneration.sheets import OBSERVATIONS, Line, Sheet
from regeneration.spreadsheets import guard_formula, write_rows

SHEET_HEADS: Final = (
    "ruc",
    "sucursal",
    "periodo",
    "tipo",
    "planilla",
    "relacion",
    "cedula",
    "nombre",
    "sueldo",
    "dias",
    "observacion",
    "valor",
    "personal",
    "patronal",
    "salud_tiempo_parcial",
    "horas",
)
"""Columns of a sheet's CSV; every row names its sheet, so that rows of several can be put together."""

CHANGE_HEADS: Final = (
    "cedula",
    "nombre",
    "relacion",
    "dato",
    "antes",
    "despues",
    "motivo",
    "parametros",
)
"""Columns of a comparison's CSV; the foot's rows come last and have no person."""


def sheet_as_csv(sheet: Sheet) -> bytes:
    """The lines of a valued sheet, in their order."""
    head = (sheet.ruc, sheet.branch, str(sheet.period), sheet.type.value, sheet.number)
    observation = OBSERVATIONS.get(sheet.type, "")
    lines = ((*head, *_line_cells(line, observation)) for line in sheet.lines)
    return write_rows(chain([SHEET_HEADS], lines))


def _line_cells(line: Line, observation: str) -> tuple[str, ...]:
    return (
        line.relation,
        line.id_number,
        guard_formula(line.name),
        format_money(line.wage),
        str(line.days),
        observation,
        _amount(line.value),
        _amount(line.personal),
        _amount(line.employer),
        _amount(line.part_time_health),
        "" if line.part_time_hours is None else str(line.part_time_hours),
    )


def _amount(value: Decimal | None) -> str:
    return "" if value is None else format_money(value)


def changes_as_csv(changes: Sequence[Change], foot: Sequence[FootChange]) -> bytes:
    """Every changed cell, person by person, then every changed amount of the foot."""
    cells = (
        (
            change.id_number,
            guard_formula(change.name),
            change.relation,
            change.label,
            change.before or "",
            change.after or "",
            guard_formula(change.why),
            " ".join(change.parameters),
        )
        for change in changes
    )
    amounts = (
        ("", "", "", FOOT_LABELS[each.field], each.before, each.after, each.why, " ".join(each.parameters))
        for each in foot
    )
    return write_rows(chain([CHANGE_HEADS], cells, amounts))
