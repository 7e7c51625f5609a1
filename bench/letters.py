"""How well letters are read: ``python -m bench.letters [COUNT] [--held-back] [--seed N] [--dpi N]``.

Every letter is drawn in a random manner and typeface, printed, signed or not, scanned and read. The table
counts demanded values by field: right, wrong, missing, and of the values given as read how many are wrong.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from bench.letter_manners import HELD_BACK, MANNERS
from bench.letter_material import Letter, random_letter
from forms.register import find_form
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Grey, print_page
from intake.batch import read_batch
from intake.letters.extraction import canonical
from intake.pages import ReadingContext
from intake.readings import DocumentReading, FieldReading
from intake.threads import use_one_thread

UNSIGNED = 0.2
_MAY_GO_ON = frozenset({"petition", "address"})
_FURTHER = 160
"""Letters and digits that may follow."""


@dataclass(slots=True)
class Tally:
    """What came of a run; ``signatures`` counts (was signed, state)."""

    letters: int = 0
    unrecognised: int = 0
    seconds: list[float] = field(default_factory=list)
    total: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    wrong_as_read: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    by_confidence: Counter[tuple[float, bool]] = field(default_factory=Counter)
    signatures: Counter[tuple[bool, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run(
    count: int, seed: int, dpi: int | None, *, held_back: bool, digital: bool, severity: Severity
) -> Tally:
    """Read ``count`` letters; a given ``dpi`` makes every scan a clean one at that resolution."""
    tally = Tally()
    for number in range(count):
        random = np.random.default_rng((seed, number))
        manners = HELD_BACK if held_back else MANNERS
        letter = random_letter(random, (manners[number % len(manners)],))
        signed = not digital and random.random() >= UNSIGNED
        name, data = (
            ("carta.pdf", letter.pdf)
            if digital
            else ("carta.jpg", _scanned(letter, signed, dpi, severity, random))
        )
        started = time.process_time()
        documents = read_batch([(name, data)], ReadingContext()).documents
        tally.seconds.append(time.process_time() - started)
        tally.letters += 1
        if len(documents) != 1 or documents[0].route != "letter":
            tally.unrecognised += 1
            tally.faults.append(f"{number} {letter.manner}: not taken for a letter")
            continue
        _count(tally, number, letter, documents[0], signed=signed)
    return tally


def _scanned(
    letter: Letter, signed: bool, dpi: int | None, severity: Severity, random: np.random.Generator
) -> bytes:
    sheet = print_page(letter.pdf)
    if signed:
        sheet = sign(sheet, letter.signature, random)
    scanner = random_scanner(severity, random)
    if dpi is not None:
        scanner = Scanner(
            dpi=dpi, rotation_deg=float(random.uniform(-1.5, 1.5)), blur_px=0.35, noise_sigma=2.5
        )
    image: Grey = scan(random_damage(sheet, severity, random), scanner, random)
    return encode([image], "jpeg", scanner.dpi)


def _count(tally: Tally, number: int, letter: Letter, document: DocumentReading, *, signed: bool) -> None:
    form = find_form("employer-request")
    assert form is not None
    for name, value in {**letter.values, "petition": letter.request}.items():
        tally.total[name] += 1
        found = document.fields.get(name)
        if found is None or not found.value:
            tally.faults.append(f"{number} {letter.manner} {name}: missing {value!r}")
            continue
        right = says(name, found.value, value)
        (tally.right if right else tally.wrong)[name] += 1
        _count_state(tally, name, found, right=right)
        if not right:
            tally.faults.append(
                f"{number} {letter.manner} {name}: {found.state} {found.value!r} for {value!r}"
            )
    state = document.signatures["representative_signature"].state
    tally.signatures[signed, state] += 1
    if (state == "present") != signed:
        tally.faults.append(f"{number} {letter.manner} signature: {state}, signed: {signed}")


def says(name: str, found: str, stated: str) -> bool:
    """Whether a value is the one stated. A petition may take in what its writer adds to the same sentence, an
    address how one finds the house: both are texts that a clerk is always shown.
    """
    read, meant = canonical(found), canonical(stated)
    if name in _MAY_GO_ON:
        return read.startswith(meant) and len(read) <= len(meant) + _FURTHER
    return read == meant


def _count_state(tally: Tally, name: str, found: FieldReading, *, right: bool) -> None:
    tally.by_confidence[found.confidence, right] += 1
    if found.state == "read":
        tally.read[name] += 1
        tally.wrong_as_read[name] += not right


def report(tally: Tally) -> str:
    """The table and the sums, as text."""
    rows = [
        f"{'field':24}{'stated':>8}{'right':>8}{'wrong':>8}{'missing':>8}{'as read':>8}{'of them wrong':>14}"
    ]
    for name, total in sorted(tally.total.items()):
        right, wrong = tally.right[name], tally.wrong[name]
        missing, as_read, misread = total - right - wrong, tally.read[name], tally.wrong_as_read[name]
        rows.append(f"{name:24}{total:8}{right:8}{wrong:8}{missing:8}{as_read:8}{misread:14}")
    total, right, wrong = (sum(each.values()) for each in (tally.total, tally.right, tally.wrong))
    rows += [
        f"letters {tally.letters}, not taken for one {tally.unrecognised}",
        f"values right {right}/{total} = {right / max(total, 1):.2%}, wrong {wrong} = "
        f"{wrong / max(total, 1):.2%}, "
        f"wrong among those given as read {sum(tally.wrong_as_read.values())}/{sum(tally.read.values())}",
        f"CPU ms median {1000 * float(np.median(tally.seconds)):.0f}, p95 "
        f"{1000 * float(np.percentile(tally.seconds, 95)):.0f}",
        "signatures (signed, state): "
        + ", ".join(f"{key}: {count}" for key, count in sorted(tally.signatures.items())),
        "confidence: " + ", ".join(_reliability(tally)),
    ]
    return "\n".join([*rows, *tally.faults])


def _reliability(tally: Tally) -> list[str]:
    """For each confidence that was given, how many values had it and how many of them were right."""
    counts = tally.by_confidence
    levels = sorted({level for level, _ in counts})
    return [
        f"{level}: {counts[level, True]}/{counts[level, True] + counts[level, False]}" for level in levels
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dpi", type=int)
    parser.add_argument("--held-back", action="store_true")
    parser.add_argument("--digital", action="store_true")
    parser.add_argument("--severity", type=Severity, default=Severity.CLEAN)
    given = parser.parse_args()
    use_one_thread()
    tally = run(
        given.count,
        given.seed,
        given.dpi,
        held_back=given.held_back,
        digital=given.digital,
        severity=given.severity,
    )
    print(report(tally))


if __name__ == "__main__":
    main()
