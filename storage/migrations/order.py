"""The steps in their order. Whoever changes the tables adds the next one and never touches an older one.

A step is a module with ``upgrade(op)``, where ``op`` is Alembic's: one spelling for both engines, and on
SQLite tables that are built anew where it cannot alter them. Steps run in one transaction, without triggers
(made again at the end), without SQLite's check of references (looked through at the end), and take nothing
from the modules of today, which go on changing. A change of triggers alone is a step that does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from storage.migrations import step_1, step_2, step_3, step_4

STEPS: Final[dict[int, Callable[[Operations], None]]] = {
    1: step_1.upgrade,
    2: step_2.upgrade,
    3: step_3.upgrade,
    4: step_4.upgrade,
}
"""By the schema that each one leads to; the first one makes its tables from nothing."""
NEWEST: Final = max(STEPS)


def run_steps(connection: Connection, found: int, wanted: int = NEWEST) -> None:
    """From one schema to another in the caller's transaction; 0 is a database without tables."""
    op = Operations(MigrationContext.configure(connection))
    for number in range(found + 1, wanted + 1):
        STEPS[number](op)


def tables_of(version: int) -> frozenset[str]:
    """The names of the tables of rows that a schema has; the index of the search is none of them."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        run_steps(connection, 0, version)
        names = inspect(connection).get_table_names()
    engine.dispose()
    return frozenset(name for name in names if not name.startswith("block_terms"))
