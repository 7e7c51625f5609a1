"""What the case page says of a value: struck out, corrected against its seal, typed by the clerk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient

from forms.register import find_form
from generators.paper.files import encode
from generators.paper.ink import Pen, sign, strike
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from operations.house import House
from operations.window import view_case
from tests.operations_samples import issue_request, received_and_read, settle_doubts
from tests.test_web_corrections import act, client, enter, field_of

__all__ = ["client"]  # a fixture told elsewhere


def struck_request(house: House, name: str) -> bytes:
    """A signed request, scanned after somebody drew a line through a value."""
    form = find_form("employer-request")
    assert form is not None
    random = np.random.default_rng(7)
    box = form.current.field(name).box
    sheet = sign(print_page(issue_request(house).pdf), form.current.signature_fields[0].box, random)
    sheet = strike(sheet, box, random, Pen(0.5, 40))
    return encode([scan(sheet, Scanner(dpi=200), random)], "pdf", 200, 80)


def shown(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def row_of(page: str, label: str) -> str:
    """What stands beside a value that was read."""
    found = re.search(
        rf'<div class="value settled[^"]*">\s*<span>{re.escape(label)}<br>.*?</div>', page, re.S
    )
    assert found is not None, label
    return shown(found.group(0))


@pytest.fixture
def struck(house: House) -> Iterator[str]:
    yield received_and_read(house, ("escaneo.pdf", struck_request(house, "phone")))


def test_a_value_that_was_struck_out_is_told_so_after_the_clerk_decided_too(
    client: TestClient[Any], house: House, struck: str
) -> None:
    enter(client, "ventanilla")
    page = shown(client.get(f"/ventanilla/tramites/{struck}").text)
    assert "En el papel parece tachado" in page
    assert page.count("«Teléfono»") == 1, "the reason of the doubt is told, and no second notice"
    settle_doubts(house, struck)
    page = shown(client.get(f"/ventanilla/tramites/{struck}").text)
    assert "El dato «Teléfono» parece tachado" in page


def test_a_value_written_over_the_seal_is_not_called_confirmed(client: TestClient[Any], house: House) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    enter(client, "ventanilla")
    assert "todos confirmados" in client.get(f"/ventanilla/tramites/{number}").text
    values = {"employer-request.phone": "02 222 2222", "version": version(house, number)}
    assert act(client, number, "datos", values).status_code in {200, 303}
    page = client.get(f"/ventanilla/tramites/{number}").text
    assert "corregido por ventanilla" in row_of(page, "Teléfono")
    assert "confirmado" not in row_of(page, "Teléfono")
    assert "todos confirmados" not in page
    assert "1 escrito en ventanilla" in shown(page)
    assert "confirmado" in row_of(page, "RUC")


def test_a_struck_value_that_the_clerk_wrote_anew_is_not_called_compared(
    client: TestClient[Any], house: House, struck: str
) -> None:
    enter(client, "ventanilla")
    values = {"employer-request.phone": "02 222 2222", "version": version(house, struck)}
    assert act(client, struck, "datos", values).status_code in {200, 303}
    page = client.get(f"/ventanilla/tramites/{struck}").text
    assert "corregido por ventanilla" in row_of(page, "Teléfono")
    assert "comparado con el papel" not in row_of(page, "Teléfono")
    assert "02 222 2222" in field_of(page, "employer-request.phone")


def version(house: House, number: str) -> str:
    return str(view_case(house, number, "prueba").case.version)
