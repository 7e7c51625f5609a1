"""In a real browser: values corrected by keys alone, and what was written when the session was over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from operations.house import House, open_house
from operations.settings import Settings
from tests.browser_fixtures import accessibility_faults, enter
from tests.operations_samples import hand_in, issue_request


@pytest.fixture
def number(service: str, service_data: Path) -> str:
    """A case that the service has read; its papers were handed in behind the browser's back."""
    house: House = open_house(Settings(data_dir=service_data))
    number = hand_in(house, ("solicitud.pdf", issue_request(house).pdf))
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    return number


def open_case(page: Any, number: str) -> None:
    page.goto(f"/ventanilla/tramites/{number}")
    page.wait_for_selector("#estado:has-text('En revisión')", timeout=60_000)
    page.wait_for_load_state()


def sign_in(page: Any, name: str) -> None:
    """On the page where one is now."""
    page.fill("#usuario", name)
    page.fill("#clave", "ventanilla-demo")
    with page.expect_navigation():
        page.press("#clave", "Enter")


def test_a_value_that_was_read_is_corrected_by_keys(page: Any, number: str) -> None:
    enter(page, "ventanilla")
    open_case(page, number)
    page.locator("#fe input").first.focus()
    page.keyboard.press("c")
    expect(page.locator(".correct > summary:focus")).to_have_count(1)
    while "Teléfono" not in page.evaluate("document.activeElement.textContent"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".correction:focus")).to_have_count(1)
    assert accessibility_faults(page) == []
    page.keyboard.type("no vale")
    page.keyboard.press("Escape")
    expect(page.locator(".correct[open]")).to_have_count(0)
    page.keyboard.press("Enter")
    assert page.input_value(".correct[open] .correction") != "no vale", "Esc leaves what stood"
    page.keyboard.press("Control+a")
    page.keyboard.type("02 222 2222")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".value", has_text="02 222 2222")).to_have_count(1)
    expect(page.locator("#distinto")).to_have_count(1)


def test_what_was_written_when_every_cookie_was_gone_is_there_again(page: Any, number: str) -> None:
    enter(page, "ventanilla")
    open_case(page, number)
    page.wait_for_selector("#otra-decision[open]")
    page.fill("#motivo", "Falta la página dos.")
    page.context.clear_cookies()
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")
    page.wait_for_selector("h1:has-text('La página venció')")
    assert accessibility_faults(page) == []
    with page.expect_navigation():
        page.click("text=Volver a la página del formulario")
    sign_in(page, "ventanilla")
    assert page.url.endswith(f"/ventanilla/tramites/{number}")
    assert page.input_value("#motivo") == "Falta la página dos."


def test_what_was_written_when_the_session_was_over_is_there_again(page: Any, number: str) -> None:
    enter(page, "ventanilla")
    open_case(page, number)
    page.wait_for_selector("#otra-decision[open]")  # nobody signed the paper, so it is proposed
    page.check("input[name=falta_missing_page]")
    page.fill("#motivo", "Falta la página dos.")
    page.context.clear_cookies(name="ventanilla_sesion")
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")
    sign_in(page, "ventanilla")
    assert page.url.endswith(f"/ventanilla/tramites/{number}")
    assert page.input_value("#motivo") == "Falta la página dos."
    assert page.is_checked("input[name=falta_missing_page]")
    assert "nada se guardó" in page.inner_text("[role=alert]:not([hidden])")
    assert accessibility_faults(page) == []
    page.reload()
    assert page.input_value("#motivo") == "", "kept once, for the page after signing in"


def test_another_person_finds_nothing_of_it(page: Any, number: str) -> None:
    enter(page, "ventanilla")
    open_case(page, number)
    page.wait_for_selector("#otra-decision[open]")  # nobody signed the paper, so it is proposed
    page.fill("#motivo", "Mío.")
    page.context.clear_cookies(name="ventanilla_sesion")
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")
    sign_in(page, "supervision")
    assert page.input_value("#motivo") == ""
    assert page.evaluate("sessionStorage.getItem('ventanilla-enviado')") is None
