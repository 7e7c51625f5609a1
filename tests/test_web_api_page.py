"""The interface described as a page of ours: every operation with its parts, nothing from elsewhere."""

from __future__ import annotations

import re

from litestar.testing import TestClient

from forms.problems import CATALOGUE
from operations.demonstration_data import PASSWORD
from operations.house import House
from web.application import make_application

SECTION = r"<p><code>([A-Z]+ /api/v1/[^<]+)</code></p>(.*?)</section>"


def test_every_operation_is_on_the_page_with_its_parts(house: House) -> None:
    with TestClient(make_application(house)) as client:
        schema = client.get("/api/openapi.json").json()
        answer = client.get("/api")
    assert answer.headers["content-type"].startswith("text/html")
    sections = dict(
        re.findall(r"<p><code>([A-Z]+ /api/v1/[^<]+)</code></p>(.*?)</section>", answer.text, re.S)
    )
    ours = {path: told for path, told in schema["paths"].items() if path.startswith("/api/v1/")}
    assert len(ours) >= 6
    asked = {f"{method.upper()} {path}" for path, told in ours.items() for method in told}
    assert set(sections) == asked
    for path, methods in ours.items():
        for method, told in methods.items():
            section = sections[f"{method.upper()} {path}"]
            for parameter in told.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in section
            for media in told.get("requestBody", {}).get("content", {}):
                assert f"<code>{media}</code>" in section
            for status, each in told["responses"].items():
                assert f"<code>{status}</code>" in section
                if status > "400":
                    assert list(each["content"]) == ["application/problem+json"], (path, status)
            assert told["description"], "said in Spanish what it is for"
    for code in CATALOGUE:
        assert f'<td class="mono">{code}</td>' in answer.text
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text), "all from this house"
    assert "<script>" not in answer.text
    assert "Request fulfilled" not in answer.text


def test_who_signed_in_may_leave_from_that_page_too(house: House) -> None:
    with TestClient(make_application(house)) as client:
        client.get("/acceso")
        data = {"usuario": "ventanilla", "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
        client.post("/acceso", data=data)
        (token,) = re.findall(r'name="_csrf_token" value="([^"]+)"', client.get("/api").text)
        assert client.post("/salir", data={"_csrf_token": token}, follow_redirects=False).status_code == 303
