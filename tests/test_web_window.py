"""The clerk's pages where a case stops: the three steps, a supervisor's exception, what was missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from operations.closing import refuse
from operations.demonstration_data import PASSWORD
from operations.house import House
from operations.regenerating import regenerate_case
from operations.returning import send_back
from operations.window import view_case
from tests.operations_samples import (
    Clock,
    accepted,
    issue_request,
    received_and_read,
    state_of,
)
from web.application import make_application


@pytest.fixture
def client(house: House) -> Iterator[TestClient[Any]]:
    with TestClient(make_application(house)) as client:
        yield client


def enter(client: TestClient[Any], name: str) -> None:
    client.get("/acceso")
    sent = post(client, "/acceso", usuario=name, clave=PASSWORD)
    assert sent.status_code == 200, sent.text


def post(client: TestClient[Any], path: str, **data: str) -> Any:
    return client.post(path, data=data | {"_csrf_token": client.cookies["csrftoken"]})


@pytest.fixture
def stopped(house: House, clock: Clock) -> str:
    """A case whose annulments were of the day before."""
    clock.pass_time(days=1)
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    return number


def test_a_clerk_sees_the_steps_and_may_not_admit(
    client: TestClient[Any], house: House, stopped: str
) -> None:
    enter(client, "ventanilla")
    page = client.get(f"/ventanilla/tramites/{stopped}").text
    assert "El orden que pide el trámite" in page
    assert "debe ser el día de la solicitud, 24 de noviembre de 2026" in page
    assert "Supervisión puede admitir" in page
    assert "Admitir y volver a comprobar" not in page
    refused = post(client, f"/ventanilla/tramites/{stopped}/decision", acto="admitir", motivo="Porque sí")
    assert refused.status_code == 403
    assert state_of(house, stopped) == "preconditions-failed"


def test_a_supervisor_admits_with_a_reason_that_stays(
    client: TestClient[Any], house: House, stopped: str
) -> None:
    enter(client, "supervision")
    path = f"/ventanilla/tramites/{stopped}"
    assert "Admitir y volver a comprobar" in client.get(path).text
    silent = post(client, f"{path}/decision", acto="admitir", motivo="  ")
    assert silent.status_code == 422
    assert "Por favor escriba el motivo, que queda en la historia" in silent.text
    assert post(client, f"{path}/decision", acto="admitir", motivo="Memorando 12").status_code == 200
    regenerate_case(house, stopped)
    page = client.get(path).text
    assert "Archivado" in page
    assert "Memorando 12" in page
    assert "El orden que pide el trámite" not in page
    events = [row for row in view_case(house, stopped, "prueba").events if "reason" in row.data]
    assert [(row.actor, row.data["reason"]) for row in events] == [("supervision", "Memorando 12")]


def test_the_archivist_files_a_refused_case_away(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    assert refuse(house, number, "No corresponde.", "ventanilla") is None
    enter(client, "supervision")
    assert "Archivar el expediente" not in client.get(f"/archivo/tramites/{number}").text
    assert post(client, f"/archivo/tramites/{number}/archivar").status_code == 403
    enter(client, "archivo")
    assert "Archivar el expediente" in client.get(f"/archivo/tramites/{number}").text
    assert post(client, f"/archivo/tramites/{number}/archivar").status_code == 200
    assert state_of(house, number) == "archived"
    assert post(client, f"/archivo/tramites/{number}/archivar").status_code == 400


def test_what_was_missing_is_received_at_the_window(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house, ("otra cosa.pdf", b"%PDF-1.7\nx"))
    send_back(house, number, "Falta la solicitud.", "ventanilla")
    enter(client, "ventanilla")
    assert "Recibir lo que faltaba" in client.get(f"/ventanilla/tramites/{number}").text
    sent = client.post(
        f"/ventanilla/tramites/{number}/recepciones",
        data={"_csrf_token": client.cookies["csrftoken"]},
        files={"archivos": ("solicitud.pdf", issue_request(house).pdf, "application/pdf")},
    )
    assert sent.status_code == 200
    names = [row.name for row in view_case(house, number, "prueba").documents if row.kind == "original"]
    assert names == ["01 otra cosa.pdf", "02 solicitud.pdf"]
