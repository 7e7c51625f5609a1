"""The examples of docs/examples through the command: what was worked by hand there is what comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result

from cli.core import rebuild_command
from cli.output import Exit
from regeneration.tabulation import SHEET_HEADS

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "docs" / "examples"
NAMES: Final = sorted(path.parent.name for path in EXAMPLES.glob("*/expected.json"))
ON: Final = "2026-10-05"
CODES: Final = {"rebuilt": Exit.DONE, "nothing-changes": Exit.NO, "refused": Exit.NO}
PERSON: Final = {"id_number": "1712345675", "relation": "06", "days": 30, "wage": "1.00"}


def run_files(sheet: Path, novedades: Path, *words: str | Path) -> Result:
    given = ("--sheet", sheet, "--novedades", novedades, "--on", ON, *words)
    return CliRunner().invoke(rebuild_command, [str(word) for word in given])


def run_example(name: str, *words: str | Path) -> Result:
    (novedades,) = (EXAMPLES / name).glob("novedades.*")
    return run_files(EXAMPLES / name / "sheet.json", novedades, *words)


def differences(expected: Any, found: Any, place: str = "") -> list[str]:
    """Where ``found`` is not as expected; a key that nobody worked by hand is not looked at."""
    if isinstance(expected, dict) and isinstance(found, dict):
        pairs = ((f"{place}.{key}", value, found.get(key)) for key, value in expected.items())
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        both = enumerate(zip(expected, found, strict=True))
        pairs = ((f"{place}[{index}]", *pair) for index, pair in both)
    else:
        return [] if expected == found else [f"{place}: expected {expected!r}, found {found!r}"]
    return [each for inner, want, have in pairs for each in differences(want, have, inner)]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_comes_out_as_worked_by_hand(name: str) -> None:
    expected = json.loads((EXAMPLES / name / "expected.json").read_text("utf-8"))
    result = run_example(name, "--json")
    assert differences(expected, json.loads(result.stdout)) == []
    assert result.exit_code == CODES[expected["outcome"]]


def test_there_are_examples_and_each_is_explained() -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    assert len(NAMES) >= 4
    assert [name for name in NAMES if f"## {name}" not in told] == []


def test_a_difference_is_seen() -> None:
    assert differences({"a": [{"b": "1"}]}, {"a": [{"b": "2", "c": "3"}]}) == [
        ".a[0].b: expected '1', found '2'"
    ]
    assert differences([1], [1, 2]) != []


def test_the_sheet_and_the_comparison_are_written_where_asked(tmp_path: Path) -> None:
    result = run_example("missed-exit", "--csv", tmp_path / "s.csv", "--pdf", tmp_path / "s.pdf")
    assert result.exit_code == Exit.DONE
    head, *rows = (tmp_path / "s.csv").read_text("utf-8-sig").splitlines()
    assert tuple(head.split(";")) == SHEET_HEADS
    assert [row.split(";")[8] for row in rows] == ["550.00", "321.33"]
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_is_written_of_a_refused_sheet(tmp_path: Path) -> None:
    result = run_example("refused-too-late", "--csv", tmp_path / "s.csv", "--pdf", tmp_path / "s.pdf")
    assert result.exit_code == Exit.NO
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("period", "septiembre", "period"),
        ("type", "aportes", "type"),
        ("number", None, "number"),
        ("lines", {}, "lines"),
        ("patrono", "x", "patrono"),
        (
            "lines",
            [PERSON | {"days": 31}],
            "lines[0].days",
        ),
        (
            "lines",
            [PERSON | {"wage": "1,00"}],
            "lines[0].wage",
        ),
    ],
)
def test_broken_input_is_told_by_its_place_in_spanish(
    tmp_path: Path, key: str, value: object, told: str
) -> None:
    sheet = json.loads((EXAMPLES / "missed-exit" / "sheet.json").read_text("utf-8"))
    broken = tmp_path / "sheet.json"
    broken.write_text(json.dumps(sheet | {key: value}), "utf-8")
    result = run_files(broken, EXAMPLES / "missed-exit" / "novedades.json", "--json")
    assert result.exit_code == Exit.UNREADABLE
    (found,) = json.loads(result.stdout)["problems"]
    assert found["code"] == "EXCHANGE_INVALID"
    assert told in found["message"]
    plain = run_files(broken, EXAMPLES / "missed-exit" / "novedades.json")
    assert (plain.exit_code, plain.stdout) == (Exit.UNREADABLE, "")
    assert told in plain.stderr
    for said in (result.output, plain.output):
        assert "expected" not in said
        assert "is not" not in said


@pytest.mark.parametrize("data", [b"{", b"[1, 2", b"\xff\xfe", b"[" * 100_000])
def test_what_is_not_json_is_unreadable(tmp_path: Path, data: bytes) -> None:
    broken = tmp_path / "sheet.json"
    broken.write_bytes(data)
    result = run_files(broken, EXAMPLES / "missed-exit" / "novedades.json")
    assert result.exit_code == Exit.UNREADABLE
    assert result.stderr.strip()
