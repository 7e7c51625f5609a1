"""`ventanilla upgrade`: an older service goes on with all that it had, or stays exactly as it was."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from cli.main import program
from operations.archive import find_documents
from operations.audit_seals import verify_trail
from operations.house import House, open_house
from operations.restore import Restored, restore_backup
from operations.settings import Settings
from operations.upgrading import FOLDER
from operations.verification import verify_archive
from operations.workflows import Worker, reconcile
from storage.database import open_engine
from storage.roles import grant_statements
from storage.schema import SCHEMA_VERSION
from tests.older_houses import make_older_house
from tests.operations_samples import Clock, issue_request, received_and_read, state_of
from tests.schema_dumps import SHAPES
from tests.storage_samples import ENGINES, new_postgres

PROJECT = Path(__file__).resolve().parent.parent
Make = Callable[[str], Settings]


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes a house of an older shape, once."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'antes.sqlite3'}"
        yield lambda shape: make_older_house(tmp_path, shape, url)
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        yield lambda shape: make_older_house(tmp_path, shape, url)


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Where nothing is yet."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path / "destino")
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        yield Settings(data_dir=tmp_path / "destino", database_url=url)


def environment(settings: Settings) -> dict[str, str]:
    own = {"VENTANILLA_DATA_DIR": str(settings.data_dir), "VENTANILLA_DATABASE_URL": settings.database_url}
    return own | {"LANG": "es_EC.UTF-8", "LC_ALL": ""}


def run(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(program, words, env=environment(settings), catch_exceptions=False)


def picture(settings: Settings) -> dict[str, list[str]]:
    """All rows of all tables of ours, as text."""
    engine = open_engine(settings.database)
    with engine.connect() as connection:
        rows = {
            name: sorted(str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {name}")))
            for name in inspect(connection).get_table_names()
            if not name.startswith(("block_terms", "document_"))
        }
        rows[""] = [str(inspect(connection).get_indexes("issued_documents"))]
    engine.dispose()
    return rows


def close(house: House) -> None:
    house.database.engine.dispose()
    house.jobs.engine.dispose()


@pytest.mark.parametrize("shape", SHAPES)
def test_an_older_service_goes_on_with_all_that_it_had(make: Make, shape: str) -> None:
    settings = make(shape)
    before = picture(settings)
    done = run(settings, "upgrade")
    assert done.exit_code == 0, done.output
    found = int(shape[0])
    assert f"upgraded from schema {found} to {SCHEMA_VERSION}" in done.output
    after = picture(settings)
    own = {"schema_version", "audit_events", "documents", ""}
    assert {name: rows for name, rows in after.items() if name in before and name not in own} == {
        name: rows for name, rows in before.items() if name not in own
    }
    assert set(before["audit_events"]) < set(after["audit_events"])
    (event,) = set(after["audit_events"]) - set(before["audit_events"])
    assert "schema.upgrade" in event
    house = open_house(settings, Clock())
    assert verify_trail(house).is_whole
    assert verify_archive(house)[1] == []
    assert find_documents(house, "andina", "archivo")
    assert find_documents(house, "carta", "archivo")
    reconcile(house)
    newer = received_and_read(house, ("nueva.pdf", issue_request(house).pdf))
    assert state_of(house, newer) == "in-review"
    with pytest.raises(DatabaseError, match="append-only"), house.database.transaction() as session:
        session.execute(text("DELETE FROM cases"))
    close(house)


def test_the_backup_of_an_older_service_is_restored_into_the_present_tables(
    make: Make, empty: Settings
) -> None:
    settings = make("2-last")
    before = picture(settings)
    told = json.loads(run(settings, "upgrade", "--json").stdout)
    assert (told["from"], told["to"], told["damaged"]) == (2, SCHEMA_VERSION, [])
    (backup,) = (settings.data_dir / FOLDER).iterdir()
    assert told["backup"] == str(backup)
    assert backup.stat().st_mode & 0o777 == 0o600
    answer = restore_backup(empty, backup, "operador")
    assert isinstance(answer, Restored), answer
    assert (answer.schema, answer.failures, answer.lacking) == (2, [], [])
    after = picture(empty)
    for name in set(before) - {"", "schema_version", "access_sessions", "audit_events"}:
        assert len(after[name]) == len(before[name]), name
    house = open_house(empty, Clock())
    assert find_documents(house, "andina", "archivo")
    assert verify_archive(house)[1] == []
    with house.database.reading() as session:
        said = session.scalar(text("SELECT data FROM audit_events WHERE action = 'backup.restore'"))
    assert (json.loads(said) if isinstance(said, str) else said)["schema"] == 2
    newer = received_and_read(house, ("nueva.pdf", issue_request(house).pdf))
    assert state_of(house, newer) == "in-review"
    close(house)
    assert [each.name for each in empty.data_dir.iterdir() if each.name.startswith("restauracion")] == []


@pytest.mark.parametrize("shape", ["1-first", "1-last", "2-first", "2-packages"])
def test_backups_of_every_older_shape_are_restored(tmp_path: Path, shape: str) -> None:
    settings = make_older_house(tmp_path, shape, f"sqlite:///{tmp_path / 'antes.sqlite3'}")
    assert run(settings, "upgrade", "--backup", str(tmp_path / "r.tar")).exit_code == 0
    answer = restore_backup(Settings(data_dir=tmp_path / "destino"), tmp_path / "r.tar", "operador")
    assert isinstance(answer, Restored), answer
    assert (answer.schema, answer.failures, answer.lacking) == (int(shape[0]), [], [])
    assert answer.rows["cases"] == 2


def test_the_backup_goes_on_from_an_earlier_one(tmp_path: Path) -> None:
    """Two copies of one service: what the first one backed up the second one need not copy."""
    backups = []
    for name in ("uno", "dos"):
        url = f"sqlite:///{tmp_path / name}.sqlite3"
        settings = make_older_house(tmp_path / name, "2-last", url)
        words = ["--since", backups[0]] if backups else ["--backup", str(tmp_path / "1.tar")]
        done = run(settings, "upgrade", "--json", *words)
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        backups.append(told["backup"])
        assert told["copied"] == (0 if name == "dos" else told["blobs"])
    assert Path(backups[1]).parent == tmp_path
    answer = restore_backup(Settings(data_dir=tmp_path / "destino"), Path(backups[1]), "operador")
    assert isinstance(answer, Restored), answer
    assert (answer.failures, answer.lacking) == ([], [])


def test_a_backup_of_a_newer_schema_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = make_older_house(tmp_path, "2-last", f"sqlite:///{tmp_path / 'antes.sqlite3'}")
    assert run(settings, "upgrade", "--no-backup").exit_code == 0
    assert not (settings.data_dir / FOLDER).exists()
    monkeypatch.setattr("operations.backup.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    assert run(settings, "backup", "--out", str(tmp_path / "r.tar")).exit_code == 0
    refused = run(Settings(data_dir=tmp_path / "destino"), "restore", str(tmp_path / "r.tar"))
    assert refused.exit_code == 1
    assert "versión más nueva" in refused.output


def test_nothing_is_upgraded_behind_the_operators_back(make: Make) -> None:
    settings = make("2-last")
    before = picture(settings)
    for words in (["serve", "--port", "1"], ["worker"], ["case", "list"]):
        refused = run(settings, *words)
        assert refused.exit_code == 4, words
        assert "ejecute «ventanilla upgrade»" in refused.output
    checked = run(settings, "check", "--json")
    assert checked.exit_code == 4
    (found,) = (each for each in json.loads(checked.stdout)["checks"] if each["name"] == "database")
    assert found["problem"]["code"] == "DATABASE_OLDER"
    assert picture(settings) == before


def test_a_current_or_absent_database_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "datos")
    none = run(settings, "upgrade")
    assert none.exit_code == 0
    assert "the first start makes it" in none.output
    close(open_house(settings, Clock()))
    before = picture(settings)
    done = run(settings, "upgrade")
    assert done.exit_code == 0
    assert f"current (schema {SCHEMA_VERSION})" in done.output
    assert json.loads(run(settings, "upgrade", "--json").stdout)["backup"] is None
    assert picture(settings) == before
    assert not (settings.data_dir / FOLDER).exists()


def test_a_database_of_the_future_is_refused(make: Make) -> None:
    settings = make("2-last")
    engine = open_engine(settings.database)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE schema_version SET version = {SCHEMA_VERSION + 4}"))
    engine.dispose()
    before = picture(settings)
    for words in (["upgrade"], ["worker"]):
        refused = run(settings, *words)
        assert refused.exit_code == 4
        assert f"versión más nueva del sistema (esquema {SCHEMA_VERSION + 4}, aquí {SCHEMA_VERSION})" in (
            refused.output
        )
    assert picture(settings) == before


def test_nobody_may_work_meanwhile(make: Make) -> None:
    settings = make("2-last")
    assert run(settings, "upgrade", "--no-backup").exit_code == 0
    house = open_house(settings, Clock())
    with house.database.transaction() as session:
        session.execute(text("UPDATE schema_version SET version = 2"))
    worker = Worker(house, {}, ())
    worker.start()
    try:
        refused = run(settings, "upgrade")
    finally:
        worker.stop()
    assert refused.exit_code == 1
    assert "está en marcha" in refused.output
    assert run(settings, "upgrade").exit_code == 0
    close(house)


def test_a_backup_that_cannot_be_written_leaves_all_as_it_was(make: Make, tmp_path: Path) -> None:
    settings = make("2-last")
    before = picture(settings)
    there = tmp_path / "r.tar"
    there.write_text("de otro")
    refused = run(settings, "upgrade", "--backup", str(there))
    assert refused.exit_code == 4
    assert there.read_text() == "de otro"
    assert run(settings, "upgrade", "--backup", str(tmp_path / "nada" / "r.tar")).exit_code == 4
    assert picture(settings) == before


KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from cli.main import program
import operations.upgrading

last, done = sys.argv[1], 0

def count(*_):
    global done
    done += 1
    if str(done) == last:
        os.kill(os.getpid(), signal.SIGKILL)

def commit(*_):
    if last == "commit":
        os.kill(os.getpid(), signal.SIGKILL)
    print(done, "statements")

real = operations.upgrading.bring_up

def bring_up(session, found):
    event.listen(session.get_bind(), "after_cursor_execute", count)
    event.listen(session.get_bind(), "commit", commit)
    real(session, found)

operations.upgrading.bring_up = bring_up
program(["upgrade", *sys.argv[2:]])
"""
"""Kills itself after so many statements of the change itself, or on the way to its commit."""


