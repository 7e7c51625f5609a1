"""What happens to paper between the printer and the scanner: folds, coffee, dust, weak toner, holes.

Each is drawn only where it falls, so that a page of nine million pixels stays quick to spoil.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from generators.paper.ink import Cover, Random, lay_ink
from generators.paper.sheets import Grey, Sheet

Way = Literal["across", "down"]


def fold(sheet: Sheet, rng: Random, *, along: Way | None = None) -> Sheet:
    """A fold over the whole page: a dark line beside a light one, toner cracked off along it."""
    way = along or ("across" if rng.random() < 0.6 else "down")
    image = sheet.image.copy()
    page = image if way == "across" else image.T
    # Letters are folded in two or in three; the rest are creases anywhere.
    share = float(rng.choice((1 / 3, 0.5, 2 / 3))) + float(rng.normal(0, 0.02))
    place = int(len(page) * (share if rng.random() < 0.7 else rng.uniform(0.1, 0.9)))
    reach = round(16 * sheet.px_per_mm)
    first, last = max(0, place - reach), min(len(page), place + reach)
    away = (np.arange(first, last) - place) / sheet.px_per_mm
    deep = float(rng.uniform(0.5, 1.3))
    shade = -34 * np.exp(-((away / 0.22) ** 2)) + 12 * np.exp(-(((away - 0.5) / 0.35) ** 2))
    shade = deep * (shade - 7 * np.exp(-np.abs(away) / 5) * np.sign(away))
    worn = float(rng.uniform(0.1, 0.75)) * np.exp(-((away / 0.18) ** 2))
    patchy = _mottle((last - first, page.shape[1]), 0.12 * sheet.px_per_mm, rng)
    band = page[first:last].astype(np.float32) + shade.astype(np.float32)[:, None]
    lost = (worn[:, None] * (patchy > 0.2)).astype(np.float32)
    page[first:last] = _grey(band + np.maximum(240 - band, 0) * lost)
    return sheet.showing(image)


def curl(sheet: Sheet, rng: Random, *, reach: float = 1.5) -> Sheet:
    """Paper that does not lie flat: print stands up to ``reach`` mm from its place, in waves of some 8 cm."""
    rows, columns = sheet.image.shape
    knots = round(sheet.height / 80) + 3, round(sheet.width / 80) + 3
    places = []
    for own in (np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[:, None]):
        away = rng.uniform(-1, 1, knots).astype(np.float32)
        wave = cv2.resize(away, (columns, rows), interpolation=cv2.INTER_CUBIC)
        places.append(own + wave / max(float(np.abs(wave).max()), 1e-6) * reach * sheet.px_per_mm)
    right, down = places
    bent = cv2.remap(sheet.image, right, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return sheet.showing(_grey(bent))


def shadow(sheet: Sheet, rng: Random) -> Sheet:
    """The shade of a page that does not lie flat, deepening towards one edge."""
    image, turns = sheet.image, int(rng.integers(4))
    lying = np.rot90(image, turns)
    rows = len(lying)
    reach = int(rows * float(rng.uniform(0.08, 0.3)))
    depth = float(rng.uniform(0.15, 0.45))
    light = np.ones(rows, np.float32)
    light[:reach] = 1 - depth * np.linspace(1, 0, reach, dtype=np.float32) ** 2
    shaded = lying.copy()
    shaded[:reach] = _grey(lying[:reach].astype(np.float32) * light[:reach, None])
    return sheet.showing(np.ascontiguousarray(np.rot90(shaded, -turns)))


def coffee(sheet: Sheet, rng: Random) -> Sheet:
    """The ring of a cup, dark at its rim and broken, with a few drops."""
    per_mm = sheet.px_per_mm / 3
    radius = float(rng.uniform(32, 43))
    side = round((2 * radius + 16) * per_mm)
    y, x = np.mgrid[:side, :side].astype(np.float32) - side / 2
    away = np.hypot(x, y) / per_mm - radius
    around = np.arctan2(y, x)
    wobble = 0.5 * np.sin(2 * around + rng.uniform(0, 6)) + 0.3 * np.sin(5 * around + rng.uniform(0, 6))
    wide = float(rng.uniform(0.8, 2.2)) * (1 + 0.5 * np.sin(around + rng.uniform(0, 6)))
    ring = np.exp(-((np.abs(away + wobble) / wide) ** 4)) * 0.55
    rim = np.exp(-(((away + wobble - wide) / 0.35) ** 2)) * 0.5
    broken = np.clip(0.75 + 0.6 * np.sin(around * 1.0 + rng.uniform(0, 6)), 0, 1)
    inside = 0.05 * (away + wobble < 0)
    stain = (ring + rim) * broken * (0.8 + 0.2 * _mottle(ring.shape, 1.5 * per_mm, rng)) + inside
    for _ in range(int(rng.integers(0, 6))):
        drop = tuple(int(value) for value in rng.integers(0, side, 2))
        cv2.circle(stain, drop, round(float(rng.uniform(0.4, 1.8)) * per_mm), 0.45, -1, cv2.LINE_AA)
    return _soak(sheet, stain * float(rng.uniform(0.5, 1.1)), rng, grey=120)


def stain(sheet: Sheet, rng: Random) -> Sheet:
    """A blot of grease or water with a darker edge."""
    per_mm = sheet.px_per_mm / 3
    side = round(float(rng.uniform(18, 50)) * per_mm)
    y, x = np.mgrid[:side, :side].astype(np.float32) / side * 2 - 1
    body = 1.15 - np.hypot(x, y) * 1.5 + 0.14 * _mottle((side, side), side / 8, rng)
    inside = 1 / (1 + np.exp(-body * 25))
    edge = np.exp(-((body / 0.07) ** 2))
    return _soak(sheet, inside * float(rng.uniform(0.06, 0.2)) + edge * 0.16, rng, grey=90)


def _soak(sheet: Sheet, third: NDArray[np.floating], rng: Random, grey: float) -> Sheet:
    """A stain drawn at a third of the sheet's fineness, laid anywhere on the page."""
    side = third.shape[0] * 3
    cover: Cover = cv2.resize(np.clip(third, 0, 1).astype(np.float32), (side, side))
    half = side / sheet.px_per_mm / 2
    centre = rng.uniform(0.05, 0.95, 2) * (sheet.width, sheet.height)
    return lay_ink(sheet, cover, (float(centre[0]) - half, float(centre[1]) - half), grey)


