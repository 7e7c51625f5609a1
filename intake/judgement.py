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
from intake.strips import TEXT_CELL


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
    ``speck`` is mm² of ink below which what stands alone is dust: a pen's dot has more.
    ``faded`` is the share of a sign's ink below which it is no longer there to be confirmed.
    ``match`` is the correlation under which a strip is not recognised at all.
    ``trace`` and ``trace_in_comb`` are mm² of unexplained ink from which a second look is taken: of signs
    that somebody had written over 98 of 100 had as much, of honest ones on clean scans 3 (20 in combs).
    Its log odds settle a doubt from ``alike`` on, and a cell that the scores found nothing in from
    ``unsuspected`` on (``unsuspected_blank`` where nothing is printed). They must be more the more ink
    nothing explains, ``by_ink`` for each mm² beyond ``light``, or ``by_trace`` beyond ``faint`` where the
    scores found nothing, for no printed sign explains a pen; and the nearer a rival is, ``by_score`` for each
    step beyond ``near``. Set on 68 harsh, 200 moderate and 80 clean honest pages (22, 193 and 79 whole), 289
    with a sign printed anew and 20 with one pasted (none missed), 280 with one written over, 55 of them on
    fluid (2 missed), and 286 with one added by pen (3 missed). More than ``enough`` is never asked for: on
    354 other honest pages and 578 changed ones that made 53 of 174 harsh ones whole instead of 44 and missed
    none more of the changed (2 of 197 written over, 3 of 175 added). What it contradicts of an alteration
    (``unlike``) is a doubt.
    There is an end to what its word is worth. Of ``plenty`` of mm² that nothing explains (``plenty_in_comb``,
    where walls and what shines through are counted too; ``plenty_worn`` on a worn page) somebody is asked
    whatever it says, for it learnt from single strokes, and of a faded sign too. On a ``sound`` page, by its
    wear, a sign is faded that has less than ``present`` of its ink, and a rival that is heard is settled by
    ``enough`` alone: 200 clean and moderate pages had a wear of 0.15 at most, half of the harsh ones more
    than 0.28, and of 240 moderate pages none whole became one to ask about.
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
    speck: float = 0.15
    match: float = 0.5
    trace: float = 0.09
    trace_in_comb: float = 0.12
    alike: float = -1.0
    by_ink: float = 4.0
    light: float = 0.2
    by_score: float = 6.0
    near: float = 0.45
    unsuspected: float = -1.5
    unsuspected_blank: float = -3.0
    by_trace: float = 10.0
    faint: float = 0.1
    enough: float = 2.5
    unlike: float = 0.0
    plenty: float = 0.4
    plenty_in_comb: float = 1.2
    plenty_worn: float = 0.6
    sound: float = 0.15
    present: float = 0.55


DEFAULT: Final = Thresholds()
_SAME: Final = {"0", "O"}
"""Signs that people take for one another: who changes a number changes it to another number."""
_BESIDE: Final = 2
"""Cells on either side of a printed sign that are beside it."""
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


def unsure_cells(measure: StripMeasure, limits: Thresholds = DEFAULT) -> NDArray[np.bool_]:
    """The cells of a strip that a second look is to be taken at: whatever is not plainly as it should be."""
    if _is_plain(measure, limits):
        return np.zeros(len(measure.text), np.bool_)
    marks = _mark_cells(measure, limits)
    asked: NDArray[np.bool_] = marks.suspected | marks.traced
    return asked


def _is_plain(measure: StripMeasure, limits: Thresholds) -> bool:
    """Whether no cell of a strip can be marked in any way; nearly all strips of a clean scan are so."""
    scores, most = measure.scores, float(measure.scores.added.max())
    return bool(
        float(scores.score.max()) < min(limits.doubtful, limits.altered)
        and most < limits.added
        and float((scores.added - measure.usual).max()) * measure.strip.shape.area
        < _least_trace(measure, limits)
        and float(scores.lost.max()) < limits.lost
        and float(scores.contrast.min()) >= _least_contrast(measure, limits)
        and measure.match >= limits.match
    )


def _is_sound(measure: StripMeasure, limits: Thresholds) -> bool:
    """Whether the page shows its print so well that what differs anywhere differs by somebody's hand."""
    return measure.wear <= limits.sound


def _least_contrast(measure: StripMeasure, limits: Thresholds) -> float:
    return limits.present if _is_sound(measure, limits) else limits.faded


def _plenty(measure: StripMeasure, limits: Thresholds) -> float:
    if measure.strip.shape is not TEXT_CELL:
        return limits.plenty_in_comb
    return limits.plenty if _is_sound(measure, limits) else limits.plenty_worn


