"""Hands that fill in combs: digits of real writers or drawn ones as ink of a pen's width, and what else
people leave in a cell: letters, dashes, crossed-out, overwritten and doubled digits, scribbles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from bench.training.allographs import ALLOGRAPHS, draw_allograph
from bench.training.material import Digits, Pictures
from forms.geometry import Box
from generators.paper.ink import Cover, Pen, Random, draw_strokes, lay_ink, random_pen
from generators.paper.letters import Stroke, write
from generators.paper.sheets import Sheet

LETTERS: Final = "AEFHKMNPRTUVWXYadefhkmnpruvwxy"
"""Letters that no digit looks like; O, I, l, S, Z, B, G, q, C, D, J, L and t are left out."""


@dataclass(frozen=True, slots=True)
class Hand:
    """One person filling in one comb. ``height`` in mm; ``breadth`` scales widths; ``slant`` leans right;
    ``strays`` is the spread in mm of where a sign is put; of the digits, ``drawn`` are drawn allographs;
    pictures are bent by a share ``bend`` of their height, which makes a new writer of a known one.
    """

    digits: Digits
    place: int
    pen: Pen
    height: float
    breadth: float
    slant: float
    strays: float
    drawn: float
    bend: float = 0.0


def random_hand(digits: Digits, rng: Random, bend: float = 0.0) -> Hand:
    """Somebody of the given writers with a pen, in the size that a comb asks for or a little more."""
    return Hand(
        digits,
        int(rng.integers(len(digits.labels))),
        random_pen(rng),
        float(rng.uniform(3.0, 5.9)),
        float(rng.uniform(0.8, 1.3)),
        float(rng.normal(0.02, 0.1)),
        float(rng.uniform(0.1, 0.4)),
        float(rng.choice((0.0, 0.0, 0.15, 1.0), p=(0.4, 0.2, 0.25, 0.15))),
        bend,
    )


def write_digit(sheet: Sheet, cell: Box, digit: int, hand: Hand, rng: Random) -> Sheet:
    """A digit in a cell, by the hand's writer or drawn."""
    if rng.random() < hand.drawn and digit in ALLOGRAPHS:
        return write_strokes(sheet, cell, draw_allograph(digit, rng), hand, rng)
    known = hand.digits.near(digit, hand.place)
    return write_picture(sheet, cell, known[int(rng.integers(len(known)))], hand, rng)


def write_picture(sheet: Sheet, cell: Box, picture: Pictures, hand: Hand, rng: Random) -> Sheet:
    """A picture of a sign (255 is ink) in a cell, its lines brought to about the pen's width."""
    height = hand.height * float(rng.normal(1, 0.07))
    cover = _penned(picture, height * sheet.px_per_mm, hand, sheet.px_per_mm, rng)
    rows, columns = cover.shape
    x, y = _spot(cell, hand, rng)
    corner = (x - columns / 2 / sheet.px_per_mm, y - rows / 2 / sheet.px_per_mm)
    return lay_ink(sheet, cover, corner, hand.pen.grey)


def write_strokes(sheet: Sheet, cell: Box, strokes: list[Stroke], hand: Hand, rng: Random) -> Sheet:
    """Strokes (8 high, y upwards) in a cell at the hand's size."""
    size = hand.height * float(rng.normal(1, 0.07)) / 8
    every = np.vstack(strokes)
    middle = (every.min(axis=0) + every.max(axis=0)) / 2
    slant, (x, y) = hand.slant + float(rng.normal(0, 0.05)), _spot(cell, hand, rng)
    laid = [
        np.column_stack(
            (
                x + ((stroke[:, 0] - middle[0]) * hand.breadth + slant * (stroke[:, 1] - middle[1])) * size,
                y - (stroke[:, 1] - middle[1]) * size,
            )
        )
        for stroke in strokes
    ]
    return draw_strokes(sheet, laid, hand.pen, rng)


def _spot(cell: Box, hand: Hand, rng: Random) -> tuple[float, float]:
    right, down = rng.normal(0, hand.strays, 2)
    return cell.x + cell.width / 2 + float(right), cell.y + cell.height / 2 + float(down)


def _penned(picture: Pictures, height: float, hand: Hand, per_mm: float, rng: Random) -> Cover:
    """The picture ``height`` px high, leaning as the hand does, its lines about as wide as the pen's."""
    ys, xs = np.nonzero(picture > 90)
    scale = height / (np.ptp(ys) + 2.0)
    across = scale * hand.breadth * float(rng.normal(1, 0.06))
    across = min(across, 6.2 * per_mm / (np.ptp(xs) + 2.0))
    slant, turn = hand.slant + float(rng.normal(0, 0.05)), float(rng.normal(0, 0.05))
    lean = np.array([[across, -slant * scale], [0, scale]])
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ lean
    middle = np.array([(xs.min() + xs.max()) / 2, (ys.min() + ys.max()) / 2])
    rows, columns = round(height * 1.5) + 8, round(across * (np.ptp(xs) + 2) + height * 0.6) + 8
    matrix = np.column_stack((turned, np.array([columns / 2, rows / 2]) - turned @ middle))
    large = cv2.warpAffine(picture, matrix, (columns, rows), flags=cv2.INTER_CUBIC)
    large = _bent(large, hand.bend * height, rng) if hand.bend else large
    large = cv2.GaussianBlur(large, (0, 0), 0.45 * scale)
    inside = (large > 110).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    # Within a line, the distance to its edge is a quarter of its breadth on average.
    half = 2 * float(depth[inside > 0].mean()) if inside.any() else 1.0
    change = np.clip(hand.pen.width * per_mm / 2 - half, -0.45 * half, 1.2 * half)
    cover = 1 / (1 + np.exp(-np.clip((depth + change) * 1.6, -30, 30)))
    grain = cv2.GaussianBlur(rng.standard_normal(cover.shape, np.float32), (0, 0), 0.07 * per_mm)
    missed = np.clip(grain / max(float(grain.std()), 1e-6) - 0.6, 0, 1.6) * hand.pen.dryness
    inked: Cover = (cover * (1 - np.clip(missed, 0, 0.85))).astype(np.float32)
    return inked


