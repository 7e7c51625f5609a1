"""The service under a PostgreSQL role of its own: everything works, and nothing archived can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import CliRunner
from sqlalchemy.exc import DatabaseError

from cli.main import program
from operations.house import House
from operations.regenerating import regenerate_case
from operations.verification import verify_archive
from storage.database import SchemaMismatchError, open_engine, prepare_schema
from storage.roles import RoleError, grant_service, grant_statements
from storage.schema import Base
from storage.triggers import PASSING, WITH_THEIR_PAGE
from tests.operations_samples import Clock, accepted, open_demo_house, received_and_read, state_of
from tests.storage_samples import new_postgres


@pytest.fixture
def role(postgres_url: str) -> Iterator[str]:
    name = f"servicio_{secrets.token_hex(4)}"
    admin = sqlalchemy.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE ROLE {name} LOGIN"))
    yield name
    admin.dispose()


def as_role(url: str, role: str) -> str:
    return sqlalchemy.make_url(url).set(username=role).render_as_string(hide_password=False)


@pytest.fixture
def served(postgres_url: str, role: str, tmp_path: Path) -> Iterator[House]:
    """A house that works as the role on tables that another owns."""
    with new_postgres(postgres_url) as url:
        done = CliRunner().invoke(
            program, ["database", "grant", role], env={"VENTANILLA_DATABASE_URL": url}, catch_exceptions=False
        )
        assert done.exit_code == 0, done.output
        house = open_demo_house(tmp_path, Clock(), database_url=as_role(url, role))
        yield house
        house.database.engine.dispose()
        house.jobs.engine.dispose()


def test_the_whole_journey_works_and_nothing_can_be_undone(served: House) -> None:
    number = received_and_read(served)
    assert accepted(served, number) == ()
    regenerate_case(served, number)
    assert state_of(served, number) == "archived"
    assert verify_archive(served)[1] == []
    attempts = [
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN OLD; END'",
        "DROP FUNCTION refuse_change() CASCADE",
        "CREATE TABLE mine (x integer)",
        "DROP SCHEMA public CASCADE",
    ]
    for name in Base.metadata.tables:
        attempts += [
            f"DROP TABLE {name} CASCADE",
            f"ALTER TABLE {name} DISABLE TRIGGER ALL",
            f"ALTER TABLE {name} RENAME TO gone",
            f"TRUNCATE {name} CASCADE",
            f"CREATE TRIGGER mine BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ]
        if name not in (*PASSING, *WITH_THEIR_PAGE):
            attempts.append(f"DELETE FROM {name} WHERE false")
    for attempt in attempts:
        refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
        with refused, served.database.transaction() as session:
            session.connection().exec_driver_sql(attempt)
            raise AssertionError(f"it let through: {attempt}")


def test_a_role_without_tables_is_told_who_makes_them(postgres_url: str, role: str) -> None:
    with new_postgres(postgres_url) as url:
        owner = open_engine(url)
        prepare_schema(owner)
        grant_service(owner, role)
        with owner.begin() as connection:
            connection.exec_driver_sql("DROP TABLE removed_blobs")
        engine = open_engine(as_role(url, role))
        with pytest.raises(SchemaMismatchError, match="removed_blobs"):
            prepare_schema(engine)
        engine.dispose()
        owner.dispose()


def test_a_mighty_or_unknown_role_is_refused(postgres_url: str, tmp_path: Path) -> None:
    with new_postgres(postgres_url) as url:
        owner = open_engine(url)
        prepare_schema(owner)
        for name, words in (
            ("tests", "superusuario"),
            ("nadie", "no hay un rol"),
            ("x; DROP TABLE cases", "nombre sencillo"),
        ):
            with pytest.raises(RoleError, match=words):
                if ";" in name:
                    grant_statements(name)
                else:
                    grant_service(owner, name)
        owner.dispose()
    lite = open_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with pytest.raises(RoleError, match="solo PostgreSQL"):
        grant_service(lite, "servicio")
