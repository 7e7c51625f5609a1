"""How well scans are read: exact values, signature states, and above all no wrong value accepted.

python -m bench.accuracy [--easy 200] [--all 500] [--seed 1] [--without-records]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from typing import Final

import numpy as np

from bench.material import KEYS, knowing, random_paper, random_scan
from generators.paper.severity import Severity
from intake.pages import PageResult, ReadingContext, read_page
from intake.threads import use_one_thread

_INITIALS: Final = frozenset({"initials", "ringed"})
"""Hands that write initials only, of which people should be asked; it is no fault to know them either."""


def examine(result: PageResult, values: dict[str, str], signed: bool, hand: str = "") -> Counter[str]:
    """What of one page was right, doubtful and wrong; it was signed in the ``hand`` of that name."""
    tally: Counter[str] = Counter(pages=1)
    if result.identity is None:
        tally["unidentified"] += 1
        return tally
    right = all(found.value == values.get(name, "") for name, found in result.fields.items())
    complete = set(values) <= set(result.fields)
    sure = all(found.state in {"confirmed", "read"} for found in result.fields.values())
    known = all(found_signature.state != "doubtful" for found_signature in result.signatures.values())
    tally["no question"] += complete and sure and known
    tally["initials asked"] += complete and sure and not known and hand in _INITIALS
    tally["exact"] += right and complete
    for name, found in result.fields.items():
        tally["values"] += 1
        wrong = found.value != values.get(name, "")
        tally[found.state] += 1
        tally["wrong accepted"] += wrong and found.state in {"confirmed", "read"}
        tally["wrong asked"] += wrong and found.state == "doubtful"
    for found_signature in result.signatures.values():
        tally[f"signature {found_signature.state}"] += 1
        truth = "present" if signed else "absent"
        tally["signature right"] += found_signature.state == truth
        tally["signature wrong"] += found_signature.state not in {truth, "doubtful"}
    return tally


def run(severities: list[Severity], count: int, seed: int, verbose: bool = False) -> Counter[str]:
    """Read ``count`` fresh scans of the given severities in turn."""
    total: Counter[str] = Counter()
    for tally in run_each(severities, count, seed, verbose=verbose).values():
        total.update(tally)
    return total


def run_each(
    severities: list[Severity], count: int, seed: int, *, verbose: bool = False, records: bool = True
) -> dict[Severity, Counter[str]]:
    """The same, counted for each severity. With ``records`` the reader knows what the service remembers of
    the document, as it does at a window; without, a page that lost its full symbol can only be asked about.
    """
    totals: dict[Severity, Counter[str]] = {severity: Counter() for severity in severities}
    for place in range(count):
        random = np.random.default_rng((seed, place))
        severity = severities[place % len(severities)]
        paper = random_paper(random)
        image = random_scan(paper, severity, random)
        began = time.process_time()
        result = read_page(image, knowing(paper) if records else ReadingContext(KEYS))
        totals[severity]["cpu ms"] += round(1000 * (time.process_time() - began))
        tally = examine(result, paper.values, paper.signed, paper.hand)
        totals[severity].update(tally)
        if verbose and (
            not tally["no question"]
            or tally["signature wrong"]
            or tally["wrong accepted"]
            or tally["altered"]
        ):
            odd = {n: (f.state, f.value, f.seen) for n, f in result.fields.items() if f.state != "confirmed"}
            print(place, severity.value, image.shape, dict(tally), odd, [p.code for p in result.problems][:3])
    return totals


COLUMNS: Final = (
    ("pages", "pages"),
    ("no question", "no question"),
    ("initials asked", "only initials asked"),
    ("unidentified", "unidentified"),
    ("exact", "exact"),
    ("values", "values"),
    ("doubtful", "doubtful"),
    ("altered", "false altered"),
    ("wrong accepted", "wrong"),
    ("signature right", "sign. right"),
    ("signature doubtful", "sign. doubt"),
    ("signature wrong", "sign. wrong"),
)


def print_table(totals: dict[Severity, Counter[str]]) -> None:
    """A line for each severity and one for all."""
    print("  ".join([f"{'severity':10}", *(title for _, title in COLUMNS), "cpu ms mean"]))
    every: Counter[str] = Counter()
    for tally in totals.values():
        every.update(tally)
    for name, tally in [*((severity.value, tally) for severity, tally in totals.items()), ("all", every)]:
        cells = [str(tally[key]).rjust(len(title)) for key, title in COLUMNS]
        mean = f"{tally['cpu ms'] / max(tally['pages'], 1):.0f}".rjust(11)
        print("  ".join([f"{name:10}", *cells, mean]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--easy", type=int, default=200)
    parser.add_argument("--all", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-records", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    use_one_thread()
    records = not options.without_records
    if options.easy:
        print("clean to moderate")
        easy = [Severity.CLEAN, Severity.MODERATE]
        print_table(run_each(easy, options.easy, options.seed, verbose=options.verbose, records=records))
    print("any severity")
    every = list(Severity)
    print_table(run_each(every, options.all, options.seed + 1, verbose=options.verbose, records=records))


if __name__ == "__main__":
    main()
