"""Who may see what: every route as every user, keys that are guessed, and keys that were forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from operations.access_limits import Place, knows_browser, remember_browser
from operations.demonstration_data import FOREIGN_RUC, PASSWORD, PUBLIC_RUC, RUC
from operations.house import House
from operations.mail import deliver_mail
from operations.one_time_codes import GOOD_FOR, CodeAnswer, make_code, use_code
from operations.sessions import MustWait, sign_in
from operations.users import UserRole, add_user
from storage.mail_tables import MailRow
from tests.operations_samples import Clock, issue_request, received_and_read
from web.application import make_application

NAME = f"{RUC}/0001"
STRANGER = Place("203.0.113.7")
OPEN = (
    "/acceso",
    "/turnos",
    "/transparencia",
    "/quejas",
    "/salir",
    "/verificar",
    "/salud",
    "/metrics",
    "/static",
    "/formularios",
    "/.well-known",
    "/api/openapi",
    "/schema",
)
"""What anybody may see, besides the home and the description of the interface."""


@pytest.fixture
def application(house: House) -> Litestar:
    return make_application(house)


def enter(client: TestClient[Any], name: str, key: str = PASSWORD) -> Any:
    client.get("/acceso")
    return client.post(
        "/acceso", data={"usuario": name, "clave": key, "_csrf_token": client.cookies["csrftoken"]}
    )


def routes(application: Litestar) -> list[tuple[str, str]]:
    """Every method and path, with something in the place of each parameter."""
    found = []
    for route in application.routes:
        for method in getattr(route, "methods", ()):
            if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}:
                path = re.sub(r"\{[^}]*:int\}", "1", route.path)
                found.append((method, re.sub(r"\{[^}]*\}", "algo", path)))
    return sorted(found)


def is_open(path: str) -> bool:
    return path in {"/", "/api", "/api/algo"} or path.startswith(OPEN)


WINDOW = ("/ventanilla", "/api/v1/receptions", "/api/v1/cases")
ARCHIVE = ("/archivo", "/api/v1/archive")
ALLOWED = {
    UserRole.EMPLOYER: ("/portal", "/api/v1/forms"),
    UserRole.DELEGATE: ("/portal", "/api/v1/forms"),
    UserRole.CLERK: WINDOW,
    UserRole.SUPERVISOR: WINDOW + ARCHIVE,
    UserRole.ARCHIVIST: (*ARCHIVE, "/ventanilla/documentos"),
    UserRole.AUDITOR: (*ARCHIVE, "/ventanilla/documentos"),
    UserRole.OPERATOR: ("/archivo/integridad",),
}
"""Beginnings of the paths that a role may see; whatever else there is answers 403."""
CLOSED = {
    UserRole.EMPLOYER: ("/portal/empleador",),
    UserRole.DELEGATE: (
        "/portal/delegados",
        "/portal/planillas/algo/comprobantes",
        "/portal/planillas/algo/fondos",
        "/portal/documentos/algo/revocar",
    ),
}
"""Beginnings of those among them that it may not see."""


def test_nobody_sees_anything_without_signing_in(application: Litestar) -> None:
    with TestClient(application) as client:
        client.get("/acceso")
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        closed = [each for each in routes(application) if not is_open(each[1])]
        assert len(closed) > 25
        for method, path in closed:
            answer = client.request(method, path, headers=token, follow_redirects=False)
            assert answer.status_code in {302, 303, 307, 401}, (method, path, answer.status_code)
            assert path.startswith("/api") or answer.headers["location"].startswith("/acceso")


@pytest.mark.parametrize("role", list(UserRole))
def test_every_route_as_every_role(application: Litestar, house: House, role: UserRole) -> None:
    name = {UserRole.EMPLOYER: NAME}.get(role, f"prueba-{role.value}")
    if role is not UserRole.EMPLOYER:
        place = {"ruc": RUC, "branch": "0001"} if role is UserRole.DELEGATE else {}
        add_user(house, name, "Prueba", role, PASSWORD, **place)
    with TestClient(application) as client:
        enter(client, name)
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        for method, path in routes(application):
            if is_open(path):
                continue
            expected = not path.startswith(ALLOWED[role]) or path.startswith(CLOSED.get(role, ("nada",)))
            if path == "/ventanilla/sucesos" and not expected:
                continue  # a stream of events has no end
            answer = client.request(method, path, headers=token, follow_redirects=False)
            refused = answer.status_code == 403
            if expected:
                assert refused, (role, method, path, answer.status_code)
            assert answer.status_code < 500, (role, method, path, answer.text[:300])


def test_an_employer_reaches_nothing_of_another(application: Litestar, house: House) -> None:
    document = issue_request(house).document
    received_and_read(house)
    for name in (f"{PUBLIC_RUC}/0001", f"{FOREIGN_RUC}/0001"):
        with TestClient(application) as client:
            enter(client, name)
            token = {"x-csrftoken": client.cookies["csrftoken"]}
            page = client.get("/portal").text
            assert RUC not in page
            assert document not in page
            for method, path in (
                ("GET", f"/portal/documentos/{document}.pdf"),
                ("POST", f"/portal/documentos/{document}/revocar"),
                ("GET", "/portal/planillas/2026-10-000123"),
                ("POST", "/portal/planillas/2026-10-000123/comprobantes/123-AP/anular"),
                ("POST", "/portal/planillas/2026-10-000123/fondos/2026-10-000124/anular"),
                ("GET", "/portal/planillas/2026-10-000123/novedades"),
                ("GET", "/portal/planillas/2026-10-000123/novedades.csv"),
                ("GET", "/portal/formularios/employer-request?planilla=2026-10-000123"),
            ):
                answer = client.request(method, path, headers=token)
                assert answer.status_code == 404, (name, method, path, answer.status_code)
            for path in ("novedades", "novedades/comprobar", "novedades/campos"):
                data = {"type": "MSU", "id_number": "0960000016", "effective": "2026-10-15", "wage": "900.00"}
                answer = client.post(f"/portal/planillas/2026-10-000123/{path}", data=data, headers=token)
                assert answer.status_code == 404, (name, path)


def test_a_branch_downloads_nothing_of_another_branch(application: Litestar, house: House) -> None:
    document = issue_request(house).document
    add_user(house, "", "Andina Sur", UserRole.EMPLOYER, PASSWORD, ruc=RUC, branch="0002")
    with TestClient(application) as client:
        assert enter(client, f"{RUC}/0002").status_code < 400
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        assert document not in client.get("/portal").text
        assert client.get(f"/portal/documentos/{document}.pdf").status_code == 404
        assert client.post(f"/portal/documentos/{document}/revocar", headers=token).status_code == 404
    with TestClient(application) as client:
        enter(client, NAME)
        assert client.get(f"/portal/documentos/{document}.pdf").content.startswith(b"%PDF")


def test_what_the_browser_says_of_the_employer_is_not_believed(application: Litestar, house: House) -> None:
    values = {"ruc": RUC, "branch": "0002", "place": "Quito"}
    with TestClient(application) as client:
        enter(client, f"{PUBLIC_RUC}/0001")
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        page = client.post("/portal/formularios/employer-request", data=values, headers=token).text
        assert PUBLIC_RUC in page
        assert RUC not in page


def test_five_wrong_keys_make_the_stranger_wait_and_not_the_employer(house: House, clock: Clock) -> None:
    known = Place("198.51.100.1", remember_browser(house, NAME))
    for _ in range(5):
        assert sign_in(house, NAME, "equivocada", STRANGER) is None
    assert isinstance(sign_in(house, NAME, PASSWORD, STRANGER), MustWait)
    assert isinstance(sign_in(house, NAME, PASSWORD, known), str)
    assert isinstance(sign_in(house, NAME, PASSWORD, Place("198.51.100.2")), str), "another address"
    clock.pass_time(seconds=31)
    assert isinstance(sign_in(house, NAME, PASSWORD, STRANGER), str)


def test_the_pauses_grow(house: House, clock: Clock) -> None:
    for _ in range(5):
        sign_in(house, NAME, "equivocada", STRANGER)
    waits = []
    for _ in range(10):
        answer = sign_in(house, NAME, "equivocada", STRANGER)
        assert isinstance(answer, MustWait)
        waits.append(answer.wait.total_seconds())
        clock.pass_time(seconds=waits[-1])
        assert sign_in(house, NAME, "equivocada", STRANGER) is None
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_many_addresses_lock_only_places_that_nobody_knows(house: House) -> None:
    known = Place("198.51.100.1", remember_browser(house, NAME))
    for place in range(50):
        assert sign_in(house, NAME, "equivocada", Place(f"203.0.113.{place}")) is None
    assert isinstance(sign_in(house, NAME, PASSWORD, Place("192.0.2.200")), MustWait)
    assert isinstance(sign_in(house, NAME, PASSWORD, known), str)
    other = f"{PUBLIC_RUC}/0001"
    assert isinstance(sign_in(house, other, PASSWORD, Place("203.0.113.1")), str), "no other name is locked"


def test_a_browser_is_known_for_its_own_name_only(house: House) -> None:
    token = remember_browser(house, NAME)
    assert knows_browser(house, NAME, token)
    assert not knows_browser(house, f"{PUBLIC_RUC}/0001", token)
    for forged in ("", ".", "a.b", token[:-1] + ("0" if token[-1] != "0" else "1"), token + "0"):
        assert not knows_browser(house, NAME, forged)


def test_the_session_rotates_when_somebody_comes_in_again(application: Litestar) -> None:
    with TestClient(application) as client:
        enter(client, NAME)
        first = client.cookies["ventanilla_sesion"]
        enter(client, "ventanilla")
        assert client.cookies["ventanilla_sesion"] != first
    with TestClient(application) as other:
        other.cookies.set("ventanilla_sesion", first)
        assert "/acceso" in str(other.get("/portal").url), "the first session has ended"


def mailed_code(house: House) -> str:
    with house.database.reading() as session:
        rows = session.scalars(select(MailRow).order_by(MailRow.written_at.desc(), MailRow.id)).all()
    deliver_mail(house, rows[0].id)
    file = (house.settings.data_dir / "outbox" / f"{rows[0].id}.eml").read_text("utf-8")
    found = re.search(r"es (\d{8})\.", file)
    assert found is not None
    return found[1]


def test_a_forgotten_key_is_changed_with_the_mailed_code(application: Litestar, house: House) -> None:
    with TestClient(application) as client:
        client.get("/acceso")
        form = {"ruc": RUC, "sucursal": "0001", "_csrf_token": client.cookies["csrftoken"]}
        asked = client.post("/acceso/olvido", data=form)
        assert "el código va en camino" in asked.text
        new = {"clave": "una clave distinta", "repetida": "una clave distinta"}
        wrong = client.post("/acceso/olvido/clave", data=form | new | {"codigo": "00000000"})
        assert wrong.status_code == 422
        code = mailed_code(house)
        short = client.post(
            "/acceso/olvido/clave", data=form | {"clave": "x", "repetida": "x", "codigo": code}
        )
        assert "al menos" in short.text
        done = client.post("/acceso/olvido/clave", data=form | new | {"codigo": f"{code[:4]} {code[4:]}"})
        assert "La clave se cambió" in done.text
        again = client.post("/acceso/olvido/clave", data=form | new | {"codigo": code})
        assert "ya se usó" in again.text
        assert enter(client, NAME).status_code == 401
        assert enter(client, NAME, "una clave distinta").status_code == 200


def test_who_asks_for_a_code_does_not_learn_who_exists(application: Litestar, house: House) -> None:
    with TestClient(application) as client:
        client.get("/acceso")
        token = client.cookies["csrftoken"]
        pages = [
            client.post("/acceso/olvido", data={"ruc": ruc, "_csrf_token": token}).text.replace(ruc, "")
            for ruc in (RUC, "1790010937001")
        ]
        strip = re.compile(r'name="_csrf_token" value="[^"]*"')
        assert strip.sub("", pages[0]) == strip.sub("", pages[1])
    with house.database.reading() as session:
        assert len(session.scalars(select(MailRow)).all()) == 1


def test_a_code_expires_and_admits_five_tries(house: House, clock: Clock) -> None:
    def use(code: str) -> CodeAnswer:
        with house.database.transaction() as session:
            return use_code(house, session, "prueba", "alguien", code)

    def make() -> str | None:
        with house.database.transaction() as session:
            return make_code(house, session, "prueba", "alguien")

    code = make()
    assert code is not None
    assert make() is None, "not twice in a minute"
    answers = [use(f"{int(code) + 1:08d}"[-8:]) for _ in range(5)]
    assert answers == [CodeAnswer.WRONG] * 4 + [CodeAnswer.OVER]
    assert use(code) is CodeAnswer.OVER
    clock.pass_time(minutes=2)
    code = make()
    assert code is not None
    clock.now += GOOD_FOR
    assert use(code) is CodeAnswer.OVER
    for _ in range(8):
        clock.pass_time(minutes=2)
        assert make() is not None
    clock.pass_time(minutes=2)
    assert make() is None, "ten a day"
