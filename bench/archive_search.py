"""A million synthetic records: how long a search takes in both engines, and how the index grows.

``python -m bench.archive_search [--records N …] [--postgres URL]``. Rows are made up in bulk, with the terms
that ``index_case`` would make: four documents a case, one of them with a page of text. Each query is asked on
a warm database with a fresh value each time; the time is that of one page of fifty hits.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from operations.archive_query import parse_query
from operations.indexing import CODE, DAY, KIND, MONTH, NAME, OFFICE, PERIOD, PERSON, RUC, STATE, YEAR
from storage.database import Database, open_engine, prepare_schema
from storage.search import fold_words, search_documents, tagged

_KINDS = ("original", "sheet", "sheet-comparison", "sheet-json")
_GIVEN = (
    "María",
    "José",
    "Luis",
    "Ana",
    "Rosa",
    "Carlos",
    "Jorge",
    "Elena",
    "Lucía",
    "Andrés",
    "Inés",
    "Diego",
)
_FAMILY = (
    "Guamán", "Quishpe", "Chimbo", "Andrade", "Núñez", "Peñafiel", "Zambrano", "Cedeño", "Mora", "Vera",
    "Ortiz", "León", "Tapia", "Ruiz", "Cañar", "Ibarra",
)  # fmt: skip
_TRADES = ("Comercial", "Textiles", "Agrícola", "Constructora", "Transportes", "Servicios", "Importadora")
_OFFICES = ("Quito - Matriz", "Guayaquil", "Cuenca", "Ambato", "Loja", "Manta")
_COMMON = (
    "Señor", "Director", "solicito", "regeneración", "planilla", "aportes", "omisión", "novedad", "salida",
    "entrada", "sueldo", "período", "representante", "legal", "empleador", "declaro", "pagada",
    "comprobantes", "anulados", "fondos", "reserva",
)  # fmt: skip
_RARE = 40_000
_DAYS = 3650
_BATCH = 20_000
_TRIES = 60


def records(count: int) -> Iterator[tuple[int, str]]:
    """Ids and terms of that many documents, always the same."""
    dice = random.Random(2026)
    for case in range(count // len(_KINDS)):
        about = _case_terms(dice, case, count)
        page = [*_COMMON, *(f"palabra{dice.randrange(_RARE)}" for _ in range(60))]
        for place, kind in enumerate(_KINDS):
            own = [*tagged(KIND, kind, whole=True), *fold_words(f"{place:02d} documento {kind}")]
            words = fold_words(" ".join(page)) if place == 0 else []
            yield case * len(_KINDS) + place + 1, " ".join(dict.fromkeys([*own, *about, *words]))


def _case_terms(dice: random.Random, case: int, count: int) -> list[str]:
    ruc = f"17{dice.randrange(count // 20 + 1):08d}001"
    name = f"{dice.choice(_TRADES)} {dice.choice(_FAMILY)} {dice.randrange(5000)} Cía. Ltda."
    person = (
        f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)} {dice.choice(_FAMILY)} 17{dice.randrange(10**8):08d}"
    )
    day = date(2017, 1, 1) + timedelta(days=case * _DAYS // max(1, count // len(_KINDS)))
    number = f"{day.year}-{case % 10**6:06d}-{case % 10}"
    office = dice.choice(_OFFICES)
    return [
        *fold_words(f"{number} {office} {ruc} {name} {person} {day:%Y-%m}"),
        *tagged(RUC, ruc), *tagged(NAME, name), *tagged(PERSON, person), *tagged(OFFICE, office),
        *tagged(PERIOD, f"{day:%Y-%m}", whole=True), *tagged(CODE, number, whole=True),
        *tagged(STATE, dice.choice(("archived", "archived", "archived", "refused")), whole=True),
        f"{YEAR}_{day:%Y}", f"{MONTH}_{day:%Y%m}", f"{DAY}_{day:%Y%m%d}",
    ]  # fmt: skip


def _day(case: int, count: int) -> date:
    return date(2017, 1, 1) + timedelta(days=case * _DAYS // max(1, count // len(_KINDS)))


def _number(case: int, count: int) -> str:
    return f"{_day(case, count).year}-{case % 10**6:06d}-{case % 10}"


QUERIES: dict[str, Callable[[random.Random, int], str]] = {
    "RUC": lambda dice, count: f"ruc:17{dice.randrange(count // 20 + 1):08d}001",
    "trámite": lambda dice, count: f"tramite:{_number(dice.randrange(count // 4), count)}",
    "razón social": lambda dice, _: f"razon:{dice.choice(_FAMILY)} {dice.randrange(1000, 5000)}",
    "persona y período": lambda dice, _: (
        f"persona:{dice.choice(_FAMILY)} periodo:{dice.randrange(2017, 2026)}-0{dice.randrange(1, 10)}"
    ),
    "palabra rara del papel": lambda dice, _: f"palabra{dice.randrange(_RARE)}",
    "dos palabras comunes": lambda dice, _: f"{dice.choice(_COMMON)} {dice.choice(_COMMON)}",
    "común con fechas": lambda dice, _: (
        f"{dice.choice(_FAMILY)} desde:2018-03-{dice.randrange(10, 28)} "
        f"hasta:2019-10-{dice.randrange(10, 28)}"
    ),
    "tecleo de tres letras": lambda dice, _: dice.choice(_FAMILY)[:3],
}


def fill(database: Database, count: int) -> float:
    """Put the records in; seconds."""
    began = time.perf_counter()
    lite = database.engine.dialect.name == "sqlite"
    statement = (
        "INSERT INTO document_terms (rowid, terms) VALUES (:id, :terms)"
        if lite
        else "INSERT INTO document_terms (document_id, terms) "
        "VALUES (:id, array_to_tsvector(string_to_array(:terms, ' ')))"
    )
    batch: list[dict[str, object]] = []
    for number, terms in records(count):
        batch.append({"id": number, "terms": terms})
        if len(batch) == _BATCH:
            _insert(database, statement, batch)
            batch = []
    if batch:
        _insert(database, statement, batch)
    if not lite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM ANALYZE document_terms")
            )
    return time.perf_counter() - began


def _insert(database: Database, statement: str, batch: list[dict[str, object]]) -> None:
    with database.transaction() as session:
        session.execute(text(statement), batch)


def index_bytes(database: Database) -> int:
    """What the index takes on disk, its terms as kept for changes included."""
    with database.reading() as session:
        if database.engine.dialect.name == "postgresql":
            return int(session.scalar(text("SELECT pg_total_relation_size('document_terms')")) or 0)
        pages = int(session.scalar(text("PRAGMA page_count")) or 0)
        return pages * int(session.scalar(text("PRAGMA page_size")) or 0)


def measure(database: Database, count: int) -> list[tuple[str, float, float, float]]:
    """For each kind of query the median and the 95th percentile in ms, and how many hits a page had."""
    rows = []
    with database.reading() as session:
        for name, make in QUERIES.items():
            dice = random.Random(7)
            taken, found = [], []
            for place in range(_TRIES + 3):
                query = parse_query(make(dice, count), {}, date(2027, 1, 1))
                began = time.perf_counter()
                hits = search_documents(session, query.wanted, 51)
                if place >= 3:
                    taken.append(1000 * (time.perf_counter() - began))
                    found.append(len(hits))
            taken.sort()
            rows.append(
                (name, statistics.median(taken), taken[int(0.95 * _TRIES) - 1], statistics.mean(found))
            )
    return rows


def run(url: str, count: int) -> None:
    engine = open_engine(url)
    prepare_schema(engine)
    database = Database(engine)
    with database.transaction() as session:
        session.execute(text("DELETE FROM document_terms"))
    seconds = fill(database, count)
    size = index_bytes(database)
    print(f"\n{engine.dialect.name}, {count} records: filled in {seconds:.0f} s, "
          f"{size / 1e6:.1f} MB, {size / count:.0f} bytes a record")  # fmt: skip
    for name, middle, high, hits in measure(database, count):
        print(f"  {name:24} p50 {middle:8.2f} ms   p95 {high:8.2f} ms   {hits:4.0f} hits")
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--postgres", default="", help="an empty database; its table of terms is emptied")
    options = parser.parse_args()
    for count in options.records:
        if options.postgres:
            run(options.postgres, count)
            continue
        with tempfile.TemporaryDirectory() as folder:
            run(f"sqlite:///{Path(folder) / 'search.sqlite3'}", count)


if __name__ == "__main__":
    main()
