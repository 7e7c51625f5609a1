"""Drawing long sheets and comparisons: rows a second and peak memory, by number of people.

Each size is drawn in a process of its own, sealed page by page, as a case files it.

    python -m bench.papers [--people 1000 10000 50000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from bench.memory import peak_megabytes
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.sheet import draw_table_paper
from generators.symbols import encode_symbol
from operations.paper_tables import comparison_table, sheet_table
from regeneration.exchange import rebuilt_as_json, sheet_as_json
from regeneration.months import Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import load_parameters
from regeneration.rebuilding import rebuild
from regeneration.sheets import Line, Regime, Sheet, SheetState, SheetType
from regeneration.tabulation import sheet_as_csv

ROOT: Final = Path(__file__).resolve().parent.parent
FACTS: Final = (("Empleador", "EMPRESA DE PRUEBA S.A."), ("Período", "2026-09"))
ON: Final = date(2026, 10, 5)


def make_sheet(people: int) -> Sheet:
    lines = tuple(
        Line(f"{place:010d}", f"Persona Número {place}", "06", Decimal(48200 + place % 90000) / 100, 30)
        for place in range(people)
    )
    return Sheet(
        "1790010937001",
        "0001",
        Month(2026, 9),
        SheetType.CONTRIBUTIONS,
        "2026-09-000123",
        Regime.PRIVATE,
        SheetState.GENERATED,
        lines,
    )


def measure(people: int) -> str:
    """Draw both papers of a sheet a tenth of whose people have a new wage; one row of the table."""
    sheet = make_sheet(people)
    novedades = [
        Novedad(NovedadType.NEW_WAGE, line.id_number, ON.replace(month=9, day=1), ON, wage=Decimal("900.00"))
        for line in sheet.lines[::10]
    ]
    rebuilt = rebuild(sheet, novedades, load_parameters(), ON)
    after = replace(rebuilt.sheet, number="2026-09-900001", replaces=sheet.number)
    number = number_from_entropy(bytes(RANDOM_BYTES))
    symbol = encode_symbol("VT1:" + "0" * 300, "M")
    before = peak_megabytes()
    began = time.process_time()
    paper = draw_table_paper(
        sheet_table(sheet_as_json(after), FACTS, "0" * 16), number, lambda _page, _pages: symbol
    )
    drawn = time.process_time() - began
    began = time.process_time()
    shapes = sheet_as_json(rebuilt.before), sheet_as_json(after)
    told = draw_table_paper(
        comparison_table(*shapes, rebuilt_as_json(rebuilt), FACTS, load_parameters()),
        number,
        lambda _page, _pages: symbol,
    )
    compared = time.process_time() - began
    began = time.process_time()
    data = sheet_as_csv(after)
    tabulated = time.process_time() - began
    return (
        f"{people:>8,}  {drawn:>8.2f} {people / drawn:>9,.0f} {len(paper) / 1e6:>8.1f}"
        f"  {compared:>8.2f} {len(told) / 1e6:>8.1f}  {tabulated:>8.2f} {len(data) / 1e6:>8.1f}"
        f"  {peak_megabytes():>8} ({before} before)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        print(measure(options.alone))
        return
    print("  people   sheet s    rows/s       MB   compar. s      MB     CSV s       MB   peak MB")
    for people in options.people:
        command = [sys.executable, "-m", "bench.papers", "--alone", str(people)]
        print(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout, end="")


if __name__ == "__main__":
    main()
