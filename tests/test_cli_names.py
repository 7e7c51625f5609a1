"""What a command prints for people has the words of the forms and of the house; its JSON has the codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from cli.naming import say_kind
from forms.description import describe
from forms.register import all_forms
from operations.demonstration_data import PASSWORD, RUC
from operations.house import open_house
from operations.lockouts import disable_user
from operations.settings import Settings
from operations.users import UserRole

PROJECT: Final = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder, with its store and its papers."""
    folder = tmp_path_factory.mktemp("nombres")
    told = run(folder, "demo", "--keep", "tour")
    assert re.search(r"^Trámite \S+: archivado en ", told, re.MULTILINE)
    return folder / "tour"


def run(folder: Path, *words: str, data: str = "tour/datos", language: str = "es_EC.UTF-8") -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": language,
        "PYTHONPATH": str(PROJECT),
        "VENTANILLA_DATA_DIR": str(folder / data),
    }
    command = [sys.executable, "-m", "cli.main", *words]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def as_json(folder: Path, *words: str) -> Any:
    return json.loads(run(folder, *words, "--json"))


def test_a_scan_is_told_in_the_words_of_its_form(tour: Path) -> None:
    told = run(tour.parent, "read", "tour/escaneo.pdf")
    assert re.search(r"^SOLICITUD.* [0-9A-Z-]{19}  \[completa, sello válido\]$", told, re.MULTILINE | re.I)
    assert re.search(r"^  RUC +confirmado +" + RUC, told, re.MULTILINE)
    assert re.search(r"^  Período .*confirmado +\d{4}-\d\d$", told, re.MULTILINE)
    assert re.search(r"confirmado +Planilla de aportes$|confirmado +Aportes$", told, re.MULTILINE)
    assert re.search(r"^  Firma.* firma presente$", told, re.MULTILINE)
    fields = as_json(tour.parent, "read", "tour/escaneo.pdf")["documents"][0]["fields"]
    assert [name for name in fields if "_" in name and name in told] == []
    assert fields["sheet_type"]["value"] == "contributions"
    english = run(tour.parent, "read", "tour/escaneo.pdf", language="en_US.UTF-8")
    assert re.search(r"^  sheet_type +confirmed +contributions$", english, re.MULTILINE)


def test_a_verified_paper_and_the_archive_name_their_papers(tour: Path) -> None:
    folder = tour.parent
    assert "Solicitud" in run(folder, "verify", "tour/escaneo.pdf")
    assert as_json(folder, "verify", "tour/escaneo.pdf")["documents"][0]["form"] == "employer-request"
    (case,) = as_json(folder, "case", "list")["cases"]
    shown = run(folder, "case", "show", case["number"])
    assert "Original recibido" in shown
    assert "Planilla regenerada" in shown
    kinds = {row["kind"] for row in as_json(folder, "case", "show", case["number"])["documents"]}
    assert "sheet-comparison" in kinds
    found = run(folder, "archive", "find", "planilla")
    for kind in kinds:
        if "-" in kind:
            assert kind not in shown + found, kind
    row = as_json(folder, "archive", "find", "comparación")["documents"][0]
    one = run(folder, "archive", "show", str(row["id"]))
    assert re.search(r"^tipo +Comparación", one, re.MULTILINE)
    assert as_json(folder, "archive", "show", str(row["id"]))["kind"] == row["kind"]


def test_people_are_listed_with_the_name_of_their_profile(tour: Path) -> None:
    folder = tour.parent
    run(folder, "user", "add", "contadora", "--display-name", "Lucía Andrade", "--role", "delegate",
        "--ruc", RUC, "--branch", "0001", "--password", PASSWORD)  # fmt: skip
    house = open_house(Settings(data_dir=tour / "datos"))
    disable_user(house, "archivo")
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    told = run(folder, "user", "list")
    assert re.search(rf"^contadora +Delegado del representante +Lucía Andrade \({RUC}/0001\)$", told, re.M)
    assert re.search(r"^ventanilla +Ventanilla ", told, re.MULTILINE)
    assert len(re.findall(r"\(deshabilitado\)$", told, re.MULTILINE)) == 1
    assert not re.search(r"\b(employer|delegate|clerk|archivist|operator)\b", told)
    roles = {row["role"] for row in as_json(folder, "user", "list")["users"]}
    assert {"employer", "delegate", "clerk"} <= roles <= {role.value for role in UserRole}


def test_every_kind_of_field_has_a_name() -> None:
    kinds = {field["kind"] for form in all_forms() for field in describe(form.current)["fields"]}
    assert all(say_kind(kind) for kind in kinds)
