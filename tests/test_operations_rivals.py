"""Two at once, on both engines: one paper serves one case, one month gets one new sheet, one key one case."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from operations_samples import (
    IN_ORDER,
    Clock,
    accepted,
    codes,
    hand_in,
    issue_request,
    open_demo_house,
    received_and_read,
    settle_doubts,
    state_of,
)
from storage_samples import ENGINES, new_postgres

from operations.casework import Refusal
from operations.closing import refuse
from operations.demonstration_data import BRANCH, RUC
from operations.house import House
from operations.regenerating import regenerate_case
from operations.register import EmbeddedRegister
from operations.verification import verify_archive, verify_audit
from operations.window import accept, correct, open_cases, view_case


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        yield open_demo_house(tmp_path, Clock())
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        house = open_demo_house(tmp_path, Clock(), database_url=url)
        yield house
        house.database.engine.dispose()
        house.jobs.engine.dispose()


def at_once(act: Callable[[str], object], numbers: list[str]) -> list[object]:
    """What the act gives for each number, all begun together."""
    start = threading.Barrier(len(numbers))
    given: list[object] = [None] * len(numbers)

    def run(place: int) -> None:
        start.wait()
        try:
            given[place] = act(numbers[place])
        except Exception as error:
            given[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(numbers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_one_month_gets_one_new_sheet(house: House) -> None:
    # Of three days, for on one day only the first is accepted; so the rule of the day is off.
    house = dataclasses.replace(house, settings=dataclasses.replace(house.settings, same_day_rule=False))
    clock = house.clock
    assert isinstance(clock, Clock)
    numbers = []
    for _ in range(3):
        numbers.append(received_and_read(house, ("s.pdf", issue_request(house, sheet_number="").pdf)))
        assert accepted(house, numbers[-1]) == ()
        clock.pass_time(days=1)
    assert at_once(lambda number: regenerate_case(house, number), numbers) == [None] * 3
    ends = sorted(state_of(house, number) for number in numbers)
    assert ends == ["archived", "preconditions-failed", "preconditions-failed"]
    with house.database.reading() as session:
        made = [row for row in EmbeddedRegister(session).sheets_of(RUC, BRANCH) if row.made_by_case]
    assert sorted(row.type for row in made) == ["contributions", "reserve-fund"]
    assert verify_archive(house)[1] == []


def test_one_case_worked_on_twice_is_done_once(house: House) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    assert at_once(lambda number: regenerate_case(house, number), [number] * 3) == [None] * 3
    events = [row.event for row in view_case(house, number, "prueba").events]
    assert events[-3:] == ["preconditions-passed", "rebuild-done", "archive"]
    assert events.count("rebuild-done") == 1


def test_one_paper_is_accepted_for_one_case(house: House) -> None:
    paper = issue_request(house).pdf
    numbers = [received_and_read(house, ("s.pdf", paper)) for _ in range(3)]
    for number in numbers:
        settle_doubts(house, number)
    answers = at_once(lambda number: accept(house, number, IN_ORDER, "ventanilla"), numbers)
    found = sorted(codes(answer) for answer in answers if isinstance(answer, tuple))
    assert found == [(), ("DOCUMENT_ALREADY_USED",), ("DOCUMENT_ALREADY_USED",)]


def test_a_second_request_for_a_sheet_on_a_day_finds_the_first(house: House) -> None:
    numbers = [
        received_and_read(house, ("s.pdf", issue_request(house, sheet_number=number).pdf))
        for number in ("", "2026-10-000123", "")
    ]
    for number in numbers:
        settle_doubts(house, number)
    answers = at_once(lambda number: accept(house, number, IN_ORDER, "ventanilla"), numbers)
    found = sorted(codes(answer) for answer in answers if isinstance(answer, tuple))
    assert found == [(), ("CASE_ALREADY_OPEN",), ("CASE_ALREADY_OPEN",)]
    first = numbers[answers.index(())]
    told = next(answer for answer in answers if answer)
    assert isinstance(told, tuple)
    assert first in told[0].message


def test_another_sheet_and_another_day_are_requests_of_their_own(house: House) -> None:
    clock = house.clock
    assert isinstance(clock, Clock)
    for changes in ({}, {"period": "2026-09", "sheet_number": ""}, {"sheet_number": "2026-10-900001"}):
        number = received_and_read(house, ("s.pdf", issue_request(house, **changes).pdf))
        assert accepted(house, number) == ()
    clock.pass_time(days=1)
    assert accepted(house, received_and_read(house)) == ()


def test_a_first_request_that_was_refused_is_in_nobodys_way(house: House) -> None:
    first, second = received_and_read(house), received_and_read(house)
    assert refuse(house, first, "Falta el original.", "ventanilla") is None
    assert accepted(house, second) == ()


def test_one_key_makes_one_case(house: House) -> None:
    paper = issue_request(house).pdf
    found = at_once(lambda key: hand_in(house, ("s.pdf", paper), key=key), ["k"] * 4)
    assert len(set(map(str, found))) == 1
    assert len(open_cases(house)) == 1


def test_one_of_two_clerks_is_first(house: House) -> None:
    number = received_and_read(house)
    version = view_case(house, number, "prueba").case.version
    answers = at_once(
        lambda phone: correct(house, number, "employer-request", {"phone": phone}, "ventanilla", version),
        ["02 222 2221", "02 222 2222", "02 222 2223"],
    )
    assert sum(answer == () for answer in answers) == 1
    assert sum(isinstance(answer, Refusal) for answer in answers) == 2
    assert verify_audit(house).first_broken is None
