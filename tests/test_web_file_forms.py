"""Every form with a file, sent as its page sends it: with the texts that the page puts beside the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient

from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from operations.branch_sheets import list_branch_sheets
from operations.demonstration_data import PASSWORD, RUC
from operations.house import House
from operations.returning import send_back
from operations.users import User, UserRole
from regeneration.novedad_entries import HEADERS
from tests.browser_fixtures import running_desk
from tests.operations_samples import issue_request, received_and_read
from tests.page_forms import file_form_of
from web.application import make_application

TEMPLATES = Path(__file__).resolve().parent.parent / "web" / "templates"
EMPLOYER = User(f"{RUC}/0001", "Andina", UserRole.EMPLOYER, RUC, "0001")


def client_of(house: House, name: str) -> TestClient[Any]:
    """A browser without scripts, in which somebody signed in by the page's own form."""
    client = TestClient(make_application(house))
    if name:
        client.get("/acceso")
        data = {"usuario": name, "clave": PASSWORD, "_csrf_token": client.cookies["csrftoken"]}
        assert client.post("/acceso", data=data, follow_redirects=False).status_code == 303
    return client


def returned_case(house: House) -> str:
    number = received_and_read(house)
    assert not send_back(house, number, "Falta la copia de la cédula.", "ventanilla", None, ["id-copy"])
    return number


PAGES: list[tuple[str, Callable[[House], str], str, int, str]] = [
    ("", lambda _: "/verificar", "solicitud.pdf", 200, "notice good"),
    ("ventanilla", lambda _: "/ventanilla", "solicitud.pdf", 303, ""),
    ("ventanilla", lambda house: f"/ventanilla/tramites/{received_and_read(house)}", "b.pdf", 303, ""),
    ("ventanilla", lambda house: f"/ventanilla/tramites/{returned_case(house)}", "b.pdf", 303, ""),
    (
        EMPLOYER.name,
        lambda house: f"/portal/planillas/{list_branch_sheets(house, EMPLOYER)[0].sheet.number}/novedades",
        "novedades.csv",
        422,
        "novedades.csv: no se registró ninguna",
    ),
]


@pytest.mark.parametrize(("name", "place", "file", "status", "told"), PAGES)
def test_a_file_goes_with_all_that_its_page_sends(
    house: House, name: str, place: Callable[[House], str], file: str, status: int, told: str
) -> None:
    content = f"{';'.join(HEADERS)}\n".encode() if file.endswith(".csv") else issue_request(house).pdf
    path = place(house)
    with client_of(house, name) as client:
        form = file_form_of(client.get(path).text)
        assert form.texts["_csrf_token"]
        answer = client.post(
            form.action, data=form.texts, files={form.chooser: (file, content)}, follow_redirects=False
        )
    assert answer.status_code == status
    assert told in answer.text


def test_no_form_with_a_file_is_left_out() -> None:
    """Whoever makes another page with such a form adds it above."""
    with_files = {path.name for path in TEMPLATES.iterdir() if "multipart/form-data" in path.read_text()}
    assert with_files == {
        "verify.html",
        "desk.html",
        "case_more_papers.html",
        "case_returned.html",
        "novedad.html",
    }


def test_a_strangers_file_is_bounded_though_its_token_is_inside(house: House) -> None:
    with client_of(house, "") as client:
        form = file_form_of(client.get("/verificar").text)
        large = {form.chooser: ("a.pdf", bytes(20_000_000))}
        assert client.post(form.action, data=form.texts, files=large).status_code == 413


def test_nothing_chosen_is_told(house: House) -> None:
    with client_of(house, "") as client:
        form = file_form_of(client.get("/verificar").text)
        answer = client.post(form.action, data=form.texts, files={form.chooser: ("", b"")})
    assert answer.status_code == 400
    assert "No se eligió ningún archivo" in answer.text


def test_a_photograph_is_verified_in_the_browser(chromium: Any, tmp_path: Path) -> None:
    with running_desk(tmp_path / "datos") as (address, house):
        issued = issue_request(house)
        paper = tmp_path / "papel.jpg"
        seen = scan(print_page(issued.pdf), Scanner(dpi=200), np.random.default_rng(4))
        paper.write_bytes(encode([seen], "jpeg", 200, 80))
        window = chromium.new_context(base_url=address, locale="es-EC").new_page()
        window.goto("/verificar")
        window.set_input_files("#archivo", str(paper))
        window.click("text=Leer y verificar")
        window.wait_for_selector(f".notice.good:has-text('{issued.document}')")
        window.context.close()
