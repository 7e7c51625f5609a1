"""Numbers that may stand in a comb: the best readings of the ink and the register's nearest, with how likely
each is to be written at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.handwriting.digits import BLANK, OTHER
from intake.handwriting.numbers import Layout, NumberKind, likelihood

Chances = NDArray[np.float64]
DigitRows = NDArray[np.uint8]
"""Numbers × their digits, 0 to 9."""

_BEAM: Final = 256
"""Readings of the ink that are kept while the digits are gone through."""
_LISTED: Final = 64
"""Numbers of the register that are weighed: those that explain the ink best."""
_HOPELESS: Final = 14.0
"""Readings this far (log) behind the best are left out: no likelihood makes up for it but the register's."""
_UNLISTED_SHARE: Final = 0.05
"""Guess: share of papers with a number that is not in the register."""
_SLIPPED_SHARE: Final = 0.01
"""Guess: share of papers on which one digit of a registered number is wrong, or two are swapped."""
_LEAST: Final = 1e-6
"""No sign is impossible in a cell, whatever the recogniser says."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Numbers of the register of one length: at least one, and ``codes`` are the same as sorted integers."""

    digits: DigitRows
    codes: NDArray[np.int64]

    def has(self, rows: DigitRows) -> NDArray[np.bool_]:
        """Which of the numbers the register has."""
        codes = _codes(rows)
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.asarray(self.codes[places] == codes, np.bool_)


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """What the register knows, made ready for weighing: a roll for each length that its numbers have."""

    rolls: Mapping[int, Roll]

    @staticmethod
    def of(numbers: Collection[str]) -> KnownNumbers:
        """Those of the numbers that are digits and hyphens; no other can stand in a comb of digits."""
        by_length: dict[int, list[str]] = {}
        for number in sorted({number.replace("-", "") for number in numbers}):
            if number.isascii() and number.isdigit():
                by_length.setdefault(len(number), []).append(number)
        return KnownNumbers({length: _roll(found, length) for length, found in by_length.items()})


def _roll(numbers: list[str], length: int) -> Roll:
    digits = np.frombuffer("".join(numbers).encode("ascii"), np.uint8).reshape(-1, length) - np.uint8(48)
    # Column by column is how a long roll is weighed.
    return Roll(np.asfortranarray(digits), _codes(digits))


@dataclass(frozen=True, slots=True)
class Candidates:
    """``rows`` are numbers, ``inks`` the log chances of their ink, ``ways`` the layout of each.

    ``rest`` is the chance of the ink of all the readings that are not among them.
    """

    rows: DigitRows
    inks: Chances
    ways: NDArray[np.int64]
    rest: float


def find_candidates(table: Chances, ways: tuple[Layout, ...], known: Roll | None) -> Candidates:
    """The numbers worth weighing, each once, in the layout that explains it best."""
    logs = np.log(np.maximum(table, _LEAST))
    parts, rest = [], 0.0
    for place, way in enumerate(ways):
        digits = logs[list(way.places), :10]
        frame = float(np.log(way.weight) + np.log(np.maximum(_empties(table, way), _LEAST)).sum())
        rows, inks = _beam(digits)
        rest += float(np.exp(frame)) * max(0.0, float(np.exp(digits).sum(axis=1).prod() - np.exp(inks).sum()))
        if known is not None:
            nearest, near_inks = _nearest(digits, known)
            rows, inks = np.concatenate((rows, nearest)), np.concatenate((inks, near_inks))
        parts.append((rows, inks + frame, np.full(len(rows), place)))
    rows, inks, places = (np.concatenate(part) for part in zip(*parts, strict=True))
    listed = known.has(rows) if known is not None else np.zeros(len(rows), np.bool_)
    order = np.argsort(-inks, kind="stable")
    order = order[(inks > inks.max() - _HOPELESS)[order] | listed[order]]
    _, first = np.unique(_codes(rows[order]), return_index=True)
    chosen = order[np.sort(first)]
    return Candidates(rows[chosen], inks[chosen], places[chosen], rest)


def _empties(table: Chances, way: Layout) -> Chances:
    """The chances that the cells outside a layout's digits hold nothing, or a hyphen where one belongs."""
    places = [place for place in range(len(table)) if place not in way.places]
    return np.array(
        [table[p, BLANK] + (table[p, OTHER] if p in way.separators else 0.0) for p in places], np.float64
    )


def cleanness(table: Chances, way: Layout) -> float:
    """The chance that each cell of a layout holds one clean digit and each other cell nothing."""
    digits = table[list(way.places), :10].sum(axis=1)
    return float(digits.prod() * _empties(table, way).prod())


def _beam(digits: Chances) -> tuple[DigitRows, Chances]:
    """The best readings of the ink alone."""
    rows, inks = np.zeros((1, 0), np.uint8), np.zeros(1)
    for chances in digits:
        grown = (inks[:, None] + chances).ravel()
        kept = np.argsort(-grown, kind="stable")[:_BEAM]
        rows = np.column_stack((rows[kept // 10], (kept % 10).astype(np.uint8)))
        inks = grown[kept]
    return rows, inks


def _nearest(digits: Chances, known: Roll) -> tuple[DigitRows, Chances]:
    """The register's numbers that explain the ink best."""
    inks = np.zeros(len(known.digits))
    for place, chances in enumerate(digits):
        inks += chances.take(known.digits[:, place])
    if len(inks) > _LISTED:
        chosen = np.argpartition(-inks, _LISTED)[:_LISTED]
        return known.digits[chosen], inks[chosen]
    return known.digits, inks


def log_priors(kind: NumberKind, rows: DigitRows, known: Roll | None) -> Chances:
    """How likely each number is to be written at all (log)."""
    priors = np.array([likelihood(kind, text_of(row)) for row in rows])
    if known is not None:
        priors *= _UNLISTED_SHARE
        slip = _SLIPPED_SHARE / len(known.digits) / (10 * rows.shape[1])
        for place in np.flatnonzero(known.has(rows)):
            priors += slip * _one_slip(rows, rows[place])
            priors[place] += (1 - _UNLISTED_SHARE - _SLIPPED_SHARE) / len(known.digits)
    return np.asarray(np.log(priors), np.float64)


def _one_slip(rows: DigitRows, meant: DigitRows) -> NDArray[np.bool_]:
    """Which numbers differ from the one meant in a single digit or by two neighbours swapped."""
    differs = rows != meant
    count = differs.sum(axis=1)
    swapped = (rows[:, :-1] == meant[1:]) & (rows[:, 1:] == meant[:-1]) & differs[:, :-1] & differs[:, 1:]
    return np.asarray((count == 1) | ((count == 2) & swapped.any(axis=1)), np.bool_)


def text_of(row: DigitRows) -> str:
    """The digits of one number as a string."""
    return "".join(map(str, row.tolist()))


def _codes(rows: DigitRows) -> NDArray[np.int64]:
    codes: NDArray[np.int64] = rows.astype(np.int64) @ 10 ** np.arange(rows.shape[1] - 1, -1, -1)
    return codes
