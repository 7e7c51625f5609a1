"""The PostgreSQL role that the service works as: it may add, and change what changes, and drop nothing.

The tables belong to another role, their owner; so the service can neither switch triggers off, nor empty,
alter or drop a table. SQLite has no roles: whoever may write its file may do anything to it.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from storage.schema import Base
from storage.search import SEARCH_TABLE
from storage.triggers import NEVER_DELETED, PASSING, WITH_THEIR_PAGE

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class RoleError(ValueError):
    """The role cannot be given what the service needs; the message says why."""


def grant_statements(role: str) -> tuple[str, ...]:
    """What the tables' owner says so that a role may serve; :class:`RoleError` for an odd name."""
    if not _NAME.fullmatch(role):
        raise RoleError(f"«{role}» no es un nombre sencillo de rol: minúsculas, dígitos y _")
    tables = sorted(Base.metadata.tables)
    every = ", ".join((*tables, SEARCH_TABLE))
    changing = ", ".join((*NEVER_DELETED, *PASSING, "sheets", SEARCH_TABLE))
    passing = ", ".join((*PASSING, *WITH_THEIR_PAGE, SEARCH_TABLE))
    return (
        f"REVOKE ALL ON {every} FROM {role}, PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC",
        f"GRANT SELECT, INSERT ON {every} TO {role}",
        f"GRANT UPDATE ON {changing} TO {role}",
        f"GRANT DELETE ON {passing} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    )


def grant_service(engine: Engine, role: str) -> None:
    """Let a role serve; called by the tables' owner. The queue of work is no part of the archive: the role
    may make its schema. :class:`RoleError`.
    """
    if engine.dialect.name != "postgresql":
        raise RoleError("solo PostgreSQL tiene roles")
    with Session(engine) as session, session.begin():
        _refuse_mighty(session, role)
        for statement in grant_statements(role):
            session.execute(text(statement))
        database = session.scalar(text("SELECT quote_ident(current_database())"))
        session.execute(text(f"GRANT CREATE ON DATABASE {database} TO {role}"))


def _refuse_mighty(session: Session, role: str) -> None:
    """A role that is the owner, or may become anybody, would be bound by nothing."""
    query = text(
        "SELECT rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :role"
    )
    mighty = session.scalar(query, {"role": role})
    if mighty is None:
        raise RoleError(f"no hay un rol {role}; créelo con CREATE ROLE {role} LOGIN PASSWORD …")
    if mighty:
        raise RoleError(f"{role} es dueño de las tablas o superusuario; tome otro rol para el servicio")


def owns_tables(session: Session) -> bool:
    """Whether we may make and change tables; the service's own role on PostgreSQL may not."""
    connection = session.connection()
    if connection.dialect.name != "postgresql" or not inspect(connection).has_table("schema_version"):
        return True
    query = "SELECT pg_has_role(tableowner, 'MEMBER') FROM pg_tables WHERE tablename = 'schema_version'"
    return bool(session.scalar(text(query)))


def act_as_owner(session: Session) -> None:
    """Be the tables' owner until the transaction ends, so that what an administrator makes for it is its own;
    on SQLite nobody owns anything.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    query = "SELECT quote_ident(tableowner) FROM pg_tables WHERE tablename = 'schema_version'"
    owner = session.scalar(text(f"{query} AND schemaname = current_schema()"))
    session.execute(text(f"SET LOCAL ROLE {owner}"))


def serving_roles(session: Session) -> list[str]:
    """The roles that were let serve, whom new tables must be opened to as well; none on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    query = (
        "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_name = 'cases' "
        "AND table_schema = current_schema() AND privilege_type = 'INSERT' AND grantee <> "
        "(SELECT tableowner FROM pg_tables WHERE tablename = 'cases' AND schemaname = current_schema())"
    )
    return [str(name) for name in session.scalars(text(query)) if _NAME.fullmatch(name)]


def missing_tables(session: Session) -> list[str]:
    """Tables that this version has and the database has not."""
    there = set(inspect(session.connection()).get_table_names())
    return sorted({*Base.metadata.tables, SEARCH_TABLE} - there)
