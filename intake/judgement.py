"""From scores to readings: named thresholds, each with where it comes from, and nothing measured here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forms.layout import tick_boxes
from forms.model import Choice, Field, Mark
from intake.comparison import StripMeasure
from intake.ranking import BLANK, CellScores
from intake.readings import BoxMm, FieldReading, FieldSource, FieldState


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where scores turn into states.

    ``altered`` and ``doubtful`` bound the step towards a rival sign: of 77,250 cells of unaltered moderate
    scans 99.99 % stayed under 0.26 and one reached 0.65; the smallest of 60 forged digits was 0.95
    (``bench/alteration.py`` counts what the bounds let through). ``voice`` is how many standard
    deviations a rival must speak with to be heard and ``accusing`` to accuse by, since among
    hundreds of signs some chance always speaks; ``explained`` is the share of the difference that it
    must account for: a fold or a stain across a sign is no other sign. ``added`` is mean unexplained
    ink in a cell; the same unaltered cells stayed under 0.05.
    ``alone`` is the most that the cells around may show unexplained, as a share of what the rival explains:
    worn paper differs over several cells, a changed sign in its own. Where nothing was printed, folds,
    stamps and smears find signs more easily, so less is allowed there.
    ``faded`` is the share of a sign's ink below which it is no longer there to be confirmed.
    ``match`` is the correlation under which a strip is not recognised at all.
    """

    altered: float = 0.6
    explained: float = 0.55
    doubtful: float = 0.34
    voice: float = 5.0
    accusing: float = 30.0
    added: float = 0.075
    lost: float = 0.11
    alone: float = 0.5
    alone_on_blank: float = 0.3
    faded: float = 0.4
    match: float = 0.5


DEFAULT: Final = Thresholds()
_AROUND: Final = 3
"""Cells to either side of a changed sign that say how worn the paper is there."""


@dataclass(frozen=True, slots=True)
class FieldJudgement:
    """A reading, and whether ink was found that is neither the value nor another sign."""

    reading: FieldReading
    touched: bool


def judge_field(
    field: Field,
    value: str,
    measures: Sequence[StripMeasure],
    source: FieldSource,
    thresholds: Thresholds = DEFAULT,
) -> FieldJudgement:
    """What the paper says of a field whose value we know: confirmed, doubtful or altered."""
    altered = doubtful = touched = False
    worst = 0.0
    seen: list[str] = []
    for measure in measures:
        verdict = _judge_strip(measure, thresholds)
        altered, doubtful, touched = (
            altered or verdict.altered,
            doubtful or verdict.doubtful,
            touched or verdict.touched,
        )
        worst = max(worst, verdict.worst)
        seen.append(verdict.seen)
    state: FieldState = "altered" if altered else "doubtful" if doubtful or touched else "confirmed"
    confidence = confidence_of(worst, doubtful=state == "doubtful")
    shown = value_from_strips(field, seen)
    box = _box_mm(field, measures)
    if state == "confirmed" or shown == value:
        return FieldJudgement(FieldReading(value, state, source, confidence, field.page, box), touched)
    reading = FieldReading(value, state, source, confidence, field.page, box, shown)
    return FieldJudgement(reading, touched)


@dataclass(frozen=True, slots=True)
class _Verdict:
    altered: bool
    doubtful: bool
    touched: bool
    worst: float
    seen: str


def _judge_strip(measure: StripMeasure, limits: Thresholds) -> _Verdict:
    scores = measure.scores
    loud = scores.strength >= limits.voice
    printed = np.array([sign != BLANK for sign in measure.text])
    # A fold or a scratch looks like a dash or a dot: only letters, digits and removals are alterations.
    meant = np.array([rival.isalnum() or rival == BLANK for rival in scores.rivals])
    accused = (scores.score >= limits.altered) & (scores.strength >= limits.accusing)
    altered = accused & (scores.explained >= limits.explained) & meant
    if altered.any():
        altered &= _unrest(scores) <= np.where(printed, limits.alone, limits.alone_on_blank)
    doubtful = (scores.score >= limits.doubtful) & loud & ~altered
    doubtful |= printed & (scores.contrast < limits.faded) & ~altered
    touched = (scores.added >= limits.added) | (scores.lost >= limits.lost)
    unrecognised = bool(printed.any()) and measure.match < limits.match
    seen = "".join(
        rival if changed else sign
        for sign, rival, changed in zip(measure.text, scores.rivals, altered, strict=True)
    )
    worst = float(np.where(loud, scores.score, 0).max(initial=0.0))
    return _Verdict(
        bool(altered.any()), bool(doubtful.any()) or unrecognised, bool(touched.any()), worst, seen
    )


def _unrest(scores: CellScores) -> NDArray[np.float32]:
    """For each cell, what its neighbours show that no sign explains, to what its own rival explains."""
    explained = np.clip(scores.explained, 0, 1)
    # Grain is everywhere on a strip: what counts is how much more a cell's surroundings differ than most.
    usual = float(np.median(scores.added))
    strange = np.pad(scores.added * (1 - explained) - usual, _AROUND, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(strange, 2 * _AROUND + 1)
    others = np.delete(around, _AROUND, axis=1)
    known = ~np.isnan(others).all(axis=1)
    unrest = np.zeros(len(explained), np.float32)
    unrest[known] = np.nanmedian(others[known], axis=1)
    ratio: NDArray[np.float32] = unrest / np.maximum(scores.added * explained, 1e-6)
    return ratio


def confidence_of(worst: float, *, doubtful: bool = False) -> float:
    """The chance that the value is what the paper says, from the largest step towards a rival.

    A logistic curve centred where rival and expected sign are equally near (0.45); what was called
    doubtful for another reason is never given more than 0.9.
    """
    chance = 1 / (1 + math.exp(20 * (worst - 0.45)))
    return round(min(chance, 0.9 if doubtful else 0.9999), 4)


def value_from_strips(field: Field, shown: Sequence[str]) -> str:
    """The value that the texts of a field's strips make up, in the order of the strips."""
    if isinstance(field.kind, Choice | Mark):
        ticked = [meant for (meant, _), text in zip(tick_boxes(field), shown, strict=True) if text.strip()]
        return "+".join(ticked)
    return " ".join(text.strip() for text in shown if text.strip())


def _box_mm(field: Field, measures: Sequence[StripMeasure]) -> BoxMm:
    right = float(np.mean([measure.shift[0] for measure in measures])) if measures else 0.0
    down = float(np.mean([measure.shift[1] for measure in measures])) if measures else 0.0
    box = field.box
    return (round(box.x + right, 2), round(box.y + down, 2), round(box.width, 2), round(box.height, 2))
