"""Several pages of paper on one image: two A4 on the glass of an A3 scanner, an open folder photographed.

Corner marks tell pages apart, since no page has the same mark twice and each mark says where the middle of
its page lies. A page beside ours without marks of its own is known by its place, its paper and its ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import A4_HEIGHT, A4_WIDTH, Box
from intake.alignment import Alignment, Grey, Looks, Points, corners, find_all_marks, reduce
from intake.identification import known_frames

_WHOLE: Final = 0.62
"""Share of the image from which a page that lies well has no room for another beside it."""
_OFF: Final = 0.5
"""Mm by which marks miss their places from which they may be those of two pages."""
_UNEQUAL: Final = 1.12
"""Ratio of the scales along and across from which a page is no page: its marks are of two."""
_APART: Final = 0.45
"""Share of a page's width by which the middles of two pages lie apart at least, whatever the perspective."""
_DOUBLE: Final = (1.25, 1.62)
"""Long to short side of an image that can hold two pages side by side."""
_A3_MM: Final = (380.0, 450.0)
"""Length of a sheet, as its file's resolution has it, from which it is an A3."""
_LEAST_INK, _MOST_INK = 0.0015, 0.25
"""Share of a page's samples that are dark: less is bare paper, more is no paper."""
_GUTTER: Final = 0.004
"""Share of dark samples in the strip between two pages up to which it is a strip between pages."""
_PAGE: Final = Box(0, 0, A4_WIDTH, A4_HEIGHT)
_LOOK: Final = 900
"""Long side in px that paper is looked at."""


def split_pages(scan: Grey | Looks, alignment: Alignment | None, dpi: float | None) -> tuple[Grey, ...]:
    """The pages that an image shows, each by itself, left before right and upper before lower; nothing
    when it shows one. ``alignment`` is where a first reading found a page; ``dpi`` is what the file claims.
    """
    looks = Looks.of(scan)
    middles = _several(looks, alignment, dpi)
    parts = [_cut(looks.image, place, middles) for place in range(len(middles))]
    return tuple(part for part in parts if part.size and _share_of_ink(part) > _LEAST_INK)


def uncover_pages(scan: Grey | Looks, alignment: Alignment | None) -> tuple[Grey, ...]:
    """The same pages, each on a picture as large as the whole on which the others are bare paper, so that
    what is known by its place on the whole is still found; nothing where none of ours was found.
    """
    looks = Looks.of(scan)
    middles = [] if alignment is None else _several(looks, alignment, None)
    found: list[Grey] = []
    for place in range(len(middles)):
        area = _own_area(looks.image, place, middles)
        keep = np.zeros(looks.image.shape, np.uint8)
        cv2.fillConvexPoly(keep, np.round(area).astype(np.int32), 1)
        bright = np.uint8(np.percentile(_reduced(looks.image), 75))
        found.append(np.where(keep, looks.image, bright))
    return tuple(found)


def _several(looks: Looks, alignment: Alignment | None, dpi: float | None) -> list[Points]:
    """The middles of the pages that an image shows; nothing when it shows one."""
    image = looks.image
    if alignment is not None and _fills(image, alignment):
        return []
    middles = _middles(looks)
    if len(middles) == 1:
        middles = _in_order(image, [*middles, *_page_beside(image, middles[0])])
    elif not middles and alignment is None:
        middles = _halves_of_a3(image, dpi)
    return middles if len(middles) > 1 else []


def _fills(image: Grey, alignment: Alignment) -> bool:
    """Whether one page, lying as pages do, leaves no room for another."""
    quad = alignment.box_to_pixels(_PAGE)
    share = cv2.contourArea(quad.astype(np.float32)) / image.size
    sides = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    across, along = (sides[0] + sides[2]) / A4_WIDTH, (sides[1] + sides[3]) / A4_HEIGHT
    even = 1 / _UNEQUAL < across / max(along, 1e-6) < _UNEQUAL
    return bool(share > _WHOLE and even and alignment.residual < _OFF)


def _middles(looks: Looks) -> list[Points]:
    """The middles of the pages whose marks are seen, in px, in the order in which one reads."""
    groups: list[list[Points]] = []
    for frame in known_frames():
        for place, square in find_all_marks(looks, frame):
            matrix, _ = cv2.estimateAffinePartial2D(corners(frame.marks[place]), square)
            if matrix is None:
                continue
            middle = matrix @ (A4_WIDTH / 2, A4_HEIGHT / 2, 1.0)
            width = float(np.hypot(matrix[0, 0], matrix[1, 0])) * A4_WIDTH
            near = (group for group in groups if float(np.hypot(*(group[0] - middle))) < _APART * width)
            group = next(near, None)
            if group is None:
                groups.append([middle])
            else:
                group.append(middle)
    return _in_order(looks.image, [np.median(group, axis=0) for group in groups])


