"""The register of an institute's own system: a real server that drops, delays, repeats and lies."""

from __future__ import annotations

import dataclasses
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from operations import handing_over, regenerating, waiting, workflows
from operations.demonstration_data import BRANCH, RUC
from operations.duties import ROUNDS, TASKS
from operations.house import House
from operations.regenerating import regenerate_case
from operations.register_answers import PeriodAsked, RegisterTroubleError
from operations.remote_register import RemoteRegister
from operations.verification import verify_archive, verify_audit
from operations.window import view_case
from operations.workflows import Worker
from regeneration.exchange import sheet_as_json
from storage.schema import SheetRow
from storage.waits import WaitRow
from tests.operations_samples import accepted, hand_in, issue_request, received_and_read, state_of
from tests.register_fixtures import TOKEN, ZONE, Behave


@pytest.fixture
def server(register_address: str) -> str:
    return register_address


@pytest.fixture
def house(register_house: House) -> House:
    return register_house


def made_for(server: str, number: str) -> list[dict[str, Any]]:
    made = httpx.get(f"{server}/_made").json()
    return [answer for key, answer in made.items() if key.startswith(f"{number}/")]


def test_the_journey_through_the_institutes_register(house: House, server: str) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    (made,) = made_for(server, number)
    view = view_case(house, number, "prueba")
    done = next(row.data for row in view.events if row.event == "rebuild-done")
    assert done["sheet"] == made["sheet"]
    assert done["reserve_fund_sheet"] == made["reserve_fund_sheet"]
    assert made["sheet"]["replaces"] == "2026-10-000123"
    with house.database.reading() as session:
        ours = session.scalars(select(SheetRow).where(SheetRow.made_by_case.is_not(None))).all()
    assert not ours, "our own tables are not the register here"
    assert verify_archive(house)[1] == []
    assert verify_audit(house).first_broken is None


@pytest.mark.parametrize("only", ["/periods/", "/replacements"])
@pytest.mark.parametrize("mode", ["drop", "500", "503", "429", "lose-answer"])
def test_what_passes_is_tried_again_and_makes_one_sheet(
    house: House, server: str, behave: Behave, mode: str, only: str
) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave(mode, times=2, only=only)
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert len(made_for(server, number)) == 1


@pytest.mark.parametrize("mode", ["drop", "delay", "503", "lose-answer"])
def test_a_register_that_is_away_keeps_the_case_waiting_and_then_it_goes_on(
    house: House, server: str, behave: Behave, mode: str
) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave(mode, only="/replacements")
    hurried = dataclasses.replace(house, remote_register=RemoteRegister(server, TOKEN, 0.5))
    regenerate_case(hurried, number)
    regenerate_case(hurried, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "rebuilding"
    assert "no responde" in view.waits_for
    assert [row.event for row in view.events].count("wait") == 1, "told once for the same reason"
    behave()
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "archived"
    assert view.waits_for == ""
    assert len(made_for(server, number)) == 1


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("lie-period", "no es de"),
        ("lie-shape", "claves desconocidas"),
        ("lie-cent", "no es la que se envió"),
        ("lie-old", "no reemplaza a la"),
        ("lie-state", "quedó «pagada»"),
        ("no-json", "no es JSON"),
        ("redirect", "estado 302"),
        ("proxy-404", "no es JSON"),
        ("deep", "no es JSON"),
    ],
)
def test_a_lie_is_never_kept_as_a_fact(house: House, behave: Behave, mode: str, said: str) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave(mode)
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value in {"accepted", "rebuilding"}
    last = view.events[-1]
    assert last.data["problem"]["code"] == "REGISTER_ANSWER_INVALID"
    assert said in view.waits_for
    assert not [row for row in view.events if row.event == "rebuild-done"]
    behave()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"


@pytest.mark.parametrize("mode", ["proxy-404", "proxy-409"])
def test_a_foreign_refusal_after_a_lost_answer_does_not_end_the_case(
    house: House, server: str, behave: Behave, mode: str
) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave("lose-answer", only="/replacements")
    regenerate_case(house, number)
    behave(mode)
    regenerate_case(house, number)
    assert state_of(house, number) == "rebuilding"
    behave()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert len(made_for(server, number)) == 1


def test_a_pause_too_long_to_wait_for_is_left_for_later(server: str, house: House, behave: Behave) -> None:
    behave("closed")
    before = len(httpx.get(f"{server}/_calls").json())
    with pytest.raises(RegisterTroubleError, match="no responde"):
        RemoteRegister(server, TOKEN, 1.0).employer(RUC)
    assert len(httpx.get(f"{server}/_calls").json()) == before + 1


def test_acceptance_asks_the_institute_and_says_when_it_cannot(house: House, behave: Behave) -> None:
    number = received_and_read(house)
    behave("drop")
    assert accepted(house, number) == ("REGISTER_UNREACHABLE",)
    behave("lie-employer")
    assert accepted(house, number) == ("REGISTER_ANSWER_INVALID",)
    assert state_of(house, number) == "in-review"
    behave()
    assert accepted(house, number) == ()


