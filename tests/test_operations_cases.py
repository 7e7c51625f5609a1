"""R6 and R9: every event in every state is in the table or refused by name; events add up to the case."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from operations_samples import NOON
from sqlalchemy import Engine
from storage_samples import new_engine, prepared

from operations.casework import (
    CaseNotFoundError,
    Refusal,
    events_of,
    format_case_number,
    load_case,
    replay,
    start_case,
    take_step,
)
from regeneration.cases import TRANSITIONS, CaseEvent, CaseState, Role
from storage.database import Database
from storage.schema import CaseRow, UserRow


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    with new_engine("sqlite", tmp_path_factory.mktemp("cases"), None) as engine:
        database = prepared(engine)
        with database.transaction() as session:
            for role in ("clerk", "supervisor", "archivist", "auditor"):
                session.add(UserRow(name=role, display_name=role, role=role, password_hash=""))
        return database


def actor_of(state: CaseState, event: CaseEvent) -> str:
    """Somebody who may, as far as the table says who."""
    step = TRANSITIONS[state].get(event)
    return step[1].value if step and step[1] is not Role.SYSTEM else "sistema"


@pytest.mark.parametrize("event", CaseEvent, ids=lambda event: event.value)
@pytest.mark.parametrize("state", CaseState, ids=lambda state: state.value)
def test_every_event_is_in_the_table_or_refused_by_name(
    database: Database, state: CaseState, event: CaseEvent
) -> None:
    with database.transaction() as session:
        case = start_case(session, NOON, "Quito", "ventanilla", {"files": []}, None)
        case.state = state.value
        answer = take_step(session, case, event, NOON, actor_of(state, event), {"answers": {"f": {"a": "1"}}})
        events = events_of(session, case.number)
        if event in TRANSITIONS[state]:
            assert answer is None
            assert (case.state, case.version) == (TRANSITIONS[state][event][0].value, 2)
            assert [row.event for row in events] == ["receive", event.value]
        else:
            assert answer is not None
            assert answer.code == "STEP_FORBIDDEN"
            assert state.label in answer.message
            assert event.label in answer.message
            assert (case.state, case.version, case.answers) == (state.value, 1, {})
            assert len(events) == 1


MAY = {
    "clerk": {Role.CLERK},
    "supervisor": {Role.CLERK, Role.SUPERVISOR},
    "archivist": {Role.ARCHIVIST},
    "auditor": set(),
    "sistema": {Role.SYSTEM},
    "nobody": set(),
}


@pytest.mark.parametrize("actor", MAY)
def test_nobody_does_what_the_table_leaves_to_others(database: Database, actor: str) -> None:
    for state, row in TRANSITIONS.items():
        for event, (_, role) in row.items():
            with database.transaction() as session:
                case = start_case(session, NOON, "Quito", "ventanilla", {"files": []}, None)
                case.state = state.value
                answer = take_step(session, case, event, NOON, actor)
                if role in MAY[actor]:
                    assert answer is None
                else:
                    assert answer is not None
                    assert (answer.code, case.state, case.version) == ("ROLE_FORBIDDEN", state.value, 1)
                    assert role.label in answer.message


def test_a_step_may_ask_for_more_than_the_table_and_a_disabled_user_does_nothing(database: Database) -> None:
    with database.transaction() as session:
        case = start_case(session, NOON, "Quito", "ventanilla", {"files": []}, None)
        case.state = CaseState.IN_REVIEW.value
        refused = take_step(session, case, CaseEvent.ATTEST, NOON, "clerk", role=Role.SUPERVISOR)
        assert refused is not None
        assert refused.code == "ROLE_FORBIDDEN"
        gone = UserRow(name="gone", display_name="", role="clerk", password_hash="", disabled=True)
        session.add(gone)
        refused = take_step(session, case, CaseEvent.ATTEST, NOON, "gone")
        assert refused is not None
        assert refused.code == "ROLE_FORBIDDEN"


_FORMS = st.sampled_from(["employer-request", "third-party-authorization"])
_VALUES = st.dictionaries(
    st.sampled_from(["ruc", "branch", "period", "phone"]), st.sampled_from(["", "1", "ñ"])
)
_STEPS = st.lists(
    st.tuples(st.sampled_from(list(CaseEvent)), st.none() | st.dictionaries(_FORMS, _VALUES)), max_size=25
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_events_add_up_to_the_case_whatever_is_tried(
    database: Database, steps: list[tuple[CaseEvent, dict[str, dict[str, str]] | None]]
) -> None:
    with database.transaction() as session:
        case = start_case(session, NOON, "Quito", "ventanilla", {"files": []}, None)
        for event, answers in steps:
            by = actor_of(CaseState(case.state), event)
            take_step(session, case, event, NOON, by, {} if answers is None else {"answers": answers})
        number = case.number
    with database.reading() as session:
        stored = session.get_one(CaseRow, number)
        assert replay(events_of(session, number)) == (stored.state, stored.version, stored.answers)


def test_event_out_of_place_is_not_replayed(database: Database) -> None:
    with database.transaction() as session:
        case = start_case(session, NOON, "Quito", "ventanilla", {"files": []}, None)
        take_step(session, case, CaseEvent.READ, NOON, "sistema")
        first, second = events_of(session, case.number)
        with pytest.raises(ValueError, match="no place in the table"):
            replay([first, second, second.__class__(event="archive", data={}, sequence=3, case_number="1")])


def test_case_that_moved_on_is_not_touched(database: Database) -> None:
    with database.transaction() as session:
        case = start_case(session, NOON, "Quito", "ventanilla", {"files": []}, None)
        assert take_step(session, case, CaseEvent.READ, NOON, "sistema", version=1) is None
        late = take_step(session, case, CaseEvent.READ_DONE, NOON, "sistema", version=1)
        assert isinstance(late, Refusal)
        assert late.code == "CASE_CHANGED"
        assert case.state == "reading"


def test_unknown_case_is_named(database: Database) -> None:
    with pytest.raises(CaseNotFoundError, match="2026-999999-0"), database.transaction() as session:
        load_case(session, "2026-999999-0")


def test_case_numbers_are_serial_and_start_over_each_year(tmp_path: Path) -> None:
    with new_engine("sqlite", tmp_path, None) as engine:
        numbers = start_cases(engine)
    assert numbers == [
        format_case_number(2026, 1),
        format_case_number(2026, 2),
        format_case_number(2027, 1),
    ]


def start_cases(engine: Engine) -> list[str]:
    found = []
    with prepared(engine).transaction() as session:
        for at in (NOON, NOON, NOON.replace(year=2027)):
            found.append(start_case(session, at, "Quito", "ventanilla", {"files": []}, None).number)
    return found


@given(serial=st.integers(1, 999_999), place=st.integers(0, 9), added=st.integers(1, 9))
def test_check_digit_notices_any_wrong_digit(serial: int, place: int, added: int) -> None:
    number = format_case_number(2026, serial)
    digits = list(number.replace("-", ""))
    digits[place] = str((int(digits[place]) + added) % 10)
    year, rest, check = int("".join(digits[:4])), int("".join(digits[4:10])), digits[10]
    assert format_case_number(year, rest)[-1] != check
