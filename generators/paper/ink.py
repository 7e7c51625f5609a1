"""What people add to a printed page with pens and stamps, as a grey scan sees it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from generators.paper.hands import draw_signature
from generators.paper.letters import Stroke, write
from generators.paper.sheets import Grey, Sheet

Random = np.random.Generator
Cover = NDArray[np.float32]
"""How much of each pixel ink covers, 0 to 1."""

_FINER = 3
"""Lines are drawn this much finer than the sheet, so that their width can vary smoothly."""


@dataclass(frozen=True, slots=True)
class Pen:
    """A pen: width of its line in mm, the grey (0 black) that a scanner sees its ink as, how much of its
    width hangs on speed, and how much of the paper's grain its line misses (a dry ballpoint).
    """

    width: float = 0.42
    grey: int = 70
    swing: float = 0.25
    dryness: float = 0.25


def random_pen(rng: Random) -> Pen:
    """A ballpoint mostly, else a gel or felt pen; blue ink is scanned lighter than black."""
    blue = rng.random() < 0.6
    grey = int(rng.integers(75, 125) if blue else rng.integers(22, 65))
    if rng.random() < 0.7:
        return Pen(
            float(rng.uniform(0.28, 0.5)), grey, float(rng.uniform(0.15, 0.35)), float(rng.uniform(0.1, 0.5))
        )
    return Pen(
        float(rng.uniform(0.45, 0.75)), grey, float(rng.uniform(0.25, 0.5)), float(rng.uniform(0, 0.15))
    )


def sign(sheet: Sheet, box: Box, rng: Random, *, pen: Pen | None = None, hand: str | None = None) -> Sheet:
    """Sign in ``box`` by hand, in one of ``hands.HANDS`` (any when none is named); the ink may leave the
    box by up to a sixth of its height.
    """
    strokes = draw_signature(rng, hand)
    tall = float(np.vstack(strokes)[:, 1].max())
    width = min(box.width * float(rng.uniform(0.45, 0.92)), box.height * float(rng.uniform(0.6, 1.12)) / tall)
    loose_x, loose_y = box.width - width, box.height - width * tall
    left = box.x + loose_x * float(rng.uniform(0.1, 0.9))
    top = box.y + loose_y * float(rng.uniform(0.15, 0.85)) + box.height * float(rng.uniform(-0.03, 0.03))
    return draw_strokes(
        sheet, [stroke * width + (left, top) for stroke in strokes], pen or random_pen(rng), rng
    )


def sign_with_picture(sheet: Sheet, box: Box, picture: Grey, rng: Random, *, pen: Pen | None = None) -> Sheet:
    """Sign with real ink: a grey picture of a signature on light paper, as large as the box allows but
    with lines no broader than a pen's.
    """
    paper = float(np.percentile(picture, 90)) or 1.0
    ink = max(paper - float(np.percentile(picture, 1)), 1.0)
    dark = np.clip((paper - picture.astype(np.float32)) / ink * 1.15 - 0.08, 0, 1)
    ys, xs = np.nonzero(dark > 0.3)
    if ys.size == 0:
        return sheet
    cut = dark[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    per_mm, pen = sheet.px_per_mm, pen or random_pen(rng)
    # Within a line, the distance to its edge is a quarter of its breadth on average.
    depth = cv2.distanceTransform((cut > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    breadth = 4 * float(depth[depth > 0].mean())
    room = float(rng.uniform(0.55, 0.95)) * min(box.width / cut.shape[1], box.height / cut.shape[0])
    scale = min(room, max(1.3 * pen.width, 0.5) / breadth) * per_mm
    shape = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    cover = np.clip(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=shape), 0, 1)
    left = box.x + float(rng.uniform(0, 1)) * max(0.0, box.width - cover.shape[1] / per_mm)
    top = box.y + float(rng.uniform(0, 1)) * max(0.0, box.height - cover.shape[0] / per_mm)
    return lay_ink(sheet, cover, (left, top), pen.grey)


def write_over(
    sheet: Sheet, box: Box, text: str, rng: Random, *, pen: Pen | None = None, pitch: float | None = None
) -> Sheet:
    """Write ``text`` in block letters over a box; with ``pitch`` mm to the sign, as in a comb."""
    chosen = pen or random_pen(rng)
    if pitch is None:
        strokes = _fitted(write(text, joined=False), box, rng)
    else:
        cells = [Box(box.x + place * pitch, box.y, pitch, box.height) for place in range(len(text))]
        strokes = [
            stroke
            for cell, sign_text in zip(cells, text, strict=True)
            for stroke in _fitted(write(sign_text, joined=False), cell, rng)
        ]
    return draw_strokes(sheet, strokes, chosen, rng)


def _fitted(strokes: list[Stroke], box: Box, rng: Random) -> list[Stroke]:
    """Writing scaled to three quarters of a box's height, with a hand's small slips."""
    if not strokes:
        return []
    wide = max(float(stroke[:, 0].max()) for stroke in strokes)
    size = min(box.height * float(rng.uniform(0.6, 0.8)) / 8, box.width * 0.9 / max(wide, 1.0))
    left = box.x + (box.width - wide * size) * (0.5 if wide < 8 else float(rng.uniform(0.1, 0.5)))
    base = box.y + (box.height + 8 * size) / 2 + float(rng.normal(0, 0.03)) * box.height
    slant = float(rng.normal(0.1, 0.08))
    return [
        np.column_stack((left + (stroke[:, 0] + slant * stroke[:, 1]) * size, base - stroke[:, 1] * size))
        + rng.normal(0, 0.18 * size, stroke.shape)
        for stroke in strokes
    ]


def strike(sheet: Sheet, box: Box, rng: Random, pen: Pen | None = None) -> Sheet:
    """A pen stroke across a box from left to right."""
    y = box.y + box.height * rng.uniform(0.3, 0.7, 4)
    line = np.column_stack((np.linspace(box.x, box.right, 4), y))
    return draw_strokes(sheet, [line], pen or random_pen(rng), rng)


def draw_strokes(sheet: Sheet, strokes: list[Stroke], pen: Pen, rng: Random) -> Sheet:
    """Draw strokes given in mm: the line widens and darkens where the pen slows down in a turn, runs
    thin where it lands and leaves, and misses some of the paper's grain.
    """
    lines = [smooth(stroke) for stroke in strokes if len(stroke) > 1]
    if not lines:
        return sheet
    every = np.vstack(lines)
    origin, end = every.min(axis=0) - 1, every.max(axis=0) + 1
    scale = sheet.px_per_mm * _FINER
    columns, rows = (int(side) // _FINER * _FINER + _FINER for side in (end - origin) * scale)
    fine = np.zeros((rows, columns), np.uint8)
    for line in lines:
        slow = _slowness(line)
        widths = np.maximum(pen.width * (1 + pen.swing * (slow - 0.5)) * scale, 1)
        inks = np.round(255 * (1 - 0.35 * pen.dryness * (1 - slow))).astype(int).tolist()
        points = np.round((line - origin) * scale * 16).astype(int)
        for start, stop, width, ink in zip(
            points[:-1].tolist(),
            points[1:].tolist(),
            np.round(widths).astype(int).tolist(),
            inks,
            strict=False,
        ):
            cv2.line(fine, start, stop, ink, width, cv2.LINE_8, 4)
    cover = cv2.resize(fine, (columns // _FINER, rows // _FINER), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(cover, (0, 0), 0.05 * sheet.px_per_mm).astype(np.float32) / 255
    grain = cv2.GaussianBlur(rng.standard_normal(soft.shape, np.float32), (0, 0), 0.07 * sheet.px_per_mm)
    missed = np.clip(grain / max(float(grain.std()), 1e-6) - 0.6, 0, 1.6) * pen.dryness
    return lay_ink(
        sheet, soft * (1 - np.clip(missed, 0, 0.85)), (float(origin[0]), float(origin[1])), pen.grey
    )


def _slowness(line: Stroke) -> NDArray[np.float64]:
    """0 where the pen flies to 1 where it turns tightly, at each point; hands slow down as curves tighten."""
    step = np.diff(line, axis=0)
    turn = np.abs(np.diff(np.unwrap(np.arctan2(step[:, 1], step[:, 0]))))
    bend = np.concatenate(([0.0], turn, [0.0])) / (np.hypot(*np.gradient(line, axis=0).T) + 1e-3)
    window = np.hanning(9) / np.hanning(9).sum()
    calm = np.convolve(np.minimum(bend, 6.0), window, "same")
    slow = calm / (calm + 1.2)
    landing = np.minimum(np.arange(len(line)), 6) / 6
    lifting = np.minimum(np.arange(len(line))[::-1], 8) / 8
    return np.asarray(slow * (0.3 + 0.7 * landing) * (0.1 + 0.9 * lifting), np.float64)


def smooth(points: Stroke, steps: int = 12) -> Stroke:
    """A Catmull-Rom curve through the points."""
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.vstack((*pieces, points[-1:]))


def stamp(sheet: Sheet, centre: tuple[float, float], rng: Random, text: str = "RECIBIDO") -> Sheet:
    """An office's rubber stamp, 36 × 16 mm: a turned double frame with a word, unevenly inked."""
    per_mm = sheet.px_per_mm
    side = round(46 * per_mm)
    layer = np.zeros((side, side), np.uint8)
    middle, wide, high = side // 2, round(17.5 * per_mm), round(7.5 * per_mm)
    for inset, thick in ((0.0, 0.7), (1.3, 0.3)):
        across, down = wide - round(inset * per_mm), high - round(inset * per_mm)
        corners = (middle - across, middle - down), (middle + across, middle + down)
        cv2.rectangle(layer, *corners, 255, max(1, round(thick * per_mm)))
    face, thick = cv2.FONT_HERSHEY_DUPLEX, max(1, round(0.65 * per_mm))
    (natural, _), _ = cv2.getTextSize(text, face, 1.0, 1)
    size = min(31 * per_mm / max(natural, 1), 0.27 * per_mm)
    (width, height), _ = cv2.getTextSize(text, face, size, thick)
    cv2.putText(layer, text, (middle - width // 2, middle + height // 2), face, size, 255, thick, cv2.LINE_AA)
    return _pressed(sheet, layer, centre, rng)


def round_stamp(sheet: Sheet, centre: tuple[float, float], rng: Random, text: str = "PAGADO") -> Sheet:
    """A round rubber stamp of 15 to 30 mm: two rings and one within, a word across, unevenly inked."""
    per_mm = sheet.px_per_mm
    side = round(46 * per_mm)
    layer = np.zeros((side, side), np.uint8)
    middle, radius = side // 2, round(float(rng.uniform(7.5, 15)) * per_mm)
    for share, thick in ((1.0, 0.5), (0.93, 0.3), (0.55, 0.3)):
        cv2.circle(
            layer, (middle, middle), round(share * radius), 255, max(1, round(thick * per_mm)), cv2.LINE_AA
        )
    face, thick = cv2.FONT_HERSHEY_DUPLEX, max(1, round(0.3 * per_mm))
    (natural, _), _ = cv2.getTextSize(text, face, 1.0, 1)
    size = 1.5 * radius / natural
    (width, height), _ = cv2.getTextSize(text, face, size, thick)
    cv2.putText(layer, text, (middle - width // 2, middle + height // 2), face, size, 255, thick, cv2.LINE_AA)
    return _pressed(sheet, layer, centre, rng)


def _pressed(sheet: Sheet, layer: Grey, centre: tuple[float, float], rng: Random) -> Sheet:
    """A square stamp's picture turned a little and pressed on paper, unevenly, as a hand does."""
    side, per_mm = layer.shape[0], sheet.px_per_mm
    middle = side // 2
    turn = cv2.getRotationMatrix2D((middle, middle), float(rng.uniform(-25, 25)), 1)
    cover = cv2.warpAffine(layer, turn, (side, side), flags=cv2.INTER_LINEAR).astype(np.float32) / 255
    pressed = cv2.resize(
        rng.uniform(0.3, 1.15, (7, 7)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    grain = cv2.resize(rng.normal(0.85, 0.35, (side // 3, side // 3)).astype(np.float32), (side, side))
    corner = (centre[0] - side / 2 / per_mm, centre[1] - side / 2 / per_mm)
    return lay_ink(sheet, cover * np.clip(pressed * grain, 0, 1), corner, float(rng.uniform(70, 130)))


def lay_ink(sheet: Sheet, cover: Cover, corner: tuple[float, float], grey: float) -> Sheet:
    """Ink over the sheet with ``cover``'s top-left at ``corner`` mm. It filters light as a film does, so
    that print shows through it; what falls off the page is cut.
    """
    left, top = round(corner[0] * sheet.px_per_mm), round(corner[1] * sheet.px_per_mm)
    rows, columns = sheet.image.shape
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(rows, top + cover.shape[0]), min(columns, left + cover.shape[1])
    if y1 <= y0 or x1 <= x0:
        return sheet
    image = sheet.image.copy()
    place = image[y0:y1, x0:x1].astype(np.float32)
    through = 1 - cover[y0 - top : y1 - top, x0 - left : x1 - left] * (1 - grey / 255)
    image[y0:y1, x0:x1] = np.clip(np.round(place * through), 0, 255).astype(np.uint8)
    return sheet.showing(image)
