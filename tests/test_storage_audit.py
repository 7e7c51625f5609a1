"""The chained trail: whatever byte of whatever event is changed, the first broken one is named."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from storage_samples import ENGINES, new_engine, prepared
from test_storage_database import run_together

from storage.audit import BEGINNING, append_audit, chain_hash, verify_chain, verify_events
from storage.database import Database
from storage.schema import AuditEventRow

NOW = datetime(2026, 11, 23, 14, 41, tzinfo=UTC)
COLUMNS = ("sequence", "at", "actor", "action", "subject", "data", "previous", "hash")


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with new_engine(request.param, tmp_path, server) as engine:
        yield prepared(engine)


def fill(database: Database, count: int) -> None:
    for number in range(count):
        with database.transaction() as session:
            append_audit(
                session,
                NOW + timedelta(seconds=number),
                "ventanilla",
                "case.view",
                f"2026-{number}",
                {"ñ": [number, {"z": 1, "a": None}]},
            )


def test_chain_is_whole_and_ends_in_its_head(database: Database) -> None:
    fill(database, 5)
    with database.reading() as session:
        report = verify_chain(session)
        last = session.get_one(AuditEventRow, 5)
    assert (report.events, report.head, report.first_broken) == (5, last.hash, None)


def test_empty_chain_is_whole(database: Database) -> None:
    with database.reading() as session:
        report = verify_chain(session)
    assert (report.events, report.head, report.first_broken) == (0, BEGINNING, None)


def test_writers_at_once_make_one_chain(database: Database) -> None:
    run_together([lambda: fill(database, 5)] * 4)
    with database.reading() as session:
        report = verify_chain(session)
    assert (report.events, report.first_broken) == (20, None)


def events(count: int) -> list[dict[str, Any]]:
    """A good chain without a database."""
    chain, previous = [], BEGINNING
    for number in range(1, count + 1):
        own = {
            "sequence": number,
            "at": NOW + timedelta(seconds=number),
            "actor": "ventanilla",
            "action": "document.issue",
            "subject": f"R7K2-{number}",
            "data": {"form": "employer-request", "n": number},
            "previous": previous,
        }
        previous = chain_hash(*(own[name] for name in COLUMNS[:-1]))
        chain.append(own | {"hash": previous})
    return chain


def verified(chain: list[dict[str, Any]]) -> int | None:
    return verify_events([AuditEventRow(**each) for each in chain]).first_broken


def test_three_thousand_changes_of_one_character_are_all_found() -> None:
    choose = random.Random(20261123)
    good = events(12)
    assert verified(good) is None
    for _ in range(3000):
        place, column = choose.randrange(12), choose.choice(COLUMNS)
        changed = [dict(each) for each in good]
        changed[place][column] = spoil(choose, changed[place][column])
        expected = changed[place]["sequence"] if column == "sequence" else place + 1
        assert verified(changed) == expected, (place, column)


def spoil(choose: random.Random, value: Any) -> Any:
    """The value with one character, digit or microsecond changed."""
    match value:
        case int():
            return value + choose.choice([-1, 1])
        case datetime():
            return value + timedelta(microseconds=choose.choice([-1, 1]))
        case dict():
            return value | {"form": spoil(choose, value["form"])}
        case _:
            place = choose.randrange(len(value))
            return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]


@pytest.mark.parametrize("missing", range(1, 6))
def test_event_taken_out_is_found(missing: int) -> None:
    chain = [each for each in events(6) if each["sequence"] != missing]
    assert verified(chain) == missing + 1


def test_events_in_another_order_are_found() -> None:
    chain = events(6)
    chain[2], chain[3] = chain[3], chain[2]
    assert verified(chain) == 4


def test_row_edited_behind_the_triggers_is_found(database: Database) -> None:
    fill(database, 4)
    with database.transaction() as session:
        if database.engine.dialect.name == "sqlite":
            session.connection().exec_driver_sql("DROP TRIGGER audit_events_no_update")
        else:
            session.connection().exec_driver_sql("ALTER TABLE audit_events DISABLE TRIGGER ALL")
        row = session.scalars(select(AuditEventRow).where(AuditEventRow.sequence == 3)).one()
        row.actor = "nadie"
    with database.reading() as session:
        assert verify_chain(session).first_broken == 3
