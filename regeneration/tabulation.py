"""Sheets and comparisons as CSV, for spreadsheets and other programs.

UTF-8 with its mark, so that a spreadsheet shows the accents; columns between ``;``, lines end in CRLF,
quoted after RFC 4180; amounts with a point whatever the locale. A text that a spreadsheet would run as a
formula is written with an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO
from typing import Final

from regeneration.explanation import FOOT_LABELS, Change, FootChange
from regeneration.money import format_money
from regeneration.sheets import OBSERVATIONS, Line, Sheet

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

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet_as_csv(sheet: Sheet) -> bytes:
    """The lines of a valued sheet, in their order."""
    head = (sheet.ruc, sheet.branch, str(sheet.period), sheet.type.value, sheet.number)
    observation = OBSERVATIONS.get(sheet.type, "")
    return _write(SHEET_HEADS, ((*head, *_line_cells(line, observation)) for line in sheet.lines))


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
    return _write(CHANGE_HEADS, (*cells, *amounts))


def guard_formula(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula.

    >>> guard_formula("=1+1"), guard_formula("Ana")
    ("'=1+1", 'Ana')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
