"""What an employer is told before an annulment: it counts only on the day of the request at the window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from litestar.testing import TestClient

from operations.appointment_views import Appointment, Slot
from operations.appointments import book
from operations.demonstration_data import PASSWORD, PUBLIC_RUC
from operations.house import House
from operations.proposals import representatives_of
from operations.users import User, UserRole
from operations.visitors import Visitor
from storage.schema import EmployerRow, ReceiptRow
from tests.operations_samples import Clock
from web.application import make_application

PUBLIC = User(f"{PUBLIC_RUC}/0001", "Agua", UserRole.EMPLOYER, PUBLIC_RUC, "0001")
SHEET = "/portal/planillas/2026-10-000223"
RECEIPT = f"{SHEET}/comprobantes/223-AP/anular"
SATURDAY = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)


def enter(house: House) -> tuple[TestClient[Any], dict[str, str]]:
    client = TestClient(make_application(house))
    client.get("/acceso")
    token = {"x-csrftoken": client.cookies["csrftoken"]}
    client.post("/acceso", data={"ruc": PUBLIC_RUC, "sucursal": "0001", "clave": PASSWORD}, headers=token)
    return client, {"x-csrftoken": client.cookies["csrftoken"]}


def state_of(house: House, receipt: str = "223-AP") -> str:
    with house.database.reading() as session:
        return session.get_one(ReceiptRow, receipt).state


def book_for(house: House, person: str, address: str) -> Appointment:
    """A turn at the next day that anybody can book."""
    agency = house.agencies.all[0]
    day = house.agencies.bookable_days(agency, house.today())[0]
    booked = book(
        house,
        Visitor(person, address, "099 123 4567"),
        Slot(agency.id, agency.procedures[0], day, agency.hours[0]),
    )
    assert isinstance(booked, Appointment), booked
    return booked


def test_without_a_turn_nothing_is_annulled_unless_one_says_so(house: House, clock: Clock) -> None:
    clock.now = SATURDAY
    client, token = enter(house)
    page = client.get(SHEET).text
    assert "todas hoy" not in page
    assert "valen solo si son del mismo día en que presenta la solicitud" in page
    assert "Hoy es sábado 28 de noviembre de 2026" in page
    assert "No consta un turno" in page
    assert "Hoy la ventanilla no atiende" in page
    refused = client.post(RECEIPT, headers=token)
    assert refused.status_code == 409
    assert "ANNULMENT_DAY_UNCONFIRMED" in refused.text
    assert state_of(house) == "generated", "nothing was done without the word"
    assert client.post(RECEIPT, data={"otro-dia": "si"}, headers=token).url.path == SHEET
    assert state_of(house) == "annulled"


@pytest.mark.parametrize("whose", ["representative", "employer's address"])
def test_a_turn_that_is_known_says_the_day_and_on_it_nothing_more_is_asked(
    house: House, clock: Clock, whose: str
) -> None:
    signer = representatives_of(house, PUBLIC)[0]
    with house.database.reading() as session:
        address = session.get_one(EmployerRow, PUBLIC_RUC).email
    person, mail = (signer.id_number, "otro@correo.example")
    if whose != "representative":
        person, mail = "0100000017", address.upper()
    turn = book_for(house, person, mail)
    client, token = enter(house)
    page = client.get(SHEET).text
    assert "Su turno es el <strong>martes 24 de noviembre de 2026</strong>" in page
    assert "anulo hoy aunque mi turno no es hoy" in page
    assert client.post(RECEIPT, headers=token).status_code == 409
    clock.pass_time(days=(turn.slot.day - house.today()).days)
    client, token = enter(house)
    page = client.get(SHEET).text
    assert "Su turno es <strong>hoy, martes 24 de noviembre de 2026</strong>" in page
    assert "otro-dia" not in page
    assert client.post(RECEIPT, headers=token).url.path == SHEET
    assert state_of(house) == "annulled"


def test_anothers_turn_is_not_told(house: House) -> None:
    book_for(house, "0100000017", "rosa@correo.example")
    client, _ = enter(house)
    assert "No consta un turno" in client.get(SHEET).text


def test_the_day_of_the_annulments_is_not_ticked_before_there_are_any(house: House) -> None:
    client, token = enter(house)
    page = client.get(SHEET).text
    line = page.split("Las anulaciones son del día de la solicitud")[0].rpartition('<div class="check')[2]
    assert "✓" not in line
    for act in ("comprobantes/223-AP", "comprobantes/223-FR", "fondos/2026-10-000224"):
        client.post(f"{SHEET}/{act}/anular", data={"otro-dia": "si"}, headers=token)
    page = client.get(SHEET).text
    line = page.split("Las anulaciones son del día de la solicitud")[0].rpartition('<div class="check')[2]
    assert "✓" in line
