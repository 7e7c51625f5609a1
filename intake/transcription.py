"""Reading printed values that we do not know: the same pictures of glyphs, the other way round.

Used when a page's full symbol is lost. The best sign of each cell is taken, then laid over the scan as
an expectation and corrected until no rival fits better; what is still in doubt stays doubtful.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forms.model import Edition
from intake.comparison import PageLook, StripMeasure, find_shift, measure_strips
from intake.expectation import expected_strip, fixed_strip, glyphs
from intake.ranking import BLANK
from intake.sampling import Ink, Paper
from intake.strips import Strip

_ROUNDS: Final = 3
_INKY: Final = 0.03
"""Mean ink of a cell under which nothing is printed there."""


def transcribe(
    paper: Paper, edition: Edition, strips: Sequence[Strip], look: PageLook
) -> tuple[StripMeasure, ...]:
    """What every strip shows, as measures whose text is what was read."""
    texts = [(strip, _first_guess(paper, edition, strip, look)) for strip in strips]
    measures = measure_strips(paper, edition, texts, look)
    for _ in range(_ROUNDS):
        better = [(measure.strip, _corrected(measure)) for measure in measures]
        if all(text == measure.text for (_, text), measure in zip(better, measures, strict=True)):
            break
        measures = measure_strips(paper, edition, better, look)
    return measures


def _corrected(measure: StripMeasure) -> str:
    scores = measure.scores
    return "".join(
        rival if score > 0.5 else sign
        for sign, rival, score in zip(measure.text, scores.rivals, scores.score, strict=True)
    )


def _first_guess(paper: Paper, edition: Edition, strip: Strip, look: PageLook) -> str:
    blank = expected_strip(edition, strip, BLANK * strip.cells, look.blur)
    shift = find_shift(paper, strip, blank)
    seen = paper.sample(strip.grid().moved(*shift))
    rest: Ink = np.ascontiguousarray(seen - fixed_strip(edition, strip, look.blur))
    cells = strip.windows(rest).reshape(strip.cells, -1)
    signs = strip.alphabet
    pictures = glyphs(signs, strip.shape, look.blur).reshape(len(signs), -1)
    pictures = pictures - pictures.mean(axis=1, keepdims=True)
    level = cells - cells.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(pictures, axis=1)
    fit = (level @ pictures.T) / lengths
    best = np.argmax(fit, axis=1)
    inky = (cells.mean(axis=1) > _INKY) & (fit.max(axis=1) > 0.35 * np.median(lengths))
    return "".join(signs[index] if there else BLANK for index, there in zip(best.tolist(), inky, strict=True))
