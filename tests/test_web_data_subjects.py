"""A data subject's request in a real browser: seen, taken along, also on a telephone; masks that come off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from operations.demonstration_data import REPRESENTATIVE
from tests.browser_fixtures import accessibility_faults, enter
from tests.operations_samples import Clock, open_demo_house, received_and_read


@pytest.fixture(scope="module")
def service_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service that has a case already."""
    folder = tmp_path_factory.mktemp("subjects")
    house = open_demo_house(folder, Clock())
    received_and_read(house)
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    return house.settings.data_dir


def ask(page: Any, number: str, reason: str = "Solicitud del titular 2026-14") -> None:
    page.goto("/archivo/titulares")
    page.get_by_label("Cédula o código de extranjero").fill(number)
    page.get_by_label("Motivo").fill(reason)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1366, 320])
def test_the_archivist_answers_a_person(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    enter(page, "archivo")
    ask(page, "1712345674")
    expect(page.locator("#numero-problema")).to_have_count(1)
    assert accessibility_faults(page) == []
    ask(page, REPRESENTATIVE[0])
    expect(page.get_by_text(REPRESENTATIVE[1])).not_to_have_count(0)
    assert REPRESENTATIVE[0] not in page.url
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Copia para el titular (JSON)").click()
    body = json.loads(Path(download.value.path()).read_bytes())
    assert body["titular"] == REPRESENTATIVE[0]
    assert body["datos"]


def test_masks_come_off_by_a_deliberate_act(page: Any) -> None:
    enter(page, "archivo")
    page.goto("/archivo?q=solicitud")
    with page.expect_navigation():
        page.locator("ol.hits a").first.click()
    expect(page.get_by_text("•••••••675")).not_to_have_count(0)
    assert REPRESENTATIVE[0] not in page.content()
    address = page.url.partition("#")[0]
    with page.expect_navigation():
        page.get_by_role("button", name="Mostrar los datos personales").press("Enter")
    expect(page.get_by_text(REPRESENTATIVE[0])).not_to_have_count(0)
    assert accessibility_faults(page) == []
    page.goto(address)
    assert REPRESENTATIVE[0] not in page.content()
