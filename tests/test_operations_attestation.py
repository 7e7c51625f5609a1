"""Where no interface tells of receipts, the clerk attests them: recorded with who, shown as attested."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import delete, text

from operations.attestation import NONE_SEEN, AttestedReceipts, attest_receipts
from operations.demonstration_data import PASSWORD
from operations.house import House
from operations.regenerating import regenerate_case
from operations.verification import verify_archive, verify_audit
from operations.window import view_case
from storage.schema import ReceiptRow, SheetRow
from tests.operations_samples import Clock, accepted, codes, open_demo_house, received_and_read, state_of
from web.application import make_application

SEEN = AttestedReceipts(("123-AP",), ("123-FR",), "2026-10-000124", date(2026, 11, 23))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house whose register knows nothing of receipts, nor that the reserve-fund sheet was annulled."""
    house = open_demo_house(tmp_path, Clock())
    settings = dataclasses.replace(house.settings, attested_receipts=True)
    with house.database.transaction() as session:
        # The demonstration's register knows of receipts, and lets nobody delete them.
        session.execute(text("DROP TRIGGER receipts_no_delete"))
        session.execute(delete(ReceiptRow))
        fund = session.get_one(SheetRow, "2026-10-000124")
        fund.state, fund.annulled_at, fund.body = "generated", None, fund.body | {"state": "generated"}
    yield dataclasses.replace(house, settings=settings)
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def failed(house: House, number: str) -> list[str]:
    return [check["code"] for check in view_case(house, number, "prueba").checks if not check["passed"]]


def test_without_attestation_the_case_stops_and_with_it_goes_on(house: House) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "preconditions-failed"
    told = [found["code"] for check in view.checks for found in check["problems"]]
    assert "RECEIPTS_NOT_ATTESTED" in told
    assert attest_receipts(house, number, SEEN, "ventanilla") == ()
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "archived"
    attested = {check["code"] for check in view.checks if check["attested"]}
    assert "RECEIPT_NOT_ANNULLED" in attested
    assert "SHEET_UNKNOWN" not in attested
    event = next(row for row in view.events if "attested" in row.data.get("answers", {}))
    assert event.actor == event.data["answers"]["attested"]["by"] == "ventanilla"
    assert event.data["answers"]["attested"]["receipts"] == "123-AP"
    assert verify_archive(house)[1] == []
    assert verify_audit(house).first_broken is None


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (dataclasses.replace(SEEN, annulled_on=date(2026, 11, 22)), "ANNULLED_ON_ANOTHER_DAY"),
        (dataclasses.replace(SEEN, fund_sheet="2026-10-000999"), "RESERVE_FUND_SHEET_NOT_ANNULLED"),
        (dataclasses.replace(SEEN, fund_sheet=NONE_SEEN), "RESERVE_FUND_SHEET_NOT_ANNULLED"),
    ],
)
def test_what_was_seen_is_checked_as_everything_else(house: House, seen: AttestedReceipts, code: str) -> None:
    number = received_and_read(house)
    assert attest_receipts(house, number, seen, "ventanilla") == ()
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert code in failed(house, number)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("cancelled", "SHEET_PAID"),
        ("deposited", "SHEET_PAID"),
        ("generated", "RECEIPT_NOT_ANNULLED"),
    ],
)
def test_what_the_register_knows_nobodys_word_replaces(house: House, state: str, code: str) -> None:
    with house.database.transaction() as session:
        session.add(ReceiptRow(number="777-AP", sheet_number="2026-10-000123", state=state))
    number = received_and_read(house)
    assert attest_receipts(house, number, SEEN, "ventanilla") == ()
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "preconditions-failed"
    assert code in failed(house, number)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ({"receipts": ()}, "FIELD_MISSING"),
        ({"fund_sheet": ""}, "FIELD_MISSING"),
        ({"fund_receipts": ()}, "FIELD_MISSING"),
        ({"receipts": ("no", "sé")}, "RECEIPT_NUMBER_FORMAT"),
        ({"receipts": (NONE_SEEN, "123-AP")}, "RECEIPT_NUMBER_FORMAT"),
        ({"receipts": (" ",)}, "RECEIPT_NUMBER_FORMAT"),
        ({"fund_receipts": ("12",)}, "RECEIPT_NUMBER_FORMAT"),
        ({"fund_sheet": "anulada"}, "RECEIPT_NUMBER_FORMAT"),
    ],
)
def test_words_or_nothing_are_no_attestation(house: House, seen: dict[str, Any], code: str) -> None:
    number = received_and_read(house)
    answer = attest_receipts(house, number, dataclasses.replace(SEEN, **seen), "ventanilla")
    assert isinstance(answer, tuple)
    assert code in codes(answer)
    assert "attested" not in view_case(house, number, "prueba").case.answers


def test_that_no_receipts_were_issued_is_said_and_not_implied(house: House) -> None:
    number = received_and_read(house)
    seen = dataclasses.replace(SEEN, fund_receipts=(NONE_SEEN,))
    assert attest_receipts(house, number, seen, "ventanilla") == ()
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"


def test_only_what_rests_on_the_clerks_word_is_shown_as_attested(house: House) -> None:
    now = house.now()
    with house.database.transaction() as session:
        for name, sheet in (("777-AP", "2026-10-000123"), ("777-FR", "2026-10-000124")):
            session.add(ReceiptRow(number=name, sheet_number=sheet, state="annulled", annulled_at=now))
    number = received_and_read(house)
    assert attest_receipts(house, number, SEEN, "ventanilla") == ()
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    attested = {each["code"] for each in view_case(house, number, "prueba").checks if each["attested"]}
    assert attested == {"RESERVE_FUND_SHEET_NOT_ANNULLED", "ANNULLED_ON_ANOTHER_DAY"}


def test_the_window_takes_it(house: House) -> None:
    number = received_and_read(house)
    with TestClient(make_application(house)) as client:
        client.get("/acceso")
        post(client, "/acceso", usuario="ventanilla", clave=PASSWORD)
        path = f"/ventanilla/tramites/{number}"
        assert "vistos en la pantalla del empleador" in client.get(path).text
        bad = post(client, f"{path}/comprobantes", comprobantes="123-AP", anulados_el="ayer")
        assert bad.status_code == 422
        page = post(
            client,
            f"{path}/comprobantes",
            comprobantes="123-AP",
            comprobantes_fondos="123-FR",
            planilla_fondos="2026-10-000124",
            anulados_el="2026-11-23",
        ).text
        assert "anotados por ventanilla" in page
        assert accepted(house, number) == ()
        regenerate_case(house, number)
        assert state_of(house, number) == "archived"
        assert "atestiguado" in client.get(path).text


def post(client: TestClient[Any], path: str, **data: str) -> Any:
    return client.post(path, data=data | {"_csrf_token": client.cookies["csrftoken"]})
