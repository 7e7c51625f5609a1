"""What people put on paper: signatures in several hands, stamps, strokes and overwriting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from generators.paper.sheets import PER_MM, Grey, Sheet

Stroke = NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Pen:
    """A ballpoint: width of its line in mm and the grey (0 black) that a scanner sees it as."""

    width: float = 0.45
    grey: int = 70


def random_pen(random: Random) -> Pen:
    """A blue or black ballpoint, fine to medium."""
    return Pen(float(random.uniform(0.3, 0.65)), int(random.integers(25, 120)))


def sign(sheet: Sheet, box: Box, random: Random, *, pen: Pen | None = None, hand: str | None = None) -> Sheet:
    """Sign in ``box`` by hand, in one of :data:`HANDS` (any of them when none is named)."""
    name = hand or str(random.choice(sorted(HANDS)))
    width = box.width * float(random.uniform(0.45, 0.85))
    height = box.height * float(random.uniform(0.35, 0.7))
    left = box.x + float(random.uniform(0.05, 0.95)) * (box.width - width)
    top = box.y + float(random.uniform(0.1, 0.9)) * (box.height - height)
    strokes = [
        np.column_stack((left + stroke[:, 0] * width, top + stroke[:, 1] * height))
        for stroke in HANDS[name](random)
    ]
    return draw_strokes(sheet, strokes, pen or random_pen(random), random)


def draw_strokes(sheet: Sheet, strokes: list[Stroke], pen: Pen, random: Random) -> Sheet:
    """Draw lines given in mm with a pen that presses harder where it moves slowly."""
    over = 2
    ink = np.zeros([side * over // 2 for side in sheet.image.shape], np.uint8)
    scale = PER_MM * over / 2
    for stroke in strokes:
        line = smooth(stroke)
        speed = np.hypot(*np.diff(line, axis=0).T)
        usual = float(np.median(speed)) or 1.0
        for start, end, pace in zip(line[:-1], line[1:], speed, strict=True):
            width = pen.width * (1.15 - 0.3 * min(pace / usual, 2.0) / 2) * float(random.uniform(0.92, 1.08))
            first, last = (tuple(np.round(point * scale * 16).astype(int).tolist()) for point in (start, end))
            cv2.line(ink, first, last, 255, max(1, round(width * scale)), cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.8).astype(np.float32) / 255
    return Sheet(_lay(sheet.image, soft, pen.grey))


def _lay(image: Grey, cover: NDArray[np.float32], grey: float) -> Grey:
    """Ink of a grey over paper, where ``cover`` (0 to 1) says; darker print below stays dark."""
    base = image.astype(np.float32)
    inked = np.minimum(base, base * (1 - cover) + grey * cover)
    return np.clip(inked, 0, 255).astype(np.uint8)


def smooth(points: Stroke, steps: int = 14) -> Stroke:
    """A Catmull-Rom curve through the points."""
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.vstack((*pieces, points[-1:]))


def _running_hand(random: Random) -> list[Stroke]:
    """Joined letters of differing height, left to right."""
    count = int(random.integers(14, 26))
    x = np.linspace(0, 1, count) + random.normal(0, 0.012, count)
    up = np.where(np.arange(count) % 2 == 0, 0.75, random.uniform(0.15, 0.55, count))
    return [np.column_stack((x, up + random.normal(0, 0.05, count)))]


def _loops(random: Random) -> list[Stroke]:
    """A chain of loops that drifts to the right."""
    turns = float(random.uniform(4, 8))
    t = np.linspace(0, turns * 2 * np.pi, int(turns * 9))
    size = random.uniform(0.25, 0.5) * np.linspace(1, 0.4, t.size)
    x = 0.12 + 0.76 * t / t[-1] + 0.09 * np.cos(t)
    return [np.column_stack((x, 0.5 + size * np.sin(t) + random.normal(0, 0.015, t.size)))]


def _with_flourish(random: Random) -> list[Stroke]:
    """Joined letters over a sweeping underline."""
    under = np.array([[0.95, 0.55], [0.5, 0.95], [0.02, 0.9], [0.3, 0.75], [1.0, 0.8]])
    return [*_running_hand(random), under + random.normal(0, 0.02, under.shape)]


def _capitals(random: Random) -> list[Stroke]:
    """Two or three large capitals, each of a few strokes."""
    strokes = []
    for left in np.linspace(0, 0.66, int(random.integers(2, 4))):
        count = int(random.integers(5, 9))
        points = np.column_stack((random.uniform(0, 0.3, count) + left, random.uniform(0, 1, count)))
        strokes.append(points)
    return strokes


def _zigzag(random: Random) -> list[Stroke]:
    """Sharp strokes up and down, ending in a long tail."""
    count = int(random.integers(8, 15))
    x = np.sort(random.uniform(0, 0.7, count))
    y = np.where(np.arange(count) % 2 == 0, 0.9, 0.1) + random.normal(0, 0.1, count)
    return [np.vstack((np.column_stack((x, y)), [[0.85, 0.5], [1.0, 0.45]]))]


def _name_and_rubric(random: Random) -> list[Stroke]:
    """A legible name followed by an encircling rubric."""
    t = np.linspace(0.3, 2 * np.pi + 1.0, 26)
    ring = np.column_stack((0.5 + 0.5 * np.cos(t), 0.5 + 0.48 * np.sin(t)))
    return [*_running_hand(random), ring + random.normal(0, 0.015, ring.shape)]


HANDS: Final[dict[str, Callable[[Random], list[Stroke]]]] = {
    "running": _running_hand,
    "loops": _loops,
    "flourish": _with_flourish,
    "capitals": _capitals,
    "zigzag": _zigzag,
    "rubric": _name_and_rubric,
}
"""Kinds of signature; tests hold some back from whatever they tune."""


def sign_with_picture(sheet: Sheet, box: Box, picture: Grey, random: Random) -> Sheet:
    """Sign with real ink: a grey picture of a signature on white, scaled into the box."""
    dark = 1 - picture.astype(np.float32) / 255
    ys, xs = np.nonzero(dark > 0.3)
    if ys.size == 0:
        return sheet
    cut = dark[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    share = float(random.uniform(0.55, 0.9))
    scale = share * min(box.width * PER_MM / cut.shape[1], box.height * PER_MM / cut.shape[0])
    cover = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rows, columns = sheet.area(box)
    top = rows.start + int(random.uniform(0, max(1, rows.stop - rows.start - cover.shape[0])))
    left = columns.start + int(random.uniform(0, max(1, columns.stop - columns.start - cover.shape[1])))
    image = sheet.image.copy()
    place = image[top : top + cover.shape[0], left : left + cover.shape[1]]
    cover = cover[: place.shape[0], : place.shape[1]]
    image[top : top + cover.shape[0], left : left + cover.shape[1]] = _lay(
        place, cover, random.uniform(20, 90)
    )
    return Sheet(image)


def stamp(sheet: Sheet, centre: tuple[float, float], random: Random, text: str = "RECIBIDO") -> Sheet:
    """An office's rubber stamp: a turned frame with a word, unevenly inked."""
    side = round(46 * PER_MM)
    layer = np.zeros((side, side), np.uint8)
    middle, wide, high = side // 2, round(17 * PER_MM), round(7 * PER_MM)
    corners = (middle - wide, middle - high), (middle + wide, middle + high)
    cv2.rectangle(layer, *corners, 255, round(0.8 * PER_MM))
    size = 34 * PER_MM / 11.8 / max(len(text), 1)
    cv2.putText(
        layer,
        text,
        (middle - round(wide * 0.85), middle + round(2.4 * PER_MM)),
        cv2.FONT_HERSHEY_DUPLEX,
        size * 0.85,
        255,
        round(0.6 * PER_MM),
    )
    turn = cv2.getRotationMatrix2D((middle, middle), float(random.uniform(-25, 25)), 1)
    layer = cv2.warpAffine(layer, turn, (side, side))
    patchy = cv2.resize(random.uniform(0.35, 1, (9, 9)).astype(np.float32), (side, side))
    cover = layer.astype(np.float32) / 255 * patchy
    image = sheet.image.copy()
    top, left = round(centre[1] * PER_MM) - middle, round(centre[0] * PER_MM) - middle
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(image.shape[0], top + side), min(image.shape[1], left + side)
    if y1 > y0 and x1 > x0:
        image[y0:y1, x0:x1] = _lay(image[y0:y1, x0:x1], cover[y0 - top : y1 - top, x0 - left : x1 - left], 95)
    return Sheet(image)


def strike(sheet: Sheet, box: Box, random: Random, pen: Pen | None = None) -> Sheet:
    """A pen stroke across a box from left to right."""
    y = box.y + box.height * random.uniform(0.3, 0.7, 4)
    line = np.column_stack((np.linspace(box.x, box.right, 4), y))
    return draw_strokes(sheet, [line], pen or random_pen(random), random)
