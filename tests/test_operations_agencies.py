"""An operator corrects agencies and adds others in a file; what is broken in it stops the service by name."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from datetime import date, time
from pathlib import Path
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from docs.agencies import CORRECTING_AGENCIES
from operations.agencies.corrections import agencies_in_force
from operations.agencies.register import AgenciesError, load_agencies
from operations.appointment_mails import remind_appointments
from operations.appointment_views import Appointment, Slot
from operations.appointments import book, cancel, free_hours, list_appointments
from operations.health import examine
from operations.house import House
from operations.offices import check_office
from operations.returning import find_term
from operations.settings import Settings
from operations.visitors import Visitor, write_ticket
from tests.operations_samples import Clock, open_demo_house
from web.application import make_application
from web.appointments import VISITOR

ROOT = Path(__file__).resolve().parent.parent
FILE = CORRECTING_AGENCIES.split("```yaml\n")[1].split("```")[0]
"""The very example of the page."""


def settings_with(folder: Path, text: str = FILE) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agencies.yaml").write_text(text, "utf-8")
    return Settings(data_dir=folder)


@pytest.fixture
def corrected(tmp_path: Path) -> House:
    settings_with(tmp_path)
    return open_demo_house(tmp_path, Clock(), agencies_file=str(tmp_path / "agencies.yaml"))


def test_what_is_said_changes_and_the_rest_stays(tmp_path: Path) -> None:
    found = agencies_in_force(settings_with(tmp_path))
    assert (found.corrected, found.added) == (2, 1)
    ours, south = load_agencies().find("quito-sur"), found.agencies.find("quito-sur")
    assert ours is not None
    assert south is not None
    assert (south.opens, south.closes, south.capacity) == (time(8, 30), time(17), 3)
    assert (south.name, south.verified, ours.verified) == (ours.name, True, False)
    assert found.agencies.find("quito-matriz") == load_agencies().find("quito-matriz")
    assert found.agencies.most_per_person == 2
    assert not found.agencies.works_on(south, date(2027, 1, 4))
    assert not found.agencies.works_on(south, date(2026, 12, 7)), "our own local day stays"
    assert agencies_in_force(Settings(data_dir=tmp_path / "otra")).agencies == load_agencies()


def test_the_service_books_where_the_file_says(corrected: House) -> None:
    served = [agency.id for agency in corrected.agencies.serving("09", "sheet-rebuilding")]
    assert "duran" in served
    assert "playas" not in served
    new = corrected.agencies.find("duran")
    assert new is not None
    day = corrected.agencies.bookable_days(new, corrected.today())[0]
    assert len(free_hours(corrected, new, day)) == len(new.hours) == 27
    assert check_office(corrected, "Durán") == ()
    assert list_appointments(corrected, "Durán", day) == ()
    week = date(2026, 12, 28)
    later = find_term(corrected.agencies, "Quito - CAU Sur", week)
    assert later > find_term(load_agencies(), "Quito - CAU Sur", week)
    with TestClient(make_application(corrected)) as client:
        assert client.get("/turnos").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('province: "09"', 'province: "77"', "agencia «duran»: no hay una provincia «77»"),
        ('province: "09"', "province: 17", "agencia «duran»: «province» debe ser un texto entre comillas"),
        ('opens: "08:30"', "opens: 10:30", "«opens» debe ser un texto entre comillas"),
        ('opens: "08:30"', 'opens: "las ocho"', "horas como"),
        ('opens: "08:30"', 'opens: "08:30-05:00"', "horas como"),
        ("procedures: []", "procedures: [{a: b}]", "no hay un trámite"),
        ('name: "Durán"', 'name: " "', "«name» no puede estar vacío"),
        ('opens: "08:30"', 'opens: "18:00"', "cierra antes de que quepa un turno"),
        ("capacity: 3", "capacity: 0", "«capacity» debe ser 1 o más"),
        ("capacity: 3", "capacity: true", "«capacity» debe ser un número entero"),
        ("capacity: 3", "capacidad: 3", "agencia «quito-sur»: no se conoce capacidad"),
        ("procedures: []", "procedures: [pasaporte]", "no hay un trámite «pasaporte»"),
        ("procedures: []", 'name: "Playas Villamil"', "su nombre «Playas» no se cambia"),
        ("id: playas", "id: duran", "la agencia «duran» está dos veces"),
        ("id: playas", "ide: playas", "la agencia 3 de la lista no dice su «id»"),
        ('name: "Durán"', 'name: "Playas"', "dos agencias tienen el mismo"),
        ('    name: "Durán"\n', "", "agencia «duran»: falta name"),
        ("  cuenca: {", "  luna: {", "nombra agencias que no hay: luna"),
        ("2027-01-04: ", "lunes: ", "debe ser un día como"),
        ("most_per_person: 2", "most_per_person: 0", "«most_per_person» debe ser 1 o más"),
        ("most_per_person: 2", "agencies: []", "«agencies» está dos veces"),
        ("most_per_person: 2", "capacidad: 2", "no se conoce capacidad; se puede escribir"),
        ("most_per_person: 2", "most_per_person: [", "no es YAML válido, línea"),
    ],
)
def test_a_broken_file_is_refused_with_its_fault(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in FILE
    settings = settings_with(tmp_path, FILE.replace(old, new))
    with pytest.raises(AgenciesError) as caught:
        agencies_in_force(settings)
    assert said in str(caught.value)
    assert str(tmp_path / "agencies.yaml") in str(caught.value)


def test_a_named_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(AgenciesError, match=r"nada\.yaml: no existe"):
        agencies_in_force(Settings(data_dir=tmp_path, agencies_file=str(tmp_path / "nada.yaml")))


def test_who_asks_where_nobody_serves_any_more_can_go_elsewhere(tmp_path: Path) -> None:
    """The only agency of a province was closed by the operator; in another there is always a way back."""
    settings_with(tmp_path, "agencies:\n  - id: cuenca\n    procedures: []\n")
    house = open_demo_house(tmp_path, Clock(), agencies_file=str(tmp_path / "agencies.yaml"))
    ticket = write_ticket(house, Visitor("1710034065", "paz@empleador.example", "0991234567"))
    with TestClient(make_application(house)) as client:
        client.cookies.set(VISITOR, quote(ticket))
        closed = client.get("/turnos/agencia?province=01").text
        assert "ninguna agencia de esta provincia" in closed
        assert "Siguiente" not in closed
        hours = client.get("/turnos/hora?province=06&procedure=sheet-rebuilding&agency=riobamba").text
        assert "Elegir otra agencia" in hours
        again = client.get("/turnos/agencia?province=06")
        assert (again.status_code, "Siguiente" in again.text) == (200, True), "proved still"


def test_check_tells_of_corrections_and_of_their_fault(corrected: House, tmp_path: Path) -> None:
    def found(settings: Settings) -> tuple[str, str]:
        each = next(each for each in examine(settings) if each.name == "agencies")
        return each.detail, each.trouble.code if each.trouble is not None else ""

    detail, code = found(corrected.settings)
    assert detail.endswith("agencies.yaml: corrige 2, añade 1")
    assert detail.startswith("30 (25 sin verificar)")
    assert code == ""
    bare = dataclasses.replace(corrected.settings, agencies_file="", data_dir=tmp_path / "otra")
    assert "sin correcciones en" in found(bare)[0]
    settings_with(tmp_path, "agencies: 3")
    assert found(corrected.settings) == ("", "AGENCIES_UNUSABLE")


def test_the_service_does_not_start_with_a_broken_file(tmp_path: Path) -> None:
    settings_with(tmp_path / "data", "agencies: 3")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VENTANILLA_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "case", "list", "--json"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert [each["code"] for each in json.loads(done.stdout)["problems"]] == ["AGENCIES_UNUSABLE"]


def test_an_appointment_at_an_agency_that_was_taken_out_stays(
    corrected: House,
) -> None:
    visitor = Visitor("1710034065", "paz@empleador.example", "099 123 4567")
    new = corrected.agencies.find("duran")
    assert new is not None
    day = corrected.agencies.bookable_days(new, corrected.today())[0]
    made = book(corrected, visitor, Slot("duran", "sheet-rebuilding", day, new.hours[0]))
    assert isinstance(made, Appointment)
    without = dataclasses.replace(corrected, agencies=load_agencies())
    with TestClient(make_application(without)) as client:
        page = client.get(f"/turnos/{made.number}?clave={made.key}")
        assert page.status_code == 200
        assert "ya no está entre las agencias" in page.text
        calendar = client.get(f"/turnos/{made.number}/turno.ics?clave={made.key}")
        assert calendar.status_code == 200
    assert remind_appointments(without) == 1
    assert cancel(without, made.number, made.key) is None
