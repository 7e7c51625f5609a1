"""A house of its own for a test: demonstration employer, a clock that the test moves, real parts inside."""

from __future__ import annotations

import atexit
import dataclasses
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from forms.problems import Problem
from forms.register import find_form
from operations.attested_acts import Attestation
from operations.casework import Refusal
from operations.demonstration_data import REPRESENTATIVE, request_values, seed_demonstration
from operations.house import House, open_house
from operations.issuing import Issued, issue_form
from operations.reading import read_case
from operations.reception import HandedIn, Received, receive
from operations.settings import Settings
from operations.window import accept, correct, view_case

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""Noon of a Monday in Quito."""

IN_ORDER = Attestation(REPRESENTATIVE[0], identity_seen=True, signature_seen=True)


class Clock:
    """The time that a test says it is."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **step: float) -> None:
        self.now += timedelta(**step)


def open_demo_house(folder: Path, clock: Clock, **settings: str) -> House:
    """A house with the demonstration's employer; ``settings`` name another database or blob store.

    The embedded one is copied from one that was filled once: hashing its passwords takes its time.
    """
    chosen = Settings(data_dir=folder / "datos")
    if settings:
        house = open_house(dataclasses.replace(chosen, **settings), clock)  # type: ignore[arg-type]
        seed_demonstration(house)
        return house
    shutil.copytree(_filled_folder(), chosen.data_dir)
    return open_house(chosen, clock)


@cache
def _filled_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    house = open_house(Settings(data_dir=folder), Clock())
    seed_demonstration(house)
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    return folder


def issue_request(house: House, **changes: str) -> Issued:
    form = find_form("employer-request")
    assert form is not None
    issued = issue_form(house, form.current, request_values(house) | changes, "prueba")
    assert isinstance(issued, Issued), issued
    return issued


def hand_in(house: House, *files: tuple[str, bytes], key: str | None = None) -> str:
    handed = [HandedIn(name, [data]) for name, data in files]
    received = receive(house, handed, "Quito - Matriz", "ventanilla", key)
    assert isinstance(received, Received), received
    return received.case


def received_and_read(house: House, *files: tuple[str, bytes]) -> str:
    """A case that waits for the clerk."""
    number = hand_in(house, *(files or (("solicitud.pdf", issue_request(house).pdf),)))
    read_case(house, number)
    return number


def settle_doubts(house: House, number: str) -> None:
    """What the clerk does with the paper in hand: confirm what is doubtful."""
    doubts: dict[str, dict[str, str]] = {}
    for row in view_case(house, number, "ventanilla").fields:
        if row.asks:
            doubts.setdefault(row.form, {})[row.name] = row.reading.value
    for form, values in doubts.items():
        assert not isinstance(correct(house, number, form, values, "ventanilla"), Refusal)


def accepted(house: House, number: str, attestation: Attestation = IN_ORDER) -> tuple[str, ...]:
    """Codes of what keeps the case from being accepted; none when it was."""
    settle_doubts(house, number)
    answer = accept(house, number, attestation, "ventanilla")
    assert not isinstance(answer, Refusal), answer
    return codes(answer)


def codes(problems: tuple[Problem, ...]) -> tuple[str, ...]:
    return tuple(found.code for found in problems)


def state_of(house: House, number: str) -> str:
    return view_case(house, number, "prueba").case.state


def values_of(house: House, number: str) -> Mapping[str, str]:
    answers = view_case(house, number, "prueba").case.answers
    found: Mapping[str, str] = answers["employer-request"]
    return found
