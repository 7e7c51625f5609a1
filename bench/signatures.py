"""Signature states by what stands in the box and by severity of the scan: right, doubtful and wrong.

Right is present for ink by hand, absent for what only looks like it, doubtful for initials and for a
signature outside its box, and a flag for a printed bitmap.

    python -m bench.signatures [--each 8] [--seed 77] [--verbose]
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Final

import numpy as np

from bench.material import KEYS, random_paper
from bench.signature_material import KINDS
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from intake.pages import PageResult, ReadingContext, read_page

SEVERITIES: Final = (Severity.CLEAN, Severity.MODERATE, Severity.HARSH)
_BY_HAND: Final = frozenset({"real pen", "drawn hand"})
_TO_ASK: Final = frozenset({"initials", "outside the box"})
"""Kinds of which a person must be asked: to call them present or absent is wrong."""


def verdict(kind: str, result: PageResult) -> str:
    """``right``, ``doubtful`` or ``wrong``; ``unread`` when the page was not identified."""
    if not result.signatures:
        return "unread"
    (found,) = result.signatures.values()
    if kind == "pasted bitmap":
        codes = {problem.code for problem in result.problems}
        return "right" if "SIGNATURE_LOOKS_PRINTED" in codes or found.state != "present" else "wrong"
    if kind in _TO_ASK:
        return "right" if found.state == "doubtful" else "wrong"
    truth = "present" if kind in _BY_HAND else "absent"
    return "right" if found.state == truth else "doubtful" if found.state == "doubtful" else "wrong"


def run(each: int, seed: int, *, verbose: bool = False) -> dict[tuple[str, Severity], Counter[str]]:
    """``each`` fresh papers of every kind and severity, read without records."""
    tallies: dict[tuple[str, Severity], Counter[str]] = {}
    for number, kind in enumerate(KINDS):
        for severity in SEVERITIES:
            tally = tallies[kind, severity] = Counter()
            for place in range(each):
                random = np.random.default_rng((seed, number, place, SEVERITIES.index(severity)))
                result = _read(kind, severity, random)
                said = verdict(kind, result)
                tally[said] += 1
                if verbose and said != "right":
                    codes = [found.code for found in result.problems if found.code.startswith("SIGN")]
                    states = [found.state for found in result.signatures.values()]
                    print(f"  {kind}, {severity.value}, {place}: {said} {states} {codes} {result.dpi}")
    return tallies


def _read(kind: str, severity: Severity, random: np.random.Generator) -> PageResult:
    paper = random_paper(random, unsigned=1.0)
    sheet = KINDS[kind](paper.sheet, paper.edition.signature_fields[0].box, random)
    image = scan(random_damage(sheet, severity, random), random_scanner(severity, random), random)
    return read_page(image, ReadingContext(KEYS))


def print_table(tallies: dict[tuple[str, Severity], Counter[str]]) -> None:
    """A line for each kind, three figures (right, doubtful, wrong) for each severity, and the sums."""
    print(f"{'kind':18}" + "".join(f"{severity.value:>20}" for severity in SEVERITIES))
    total: dict[Severity, Counter[str]] = {severity: Counter() for severity in SEVERITIES}
    for kind in KINDS:
        cells = []
        for severity in SEVERITIES:
            tally = tallies[kind, severity]
            total[severity].update(tally)
            cells.append(_cell(tally))
        print(f"{kind:18}" + "".join(f"{cell:>20}" for cell in cells))
    print(f"{'all':18}" + "".join(f"{_cell(total[severity]):>20}" for severity in SEVERITIES))
    every = sum(total.values(), Counter[str]())
    seen = sum(every.values()) - every["unread"]
    print(f"right {every['right']} of {seen} read pages ({100 * every['right'] / max(seen, 1):.1f} %)")


def _cell(tally: Counter[str]) -> str:
    unread = f" ({tally['unread']} unread)" if tally["unread"] else ""
    return f"{tally['right']}/{tally['doubtful']}/{tally['wrong']}{unread}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    print("right/doubtful/wrong")
    print_table(run(options.each, options.seed, verbose=options.verbose))


if __name__ == "__main__":
    main()