def start(settings: Settings, *words: str, code: str = "from cli.main import run; run()") -> Any:
    command = [sys.executable, "-c", code, *words]
    own = os.environ | environment(settings) | {"PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(command, cwd=PROJECT, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended(process: Any) -> tuple[int, str]:
    out, errors = process.communicate(timeout=120)
    return process.returncode, (out + errors).decode()


def test_killed_in_the_middle_it_is_old_and_the_next_one_finishes(make: Make) -> None:
    settings = make("1-first")
    before = picture(settings)
    for place in ("1", "50", "100", "150", "commit"):
        code, said = ended(start(settings, place, "--no-backup", code=KILLED))
        assert code == -signal.SIGKILL, said
        assert picture(settings) == before, place
    code, said = ended(start(settings, "never", code=KILLED))
    assert code == 0, said
    assert f"Base de datos actualizada del esquema 1 al {SCHEMA_VERSION}." in said
    assert int(re.findall(r"(\d+) statements", said)[0]) > 150
    house = open_house(settings, Clock())
    assert verify_archive(house)[1] == []
    assert verify_trail(house).is_whole
    assert find_documents(house, "andina", "archivo")
    close(house)


def test_two_at_once_do_it_once(make: Make) -> None:
    settings = make("2-last")
    both = [start(settings, "upgrade", "--json") for _ in range(2)]
    answers = [ended(each) for each in both]
    assert [code for code, _ in answers] == [0, 0], answers
    rows = picture(settings)
    assert sum("schema.upgrade" in each for each in rows["audit_events"]) == 1
    assert len(list((settings.data_dir / FOLDER).iterdir())) == 1
    house = open_house(settings, Clock())
    assert verify_trail(house).is_whole
    close(house)


@pytest.fixture
def owned(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Settings, Engine]]:
    with new_postgres(postgres_url) as url:
        settings = make_older_house(tmp_path, "2-first", url)
        owner = open_engine(url)
        yield settings, owner
        owner.dispose()