def _bent(picture: Pictures, reach: float, rng: Random) -> Pictures:
    """The picture drawn on rubber: every place moved by about ``reach`` px, neighbours alike."""
    rows, columns = picture.shape
    moves = [
        cv2.resize(
            rng.normal(0, reach, (4, 4)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
        )
        for _ in range(2)
    ]
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    bent: Pictures = cv2.remap(picture, x + moves[0], y + moves[1], cv2.INTER_LINEAR)
    return bent


def leave_something(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """Ink in a cell that is not one clean digit, of a kind that the recogniser is taught."""
    way: Callable[[Sheet, Box, Hand, Random], Sheet] = _WAYS[
        int(rng.choice(len(_WAYS), p=(0.25, 0.22, 0.13, 0.2, 0.08, 0.12)))
    ]
    return way(sheet, cell, hand, rng)


def cross_out(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A digit struck through, by a cross, by lines or by a zigzag."""
    sheet = write_digit(sheet, cell, int(rng.integers(10)), hand, rng)
    x, y = cell.x + cell.width / 2, cell.y + cell.height / 2
    wide, tall = (float(value) for value in rng.uniform(1.8, 2.9, 2))
    slope = float(rng.uniform(-0.9, 0.9))
    match int(rng.integers(3)):
        case 0:
            strokes = [
                _line(x - wide, y - tall, x + wide, y + tall),
                _line(x - wide, y + tall, x + wide, y - tall),
            ]
        case 1:
            gap = float(rng.uniform(0.5, 0.9))
            strokes = [
                _line(x - wide, y + step * gap - slope, x + wide, y + step * gap + slope)
                for step in range(-1, int(rng.integers(1, 3)))
            ]
        case _:
            places = np.linspace(-wide, wide, 9)
            heights = np.where(np.arange(9) % 2, tall, -tall) * rng.uniform(0.5, 1, 9)
            strokes = [np.column_stack((x + places, y + heights))]
    strokes = [stroke + rng.normal(0, 0.12, stroke.shape) for stroke in strokes]
    return draw_strokes(sheet, strokes, hand.pen, rng)


def overwrite(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """One digit written over another."""
    first, second = rng.choice(10, 2, replace=False).tolist()
    sheet = write_digit(sheet, cell, first, hand, rng)
    harder = replace(hand, pen=replace(hand.pen, width=hand.pen.width * float(rng.uniform(1, 1.5))))
    return write_digit(sheet, cell, second, harder, rng)


def write_two(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """Two digits squeezed into one cell."""
    narrow = replace(hand, breadth=hand.breadth * 0.6, height=hand.height * float(rng.uniform(0.6, 0.95)))
    half = Box(cell.x, cell.y, cell.width / 2, cell.height)
    for box in (half, Box(cell.x + cell.width / 2, cell.y, cell.width / 2, cell.height)):
        sheet = write_digit(sheet, box, int(rng.integers(10)), narrow, rng)
    return sheet


def write_letter(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A letter, or a dash or a stop, as people put between groups of digits."""
    sign = str(rng.choice([*LETTERS, "-", "-", "-", "/", ".", ","]))
    strokes = [
        stroke + rng.normal(0, float(rng.uniform(0.05, 0.3)), stroke.shape)
        for stroke in write(sign, joined=False)
    ]
    return write_strokes(sheet, cell, strokes, hand, rng)


def scribble(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A tangle that hides whatever was there."""
    middle = np.array([cell.x + cell.width / 2, cell.y + cell.height / 2])
    spread = rng.uniform(0.5, 1.3, 2)
    tangle = middle + np.clip(rng.normal(0, 1, (int(rng.integers(7, 22)), 2)), -2, 2) * spread
    return draw_strokes(sheet, [tangle], hand.pen, rng)


def doodle(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A sign of no alphabet: two to four strokes from anywhere to anywhere."""
    strokes = [
        rng.uniform((0, 0), (5, 8), (int(rng.integers(2, 5)), 2)) for _ in range(int(rng.integers(2, 5)))
    ]
    return write_strokes(sheet, cell, strokes, hand, rng)


_WAYS: Final = (cross_out, overwrite, write_two, write_letter, scribble, doodle)


def _line(x1: float, y1: float, x2: float, y2: float) -> Stroke:
    return np.column_stack((np.linspace(x1, x2, 4), np.linspace(y1, y2, 4)))
