"""Before a paper is sealed: what differs from the register, and a request that there is already."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from forms.register import find_form
from operations.demonstration_data import BUSINESS_NAME, PASSWORD, REPRESENTATIVE, RUC, request_values
from operations.drafts import find_draft
from operations.house import House
from operations.users import User, UserRole
from storage.schema import IssuedRow, SheetRow
from tests.operations_samples import accepted, issue_request, received_and_read
from web.application import make_application

REQUEST = "/portal/formularios/employer-request"
EMPLOYER = User(f"{RUC}/0001", "Andina", UserRole.EMPLOYER, RUC, "0001")
SHEET = "2026-10-000123"
LONG = "Solicito que se regenere la planilla porque faltó una novedad. " * 30


@pytest.fixture
def client(house: House) -> TestClient[Any]:
    client = TestClient(make_application(house))
    client.get("/acceso")
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    client.post("/acceso", data={"ruc": RUC, "sucursal": "0001", "clave": PASSWORD})
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    return client


def issued(house: House) -> list[IssuedRow]:
    with house.database.reading() as session:
        query = select(IssuedRow).where(IssuedRow.form.in_(["employer-request", "request-continuation"]))
        return list(session.scalars(query.order_by(IssuedRow.form)))


def seen(page: str) -> dict[str, str]:
    """The word of somebody who saw what the page tells."""
    tag = re.search(r'name="aun-asi" value="([0-9a-f]+)"', page)
    assert tag is not None, page
    return {"aun-asi": tag[1]}


@pytest.mark.parametrize(
    ("changes", "code", "registered"),
    [
        ({"business_name": "OTRA EMPRESA S.A."}, "BUSINESS_NAME_MISMATCH", BUSINESS_NAME),
        ({"representative_name": "PEREZ LOPEZ JUAN"}, "REPRESENTATIVE_MISMATCH", REPRESENTATIVE[1]),
        ({"representative_id": "0100000017"}, "REPRESENTATIVE_MISMATCH", REPRESENTATIVE[0]),
    ],
)
def test_what_the_window_will_refuse_is_told_before_it_is_sealed(
    client: TestClient[Any], house: House, changes: dict[str, str], code: str, registered: str
) -> None:
    values = dict(request_values(house)) | changes
    looked = client.post(REQUEST, data=values | {"acto": "ver"})
    assert code in looked.text
    told = client.post(REQUEST, data=values)
    assert told.status_code == 422
    assert code in told.text
    assert registered in told.text
    assert issued(house) == [], "nothing was sealed"
    taken = client.post(REQUEST, data=values | {"acto": "tomar-0"})
    assert "antes-de-emitir" not in taken.text
    form = find_form("employer-request")
    assert form is not None
    draft = find_draft(house, EMPLOYER, form)
    assert draft is not None
    assert draft.values == dict(request_values(house)), "the register's value was taken, nothing else"
    assert issued(house) == [], "taking it seals nothing"


def test_who_says_so_goes_on_and_nothing_is_changed(client: TestClient[Any], house: House) -> None:
    values = dict(request_values(house)) | {"business_name": "OTRA EMPRESA S.A."}
    word = seen(client.post(REQUEST, data=values).text)
    other = client.post(REQUEST, data=values | word | {"business_name": "UNA TERCERA S.A."})
    assert other.status_code == 422, "the word was for what was seen"
    assert client.post(REQUEST, data=values | word).url.path == "/portal"
    (row,) = issued(house)
    assert row.field_values["business_name"] == "OTRA EMPRESA S.A."


def test_the_same_spelled_otherwise_asks_nothing(client: TestClient[Any], house: House) -> None:
    values = dict(request_values(house)) | {"business_name": f" {BUSINESS_NAME.lower()}"}
    assert client.post(REQUEST, data=values).url.path == "/portal"


def test_a_second_request_for_the_same_sheet_is_asked_for(client: TestClient[Any], house: House) -> None:
    values = dict(request_values(house)) | {"petition": LONG}
    assert client.post(REQUEST, data=values).url.path == "/portal"
    second, first = issued(house)[1], issued(house)[0]
    assert (first.form, second.form) == ("employer-request", "request-continuation")
    again = client.post(REQUEST, data=values)
    assert again.status_code == 422
    assert "REQUEST_ALREADY_ISSUED" in again.text
    assert f"/portal/documentos/{first.document}.pdf" in again.text
    assert len(issued(house)) == 2
    page = client.get("/portal").text
    row = page.split(f'id="papel-{first.document}"')[1].split("</tr>")[0]
    assert SHEET in row
    assert second.document in row
    assert first.document in page.split(f'id="papel-{second.document}"')[1].split("</tr>")[0]
    refused = client.post(f"/portal/documentos/{second.document}/revocar")
    assert refused.status_code == 409, "the continuation goes with its request"
    assert client.post(f"/portal/documentos/{first.document}/revocar").url.path == "/portal"
    assert {row.state for row in issued(house)} == {"revoked"}
    assert client.post(REQUEST, data=values).url.path == "/portal", "there is none any more"


def test_a_request_that_was_voided_is_not_accepted(client: TestClient[Any], house: House) -> None:
    request = issue_request(house)
    case = received_and_read(house, ("solicitud.pdf", request.pdf))
    assert client.post(f"/portal/documentos/{request.document}/revocar").url.path == "/portal"
    assert "REQUEST_WITHDRAWN" in accepted(house, case)


def test_a_request_for_a_replaced_sheet_is_not_called_valid(client: TestClient[Any], house: House) -> None:
    request = issue_request(house, sheet_number=SHEET)
    row = client.get("/portal").text.split(f'id="papel-{request.document}"')[1].split("</tr>")[0]
    assert "vigente" in row
    with house.database.transaction() as session:
        session.get_one(SheetRow, SHEET).state = "replaced"
    row = client.get("/portal").text.split(f'id="papel-{request.document}"')[1].split("</tr>")[0]
    assert "vigente" not in row
    assert "la planilla ya fue reemplazada" in row
