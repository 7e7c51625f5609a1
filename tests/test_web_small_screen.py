"""A small screen and keys alone: what is told of the papers is seen first, and each value with its crop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from playwright.sync_api import expect

from bench.letter_facts import Facts
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from operations.demonstration_data import request_values
from operations.house import House
from tests.browser_fixtures import accessibility_faults, enter, running_desk
from tests.operations_samples import issue_request
from tests.test_reading_letters_of_several_pages import begins, ends
from tests.test_reading_letters_of_several_pages import page as letter_page
from tests.test_web_case import copy_of, receive, settle, signed, together

SMALL: Final = {"width": 1024, "height": 600}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, House]]:
    """A service and its house, with which papers are issued."""
    folder: Path = tmp_path_factory.mktemp("small") / "data"
    with running_desk(folder) as desk:
        yield desk


@pytest.fixture(scope="module")
def service(desk: tuple[str, House]) -> str:
    return desk[0]


@pytest.fixture(scope="module")
def house(desk: tuple[str, House]) -> House:
    return desk[1]


@pytest.fixture
def clerk(page: Any) -> Any:
    """The window of a clerk with a small screen."""
    page.set_viewport_size(SMALL)
    enter(page, "ventanilla")
    return page


def letter(house: House) -> bytes:
    """A letter of two pages by the demonstration's employer."""
    values = {name: value for name, value in request_values(house).items() if name != "petition"}
    told = Facts(values, np.random.default_rng(2), house.today(), "porque no constó un aviso de entrada")
    return encode([letter_page(begins, told), letter_page(ends, told)], "pdf", 200)


def is_in_sight(page: Any, selector: str) -> bool:
    """Whether all of the first such thing is on the screen as it stands."""
    box = page.locator(selector).first.bounding_box()
    return bool(box and box["y"] >= 0 and box["y"] + box["height"] <= SMALL["height"])


def test_what_the_paper_lacks_is_seen_before_any_act(clerk: Any, house: House) -> None:
    random = np.random.default_rng(2)
    unsigned = scan(print_page(issue_request(house).pdf), Scanner(dpi=200), random)
    receive(clerk, ("sin firma.pdf", encode([unsigned], "pdf", 200, 75)))
    assert is_in_sight(clerk, ".notice:has-text('Falta la firma')")
    assert accessibility_faults(clerk) == []
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#fe input[name=identity]:focus"), "Enter goes on to the acts").to_have_count(1)


def test_another_case_of_the_same_scan_is_seen_first(clerk: Any, house: House) -> None:
    two = [signed(issue_request(house, sheet_number="").pdf, seed=seed) for seed in (31, 32)]
    receive(clerk, ("pila.pdf", together(two[0], copy_of("cedula"), two[1])))
    assert is_in_sight(clerk, ".notice:has-text('Del mismo escaneo')")
    clerk.keyboard.press("1")
    expect(clerk.locator("#fe input[name=identity]:checked"), "keys work there too").to_have_count(1)


def test_each_doubt_stands_on_the_screen_with_its_crop(clerk: Any, house: House) -> None:
    receive(clerk, ("carta.pdf", letter(house)))
    seen = 0
    while not clerk.evaluate("document.activeElement === [...document.querySelectorAll('.doubt')].at(-1)"):
        seen += is_in_sight(clerk, ".value:has(.doubt:focus) .crop")
        clerk.keyboard.press("Enter")
    assert seen == clerk.locator(".doubt").count() - 1 > 4
    assert "rojo" not in clerk.inner_text("#visor"), "a letter was not printed here: nothing is added to it"
    expect(clerk.locator("image.evidence"), "each page has its evidence").to_have_count(2)
    assert is_in_sight(clerk, ".value:has(.doubt:focus) .crop")
    petition = clerk.locator("textarea[data-field$='.petition']")
    assert petition.get_attribute("aria-label") == "Petición", "a name, not what the paper asks to write"
    assert petition.evaluate("area => area.scrollHeight <= area.clientHeight + 2"), "nothing to scroll"
    assert clerk.evaluate("() => document.documentElement.scrollWidth") <= SMALL["width"]


def test_what_was_compared_asks_no_more(clerk: Any, house: House) -> None:
    receive(clerk, ("carta.pdf", letter(house)))
    expect(clerk.locator(".notice", has_text="no se pudieron leer con seguridad")).to_have_count(1)
    settle(clerk)
    expect(clerk.locator(".notice", has_text="no se pudieron leer con seguridad")).to_have_count(0)
    expect(clerk.locator(".value .badge.doubtful")).to_have_count(0)
    expect(clerk.locator(".value .badge", has_text="comparado con el papel")).not_to_have_count(0)


def test_a_number_is_not_broken_where_there_is_room_below(clerk: Any, house: House) -> None:
    receive(clerk, ("pedido.pdf", signed(issue_request(house).pdf)))
    number = clerk.locator("#decision .checkbox .mono").first
    one_line = number.evaluate("it => it.getClientRects().length === 1 && it.offsetHeight < 30")
    assert one_line, number.bounding_box()
