"""Queued work: with its transaction or not at all, tried again when it failed, and on the larger engines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from operations_samples import (
    Clock,
    accepted,
    hand_in,
    issue_request,
    open_demo_house,
    received_and_read,
    state_of,
)
from storage_samples import new_bucket, new_postgres

from operations.archive import find_documents
from operations.casework import start_case
from operations.duties import ROUNDS, TASKS
from operations.house import House
from operations.papers import PAPER_TITLES
from operations.reception import HandedIn, receive
from operations.verification import verify_archive, verify_audit
from operations.workflows import READ, REBUILD, Task, Worker, enqueue, reconcile

SECONDS = 60.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> House:
    return open_demo_house(tmp_path, clock)


def await_state(house: House, number: str, state: str) -> None:
    deadline = time.monotonic() + SECONDS
    while state_of(house, number) != state:
        assert time.monotonic() < deadline, state_of(house, number)
        time.sleep(0.05)


def test_work_is_queued_with_its_transaction_or_not_at_all(house: House) -> None:
    with pytest.raises(ZeroDivisionError), house.database.transaction() as session:
        case = start_case(session, house.now(), "Quito", "x", {"files": []}, None)
        enqueue(house, session, READ, case)
        raise ZeroDivisionError
    assert house.jobs.under_way() == set()
    number = hand_in(house, ("a.pdf", issue_request(house).pdf))
    assert house.jobs.under_way() == {(READ, number)}


def test_reception_that_fails_leaves_neither_case_nor_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise OSError("the database's disk is full")

    monkeypatch.setattr("storage.jobs.Jobs.enqueue", break_down)
    with pytest.raises(OSError, match="full"):
        receive(house, [HandedIn("a.pdf", [b"%PDF"])], "Quito", "x")
    monkeypatch.undo()
    assert house.jobs.under_way() == set()
    assert hand_in(house, ("a.pdf", b"%PDF")).startswith("2026-000001-")


def test_case_without_work_is_queued_again_and_one_with_work_is_left_alone(house: House) -> None:
    with house.database.transaction() as session:
        forgotten = start_case(session, house.now(), "Quito", "x", {"files": []}, None).number
    queued = hand_in(house, ("a.pdf", issue_request(house).pdf))
    finished = received_and_read(house)
    assert reconcile(house) == 1
    assert house.jobs.under_way() >= {(READ, forgotten), (READ, queued)}
    assert reconcile(house) == 0
    assert state_of(house, finished) == "in-review"


@pytest.fixture
def crew(house: House) -> Iterator[list[Worker]]:
    """Workers that are stopped at the end; the engine allows one at a time in a process."""
    workers: list[Worker] = []
    yield workers
    for worker in workers:
        worker.stop()


def test_work_that_failed_is_tried_again(house: House, clock: Clock, crew: list[Worker]) -> None:
    tries: list[str] = []

    def fails_once(house: House, number: str) -> None:
        tries.append(number)
        if len(tries) == 1:
            raise ConnectionError("the store is away")
        TASKS[READ](house, number)

    tasks: dict[str, Task] = {**TASKS, READ: fails_once}
    number = hand_in(house, ("a.pdf", issue_request(house).pdf))
    crew.append(Worker(house, tasks, ROUNDS))
    crew[0].start()
    deadline = time.monotonic() + SECONDS
    while not tries or (READ, number) in house.jobs.under_way():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    clock.pass_time(minutes=1)
    reconcile(house)
    await_state(house, number, "in-review")
    assert tries == [number, number]


def test_ended_work_is_forgotten_and_work_to_do_is_not(house: House, crew: list[Worker]) -> None:
    number = hand_in(house, ("a.pdf", issue_request(house).pdf))
    crew.append(Worker(house, TASKS, ROUNDS))
    crew[0].start()
    await_state(house, number, "in-review")
    await_rest(house)  # the copy for keeping is made after the reading
    crew.pop().stop()
    queued = hand_in(house, ("b.pdf", issue_request(house).pdf))
    now = datetime.now(UTC)
    assert house.jobs.forget(now - timedelta(days=1)) == 0
    assert house.jobs.forget(now + timedelta(days=1)) == 2  # the reading, and the copy made after it
    assert house.jobs.forget(now + timedelta(days=1)) == 0
    assert house.jobs.under_way() == {(READ, queued)}


@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["as queued", "backwards"])
def test_many_cases_all_come_to_their_end(house: House, crew: list[Worker], order: list[int]) -> None:
    numbers = []
    for place in range(4):  # each of another sheet, or only the first of the day would be accepted
        asked = {"sheet_number": ""} if place == 0 else {"period": f"2026-0{place}", "sheet_number": ""}
        numbers.append(hand_in(house, (f"{place}.pdf", issue_request(house, **asked).pdf)))
    crew.append(Worker(house, TASKS, ROUNDS))
    crew[0].start()
    for place in order:
        await_state(house, numbers[place], "in-review")
        assert accepted(house, numbers[place]) == ()
    ends = {}
    for number in numbers:
        await_state_of_any(house, number, {"in-review", "archived", "preconditions-failed"})
        ends[number] = state_of(house, number)
    assert sorted(ends[numbers[place]] for place in (0, 1)) == ["archived", "preconditions-failed"]
    assert [ends[number] for number in numbers[2:]] == ["in-review", "in-review"]
    await_rest(house)
    assert verify_archive(house)[1] == []


def await_rest(house: House) -> None:
    """Until nothing is under way: bytes are written before their row, and in between they are nobody's."""
    deadline = time.monotonic() + SECONDS
    while house.jobs.under_way():
        assert time.monotonic() < deadline, house.jobs.under_way()
        time.sleep(0.05)


def await_state_of_any(house: House, number: str, states: set[str]) -> None:
    deadline = time.monotonic() + SECONDS
    while state_of(house, number) not in states:
        assert time.monotonic() < deadline, state_of(house, number)
        time.sleep(0.05)


def test_journey_on_postgresql_and_s3(
    tmp_path: Path, postgres_url: str, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    with new_postgres(postgres_url) as url:
        house = open_demo_house(tmp_path, Clock(), database_url=url, blob_url=new_bucket(s3_endpoint))
        worker = Worker(house, TASKS, ROUNDS)
        worker.start()
        try:
            number = hand_in(house, ("Petición.pdf", issue_request(house).pdf))
            await_state(house, number, "in-review")
            assert accepted(house, number) == ()
            await_state(house, number, "archived")
            await_rest(house)
        finally:
            worker.stop()
        assert {found.kind for found in find_documents(house, "nusta", "archivo")} == {
            "original",
            "derivative",
            "reception-receipt",
            *PAPER_TITLES,
        }
        assert verify_archive(house)[1] == []
        assert verify_audit(house).first_broken is None
        assert (REBUILD, number) not in house.jobs.under_way()
        house.database.engine.dispose()
        house.jobs.engine.dispose()
