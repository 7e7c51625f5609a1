"""The file of many novedades: the example is accepted as it is, and faults are told by their lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from litestar.testing import TestClient

from operations.branch_sheets import list_branch_sheets
from operations.demonstration_data import FOREIGN_RUC, PASSWORD, PUBLIC_RUC, RUC
from operations.house import House
from operations.users import User, UserRole
from regeneration.months import Month
from regeneration.novedad_entries import example_day
from tests.operations_samples import Clock
from tests.page_forms import file_form_of
from web.application import make_application

OCTOBER = Month(2026, 10)


def upload(client: TestClient[Any], sheet: str, content: bytes) -> Any:
    form = file_form_of(client.get(f"/portal/planillas/{sheet}/novedades").text)
    files = {form.chooser: ("novedades.csv", content)}
    return client.post(form.action, data=form.texts, files=files, follow_redirects=False)


def client_of(house: House, ruc: str) -> TestClient[Any]:
    client = TestClient(make_application(house))
    client.get("/acceso")
    data = {"ruc": ruc, "sucursal": "0001", "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
    assert client.post("/acceso", data=data, follow_redirects=False).status_code == 303
    return client


def sheet_of(house: House, ruc: str) -> str:
    user = User(f"{ruc}/0001", "Empleador", UserRole.EMPLOYER, ruc, "0001")
    return list_branch_sheets(house, user)[0].sheet.number


@pytest.mark.parametrize("days", [0, 7, 11])
@pytest.mark.parametrize("ruc", [RUC, PUBLIC_RUC, FOREIGN_RUC])
def test_the_example_is_accepted_as_it_is(house: House, clock: Clock, ruc: str, days: int) -> None:
    clock.pass_time(days=days)
    sheet = sheet_of(house, ruc)
    with client_of(house, ruc) as client:
        example = client.get(f"/portal/planillas/{sheet}/novedades.csv").content
        answer = upload(client, sheet, example)
        assert answer.status_code == 303, answer.text
        assert "TIPÁN LEMA JUAN CARLOS" in client.get(f"/portal/planillas/{sheet}").text


def test_an_example_is_never_of_a_day_to_come() -> None:
    assert example_day(OCTOBER, date(2026, 10, 5)) == date(2026, 10, 5)
    assert example_day(OCTOBER, date(2026, 11, 30)) == date(2026, 10, 20)
    assert example_day(OCTOBER, date(2026, 9, 30)) == date(2026, 10, 1)


def test_every_fault_of_a_novedad_tells_its_line(house: House) -> None:
    sheet = sheet_of(house, PUBLIC_RUC)
    content = (
        "tipo;cedula;fecha;sueldo\n"
        "MSU;0960000016;20/10/2026;600,00\n"
        "\n"
        "MSU;2400000010;1/9/2026;700,00\n"
        "MSU;1710034065;20/10/2026;800,00\n"
        "MSU;1710034065;20/10/2026;800,00\n"
    )
    with client_of(house, PUBLIC_RUC) as client:
        twice = upload(client, sheet, content.encode())
        late = upload(client, sheet, content.rsplit("MSU", 1)[0].encode())
    assert (twice.status_code, late.status_code) == (422, 422)
    assert "<li>Líneas 5, 6: La novedad aviso de nuevo sueldo" in twice.text
    assert "<li>Línea 4: La novedad aviso de nuevo sueldo" in late.text
    assert "Línea 2:" not in late.text + twice.text


def test_every_fault_of_a_batch_tells_its_line(house: House) -> None:
    sheet = sheet_of(house, PUBLIC_RUC)
    content = (
        f"{PUBLIC_RUC};0001;2026;10;MSU;0960000016;600.00\n{PUBLIC_RUC};0001;2026;10;MSU;2400000010;700.00\n"
    )
    with client_of(house, PUBLIC_RUC) as client:
        answer = upload(client, sheet, content.encode())
    assert answer.status_code == 422
    assert "<li>Línea 1: La novedad aviso de nuevo sueldo" in answer.text
    assert "<li>Línea 2: La novedad aviso de nuevo sueldo" in answer.text