def _in_order(image: Grey, middles: Sequence[Points]) -> list[Points]:
    wide = image.shape[1] >= image.shape[0]
    return sorted(middles, key=lambda middle: float(middle[0] if wide else middle[1]))


def _page_beside(image: Grey, middle: Points) -> list[Points]:
    """The middle of a page without marks on the other half of the image, if paper with ink lies there."""
    rows, columns = image.shape
    long, short = max(rows, columns), min(rows, columns)
    along = 0 if columns == long else 1
    if not _DOUBLE[0] <= long / short <= _DOUBLE[1] or not 0.12 < abs(middle[along] / long - 0.5) < 0.4:
        return []
    other = np.array([columns, rows]) - middle
    ours, beside = (_cut(image, 0, pair) for pair in ([middle, other], [other, middle]))
    paper, found = (float(np.percentile(_reduced(part), 75)) for part in (ours, beside))
    like = abs(found - paper) < 0.2 * paper
    return [other] if like and _LEAST_INK < _share_of_ink(beside) < _MOST_INK else []


def _halves_of_a3(image: Grey, dpi: float | None) -> list[Points]:
    """The middles of the halves of an A3 whose fold is bare; nothing when it is a sheet of another size."""
    rows, columns = image.shape
    long, short = max(rows, columns), min(rows, columns)
    if dpi is None or not _A3_MM[0] <= long / dpi * 25.4 <= _A3_MM[1]:
        return []
    if not _DOUBLE[0] <= long / short <= _DOUBLE[1]:
        return []
    upright = image if columns == long else np.ascontiguousarray(image.T)
    fold = upright[:, round(long * 0.493) : round(long * 0.507)]
    if float((fold < 0.6 * np.percentile(_reduced(upright), 75)).mean()) > _GUTTER:
        return []
    steps = (0.25 * long, 0.75 * long)
    middles = [np.array([step, rows / 2] if columns == long else [columns / 2, step]) for step in steps]
    inked = all(_share_of_ink(_cut(image, place, middles)) > _LEAST_INK for place in (0, 1))
    return middles if inked else []


def _cut(image: Grey, place: int, middles: Sequence[Points]) -> Grey:
    """What lies nearer to one middle than to any other; the rest of the cut is as bright as its paper."""
    area = _own_area(image, place, middles)
    if len(area) < 3:
        return np.empty((0, 0), np.uint8)
    left, top = np.maximum(np.floor(area.min(axis=0)), 0).astype(int)
    right, bottom = np.ceil(area.max(axis=0)).astype(int)
    part = image[top:bottom, left:right].copy()
    keep = np.zeros(part.shape, np.uint8)
    cv2.fillConvexPoly(keep, np.round(area - (left, top)).astype(np.int32), 1)
    part[keep == 0] = np.uint8(np.percentile(_reduced(part), 75))
    return part


def _own_area(image: Grey, place: int, middles: Sequence[Points]) -> Points:
    """The part of an image that lies nearer to one middle than to any other."""
    rows, columns = image.shape
    area: Points = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64)
    for other, middle in enumerate(middles):
        if other != place:
            area = _nearer(area, middles[place], middle)
    return area


def _nearer(area: Points, own: Points, other: Points) -> Points:
    """The part of a convex area that lies nearer to ``own`` than to ``other``."""
    direction = other - own
    limit = float(direction @ (own + other) / 2)
    kept: list[NDArray[np.float64]] = []
    for start, end in pairwise([*area, area[0]]) if len(area) else ():
        a, b = float(start @ direction) - limit, float(end @ direction) - limit
        if a <= 0:
            kept.append(start)
        if (a < 0 < b) or (b < 0 < a):
            kept.append(start + (end - start) * (a / (a - b)))
    return np.array(kept)


def _reduced(image: Grey) -> Grey:
    """The image at a size that shows paper and ink, not signs."""
    return reduce(image, max(1, round(max(image.shape) / _LOOK)))[0] if min(image.shape) else image


def _share_of_ink(image: Grey) -> float:
    """The share of a page, without its edges, that is much darker than its paper."""
    small = _reduced(image)
    inner = small[small.shape[0] // 20 : -small.shape[0] // 20, small.shape[1] // 20 : -small.shape[1] // 20]
    return float((inner < 0.7 * np.percentile(inner, 75)).mean()) if inner.size else 0.0
