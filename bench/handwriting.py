"""How well digits written by hand are read: cells, numbers and whole forms, by writers kept out of learning.

    python -m bench.handwriting [--numbers 1000] [--forms 200] [--figure reliability.svg]

``--figure`` draws the reliability diagram: what was promised against what was kept.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from bench.handwriting_figure import draw_reliability, reliability
from bench.handwriting_forms import fill_form, locate
from bench.training.calibrating import calibration_error
from bench.training.combs import BLANK, EDITION, OTHER, fill_comb
from bench.training.material import GROUPS, load_digits
from bench.training.oddities import UNSEEN
from bench.training.papers import random_number
from bench.training.penmanship import leave_something, random_hand
from bench.training.trials import REGISTERS, Trial, try_number, write_numbers
from generators.paper.severity import Severity
from intake.handwriting.candidates import KnownNumbers
from intake.handwriting.cells import cut_cells
from intake.handwriting.certainty import READ_FROM, certainty
from intake.handwriting.decoding import HandwrittenNumber, decode_number
from intake.handwriting.digits import recognise_ink
from intake.handwriting.numbers import NumberKind
from intake.handwriting.reading import read_comb

_REGISTER: Final = 20_000
_SURE: Final = 0.99


def measure_cells(combs: int, seed: int) -> None:
    """Single cells, by group of writers and by what they hold; scans of all severities up to harsh."""
    print(f"cells of {combs} combs, any severity up to harsh")
    for group, name in enumerate(GROUPS):
        tables, truths = [], []
        for place in range(combs // 2):
            rng = np.random.default_rng((seed, group, place))
            hand = replace(random_hand(load_digits("test", group), rng), drawn=0.0)
            contents = tuple(
                int(sign) for sign in rng.choice([*range(10)] * 3 + [BLANK] * 3 + [OTHER] * 5, 13)
            )
            scanned = fill_comb(hand, contents, rng)
            tables.append(recognise_ink(scanned.cells).table)
            truths.append([{BLANK: 11, OTHER: 10}.get(sign, sign) for sign in scanned.truth])
        table, truth = np.concatenate(tables), np.concatenate(truths)
        best, digit, other = table.argmax(axis=1), truth < 10, truth == 10
        among = table[digit, :10].argmax(axis=1) == truth[digit]
        error = calibration_error(table.max(axis=1), best == truth)
        taken = table[other, :10].max(axis=1)
        print(
            f"  {name}: digits right {np.mean(best[digit] == truth[digit]):.4f}"
            f" (among the ten {among.mean():.4f}), blanks {np.mean(best[truth == 11] == 11):.4f},"
            f" no digit {np.mean(best[other] == 10):.4f}"
            f" (taken for one with {_SURE}: {np.mean(taken > _SURE):.4f}), calibration error {error:.4f}"
        )


def measure_oddities(combs: int, seed: int) -> None:
    """Kinds of ink that were never taught, each alone in its cell among digits."""
    print(f"cells with ink of unseen kinds, {combs} combs each: taken for a digit, and with {_SURE} or more")
    for name, odd in {"(taught kinds)": leave_something, **UNSEEN}.items():
        taken = []
        for place in range(combs):
            rng = np.random.default_rng((seed, place))
            hand = random_hand(load_digits("test", place % 2), rng)
            contents = tuple(OTHER if cell % 3 else int(rng.integers(10)) for cell in range(13))
            scanned = fill_comb(hand, contents, rng, odd=odd, severity=Severity.MODERATE)
            table = recognise_ink(scanned.cells).table[np.array(scanned.truth) == OTHER]
            taken.extend(table[:, :10].sum(axis=1).tolist())
        shares = np.array(taken)
        print(f"  {name}: {np.mean(shares > 0.5):.3f}, {np.mean(shares > _SURE):.4f} of {len(shares)}")


def measure_numbers(count: int, seed: int) -> list[tuple[float, bool]]:
    """RUC and cédula in combs, with registers of several sizes; what was promised and whether it was right.

    Of the papers, five in a hundred do not say what the register has: a slip, or another number.
    """
    print(f"{count} numbers, moderate scans; 5 % of the papers differ from the register")
    written = list(write_numbers("test", count, seed, severity=Severity.MODERATE))
    tables = [recognise_ink(one.cells).table for one in written]
    every: list[tuple[float, bool]] = []
    for size in REGISTERS:
        trials = [try_number(one, table, size) for one, table in zip(written, tables, strict=True)]
        every += [(_promised(trial), trial.right) for trial in trials]
        kinds: tuple[NumberKind, ...] = ("ruc", "cedula")
        for kind in kinds:
            mine = [trial for trial in trials if trial.kind == kind]
            agreeing = [trial for trial in mine if trial.as_registered]
            print(
                f"  {kind}, register of {size}: papers as registered right {_share_right(agreeing):.4f},"
                f" read {_share_read(agreeing):.4f}; all right {_share_right(mine):.4f},"
                f" read {_share_read(mine):.4f}, wrong read {_wrong(mine)} of {len(mine)}"
            )
    return every


def _promised(trial: Trial) -> float:
    return certainty(trial.score, in_list=trial.in_list)


def _share_right(trials: Sequence[Trial]) -> float:
    return float(np.mean([trial.right for trial in trials]))


def _share_read(trials: Sequence[Trial]) -> float:
    return float(np.mean([_promised(trial) >= READ_FROM for trial in trials]))


def _wrong(trials: Sequence[Trial]) -> int:
    return sum(_promised(trial) >= READ_FROM and not trial.right for trial in trials)


def measure_spoilt(count: int, seed: int) -> None:
    """RUCs with one cell crossed out, overwritten, doubled or left out: each must go to the clerk."""
    outcomes = {"with the register": Counter[str](), "without": Counter[str]()}
    for place in range(count):
        rng = np.random.default_rng((seed, place))
        hand, number = random_hand(load_digits("test", place % 2), rng), random_number("ruc", rng)
        contents = [int(sign) for sign in number]
        contents[int(rng.integers(13))] = BLANK if place % 5 == 0 else OTHER
        cells = fill_comb(hand, tuple(contents), rng, severity=Severity.MODERATE).cells
        chances, known = recognise_ink(cells), KnownNumbers.of([*_register("ruc"), number])
        outcomes["with the register"] += _outcome(decode_number(chances, "ruc", known), number)
        outcomes["without"] += _outcome(decode_number(chances, "ruc"), number)
    print(f"{count} RUCs with one spoilt or empty cell (right: the number that was meant)")
    for name, tally in outcomes.items():
        print(f"  {name}: {dict(sorted(tally.items()))}")


def measure_forms(count: int, seed: int) -> None:
    """Whole pages: found by their marks, straightened, cut, recognised and decoded as the reader does."""
    for severity in (Severity.CLEAN, Severity.MODERATE):
        with_register, without = Counter[str](), Counter[str]()
        for place in range(count):
            rng = np.random.default_rng((seed, place))
            form = fill_form(load_digits("test", place % 2), severity, rng)
            paper = locate(form.image)
            if paper is None:
                with_register["pages not found"] += 1
                continue
            for kind, name, number in _asked(form.ruc, form.cedula):
                known = KnownNumbers.of([*_register(kind), number])
                field = EDITION.field(name)
                with_register += _outcome(read_comb(paper, EDITION, field, kind, known), number)
                without += _outcome(read_comb(paper, EDITION, field, kind), number)
        print(f"{count} forms, {severity.value}")
        print(f"  with a register of {_REGISTER}: {dict(sorted(with_register.items()))}")
        print(f"  without: {dict(sorted(without.items()))}")


def _outcome(found: HandwrittenNumber, number: str) -> Counter[str]:
    right, read = found.value == number, found.state == "read"
    return Counter({"numbers": 1, "right": right, "wrong read": read and not right, found.state: 1})


def _asked(ruc: str, cedula: str) -> Iterator[tuple[NumberKind, str, str]]:
    yield "ruc", "ruc", ruc
    yield "cedula", "representative_id", cedula


@cache
def _register(kind: NumberKind) -> list[str]:
    rng = np.random.default_rng(_REGISTER)
    return [random_number(kind, rng) for _ in range(_REGISTER)]


def measure_speed(repeats: int = 40) -> None:
    """CPU of one comb of 13 cells, a warm process, one thread if OMP_NUM_THREADS says so."""
    rng = np.random.default_rng(1)
    form = fill_form(load_digits("test", 0), Severity.CLEAN, rng)
    paper = locate(form.image)
    if paper is None:
        raise RuntimeError("a clean page was not found: the generator or the reader is broken")
    known = KnownNumbers.of([random_number("ruc", rng) for _ in range(_REGISTER)])
    spent: dict[str, list[float]] = {"cut": [], "recognise": [], "decode": []}
    for _ in range(repeats):
        began = time.process_time()
        ink = cut_cells(paper, EDITION, EDITION.field("ruc"))
        cut = time.process_time()
        chances = recognise_ink(ink)
        recognised = time.process_time()
        decode_number(chances, "ruc", known)
        spent["cut"].append(cut - began)
        spent["recognise"].append(recognised - cut)
        spent["decode"].append(time.process_time() - recognised)
    print(
        "ms for 13 digits: "
        + ", ".join(f"{name} {1000 * np.median(times):.1f}" for name, times in spent.items())
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--combs", type=int, default=400)
    parser.add_argument("--numbers", type=int, default=1000)
    parser.add_argument("--forms", type=int, default=100)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    measure_speed()
    measure_cells(options.combs, options.seed)
    measure_oddities(options.combs // 8, options.seed)
    measure_spoilt(options.forms * 2, options.seed)
    promised = measure_numbers(options.numbers, options.seed)
    rows = reliability(promised)
    print("promised and kept, all numbers:")
    for row in rows:
        print(
            f"  {row.low:.3f}–{row.high:.3f}: promised {row.promised:.4f}, kept {row.kept:.4f} of {row.count}"
        )
    if options.figure:
        options.figure.write_text(draw_reliability(rows), "utf-8")
    measure_forms(options.forms, options.seed)


if __name__ == "__main__":
    main()
