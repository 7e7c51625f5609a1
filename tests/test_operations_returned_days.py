"""A request that is completed within its term is still the one that was made, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from forms.checks import check_values, is_email
from forms.register import find_form
from operations.demonstration_data import PASSWORD, request_values
from operations.house import House
from operations.reading import read_case
from operations.reception import HandedIn, Received, receive_again
from operations.regenerating import regenerate_case
from operations.returning import send_back
from operations.window import view_case
from storage.mail_tables import MailRow
from tests.operations_samples import Clock, accepted, hand_in, received_and_read, state_of
from web.application import make_application

MORE = HandedIn("anexo.pdf", [b"%PDF-1.7\nanexo"])


def come_back(house: House, number: str) -> None:
    assert isinstance(receive_again(house, number, [MORE], "ventanilla"), Received)
    read_case(house, number)
    assert accepted(house, number) == ()
    regenerate_case(house, number)


def test_what_was_annulled_on_the_first_day_counts_when_the_case_comes_back_in_its_term(
    house: House, clock: Clock
) -> None:
    number = received_and_read(house)
    assert send_back(house, number, "Falta la firma.", "ventanilla") == ()
    clock.pass_time(days=3)
    come_back(house, number)
    assert state_of(house, number) == "archived"


def test_after_the_term_it_begins_anew(house: House, clock: Clock) -> None:
    number = received_and_read(house)
    assert send_back(house, number, "Falta la firma.", "ventanilla") == ()
    clock.pass_time(days=20)
    come_back(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "preconditions-failed"
    failed = [check for check in view.checks if not check["passed"]]
    assert [check["code"] for check in failed] == ["ANNULLED_ON_ANOTHER_DAY"]
    for told in failed[0]["problems"]:
        assert "no se puede anular otra vez" in told["message"]
        assert "supervisora" in told["message"]


def test_neither_notice_nor_mail_asks_for_what_cannot_be_done(house: House) -> None:
    number = received_and_read(house)
    assert send_back(house, number, "Falta la firma.", "ventanilla") == ()
    with house.database.reading() as session:
        mail = session.scalars(select(MailRow).where(MailRow.occasion.startswith(f"case/{number}"))).one()
    assert "siguen valiendo" in "\n".join(mail.body["paragraphs"])
    notice = find_form("return-notice")
    assert notice is not None
    printed = " ".join(str(each) for each in notice.current.furniture)
    assert "siguen valiendo" in printed
    assert "anúlelas entonces y no antes" not in printed


# Mail


@pytest.mark.parametrize("address", ["juan,perez@x.com", "a;b@x.com", "josé@x.com", "a@b@x.com", "<a@x.com>"])
def test_what_the_form_takes_the_mailer_sends(house: House, address: str) -> None:
    form = find_form("employer-request")
    assert form is not None
    found = check_values(form.current, request_values(house) | {"email": address})
    assert [each.field for each in found] == ["email"]
    assert not is_email(address)


def test_without_an_address_the_page_says_that_the_notice_is_handed_over(house: House) -> None:
    number = hand_in(house, ("otra cosa.pdf", b"%PDF-1.7\nx"))
    read_case(house, number)
    with TestClient(make_application(house)) as client:
        enter(client)
        page = client.get(f"/ventanilla/tramites/{number}").text
        assert "No consta un correo al que enviarla: imprímala y entréguela" in page
        assert send_back(house, number, "Falta la solicitud.", "ventanilla") == ()
        page = client.get(f"/ventanilla/tramites/{number}").text
        assert "no se envió por correo" in page
        told = received_and_read(house)
        assert "se envía a contabilidad@" in client.get(f"/ventanilla/tramites/{told}").text
        assert send_back(house, told, "Falta la firma.", "ventanilla") == ()
        assert "no se envió por correo" not in client.get(f"/ventanilla/tramites/{told}").text


def enter(client: TestClient[Any]) -> None:
    client.get("/acceso")
    data = {"usuario": "ventanilla", "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
    assert client.post("/acceso", data=data).status_code == 200
