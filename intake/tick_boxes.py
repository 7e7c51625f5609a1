"""Which tick boxes are marked: ink inside each box, weighed against its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from forms.geometry import Box
from forms.layout import tick_boxes
from forms.model import Edition, Field, Mark
from intake.readings import FieldState
from intake.residue import PER_MM, added_ink, strokes
from intake.sampling import Paper

_INSIDE: Final = 0.35
"""Mm inside the frame of a tick box that are looked at."""


@dataclass(frozen=True, slots=True)
class TickThresholds:
    """Bounds in mm² of ink inside a box of 4 × 4 mm: a typed X has 2 to 5, a pen's stroke 0.8 to 3; 300
    empty boxes on moderate scans stayed under 0.1. ``full`` is a box painted black: struck out, not ticked.
    ``ahead`` is how many times more than any other the ticked box must have.
    """

    empty: float = 0.3
    ticked: float = 0.7
    full: float = 8.0
    ahead: float = 4.0


DEFAULT: Final = TickThresholds()


@dataclass(frozen=True, slots=True)
class TickReading:
    """The value that the tick boxes of a field stand for and how it was arrived at; no value when missing."""

    value: str
    state: FieldState
    confidence: float


def measure_ticks(paper: Paper, edition: Edition, field: Field) -> tuple[tuple[str, float], ...]:
    """Each option with the mm² of ink inside its box."""
    return tuple((value, _ink_in(paper, edition, field, box)) for value, box in tick_boxes(field))


def _ink_in(paper: Paper, edition: Edition, field: Field, box: Box) -> float:
    residue = added_ink(paper, edition, field.page, box.grown(-_INSIDE))
    return float(strokes(residue.ink, rules=True).sum()) / PER_MM**2


def judge_ticks(
    field: Field, areas: tuple[tuple[str, float], ...], limits: TickThresholds = DEFAULT
) -> TickReading:
    """One clear mark is read; no ink at all is missing; everything else is for the clerk to look at."""
    (value, most), *others = sorted(areas, key=lambda pair: -pair[1])
    rest = max((area for _, area in others), default=0.0)
    if most < limits.empty:
        return TickReading("", "missing", _falling(most / limits.empty))
    clear = limits.ticked <= most <= limits.full and rest < limits.empty and most >= limits.ahead * rest
    if clear:
        return TickReading(value, "read", _falling(max(rest / limits.empty, limits.ticked / most)))
    if isinstance(field.kind, Mark) or most >= 2 * max(rest, limits.empty):
        return TickReading(value, "doubtful", 0.8)
    return TickReading("", "doubtful", 0.5)


def _falling(share: float) -> float:
    """A chance near 1 that falls as a measure nears its bound."""
    return round(float(1 - 0.01 * np.clip(share, 0, 1) ** 4), 4)
