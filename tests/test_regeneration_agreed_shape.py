"""A sheet in the agreed shape, whose lines have no place for extras: as without them, never in silence."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from regeneration.exchange import assume_no_extras, novedades_from_json, parse_sheet, rebuilt_as_json
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Outcome, rebuild

ON = date(2026, 10, 5)
EXTRAS = {
    "type": "INS",
    "id_number": "1712345675",
    "effective": "2026-09-10",
    "registered": "2026-10-02",
    "amount": "35.50",
}


def sheet(**line: Any) -> str:
    body = {
        "ruc": "1790010937001",
        "branch": "0001",
        "period": "2026-09",
        "type": "contributions",
        "number": "2026-09-000123",
        "regime": "private",
        "state": "generated",
        "lines": [
            {
                "id_number": "1712345675",
                "name": "Ana Pérez",
                "relation": "06",
                "wage": "550.00",
                "days": 30,
                "part_time_hours": None,
                "reserve_fund": "accumulated",
            }
            | line
        ],
    }
    return json.dumps(body)


def test_extras_are_added_to_a_line_that_tells_of_none_with_a_warning() -> None:
    told = novedades_from_json([EXTRAS])
    given, warnings = assume_no_extras(parse_sheet(sheet()), told)
    assert [(found.code, found.severity.value) for found in warnings] == [("LINE_EXTRAS_ASSUMED", "warning")]
    assert "1712345675" in warnings[0].message
    rebuilt = rebuild(given, told, load_parameters(), ON)
    assert rebuilt.outcome is Outcome.REBUILT
    assert rebuilt.sheet.lines[0].wage == Decimal("585.50")
    # What comes out says its extras: given back, it changes no more and nothing is assumed.
    again, none = assume_no_extras(parse_sheet(json.dumps(rebuilt_as_json(rebuilt)["sheet"])), told)
    assert none == ()
    assert rebuild(again, told, load_parameters(), ON).outcome is Outcome.NOTHING_CHANGES


def test_nothing_is_assumed_of_a_line_that_says_it_or_of_which_no_extras_are_told() -> None:
    told = novedades_from_json([EXTRAS])
    for line in ({"variation": "0.00"}, {"reference_wage": "550.00"}, {"id_number": "1710034065"}):
        given = parse_sheet(sheet(**line))
        assert assume_no_extras(given, told) == (given, ())
    given = parse_sheet(sheet())
    assert assume_no_extras(given, ()) == (given, ())


def test_the_core_itself_refuses_to_guess() -> None:
    rebuilt = rebuild(parse_sheet(sheet()), novedades_from_json([EXTRAS]), load_parameters(), ON)
    assert rebuilt.outcome is Outcome.REFUSED
    assert [found.code for found in rebuilt.problems] == ["LINE_EXTRAS_UNKNOWN"]
