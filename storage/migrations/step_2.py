"""Schema 1 to 2: several readings of a case, a trail looked up by subject, and the tables that came then."""

from __future__ import annotations

from typing import Final

from alembic.operations import Operations
from sqlalchemy import inspect

from storage.migrations.tables_2_archive import make_archive
from storage.migrations.tables_2_people import make_people

_ONE_READING: Final = "readings_case_number_key"
"""As PostgreSQL names it; in SQLite it has no name and gets this one for being dropped."""
_NAMES: Final = {"uq": "%(table_name)s_%(column_0_name)s_key"}


def upgrade(op: Operations) -> None:
    """Some databases of schema 1 have part of this already."""
    schema = inspect(op.get_bind())
    if any(column["name"] == "search_text" for column in schema.get_columns("documents")):
        op.drop_column("documents", "search_text")
    if any(each["column_names"] == ["case_number"] for each in schema.get_unique_constraints("readings")):
        with op.batch_alter_table("readings", naming_convention=_NAMES) as readings:
            readings.drop_constraint(_ONE_READING, type_="unique")
    op.create_index("ix_readings_case_number", "readings", ["case_number"], if_not_exists=True)
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"], if_not_exists=True)
    make_people(op)
    make_archive(op)
