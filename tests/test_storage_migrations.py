"""Whatever an older version left, the steps make the present tables of it, in both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.orm import Session

from storage.database import prepare_schema, schema_version
from storage.migrations.order import NEWEST, STEPS, run_steps, tables_of
from storage.portal_tables import DraftRow
from storage.roles import missing_tables
from storage.schema import SCHEMA_VERSION, Base
from storage.search import SEARCH_TABLE
from storage.upgrading import BrokenReferenceError, bring_up, changing_schema
from tests.schema_dumps import SHAPES, lay_out, said_to, written
from tests.storage_samples import ENGINES, new_engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    server = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with new_engine(request.param, tmp_path, server) as found:
        yield found


@pytest.fixture
def fresh(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same engine that this version made from nothing."""
    folder = tmp_path / "nueva"
    folder.mkdir()
    kind = engine.dialect.name
    server = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    with new_engine(kind, folder, server) as found:
        prepare_schema(found)
        yield found


def portrait(engine: Engine) -> dict[str, Any]:
    """All that a database is: columns, keys, references, indexes and triggers, by table."""
    with engine.connect() as connection:
        schema = inspect(connection)
        tables = {name: _table(schema, name) for name in schema.get_table_names()}
        return {"tables": tables, "triggers": _triggers(connection), "search": _search(connection)}


def _table(schema: Any, name: str) -> dict[str, Any]:
    columns = {
        each["name"]: (str(each["type"]), each["nullable"], str(each["default"]).replace(name, ""))
        for each in schema.get_columns(name)
    }
    order = schema.get_pk_constraint(name)["constrained_columns"]
    uniques = sorted(tuple(each["column_names"]) for each in schema.get_unique_constraints(name))
    references = sorted(
        (tuple(each["constrained_columns"]), each["referred_table"], tuple(each["referred_columns"]))
        for each in schema.get_foreign_keys(name)
    )
    indexes = {each["name"]: (each["column_names"], each["unique"]) for each in schema.get_indexes(name)}
    return {"columns": columns, "key": order, "unique": uniques, "to": references, "indexes": indexes}


