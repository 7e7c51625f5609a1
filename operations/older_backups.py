"""A backup of an older schema as a database of the present one: laid out as it was then, filled, brought up.

That happens in an SQLite database of its own beside the data, so that whatever fails has touched nothing else
and the engine that is restored into needs no rights but the usual ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import MetaData, text
from sqlalchemy.orm import Session

from operations.backup import LEFT_OUT
from operations.backup_rows import insert_rows, rows_of, table_lines
from storage.claimed_folders import claimed_folder
from storage.database import Database, open_engine
from storage.migrations.order import run_steps, tables_of
from storage.upgrading import bring_up, changing_schema

IN_PROGRESS: Final = "restauracion-en-curso-"
"""How the folder of a restore at work begins, in the folder of the data."""


@contextmanager
def brought_up(path: Path, schema: int, folder: Path) -> Iterator[Database]:
    """The rows of a backup in the present tables, until the block ends; what is wrong with the file raises
    :class:`storage.backup_files.BrokenBackupError`.
    """
    with claimed_folder(folder, IN_PROGRESS) as place:
        engine = open_engine(f"sqlite:///{place}/antes.sqlite3")
        try:
            with changing_schema(engine) as session:
                run_steps(session.connection(), 0, schema)
                session.execute(text("INSERT INTO schema_version VALUES (:schema)"), {"schema": schema})
                _fill(session, schema, path)
                bring_up(session, schema)
            yield Database(engine)
        finally:
            engine.dispose()


def _fill(session: Session, schema: int, path: Path) -> None:
    then = MetaData()
    then.reflect(session.connection(), only=sorted(tables_of(schema) - LEFT_OUT), resolve_fks=False)
    files = {f"tables/{name}.jsonl": table for name, table in then.tables.items()}
    for table, lines in table_lines(path, files):
        absent = {column.name: None for column in table.columns if column.nullable}
        insert_rows(session, table, rows_of(table, lines, absent))
