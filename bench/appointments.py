"""How many people can book appointments at the same time, and whether any two ever get one place.

    python -m bench.appointments [--people 100] [--rounds 3]

Everybody asks for the same hour first, then for hours of the whole month; on SQLite, and on PostgreSQL where
an address is given. A booking draws and seals its confirmation, and writes the mail with its attachments.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

from sqlalchemy import func, select

from operations.agencies.register import Agency
from operations.appointment_views import Appointment, Slot
from operations.appointments import book
from operations.house import House, open_house
from operations.settings import Settings
from operations.visitors import Visitor
from storage.appointment_tables import PlaceRow

_THREADS = 32
_AGENCY, _PROCEDURE = "cuenca", "sheet-rebuilding"


@contextmanager
def open_empty(database_url: str = "") -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(replace(Settings(data_dir=Path(folder)), database_url=database_url))
        yield house
        house.database.engine.dispose()
        house.jobs.engine.dispose()


def visitors(count: int, kind: str) -> list[Visitor]:
    mails = (f"p{place}@empleador.example" for place in range(count))
    return [Visitor(f"{kind}{place:06d}", mail, "099 123 4567") for place, mail in enumerate(mails)]


def slots_of(house: House, agency: Agency, count: int) -> list[Slot]:
    days = house.agencies.bookable_days(agency, house.today())
    places = [Slot(_AGENCY, _PROCEDURE, day, hour) for day, hour in product(days, agency.hours)]
    return [places[place % len(places)] for place in range(count)]


def measure(house: House, people: list[Visitor], slots: list[Slot]) -> tuple[int, float]:
    """How many got a place, and the seconds that all of it took."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(_THREADS) as pool:
        answers = list(pool.map(lambda pair: book(house, *pair), zip(people, slots, strict=True)))
    return sum(isinstance(answer, Appointment) for answer in answers), time.perf_counter() - begun


def report(name: str, house: House, count: int, rounds: int) -> None:
    agency = house.agencies.find(_AGENCY)
    assert agency is not None
    for place in range(rounds):
        one = slots_of(house, agency, rounds)[place]
        got, seconds = measure(house, visitors(count, f"R{place}"), [one] * count)
        print(f"{name}: {count} ask for one hour of {agency.capacity} places: {got} got one, {seconds:.2f} s")
        assert got == agency.capacity
    got, seconds = measure(house, visitors(count, "M"), slots_of(house, agency, count + rounds)[rounds:])
    print(
        f"{name}: {count} ask for hours of the month: {got} booked in {seconds:.2f} s, {got / seconds:.0f}/s"
    )
    with house.database.reading() as session:
        query = (
            select(func.count()).select_from(PlaceRow).group_by(PlaceRow.agency, PlaceRow.day, PlaceRow.hour)
        )
        most = max(session.scalars(query))
    print(f"{name}: most places taken at one hour: {most} of {agency.capacity}")
    assert most <= agency.capacity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", default="", help="address of an empty database to measure too")
    given = parser.parse_args()
    for name, url in (("SQLite", ""), ("PostgreSQL", given.postgresql)):
        if name == "SQLite" or url:
            with open_empty(url) as house:
                report(name, house, given.people, given.rounds)


if __name__ == "__main__":
    main()
