"""Was a letter signed? The ink between the words that take leave and whatever is printed below them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from intake.letters.page import PER_MM
from intake.letters.recognised import RecognisedPage
from intake.pieces import find_pieces
from intake.readings import SignatureReading
from intake.signatures import InkMeasure, judge_ink

_ABOVE: Final = 6.0
"""Mm above the end of the closing words from which ink may be a signature that reaches up."""
_BELOW: Final = 45.0
_SPECK: Final = 0.25
_RULE: Final = (10.0, 1.4)
"""Mm long and no thicker: the line to sign on, or a fold."""
_WHOLE_FOOT: Final = 0.6
"""Share of the page's height below which a letter without closing words is searched."""


def find_signature(page: RecognisedPage) -> SignatureReading:
    """Measure the ink where a letter is signed."""
    box = _place(page)
    area = page.strokes[_rows(box), _columns(box)]
    kept = _writing(area)
    measure = _measure(kept)
    where = _extent(kept, box) if kept.any() else box
    shown = (round(where.x, 2), round(where.y, 2), round(where.width, 2), round(where.height, 2))
    state = judge_ink(measure)
    closing = page.text.closing
    if state == "absent" and not (closing and closing.said):
        state = "doubtful"  # it may stand where nobody looked
    return SignatureReading(state, round(measure.share, 4), 1, shown)


def _place(page: RecognisedPage) -> Box:
    """From the closing words or the room to sign down; the foot of the page where a letter has neither."""
    width, height = page.page.width, page.page.height
    closing = page.text.closing
    if closing is None:
        return Box(5, height * _WHOLE_FOOT, width - 10, height * (1 - _WHOLE_FOOT) - 5)
    top = closing.box.bottom - (_ABOVE if closing.said else 0)
    return Box(5, top, width - 10, min(_ABOVE + _BELOW, height - top - 5))


def _rows(box: Box) -> slice:
    return slice(max(round(box.y * PER_MM), 0), round(box.bottom * PER_MM))


def _columns(box: Box) -> slice:
    return slice(max(round(box.x * PER_MM), 0), round(box.right * PER_MM))


def _writing(dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The strokes without specks and rules."""
    count, labels, stats = find_pieces(dark)
    keep = np.zeros(count, bool)
    for label in range(1, count):
        wide, high, area = (int(value) for value in stats[label, 2:5])
        rule = max(wide, high) >= _RULE[0] * PER_MM and min(wide, high) <= _RULE[1] * PER_MM
        keep[label] = area >= _SPECK * PER_MM**2 and not rule
    kept: NDArray[np.uint8] = keep[labels].astype(np.uint8)
    return kept


def _measure(kept: NDArray[np.uint8]) -> InkMeasure:
    if not kept.any():
        return InkMeasure(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    rows, columns = np.nonzero(kept)
    depth = cv2.distanceTransform(kept, cv2.DIST_L2, 3)
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3)))) & (kept > 0)
    stroke = 2 * float(np.percentile(depth[ridge], 75)) / PER_MM
    area = float(kept.sum()) / PER_MM**2
    return InkMeasure(
        share=float(kept.mean()),
        length=area / max(stroke, 0.2),
        width=float(np.ptp(columns)) / PER_MM,
        height=float(np.ptp(rows)) / PER_MM,
        stroke=stroke,
        dropped=0.0,
    )


def _extent(kept: NDArray[np.uint8], box: Box) -> Box:
    rows, columns = np.nonzero(kept)
    left, top = columns.min() / PER_MM, rows.min() / PER_MM
    return Box(
        box.x + float(left), box.y + float(top), float(np.ptp(columns)) / PER_MM, float(np.ptp(rows)) / PER_MM
    )
