"""What is answered when something cannot be: our own Spanish, a code to quote, and no server error.

The framework has sentences of its own for most of this; none of them is shown to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from forms.problems import CATALOGUE
from forms.register import all_forms
from operations.demonstration_data import PASSWORD, RUC
from operations.house import House
from tests.operations_samples import received_and_read
from web.application import make_application

ENGLISH = re.compile(
    r"\b(the|not|is|was|for|failed|invalid|verification|token|found|allowed|unauthori[sz]ed|forbidden|"
    r"validation|truncated|input|data|expected|request|method|internal|server|entity|large|unsupported|bad)\b",
    re.IGNORECASE,
)
TEMPLATES = Path(__file__).resolve().parent.parent / "web" / "templates"
TOO_GREAT = str(2**63)
NO_CASE = "/ventanilla/tramites/nope"
JSON = {"content-type": "application/json"}


@pytest.fixture
def application(house: House) -> Litestar:
    return make_application(house)


def browser_of(application: Litestar, name: str) -> TestClient[Any]:
    """A browser in which somebody signed in, or nobody; what fails in the service is answered."""
    client = TestClient(application, raise_server_exceptions=False)
    client.get("/acceso")
    client.headers["x-csrftoken"] = client.cookies["csrftoken"]
    if name:
        data = {"usuario": name, "clave": PASSWORD}
        assert client.post("/acceso", data=data, follow_redirects=False).status_code == 303
    return client


CLERK, EMPLOYER, NOBODY = "ventanilla", f"{RUC}/0001", ""
PROVOKED: list[tuple[str, str, str, dict[str, Any], int, str]] = [
    (NOBODY, "GET", "/api/v1/cases/x", {}, 401, "SIGN_IN_NEEDED"),
    (EMPLOYER, "GET", "/api/v1/cases/x", {}, 403, "NOT_PERMITTED"),
    (CLERK, "GET", "/api/v1/cases/x", {}, 404, "CASE_UNKNOWN"),
    (CLERK, "GET", "/api/v1/nada", {}, 404, "NOT_FOUND"),
    (CLERK, "DELETE", "/api/v1/cases/x", {}, 405, "METHOD_NOT_ALLOWED"),
    (CLERK, "POST", "/api/v1/receptions", {}, 400, "REQUEST_INVALID"),
    (EMPLOYER, "POST", "/api/v1/forms/nada/draw", {"json": {}}, 404, "NOT_FOUND"),
    (EMPLOYER, "POST", "/api/v1/forms/return-notice/draw", {"json": {}}, 403, "FORM_NOT_FOR_PEOPLE"),
    (EMPLOYER, "POST", "/api/v1/forms/employer-request/draw", {"json": {}}, 422, "FIELD_MISSING"),
    (EMPLOYER, "POST", "/api/v1/forms/employer-request/draw", {"json": [1]}, 400, "REQUEST_VALUES_INVALID"),
    (
        EMPLOYER,
        "POST",
        "/api/v1/forms/employer-request/draw",
        {"content": b'{"a": ', "headers": JSON},
        400,
        "REQUEST_INVALID",
    ),
    ("archivo", "GET", "/api/v1/archive/documents", {}, 400, "REQUEST_VALUES_INVALID"),
    (NOBODY, "GET", "/nada", {}, 404, "NOT_FOUND"),
    (NOBODY, "GET", "/formularios/return-notice.pdf", {}, 404, "NOT_FOUND"),
    (NOBODY, "PUT", "/verificar", {}, 405, "METHOD_NOT_ALLOWED"),
    (NOBODY, "POST", "/acceso", {"data": {}, "headers": {"x-csrftoken": "otro"}}, 403, "PAGE_EXPIRED"),
    (NOBODY, "POST", "/verificar", {"files": {"otro": ("a", b"x")}}, 400, "REQUEST_INVALID"),
    (EMPLOYER, "GET", "/ventanilla", {}, 403, "NOT_PERMITTED"),
    (CLERK, "GET", "/ventanilla/tramites/nope", {}, 404, "CASE_UNKNOWN"),
    (CLERK, "GET", f"/ventanilla/documentos/{TOO_GREAT}", {}, 404, "NOT_FOUND"),
    (CLERK, "POST", "/ventanilla/tramites/nope/decision", {"data": {"acto": "aceptar"}}, 404, "CASE_UNKNOWN"),
    (
        CLERK,
        "POST",
        "/ventanilla/tramites/nope/datos",
        {"data": {"employer-request.ruc": "1"}},
        404,
        "CASE_UNKNOWN",
    ),
    (CLERK, "POST", "/ventanilla/tramites/nope/datos", {"data": {"nope.field": "x"}}, 422, "FIELD_UNKNOWN"),
    (
        CLERK,
        "POST",
        "/ventanilla/cargas",
        {"content": b'{"nombre": ', "headers": JSON},
        400,
        "REQUEST_INVALID",
    ),
    (CLERK, "POST", "/ventanilla/cargas", {"json": ["x"]}, 400, "REQUEST_VALUES_INVALID"),
]


@pytest.mark.parametrize(("name", "method", "path", "sent", "status", "code"), PROVOKED)
def test_what_is_refused_is_told_in_our_words(
    application: Litestar, name: str, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = browser_of(application, name).request(method, path, follow_redirects=False, **sent)
    assert answer.status_code == status, answer.text[:400]
    assert code in CATALOGUE
    if path.startswith("/api/"):
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert (told["status"], told["code"]) == (status, code)
        shown = f"{told['title']} {told['detail']}"
    else:
        assert f'<small class="code">{code}</small>' in answer.text
        main = answer.text[answer.text.index("<main>") : answer.text.index("</main>")]
        shown = re.sub(r'<small class="code">.*?</small>|<[^>]+>', " ", main)
    assert not ENGLISH.findall(shown), shown
    assert "Por favor" in shown or status in {403, 404, 405}, shown


def names_and_acts() -> tuple[list[str], list[tuple[str, str]]]:
    """The names of all fields that our pages send, and what their buttons and choices say."""
    pages = "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.html")))
    names = set(re.findall(r'name="([a-z_-]+)"', pages)) - {"viewport", "_csrf_token", "htmx-config"}
    acts = set(re.findall(r'name="([a-z_-]+)"[^>]*?value="([^"{]+)"', pages))
    fields = {f"{form.name}.{field.name}" for form in all_forms() for field in form.current.value_fields}
    return sorted(names | fields | {"nope.field"}), sorted(acts)


def bodies() -> Iterator[Mapping[str, str]]:
    names, acts = names_and_acts()
    assert len(names) > 40
    assert ("acto", "aceptar") in acts
    for value in ("nope", "9" * 30, "2026-02-30"):
        yield dict.fromkeys(names, value)
    for name, value in acts:
        yield {name: value, "version": "1", "motivo": "Porque sí."}
    for name in ("nope.field", "employer-request.nope", "return-notice.missing"):
        yield {name: "x"}


@pytest.mark.parametrize("name", [EMPLOYER, "supervision", "archivo"])
def test_forms_with_the_names_of_our_pages_never_make_the_service_fail(
    application: Litestar, house: House, name: str
) -> None:
    case, browser = received_and_read(house), browser_of(application, name)
    failures, asked = set(), 0
    for route in application.routes:
        if "POST" not in getattr(route, "methods", ()) or route.path in {"/salir", "/acceso", "/verificar"}:
            continue
        for number, row in (("nope", TOO_GREAT), (case, "1")):
            path = re.sub(r"\{[^}]*:int\}", row, route.path)
            path = re.sub(r"\{[^}]*:str\}", number, path)
            if browser.post(path, data={"x": "y"}, follow_redirects=False).status_code == 403:
                break
            for body in bodies():
                answer = browser.post(path, data=dict(body), follow_redirects=False)
                asked += 1
                if answer.status_code >= 500:
                    failures.add(f"{path}: {sorted(body)[:3]} → {answer.status_code}")
    assert asked > 40
    assert not failures, "\n".join(sorted(failures))


@pytest.mark.parametrize(
    ("came_from", "link"),
    [
        ("http://testserver.local/portal/delegados?x=1&y=2", "/portal/delegados?x=1&amp;y=2"),
        ("http://otro.example/portal", None),
        ("http://testserver.local//otro.example/portal", None),
        ("http://testserver.local/\\otro.example", None),
        ("javascript://testserver.local/%0aalert(1)", None),
        ("http://[mal", None),
        ("", None),
    ],
)
def test_a_form_that_was_open_too_long_leads_back_to_its_page(
    application: Litestar, came_from: str, link: str | None
) -> None:
    with TestClient(application) as client:  # every cookie is gone
        answer = client.post("/acceso", data={}, headers={"referer": came_from})
    page = answer.text
    assert answer.status_code == 403
    assert "La página venció" in page
    assert "No tiene permiso" not in page
    assert "se guardó nada" in page
    found = re.search(r'href="([^"]*)">Volver a la página del formulario', page)
    assert (found[1] if found else None) == link
