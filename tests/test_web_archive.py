"""The archive in a real browser: searched while typing, the record as one story, pages with their text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from operations.demonstration import sign_and_scan
from operations.demonstration_data import PASSWORD, RUC
from tests.browser_fixtures import accessibility_faults, enter
from tests.operations_samples import Clock, issue_request, open_demo_house
from tests.spreadsheet_opening import open_in_spreadsheet


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A signed request as it comes from a scanner; its keys are another house's, so its seal is unknown."""
    house = open_demo_house(tmp_path_factory.mktemp("elsewhere"), Clock())
    return sign_and_scan(issue_request(house).pdf, 3)


@pytest.fixture(scope="module")
def clerk(service: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service, timeout=30) as client:
        client.get("/acceso")
        token = client.cookies["csrftoken"]
        client.post("/acceso", data={"usuario": "ventanilla", "clave": PASSWORD, "_csrf_token": token})
        yield client


@pytest.fixture(scope="module")
def number(service: str, clerk: httpx.Client, scan: bytes) -> str:
    """A case whose derivative is made: waited for as a person would, by looking again."""
    token = clerk.cookies["csrftoken"]
    answer = clerk.post(
        "/ventanilla/recepciones",
        files={"archivos": ("escaneo ñandú.pdf", scan, "application/pdf")},
        headers={"x-csrftoken": token},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def open_record(page: Any, number: str) -> None:
    enter(page, "archivo")
    page.goto(f"/archivo/tramites/{number}")
    for _ in range(60):
        if page.locator("text=PDF/A-2b validado").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.inner_text("main"))


def test_the_record_is_one_story_and_the_original_comes_back_bit_by_bit(
    page: Any, number: str, scan: bytes
) -> None:
    open_record(page, number)
    assert accessibility_faults(page) == []
    for heading in ("De qué trata", "Documentos", "Lecturas y correcciones", "Historia", "Quién lo vio"):
        expect(page.locator(f"h2:has-text('{heading}')")).to_have_count(1)
    expect(page.locator("#historia ~ ol >> text=Se hizo la copia de conservación")).to_have_count(1)
    with page.expect_download() as caught:
        page.click("text=Descargar el original")
    assert Path(caught.value.path()).read_bytes() == scan
    page.reload()
    expect(page.locator("section:has(#quien-lo-vio) tr:has-text('Se llevó una copia')")).to_have_count(1)


def test_the_text_of_a_page_can_be_marked_and_copied(page: Any, number: str) -> None:
    open_record(page, number)
    page.click("a:has-text('Ver (1 página)')")
    page.wait_for_selector("svg.text-layer text")
    assert accessibility_faults(page) == []
    picture = page.request.get(page.locator("svg.text-layer image").get_attribute("href"))
    assert picture.headers["content-type"] == "image/webp"
    wide = page.evaluate(
        "async url => { const i = new Image(); i.src = url; await i.decode(); return i.naturalWidth; }",
        page.locator("svg.text-layer image").get_attribute("href"),
    )
    assert 880 < wide < 940  # 210 mm at 110 dpi
    line = page.locator("svg.text-layer text", has_text="representante legal del empleador")
    box = line.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert "representante legal" in page.evaluate("() => getSelection().toString()")


def test_results_come_while_typing_and_their_address_is_the_search(page: Any, number: str) -> None:
    open_record(page, number)
    page.goto("/archivo")
    assert accessibility_faults(page) == []
    page.type("#q", "representante empleador")
    hit = page.locator("li.hit", has_text=number).first
    hit.wait_for()
    page.wait_for_selector("li.hit mark")
    assert page.locator("li.hit img").first.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert page.url.endswith("/archivo?q=representante+empleador")
    assert accessibility_faults(page) == []
    page.reload()
    assert page.input_value("#q") == "representante empleador"
    expect(page.locator("li.hit", has_text=number)).not_to_have_count(0)
    page.click("li.hit .snippet a")
    page.wait_for_selector("svg.text-layer rect.found")


def test_filters_saved_searches_and_the_list(page: Any, number: str) -> None:
    open_record(page, number)
    page.goto("/archivo?q=tipo:original+desde:ayer")
    page.wait_for_selector("[role=alert]:has-text('desde: ayer')")
    page.goto(f"/archivo?tramite={number}&tipo=original")
    page.wait_for_selector("[role=status]:has-text('1 documento.')")
    page.click("text=Guardar esta búsqueda")
    page.fill("#nombre", "Mi trámite")
    page.click("details.keep button")
    page.wait_for_selector("ul.saved a:has-text('Mi trámite')")
    page.goto("/archivo")
    page.click("ul.saved a:has-text('Mi trámite')")
    page.wait_for_selector("[role=status]:has-text('1 documento.')")
    with page.expect_download() as caught:
        page.click("text=Lista para hoja de cálculo")
    rows = open_in_spreadsheet(Path(caught.value.path()).read_bytes())
    assert [(row["Trámite"], row["Tipo"], row["Documento"]) for row in rows] == [
        (number, "Original recibido", "01 escaneo ñandú.pdf")
    ]
    page.goto("/archivo")
    page.click("ul.saved button")
    page.wait_for_load_state()
    expect(page.locator("ul.saved")).to_have_count(0)


def test_the_archive_works_without_scripts_and_on_a_telephone(
    chromium: Any, service: str, page: Any, number: str
) -> None:
    open_record(page, number)
    state = page.context.storage_state()
    context = chromium.new_context(
        base_url=service,
        java_script_enabled=False,
        storage_state=state,
        viewport={"width": 320, "height": 640},
    )
    plain = context.new_page()
    plain.goto("/archivo")
    plain.fill("#q", f"tramite:{number}")
    plain.click("main form[role=search] button")
    expect(plain.locator("li.hit")).not_to_have_count(0)
    plain.click("li.hit .lead a >> nth=0")
    expect(plain.locator("h1", has_text=number)).to_have_count(1)
    context.close()
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (f"/archivo?q={number}", f"/archivo/tramites/{number}"):
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, address
        assert accessibility_faults(page) == []


def test_only_the_archive_sees_it(page: Any, number: str) -> None:
    enter(page, f"{RUC}/0001")
    for path in (
        "/archivo",
        f"/archivo/tramites/{number}",
        "/archivo/lista.csv?q=a",
        "/archivo/documentos/1",
    ):
        assert page.request.get(path).status == 403
    for part in ("miniatura", "paginas/1", "paginas/1/imagen"):
        assert page.request.get(f"/archivo/documentos/1/{part}").status == 403


def test_hostile_addresses_are_answered(page: Any, number: str) -> None:
    del number
    enter(page, "archivo")
    for query in (
        "q=%22",
        "q=*",
        "q=%00",
        "q=(((",
        "q=a%27b",
        "q=%F0%9F%99%82",
        "antes=x&q=a",
        "antes=-1&q=a",
    ):
        assert page.request.get(f"/archivo?{query}").status == 200, query
    for path in ("documentos/999999/paginas/1", "documentos/1/paginas/99", "tramites/no-hay"):
        assert page.request.get(f"/archivo/{path}").status == 404, path
