"""From the chances of each cell to a number: what ink, register and rules together make likely.

Bayes over candidates: how well each explains the ink, times how likely it is to be written at all. How sure
the best may then be called is measured, not believed (``intake.handwriting.certainty``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from intake.handwriting.candidates import (
    Chances,
    KnownNumbers,
    Roll,
    cleanness,
    find_candidates,
    log_priors,
    text_of,
)
from intake.handwriting.certainty import READ_FROM, certainty
from intake.handwriting.digits import BLANK, SIGNS, DigitProbabilities
from intake.handwriting.numbers import LENGTHS, Layout, NumberKind, layouts, spelled

_SURELY_BLANK: Final = 0.9
"""Chance from which a comb without any ink counts as left empty."""
_HOPELESS: Final = 1e-5
"""Below this chance a value is no help to a clerk and is not shown."""


@dataclass(frozen=True, slots=True)
class CellReading:
    """What one cell shows by itself: a digit, ``?`` for ink that is no clean digit, or a blank."""

    sign: str
    probability: float


@dataclass(frozen=True, slots=True)
class HandwrittenNumber:
    """``value`` is ISO for periods and days, digits otherwise, and empty where nothing could be made out.

    Values given as ``read`` are measured to be wrong in at most one of a thousand; ``doubtful`` ones are
    for the clerk to decide, with the ``runner_up`` beside it; ``missing`` is a comb that nobody filled in.
    """

    value: str
    state: Literal["read", "doubtful", "missing"]
    confidence: float
    runner_up: str | None
    cells: tuple[CellReading, ...]


def decode_number(
    probabilities: DigitProbabilities,
    kind: NumberKind,
    known: Collection[str] | KnownNumbers | None = None,
) -> HandwrittenNumber:
    """The number in a comb, with its calibrated confidence. ``known`` is what the register has of its kind:
    it makes its own numbers likelier and is never a cage.

    Raises ``ValueError`` when the comb has too few cells for such a number.
    """
    table = probabilities.table
    ways = layouts(kind, len(table))
    if not ways:
        raise ValueError(f"a comb of {len(table)} cells has no room for a {kind}: cut the whole field")
    cells = tuple(CellReading(SIGNS[int(row.argmax())], float(row.max())) for row in table)
    if all(cell.sign == " " for cell in cells):
        blank = float(table[:, BLANK].prod())
        return HandwrittenNumber("", "missing" if blank > _SURELY_BLANK else "doubtful", blank, None, cells)
    if not (known is None or isinstance(known, KnownNumbers)):
        known = KnownNumbers.of(known)
    weighed = weigh(table, kind, ways, known.rolls.get(LENGTHS[kind]) if known else None)
    if weighed.posterior * weighed.clean < _HOPELESS:
        return HandwrittenNumber("", "doubtful", 0.0, None, cells)
    confidence = certainty(weighed.score, in_list=weighed.listed)
    return HandwrittenNumber(
        spelled(kind, weighed.best),
        "read" if confidence >= READ_FROM else "doubtful",
        confidence,
        spelled(kind, weighed.second) if weighed.second else None,
        cells,
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """The best candidate and the next. ``posterior`` is the best one's share among numbers, ``clean`` the
    chance that its cells hold one digit each and the others nothing, ``against`` what its worst cell says
    against its digit (negative log chance); ``listed`` says that the register has it.
    """

    best: str
    second: str
    posterior: float
    clean: float
    against: float
    listed: bool

    @property
    def score(self) -> float:
        """Log odds for the best, not yet calibrated. What the ink says against one of its digits is taken
        off once more: register and rules must not outvote a clear digit, nor fill in a smudge, in silence.
        """
        chance = min(max(self.posterior * self.clean, 1e-12), 1 - 1e-12)
        return float(np.log(chance / (1 - chance)) - self.against)


def weigh(table: Chances, kind: NumberKind, ways: tuple[Layout, ...], known: Roll | None) -> Weighed:
    """All candidates in all layouts against each other."""
    found = find_candidates(table, ways, known)
    priors = log_priors(kind, found.rows, known)
    weights = found.inks + priors
    order = np.argsort(-weights, kind="stable")
    top = int(order[0])
    # Readings beyond the beam are rare ones of their kind, weighed as the best is: rather too much.
    beyond = found.rest * float(np.exp(priors[top] - weights[top]))
    share = 1 / (float(np.exp(weights - weights[top]).sum()) + beyond)
    way = ways[int(found.ways[top])]
    own = table[list(way.places), found.rows[top]]
    return Weighed(
        text_of(found.rows[top]),
        text_of(found.rows[order[1]]) if len(order) > 1 else "",
        share,
        cleanness(table, way),
        float(-np.log(np.maximum(own.min(), 1e-6))),
        known is not None and bool(known.has(found.rows[top : top + 1])[0]),
    )
