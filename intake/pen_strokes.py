"""Which of the ink in a signature box no pen wrote a name with: the frame of a stamp and what it frames, rows
of type, folds and rules, solid blots.

Masks are 1 where there is ink, ``PER_MM`` samples to the mm. What is measured here is judged in
``intake.signatures``; the bounds were set on 330 drawn papers and are counted by ``bench/signatures.py``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from intake.pieces import find_pieces
from intake.sampling import Ink

Mask = NDArray[np.uint8]

PER_MM: Final = 6.0
_NEAR: Final = 1.5
"""Mm between pieces of ink that are of one stamp."""
_RIM: Final = 2.0
"""Mm at the edge of a stamp in which its frame stands, double frames included."""
_BROAD: Final = 2.1
"""Mm from which ink is broader than the line of any pen."""
_INNER: Final = 2.8
"""Mm from a stamp's edge at which its frame surely ends."""
_LEAST_FRAME: Final = (20.0, 8.5)
"""Mm of the longer and the shorter side from which a rectangle can be a stamp's frame."""
_MOST_FRAME: Final = (62.0, 42.0)
"""Mm up to which it can be: the box itself is larger."""
_CLOSED: Final = 0.75
"""Share of each of three sides that a frame shows at least; pens were seen to reach 0.63."""
_CLOSED_IF_BROKEN: Final = 0.4
"""The same of what may be a frame on a poor scan."""
_ANGLE: Final = (0.88, 0.85)
"""Shares of two sides and of all ink in the rim from which an angle is what is left of a frame."""
_RING: Final = (12.0, 45.0)
"""Mm that a round stamp is across."""
_BINS, _ROUND, _RINGED = 72, 0.035, 0.85
"""Directions that are looked in from its middle; the share of its radius by which its rim may be off; and the
share of the directions in which it is not: rings that a pen draws around initials are off by more.
"""
_LETTERS: Final = 7.0
"""Mm of height up to which what a frame holds is a row of letters."""
_UPRIGHT: Final = 0.14
"""Slope up to which a row lies along or across the page."""
_BLOT: Final = (0.88, 2.2)
"""Share of its hull that a piece fills, and its least side in mm, from which it is a blot."""


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A stamp: the area that it covers, whether more than letters may stand in its frame, and whether that is
    a ring.
    """

    area: Mask
    overwritten: bool
    round: bool = False


def find_stamps(ink: Mask, strong: Mask, *, broken: bool = False) -> tuple[Stamp, ...]:
    """The framed stamps in ink of which even the pale parts are marked; ``strong`` has what is surely ink.

    With ``broken``, also what may be a stamp of whose frame much is gone.
    """
    place = _around(ink)
    ink, part_strong = ink[place], strong[place]
    reach = round(_NEAR * PER_MM) | 1
    near = cv2.dilate(_without_specks(ink), np.ones((reach, reach), np.uint8))
    count, labels, stats = find_pieces(np.asarray(near, np.uint8))
    found = []
    for label in range(1, count):
        if max(stats[label, 2], stats[label, 3]) < min(_LEAST_FRAME[0], _RING[0]) * PER_MM:
            continue
        part = ((labels == label) & (ink > 0)).astype(np.uint8)
        stamp = _ringed(part) or _framed(part, part_strong, _CLOSED_IF_BROKEN if broken else _CLOSED)
        if stamp is not None:
            area = np.zeros_like(strong)
            area[place] = stamp.area
            found.append(dataclasses.replace(stamp, area=area))
    return tuple(found)


def _around(ink: Mask) -> tuple[slice, slice]:
    """Rows and columns of the ink and a margin around it, in which a turned frame may end."""
    margin = round(2 * _NEAR * PER_MM)
    left, top, wide, high = cv2.boundingRect(ink)
    rows = slice(max(top - margin, 0), top + high + margin)
    return rows, slice(max(left - margin, 0), left + wide + margin)


def without_smears(ink: Ink) -> Ink:
    """The ink without what is broader on every side than a pen's line: a thumb's smear, a shadow, a stain."""
    reach = round(_BROAD * PER_MM) | 1
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((reach, reach), np.uint8))
    broad = cv2.GaussianBlur(opened, (0, 0), 2.0)
    thin: Ink = ink - np.maximum(broad, 0)
    return thin


def _without_specks(ink: Mask) -> Mask:
    _, labels, stats = find_pieces(ink)
    keep = (stats[:, cv2.CC_STAT_AREA] >= 0.4 * PER_MM**2).astype(np.uint8)
    keep[0] = 0
    kept: Mask = keep[labels]
    return kept


def _ringed(part: Mask) -> Stamp | None:
    """The round stamp whose outermost ring a piece of ink is: as round as no hand draws one. Over its letters
    a name may stand, so what it holds is always for people to say.
    """
    points = np.argwhere(part)[:, ::-1].astype(np.float64)
    middle, radius = _circle_around(points)
    if not _RING[0] <= 2 * radius / PER_MM <= _RING[1]:
        return None
    away = points - middle
    bins = ((np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi) + 0.5) * _BINS).astype(int) % _BINS
    outermost = np.zeros(_BINS)
    np.maximum.at(outermost, bins, np.hypot(*away.T))
    off = np.abs(outermost - radius)
    if float((off < max(_ROUND * radius, 1.0)).mean()) < _RINGED:
        return None
    area = np.zeros_like(part)
    cv2.circle(area, np.round(middle).astype(int).tolist(), int(radius) + 2, 1, -1)
    return Stamp(area, overwritten=True, round=True)


def _circle_around(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Middle and radius of the circle that the outline of some ink lies nearest to (least squares)."""
    hull = cv2.convexHull(points.astype(np.int32))[:, 0].astype(np.float64)
    # Points as far apart as each other: a hull has many where it bends and few along its straight parts.
    ring = np.concatenate(
        [
            start + (end - start) * np.linspace(0, 1, max(2, int(np.hypot(*(end - start)))))[:, None]
            for start, end in zip(hull, np.roll(hull, -1, axis=0), strict=True)
        ]
    )
    terms = np.column_stack((2 * ring, np.ones(len(ring))))
    (x, y, rest), *_ = np.linalg.lstsq(terms, (ring**2).sum(axis=1), rcond=None)
    return np.array([x, y]), float(np.sqrt(max(rest + x * x + y * y, 0.0)))