def test_a_sheet_that_somebody_replaced_meanwhile_stops_the_case(
    house: House, server: str, behave: Behave
) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave("drop", only="/replacements")
    regenerate_case(house, number)
    behave()
    taken = house.remote_register
    assert taken is not None
    record = taken.period(PeriodAsked(RUC, BRANCH, "2026-10", "", ZONE, house.now()))
    assert record.sheet is not None
    body = {"replaces": "2026-10-000123", "sheet": sheet_as_json(record.sheet), "case": "otro"}
    headers = {"authorization": f"Bearer {TOKEN}", "idempotency-key": f"otro/{time.time()}"}
    assert httpx.post(f"{server}/replacements", json=body, headers=headers).status_code == 201
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "preconditions-failed"
    assert view.checks[0]["problems"][0]["code"] == "REGISTER_CONFLICT"
    assert made_for(server, number) == []


@pytest.mark.usefixtures("house")  # which tells the register what it knows: alone, the test found it empty
def test_a_wrong_token_is_told_and_nothing_is_guessed(server: str) -> None:
    with pytest.raises(RegisterTroubleError, match="estado 401"):
        RemoteRegister(server, "otro", 1.0).employer(RUC)
    assert RemoteRegister("http://127.0.0.1:1", TOKEN, 1.0).is_there() is False
    assert RemoteRegister(server, TOKEN, 1.0).employer("0000000000000") is None


def test_killed_between_the_register_and_our_record_there_is_one_sheet(house: House, server: str) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    child = os.fork()
    if child == 0:
        handing_over._record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
        regenerate_case(house, number)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    house.database.engine.dispose(close=False)
    assert state_of(house, number) == "rebuilding"
    assert len(made_for(server, number)) == 1
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert len(made_for(server, number)) == 1
    assert verify_archive(house)[1] == []


def test_the_worker_goes_on_by_itself_when_the_register_is_back(
    house: House, server: str, behave: Behave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflows, "_RECONCILE_SECONDS", 1.0)
    monkeypatch.setattr(waiting, "_FIRST", timedelta(0))
    number = received_and_read(house)
    worker = Worker(house, TASKS, ROUNDS)
    worker.start()
    try:
        behave("drop", only="/periods/")
        assert accepted(house, number) == ()
        await_that(lambda: view_case(house, number, "prueba").waits_for != "")
        behave()
        await_that(lambda: state_of(house, number) == "archived")
    finally:
        worker.stop()
    assert len(made_for(server, number)) == 1


def await_that(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_case_ends_with_the_register_that_it_began_with(
    house: House, server: str, behave: Behave, tmp_path: Path
) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave("lose-answer", only="/replacements")
    regenerate_case(house, number)
    assert len(made_for(server, number)) == 1
    behave()
    embedded = dataclasses.replace(house, remote_register=None)
    regenerate_case(embedded, number)
    view = view_case(embedded, number, "prueba")
    assert view.state.value == "rebuilding"
    assert "empezó con otro registro" in view.waits_for
    with house.database.reading() as session:
        assert not session.scalars(select(SheetRow).where(SheetRow.made_by_case.is_not(None))).all()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert len(made_for(server, number)) == 1


def test_a_case_begun_in_our_tables_is_not_handed_to_an_institute(house: House, server: str) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    embedded = dataclasses.replace(house, remote_register=None)
    regenerating._check(embedded, number)
    assert state_of(house, number) == "rebuilding"
    regenerate_case(house, number)
    assert "empezó con otro registro" in view_case(house, number, "prueba").waits_for
    assert made_for(server, number) == []
    regenerate_case(embedded, number)
    assert state_of(house, number) == "archived"


def test_each_try_in_vain_makes_the_pause_longer(house: House, behave: Behave) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    behave("closed")
    pauses = []
    for _ in range(6):
        regenerate_case(house, number)
        with house.database.reading() as session:
            row = session.get_one(WaitRow, number)
            pauses.append((row.next_at - house.now()).total_seconds())
            assert number in waiting.cases_not_due(session, house.now())
            assert number not in waiting.cases_not_due(session, row.next_at)
    for pause, expected in zip(pauses, (30, 60, 120, 240, 300, 300), strict=True):
        assert 0.8 * expected <= pause <= 1.2 * expected
    behave()
    regenerate_case(house, number)
    with house.database.reading() as session:
        assert session.get(WaitRow, number) is None


def test_a_silent_register_keeps_no_reading_waiting(house: House, behave: Behave) -> None:
    alone = dataclasses.replace(house, settings=dataclasses.replace(house.settings, workers=1))
    number = received_and_read(house)
    behave("delay", only="/periods/")
    worker = Worker(alone, TASKS, ROUNDS)
    worker.start()
    try:
        assert accepted(house, number) == ()
        await_that(lambda: alone.jobs.under_way() == {(workflows.REBUILD, number)})
        other = hand_in(house, ("otra.pdf", issue_request(house).pdf))
        await_that(lambda: state_of(house, other) == "in-review")
        assert state_of(house, number) == "accepted"
        assert view_case(house, number, "prueba").waits_for == "", "it was still being asked"
    finally:
        behave()
        worker.stop()