def _least_trace(measure: StripMeasure, limits: Thresholds) -> float:
    return limits.trace if measure.strip.shape is TEXT_CELL else limits.trace_in_comb


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the scores say of each cell, and whether the strip as a whole is not recognised.

    ``ink`` is mm² that nothing explains, beyond what is usual on the page; a cell is ``traced`` that has as
    much as the lightest stroke of a pen. Of a cell that is ``beyond`` a second look only a person can tell.
    """

    printed: NDArray[np.bool_]
    altered: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    touched: NDArray[np.bool_]
    ink: NDArray[np.float32]
    traced: NDArray[np.bool_]
    beyond: NDArray[np.bool_]
    unrecognised: bool

    @property
    def suspected(self) -> NDArray[np.bool_]:
        """The cells of which the scores say that they are not as they should be."""
        found: NDArray[np.bool_] = self.altered | self.doubtful | self.touched
        return found | self.printed if self.unrecognised else found


def _mark_cells(measure: StripMeasure, limits: Thresholds) -> _Marks:
    scores, shape = measure.scores, measure.strip.shape
    loud = scores.strength >= limits.voice
    printed = np.array([sign != BLANK for sign in measure.text])
    # A fold or a scratch looks like a dash or a dot: only letters, digits and removals are alterations.
    written = np.array([rival.isalnum() for rival in scores.rivals])
    same = [{sign, rival} == _SAME for sign, rival in zip(measure.text, scores.rivals, strict=True)]
    meant = (written | np.array([rival == BLANK for rival in scores.rivals])) & ~np.array(same)
    accused = (scores.score >= limits.altered) & (scores.strength >= limits.accusing)
    altered = accused & (scores.explained >= limits.explained) & meant
    faded = printed & (scores.contrast < _least_contrast(measure, limits))
    if altered.any():
        altered &= _unrest(scores) <= np.where(printed, limits.alone, limits.alone_on_blank)
        if (faded & ~altered).any():
            # Where whole signs did not come out, an accent that is gone was not taken off by anybody.
            altered &= ~scores.less
    doubtful = (scores.score >= limits.doubtful) & loud & ~altered
    doubtful |= faded & ~altered
    touched = (scores.added >= limits.added) | (scores.lost >= limits.lost)
    ink = (scores.added - measure.usual) * np.float32(shape.area)
    traced = ink >= _least_trace(measure, limits)
    # A dot by itself on bare paper, away from all that is printed, changes no value: dust lies there.
    away = np.convolve(printed, np.ones(2 * _BESIDE + 1))[_BESIDE:-_BESIDE] < 0.5
    speck = away & ~written & (ink < limits.speck)
    doubtful, touched, traced = doubtful & ~speck, touched & ~speck, traced & ~speck
    unrecognised = bool(printed.any()) and measure.match < limits.match
    beyond = faded | (ink > _plenty(measure, limits))
    return _Marks(printed, altered, doubtful, touched, ink, traced, beyond, unrecognised)


def _judge_strip(measure: StripMeasure, limits: Thresholds) -> _Verdict:
    if measure.likeness is None and _is_plain(measure, limits):
        heard = measure.scores.strength >= limits.voice
        return _Verdict(False, False, False, _worst(measure.scores, heard), measure.text)
    marks, scores = _mark_cells(measure, limits), measure.scores
    odds = np.full(len(measure.text), np.nan, np.float32) if measure.likeness is None else measure.likeness
    settled = odds >= _asked_for(marks, measure, limits)
    # Where the two looks contradict each other somebody must be asked.
    altered = marks.altered & ~(odds >= limits.unlike)
    doubtful = (marks.doubtful & ~settled) | (marks.altered & ~altered)
    unlike = np.isfinite(odds) & ~settled & ~marks.suspected
    touched = (marks.touched & ~settled) | unlike
    unrecognised = marks.unrecognised and not settled[marks.printed].all()
    seen = "".join(
        rival if changed else sign
        for sign, rival, changed in zip(measure.text, scores.rivals, altered, strict=True)
    )
    heard = (scores.strength >= limits.voice) & ~settled
    asked = bool(doubtful.any()) or unrecognised
    return _Verdict(bool(altered.any()), asked, bool(touched.any()), _worst(scores, heard), seen)


def _worst(scores: CellScores, heard: NDArray[np.bool_]) -> float:
    """The furthest step towards a rival among the cells in which one is heard."""
    return float(np.where(heard, scores.score, 0).max(initial=0.0))


def _asked_for(marks: _Marks, measure: StripMeasure, limits: Thresholds) -> NDArray[np.float32]:
    """The log odds of a second look that settle each cell; infinite where it settles nothing."""
    scores = measure.scores
    suspected = limits.alike + limits.by_ink * np.maximum(marks.ink - limits.light, 0)
    suspected += limits.by_score * np.maximum(scores.score - limits.near, 0)
    quiet = np.where(marks.printed, limits.unsuspected, limits.unsuspected_blank)
    quiet = quiet + limits.by_trace * np.maximum(marks.ink - limits.faint, 0)
    if _is_sound(measure, limits):
        suspected = np.where(marks.doubtful, limits.enough, suspected)
    asked = np.minimum(np.where(marks.suspected, suspected, quiet), limits.enough)
    return np.where(marks.beyond, np.float32(np.inf), asked).astype(np.float32)


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