def _triggers(connection: Connection) -> dict[str, str]:
    lite = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    postgres = (
        "SELECT tgname || tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    rows = connection.exec_driver_sql(lite if connection.dialect.name == "sqlite" else postgres)
    return {str(name): str(said) for name, said in rows}


def _search(connection: Connection) -> list[str]:
    lite = "SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%%'"
    postgres = "SELECT indexdef FROM pg_indexes WHERE tablename = 'block_terms' ORDER BY indexname"
    rows = connection.exec_driver_sql(lite if connection.dialect.name == "sqlite" else postgres)
    return [said for (said,) in rows]


def bring_up_whole(engine: Engine) -> None:
    with changing_schema(engine) as session:
        found = schema_version(session)
        assert found is not None
        bring_up(session, found)


def test_the_tables_are_those_that_were_written_down(engine: Engine) -> None:
    """Whoever changes a table raises the number, adds a step and writes the new shape down; the older files
    stay what was shipped.
    """
    assert max(STEPS) == NEWEST == SCHEMA_VERSION, "the number and the last step go together"
    then = written(str(SCHEMA_VERSION), engine.dialect.name)
    assert sorted(said_to(engine)) == sorted(then), (
        f"the tables are not those of schema {SCHEMA_VERSION} any more: raise SCHEMA_VERSION, add the step "
        "in storage/migrations, and write the new tables down with `python -m tests.schema_dumps ADDRESS`"
    )


@pytest.mark.parametrize("shape", [*SHAPES, "0-nothing"])
def test_every_older_database_becomes_the_present_one(engine: Engine, fresh: Engine, shape: str) -> None:
    if shape == "0-nothing":
        with changing_schema(engine) as session:
            run_steps(session.connection(), 0, 1)
            session.execute(text("INSERT INTO schema_version VALUES (1)"))
    else:
        lay_out(engine, shape)
    before = portrait(engine)
    bring_up_whole(engine)
    assert portrait(engine) == portrait(fresh) != before
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version FROM schema_version")) == SCHEMA_VERSION
    prepare_schema(engine)


@pytest.mark.parametrize("shape", [*SHAPES, str(SCHEMA_VERSION)])
def test_alembic_finds_nothing_that_the_models_say_otherwise(engine: Engine, shape: str) -> None:
    lay_out(engine, shape)
    if shape != str(SCHEMA_VERSION):
        bring_up_whole(engine)

    def is_ours(_thing: object, name: str | None, kind: str, *_: object) -> bool:
        return not (kind == "table" and str(name).startswith(SEARCH_TABLE))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_a_change_without_a_step_is_found(engine: Engine) -> None:
    """The comparison above really sees a column, an index and a trigger that somebody added or lost."""
    prepare_schema(engine)
    whole = portrait(engine)
    for change in (
        "ALTER TABLE cases ADD COLUMN more VARCHAR(3)",
        "DROP INDEX ix_issued_documents_issued",
        "DROP TRIGGER sheets_no_delete" + (" ON sheets" if engine.dialect.name == "postgresql" else ""),
    ):
        before = portrait(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(change)
        assert portrait(engine) not in (whole, before), change


def test_the_names_of_the_tables_of_today_are_known_without_the_models() -> None:
    assert tables_of(SCHEMA_VERSION) == set(Base.metadata.tables)
    assert tables_of(1) < tables_of(2)


def test_rows_that_a_step_leaves_without_what_they_refer_to_stop_it(tmp_path: Path) -> None:
    """SQLite's own check is off while tables are built anew, so ours is what remains."""
    with new_engine("sqlite", tmp_path, None) as engine:
        lay_out(engine, "2-last")
        before = portrait(engine)
        told = pytest.raises(BrokenReferenceError, match="readings refers to a row of cases")
        with told, changing_schema(engine) as session:
            bring_up(session, 2)
            session.execute(text("INSERT INTO readings VALUES (1, 'nobody', '{}', '2026')"))
        assert portrait(engine) == before
        with engine.connect() as connection:
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_draft_of_before_goes_on_with_the_employer_that_it_was_begun_for(engine: Engine) -> None:
    lay_out(engine, "3")
    people = (
        ("1790012345001/0001", "employer", "1790012345001", "0001"),
        ("contadora", "delegate", None, None),
    )
    drafts = (
        ("1790012345001/0001", "employer-request", {"ruc": "no es un RUC", "place": "Quito"}),
        ("contadora", "employer-request", {"ruc": "1790012345001", "branch": "0002", "place": "Loja"}),
        ("contadora", "third-party-authorization", {"place": "Loja"}),
        ("contadora", "request-continuation", None),
    )
    with engine.begin() as connection:
        for name, role, ruc, branch in people:
            connection.execute(
                text(
                    "INSERT INTO users (name, display_name, role, password_hash, disabled, ruc, branch) "
                    "VALUES (:name, 'Alguien', :role, 'x', false, :ruc, :branch)"
                ),
                {"name": name, "role": role, "ruc": ruc, "branch": branch},
            )
        for name, form, values in drafts:
            connection.execute(
                text("INSERT INTO drafts VALUES (:name, :form, :given, '2026-11-27T10:00:00+00:00')"),
                {"name": name, "form": form, "given": json.dumps(values)},
            )
    bring_up_whole(engine)
    with Session(engine) as session:
        rows = session.scalars(select(DraftRow))
        kept = {(row.user_name, row.employer, row.form): row.field_values for row in rows}
    own, other = drafts[0], drafts[1]
    assert kept == {
        (own[0], "1790012345001/0001", own[1]): own[2],
        (other[0], "1790012345001/0002", other[1]): other[2],
    }


def test_what_was_imported_before_events_had_lines_keeps_its_order(engine: Engine) -> None:
    lay_out(engine, "2-packages")
    event = "'2026-11-24T00:00:00.000000+00:00', 'x', 'y', 'z', '{}', '0', '1'"
    with engine.begin() as connection:
        for package, sequence, case in (("a", 9, "1"), ("a", 4, "1"), ("a", 5, "2"), ("b", 1, "1")):
            connection.exec_driver_sql(
                f"INSERT INTO imported_audit_events VALUES ('{package}', {sequence}, '{case}', {event})"
            )
    bring_up_whole(engine)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT package, case_number, line, sequence FROM imported_audit_events ORDER BY 1, 2, 3")
        )
        assert [tuple(row) for row in rows] == [
            ("a", "1", 1, 4),
            ("a", "1", 2, 9),
            ("a", "2", 1, 5),
            ("b", "1", 1, 1),
        ]


def test_a_lost_table_is_told_and_not_made_again_empty(engine: Engine) -> None:
    prepare_schema(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE removed_blobs"))
    with pytest.raises(RuntimeError, match="removed_blobs are missing: restore a backup"):
        prepare_schema(engine)
    with changing_schema(engine) as session:
        assert missing_tables(session) == ["removed_blobs"]
