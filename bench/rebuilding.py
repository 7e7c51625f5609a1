"""Rebuilding sheets of 100 to 100,000 people, a tenth of them with novedades: time and memory for each size.

Every size runs in a process of its own, so that its peak of memory is its own. The goals: 50,000 people in at
most 3 s on one core, and a cost per person that does not grow with the sheet.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from regeneration.exchange import rebuilt_as_json, sheet_as_json, sheet_from_json
from regeneration.months import Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import load_parameters
from regeneration.rebuilding import Outcome, rebuild
from regeneration.sheets import Line, Regime, ReserveFund, Sheet, SheetState, SheetType

SIZES: Final = (100, 300, 1_000, 3_000, 10_000, 30_000, 50_000, 100_000)
GOAL_PEOPLE: Final = 50_000
GOAL_SECONDS: Final = 3.0
SHARE: Final = 0.10
ON: Final = date(2026, 10, 5)
FIRST: Final = date(2026, 9, 1)
HOURS: Final = (4, 5, 6, 7)
KINDS: Final = tuple(each for each in NovedadType if each is not NovedadType.EARLY_RETURN)


@dataclass(frozen=True)
class Measured:
    """One size: CPU seconds (best and median of the rounds), and MB of the sheet and of the process.

    ``peak_mb`` is the most that a rebuild holds beside the sheet that it was given.
    """

    people: int
    novedades: int
    changes: int
    best: float
    median: float
    input_mb: float
    peak_mb: float
    resident_mb: float
    json_seconds: float

    @property
    def us_each(self) -> float:
        return 1e6 * self.best / self.people

    @property
    def kb_each(self) -> float:
        return 1024 * self.peak_mb / self.people


def make_people(people: int, seed: int) -> Sheet:
    """A private employer's sheet without amounts; one in ten works part time, half accumulate the fund."""
    rng = random.Random(f"sheet {seed} {people}")
    lines = []
    for place in range(people):
        hours = rng.choice(HOURS) if rng.random() < 0.1 else None
        wage = Decimal(rng.randrange(48_200, 300_000)) / 100
        if hours is not None:
            wage = (wage * hours / 8).quantize(Decimal("0.01"))
        fund = rng.choice((ReserveFund.ACCUMULATED, ReserveFund.MONTHLY, ReserveFund.NONE))
        days = 30 if hours is None else hours * 30 // 8
        lines.append(Line(f"{place:010d}", f"Persona {place}", "06", wage, days, hours, fund))
    number = "2026-09-000001"
    return Sheet("1790010937001", "0001", Month(2026, 9), SheetType.CONTRIBUTIONS, number, Regime.PRIVATE,
                 SheetState.GENERATED, tuple(lines))  # fmt: skip


def make_novedades(people: int, seed: int) -> list[Novedad]:
    """One novedad of any kind for a tenth of the people; those who enter are not on the sheet yet."""
    rng = random.Random(f"novedades {seed} {people}")
    found = []
    for place in rng.sample(range(people), max(1, round(people * SHARE))):
        kind, effective = rng.choice(KINDS), FIRST + timedelta(days=rng.randrange(30))
        person = f"{place:010d}"
        registered = max(effective, date(2026, 10, 1))
        wage = Decimal(rng.randrange(48_200, 300_000)) / 100
        match kind:
            case NovedadType.ENTRY:
                person = f"{people + place:010d}"
                more = {"name": f"Persona {people + place}", "wage": wage, "relation": "06"}
            case NovedadType.EXIT:
                more = {"cause": "V"}
            case NovedadType.NEW_WAGE:
                more = {"wage": wage}
            case NovedadType.VARIATION:
                more = {"amount": (wage / 10).quantize(Decimal("0.01"))}
            case NovedadType.LEAVE:
                more = {"until": effective + timedelta(days=rng.randrange(40))}
            case _:
                more = {"relation": "109"}
        found.append(Novedad(kind, person, effective, registered, **more))  # type: ignore[arg-type]
    return found


