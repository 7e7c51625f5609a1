"""Scenarios of the core as files that a contribution expert reads: strict reading, and their sums checked.

A file has the sheet as it was issued, the novedades and the day, and what must come out, with the sums
worked by hand in its comments. An unknown or repeated key, or a sum that is wrong, is an error.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

from regeneration.exchange import novedades_from_json, sheet_from_json
from regeneration.novedades import Novedad
from regeneration.sheets import Sheet

FOLDER: Final = Path(__file__).parent / "scenarios"
PEOPLE: Final = {
    "ana": "1712345675",
    "blanca": "0100000017",
    "carlos": "2400000010",
    "diana": "3000000012",
    "esteban": "0960000016",
    "fatima": "1760000016",
}
"""Invented people with valid numbers; the last two are foreigners with a cédula."""

_RUC: Final = {"private": "1790010937001", "banks-and-municipal": "1760003410001", "public": "1760013210001"}
_KEYS: Final = frozenset({"title", "source", "date", "sheet", "novedades", "expect"})
_EXPECTED: Final = frozenset(
    {
        "outcome",
        "lines",
        "totals",
        "changes",
        "foot_changes",
        "problems",
        "reserve_fund",
        "adjustment",
        "state",
    }
)
_SHEET_KEYS: Final = frozenset(
    {"ruc", "regime", "period", "type", "state", "number", "lines", "totals", "charges"}
)


class ScenarioError(ValueError):
    """A scenario file is broken; the message says where."""


@dataclass(frozen=True)
class Scenario:
    """One file: what is given, and ``expect`` as it is written, its keys known."""

    title: str
    on: date
    sheet: Sheet
    novedades: tuple[Novedad, ...]
    expect: dict[str, Any]
    disputed: str | None


class _StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise ScenarioError(f"{node.start_mark}: a key is written twice")
        return super().construct_mapping(node, deep)


def parse_scenario(text: str) -> Scenario:
    """Read one scenario; ``ScenarioError`` or ``ExchangeError`` names what is wrong with it."""
    body = yaml.load(text, Loader=_StrictLoader)
    if not isinstance(body, dict):
        raise ScenarioError("a scenario is a mapping")
    disputed = body.pop("disputed", None)
    if wrong := _KEYS ^ body.keys():
        raise ScenarioError(f"unknown or missing: {sorted(map(str, wrong))}")
    if not all(isinstance(body[key], str) and body[key].strip() for key in ("title", "source")):
        raise ScenarioError("«title» and «source» are sentences")
    if not re.search(r"^#", text, re.MULTILINE):
        raise ScenarioError("the sums are missing: work them in a comment")
    if wrong_sums := find_wrong_sums(text):
        raise ScenarioError(f"wrong sums: {wrong_sums}")
    _check_expectation(body["expect"])
    return Scenario(
        title=body["title"],
        on=body["date"],
        sheet=_read_sheet(body["sheet"]),
        novedades=novedades_from_json([_read_novedad(each, body["date"]) for each in body["novedades"]]),
        expect=body["expect"],
        disputed=disputed,
    )


def read_scenario(path: Path) -> Scenario:
    """Read one file; ``ScenarioError`` names it and what is wrong with it."""
    try:
        return parse_scenario(path.read_text("utf-8"))
    except ValueError as error:
        raise ScenarioError(f"{path.relative_to(FOLDER)}: {error}") from error


def _check_expectation(expect: object) -> None:
    if not isinstance(expect, dict) or "outcome" not in expect or expect.keys() - _EXPECTED:
        raise ScenarioError(f"«expect» has «outcome» and some of {sorted(_EXPECTED)}")
    if expect["outcome"] == "refused" and not expect.get("problems"):
        raise ScenarioError("what is refused says its problems")
    if expect["outcome"] == "rebuilt" and not expect.keys() >= {"lines", "totals"}:
        raise ScenarioError("what is rebuilt says its lines and totals")
    if empty := [key for key in ("totals", "changes", "foot_changes") if not expect.get(key, True)]:
        raise ScenarioError(f"{empty} expect nothing")


def _read_sheet(body: dict[str, Any]) -> Sheet:
    if wrong := body.keys() - _SHEET_KEYS:
        raise ScenarioError(f"unknown in «sheet»: {sorted(wrong)}")
    regime = body.get("regime", "private")
    given = {
        "ruc": _RUC[regime],
        "branch": "0001",
        "type": "contributions",
        "number": f"{body['period']}-000123",
        "state": "generated",
        "regime": regime,
    }
    return sheet_from_json(given | body | {"lines": [_name(_plain(line)) for line in body["lines"]]})


def _read_novedad(body: dict[str, Any], on: date) -> dict[str, Any]:
    """A novedad in the shape of the exchange; registered on the day of the request if not said."""
    usual: dict[str, Any] = {"registered": on.isoformat()}
    if body.get("type") == "ENT":
        usual |= {"relation": "06", "name": str(body.get("who"))}
    if body.get("type") == "SAL":
        usual["cause"] = "V"
    named = _name(_plain(body))
    named.pop("name")
    return usual | named


def _name(body: dict[str, Any]) -> dict[str, Any]:
    """The person of a line or novedad, by number, in place of the name by which the file calls her."""
    who = body.get("who")
    if who not in PEOPLE:
        raise ScenarioError(f"«who» is one of {sorted(PEOPLE)}, not {who!r}")
    named = {"id_number": PEOPLE[who], "name": who, "relation": "06"} if "days" in body else {}
    named |= {"id_number": PEOPLE[who], "name": who}
    return named | {key: value for key, value in body.items() if key != "who"}


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in body.items()}


_SUM: Final = re.compile(r"([0-9(][0-9.()×+−%/ -]*?) = (-?[0-9]+(?:\.[0-9]+)?)")
_OPERATIONS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def find_wrong_sums(text: str) -> list[str]:
    """Sums in the comments, such as ``550.00 × 20.60 % = 113.30``, whose result is not what is written.

    Results are rounded half up to as many decimals as they are written with.
    """
    wrong = []
    for line in text.splitlines():
        for written, result in _SUM.findall(line) if line.startswith("#") else ():
            plain = written.replace("×", "*").replace("−", "-").replace("%", "/100")
            exact = _evaluate(ast.parse(plain.strip(), mode="eval").body)
            places = Decimal(result)
            precise = Decimal(exact.numerator) / Decimal(exact.denominator)
            if precise.quantize(places, rounding=ROUND_HALF_UP) != places:
                wrong.append(f"{written} = {precise}, not {result}")
    return wrong


def _evaluate(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(str(node.value))
        case ast.UnaryOp(op=ast.USub()):
            return -_evaluate(node.operand)
        case ast.BinOp():
            return _OPERATIONS[type(node.op)](_evaluate(node.left), _evaluate(node.right))
    raise ScenarioError(f"not a sum: {ast.dump(node)}")
