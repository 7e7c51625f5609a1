"""The papers of a finished case: values of the core turned into tables that people read, and sealed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from forms.geometry import Box
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.seal import SigningKey, seal_facts
from generators.sheet import COMPARISON_COLUMNS, SHEET_COLUMNS, Heading, Row, TablePaper, draw_table_paper
from generators.symbols import Symbol, encode_symbol, fit_symbol
from operations.house import House
from regeneration.exchange import rebuilt_as_json, sheet_as_json
from regeneration.money import parse_money
from regeneration.rebuilding import Rebuilt
from storage.schema import CaseRow

_SYMBOL: Final = Box(0, 0, 28, 28)
_FIELD_NAMES: Final = {
    "wage": "Sueldo",
    "days": "Días",
    "value": "Valor",
    "personal": "Aporte personal",
    "employer": "Aporte patronal",
    "relation": "Relación de trabajo",
    "reserve_fund": "Fondos de reserva",
    "part_time_hours": "Horas de jornada parcial",
    "part_time_health": "Salud tiempo parcial",
    "reference_wage": "Sueldo mensual",
    "variation": "Variación del mes",
    "line": "Línea",
    "name": "Nombre",
}
_TOTALS: Final = (
    ("wages", "Suma de sueldos"),
    ("value", "Suma de valores"),
    ("ccc", "Contribución CCC (1,00 % de los sueldos)"),
    ("part_time_health", "Seguro de salud tiempo parcial"),
    ("total", "VALOR TOTAL (US$)"),
)


def show_money(text: str) -> str:
    """An amount of the JSON shapes as people read it: ``1.234,56``."""
    amount: Decimal = parse_money(text)
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def draw_sheet_paper(house: House, case: CaseRow, done: Mapping[str, Any]) -> bytes:
    """The regenerated sheet of a case as PDF, sealed."""
    sheet = done["sheet"]
    number = paper_number(house, "sheet", case.number)
    heading = Heading(
        "PLANILLA DE APORTES REGENERADA",
        (
            *_employer_facts(case, sheet),
            ("Planilla N.º", sheet["number"]),
            ("Reemplaza a", sheet.get("replaces", "—")),
        ),
        "El plazo de pago no cambia por la regeneración: pueden corresponder intereses.",
    )
    paper = TablePaper(heading, SHEET_COLUMNS, _sheet_rows(sheet), _total_rows(sheet))
    facts = (sheet["number"], sheet["ruc"], sheet["branch"], sheet["period"], sheet["totals"]["total"])
    return draw_table_paper(
        paper, number, _sealer(house.keys.issuing, "sheet", number, house.today(), case.number, facts)
    )


def draw_comparison_paper(house: House, case: CaseRow, done: Mapping[str, Any]) -> bytes:
    """Before, after and why, as PDF, sealed."""
    number = paper_number(house, "sheet-comparison", case.number)
    paper = _comparison(
        done["before"], done["sheet"], done["rebuilt"]["changes"], _employer_facts(case, done["sheet"])
    )
    facts = (done["before"]["number"], done["sheet"]["number"], done["sheet"]["ruc"], done["sheet"]["period"])
    sealer = _sealer(house.keys.issuing, "sheet-comparison", number, house.today(), case.number, facts)
    return draw_table_paper(paper, number, sealer)


def draw_result(rebuilt: Rebuilt, on: date) -> bytes:
    """The comparison of a rebuild made from files, without case or seal."""
    body = rebuilt_as_json(rebuilt)
    before, after = sheet_as_json(rebuilt.before), sheet_as_json(rebuilt.sheet)
    facts = (
        ("RUC y sucursal", f"{before['ruc']} - {before['branch']}"),
        ("Período", str(before["period"])),
        ("Fecha", on.isoformat()),
    )
    changes: Any = body["changes"]
    paper = _comparison(before, after, changes, facts)
    return draw_table_paper(paper, "", lambda _page, _pages: None)


def _comparison(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    changes: Sequence[Mapping[str, Any]],
    facts: tuple[tuple[str, str], ...],
) -> TablePaper:
    names = {line["id_number"]: line["name"] for line in (*before["lines"], *after["lines"])}
    heading = Heading(
        "COMPARACIÓN DE LA PLANILLA: ANTES Y DESPUÉS",
        (*facts, ("Planilla anterior", before["number"]), ("Planilla nueva", after["number"])),
        "Cada cambio dice la novedad y la tasa que lo produjeron.",
    )
    rows: list[Row] = []
    previous, reason = "", ""
    for change in changes:
        person = change["id_number"]
        again = person == previous and change["why"] == reason
        rows.append(
            Row(
                (
                    "" if person == previous else person,
                    "" if person == previous else names.get(person, ""),
                    _FIELD_NAMES.get(change["field"], change["field"]),
                    _show_cell(change["field"], change["before"]),
                    _show_cell(change["field"], change["after"]),
                ),
                explanation="" if again else change["why"],
            )
        )
        previous, reason = person, change["why"]
    totals = tuple(
        (label, f"{show_money(before['totals'][name])}  →  {show_money(after['totals'][name])}")
        for name, label in _TOTALS
    )
    return TablePaper(heading, COMPARISON_COLUMNS, tuple(rows), totals)


def _show_cell(field: str, value: str | None) -> str:
    if value is None or value == "":
        return "—"
    money = {"wage", "value", "personal", "employer", "reference_wage", "variation", "part_time_health"}
    return show_money(value) if field in money else str(value)


def _employer_facts(case: CaseRow, sheet: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    request = case.answers.get("employer-request", {})
    return (
        ("Empleador", request.get("business_name", "")),
        ("Trámite", case.number),
        ("RUC y sucursal", f"{sheet['ruc']} - {sheet['branch']}"),
        ("Período", sheet["period"]),
    )


def _sheet_rows(sheet: Mapping[str, Any]) -> tuple[Row, ...]:
    return tuple(
        Row(
            (
                line["relation"],
                line["id_number"],
                line["name"],
                show_money(line["wage"]),
                str(line["days"]),
                "NNA",
                show_money(line["value"]),
                f"{line['part_time_hours']} h" if line.get("part_time_hours") else "—",
            )
        )
        for line in sheet["lines"]
    )


def _total_rows(sheet: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((label, show_money(sheet["totals"][name])) for name, label in _TOTALS)


def paper_number(house: House, kind: str, case: str) -> str:
    """The number of a paper that a case makes once: drawn again it is the same, and nobody can guess it."""
    secret = house.keys.issuing.small_secret
    digest = hmac.new(secret, f"{kind} {case}".encode(), hashlib.sha256).digest()
    return number_from_entropy(digest[:RANDOM_BYTES])


def _sealer(key: SigningKey, kind: str, number: str, issued: date, case: str, facts: tuple[str, ...]) -> Any:
    def seal(page: int, pages: int) -> Symbol:
        text = seal_facts(
            kind, facts, document=number, issued=issued, key=key, case=case, page=page, pages=pages
        )
        return fit_symbol(text, _SYMBOL) or encode_symbol(text, "L")

    return seal
