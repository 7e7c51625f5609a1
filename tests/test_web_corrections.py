"""What the clerk types stays: values are corrected all through the review, and no problem takes them away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from forms.problems import Severity
from operations.casework import Refusal
from operations.demonstration_data import PASSWORD
from operations.house import House
from operations.regenerating import regenerate_case
from operations.review import REQUEST
from operations.window import accept, view_case
from tests.operations_samples import (
    IN_ORDER,
    Clock,
    accepted,
    received_and_read,
    settle_doubts,
    state_of,
    values_of,
)
from web.application import make_application


@pytest.fixture
def client(house: House) -> Iterator[TestClient[Any]]:
    with TestClient(make_application(house)) as client:
        yield client


def enter(client: TestClient[Any], name: str, back: str = "") -> Any:
    client.get("/acceso")
    return post(client, "/acceso", usuario=name, clave=PASSWORD, volver=back)


def post(client: TestClient[Any], path: str, **data: str) -> Any:
    return client.post(path, data=data | {"_csrf_token": client.cookies["csrftoken"]})


def act(client: TestClient[Any], number: str, place: str, values: dict[str, str]) -> Any:
    data = values | {"_csrf_token": client.cookies["csrftoken"]}
    return client.post(f"/ventanilla/tramites/{number}/{place}", data=data)


def field_of(page: str, name: str) -> str:
    """The element of a page that has this name, with what it holds."""
    found = re.search(
        rf'<(select|textarea|input)\b[^>]*name="{re.escape(name)}".*?(?=<(?:button|/details|input|label))',
        page,
        re.S,
    )
    assert found is not None, f"nothing on the page is called {name}"
    return found.group(0)


# Correcting


def test_a_value_that_was_read_or_confirmed_is_corrected_while_in_review(
    client: TestClient[Any], house: House
) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    enter(client, "ventanilla")
    page = client.get(f"/ventanilla/tramites/{number}").text
    options = field_of(page, f"{REQUEST}.sheet_type")
    assert options.startswith("<select")
    assert "Fondos de reserva" in options
    sent = act(
        client, number, "datos", {f"{REQUEST}.phone": "02 222 2222", f"{REQUEST}.sheet_type": "reserve-fund"}
    )
    assert sent.status_code == 200
    assert values_of(house, number)["phone"] == "02 222 2222"
    assert values_of(house, number)["sheet_type"] == "reserve-fund"
    table = sent.text.split("Distinto de lo sellado")[1].split("</table>")[0]
    assert "Fondos de reserva" in table
    assert "reserve-fund" not in table, "what people see is the label"


def test_what_nobody_touched_is_not_recorded_as_a_correction(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    enter(client, "ventanilla")
    before = len(view_case(house, number, "prueba").events)
    everything = {f"{REQUEST}.{name}": value for name, value in values_of(house, number).items()}
    assert act(client, number, "datos", everything).status_code == 200
    assert len(view_case(house, number, "prueba").events) == before
    act(client, number, "datos", everything | {f"{REQUEST}.phone": "02 222 2222"})
    last = view_case(house, number, "prueba").events[-1]
    assert last.data["answers"] == {REQUEST: {"phone": "02 222 2222"}}


def test_the_supervisor_chooses_by_label_and_is_told_what_follows(
    client: TestClient[Any], house: House, clock: Clock
) -> None:
    clock.pass_time(days=1)
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "preconditions-failed"
    enter(client, "ventanilla")
    assert "Motivo de la corrección" not in client.get(f"/ventanilla/tramites/{number}").text
    enter(client, "supervision")
    page = client.get(f"/ventanilla/tramites/{number}").text
    assert ">Aportes<" in field_of(page, f"{REQUEST}.sheet_type").replace("selected", "").replace(" >", ">")
    assert "vuelve a revisión" in page
    assert "La planilla no cambia por esto" not in page
    silent = act(client, number, "datos", {f"{REQUEST}.phone": "02 222 2222"})
    assert silent.status_code == 422
    assert 'value="02 222 2222"' in field_of(silent.text, f"{REQUEST}.phone"), "typed, and still there"
    sent = act(client, number, "datos", {f"{REQUEST}.phone": "02 222 2222", "motivo": "Se leyó mal"})
    assert sent.status_code == 200
    assert state_of(house, number) == "in-review"


# What was typed


def test_a_wrong_value_stays_with_its_problem_beside_it(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    enter(client, "ventanilla")
    sent = act(client, number, "datos", {f"{REQUEST}.email": "sin arroba", f"{REQUEST}.phone": "02 222 2222"})
    assert sent.status_code == 422
    email = field_of(sent.text, f"{REQUEST}.email")
    assert 'value="sin arroba"' in email
    assert "aria-invalid" in email
    assert "no es una dirección de correo" in email
    assert 'value="02 222 2222"' in field_of(sent.text, f"{REQUEST}.phone")
    assert values_of(house, number)["phone"] != "02 222 2222", "one wrong value and nothing is recorded"


def test_a_reason_with_the_quotes_of_a_word_processor_is_printed(
    client: TestClient[Any], house: House
) -> None:
    number = received_and_read(house)
    enter(client, "ventanilla")
    act(client, number, "decision", {"acto": "devolver", "motivo": "Falta la firma “de puño y letra” – ver"})
    assert state_of(house, number) == "returned"
    reason = view_case(house, number, "prueba").events[-1].data["reason"]
    assert reason == 'Falta la firma "de puño y letra" - ver'


def test_a_reason_that_cannot_be_printed_stays(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    enter(client, "ventanilla")
    given = {"acto": "devolver", "motivo": "Falta la firma ☎ del señor Ñ", "falta_missing_page": "si"}
    sent = act(client, number, "decision", given)
    assert sent.status_code == 422
    assert "Falta la firma ☎ del señor Ñ</textarea>" in sent.text
    assert re.search(r'name="falta_missing_page" value="si" checked', sent.text)
    assert 'id="otra-decision" open' in sent.text


def test_what_was_ticked_and_attested_stays(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    enter(client, "ventanilla")
    sent = act(
        client, number, "decision", {"acto": "aceptar", "otra_persona": "0100000017", "identity": "si"}
    )
    assert sent.status_code == 422
    assert 'value="0100000017"' in field_of(sent.text, "otra_persona")
    assert re.search(r'name="identity" value="si" data-tecla="1" checked', sent.text)


# A session that is over


def test_after_signing_in_again_people_are_on_the_page_of_the_form(
    client: TestClient[Any], house: House
) -> None:
    number = received_and_read(house)
    enter(client, "ventanilla")
    client.cookies.delete("ventanilla_sesion")
    page = f"/ventanilla/tramites/{number}"
    for came in (page, f"{page}/datos"):
        token = client.cookies["csrftoken"]
        asked = client.post(
            f"{page}/decision",
            data={"acto": "devolver", "motivo": "Falta", "_csrf_token": token},
            headers={"referer": f"{client.base_url}{came}"},
        )
        assert asked.url.path == "/acceso"
        back = asked.url.params["volver"]
        assert back == came
        landed = enter(client, "ventanilla", back)
        assert (landed.status_code, landed.url.path) == (200, page)
        client.cookies.delete("ventanilla_sesion")


def test_the_query_of_a_page_survives_signing_in(client: TestClient[Any], house: House) -> None:
    asked = client.get("/archivo?q=andina+%26+cía&desde=2026-01-01")
    back = asked.url.params["volver"]
    assert back == "/archivo?q=andina+%26+c%C3%ADa&desde=2026-01-01"
    assert str(enter(client, "archivo", back).url).endswith(back)


def test_no_page_of_another_place_is_come_back_to(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    client.get("/acceso")
    token = client.cookies["csrftoken"]
    asked = client.post(
        f"/ventanilla/tramites/{number}/decision",
        data={"_csrf_token": token},
        headers={"referer": "https://otra.example/robo"},
    )
    assert asked.url.params["volver"] == "/"
    assert enter(client, "ventanilla", "/").url.path == "/ventanilla"


# A RUC whose check digit does not fit

UNFIT = "1712345676001"


def test_a_ruc_whose_check_digit_does_not_fit_is_admitted_for_a_reason(
    client: TestClient[Any], house: House
) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    enter(client, "ventanilla")
    ruc = {f"{REQUEST}.ruc": UNFIT}
    refused = act(client, number, "datos", ruc | {"motivo": "Se leyó mal"})
    assert refused.status_code == 422, "a reason alone admits nothing"
    assert "Lo comparé con el certificado" in refused.text
    assert act(client, number, "datos", ruc | {"admitir": "RUC_CHECK_DIGIT"}).status_code == 422
    assert values_of(house, number)["ruc"] != UNFIT
    told = ruc | {"admitir": "RUC_CHECK_DIGIT", "motivo": "Así está en el certificado"}
    assert act(client, number, "datos", told).status_code == 200
    assert values_of(house, number)["ruc"] == UNFIT
    last = view_case(house, number, "prueba").events[-1]
    assert last.data["reason"] == "Así está en el certificado"
    assert last.data["admitted"] == {REQUEST: {"ruc": "RUC_CHECK_DIGIT"}}
    answer = accept(house, number, IN_ORDER, "ventanilla")
    assert not isinstance(answer, Refusal)
    assert ("RUC_CHECK_DIGIT", Severity.ERROR) not in {(each.code, each.severity) for each in answer}
    assert "RUC_UNKNOWN" in {each.code for each in answer}, "the register is asked all the same"


def test_another_fault_is_not_admitted(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    enter(client, "ventanilla")
    wrong = {f"{REQUEST}.ruc": "123", "admitir": "RUC_FORMAT", "motivo": "Porque sí"}
    assert act(client, number, "datos", wrong).status_code == 422