def test_only_the_owner_upgrades_and_the_services_role_may_use_what_is_new(
    owned: tuple[Settings, Engine],
) -> None:
    settings, owner = owned
    role = f"servicio_{os.urandom(4).hex()}"
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        there = set(inspect(connection).get_table_names())
        for statement in grant_statements(role)[1:]:
            verb, _, rest = statement.partition(" ON ")
            if rest.startswith(("SCHEMA", "ALL")):
                connection.execute(text(statement))
                continue
            names, _, whom = rest.partition(" TO ")
            tables = ", ".join(name for name in names.split(", ") if name in there)
            connection.execute(text(f"{verb} ON {tables} TO {whom}"))
        connection.execute(text(f"GRANT CREATE ON DATABASE {owner.url.database} TO {role}"))
    serving = Settings(
        data_dir=settings.data_dir,
        database_url=owner.url.set(username=role).render_as_string(hide_password=False),
    )
    refused = run(serving, "upgrade")
    assert refused.exit_code == 1
    assert "dueño de las tablas" in refused.output
    assert run(settings, "upgrade").exit_code == 0
    house = open_house(serving, Clock())
    newer = received_and_read(house, ("nueva.pdf", issue_request(house).pdf))
    assert state_of(house, newer) == "in-review"
    with pytest.raises(DatabaseError, match="permission denied"), house.database.transaction() as session:
        session.execute(text("DELETE FROM removed_blobs"))
    close(house)


