"""A signature that stands elsewhere than in its box: sought only where the box was found empty.

People sign below the box, beside it or across the text. What is found is never taken for the signature that
the form asks for: a person is asked, and shown where it stands.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition, Values
from intake.expected_page import add_reference, expect_page
from intake.identification import Identity
from intake.pen_strokes import PER_MM, Mask, find_stamps
from intake.pieces import find_pieces
from intake.readings import BoxMm
from intake.sampling import Grid, Ink, Paper
from intake.signatures import SignatureThresholds, judge_ink, measure_strokes, tuple_of

_EDGE: Final = 6.0
"""Mm at the paper's edge where no signature is sought: shadows of the lid live there."""
_LID: Final = 1.5
"""Mm at the paper's edge where no stamp is sought either."""
_ABOVE: Final = 60.0
"""Mm above the highest box from which a signature is sought: at the top of the page people stamp and note."""
_NEAR: Final = 2.5
"""Mm between pieces of ink that are of one signature."""
_PIECES: Final = 6.0
"""Mm between the pieces of a name that print has cut."""
_REACH: Final = 0.5
"""Mm around print that are not looked at: it may lie that far from its place."""
_LARGEST: Final = (130.0, 60.0)
"""Mm of width and height up to which ink can be one name."""

STRAY: Final = SignatureThresholds(written=10.0, wide=5.0, surely_curved=2.5)
"""Bounds of ink that is asked about: print hides a part of what was written across it."""


def find_stray_signature(
    paper: Paper,
    edition: Edition,
    identity: Identity,
    values: Values,
    noise: float,
    limits: SignatureThresholds = STRAY,
) -> BoxMm | None:
    """Where on the page, in mm, ink by hand looks most like a name; signature boxes are left out.

    ``values`` are those that we printed; of a form filled by people the boxes are left out.
    """
    grid = _sought(edition, identity.page)
    ink = cv2.GaussianBlur(paper.sample(grid), (0, 0), 0.7)
    expected = cv2.GaussianBlur(_expect(edition, identity, values, grid), (0, 0), 0.7)
    reach = 2 * round(_REACH * PER_MM) + 1
    free = cv2.dilate(expected, np.ones((reach, reach), np.uint8)) < 0.12
    for box in _own_places(edition, identity):
        _cut(free, grid, box)
    _cut_edges(free, _LID)
    strong = ((ink > max(limits.ink, 3.5 * noise)) & free).astype(np.uint8)
    for stamp in find_stamps(((ink > max(limits.pale, 3 * noise)) & free).astype(np.uint8), strong):
        strong[stamp.area > 0] = 0
    _cut_edges(strong, _EDGE)
    return _most_like_a_name(strong, grid, limits)


def _sought(edition: Edition, page: int) -> Grid:
    """The part of the page from a little above its signature boxes down to its foot."""
    top = min(field.box.y for field in edition.signature_fields if field.page == page) - _ABOVE
    rows = round((edition.height - max(top, 0.0)) * PER_MM)
    return Grid(0.0, max(top, 0.0), PER_MM, round(edition.width * PER_MM), rows)


def _expect(edition: Edition, identity: Identity, values: Values, grid: Grid) -> Ink:
    ink = expect_page(edition, identity.page, values, grid)
    if identity.document is not None and identity.issued is not None:
        add_reference(ink, grid, edition, identity.page, identity.document, identity.issued)
    return ink


def _own_places(edition: Edition, identity: Identity) -> list[Box]:
    frame = edition.frame
    fields = edition.fields if identity.document is None else edition.signature_fields
    boxes = [field.box.grown(1.0) for field in fields if field.page == identity.page]
    boxes += [box.grown(2.0) for box in (*frame.marks, frame.full_seal, frame.small_seal)]
    return boxes if identity.issued else [*boxes, frame.reference]


def _cut(free: NDArray[np.bool_], grid: Grid, box: Box) -> None:
    left, top = max(round((box.x - grid.x) * PER_MM), 0), max(round((box.y - grid.y) * PER_MM), 0)
    right, bottom = round((box.right - grid.x) * PER_MM), round((box.bottom - grid.y) * PER_MM)
    free[top : max(bottom, 0), left : max(right, 0)] = False


def _cut_edges(mask: NDArray[np.bool_] | Mask, breadth: float) -> None:
    edge = round(breadth * PER_MM)
    mask[-edge:], mask[:, :edge], mask[:, -edge:] = 0, 0, 0


def _most_like_a_name(strong: Mask, grid: Grid, limits: SignatureThresholds) -> BoxMm | None:
    """The extent of the longest strokes that would be a signature if they stood in the box, with what stands
    beside them: print that they cross cuts a name into pieces.
    """
    reach = round(_NEAR * PER_MM) | 1
    joined = cv2.dilate(strong, np.ones((reach, reach), np.uint8))
    count, labels, stats = find_pieces(np.asarray(joined, np.uint8))
    pieces: list[Box] = []
    longest, best = 0.0, None
    for label in range(1, count):
        x, y, wide, high = (int(value) for value in stats[label, :4])
        place = slice(y, y + high), slice(x, x + wide)
        measure = measure_strokes(np.where(labels[place] == label, strong[place], np.uint8(0)), limits)
        left, top = ((value + reach // 2) / PER_MM for value in (x, y))
        box = Box(grid.x + left, grid.y + top, (wide - reach) / PER_MM, (high - reach) / PER_MM)
        if measure.length < limits.faint or box.width > _LARGEST[0] or box.height > _LARGEST[1]:
            continue
        pieces.append(box)
        if judge_ink(measure, limits) == "present" and measure.length > longest:
            longest, best = measure.length, box
    return None if best is None else tuple_of(_whole(best, pieces))


def _whole(piece: Box, pieces: list[Box]) -> Box:
    """The piece with all that lie beside it, as far as all together can be one name."""
    whole, rest = piece, pieces
    while near := [other for other in rest if other.overlaps(whole.grown(_PIECES))]:
        rest = [other for other in rest if other not in near]
        wider = whole.joined(*near)
        if wider.width > _LARGEST[0] or wider.height > _LARGEST[1]:
            break
        whole = wider
    return whole
