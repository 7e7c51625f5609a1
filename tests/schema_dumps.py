"""The tables of each schema as they were shipped: what a program of then said to an empty database.

A file for each shape and engine, in ``tests/schemas``. The newest is what the program says today: a test
holds one against the other, and whoever changes the tables adds the step and then writes it anew with
``python -m tests.schema_dumps ADDRESS``, the address being that of an empty PostgreSQL database. The others
are never written again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, text

from storage.database import open_engine, prepare_schema
from storage.schema import SCHEMA_VERSION

FOLDER: Final = Path(__file__).resolve().parent / "schemas"
SHAPES: Final = ("1-first", "1-last", "2-first", "2-packages", "2-last", "3")
"""What databases of older schemas look like: of a number there are several, for tables were once added
without another number. ``1-first`` is the first of all; ``2-packages`` has the search's first index by terms.
"""
_END: Final = ";;\n"
"""Between statements; triggers have single semicolons inside."""


def dump_file(shape: str, dialect: str) -> Path:
    """Where a shape is kept."""
    return FOLDER / f"{shape}.{dialect}.sql"


def said_to(engine: Engine) -> list[str]:
    """All that makes something while an empty database is prepared."""
    said: list[str] = []

    def listen(_c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith("CREATE"):
            plain = statement.replace("%%", "%") if engine.dialect.name == "postgresql" else statement
            said.append("\n".join(line.rstrip() for line in plain.strip().splitlines()))

    event.listen(engine, "before_cursor_execute", listen)
    prepare_schema(engine)
    event.remove(engine, "before_cursor_execute", listen)
    return said


def written(shape: str, dialect: str) -> list[str]:
    """What was said when a database of a shape was made."""
    return [each for each in dump_file(shape, dialect).read_text("utf-8").split(_END) if each]


def lay_out(engine: Engine, shape: str) -> None:
    """Make the tables of a shape, with its number, in an empty database."""
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        for statement in written(shape, engine.dialect.name):
            driver.execute(statement)  # nothing in it stands for a value
        number = int(shape.partition("-")[0])
        connection.execute(text("INSERT INTO schema_version VALUES (:number)"), {"number": number})


def _steady(said: list[str]) -> Iterator[str]:
    """The indexes of a table by their names: otherwise each writing would put them in another order."""
    for is_index, some in groupby(said, lambda each: each.startswith(("CREATE INDEX", "CREATE UNIQUE"))):
        statements = list(some)
        yield from sorted(statements) if is_index else statements


def main(postgres: str) -> None:
    """Write the newest again; ``postgres`` is the address of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        for url in (f"sqlite:///{folder}/x.sqlite3", postgres):
            engine = open_engine(url)
            path = dump_file(str(SCHEMA_VERSION), engine.dialect.name)
            path.write_text("".join(f"{each}{_END}" for each in _steady(said_to(engine))), "utf-8")
            engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
