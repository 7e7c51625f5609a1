"""Sheets and novedades that the tests of the core share; invented people with valid numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from regeneration.money import ZERO
from regeneration.months import Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Rebuilt, rebuild
from regeneration.sheets import Line, Regime, Sheet, SheetState, SheetType

ANA, BLANCA, CARLOS = "1712345675", "0100000017", "2400000010"
ON = date(2026, 10, 5)
REGISTERED = date(2026, 10, 2)


def make_line(person: str = ANA, wage: str = "550.00", days: int = 30, **more: Any) -> Line:
    more.setdefault("variation", ZERO)
    return Line(person, f"Persona {person[-2:]}", more.pop("relation", "06"), Decimal(wage), days, **more)


def make_sheet(*lines: Line, period: str = "2026-09", regime: Regime = Regime.PRIVATE, **more: Any) -> Sheet:
    return Sheet(
        ruc=more.pop("ruc", "1790010937001"),
        branch="0001",
        period=Month.parse(period),
        type=more.pop("type", SheetType.CONTRIBUTIONS),
        number=f"{period}-000123",
        regime=regime,
        state=more.pop("state", SheetState.GENERATED),
        lines=lines,
        **more,
    )


def make_novedad(code: str, effective: str, person: str = ANA, **more: Any) -> Novedad:
    kind = NovedadType(code)
    for name in ("wage", "amount"):
        if name in more:
            more[name] = Decimal(more[name])
    if "until" in more:
        more["until"] = date.fromisoformat(more["until"])
    if kind is NovedadType.EXIT:
        more.setdefault("cause", "V")
    if kind is NovedadType.ENTRY:
        more = {"relation": "06", "name": "Persona nueva", "wage": Decimal("482.00")} | more
    more.setdefault("registered", REGISTERED)
    return Novedad(kind, person, date.fromisoformat(effective), **more)


def run(sheet: Sheet, *novedades: Novedad, on: date = ON) -> Rebuilt:
    return rebuild(sheet, novedades, load_parameters(), on)


def only_line(rebuilt: Rebuilt) -> Line:
    (line,) = rebuilt.sheet.lines
    return line


def codes(rebuilt: Rebuilt) -> list[str]:
    return [found.code for found in rebuilt.problems]
