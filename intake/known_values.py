"""Known values, sealed or in the service's record, against what the paper shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forms.model import Edition, Field, Values
from intake.comparison import LaidStrip, PageLook, StripMeasure, lay_strips, look_at_page, score_strips
from intake.flattening import flatten
from intake.judgement import FieldJudgement, judge_field, unsure_cells
from intake.readings import FieldSource
from intake.sampling import Paper
from intake.second_look import look_again
from intake.strips import Strip, expected_text

_USUAL_AWAY: Final = 0.12
"""Mm that the strips of a flat page were found away from their places, in the middle of them."""
_MOST_AWAY: Final = 0.25
"""Mm that none of a flat page's strips was."""
_POOR: Final = 0.6
"""Correlation that three strips of four have on a page that is held rightly."""

Expected = Sequence[tuple[Strip, str]]


def confirm_values(
    paper: Paper, edition: Edition, strips: Sequence[Strip], values: Values, source: FieldSource
) -> tuple[Paper, dict[str, FieldJudgement], PageLook]:
    """Each known value against what the paper shows; a value that is not given must be a blank place.

    The paper that comes back knows its bend where it does not lie flat.
    """
    paper, look, laid = lay_values(paper, edition, strips, values)
    measures = look_again(score_strips(laid, look), unsure_cells)
    judged = {
        box.name: judge_field(box, values.get(box.name, ""), measures_of(measures, box), source)
        for box in edition.value_fields
        if measures_of(measures, box)
    }
    shown = {
        name: found for name, found in judged.items() if name in values or found.reading.state != "confirmed"
    }
    return paper, shown, look


def lay_values(
    paper: Paper, edition: Edition, strips: Sequence[Strip], values: Values
) -> tuple[Paper, PageLook, tuple[LaidStrip, ...]]:
    """Each strip with what it should show laid over it, on paper that is held by its print where it bends."""
    expected = [
        (strip, expected_text(edition.field(strip.field), strip, values.get(strip.field, "")))
        for strip in strips
    ]
    look = look_at_page(paper, edition, expected)
    laid = lay_strips(paper, edition, expected, look)
    if _is_bent(laid):
        return _flattened(paper, edition, expected, values, look, laid)
    return paper, look, laid


def measures_of(measures: Sequence[StripMeasure], box: Field) -> list[StripMeasure]:
    """The measures of one field's strips, in their order."""
    return [measure for measure in measures if measure.strip.field == box.name]


def _is_bent(laid: Sequence[LaidStrip]) -> bool:
    """Whether the strips tell that the page does not lie as its marks say."""
    printed = [strip for strip in laid if strip.text.strip()]
    if not printed:
        return False
    away = [float(np.hypot(*strip.shift)) for strip in printed]
    poor = float(np.quantile([strip.match for strip in printed], 0.25)) < _POOR
    return float(np.median(away)) > _USUAL_AWAY or max(away) > _MOST_AWAY or poor


def _flattened(
    paper: Paper,
    edition: Edition,
    expected: Expected,
    values: Values,
    look: PageLook,
    laid: tuple[LaidStrip, ...],
) -> tuple[Paper, PageLook, tuple[LaidStrip, ...]]:
    """The page with its bend, where that shows the expected print better; as it was otherwise."""
    flat = flatten(paper, edition, expected[0][0].page, values)
    if flat is paper:
        return paper, look, laid
    new_look = look_at_page(flat, edition, expected)
    again = lay_strips(flat, edition, expected, new_look)
    return (flat, new_look, again) if _match(again) > _match(laid) else (paper, look, laid)


def _match(laid: Sequence[LaidStrip]) -> float:
    return float(np.median([strip.match for strip in laid if strip.text.strip()]))
