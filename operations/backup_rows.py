"""The rows of a backup, out of its file and into the tables of a database, whatever their schema."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from forms.problems import problem
from storage.backup_files import BrokenBackupError, Member, open_backup
from storage.restoring import advance_serial
from storage.row_json import RowShapeError, row_from_json

AT_ONCE: Final = 500


def table_lines(path: Path, tables: Mapping[str, Table]) -> Iterator[tuple[Table, Member]]:
    """The tables of a backup and their files, by these names; :class:`BrokenBackupError` for another."""
    left = dict(tables)
    with open_backup(path) as members:
        for member in members:
            if member.name.startswith("tables/"):
                table = left.pop(member.name, None)
                if table is None:
                    raise BrokenBackupError(problem("BACKUP_CHANGED", name=member.name))
                yield table, member


def rows_of(table: Table, lines: Member, absent: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """The rows in a file. ``absent`` has the values of columns that a line may lack."""
    with tempfile.TemporaryFile() as spool:  # lines may be longer than what a tar gives at once
        spool.writelines(lines.pieces())
        spool.seek(0)
        try:
            for line in spool:
                yield row_from_json(table, {**(absent or {}), **json.loads(line)})
        except (RowShapeError, ValueError, TypeError):
            raise BrokenBackupError(problem("BACKUP_CHANGED", name=lines.name)) from None


def insert_rows(session: Session, table: Table, rows: Iterable[dict[str, Any]]) -> int:
    """Insert rows with their ids, a few at a time; how many they were."""
    count, source = 0, iter(rows)
    while batch := list(islice(source, AT_ONCE)):
        session.execute(table.insert(), batch)
        count += len(batch)
    key = table.autoincrement_column
    if count and key is not None:
        advance_serial(session, table, session.scalar(select(func.max(key))) or 0)
    return count
