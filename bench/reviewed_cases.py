"""The reader against what clerks accepted: reads the originals of reviewed cases again and compares.

Runs on the archive that the settings name (``VENTANILLA_DATA_DIR`` …) and changes nothing in it. It prints
counts by form, field and route, and no value of anybody's. A value is *exact* where the reading stands
without a question and is what was accepted, *asked* where the clerk would be asked, *wrong* where it stands
and is another.

    python -m bench.reviewed_cases [--since 2026-01-01] [--most 500]
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from forms.layout import normalise
from operations.blanks import propose_values
from operations.casework import events_of
from operations.house import House, open_house
from operations.letters import confirm_letters
from operations.reading import read_files, tell_apart
from operations.review import SETTLED, counts
from operations.settings import load_settings
from regeneration.cases import CaseEvent
from storage.schema import CaseRow, ReceptionRow

KINDS: Final = ("exact", "asked", "wrong")
Name = tuple[str, str, str]


def replay_cases(house: House, since: datetime, most: int) -> tuple[int, dict[Name, Counter[str]]]:
    """How many cases were read again, and how many values were of each kind, by form, field and route."""
    told: dict[Name, Counter[str]] = {}
    replayed = 0
    for number in _accepted(house, since, most):
        replayed += 1
        for name, kind in replay_case(house, number):
            told.setdefault(name, Counter())[kind] += 1
    return replayed, told


def _accepted(house: House, since: datetime, most: int) -> list[str]:
    """Cases that were accepted, the newest first: of the others nobody said what is right."""
    with house.database.reading() as session:
        query = select(CaseRow.number).where(CaseRow.received_at >= since).order_by(CaseRow.number.desc())
        found = (
            number
            for number in session.scalars(query).all()
            if any(row.event == CaseEvent.ACCEPT.value for row in events_of(session, number))
        )
        return [number for number, _ in zip(found, range(most), strict=False)]


def replay_case(house: House, number: str) -> Iterator[tuple[Name, str]]:
    """What the reader of today makes of each value that was accepted."""
    with house.database.reading() as session:
        answers = dict(session.get_one(CaseRow, number).answers)
        query = select(ReceptionRow).where(ReceptionRow.case_number == number).order_by(ReceptionRow.place)
        receptions = [(row.name, row.sha256) for row in session.scalars(query)]
    names = tell_apart([name for name, _ in receptions])
    files = [(name, house.blobs.get(sha256)) for name, (_, sha256) in zip(names, receptions, strict=True)]
    answer = read_files(house, files)
    with house.database.reading() as session:
        batch = propose_values(session, confirm_letters(session, answer.batch))
    for document in filter(counts, batch.documents):
        accepted = answers.get(str(document.form), {})
        for name, found in document.fields.items():
            if name in accepted:
                same = normalise(found.value) == normalise(accepted[name])
                kind = "asked" if found.state not in SETTLED else "exact" if same else "wrong"
                yield (str(document.form), name, document.route), kind


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--since", type=datetime.fromisoformat, default=datetime(2000, 1, 1, tzinfo=UTC))
    parser.add_argument("--most", type=int, default=500)
    asked = parser.parse_args()
    house = open_house(load_settings())
    replayed, told = replay_cases(house, asked.since.replace(tzinfo=UTC), asked.most)
    print(f"{replayed} cases read again")
    print(f"{'form':28}{'field':26}{'route':10}" + "".join(f"{kind:>8}" for kind in KINDS))
    for (form, field, route), kinds in sorted(told.items()):
        print(f"{form:28}{field:26}{route:10}" + "".join(f"{kinds[kind]:8}" for kind in KINDS))
    total = sum(told.values(), Counter[str]())
    print(f"{'all':64}" + "".join(f"{total[kind]:8}" for kind in KINDS))


if __name__ == "__main__":
    main()
