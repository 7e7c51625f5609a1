"""Accepting a case in a real browser: what the boxes say at that moment counts, what lacks is told beside its
box, and no key that comes too often decides anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from operations.house import House
from tests.browser_fixtures import accessibility_faults, enter, running_desk
from tests.operations_samples import issue_request
from tests.test_operations_journey import scan_with_white_out
from tests.test_web_case import receive, settle, signed, state

STRANGER: Final = "0100000017"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, House]]:
    with running_desk(tmp_path_factory.mktemp("acceptance") / "data") as desk:
        yield desk


@pytest.fixture(scope="module")
def service(desk: tuple[str, House]) -> str:
    return desk[0]


@pytest.fixture(scope="module")
def house(desk: tuple[str, House]) -> House:
    return desk[1]


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.tagName"))


def accept(page: Any) -> None:
    with page.expect_navigation():
        page.click("#decision button")


def history(page: Any) -> str:
    return str(page.inner_text("table:has-text('Cuándo')"))


def test_an_unticked_box_is_withdrawn_and_nothing_is_accepted_without_it(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    receive(page, ("s.pdf", signed(issue_request(house).pdf, seed=31)))
    settle(page)
    page.check("#fe input[name=identity]")
    page.check("#fe input[name=signature]")
    page.fill("#otra_persona", STRANGER)
    accept(page)
    assert "AUTHORIZATION_MISSING" in page.inner_text("[role=alert]")
    expect(page.locator("#fe input:checked")).to_have_count(2)
    page.fill("#otra_persona", "")
    page.check("input[name=presenta]")
    page.uncheck("#fe input[name=identity]")
    page.uncheck("#fe input[name=signature]")
    accept(page)
    assert state(page) == "En revisión"
    expect(page.locator("#fe input:checked")).to_have_count(0)
    assert "visto por" not in page.inner_text("#fe")
    assert "Retira lo que había dicho que vio: firma de puño y letra" in history(page)
    page.reload()
    expect(page.locator("#fe input[name=signature]:checked")).to_have_count(0)


def test_what_was_not_ticked_is_told_beside_its_box_and_has_the_focus(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    receive(page, ("s.pdf", signed(issue_request(house).pdf, seed=32)))
    settle(page)
    page.keyboard.press("1")
    accept(page)
    told = page.inner_text("[role=alert]")
    assert "«¿Firma de puño y letra en el original?»" in told
    assert "bolígrafo" not in told, "the signature is there: the clerk has not said so yet"
    box = page.locator("#fe input[name=signature]")
    assert focused(page) == "signature"
    assert box.get_attribute("aria-invalid") == "true"
    beside = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert "Usted no ha marcado" in beside.inner_text()
    expect(page.locator("#fe input[name=identity][aria-invalid]")).to_have_count(0)
    assert accessibility_faults(page) == []


def test_a_digit_ticks_and_never_takes_a_tick_away(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    receive(page, ("s.pdf", signed(issue_request(house).pdf, seed=33)))
    settle(page)
    for key in "1122":
        page.keyboard.press(key)
    expect(page.locator("#fe input:checked")).to_have_count(2)
    page.keyboard.press("Space")
    expect(page.locator("#fe input:checked")).to_have_count(1)
    page.keyboard.press("?")
    assert "pulsar otra vez no lo quita" in page.inner_text("#teclas")


def test_an_enter_too_many_after_the_last_doubt_decides_nothing(page: Any, house: House) -> None:
    """Both boxes are ticked already, by an acceptance that failed for the doubt that was left."""
    enter(page, "ventanilla")
    receive(page, ("papel.pdf", scan_with_white_out(house, "representative_id")))
    expect(page.locator(".doubt")).to_have_count(1)
    page.check("#fe input[name=identity]")
    page.check("#fe input[name=signature]")
    accept(page)
    doubt = page.locator(".doubt")
    wide = "e => e.getBoundingClientRect().right"
    words, beside = page.locator(".value > span").nth(0), page.locator(".value > span").nth(1)
    assert words.locator(".badge").evaluate(wide) <= beside.evaluate("e => e.getBoundingClientRect().left")
    assert focused(page) == "employer-request.representative_id", "the first place to mend"
    assert doubt.get_attribute("aria-invalid") == "true"
    beside = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText"
    )
    assert "sin confirmar" in beside
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("#fe input:focus")
    page.keyboard.press("Enter")
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")  # the keyboard repeats what is held
    page.keyboard.up("Enter")
    page.reload()
    assert state(page) == "En revisión"
    page.keyboard.press("1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("#estado:not(:has-text('En revisión'))")


def test_every_place_that_has_the_focus_shows_it(page: Any, house: House) -> None:
    """The page's picture too; and what was refused begins where it is told."""
    enter(page, "ventanilla")
    receive(page, ("s.pdf", signed(issue_request(house).pdf, seed=35)))
    settle(page)
    page.keyboard.press("F2")
    ring = page.evaluate("getComputedStyle(document.getElementById('visor')).outline")
    assert "solid 3px" in ring, ring
    page.click("summary:has-text('Devolver para completar')")
    with page.expect_navigation():
        page.click("button:text-is('Devolver para completar')")
    assert focused(page) == "motivo"
    beside = page.inner_text(f"#{page.get_attribute('#motivo', 'aria-describedby').split()[0]}")
    assert "hay que decir qué falta" in beside
    page.fill("#motivo", "No corresponde.")
    page.fill("#otra_persona", STRANGER)
    page.check("#fe input[name=identity]")
    page.check("#fe input[name=signature]")
    accept(page)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
