"""Who prepares papers for an employer in its representative's name: what they may, for whom, until when."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from cli.main import program
from operations.demonstration_data import BUSINESS_NAME, FOREIGN_RUC, PASSWORD, PUBLIC_RUC, RUC
from operations.house import House
from operations.sessions import issue_token
from operations.users import UserError, UserRole, add_user, authorize_delegate
from storage.schema import AuditEventRow, EmployerRow, IssuedRow, ReceiptRow
from tests.operations_samples import issue_request, request_values
from tests.register_fixtures import Behave
from web.application import make_application

NAME, EMPLOYER = "contadora", f"{RUC}/0001"
OTHER = f"{PUBLIC_RUC}/0001"
SHEET = "/portal/planillas/2026-10-000123"
REQUEST = "/portal/formularios/employer-request"


@pytest.fixture
def application(house: House) -> Litestar:
    add_user(house, NAME, "Lucía Andrade", UserRole.DELEGATE, PASSWORD, ruc=RUC, branch="0001")
    return make_application(house)


def enter(application: Litestar, name: str) -> tuple[TestClient[Any], dict[str, str]]:
    client = TestClient(application)
    client.get("/acceso")
    token = {"x-csrftoken": client.cookies["csrftoken"]}
    entered = client.post("/acceso", data={"usuario": name, "clave": PASSWORD}, headers=token)
    assert entered.url.path == "/portal", entered.text
    return client, {"x-csrftoken": client.cookies["csrftoken"]}


def trail(house: House, action: str) -> list[AuditEventRow]:
    with house.database.reading() as session:
        query = select(AuditEventRow).where(AuditEventRow.action == action).order_by(AuditEventRow.sequence)
        return list(session.scalars(query))


def test_a_delegate_prepares_what_the_representative_signs_and_the_trail_says_for_whom(
    application: Litestar, house: House
) -> None:
    client, token = enter(application, NAME)
    assert "2026-10-000123" in client.get("/portal").text
    novedad = {"type": "MSU", "id_number": "1710034065", "effective": "2026-10-15", "wage": "900.00"}
    assert client.post(f"{SHEET}/novedades", data=novedad, headers=token).url.path == SHEET
    issued = client.post(REQUEST, data=dict(request_values(house)), headers=token)
    assert issued.url.path == "/portal", issued.text
    assert "de puño y letra" in issued.text
    with house.database.reading() as session:
        row = session.scalars(select(IssuedRow).where(IssuedRow.issued_by == NAME)).one()
    assert (row.ruc, row.branch) == (RUC, "0001")
    assert client.get(f"/portal/documentos/{row.document}.pdf").content.startswith(b"%PDF")
    for action in ("novedad.register", "document.issue", "document.get"):
        last = trail(house, action)[-1]
        assert (last.actor, last.data["for"]) == (NAME, EMPLOYER), action


def test_what_is_kept_to_the_representative_is_refused_and_not_offered(
    application: Litestar, house: House
) -> None:
    document = issue_request(house).document
    add_user(house, "otra", "Otra Delegada", UserRole.DELEGATE, PASSWORD, ruc=PUBLIC_RUC, branch="0001")
    client, token = enter(application, "otra")
    sheet = "/portal/planillas/2026-10-000223"
    page = client.get(sheet).text
    assert "Lo anula el empleador" in page
    assert "Anular el comprobante" not in page
    assert client.post(f"{sheet}/comprobantes/223-AP/anular", headers=token).status_code == 403
    assert client.post(f"{sheet}/fondos/2026-10-000224/anular", headers=token).status_code == 403
    owner, _ = enter(application, OTHER)
    assert "Anular el comprobante 223-AP" in owner.get(sheet).text
    client, token = enter(application, NAME)
    for path in (
        f"{SHEET}/comprobantes/123-AP/anular",
        f"{SHEET}/fondos/2026-10-000124/anular",
        f"/portal/documentos/{document}/revocar",
        "/portal/delegados/retirar",
    ):
        assert client.post(path, headers=token).status_code == 403, path
    with house.database.reading() as session:
        assert session.get_one(ReceiptRow, "223-AP").state == "generated"
    authorization = client.get("/portal/formularios/third-party-authorization")
    assert authorization.status_code == 403
    assert "FORM_OF_REPRESENTATIVE" in authorization.text
    assert "Autorizar a un tercero" not in client.get("/portal").text
    assert client.get("/portal/delegados").status_code == 403


def test_a_delegate_of_another_employer_sees_nothing(application: Litestar, house: House) -> None:
    document = issue_request(house).document
    add_user(house, "otro", "Otro Delegado", UserRole.DELEGATE, PASSWORD, ruc=PUBLIC_RUC, branch="0001")
    client, token = enter(application, "otro")
    page = client.get("/portal").text
    assert PUBLIC_RUC in page
    assert RUC not in page
    assert document not in page
    client.cookies["ventanilla_empleador"] = EMPLOYER
    assert RUC not in client.get("/portal").text.replace(PUBLIC_RUC, "")
    for path in (SHEET, f"{SHEET}/novedades", f"/portal/documentos/{document}.pdf"):
        assert client.get(path).status_code == 404, path
    values = dict(request_values(house))
    for chosen in ("", EMPLOYER):
        client.cookies["ventanilla_empleador"] = chosen
        assert client.post(REQUEST, data=values, headers=token).status_code == 422
        assert client.post("/api/v1/forms/employer-request/draw", json=values).status_code == 422
    assert len(trail(house, "document.issue")) == 1


def test_who_has_several_employers_chooses_one_and_mixes_nothing(application: Litestar, house: House) -> None:
    authorize_delegate(house, NAME, (PUBLIC_RUC, "0001"), "consola")
    client, token = enter(application, NAME)
    home = client.get("/portal").text
    assert "Elija por qué empleador" in home
    assert "2026-10-000123" not in home
    assert client.get(SHEET).status_code == 404
    client.post("/portal/empleador", data={"empleador": EMPLOYER}, headers=token)
    assert "2026-10-000123" in client.get("/portal").text
    typed = dict(request_values(house))
    client.post(f"{REQUEST}/comprobar", data=typed, headers=token)
    assert "Sigue donde lo dejó" in client.get(REQUEST).text
    client.post("/portal/empleador", data={"empleador": OTHER}, headers=token)
    assert client.get(SHEET).status_code == 404
    other = client.get(REQUEST).text
    assert "Sigue donde lo dejó" not in other
    assert typed["business_name"] not in other
    # A form that was begun in another window is not issued for who is chosen now.
    late = client.post(REQUEST, data=typed, headers=token)
    assert late.status_code == 422
    assert "EMPLOYER_CHANGED" in late.text
    client.post("/portal/empleador", data={"empleador": f"{FOREIGN_RUC}/0001"}, headers=token)
    assert "Elija por qué empleador" in client.get("/portal").text


def test_a_form_is_begun_for_each_employer_and_none_takes_the_place_of_another(
    application: Litestar, house: House
) -> None:
    authorize_delegate(house, NAME, (PUBLIC_RUC, "0001"), "operador")
    client, token = enter(application, NAME)
    for employer, place in ((EMPLOYER, "Otavalo"), (OTHER, "Zaruma")):
        client.post("/portal/empleador", data={"empleador": employer}, headers=token)
        ruc, _, branch = employer.partition("/")
        typed = {"ruc": ruc, "branch": branch, "place": place}
        assert client.post(f"{REQUEST}/comprobar", data=typed, headers=token).status_code == 200
    for employer, place, others in ((EMPLOYER, "Otavalo", "Zaruma"), (OTHER, "Zaruma", "Otavalo")):
        client.post("/portal/empleador", data={"empleador": employer}, headers=token)
        page = client.get(REQUEST).text
        assert place in page
        assert others not in page


def test_a_program_says_for_which_of_several_employers_a_form_is(application: Litestar, house: House) -> None:
    authorize_delegate(house, NAME, (PUBLIC_RUC, "0001"), "operador")
    key, _ = issue_token(house, NAME, 3, "operador")
    values = dict(request_values(house))
    with TestClient(application) as client:

        def draw(**more: str) -> Any:
            return client.post(
                "/api/v1/forms/employer-request/draw",
                json=values | more,
                headers={"authorization": f"Bearer {key}"},
            )

        drawn = draw(ruc=RUC, branch="0001")
        assert (drawn.status_code, drawn.content[:5]) == (200, b"%PDF-"), drawn.text
        for named in ({"ruc": "", "branch": ""}, {"ruc": RUC, "branch": "0002"}, {"ruc": FOREIGN_RUC}):
            refused = draw(**named)
            assert (refused.status_code, refused.json()["code"]) == (422, "EMPLOYER_NOT_CHOSEN")
    with house.database.reading() as session:
        row = session.scalars(select(IssuedRow).where(IssuedRow.issued_by == NAME)).one()
    assert (row.ruc, row.branch) == (RUC, "0001")
    assert trail(house, "document.issue")[-1].data["for"] == EMPLOYER


def test_the_employers_to_choose_from_have_the_names_of_the_institutes_register(
    register_house: House, behave: Behave
) -> None:
    ours = dataclasses.replace(register_house, remote_register=None)
    add_user(ours, NAME, "Lucía Andrade", UserRole.DELEGATE, PASSWORD, ruc=RUC, branch="0001")
    authorize_delegate(ours, NAME, (PUBLIC_RUC, "0001"), "consola")
    with ours.database.transaction() as session:
        session.get_one(EmployerRow, RUC).business_name = "NOMBRE VIEJO S.A."
    client, token = enter(make_application(register_house), NAME)
    choice = client.get("/portal").text
    assert f"{BUSINESS_NAME} · RUC {RUC}, sucursal 0001" in choice
    assert f">RUC {PUBLIC_RUC}, sucursal 0001" in choice, "the register does not have it"
    client.post("/portal/empleador", data={"empleador": OTHER}, headers=token)
    assert f"{BUSINESS_NAME} · RUC {RUC}" in client.get("/portal").text, "and where one changes over"
    client.post("/portal/empleador", data={"empleador": ""}, headers=token)
    behave("drop")
    assert f">RUC {RUC}, sucursal 0001" in client.get("/portal").text, "one chooses without names meanwhile"


def test_the_employer_sees_delegates_and_withdraws_one_at_once(application: Litestar, house: House) -> None:
    delegate, _ = enter(application, NAME)
    assert delegate.get(SHEET).status_code == 200
    client, token = enter(application, EMPLOYER)
    page = client.get("/portal/delegados").text
    assert "Lucía Andrade" in page
    assert "Retirar a Lucía Andrade" in page
    stranger, its_token = enter(application, OTHER)
    assert "Lucía Andrade" not in stranger.get("/portal/delegados").text
    refused = stranger.post("/portal/delegados/retirar", data={"delegado": NAME}, headers=its_token)
    assert refused.status_code == 404
    assert delegate.get(SHEET).status_code == 200
    after = client.post("/portal/delegados/retirar", data={"delegado": NAME}, headers=token).text
    assert "retirado el" in after
    assert delegate.get(SHEET).status_code == 404
    assert "Ningún empleador lo tiene como delegado" in delegate.get("/portal").text
    (ended,) = trail(house, "delegation.end")
    assert (ended.actor, ended.subject, ended.data["for"]) == (EMPLOYER, NAME, EMPLOYER)
    authorize_delegate(house, NAME, (RUC, "0001"), "consola")
    assert delegate.get(SHEET).status_code == 200


def test_who_acts_for_nobody_now_is_told_so_and_gets_no_form(application: Litestar, house: House) -> None:
    """Withdrawn while the form was open, or nobody chosen yet."""
    client, token = enter(application, NAME)
    typed = dict(request_values(house))
    owner, its_token = enter(application, EMPLOYER)
    owner.post("/portal/delegados/retirar", data={"delegado": NAME}, headers=its_token)
    answers = (
        client.get(REQUEST),
        client.post(REQUEST, data=typed, headers=token),
        client.post(f"{REQUEST}/comprobar", data=typed, headers=token),
        client.get(f"{REQUEST}/borrador.png"),
        client.post("/api/v1/forms/employer-request/draw", json=typed, headers=token),
    )
    for answer in answers:
        assert answer.status_code == 422, answer.url
        assert "EMPLOYER_NOT_CHOSEN" in answer.text, answer.url
    assert "ahora usted actúa por otro empleador" not in "".join(answer.text for answer in answers)
    assert trail(house, "document.issue") == []


@pytest.mark.parametrize(
    ("name", "place", "code"),
    [
        ("", {"ruc": RUC, "branch": "0001"}, "USER_NAME_INVALID"),
        (EMPLOYER, {"ruc": RUC, "branch": "0001"}, "USER_NAME_INVALID"),
        ("nueva", {}, "FIELD_MISSING"),
        ("nueva", {"ruc": RUC, "branch": "0077"}, "BRANCH_UNKNOWN"),
        ("nueva", {"ruc": "1790010937001", "branch": "0001"}, "RUC_UNKNOWN"),
        ("ventanilla", {"ruc": RUC, "branch": "0001"}, "USER_EXISTS"),
    ],
)
def test_a_delegate_is_of_an_employer_that_the_register_has(
    house: House, name: str, place: dict[str, str], code: str
) -> None:
    with pytest.raises(UserError) as caught:
        add_user(house, name, "Nueva", UserRole.DELEGATE, PASSWORD, **place)
    assert code in {found.code for found in caught.value.problems}


def test_the_command_makes_authorizes_lists_and_withdraws(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VENTANILLA_DATA_DIR", str(house.settings.data_dir))
    runner = CliRunner()

    def call(*words: str) -> Any:
        return runner.invoke(program, ["user", *words])

    def places() -> Any:
        listed = json.loads(call("list", "--json").stdout)["users"]
        return next(each for each in listed if each["name"] == NAME).get("for")

    made = call("add", NAME, "--display-name", "Lucía Andrade", "--role", "delegate", "--ruc", RUC,
                "--branch", "0001", "--password", PASSWORD)  # fmt: skip
    assert made.exit_code == 0, made.output
    assert call("authorize", NAME, "--ruc", PUBLIC_RUC).exit_code == 0
    assert sorted(places()) == sorted([EMPLOYER, OTHER])
    again = call("authorize", NAME, "--ruc", PUBLIC_RUC)
    assert again.exit_code == 1
    assert "ya es delegado" in again.output
    assert "no es un delegado" in call("authorize", "ventanilla", "--ruc", RUC).output
    assert call("withdraw", NAME, "--ruc", PUBLIC_RUC).exit_code == 0
    assert places() == [EMPLOYER]
    assert "no es delegado" in call("withdraw", NAME, "--ruc", PUBLIC_RUC).output
    assert [row.action for row in trail(house, "delegation.begin")] == ["delegation.begin"] * 2
