"""Files as people and their spreadsheets write them: the right value, or an error that names the place."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import program
from regeneration.batch_file import read_batch
from regeneration.exchange import (
    ExchangeError,
    novedades_as_json,
    novedades_from_json,
    sheet_as_json,
    sheet_from_json,
)
from regeneration.json_codes import STORED
from tests.regeneration_samples import ANA, CARLOS, make_line, make_novedad, make_sheet

NAMES = ("wages", "value", "personal", "employer", "ccc", "part_time_health", "total")
HEAD = "1790010937001;0001;2026;09;"
NEW_WAGE = novedades_as_json([make_novedad("MSU", "2026-09-01", wage="600.00")])
ENTRY = novedades_as_json([make_novedad("ENT", "2026-09-01", person=CARLOS)])


def rebuild_files(folder: Path, novedades: bytes, on: str = "2026-10-05", **sheet: object) -> Result:
    shape = sheet_as_json(make_sheet(make_line(ANA))) | sheet
    (folder / "sheet.json").write_text(json.dumps(shape))
    (folder / "novedades").write_bytes(novedades)
    files = ["--sheet", str(folder / "sheet.json"), "--novedades", str(folder / "novedades")]
    return CliRunner().invoke(program, ["rebuild", *files, "--on", on])


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + json.dumps(NEW_WAGE).encode(),
        json.dumps(NEW_WAGE).encode("utf-16"),
        b"\r\n  " + json.dumps(NEW_WAGE).encode(),
    ],
    ids=["UTF-8 with its mark", "UTF-16", "space before"],
)
def test_json_as_editors_save_it_is_read(tmp_path: Path, data: bytes) -> None:
    result = rebuild_files(tmp_path, data)
    assert result.exit_code == 0, result.output
    assert "pasa de 550.00 a 600.00" in result.output


@pytest.mark.parametrize("written", ["20260901", "2026-W36-1", "01/09/2026"])
def test_a_date_of_another_form_is_told_with_its_place(tmp_path: Path, written: str) -> None:
    result = rebuild_files(tmp_path, json.dumps([NEW_WAGE[0] | {"effective": written}]).encode())
    assert result.exit_code == 3
    assert f"[0].effective: «{written}» no es una fecha: escríbala AAAA-MM-DD" in result.output


def test_the_day_of_the_request_has_one_form(tmp_path: Path) -> None:
    assert rebuild_files(tmp_path, json.dumps(NEW_WAGE).encode(), on="20261005").exit_code == 2


@pytest.mark.parametrize("written", ["6", "006", "0", " 06", "06 "])
def test_a_relation_that_lost_its_zero_makes_no_second_line(tmp_path: Path, written: str) -> None:
    """Of who is on the sheet under 06 an entry under 6 would have made another line, paid twice."""
    told = [ENTRY[0] | {"relation": written, "id_number": ANA}]
    result = rebuild_files(tmp_path, json.dumps(told).encode())
    assert result.exit_code == 3
    assert f"[0].relation: «{written}» no es un código de relación" in result.output


def test_a_batch_file_has_relations_of_one_form() -> None:
    record = f"{HEAD}ENT;{CARLOS};20260910;20260912;1;R;01;%s;CHOFER;1234567890123;482.00;P\n"
    assert read_batch((record % "06").encode()).problems == ()
    (wrong,) = read_batch((record % "006").encode()).problems
    assert wrong.field == "relation"


@pytest.mark.parametrize("written", [f" {CARLOS}", f"{CARLOS} ", "2400-00010", "24000000100000"])
def test_who_enters_has_a_number_without_other_signs(tmp_path: Path, written: str) -> None:
    result = rebuild_files(tmp_path, json.dumps([ENTRY[0] | {"id_number": written}]).encode())
    assert result.exit_code == 3
    assert f"[0].id_number: «{written}»" in result.output


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("ruc", "1790010937", "13 dígitos"),
        ("ruc", " 1790010937001", "13 dígitos"),
        ("branch", "1", "4 dígitos, como 0001"),
        ("branch", "001", "4 dígitos, como 0001"),
    ],
)
def test_a_sheet_of_no_employer_is_told(tmp_path: Path, key: str, written: str, told: str) -> None:
    result = rebuild_files(tmp_path, json.dumps(NEW_WAGE).encode(), **{key: written})
    assert result.exit_code == 3
    assert f"{key}: «{written}»" in result.output
    assert told in result.output


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"{HEAD}MSU;{ANA};600.00\n\n{HEAD}INS;{ANA};35.50;O\n", 2, "está vacía: bórrela"),
        (f"\n{HEAD}MSU;{ANA};600.00\n", 1, "está vacía: bórrela"),
        (f"{HEAD}MSU;{ANA};600.00\n".replace(";", ","), 1, "no use comas"),
        (f"{HEAD}MSU;{ANA};600.00\n".replace(";", "\t"), 1, "tabuladores"),
    ],
)
def test_a_line_that_is_no_record_says_what_it_is(text: str, line: int, told: str) -> None:
    (problem,) = read_batch(text.encode()).problems
    assert problem.message.startswith(f"Línea {line} ")
    assert told in problem.message


def test_what_an_earlier_version_stored_stays_readable() -> None:
    """It took relations of other forms, and charges that the foot did not say."""
    sheet = sheet_as_json(make_sheet(make_line(ANA, relation="006"))) | {
        "totals": dict.fromkeys(NAMES, "1.00"),
        "charges": {"interest": "4.52"},
    }
    told = [ENTRY[0] | {"relation": "006"}]
    kept = sheet_from_json(sheet, STORED)
    assert kept.lines[0].relation == "006"
    assert str(kept.charges.interest) == "4.52"
    assert novedades_from_json(told, STORED)[0].relation == "006"
    with pytest.raises(ExchangeError):
        sheet_from_json(sheet)
    with pytest.raises(ExchangeError):
        novedades_from_json(told)
