"""The fields of a form on the screen: what they take, what was understood, and what room there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient

from forms.continuation import lines_on_sheets
from forms.layout import columns
from forms.register import find_form
from operations.demonstration_data import PASSWORD, RUC, request_values
from operations.drafts import find_draft
from operations.house import House
from operations.users import User, UserRole
from web.application import make_application

REQUEST = "/portal/formularios/employer-request"
AUTHORIZATION = "/portal/formularios/third-party-authorization"
NOVEDADES = "/portal/planillas/2026-10-000123/novedades"
EMPLOYER = User(f"{RUC}/0001", "Andina", UserRole.EMPLOYER, RUC, "0001")


@pytest.fixture
def client(house: House) -> TestClient[Any]:
    client = TestClient(make_application(house))
    client.get("/acceso")
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    client.post("/acceso", data={"ruc": RUC, "sucursal": "0001", "clave": PASSWORD})
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    return client


def field_of(page: str, name: str) -> str:
    """The tag of a field."""
    found = re.search(rf'<(?:input|textarea)\s[^>]*id="{name}"[^>]*>', page)
    assert found is not None, name
    return found[0]


@pytest.mark.parametrize(
    ("name", "written", "kept", "said"),
    [
        ("date", "05/11/2026", "2026-11-05", "5 de noviembre de 2026"),
        ("date", "28 de noviembre de 2026", "2026-11-28", "28 de noviembre de 2026"),
        ("period", "octubre 2026", "2026-10", "octubre de 2026"),
        ("period", "10/2026", "2026-10", "octubre de 2026"),
    ],
)
def test_a_day_or_month_as_people_write_it_is_taken_and_shown_back(
    client: TestClient[Any], house: House, name: str, written: str, kept: str, said: str
) -> None:
    values = dict(request_values(house)) | {name: written}
    checked = client.post(f"{REQUEST}/comprobar", data=values, headers={"hx-trigger-name": name})
    assert f"Se entiende: {said}" in checked.text
    assert f"Se entiende: {said}" in client.post(REQUEST, data=values | {"acto": "ver"}).text
    form = find_form("employer-request")
    assert form is not None
    draft = find_draft(house, EMPLOYER, form)
    assert draft is not None
    assert draft.values[name] == kept


@pytest.mark.parametrize("written", ["11/28/2026", "28/11/26", "31/02/2026", "mañana"])
def test_a_day_that_is_not_clear_is_refused_and_never_turned(
    client: TestClient[Any], house: House, written: str
) -> None:
    answer = client.post(REQUEST, data=dict(request_values(house)) | {"date": written})
    assert answer.status_code == 422
    assert "FIELD_FORMAT" in answer.text


def test_a_novedad_says_what_day_was_understood(client: TestClient[Any]) -> None:
    entered = {"type": "MSU", "id_number": "1710034065", "effective": "11/10/2026", "wage": "900"}
    checked = client.post(f"{NOVEDADES}/comprobar", data=entered).text
    assert "Se entiende: 11 de octubre de 2026" in checked
    assert re.search(r"US\$ <span class=\"mono\">\d{1,3},\d\d</span>", checked), "amounts as on the papers"
    wrong = client.post(f"{NOVEDADES}/comprobar", data=entered | {"effective": "10/25/2026"}).text
    assert "FIELD_FORMAT" in wrong
    sentence = re.search(r"El dato «Fecha del hecho»[^<]*", wrong)
    assert sentence is not None
    assert sentence[0].count(":") == 1


def test_the_room_that_is_told_is_the_room_there_is(client: TestClient[Any], house: House) -> None:
    form = find_form("employer-request")
    assert form is not None
    box = form.current.field("address")
    told = lines_on_sheets(form.current, box)
    assert told == (2, columns(box))
    page = client.get(REQUEST).text
    assert f"Caben 2 líneas de {told[1]} letras" in page
    assert f"Hasta {2 * told[1]} caracteres" not in page


def test_a_petition_of_as_many_lines_as_are_told_is_issued_and_one_more_is_not(
    client: TestClient[Any], house: House
) -> None:
    form = find_form("employer-request")
    assert form is not None
    told = lines_on_sheets(form.current, form.current.field("petition"))
    assert told is not None
    full = " ".join(["x" * told[1]] * told[0])
    values = dict(request_values(house))
    assert client.post(REQUEST, data=values | {"petition": f"{full} y"}).status_code == 422
    assert client.post(REQUEST, data=values | {"petition": full}).url.path == "/portal"


def test_each_error_of_an_empty_form_is_told_once(client: TestClient[Any]) -> None:
    page = client.post(AUTHORIZATION, data={"place": ""}).text
    sentences = re.findall(r"El dato «[^»]+»[^<]*|Falta [^<]*", page)
    assert page.count("FIELD_MISSING") > 5
    assert len(sentences) == page.count("FIELD_MISSING")
    assert '<a href="#authorized_name">Persona autorizada: Nombres y apellidos</a>' in page


def test_the_parts_of_a_form_have_their_headings(client: TestClient[Any]) -> None:
    page = client.get(AUTHORIZATION).text
    grantor = page.split("<legend>Titular que autoriza</legend>")[1].split("</fieldset>")[0]
    assert 'id="grantor_name"' in grantor
    assert 'id="authorized_name"' not in grantor
    authorized = page.split("<legend>Persona autorizada</legend>")[1].split("</fieldset>")[0]
    assert 'id="authorized_id"' in authorized


def test_a_telephone_offers_the_keys_that_a_field_takes(client: TestClient[Any]) -> None:
    page = client.get(REQUEST).text
    assert 'type="email"' in field_of(page, "email")
    assert 'type="tel"' in field_of(page, "phone")
    assert "readonly" in field_of(page, "ruc")
    assert 'inputmode="numeric"' in field_of(page, "ruc")