def _framed(part: Mask, strong: Mask, closed: float) -> Stamp | None:
    """The stamp whose frame a piece of ink is, found in the turn in which it fills the least rectangle."""
    rows, columns = np.nonzero(part)
    turn = _least_turn(rows, columns)
    u = columns * np.cos(turn) + rows * np.sin(turn)
    v = rows * np.cos(turn) - columns * np.sin(turn)
    sides = sorted((float(np.ptp(u)) / PER_MM, float(np.ptp(v)) / PER_MM), reverse=True)
    sized = all(
        least <= side <= most for least, side, most in zip(_LEAST_FRAME, sides, _MOST_FRAME, strict=True)
    )
    if not sized or not _is_frame(u, v, closed):
        return None
    corner = [(u.min(), v.min()), (u.max(), v.min()), (u.max(), v.max()), (u.min(), v.max())]
    back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    area = np.zeros_like(part)
    cv2.fillConvexPoly(area, np.round(np.array(corner) @ back).astype(np.int32), 1)
    reach = round(2 * _INNER * PER_MM)
    inner = cv2.erode(area, np.ones((reach, reach), np.uint8)) & strong
    wide = cv2.dilate(area, np.ones((5, 5), np.uint8))
    return Stamp(wide, _overwritten(inner, turn))


