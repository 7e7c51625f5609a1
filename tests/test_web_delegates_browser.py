"""A delegate of two employers and one of the employers, each in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from operations.demonstration_data import PASSWORD, PUBLIC_RUC, RUC
from tests.browser_fixtures import accessibility_faults, enter, leave

ROOT = Path(__file__).resolve().parent.parent


def add_delegate(data: Path) -> None:
    """By the command, while the service is up."""
    place = ("--ruc", RUC, "--branch", "0001")
    for words in (
        ("add", "contadora", "--display-name", "Lucía Andrade", "--role", "delegate", *place,
         "--password", PASSWORD),
        ("authorize", "contadora", "--ruc", PUBLIC_RUC),
    ):  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "cli.main", "user", *words],
            env={**os.environ, "VENTANILLA_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )


def test_a_delegate_chooses_prepares_and_is_withdrawn(page: Any, service_data: Path) -> None:
    add_delegate(service_data)
    enter(page, "contadora")
    page.wait_for_selector("text=Elija por qué empleador")
    assert accessibility_faults(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click(f"button:has-text('{PUBLIC_RUC}')")
    page.wait_for_selector(f"header >> text=por el RUC {PUBLIC_RUC}")
    page.click("main table a >> nth=0")
    page.wait_for_selector("text=Lo anula el empleador")
    assert page.locator("text=Anular el comprobante").count() == 0
    assert accessibility_faults(page) == []
    page.click("text=Registrar una novedad")
    page.wait_for_load_state()
    page.select_option("#type", "REL")
    page.wait_for_selector("#previous_relation")
    page.click("header .menu")
    page.click("text=Mis planillas")
    page.click("summary:has-text('Actuar por otro empleador')")
    assert accessibility_faults(page) == []
    page.click(f"button:has-text('{RUC}')")
    page.wait_for_selector(f"header >> text=por el RUC {RUC}")
    page.goto("/portal/formularios/employer-request")
    assert page.input_value("#ruc") == RUC
    leave(page)

    enter(page, f"{RUC}/0001")
    page.click("header .menu")
    page.click("text=Delegados")
    page.wait_for_selector("text=Lucía Andrade")
    page.click("summary:has-text('Retirar a Lucía Andrade')")
    assert accessibility_faults(page) == []
    page.click("button:has-text('Retirar a Lucía Andrade')")
    page.wait_for_selector("text=retirado el")
    leave(page)

    enter(page, "contadora")  # one is left, and nothing of the other
    page.wait_for_selector(f"header >> text=por el RUC {PUBLIC_RUC}")
    assert page.locator(f"text={RUC}").count() == 0
