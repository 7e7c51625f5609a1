"""How well annexes are named: copies of cédulas, of foreigners' documents, other papers, letters and forms.

Named right, not named (the clerk is asked what it is) and wrong, for each kind and severity of the scan.

    python -m bench.annexes [--each 8] [--seed 1]
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator

import numpy as np

from bench.annex_material import COPIES
from bench.letter_manners import MANNERS
from bench.letter_material import random_letter
from bench.material import random_paper
from generators.paper.files import encode
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Sheet, print_page
from intake.batch import read_batch
from intake.pages import ReadingContext
from intake.readings import DocumentReading, annex_kind
from intake.threads import use_one_thread

SEVERITIES = (Severity.CLEAN, Severity.MODERATE, Severity.HARSH)


def make_sheets(number: int, random: np.random.Generator) -> Iterator[tuple[str, str, Sheet]]:
    """Kind, what it must be taken for, and the printed sheet, one of each kind."""
    for kind, (draw, truth) in COPIES.items():
        yield kind, truth, print_page(draw(random))
    letter = random_letter(random, (MANNERS[number % len(MANNERS)],))
    yield "letter", "letter", print_page(letter.pdf)
    yield "sealed form", "form", random_paper(random).sheet


def named(document: DocumentReading) -> str:
    """What the reading takes a document for."""
    if document.route == "letter":
        return "letter"
    return annex_kind(document) or "form"


def run(each: int, seed: int) -> dict[tuple[str, Severity], Counter[str]]:
    """``each`` fresh papers of every kind and severity."""
    tallies: dict[tuple[str, Severity], Counter[str]] = {}
    for severity in SEVERITIES:
        for number in range(each):
            random = np.random.default_rng((seed, SEVERITIES.index(severity), number))
            for kind, truth, sheet in make_sheets(number, random):
                scanner = random_scanner(severity, random)
                image = scan(random_damage(sheet, severity, random), scanner, random)
                data = encode([image], "jpeg", scanner.dpi)
                documents = read_batch([("hoja.jpg", data)], ReadingContext()).documents
                said = named(documents[0]) if documents else "unknown"
                verdict = "right" if said == truth else "unnamed" if said == "unknown" else "wrong"
                tallies.setdefault((kind, severity), Counter())[verdict] += 1
                if verdict == "wrong":
                    print(f"  {kind}, {severity.value}, {number}: taken for {said}")
    return tallies


def print_table(tallies: dict[tuple[str, Severity], Counter[str]]) -> None:
    """A line for each kind: right, unnamed and wrong for each severity."""
    print(f"{'kind':16}" + "".join(f"{severity.value:>14}" for severity in SEVERITIES))
    for kind in dict.fromkeys(kind for kind, _ in tallies):
        cells = [tallies[kind, severity] for severity in SEVERITIES]
        shown = "".join(f"{cell['right']}/{cell['unnamed']}/{cell['wrong']}".rjust(14) for cell in cells)
        print(f"{kind:16}{shown}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    use_one_thread()
    print("right/unnamed/wrong")
    print_table(run(options.each, options.seed))


if __name__ == "__main__":
    main()
