"""The JSON shapes of sheets, novedades and results (contracts.md §6), in and out.

Amounts are strings with a point and two decimals, dates ISO. Reading is strict: what is broken raises
:class:`~regeneration.json_reading.ExchangeError`, which names the place and says what was expected there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from forms.problems import Problem, problem
from regeneration.explanation import Change, FootChange
from regeneration.json_codes import FROM_OUTSIDE, STORED, Codes
from regeneration.json_reading import ExchangeError, Reader, load_json, one_of, read_date, read_text
from regeneration.money import ZERO, format_money, parse_money
from regeneration.months import DAYS, Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.rebuilding import Rebuilt
from regeneration.sheets import (
    Charges,
    Line,
    Regime,
    ReserveFund,
    Sheet,
    SheetState,
    SheetType,
    Totals,
)


def parse_sheet(text: str | bytes) -> Sheet:
    """Read a sheet; ``ExchangeError`` when the JSON is broken."""
    return sheet_from_json(load_json(text))


def sheet_from_json(body: object, codes: Codes = FROM_OUTSIDE) -> Sheet:
    """A sheet from the JSON object of one; :class:`ExchangeError` names what is not of the agreed shape. Of
    our own rows the ``codes`` are :data:`regeneration.json_codes.STORED`, and the foot is believed as it is.
    """
    reader = Reader(body, "")
    lines = reader.take_any("lines")
    foot = reader.take_any("totals")
    charges = reader.take_any("charges")
    if not isinstance(lines, list):
        raise ExchangeError("lines: se esperaba una lista [...]")
    rows = tuple(_parse_line(line, f"lines[{index}]", codes) for index, line in enumerate(lines))
    added = None if charges is None else _parse_charges(charges)
    totals = None if foot is None else _parse_totals(foot, rows, added)
    try:
        sheet = Sheet(
            ruc=reader.take("ruc", codes.ruc),
            branch=reader.take("branch", codes.branch),
            period=reader.take("period", Month.parse),
            type=reader.take("type", one_of(SheetType)),
            number=reader.take("number", read_text),
            regime=reader.take("regime", one_of(Regime)),
            state=reader.take("state", one_of(SheetState)),
            replaces=reader.take_optional("replaces", read_text),
            lines=rows,
            totals=totals,
            charges=_agree_on_charges(added, totals, ours=codes is STORED),
        )
    except ExchangeError:
        raise
    except ValueError as error:
        raise ExchangeError(f"lines: {error}") from error
    reader.close()
    return sheet


def assume_no_extras(sheet: Sheet, novedades: Sequence[Novedad]) -> tuple[Sheet, tuple[Problem, ...]]:
    """The sheet with no extras where a line does not say whether it has some and the novedades tell of some,
    and a warning for each such line. The agreed shape of a sheet has no place for extras, so whoever hands in
    one by itself means wages without them; a register must say it (``LINE_EXTRAS_UNKNOWN``).
    """
    told = {each.id_number for each in novedades if each.type is NovedadType.VARIATION}
    unsaid = {
        line.id_number
        for line in sheet.lines
        if line.variation is None and line.reference_wage is None and line.id_number in told
    }
    if not unsaid:
        return sheet, ()
    lines = (replace(line, variation=ZERO) if line.id_number in unsaid else line for line in sheet.lines)
    warnings = (problem("LINE_EXTRAS_ASSUMED", person=person) for person in sorted(unsaid))
    return replace(sheet, lines=tuple(lines)), tuple(warnings)


def _parse_line(body: object, where: str, codes: Codes) -> Line:
    reader = Reader(body, where)
    days = reader.take_whole("days", 0, DAYS)
    if days is None:
        raise ExchangeError(f"{where}.days: falta")
    line = Line(
        id_number=reader.take("id_number", codes.person),
        name=reader.take_optional("name", str) or "",
        relation=reader.take("relation", codes.relation),
        wage=reader.take("wage", parse_money),
        days=days,
        part_time_hours=reader.take_whole("part_time_hours", 1, 7),
        reserve_fund=reader.take_optional("reserve_fund", one_of(ReserveFund)) or ReserveFund.NONE,
        variation=reader.take_optional("variation", parse_money),
        reference_wage=reader.take_optional("reference_wage", parse_money),
        entered=reader.take_optional("entered", read_date),
        left=reader.take_optional("left", read_date),
        leave_days=reader.take_whole("leave_days", 0, DAYS) or 0,
        worked_days=reader.take_whole("worked_days", 0, DAYS),
        value=reader.take_optional("value", parse_money),
        personal=reader.take_optional("personal", parse_money),
        employer=reader.take_optional("employer", parse_money),
        part_time_health=reader.take_optional("part_time_health", parse_money),
    )
    reader.close()
    return line


def _parse_totals(body: object, lines: Sequence[Line], charges: Charges | None) -> Totals:
    """The foot. Its personal and employer's parts may be left out where the lines say theirs, what collection
    added where the ``charges`` do.
    """
    reader = Reader(body, "totals")
    parts = {name: [getattr(line, name) for line in lines] for name in ("personal", "employer")}
    sums = {name: sum(given, ZERO) for name, given in parts.items() if None not in given}
    added = {} if charges is None else {each.name: getattr(charges, each.name) for each in fields(Charges)}
    totals = Totals(**_take_amounts(reader, Totals, sums | added))
    reader.close()
    return totals


def _agree_on_charges(charges: Charges | None, totals: Totals | None, *, ours: bool) -> Charges:
    """What collection added, said by itself or at the foot alone; said in both places it must be the same."""
    if totals is None or (ours and charges is not None):
        return charges or Charges()
    at_foot = Charges(**{each.name: getattr(totals, each.name) for each in fields(Charges)})
    for name in (each.name for each in fields(Charges)) if charges is not None else ():
        said, printed = getattr(charges, name), getattr(at_foot, name)
        if said != printed:
            raise ExchangeError(
                f"totals.{name}: dice {format_money(printed)} y charges.{name} dice {format_money(said)}: "
                "escriba el mismo valor en los dos"
            )
    return at_foot


def _parse_charges(body: object) -> Charges:
    reader = Reader(body, "charges")
    charges = Charges(**_take_amounts(reader, Charges))
    reader.close()
    return charges


def _take_amounts(
    reader: Reader, kind: type[Totals] | type[Charges], known: Mapping[str, Decimal] | None = None
) -> dict[str, Decimal]:
    """The amounts of a foot: what has a default or is ``known`` otherwise may be left out."""
    amounts = dict(known or {})
    for place in fields(kind):
        if place.default is MISSING and place.name not in amounts:
            amounts[place.name] = reader.take(place.name, parse_money)
        elif (given := reader.take_optional(place.name, parse_money)) is not None:
            amounts[place.name] = given
    return amounts


def parse_novedades(text: str | bytes) -> tuple[Novedad, ...]:
    """Read a list of novedades; ``ExchangeError`` when the JSON is broken.

    A novedad that lacks a key which its type needs is well formed: it is refused later, by its problem.
    """
    return novedades_from_json(load_json(text))


def novedades_from_json(body: object, codes: Codes = FROM_OUTSIDE) -> tuple[Novedad, ...]:
    if not isinstance(body, list):
        raise ExchangeError("el documento: se esperaba una lista de novedades [...]")
    return tuple(_parse_novedad(each, f"[{index}]", codes) for index, each in enumerate(body))


def _parse_novedad(body: object, where: str, codes: Codes) -> Novedad:
    reader = Reader(body, where)
    novedad = Novedad(
        type=reader.take("type", one_of(NovedadType)),
        id_number=reader.take("id_number", codes.person),
        effective=reader.take("effective", read_date),
        registered=reader.take("registered", read_date),
        name=reader.take_optional("name", str),
        wage=reader.take_optional("wage", parse_money),
        amount=reader.take_optional("amount", parse_money),
        relation=reader.take_optional("relation", codes.relation),
        part_time_hours=reader.take_whole("part_time_hours", 0, 24),
        cause=reader.take_optional("cause", read_text),
        until=reader.take_optional("until", read_date),
        cancels=reader.take_optional("cancels", read_text),
        id=reader.take_optional("id", read_text),
        registered_by=reader.take_optional("registered_by", read_text),
        previous_relation=reader.take_optional("previous_relation", codes.relation),
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


def _write(
    item: Line | Novedad | Totals | Charges, always: frozenset[str] = frozenset()
) -> dict[str, object]:
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    return {name: _plain(value) for name, value in values.items() if value is not None or name in always}


def sheet_as_json(sheet: Sheet) -> dict[str, object]:
    """The JSON object of a sheet; :func:`sheet_from_json` reads it back equal."""
    names = ("ruc", "branch", "period", "type", "number", "regime", "state", "replaces")
    shape: dict[str, object] = {
        name: _plain(getattr(sheet, name)) for name in names if getattr(sheet, name) is not None
    }
    shape["lines"] = [_write(line, _ALWAYS) for line in sheet.lines]
    if sheet.charges != Charges():
        shape["charges"] = _write(sheet.charges)
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
        "foot_changes": [_foot_change_as_json(change) for change in rebuilt.foot_changes],
        "problems": [found.as_json() for found in rebuilt.problems],
    }


def changes_from_json(body: Mapping[str, Any]) -> tuple[tuple[Change, ...], tuple[FootChange, ...]]:
    """The changes of a result that :func:`rebuilt_as_json` wrote."""
    names = {line["id_number"]: line["name"] for line in body["sheet"]["lines"]}
    names |= {line["id_number"]: line["name"] for line in body.get("before", {}).get("lines", ())}
    changes = tuple(
        Change(
            each["id_number"],
            each["relation"],
            names.get(each["id_number"], ""),
            each["field"],
            each["before"],
            each["after"],
            tuple(each["novedades"]),
            tuple(each["parameters"]),
            each["why"],
            tuple(each["reasons"]),
            each["share"],
        )
        for each in body["changes"]
    )
    foot = tuple(
        FootChange(each["field"], each["before"], each["after"], tuple(each["parameters"]), each["why"])
        for each in body["foot_changes"]
    )
    return changes, foot


def _foot_change_as_json(change: FootChange) -> dict[str, object]:
    return {
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "parameters": list(change.parameters),
        "why": change.why,
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
        "reasons": list(change.reasons),
        "share": change.share,
    }