def test_what_an_administrator_upgrades_still_belongs_to_the_tables_owner(
    owned: tuple[Settings, Engine],
) -> None:
    """A small house's service owns its tables, and the administrator of the server may upgrade."""
    settings, administrator = owned
    role = f"duena_{os.urandom(4).hex()}"
    with administrator.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"ALTER SCHEMA public OWNER TO {role}"))
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"ALTER TABLE {name} OWNER TO {role}"))
        ours = "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        for name in connection.scalars(text(ours)).all():
            connection.execute(text(f"ALTER FUNCTION {name} OWNER TO {role}"))
        connection.execute(text(f"GRANT CREATE ON DATABASE {administrator.url.database} TO {role}"))
    assert run(settings, "upgrade").exit_code == 0
    with administrator.connect() as connection:
        query = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        assert connection.scalars(text(query)).all() == [role]
    url = administrator.url.set(username=role).render_as_string(hide_password=False)
    house = open_house(Settings(data_dir=settings.data_dir, database_url=url), Clock())
    newer = received_and_read(house, ("nueva.pdf", issue_request(house).pdf))
    assert state_of(house, newer) == "in-review"
    close(house)


@pytest.mark.parametrize("option", ["--backup", "--since"])
def test_a_backup_that_is_wanted_and_forbidden_is_asked_about(tmp_path: Path, option: str) -> None:
    nothing = Settings(data_dir=tmp_path / "casa")
    done = run(nothing, "upgrade", option, str(tmp_path / "r.tar"), "--no-backup", "--json")
    assert done.exit_code == 2
    assert [each["code"] for each in json.loads(done.stdout)["problems"]] == ["OPTIONS_CONTRADICT"]