def measure(people: int, rounds: int, seed: int) -> Measured:
    """Rebuild one sheet ``rounds`` times for the clock, then once more for the memory."""
    parameters = load_parameters()
    issued = make_people(people, seed)
    # the sheet as the register has it: with the amounts that were issued
    before = rebuild(issued, [], parameters, ON).before
    novedades = make_novedades(people, seed)
    del issued
    times = []
    for _ in range(rounds):
        began = time.process_time()
        rebuilt = rebuild(before, novedades, parameters, ON)
        times.append(time.process_time() - began)
    if rebuilt.outcome is not Outcome.REBUILT:
        raise RuntimeError(f"the seeded sheet was not rebuilt: {rebuilt.problems}")
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    changes = len(rebuilt.changes)
    began = time.process_time()
    copied = sheet_from_json(json.loads(json.dumps(sheet_as_json(before))))
    json.dumps(rebuilt_as_json(rebuilt))
    through_json = time.process_time() - began
    if copied != before:
        raise RuntimeError("the sheet did not survive its JSON")
    del rebuilt, copied
    tracemalloc.start()
    own = make_people(people, seed)
    input_mb = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.reset_peak()
    held = tracemalloc.get_traced_memory()[0]
    rebuild(own, novedades, parameters, ON)
    peak_mb = (tracemalloc.get_traced_memory()[1] - held) / 2**20
    return Measured(people, len(novedades), changes, min(times), statistics.median(times), input_mb, peak_mb,
                    resident, through_json)  # fmt: skip


def measure_apart(people: int, rounds: int, seed: int) -> Measured:
    """:func:`measure` in a process of its own, on one thread."""
    command = [sys.executable, "-m", "bench.rebuilding", "--one", str(people), "--rounds", str(rounds)]
    command += ["--seed", str(seed)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=True)
    return Measured(**json.loads(done.stdout))


_COLUMNS: Final = (
    ("people", "{0.people:,}"),
    ("novedades", "{0.novedades:,}"),
    ("changes", "{0.changes:,}"),
    ("best s", "{0.best:.4f}"),
    ("median s", "{0.median:.4f}"),
    ("us/person", "{0.us_each:.1f}"),
    ("sheet MB", "{0.input_mb:.1f}"),
    ("peak MB", "{0.peak_mb:.1f}"),
    ("KB/person", "{0.kb_each:.2f}"),
    ("process MB", "{0.resident_mb:.0f}"),
    ("JSON s", "{0.json_seconds:.2f}"),
)


def show(rows: list[Measured]) -> None:
    """The table, how far from linear both costs are, and whether the goal was kept."""
    print("  ".join(f"{title:>10}" for title, _ in _COLUMNS))
    for row in rows:
        print("  ".join(f"{form.format(row):>10}" for _, form in _COLUMNS))
    large = [row for row in rows if row.people >= 1_000]
    for name, costs in (
        ("time", [row.best for row in large]),
        ("memory", [row.peak_mb for row in large]),
    ):
        if len(large) > 1:
            people = [math.log(row.people) for row in large]
            slope = statistics.linear_regression(people, [math.log(cost) for cost in costs]).slope
            each = [cost / row.people for cost, row in zip(costs, large, strict=True)]
            print(f"{name} from 1,000 people on: grows as people to the {slope:.3f} (1 is linear); "
                  f"per person, most / least {max(each) / min(each):.2f}")  # fmt: skip
    for row in rows:
        if row.people == GOAL_PEOPLE:
            verdict = "kept" if row.median <= GOAL_SECONDS else "MISSED"
            print(f"goal {GOAL_PEOPLE:,} people in {GOAL_SECONDS} s: {row.median:.2f} s median, {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", type=int, help="measure one size in this process and write JSON")
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(options.one, options.rounds, options.seed).__dict__))
        return
    show([measure_apart(size, options.rounds, options.seed) for size in options.sizes])


if __name__ == "__main__":
    main()
