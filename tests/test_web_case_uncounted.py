"""Papers that a case cannot be accepted with: what was read of them is shown, and nothing accepts them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from litestar.testing import TestClient
from PIL import Image

from operations.house import House
from operations.window import view_case
from tests.operations_samples import accepted, issue_request, received_and_read
from tests.test_web_case_values import shown
from tests.test_web_corrections import client, enter

__all__ = ["client"]  # a fixture told elsewhere


def page_of(client: TestClient[Any], number: str) -> str:
    return str(client.get(f"/ventanilla/tramites/{number}").text)


def blank_scan(pages: int) -> bytes:
    sheets = [Image.new("L", (827, 1169), 255) for _ in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=100)
    return out.getvalue()


def test_a_paper_that_was_used_shows_what_was_read_and_leads_to_its_case(
    client: TestClient[Any], house: House
) -> None:
    pdf = issue_request(house).pdf
    first = received_and_read(house, ("uno.pdf", pdf))
    assert accepted(house, first) == ()
    second = received_and_read(house, ("otra vez.pdf", pdf))
    enter(client, "ventanilla")
    page = page_of(client, second)
    assert f'<a class="mono" href="/ventanilla/tramites/{first}">{first}</a>' in page
    read = shown(page.partition("Lo que se leyó de este papel")[2])
    assert view_case(house, first, "prueba").case.answers["employer-request"]["business_name"] in read
    assert 'value="aceptar"' not in page
    desk = shown(client.get("/ventanilla").text)
    assert second in desk
    assert "por leer" not in desk, "it was read"


@pytest.mark.parametrize(("name", "data"), [("carta.pdf", b"PK\x03\x04 no es un PDF"), ("vacio.pdf", b"")])
def test_of_what_is_no_paper_nothing_is_accepted(
    client: TestClient[Any], house: House, name: str, data: bytes
) -> None:
    number = received_and_read(house, (name, data))
    enter(client, "ventanilla")
    page = page_of(client, number)
    assert 'value="aceptar"' not in page
    assert 'name="identity"' not in page
    assert "no hay una solicitud que se pueda aceptar" in shown(page)
    assert 'value="devolver"' in page
    assert 'value="rechazar"' in page
    assert "Agregar y leer" in page


def test_blank_pages_are_told_once_and_can_be_looked_at(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house, ("blancas.pdf", blank_scan(12)))
    enter(client, "ventanilla")
    page = page_of(client, number)
    words = shown(page)
    assert words.count("en blanco y no se") == 1
    assert "Las páginas 1 a 12 de «blancas.pdf» están en blanco" in words
    assert "Ver las 12 páginas que quedaron fuera por estar en blanco" in words
    pictures = [row for row in view_case(house, number, "prueba").documents if row.kind == "page"]
    assert len(pictures) == 12
    for row in pictures:
        assert f'src="/ventanilla/documentos/{row.id}"' in page
