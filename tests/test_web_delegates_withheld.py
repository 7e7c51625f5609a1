"""A delegate's right is lent: it rests while the employer who lent it is disabled, and comes back with it."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient

from cli.main import program
from forms.catalog.employer_request import EMPLOYER_REQUEST
from operations.demonstration_data import PASSWORD, PUBLIC_RUC, RUC
from operations.house import House
from operations.issue_rights import issue_for
from operations.issuing import Issued, NotIssued
from operations.lockouts import disable_user, enable_user
from operations.sessions import find_session, issue_token, sign_in
from operations.users import UserError, UserRole, add_user, authorize_delegate
from storage.schema import AuditEventRow, UserRow
from tests.operations_samples import request_values
from tests.test_web_delegates import enter, trail
from web.application import make_application

NAME, EMPLOYER = "contadora", f"{RUC}/0001"
OTHER = f"{PUBLIC_RUC}/0001"
SHEET = "/portal/planillas/2026-10-000123"
REQUEST = "/portal/formularios/employer-request"
DRAW = "/api/v1/forms/employer-request/draw"


@pytest.fixture
def application(house: House) -> Litestar:
    add_user(house, NAME, "Lucía Andrade", UserRole.DELEGATE, PASSWORD, ruc=RUC, branch="0001")
    return make_application(house)


def drawn(application: Litestar, token: str, values: dict[str, str]) -> tuple[int, Any]:
    with TestClient(application) as client:
        answer = client.post(DRAW, json=values, headers={"authorization": f"Bearer {token}"})
    return answer.status_code, answer.json().get("code") if answer.status_code >= 400 else None


@pytest.mark.usefixtures("application")
def test_the_right_rests_with_the_employer_and_comes_back_for_sessions_that_lasted(house: House) -> None:
    values = dict(request_values(house))
    token = sign_in(house, NAME, PASSWORD)
    assert isinstance(token, str)

    def issue() -> Issued | NotIssued:
        user = find_session(house, token)
        assert user is not None, "the delegate's own key is another matter"
        return issue_for(house, user, EMPLOYER_REQUEST, values)

    disable_user(house, EMPLOYER, "consola")
    refused = issue()
    assert isinstance(refused, NotIssued)
    assert [found.code for found in refused.problems] == ["EMPLOYER_DISABLED"]
    assert f"La clave patronal del RUC {RUC}, sucursal 0001, está deshab" in refused.problems[0].message
    enable_user(house, EMPLOYER, "consola")
    assert isinstance(issue(), Issued)
    assert [row.subject for row in (*trail(house, "user.disable"), *trail(house, "user.enable"))] == [
        EMPLOYER,
        EMPLOYER,
    ]


def test_the_portal_and_programs_are_refused_at_once_and_told_why(
    application: Litestar, house: House
) -> None:
    client, token = enter(application, NAME)
    program_token, _ = issue_token(house, NAME, 30, "prueba")
    values = dict(request_values(house))
    assert client.get(SHEET).status_code == 200
    disable_user(house, EMPLOYER, "consola")
    home = client.get("/portal").text
    assert "EMPLOYER_DISABLED" in home
    assert f"La clave patronal del RUC {RUC}, sucursal 0001, está deshabilitada" in home
    assert "Ningún empleador lo tiene como delegado" not in home
    assert "2026-10-000123" not in home
    assert client.get(SHEET).status_code == 404
    for answer in (
        client.get(REQUEST),
        client.post(REQUEST, data=values, headers=token),
        client.post(f"{REQUEST}/comprobar", data=values, headers=token),
    ):
        assert (answer.status_code, "EMPLOYER_DISABLED" in answer.text) == (422, True), answer.url
    chosen = client.post("/portal/empleador", data={"empleador": EMPLOYER}, headers=token)
    assert "2026-10-000123" not in chosen.text
    status, _ = drawn(application, program_token, values)
    assert status == 422
    assert trail(house, "document.issue") == []
    enable_user(house, EMPLOYER, "consola")
    assert client.get(SHEET).status_code == 200
    assert "EMPLOYER_DISABLED" not in client.get("/portal").text
    assert drawn(application, program_token, values)[0] == 200


def test_the_others_of_a_delegate_go_on(application: Litestar, house: House) -> None:
    authorize_delegate(house, NAME, (PUBLIC_RUC, "0001"), "consola")
    client, token = enter(application, NAME)
    client.post("/portal/empleador", data={"empleador": EMPLOYER}, headers=token)
    disable_user(house, EMPLOYER, "consola")
    home = client.get("/portal").text
    assert "está deshabilitada" in home
    assert f'value="{OTHER}"' in home
    assert f'value="{EMPLOYER}"' not in home, "nobody chooses whom nothing can be done for"
    client.post("/portal/empleador", data={"empleador": OTHER}, headers=token)
    assert "2026-10-000223" in client.get("/portal").text
    assert client.get(SHEET).status_code == 404


def test_nobody_lends_what_rests(house: House) -> None:
    disable_user(house, EMPLOYER, "consola")
    with pytest.raises(UserError) as caught:
        add_user(house, NAME, "Lucía Andrade", UserRole.DELEGATE, PASSWORD, ruc=RUC, branch="0001")
    assert [found.code for found in caught.value.problems] == ["EMPLOYER_DISABLED"]
    assert sign_in(house, NAME, PASSWORD) is None, "and nobody was made"


def test_who_is_let_in_again_comes_in_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTANILLA_DATA_DIR", str(house.settings.data_dir))
    session = sign_in(house, "archivo", PASSWORD)
    token, _ = issue_token(house, "archivo", 30, "prueba")
    assert isinstance(session, str)

    def call(*words: str) -> Any:
        return CliRunner().invoke(program, ["user", *words])

    assert call("disable", "archivo").exit_code == 0
    assert sign_in(house, "archivo", PASSWORD) is None
    # An earlier version kept out and left the tokens.
    with house.database.transaction() as writing:
        writing.get_one(UserRow, "archivo").disabled = False
    of_before, _ = issue_token(house, "archivo", 30, "prueba")
    with house.database.transaction() as writing:
        writing.get_one(UserRow, "archivo").disabled = True
    assert call("enable", "archivo").exit_code == 0
    assert find_session(house, of_before) is None
    assert sign_in(house, "archivo", PASSWORD) is not None
    assert find_session(house, session) is None
    assert find_session(house, token) is None
    unknown = call("enable", "nadie")
    assert unknown.exit_code == 1
    assert "No hay un usuario «nadie»" in unknown.output
    with house.database.reading() as reading:
        rows = reading.query(AuditEventRow).where(AuditEventRow.action == "user.enable").all()
    assert [(row.actor, row.subject) for row in rows] == [("consola", "archivo")]
