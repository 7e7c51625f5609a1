"""Every route asked for what it does not expect, as everybody who may ask: never a server error."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case

from operations.demonstration_data import PASSWORD, RUC

NOT_ASKED = re.compile(r"^/salir$|^/static|^/api(/openapi.*)?$|/(sucesos|events)$")
"""Coming out would end the test's own session; files and the description are not ours to try, and a stream
of events has no end.
"""
USERS = (f"{RUC}/0001", "ventanilla", "supervision", "archivo")


def sign_in(service: str, name: str) -> dict[str, str]:
    """Headers of a browser in which somebody signed in."""
    with httpx.Client(base_url=service) as client:
        client.get("/acceso")
        token = client.cookies["csrftoken"]
        data = {"usuario": name, "clave": PASSWORD, "_csrf_token": token}
        assert client.post("/acceso", data=data).status_code == 303
        session = client.cookies["ventanilla_sesion"]
    return {"x-csrftoken": token, "cookie": f"csrftoken={token}; ventanilla_sesion={session}"}


@pytest.mark.parametrize("name", USERS)
def test_no_question_makes_the_service_fail(service: str, name: str) -> None:
    headers = sign_in(service, name)
    schema = schemathesis.openapi.from_url(f"{service}/api/openapi.json")
    failures: list[str] = []
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if NOT_ASKED.match(operation.path):
            continue
        asked += 1
        ask(operation, headers, failures)
    assert asked > 40
    assert not failures, "\n".join(sorted({failure.split("%")[0] for failure in failures}))


def ask(operation: Any, headers: dict[str, str], failures: list[str]) -> None:
    """A few questions of one operation, some as described and some as not."""

    @given(case=operation.as_strategy())
    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def question(case: Case) -> None:
        answer = case.call(headers=headers, allow_redirects=False, timeout=30)
        if answer.status_code >= 500:
            failures.append(f"{operation.method} {case.formatted_path}: {answer.status_code}")

    question()
