"""The register of an institute's own system: a real server that drops, delays, repeats and lies."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from operations import handing_over, workflows
from operations.demonstration import TASKS
from operations.demonstration_data import BRANCH, RUC
from operations.house import House
from operations.regenerating import regenerate_case
from operations.register import EmbeddedRegister
from operations.remote_register import RegisterTroubleError, RemoteRegister
from operations.verification import verify_archive, verify_audit
from operations.window import view_case
from operations.workflows import Worker
from regeneration.exchange import novedades_as_json, sheet_as_json
from storage.schema import SheetRow
from tests.operations_samples import Clock, accepted, open_demo_house, received_and_read, state_of

HERE = Path(__file__).resolve().parent
API = HERE.parent / "docs" / "register-api.json"
TOKEN = "s3creto"
ZONE = "America/Guayaquil"
Behave = Callable[..., None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("register")
    (folder / "state.json").write_text("{}", "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(HERE / "register_server.py"), str(port), str(folder / "state.json")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx.get(f"{address}/_made", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
        process.terminate()


@pytest.fixture
def house(tmp_path: Path, server: str) -> Iterator[House]:
    """A house whose register is the server, which starts with what the demonstration has in its tables."""
    house = open_demo_house(tmp_path, Clock())
    with house.database.transaction() as session:
        register = EmbeddedRegister(session)
        record = register.period(RUC, BRANCH, "2026-10", "", ZONE)
        employer = register.employer(RUC)
        assert employer is not None
        assert record.sheet is not None
        assert record.reserve_fund_sheet is not None
        state = {
            "employer": {
                "ruc": employer.ruc,
                "business_name": employer.business_name,
                "branches": sorted(employer.branches),
                "representatives": [
                    {"id_number": each.id_number, "name": each.name, "since": each.since.isoformat()}
                    for each in employer.representatives
                ],
            },
            "period": {
                "sheet": sheet_as_json(record.sheet),
                "receipts": receipts_as_json(record.receipts),
                "reserve_fund_sheet": sheet_as_json(record.reserve_fund_sheet),
                "reserve_fund_receipts": receipts_as_json(record.reserve_fund_receipts),
                "reserve_fund_annulled_at": str(record.reserve_fund_annulled_at),
                "reserve_fund_absence_proved": False,
                "novedades": novedades_as_json(record.novedades),
            },
        }
    httpx.post(f"{server}/_state", json=state)
    httpx.post(f"{server}/_behave", json={})
    remote = RemoteRegister(server, TOKEN, 2.5)
    settings = dataclasses.replace(house.settings, core_url=server, core_token=TOKEN)
    yield dataclasses.replace(house, remote_register=remote, settings=settings)
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def receipts_as_json(receipts: Any) -> list[dict[str, str]]:
    return [
        {"number": each.number, "state": each.state.value, "annulled_at": str(each.annulled_at)}
        for each in receipts
    ]


@pytest.fixture
def behave(server: str) -> Behave:
    def tell(mode: str = "well", times: int = 0, only: str = "") -> None:
        httpx.post(f"{server}/_behave", json={"mode": mode, "times": times, "only": only})

    return tell


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
    regenerate_case(house, number)
    regenerate_case(house, number)
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
    record = taken.period(RUC, BRANCH, "2026-10", "", ZONE)
    assert record.sheet is not None
    body = {"replaces": "2026-10-000123", "sheet": sheet_as_json(record.sheet), "case": "otro"}
    headers = {"authorization": f"Bearer {TOKEN}", "idempotency-key": f"otro/{time.time()}"}
    assert httpx.post(f"{server}/replacements", json=body, headers=headers).status_code == 201
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.state.value == "preconditions-failed"
    assert view.checks[0]["problems"][0]["code"] == "REGISTER_CONFLICT"
    assert made_for(server, number) == []


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
    number = received_and_read(house)
    worker = Worker(house, TASKS)
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


def test_every_call_is_in_the_published_description(house: House, server: str) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    api = json.loads(API.read_text("utf-8"))
    assert api["openapi"].startswith("3.1")
    known = {
        (method.upper(), re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path))): operation
        for path, operations in api["paths"].items()
        for method, operation in operations.items()
    }
    calls = httpx.get(f"{server}/_calls").json()
    assert {call["method"] for call in calls} >= {"GET", "POST"}
    for call in calls:
        found = [
            operation
            for (method, path), operation in known.items()
            if method == call["method"] and path.fullmatch(call["path"])
        ]
        assert len(found) == 1, (call["method"], call["path"])
        told = {each["name"].lower() for each in found[0].get("parameters", [])}
        assert {name.split("=")[0] for name in call["query"].split("&") if name} <= told
        if call["method"] == "POST":
            assert "idempotency-key" in told & set(call["headers"])
            schema = found[0]["requestBody"]["content"]["application/json"]["schema"]
            assert set(call["body"]) <= set(schema["properties"])
            assert set(schema["required"]) <= set(call["body"])
