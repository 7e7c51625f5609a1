"""How well filled blanks are read: typed in a viewer, typed over, written by hand; and what is wrong.

A page that is not recognised at all counts with all its values as missing.

python -m bench.template [--pages 200] [--seed 1] [--digits FOLDER] [--errors]

``--digits`` is a folder with gzipped idx files of handwritten digits; without it they are drawn. The register
that helps with them knows the paper's employer and two thousand others.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np

from bench.material import EDITIONS, KEYS, cedula, company_ruc
from bench.template_material import Digits, Filled, Filling, fill, load_digits
from forms.layout import comb_pitch, normalise
from forms.model import Choice, Field, Mark, Values
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from intake.pages import PageResult, ReadingContext, read_page
from intake.readings import FieldReading, SignatureState
from intake.template_route import KnownEmployers
from intake.threads import use_one_thread

Verdict = Literal["exact", "asked", "missing", "wrong"]
SEVERITIES: Final = (Severity.CLEAN, Severity.MODERATE, Severity.MODERATE, Severity.HARSH)
_UNSEEN: Final = (slice(2890, 3500), slice(6390, 7000))
"""Stretches of the digits, of writers that no training saw (``bench.training``)."""
_EMPLOYERS: Final = 2000
"""Employers of the register that helps with digits written by hand; the paper's own is one more."""


def judge(reading: FieldReading | None, truth: str) -> Verdict:
    """What became of one value: accepted and right, shown with its crop, not seen, or accepted and wrong."""
    if reading is None or reading.state == "missing":
        return "missing" if truth else "exact"
    if reading.state != "read":
        return "asked"
    return "exact" if normalise(reading.value) == normalise(truth) else "wrong"


def shape_of(field: Field) -> str:
    """The kind of answer: tick, comb or text."""
    if isinstance(field.kind, Choice | Mark):
        return "tick"
    return "comb" if comb_pitch(field) else "text"


def papers(count: int, seed: int, digits: Digits | None) -> Iterator[tuple[Filled, Severity, np.ndarray]]:
    """Fresh filled blanks of every kind in turn, each scanned after treatment of some severity."""
    fillings: tuple[Filling, ...] = get_args(Filling)
    for place in range(count):
        random = np.random.default_rng((seed, place))
        filled = fill(EDITIONS[int(random.integers(len(EDITIONS)))], fillings[place % 3], random, digits)
        severity = SEVERITIES[place // 3 % len(SEVERITIES)]
        spoilt = random_damage(filled.sheet, severity, random)
        yield filled, severity, scan(spoilt, random_scanner(severity, random), random)


def examine(filled: Filled, result: PageResult) -> Iterator[tuple[Field, Verdict, FieldReading | None]]:
    """The verdict on every value that stands on the paper, and on those read that do not."""
    for field in filled.edition.value_fields:
        truth, reading = filled.values.get(field.name, ""), result.fields.get(field.name)
        if truth or (reading is not None and reading.state == "read"):
            yield field, judge(reading, truth), reading


def _some_employers(random: np.random.Generator) -> KnownEmployers:
    rucs = [company_ruc(random) for _ in range(_EMPLOYERS)]
    return KnownEmployers(dict.fromkeys(rucs, ("0001",)), {ruc: (cedula(random),) for ruc in rucs})


def _register_with(values: Values, others: KnownEmployers) -> KnownEmployers:
    """The register of which the paper's employer is one."""
    ruc, holder = values["ruc"], values.get("representative_id", values.get("grantor_id", ""))
    branches = tuple(dict.fromkeys(("0001", values["branch"])))
    return KnownEmployers({**others.branches, ruc: branches}, {**others.representatives, ruc: (holder,)})


def run(count: int, seed: int, digits: Digits | None, *, errors: bool = False) -> dict[str, Counter[str]]:
    """Tallies by filling, severity and kind of answer, and one of pages."""
    others = _some_employers(np.random.default_rng((seed, _EMPLOYERS)))
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    spent: list[float] = []
    for place, (filled, severity, image) in enumerate(papers(count, seed, digits)):
        context = ReadingContext(KEYS, employers=_register_with(filled.values, others))
        began = time.process_time()
        result = read_page(image, context)
        spent.append(time.process_time() - began)
        pages = tallies["pages"]
        pages["all"] += 1
        if result.identity is None or result.identity.edition is not filled.edition:
            pages["not recognised"] += 1
            for name in filled.values:
                shape = shape_of(filled.edition.field(name))
                tallies[f"{filled.filling:<10} {severity.value:<9} {shape}"]["missing"] += 1
            if errors:
                print(place, severity.value, filled.face, "not recognised")
            continue
        for signature in result.signatures.values():
            pages[f"signature {_signature_verdict(signature.state, filled)}"] += 1
        for field, verdict, reading in examine(filled, result):
            tallies[f"{filled.filling:<10} {severity.value:<9} {shape_of(field)}"][verdict] += 1
            if errors and verdict in {"wrong", "missing"}:
                shown = (reading.value, reading.confidence, reading.source) if reading else None
                print(
                    place,
                    severity.value,
                    Path(filled.face).name,
                    field.name,
                    verdict,
                    filled.values.get(field.name),
                    shown,
                )
    tallies["pages"]["ms CPU median"] = round(1000 * float(np.median(spent)))
    return dict(tallies)


def _signature_verdict(state: SignatureState, filled: Filled) -> str:
    if state == "doubtful":
        return "doubtful"
    return "right" if (state == "present") == filled.signed else "wrong"


def report(tallies: dict[str, Counter[str]]) -> None:
    """Print a table: one row for each filling, severity and kind of answer, then sums."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    print(f"{'':<28}{'values':>8}" + "".join(f"{name:>9}" for name in get_args(Verdict)))
    for name in sorted(tallies):
        if name != "pages":
            _row(name, tallies[name])
            for group in ("hand" if name.startswith("hand") else "typed", "typed, not harsh"):
                if group != "typed, not harsh" or ("hand" not in name and "harsh" not in name):
                    sums[group] += tallies[name]
    for name in sorted(sums):
        _row(name, sums[name])
    print(dict(tallies["pages"]))


def _row(name: str, tally: Counter[str]) -> None:
    print(
        f"{name:<28}{sum(tally.values()):>8}"
        + "".join(f"{tally[verdict]:>9}" for verdict in get_args(Verdict))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--digits", type=Path, default=os.environ.get("VENTANILLA_DIGITS"))
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    use_one_thread()
    digits = load_digits(options.digits, _UNSEEN) if options.digits else None
    report(run(options.pages, options.seed, digits, errors=options.errors))


if __name__ == "__main__":
    main()