def _least_turn(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> float:
    """The turn, in radians, in which the ink fills the least upright rectangle."""
    hull = cv2.convexHull(np.stack((columns, rows), axis=1).astype(np.int32))[:, 0]
    turns = np.deg2rad(np.arange(-45, 45, 1.5))[:, None]
    across = hull[:, 0] * np.cos(turns) + hull[:, 1] * np.sin(turns)
    down = hull[:, 1] * np.cos(turns) - hull[:, 0] * np.sin(turns)
    return float(turns[int(np.argmin(np.ptp(across, axis=1) * np.ptp(down, axis=1))), 0])


def _is_frame(u: NDArray[np.float64], v: NDArray[np.float64], closed: float) -> bool:
    """Whether ink stands along three whole sides of its rectangle, or in nothing but two of them."""
    rim = _RIM * PER_MM
    edges = ((u - u.min(), v), (u.max() - u, v), (v - v.min(), u), (v.max() - v, u))
    shown = sorted(_cover(place[distance < rim], place) for distance, place in edges)
    within = float((np.minimum.reduce([distance for distance, _ in edges]) < rim).mean())
    return shown[1] > closed or (shown[2] > _ANGLE[0] and within > _ANGLE[1])


def _cover(shown: NDArray[np.float64], whole: NDArray[np.float64]) -> float:
    """The share of half millimetres of a side at which ink stands."""
    step = 0.5 * PER_MM
    count = max(int(np.ptp(whole) / step), 1)
    steps = ((shown - whole.min()) / step).astype(int)
    return len(np.unique(steps[steps < count])) / count


def _overwritten(inner: Mask, turn: float) -> bool:
    """Whether what a frame holds is taller than a row of letters."""
    rows, columns = np.nonzero(inner)
    if not rows.size:
        return False
    down = rows * np.cos(turn) - columns * np.sin(turn)
    return float(np.subtract(*np.percentile(down, (98, 2)))) > _LETTERS * PER_MM


def unruled(ink: Mask) -> Mask:
    """The ink that lies in no straight row along or across the page: a fold, a rule and a line of type are
    straight over a centimetre and more, and so is little of a name.
    """
    breadth = round(1.1 * PER_MM) | 1
    rows = _upright_rules(ink, breadth)
    for least, gap, share in ((11.0, 1.0, 0.8), (24.0, 5.0, 0.5)):
        found = cv2.HoughLinesP(
            ink * 255,
            1,
            np.pi / 360,
            int(share * least * PER_MM),
            minLineLength=least * PER_MM,
            maxLineGap=gap * PER_MM,
        )
        for x0, y0, x1, y1 in found.reshape(-1, 4).tolist() if found is not None else ():
            if min(abs(x1 - x0), abs(y1 - y0)) <= _UPRIGHT * max(abs(x1 - x0), abs(y1 - y0)):
                cv2.line(rows, (x0, y0), (x1, y1), 1, breadth)
    return np.where(rows > 0, np.uint8(0), ink)


def _upright_rules(ink: Mask, breadth: int) -> Mask:
    """What stands exactly along or across the page over a centimetre; the search for lines by chance misses
    some of the short ones.
    """
    least = round(10 * PER_MM)
    rules = np.zeros_like(ink)
    for shape in ((1, least), (least, 1)):
        rules |= cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)).astype(np.uint8)
    return np.asarray(cv2.dilate(rules, np.ones((breadth, breadth), np.uint8)), np.uint8)


def find_middle(strokes: Mask) -> tuple[Ink, NDArray[np.bool_]]:
    """How deep in its stroke each sample lies, in samples from its edge, and whether that is the middle."""
    depth: Ink = cv2.distanceTransform(strokes, cv2.DIST_L2, 3)
    return depth, (depth >= cv2.dilate(depth, np.ones((3, 3)))) & (strokes > 0)


def is_blot(part: Mask) -> bool:
    """Whether one piece of ink is solid and broad on every side, as no line is."""
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = np.concatenate(outlines)
    hull = cv2.contourArea(cv2.convexHull(points))
    (_, sides, _) = cv2.minAreaRect(points)
    return bool(part.sum() > _BLOT[0] * hull and min(sides) > _BLOT[1] * PER_MM)
