"""Programs at the door: a bearer token of their own, told once, kept as a hash, ended by whoever operates."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result
from litestar.testing import TestClient
from sqlalchemy import select

from cli.main import program
from operations.house import House
from operations.lockouts import disable_user
from operations.sessions import issue_token, revoke_token
from operations.users import UserError
from operations.verification import verify_audit
from storage.schema import AccessSessionRow, AuditEventRow
from tests.operations_samples import Clock
from web.application import make_application

ASKED = "/api/v1/archive/documents?q=solicitud"


def command(house: House, *words: str) -> Result:
    return CliRunner().invoke(
        program, ["user", *words], env={"VENTANILLA_DATA_DIR": str(house.settings.data_dir)}
    )


def ask(client: TestClient[Any], token: str, path: str = ASKED) -> int:
    return client.get(path, headers={"authorization": f"Bearer {token}"}).status_code


def test_a_token_of_the_command_opens_what_its_user_may_see(house: House) -> None:
    done = command(house, "token", "archivo", "--days", "3000")
    assert done.exit_code == 2
    assert command(house, "token", "nadie").exit_code == 1
    token, short = issue_token(house, "archivo", 30, "prueba")
    with TestClient(make_application(house)) as client:
        assert ask(client, token) == 200
        assert ask(client, token[:-1] + ("A" if token[-1] != "A" else "B")) == 401
        assert ask(client, token, "/api/v1/cases/x") == 403, "no more than the user's role"
        assert command(house, "revoke-token", short).exit_code == 0
        assert ask(client, token) == 401
        assert command(house, "revoke-token", short).exit_code == 1
    with house.database.reading() as session:
        kept = "".join(session.scalars(select(AccessSessionRow.token_hash)))
        events = session.scalars(select(AuditEventRow).where(AuditEventRow.action.like("token.%"))).all()
        told = [(row.action, row.subject, row.data.get("token")) for row in events]
        assert token not in kept + "".join(str(row.data) for row in events)
    assert told == [("token.issue", "archivo", short), ("token.revoke", "archivo", short)]
    assert verify_audit(house).first_broken is None


def test_the_command_shows_the_token_once(house: House) -> None:
    done = command(house, "token", "archivo")
    assert done.exit_code == 0
    token = done.stdout.strip().splitlines()[0]
    with TestClient(make_application(house)) as client:
        # The command lives by the present day and the house by the test's, which is earlier.
        assert ask(client, token) == 200


def test_a_token_ends_with_its_days_and_with_its_user(house: House, clock: Clock) -> None:
    first, _ = issue_token(house, "archivo", 1, "prueba")
    second, _ = issue_token(house, "archivo", 30, "prueba")
    with TestClient(make_application(house)) as client:
        clock.pass_time(days=1, seconds=1)
        assert (ask(client, first), ask(client, second)) == (401, 200)
        disable_user(house, "archivo")
        assert ask(client, second) == 401
    with pytest.raises(UserError):
        issue_token(house, "archivo", 30, "prueba")
    for guess in ("", "%", "_" * 16, "0" * 16):
        with pytest.raises(UserError):
            revoke_token(house, guess, "prueba")