def dust(sheet: Sheet, rng: Random, specks: int = 60) -> Sheet:
    """Specks of dirt and of missing toner all over, and a hair now and then."""
    image = sheet.image.copy()
    rows, columns = image.shape
    for _ in range(specks):
        centre = (int(rng.integers(columns)), int(rng.integers(rows)))
        reach = max(1, round(float(rng.exponential(0.09)) * sheet.px_per_mm))
        axes = (min(reach, 8), max(1, reach // 2))
        turn = float(rng.uniform(0, 180))
        grey = int(rng.choice((40, 110, 170, 248)))
        cv2.ellipse(image, centre, axes, turn, 0, 360, grey, -1, cv2.LINE_AA)
    if rng.random() < specks / 400:
        start = rng.uniform(0, 1, 2) * (columns, rows)
        hair = start + np.cumsum(rng.normal(0, 0.5, (12, 2)).cumsum(axis=0), axis=0) * sheet.px_per_mm * 0.6
        cv2.polylines(image, [hair.astype(np.int32)], False, 90, 1, cv2.LINE_AA)
    return sheet.showing(image)


def weak_toner(sheet: Sheet, rng: Random) -> Sheet:
    """Lengthwise bands in which the printer ran short of toner."""
    columns = sheet.image.shape[1]
    left = np.interp(np.arange(columns), np.linspace(0, columns, 7), rng.uniform(0.5, 1.0, 7))
    image = sheet.image.copy()
    # In steps of a mm: within one, the paper's loss of toner is the same.
    for edge in range(0, columns, round(sheet.px_per_mm)):
        band = image[:, edge : edge + round(sheet.px_per_mm)]
        curve = 250 - (250 - np.arange(256)) * left[min(edge, columns - 1)]
        band[:] = cv2.LUT(np.ascontiguousarray(band), _grey(curve))
    return sheet.showing(image)


def smear(sheet: Sheet, rng: Random) -> Sheet:
    """A thumb drawn through toner or wet ink: a patch dragged sideways, faintly."""
    per_mm = sheet.px_per_mm
    high, wide = round(float(rng.uniform(5, 14)) * per_mm), round(float(rng.uniform(15, 50)) * per_mm)
    top = int(rng.integers(0, max(1, sheet.image.shape[0] - high)))
    left = int(rng.integers(0, max(1, sheet.image.shape[1] - wide)))
    image = sheet.image.copy()
    patch = image[top : top + high, left : left + wide].astype(np.float32)
    dragged = cv2.blur(patch, (max(3, round(4 * per_mm)), 1), anchor=(-1, -1))
    fade = np.sin(np.linspace(0, np.pi, patch.shape[0], dtype=np.float32))[:, None] * float(
        rng.uniform(0.25, 0.6)
    )
    image[top : top + high, left : left + wide] = _grey(np.minimum(patch, patch + (dragged - patch) * fade))
    return sheet.showing(image)


def streak(sheet: Sheet, rng: Random) -> Sheet:
    """Lines down the page from dirt on a feeding scanner's glass."""
    image = sheet.image.copy()
    for _ in range(int(rng.integers(1, 4))):
        x, wide = int(rng.integers(image.shape[1])), int(rng.integers(1, 5))
        band = image[:, x : x + wide].astype(np.float32)
        image[:, x : x + wide] = _grey(band * float(rng.uniform(0.35, 0.85)))
    return sheet.showing(image)


def bleed_through(sheet: Sheet, rng: Random, back: Sheet | None = None) -> Sheet:
    """The other side of thin paper seen through it: ``back`` mirrored, or this page's like."""
    behind = (back or sheet).image
    small = cv2.resize(
        behind[:, ::-1], (sheet.image.shape[1] // 3, sheet.image.shape[0] // 3), interpolation=cv2.INTER_AREA
    )
    ghost = cv2.GaussianBlur(small, (0, 0), 0.1 * sheet.px_per_mm)
    depth = float(rng.uniform(0.04, 0.14))
    ghost = cv2.LUT(ghost, _grey(255 - (255 - np.arange(256)) * depth))
    return sheet.showing(cv2.multiply(sheet.image, cv2.resize(ghost, sheet.image.shape[::-1]), scale=1 / 255))


def staple(sheet: Sheet, rng: Random) -> Sheet:
    """A staple near the top-left corner, or the two holes and rust that it left."""
    x, y = float(rng.uniform(5, 14)), float(rng.uniform(5, 14))
    turn = float(rng.uniform(0.3, 1.2))
    ends = ((x, y), (x + 11 * np.cos(turn), y + 11 * np.sin(turn) * 0.6))
    first, last = ([round(float(value) * sheet.px_per_mm) for value in end] for end in ends)
    image = sheet.image.copy()
    if rng.random() < 0.5:
        cv2.line(image, first, last, 95, round(0.5 * sheet.px_per_mm), cv2.LINE_AA)
        cv2.line(image, first, last, 190, max(1, round(0.15 * sheet.px_per_mm)), cv2.LINE_AA)
    for end in (first, last):
        cv2.circle(image, end, round(0.45 * sheet.px_per_mm), 60, -1, cv2.LINE_AA)
    return sheet.showing(image)


def punch_holes(sheet: Sheet, rng: Random, *, behind: int = 60) -> Sheet:
    """A filing punch's two holes in the left margin, 80 mm apart (ISO 838); ``behind`` is what shows."""
    image = sheet.image.copy()
    x = 12 + float(rng.normal(0, 1.2))
    middle = sheet.height / 2 + float(rng.normal(0, 5))
    for y in (middle - 40, middle + 40):
        centre = (round(x * sheet.px_per_mm), round(y * sheet.px_per_mm))
        cv2.circle(image, centre, round(3.0 * sheet.px_per_mm), behind, -1, cv2.LINE_AA)
        cv2.ellipse(image, centre, (round(3.05 * sheet.px_per_mm),) * 2, 0, 200, 340, 165, 2, cv2.LINE_AA)
    return sheet.showing(image)


def tear_corner(sheet: Sheet, rng: Random, *, behind: int = 252) -> Sheet:
    """A corner torn off along a ragged edge of bare fibre; ``behind`` is what shows."""
    rows, columns = sheet.image.shape
    reach = rng.uniform(12, 45, 2) * sheet.px_per_mm
    t = np.linspace(0, 1, 24)[:, None]
    edge = (1 - t) * (reach[0], 0.0) + t * (0.0, reach[1]) + rng.normal(0, 0.7, (24, 2)) * sheet.px_per_mm
    edge[0, 1], edge[-1, 0] = -2, -2
    outline = np.vstack(([[-2.0, -2.0]], edge))
    if rng.random() < 0.5:
        outline[:, 0] = columns - outline[:, 0]
    if rng.random() < 0.5:
        outline[:, 1] = rows - outline[:, 1]
    image = sheet.image.copy()
    shape = [outline.astype(np.int32)]
    cv2.polylines(image, shape, True, 254, round(1.2 * sheet.px_per_mm), cv2.LINE_AA)
    cv2.fillPoly(image, shape, behind, cv2.LINE_AA)
    return sheet.showing(image)


def photocopy(sheet: Sheet, rng: Random, generations: int = 1) -> Sheet:
    """A copy of a copy: each loses fine print, hardens contrast, darkens the ground and adds specks."""
    image: Grey = sheet.image
    for _ in range(generations):
        soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.05, 0.1)) * sheet.px_per_mm)
        level, hard = float(rng.uniform(135, 185)), float(rng.uniform(0.02, 0.045))
        ground = float(rng.uniform(215, 246))
        curve = 20 + (ground - 20) / (1 + np.exp(-(np.arange(256) - level) * hard))
        image = dust(sheet.showing(cv2.LUT(soft, _grey(curve))), rng, int(rng.integers(60, 260))).image
    return sheet.showing(image)


def _mottle(shape: tuple[int, ...], coarse: float, rng: Random) -> NDArray[np.float32]:
    """Smooth noise of unit spread whose blotches are about ``coarse`` pixels wide."""
    cell = max(coarse, 1.0)
    small = rng.standard_normal((int(shape[0] / cell) + 2, int(shape[1] / cell) + 2), np.float32)
    noise: NDArray[np.float32] = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return noise


def _grey(values: NDArray[np.floating]) -> Grey:
    clipped: Grey = np.clip(np.round(values), 0, 255).astype(np.uint8)
    return clipped
