"""An operator adds next year's values in files; what is broken in them stops the service by name."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from docs.generate import ADDING_PARAMETERS
from operations.house import open_house
from operations.parameter_files import parameters_in_force, parameters_running_out
from operations.settings import Settings
from regeneration.exchange import novedades_as_json, sheet_as_json
from regeneration.parameters import NotInForce, ParametersError, ParameterValue, load_parameters
from tests.operations_samples import Clock
from tests.regeneration_samples import ANA, make_line, make_novedad, make_sheet

ROOT = Path(__file__).resolve().parent.parent
WAGE = ADDING_PARAMETERS.split("```yaml\n")[1].split("```")[0]
"""The very example of the page."""
RATE = """
contribution/private:
  values:
    - since: 2027-03-01
      until: open
      parts: {personal: "9.60", employer: "11.30"}
      reference: Una resolución
      confidence: likely
"""


def settings_with(folder: Path, **files: str) -> Settings:
    added = folder / "parameters"
    added.mkdir(parents=True)
    for name, text in files.items():
        (added / f"{name}.yaml").write_text(text, "utf-8")
    return Settings(data_dir=folder)


def test_a_year_is_added_and_a_rate_follows_an_open_one(tmp_path: Path) -> None:
    house = open_house(settings_with(tmp_path, wage=WAGE, rate=RATE), Clock())
    added = house.parameters.find("basic-wage", date(2027, 6, 1))
    assert isinstance(added, ParameterValue)
    assert (added.amount, added.key) == (Decimal("490.00"), "basic-wage@2027-01-01")
    assert house.parameters.cited(added.key) == added
    before, after = (
        house.parameters.find("contribution/private", day) for day in (date(2027, 2, 28), date(2027, 3, 1))
    )
    assert isinstance(before, ParameterValue)
    assert isinstance(after, ParameterValue)
    assert (before.until, before.parts["personal"]) == (date(2027, 2, 28), Decimal("9.45"))
    assert after.parts["personal"] == Decimal("9.60")
    assert isinstance(house.parameters.find("basic-wage", date(2028, 1, 1)), NotInForce)
    assert isinstance(load_parameters().find("basic-wage", date(2027, 6, 1)), NotInForce), "ours stay"


def test_another_folder_may_be_named(tmp_path: Path) -> None:
    settings_with(tmp_path, wage=WAGE)
    elsewhere = Settings(data_dir=tmp_path / "datos", parameters_dir=str(tmp_path / "parameters"))
    assert len(parameters_in_force(elsewhere).values["basic-wage"]) == 18
    nowhere = dataclasses.replace(elsewhere, parameters_dir="")
    assert parameters_in_force(nowhere) == load_parameters()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2027-01-01", "2027-01-02", "day after"),
        ("2027-01-01", "2026-12-31", "day after"),
        ("2027-12-31", "2026-12-31", "before it starts"),
        ("basic-wage", "basic-wages", "not one of"),
        ("amount", "value", "must be"),
        ("confidence: sure ", "confidence: surely ", "is not one of"),
        ('"490.00"', "490.00", "quoted"),
        ("until: 2027-12-31", "until: 2027-12-31\n      until: 2027-12-31", "twice"),
        ('reference: "Acuerdo ministerial, its number and date"', 'reference: " "', "reference"),
        ("  values:", "  unit: USD\n  values:", "unknown or missing"),
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in WAGE
    with pytest.raises(ParametersError, match=said) as caught:
        parameters_in_force(settings_with(tmp_path, wage=WAGE.replace(old, new)))
    assert "wage.yaml" in str(caught.value)


def test_the_same_year_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParametersError, match=r"b\.yaml"):
        parameters_in_force(settings_with(tmp_path, a=WAGE, b=WAGE))


def test_what_runs_out_is_told_some_weeks_before(tmp_path: Path) -> None:
    end = date(2026, 12, 31)
    ours = load_parameters()
    assert parameters_running_out(ours, end - timedelta(weeks=8)) == ()
    for day in (end - timedelta(weeks=5), end, end + timedelta(days=1)):
        assert [each.name for each in parameters_running_out(ours, day)] == ["basic-wage"]
    assert parameters_running_out(parameters_in_force(settings_with(tmp_path, wage=WAGE)), end) == ()


def test_the_command_rebuilds_with_the_added_value_and_names_it(tmp_path: Path) -> None:
    sheet = make_sheet(make_line(ANA, "250.00", 15, part_time_hours=4), period="2027-01")
    told = make_novedad("MSU", "2027-01-01", wage="260.00", registered=date(2027, 2, 1))
    (tmp_path / "sheet.json").write_text(json.dumps(sheet_as_json(sheet)), "utf-8")
    (tmp_path / "told.json").write_text(json.dumps(novedades_as_json([told])), "utf-8")
    command = [
        sys.executable,
        "-c",
        "from cli.main import run; run()",
        "rebuild",
        "--sheet",
        str(tmp_path / "sheet.json"),
    ]
    command += ["--novedades", str(tmp_path / "told.json"), "--on", "2027-02-05", "--json"]

    def rebuild(data_dir: Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "VENTANILLA_DATA_DIR": str(data_dir)}
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)

    refused = json.loads(rebuild(tmp_path / "none").stdout)
    assert [each["code"] for each in refused["problems"]] == ["PARAMETER_NOT_IN_FORCE"]
    done = json.loads(rebuild(settings_with(tmp_path / "datos", wage=WAGE).data_dir).stdout)
    assert done["outcome"] == "rebuilt"
    assert any("basic-wage@2027-01-01" in each["parameters"] for each in done["changes"])
    broken = rebuild(settings_with(tmp_path / "mal", wage=WAGE.replace("490", "x")).data_dir)
    assert broken.returncode != 0
    assert "wage.yaml" in broken.stderr
    assert "Traceback" not in broken.stderr
