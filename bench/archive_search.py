"""How long a search of the archive takes and how the index grows, from ten thousand records to a million.

``python -m bench.archive_search [--records N …] [--postgres URL]`` measures SQLite, and PostgreSQL where an
empty database is given, and prints for each kind of question the median and the 95th percentile of one page
of fifty hits on a warm database, a fresh value each time, and the exponent by which they grow with the data
(1: as fast as the data). Records are made up in bulk (``bench/archive_records.py``).
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import text

from bench.archive_records import COMMON, FAMILY, OFFICES, last_id, rare_word, records, some_number, some_ruc
from operations.archive import PAGE
from operations.archive_query import parse_query
from storage.database import Database, open_engine, prepare_schema
from storage.search import SEARCH_TABLE, kept_terms, search_documents

_BATCH = 20_000
_TRIES = 60
_WARM = 3
_FULL = 0.95

QUESTIONS: dict[str, Callable[[random.Random, int], str]] = {
    "RUC": lambda dice, count: f"ruc:{some_ruc(dice, count)}",
    "RUC a medio teclear": lambda dice, count: f"ruc:{some_ruc(dice, count)[:7]}",
    "trámite": lambda dice, count: f"tramite:{some_number(dice, count)}",
    "número de trámite solo": some_number,
    "razón social": lambda dice, _: f"razon:{dice.choice(FAMILY)} {dice.randrange(1000, 5000)}",
    "persona y período": lambda dice, _: (
        f"persona:{dice.choice(FAMILY)} periodo:{dice.randrange(2017, 2026)}-0{dice.randrange(1, 10)}"
    ),
    "palabra rara del papel": lambda dice, _: rare_word(dice),
    "dos palabras comunes": lambda dice, _: f"{dice.choice(COMMON)} {dice.choice(COMMON)}",
    "común y rara": lambda dice, _: f"{dice.choice(COMMON)} {rare_word(dice)}",
    "común que nadie tiene": lambda dice, _: f"{dice.choice(COMMON)} tipo:sheet",
    "común con fechas": lambda dice, _: (
        f"{dice.choice(FAMILY)} desde:2018-03-{dice.randrange(10, 28)} hasta:2019-10-{dice.randrange(10, 28)}"
    ),
    "oficina, tipo y estado": lambda dice, _: (
        f'oficina:"{dice.choice(OFFICES)}" tipo:original estado:refused'
    ),
    "tecleo de tres letras": lambda dice, _: dice.choice(FAMILY)[:3],
    "página al azar de común": lambda dice, _: dice.choice(FAMILY),
    "sin nada": lambda _, __: "",
}
"""Kinds of questions, and how one is made for an archive of so many documents."""
_DEEP = "página al azar de común"


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of one kind of question, and how many hits a page had on average."""

    middle: float
    high: float
    hits: float


def fill(database: Database, count: int) -> float:
    """Put the records in; seconds."""
    began = time.perf_counter()
    lite = database.engine.dialect.name == "sqlite"
    statement = (
        f"INSERT INTO {SEARCH_TABLE} (rowid, terms) VALUES (:id, :terms)"
        if lite
        else f"INSERT INTO {SEARCH_TABLE} (document_id, terms) "
        "VALUES (:id, array_to_tsvector(string_to_array(:terms, ' ')))"
    )
    batch: list[dict[str, object]] = []
    for number, terms in records(count):
        batch.append({"id": number, "terms": kept_terms(number, terms)})
        if len(batch) == _BATCH:
            _insert(database, statement, batch)
            batch = []
    if batch:
        _insert(database, statement, batch)
    if not lite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text(f"VACUUM ANALYZE {SEARCH_TABLE}")
            )
    return time.perf_counter() - began


def _insert(database: Database, statement: str, batch: list[dict[str, object]]) -> None:
    with database.transaction() as session:
        session.execute(text(statement), batch)


def index_bytes(database: Database) -> int:
    """What the index takes on disk, its terms as kept for changes included."""
    with database.reading() as session:
        if database.engine.dialect.name == "postgresql":
            size = session.scalar(text("SELECT pg_total_relation_size(:table)"), {"table": SEARCH_TABLE})
            return int(size or 0)
        pages = int(session.scalar(text("PRAGMA page_count")) or 0)
        return pages * int(session.scalar(text("PRAGMA page_size")) or 0)


def measure(database: Database, count: int) -> dict[str, Taken]:
    """What each kind of question takes."""
    found: dict[str, Taken] = {}
    with database.reading() as session:
        for name, make in QUESTIONS.items():
            dice = random.Random(7)
            times, hits = [], []
            for place in range(_TRIES + _WARM):
                wanted = parse_query(make(dice, count), {}, date(2027, 1, 1)).wanted
                before = dice.randrange(1, last_id(count)) if name == _DEEP else None
                began = time.perf_counter()
                ids = search_documents(session, wanted, PAGE + 1, before)
                if place >= _WARM:
                    times.append(1000 * (time.perf_counter() - began))
                    hits.append(len(ids))
            times.sort()
            high = times[math.ceil(_FULL * _TRIES) - 1]
            found[name] = Taken(statistics.median(times), high, statistics.mean(hits))
    return found


def run(url: str, count: int) -> tuple[dict[str, Taken], int]:
    """Fill an empty index and measure it; its bytes too."""
    engine = open_engine(url)
    prepare_schema(engine)
    database = Database(engine)
    with database.transaction() as session:
        emptied = "DELETE FROM" if engine.dialect.name == "sqlite" else "TRUNCATE"
        session.execute(text(f"{emptied} {SEARCH_TABLE}"))
    seconds = fill(database, count)
    print(f"{engine.dialect.name}: {count} records in {seconds:.0f} s", file=sys.stderr)
    taken, size = measure(database, count), index_bytes(database)
    engine.dispose()
    return taken, size


def tell(engine: str, counts: Sequence[int], runs: Sequence[tuple[dict[str, Taken], int]]) -> None:
    """Print one engine's table: ms at each size, growth from the first size to the last, hits at the last."""
    print(f"\n{engine}: ms p50/p95 of one page; growth exponent of p50/p95; hits on a page")
    print(f"{'records':24}" + "".join(f"{count:>17,}" for count in counts) + f"{'growth':>14}{'hits':>6}")
    for name in QUESTIONS:
        taken = [found[name] for found, _ in runs]
        cells = "".join(f"{each.middle:9.2f} {each.high:7.2f}" for each in taken)
        spread = f"{_exponent(counts, [each.middle for each in taken])} "
        spread += _exponent(counts, [each.high for each in taken])
        print(f"{name:24}{cells}{spread:>14}{taken[-1].hits:6.0f}")
    sizes = [size for _, size in runs]
    cells = "".join(f"{size / 1e6:14.1f} MB" for size in sizes)
    print(f"{'index':24}{cells}{_exponent(counts, sizes):>14}   {sizes[-1] / counts[-1]:.0f} bytes a record")


def _exponent(counts: Sequence[int], values: Sequence[float]) -> str:
    if len(counts) == 1:
        return "—"
    return f"{math.log(values[-1] / values[0]) / math.log(counts[-1] / counts[0]):5.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--postgres", default="", help="an empty database; its table of terms is emptied")
    options = parser.parse_args()
    runs = []
    for count in options.records:
        with tempfile.TemporaryDirectory() as folder:
            runs.append(run(f"sqlite:///{Path(folder) / 'search.sqlite3'}", count))
    tell("SQLite", options.records, runs)
    if options.postgres:
        tell("PostgreSQL", options.records, [run(options.postgres, count) for count in options.records])


if __name__ == "__main__":
    main()
