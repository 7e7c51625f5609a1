"""Numbers written into combs by known writers and decoded with one register or another: right or wrong?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from bench.training.combs import FIELDS, fill_comb
from bench.training.material import Part, load_digits
from bench.training.papers import random_number, written_number
from bench.training.penmanship import random_hand
from generators.paper.severity import Severity
from intake.handwriting.candidates import Chances, KnownNumbers, Roll
from intake.handwriting.decoding import weigh
from intake.handwriting.numbers import LENGTHS, NumberKind, layouts
from intake.sampling import Ink

REGISTERS: Final = (0, 1, 20_000)
"""Sizes of the registers that each paper is read with; 0 is none."""


@dataclass(frozen=True, slots=True)
class Written:
    """One comb: what the register has, what the paper says, the cells, and whose group wrote it."""

    kind: NumberKind
    registered: str
    number: str
    group: int
    cells: Ink


@dataclass(frozen=True, slots=True)
class Trial:
    """A comb decoded with a register of ``size``: its score and whether the number is what the paper says.

    ``in_list`` says that the register has the number found, ``as_registered`` that it has the paper's.
    """

    kind: NumberKind
    size: int
    group: int
    score: float
    in_list: bool
    right: bool
    as_registered: bool


def write_numbers(
    part: Part,
    count: int,
    seed: int,
    kinds: Sequence[NumberKind] = ("ruc", "cedula"),
    severity: Severity | None = None,
) -> Iterator[Written]:
    """``count`` combs of the writers of one part; the same seed gives the same combs."""
    for place in range(count):
        yield _write(part, (seed, place), kinds[place % len(kinds)], place // len(kinds) % 2, severity)


def _write(
    part: Part, seed: tuple[int, int], kind: NumberKind, group: int, severity: Severity | None
) -> Written:
    rng = np.random.default_rng(seed)
    registered, number = written_number(kind, rng)
    hand = random_hand(load_digits(part, group), rng)
    field = FIELDS[0] if kind == "ruc" else FIELDS[1]
    scanned = fill_comb(hand, tuple(int(sign) for sign in number), rng, field=field, severity=severity)
    return Written(kind, registered, number, group, scanned.cells)


def try_number(written: Written, table: Chances, size: int) -> Trial:
    """Decode one comb's cells with a register of ``size`` numbers that holds the registered one."""
    kind = written.kind
    roll = _roll_with(written, size) if size else None
    found = weigh(table, kind, layouts(kind, len(table)), roll)
    own = written.number == written.registered
    return Trial(kind, size, written.group, found.score, found.listed, found.best == written.number, own)


def _roll_with(written: Written, size: int) -> Roll:
    strangers = _strangers(written.kind, size)
    own = KnownNumbers.of([written.registered]).rolls[LENGTHS[written.kind]]
    codes = np.sort(np.concatenate((strangers.codes, own.codes))) if strangers else own.codes
    return Roll(np.concatenate((strangers.digits, own.digits)) if strangers else own.digits, codes)


@cache
def _strangers(kind: NumberKind, size: int) -> Roll | None:
    """The rest of a register; everybody's papers are read with the same."""
    rng = np.random.default_rng(size)
    numbers = [random_number(kind, rng) for _ in range(size - 1)]
    return KnownNumbers.of(numbers).rolls[LENGTHS[kind]] if numbers else None
