"""A service as an older version left it: the same papers and keys, and a database of the tables of then."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, select, text
from sqlalchemy.orm import Session

from operations.backup_rows import insert_rows
from operations.regenerating import regenerate_case
from operations.settings import Settings
from storage.database import open_engine
from tests.operations_samples import Clock, accepted, hand_in, open_demo_house, received_and_read
from tests.schema_dumps import lay_out


def make_older_house(folder: Path, shape: str, url: str) -> Settings:
    """A house with a finished case and one that waits, in a database of an older shape at ``url``."""
    settings = Settings(data_dir=folder / "datos")
    shutil.copytree(_filled_folder(), settings.data_dir)
    engine, present = open_engine(url), open_engine(settings.database)
    lay_out(engine, shape)
    then, now = MetaData(), MetaData()
    then.reflect(engine, resolve_fks=False)
    with Session(engine) as target, target.begin(), Session(present) as source:
        now.reflect(
            source.connection(), only=sorted((set(then.tables) - {"schema_version"}) & _names(source))
        )
        for table in now.sorted_tables:
            older, rows = then.tables[table.name], source.execute(select(table)).mappings()
            insert_rows(target, older, [_as_then(older, row) for row in rows])
        _copy_index(source, target, then)
    engine.dispose()
    present.dispose()
    return replace(settings, database_url=url)


@cache
def _filled_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    house = open_demo_house(folder, Clock())
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    hand_in(house, ("carta.pdf", b"%PDF-1.7 carta"))
    house.jobs.engine.dispose()
    house.database.engine.dispose()
    return house.settings.data_dir


def _names(session: Session) -> set[str]:
    """Tables of rows, not those of the search's index."""
    names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
    return {name for name in names if not name.startswith("block_terms")}


def _as_then(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in the columns of then; what is no more was empty."""
    return {column.name: row.get(column.name, "") for column in table.columns}


def _copy_index(source: Session, target: Session, then: MetaData) -> None:
    """The terms of the documents, as the index of then had them."""
    lite = target.get_bind().dialect.name == "sqlite"
    key, value = ("rowid", ":terms") if lite else ("document_id", "array_to_tsvector(:terms)")
    for number, said in source.execute(text("SELECT rowid, terms FROM block_terms")).all():
        for name in {"block_terms", "document_terms"} & set(then.tables):
            whole = name == "block_terms"
            terms = sorted({each if whole else each.partition("_")[2] for each in said.split()})
            target.execute(
                text(f"INSERT INTO {name} ({key}, terms) VALUES (:number, {value})"),
                {"number": number, "terms": " ".join(terms) if lite else terms},
            )
