"""Schema 3 to 4: a draft is of one employer, for a delegate of several begins a form for each of them."""

from __future__ import annotations

from typing import Any

from alembic.operations import Operations
from sqlalchemy import JSON, Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, column, select, table


def upgrade(op: Operations) -> None:
    """What was begun stays begun, for the employer that it names; of nobody's nobody could go on with it."""
    connection = op.get_bind()
    op.rename_table("drafts", "drafts_before")
    if connection.dialect.name == "postgresql":
        op.execute("ALTER INDEX drafts_pkey RENAME TO drafts_before_pkey")
    made = op.create_table(
        "drafts",
        Column("user_name", String(80), nullable=False),
        Column("employer", String(40), nullable=False),
        Column("form", String(40), nullable=False),
        Column("field_values", JSON, nullable=False),
        Column("saved_at", String(32), nullable=False),
        PrimaryKeyConstraint("user_name", "employer", "form"),
        ForeignKeyConstraint(["user_name"], ["users.name"]),
    )
    before = table(
        "drafts_before", column("user_name"), column("form"), column("field_values", JSON), column("saved_at")
    )
    users = table("users", column("name"), column("ruc"), column("branch"))
    query = select(before, users.c.ruc, users.c.branch).join(users, users.c.name == before.c.user_name)
    rows = [_of_employer(dict(row._mapping)) for row in connection.execute(query)]
    named = [row for row in rows if row is not None]
    if named:
        op.bulk_insert(made, named)
    op.drop_table("drafts_before")


def _of_employer(row: dict[str, Any]) -> dict[str, Any] | None:
    """The draft with its employer: an employer's own is of themselves, a delegate's of whom it names."""
    own = row.pop("ruc"), row.pop("branch")
    values = row["field_values"] if isinstance(row["field_values"], dict) else {}
    ruc, branch = own if all(own) else (values.get("ruc"), values.get("branch"))
    return row | {"employer": f"{ruc}/{branch}"} if ruc and branch else None
