"""The JSON shapes of sheets, novedades and results (contracts.md §6), in and out.

Amounts are strings with a point and two decimals, dates ISO. Reading is strict: what is broken raises
:class:`ExchangeError`, which names the place and says what was expected there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, TypeVar

from regeneration.explanation import Change
from regeneration.money import ZERO, format_money, parse_money
from regeneration.months import DAYS, Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.rebuilding import Rebuilt
from regeneration.sheets import Line, Regime, ReserveFund, Sheet, SheetState, SheetType, Totals

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)


class ExchangeError(ValueError):
    """JSON that is not of the agreed shape; the message names the place, such as ``lines[2].wage``."""


class _Reader:
    """One JSON object being read: each key once, and none left over."""

    def __init__(self, body: object, where: str) -> None:
        if not isinstance(body, dict):
            raise ExchangeError(f"{where or 'the document'}: expected an object")
        self._left = dict(body)
        self._where = where

    def _place(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key

    def take(self, key: str, parse: Callable[[str], _T]) -> _T:
        """The text under ``key`` through ``parse``; a missing key is an error."""
        value = self.take_optional(key, parse)
        if value is None:
            raise ExchangeError(f"{self._place(key)}: is missing")
        return value

    def take_optional(self, key: str, parse: Callable[[str], _T]) -> _T | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise ExchangeError(f"{self._place(key)}: expected text, got {value!r}")
        try:
            return parse(value)
        except ValueError as error:
            raise ExchangeError(f"{self._place(key)}: {error}") from error

    def take_whole(self, key: str, least: int, most: int) -> int | None:
        value = self._left.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ExchangeError(
                f"{self._place(key)}: expected a whole number from {least} to {most}, got {value!r}"
            )
        return value

    def take_any(self, key: str) -> object:
        return self._left.pop(key, None)

    def close(self) -> None:
        if self._left:
            raise ExchangeError(f"{self._where or 'the document'}: unknown keys {sorted(self._left)}")


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


def _one_of(kind: type[_E]) -> Callable[[str], _E]:
    def parse(text: str) -> _E:
        try:
            return kind(text)
        except ValueError as error:
            raise ValueError(f"«{text}» is not one of {[member.value for member in kind]}") from error

    return parse


def _load(text: str | bytes) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ExchangeError(f"not JSON: {error}") from error


def _refuse_constant(name: str) -> object:
    raise ExchangeError(f"not JSON: {name} is not a number")


def parse_sheet(text: str | bytes) -> Sheet:
    """Read a sheet; ``ExchangeError`` when the JSON is broken."""
    return sheet_from_json(_load(text))


def sheet_from_json(body: object) -> Sheet:
    reader = _Reader(body, "")
    lines = reader.take_any("lines")
    totals = reader.take_any("totals")
    if not isinstance(lines, list):
        raise ExchangeError("lines: expected a list")
    try:
        sheet = Sheet(
            ruc=reader.take("ruc", _text),
            branch=reader.take("branch", _text),
            period=reader.take("period", Month.parse),
            type=reader.take("type", _one_of(SheetType)),
            number=reader.take("number", _text),
            regime=reader.take("regime", _one_of(Regime)),
            state=reader.take("state", _one_of(SheetState)),
            replaces=reader.take_optional("replaces", _text),
            lines=tuple(_parse_line(line, f"lines[{index}]") for index, line in enumerate(lines)),
            totals=None if totals is None else _parse_totals(totals),
        )
    except ExchangeError:
        raise
    except ValueError as error:
        raise ExchangeError(f"lines: {error}") from error
    reader.close()
    return sheet


def _parse_line(body: object, where: str) -> Line:
    reader = _Reader(body, where)
    days = reader.take_whole("days", 0, DAYS)
    if days is None:
        raise ExchangeError(f"{where}.days: is missing")
    line = Line(
        id_number=reader.take("id_number", _text),
        name=reader.take_optional("name", str) or "",
        relation=reader.take("relation", _text),
        wage=reader.take("wage", parse_money),
        days=days,
        part_time_hours=reader.take_whole("part_time_hours", 1, 7),
        reserve_fund=reader.take_optional("reserve_fund", _one_of(ReserveFund)) or ReserveFund.NONE,
        variation=reader.take_optional("variation", parse_money) or ZERO,
        reference_wage=reader.take_optional("reference_wage", parse_money),
        entered=reader.take_optional("entered", date.fromisoformat),
        left=reader.take_optional("left", date.fromisoformat),
        leave_days=reader.take_whole("leave_days", 0, DAYS) or 0,
        value=reader.take_optional("value", parse_money),
        personal=reader.take_optional("personal", parse_money),
        employer=reader.take_optional("employer", parse_money),
        part_time_health=reader.take_optional("part_time_health", parse_money),
    )
    reader.close()
    return line


def _parse_totals(body: object) -> Totals:
    reader = _Reader(body, "totals")
    totals = Totals(**{field.name: reader.take(field.name, parse_money) for field in fields(Totals)})
    reader.close()
    return totals


def parse_novedades(text: str | bytes) -> tuple[Novedad, ...]:
    """Read a list of novedades; ``ExchangeError`` when the JSON is broken.

    A novedad that lacks a key which its type needs is well formed: it is refused later, by its problem.
    """
    return novedades_from_json(_load(text))


def novedades_from_json(body: object) -> tuple[Novedad, ...]:
    if not isinstance(body, list):
        raise ExchangeError("the document: expected a list of novedades")
    return tuple(_parse_novedad(each, f"[{index}]") for index, each in enumerate(body))


def _parse_novedad(body: object, where: str) -> Novedad:
    reader = _Reader(body, where)
    novedad = Novedad(
        type=reader.take("type", _one_of(NovedadType)),
        id_number=reader.take("id_number", _text),
        effective=reader.take("effective", date.fromisoformat),
        registered=reader.take("registered", date.fromisoformat),
        name=reader.take_optional("name", str),
        wage=reader.take_optional("wage", parse_money),
        amount=reader.take_optional("amount", parse_money),
        relation=reader.take_optional("relation", _text),
        part_time_hours=reader.take_whole("part_time_hours", 0, 24),
        cause=reader.take_optional("cause", _text),
        until=reader.take_optional("until", date.fromisoformat),
        cancels=reader.take_optional("cancels", _text),
        id=reader.take_optional("id", _text),
    )
    reader.close()
    return novedad


_ALWAYS: Final = frozenset({"part_time_hours"})
"""Written even when absent, as ``null``: contracts.md §6 shows it so on a line."""


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format_money(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, Month)):
        return str(value)
    return value


def _write(item: Line | Novedad | Totals, always: frozenset[str] = frozenset()) -> dict[str, object]:
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    return {name: _plain(value) for name, value in values.items() if value is not None or name in always}


def sheet_as_json(sheet: Sheet) -> dict[str, object]:
    """The JSON object of a sheet; :func:`sheet_from_json` reads it back equal."""
    names = ("ruc", "branch", "period", "type", "number", "regime", "state", "replaces")
    shape: dict[str, object] = {
        name: _plain(getattr(sheet, name)) for name in names if getattr(sheet, name) is not None
    }
    shape["lines"] = [_write(line, _ALWAYS) for line in sheet.lines]
    if sheet.totals is not None:
        shape["totals"] = _write(sheet.totals)
    return shape


def novedades_as_json(novedades: Sequence[Novedad]) -> list[dict[str, object]]:
    """The JSON list of novedades; :func:`novedades_from_json` reads it back equal."""
    return [_write(novedad) for novedad in novedades]


def rebuilt_as_json(rebuilt: Rebuilt) -> Mapping[str, object]:
    """The result of ``ventanilla rebuild --json``."""
    return {
        "outcome": rebuilt.outcome.value,
        "sheet": sheet_as_json(rebuilt.sheet),
        "changes": [_change_as_json(change) for change in rebuilt.changes],
        "problems": [found.as_json() for found in rebuilt.problems],
    }


def _change_as_json(change: Change) -> dict[str, object]:
    return {
        "id_number": change.id_number,
        "relation": change.relation,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "novedad": change.novedad,
        "novedades": list(change.novedades),
        "parameters": list(change.parameters),
        "why": change.why,
    }
