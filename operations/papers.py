"""The papers of a finished case: the sheets and the comparison as sealed PDFs, and as CSV and JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forms.geometry import Box
from forms.numbers import RANDOM_BYTES, number_from_entropy
from forms.seal import SigningKey, seal_facts
from generators.sheet import SealOf, draw_table_paper
from generators.symbols import Symbol, encode_symbol, fit_symbol
from operations.house import House
from operations.paper_tables import Facts, comparison_table, sheet_table
from regeneration.exchange import changes_from_json, rebuilt_as_json, sheet_as_json, sheet_from_json
from regeneration.json_codes import STORED
from regeneration.parameters import Parameters
from regeneration.rebuilding import Rebuilt
from regeneration.tabulation import changes_as_csv, sheet_as_csv
from storage.schema import CaseRow

PDF: Final = "application/pdf"
CSV: Final = "text/csv; charset=utf-8"
JSON: Final = "application/json"

PAPER_TITLES: Final = {
    "sheet": "Planilla regenerada",
    "reserve-fund-sheet": "Planilla de fondos de reserva",
    "sheet-comparison": "Comparación y motivos",
    "sheet-csv": "Planilla (CSV)",
    "sheet-json": "Planilla (JSON)",
    "comparison-csv": "Comparación (CSV)",
    "comparison-json": "Comparación (JSON)",
}
"""The kinds of papers that a case makes, as people call them; the PDFs first."""

_SYMBOL: Final = Box(0, 0, 28, 28)
_PRINT_DIGITS: Final = 16
"""Hexadecimal digits of a fingerprint that are printed: 64 bits, enough that nobody finds a second file."""


@dataclass(frozen=True, slots=True)
class CasePaper:
    """A paper as it is filed; ``number`` is that of a printed one, absent on files for programs."""

    kind: str
    name: str
    media_type: str
    data: bytes
    number: str | None = None


def papers_of_case(house: House, case: CaseRow, done: Mapping[str, Any]) -> tuple[CasePaper, ...]:
    """All papers of a rebuilt case; ``done`` is the data of its *rebuild-done* event.

    Drawn again on the same day they are the same bytes.
    """
    sheet, fund = done["sheet"], done.get("reserve_fund_sheet")
    papers = [_sheet_paper(house, case, "sheet", sheet)]
    if fund is not None:
        papers.append(_sheet_paper(house, case, "reserve-fund-sheet", fund))
    papers.append(_comparison_paper(house, case, done))
    name = f"planilla {sheet['number']}"
    result = done["rebuilt"] | {"before": done["before"], "sheet": sheet}
    changes, foot = changes_from_json(result)
    return (
        *papers,
        CasePaper("sheet-csv", f"{name}.csv", CSV, sheet_as_csv(sheet_from_json(sheet, STORED))),
        CasePaper("sheet-json", f"{name}.json", JSON, _as_json(sheet)),
        CasePaper("comparison-csv", f"comparación {case.number}.csv", CSV, changes_as_csv(changes, foot)),
        CasePaper("comparison-json", f"comparación {case.number}.json", JSON, _as_json(result)),
    )


def _as_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def fingerprint_of(sheet: Mapping[str, Any]) -> str:
    """What is printed and sealed of a sheet's rows: the start of the SHA-256 of its CSV file."""
    return hashlib.sha256(sheet_as_csv(sheet_from_json(sheet, STORED))).hexdigest()[:_PRINT_DIGITS]


def _sheet_paper(house: House, case: CaseRow, kind: str, sheet: Mapping[str, Any]) -> CasePaper:
    number, rows = paper_number(house, kind, case.number), fingerprint_of(sheet)
    paper = sheet_table(sheet, _employer_facts(case, sheet), rows)
    total = sheet["totals"]["total"]
    facts = (sheet["number"], sheet["ruc"], sheet["branch"], sheet["period"], total, rows)
    sealer = paper_sealer(house.keys.issuing, kind, number, house.today(), case.number, facts)
    return CasePaper(
        kind, f"planilla {sheet['number']}.pdf", PDF, draw_table_paper(paper, number, sealer), number
    )


def _comparison_paper(house: House, case: CaseRow, done: Mapping[str, Any]) -> CasePaper:
    number = paper_number(house, "sheet-comparison", case.number)
    before, after = done["before"], done["sheet"]
    facts = _employer_facts(case, after)
    paper = comparison_table(before, after, done["rebuilt"], facts, house.parameters)
    sealed = (before["number"], after["number"], after["ruc"], after["period"])
    sealer = paper_sealer(house.keys.issuing, "sheet-comparison", number, house.today(), case.number, sealed)
    name = f"comparación {case.number}.pdf"
    return CasePaper("sheet-comparison", name, PDF, draw_table_paper(paper, number, sealer), number)


def draw_result(rebuilt: Rebuilt, on: date, parameters: Parameters) -> bytes:
    """The comparison of a rebuild made from files, without case or seal."""
    before, after = sheet_as_json(rebuilt.before), sheet_as_json(rebuilt.sheet)
    facts = (
        ("RUC y sucursal", f"{before['ruc']} - {before['branch']}"),
        ("Período", rebuilt.sheet.period.label),
        ("Fecha", on.isoformat()),
    )
    paper = comparison_table(before, after, rebuilt_as_json(rebuilt), facts, parameters)
    return draw_table_paper(paper, "", lambda _page, _pages: None)


def _employer_facts(case: CaseRow, sheet: Mapping[str, Any]) -> Facts:
    request = case.answers.get("employer-request", {})
    return (
        ("Empleador", request.get("business_name", "")),
        ("Trámite", case.number),
        ("RUC y sucursal", f"{sheet['ruc']} - {sheet['branch']}"),
        ("Período", sheet["period"]),
    )


def paper_number(house: House, kind: str, case: str) -> str:
    """The number of a paper that a case makes once: drawn again it is the same, and nobody can guess it."""
    secret = house.keys.issuing.small_secret
    digest = hmac.new(secret, f"{kind} {case}".encode(), hashlib.sha256).digest()
    return number_from_entropy(digest[:RANDOM_BYTES])


def paper_sealer(
    key: SigningKey, kind: str, number: str, issued: date, case: str, facts: tuple[str, ...]
) -> SealOf:
    """What seals each page of a paper with the facts that identify it."""

    def seal(page: int, pages: int) -> Symbol:
        text = seal_facts(
            kind, facts, document=number, issued=issued, key=key, case=case, page=page, pages=pages
        )
        return fit_symbol(text, _SYMBOL) or encode_symbol(text, "L")

    return seal
