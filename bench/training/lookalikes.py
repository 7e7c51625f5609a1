"""What stands in signature boxes beside names: what the second look learns from, and what it never saw.

Each takes a sheet, a box on it and chance, and gives the sheet with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from bench.signature_material import folded, initials, nothing, ruled, smudged, typed
from bench.training.office_stamps import (
    date_stamp,
    framed_stamp,
    notary_seal,
    office_stamp,
    ringed_lettering,
    somewhere,
    typed_lines,
)
from forms.geometry import Box
from generators.paper.hands import draw_signature
from generators.paper.ink import Random, draw_strokes, lay_ink, random_pen, strike, write_over
from generators.paper.sheets import Sheet

Adding = Callable[[Sheet, Box, Random], Sheet]


def shone_through(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A name on the other side of thin paper."""
    ghost = draw_strokes(
        Sheet(np.full_like(sheet.image, 255), sheet.px_per_mm), _strokes_in(box, rng), random_pen(rng), rng
    )
    soft = cv2.GaussianBlur(ghost.image[:, ::-1], (0, 0), float(rng.uniform(0.1, 0.25)) * sheet.px_per_mm)
    cover = (255 - soft.astype(np.float32)) / 255 * float(rng.uniform(0.06, 0.2))
    return lay_ink(sheet, cover.astype(np.float32), (0.0, 0.0), 0.0)


def _strokes_in(box: Box, rng: Random) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    wide = box.width * float(rng.uniform(0.4, 0.8))
    return [stroke * wide + (box.x + 4, box.y + 1) for stroke in draw_signature(rng, "name")]


def streaked(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """Lines from dirt on a feeding scanner's glass or of a copier's drum, across or down."""
    image = sheet.image.copy()
    lying = image if rng.random() < 0.6 else image.T
    for _ in range(int(rng.integers(1, 5))):
        at, wide = int(rng.integers(lying.shape[1])), int(rng.integers(1, 6))
        part = lying[:, at : at + wide]
        part[:] = (part * float(rng.uniform(0.25, 0.85))).astype(np.uint8)
    del box
    return sheet.showing(image)


def dirty(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A cloud of specks, fine or coarse: dirt, a worn drum, grain of a copy that runs together."""
    rows, columns = (round(side * sheet.px_per_mm) for side in (box.height, box.width))
    grain = cv2.GaussianBlur(
        rng.standard_normal((rows, columns), np.float32),
        (0, 0),
        float(rng.uniform(0.05, 0.25)) * sheet.px_per_mm,
    )
    cloud = cv2.resize(rng.random((4, 7), np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    cover = (grain / grain.std() + cloud > float(rng.uniform(2.2, 3.4))).astype(np.float32) * float(
        rng.uniform(0.4, 1)
    )
    return lay_ink(sheet, cover, (box.x, box.y), float(rng.uniform(30, 130)))


def spilt(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """Part of the ring of a cup, and drops."""
    per_mm = sheet.px_per_mm
    image = np.zeros(sheet.image.shape, np.float32)
    centre = tuple(round(value * per_mm) for value in somewhere(box.grown(20), rng))
    radius, start = round(float(rng.uniform(18, 43)) * per_mm), float(rng.uniform(0, 360))
    cv2.ellipse(
        image,
        centre,
        (radius, round(radius * float(rng.uniform(0.8, 1)))),
        0,
        start,
        start + float(rng.uniform(60, 330)),
        float(rng.uniform(0.2, 0.8)),
        round(float(rng.uniform(0.5, 2.5)) * per_mm),
        cv2.LINE_AA,
    )
    for _ in range(int(rng.integers(0, 7))):
        drop = tuple(round(value * per_mm) for value in somewhere(box, rng))
        cv2.circle(
            image,
            drop,
            round(float(rng.uniform(0.3, 2)) * per_mm),
            float(rng.uniform(0.2, 0.9)),
            -1,
            cv2.LINE_AA,
        )
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.05, 0.4)) * per_mm)
    return lay_ink(sheet, soft, (0.0, 0.0), float(rng.uniform(60, 140)))


def dated(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A date or a number by hand, and no name."""
    text = str(
        rng.choice(
            (
                f"{rng.integers(1, 29)}/{rng.integers(1, 13):02d}/2026",
                f"17{rng.integers(10**8):08d}",
                "OK",
                "PP",
                "SI",
            )
        )
    )
    high = float(rng.uniform(5, 11))
    place = Box(
        box.x + float(rng.uniform(0, 30)),
        box.y + float(rng.uniform(0, box.height - high)),
        high * len(text) * 0.65,
        high,
    )
    return write_over(sheet, place, text, rng)


def ticked(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A tick, a cross, a hook or one stroke by pen."""
    if rng.random() < 0.3:
        return strike(
            sheet,
            Box(
                box.x + float(rng.uniform(2, 20)), box.y, box.width * float(rng.uniform(0.2, 0.7)), box.height
            ),
            rng,
        )
    size = float(rng.uniform(4, 14))
    shapes = (
        [[(0, 0.5), (0.35, 1), (1, 0)]],
        [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
        [[(0, 0), (0.5, 0.7), (0.2, 1), (0, 0.7)]],
    )
    chosen = shapes[int(rng.integers(len(shapes)))]
    start = (
        box.x + float(rng.uniform(1, box.width - size)),
        box.y + float(rng.uniform(0, max(box.height - size, 0.1))),
    )
    strokes = [np.array(line) * size + start + rng.normal(0, 0.3, (len(line), 2)) for line in chosen]
    return draw_strokes(sheet, strokes, random_pen(rng), rng)


def thumbprint(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """An inked thumb's ridges."""
    per_mm = sheet.px_per_mm
    rows, columns = round(22 * per_mm), round(16 * per_mm)
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    phase = cv2.GaussianBlur(rng.standard_normal((rows, columns)), (0, 0), 2 * per_mm)
    away = np.hypot(x * 8, (y + 0.2) * 11 * (1 + 0.2 * x)) + phase / max(float(phase.std()), 1e-6) * 0.4
    ridges = (np.sin(2 * np.pi * away / 0.55) > 0) * (np.hypot(x, y) < 0.95)
    return lay_ink(
        sheet,
        ridges.astype(np.float32) * float(rng.uniform(0.5, 1)),
        _corner(box, (16, 22), rng),
        float(rng.uniform(40, 110)),
    )


def hair(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """One to three hairs or fibres on the scanner's glass: thin, long, curled."""
    image = sheet.image.copy()
    for _ in range(int(rng.integers(1, 4))):
        bend = np.cumsum(rng.normal(0, 0.12, 60)) + float(rng.uniform(0, 6))
        line = np.cumsum(np.column_stack((np.cos(bend), np.sin(bend))) * float(rng.uniform(0.3, 0.9)), axis=0)
        points = ((line + somewhere(box, rng)) * sheet.px_per_mm).astype(np.int32)
        cv2.polylines(
            image,
            [points],
            False,
            int(rng.integers(60, 150)),
            max(1, round(0.1 * sheet.px_per_mm)),
            cv2.LINE_AA,
        )
    return sheet.showing(image)


def table(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A bit of another form's table with numbers: a sheet that was copied over this one."""
    per_mm = sheet.px_per_mm
    layer = np.zeros((round(18 * per_mm), round(60 * per_mm)), np.uint8)
    for y in np.linspace(2, layer.shape[0] - 3, 5).astype(int).tolist():
        cv2.line(layer, (0, y), (layer.shape[1], y), 255, 2)
    for x in np.linspace(2, layer.shape[1] - 3, 5).astype(int).tolist():
        cv2.line(layer, (x, 0), (x, layer.shape[0]), 255, 2)
        for y in np.linspace(2, layer.shape[0] - 3, 5).astype(int).tolist()[1:]:
            cv2.putText(
                layer, f"{rng.integers(10**5)}", (x + 8, y - 8), 0, 0.06 * per_mm, 255, 2, cv2.LINE_AA
            )
    return lay_ink(
        sheet, (layer / 255).astype(np.float32), _corner(box, (60, 18), rng), float(rng.uniform(24, 120))
    )


def sticky_flag(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A coloured flag of paper that tells where to sign, with words on it or without."""
    per_mm = sheet.px_per_mm
    wide, high = float(rng.uniform(22, 48)), float(rng.uniform(7, 14))
    ends = np.array([(0, 0), (wide - high / 2, 0), (wide, high / 2), (wide - high / 2, high), (0, high)])
    if rng.random() < 0.5:
        ends[:, 0] = wide - ends[:, 0]
    image, corner = sheet.image.copy(), np.array(_corner(box, (wide, high), rng))
    points = ((ends + corner) * per_mm).astype(np.int32)
    cv2.fillPoly(image, [points + round(0.5 * per_mm)], 205)
    cv2.fillPoly(image, [points], int(rng.integers(120, 225)))
    if rng.random() < 0.7:
        start = ((corner + np.array((wide * 0.2, high * 0.62))) * per_mm).astype(int).tolist()
        said = str(rng.choice(("FIRME AQUI", "FIRMA", "AQUI", "SIGN HERE")))
        dark, thick = int(rng.integers(20, 90)), max(1, round(0.25 * per_mm))
        cv2.putText(image, said, start, 0, 0.035 * high * per_mm / 4, dark, thick, cv2.LINE_AA)
    return sheet.showing(np.minimum(image, sheet.image))


def label(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A sticker with a bar code and a number: an archive's, or a courier's."""
    per_mm = sheet.px_per_mm
    layer = np.zeros((round(14 * per_mm), round(45 * per_mm)), np.uint8)
    place = round(3 * per_mm)
    while place < layer.shape[1] - 3 * per_mm:
        wide = round(float(rng.choice((0.3, 0.3, 0.6, 0.9))) * per_mm)
        layer[round(per_mm) : round(9 * per_mm), place : place + wide] = 255
        place += wide + round(float(rng.choice((0.3, 0.3, 0.6, 0.9))) * per_mm)
    number = f"{rng.integers(10**9):09d}"
    cv2.putText(
        layer,
        number,
        (place // 5, round(12.5 * per_mm)),
        0,
        0.11 * per_mm,
        255,
        round(0.2 * per_mm),
        cv2.LINE_AA,
    )
    cv2.rectangle(layer, (0, 0), (layer.shape[1] - 1, layer.shape[0] - 1), 120, 2)
    cover = (layer / 255).astype(np.float32)
    return lay_ink(sheet, cover, _corner(box, (45, 14), rng), float(rng.uniform(20, 70)))


def paper_clip(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A wire clip that was left on, with its shadow: three turns of a rounded line."""
    per_mm = sheet.px_per_mm
    turns = []
    for wide, start, end in ((3.6, 0.0, 28.0), (2.6, 5.0, 30.0), (1.7, 3.0, 22.0)):
        arc = np.linspace(-np.pi / 2, np.pi / 2, 9)
        turns += [(start, -wide), *((end + wide * np.cos(a), wide * np.sin(a)) for a in arc), (start, wide)]
    wire = np.array(turns)
    angle = float(rng.uniform(0, 2 * np.pi))
    turned = wire @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = ((turned + somewhere(box, rng)) * per_mm).astype(np.int32)
    image = sheet.image.copy()
    cv2.polylines(image, [points + round(0.6 * per_mm)], False, 200, round(0.9 * per_mm), cv2.LINE_AA)
    cv2.polylines(image, [points], False, int(rng.integers(60, 150)), round(0.8 * per_mm), cv2.LINE_AA)
    return sheet.showing(image)


def wrinkled(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """Paper that was crumpled and smoothed again: a net of thin dark and light creases."""
    image, per_mm = sheet.image.copy(), sheet.px_per_mm
    middle = np.array([box.x + box.width / 2, box.y + box.height / 2])
    knots = (middle + rng.uniform(-1, 1, (9, 2)) * (55, 28)) * per_mm
    for knot in knots:
        for other in knots[rng.permutation(len(knots))[:3]]:
            way = np.linspace(knot, other, 5) + rng.normal(0, 0.4 * per_mm, (5, 2))
            dark = int(rng.integers(150, 225))
            cv2.polylines(image, [way.astype(np.int32)], False, dark, round(0.3 * per_mm), cv2.LINE_AA)
    return sheet.showing(np.minimum(image, sheet.image))


def _corner(box: Box, size: tuple[float, float], rng: Random) -> tuple[float, float]:
    return (
        box.x + (box.width - size[0]) * float(rng.uniform(0, 1)),
        box.y + (box.height - size[1]) * float(rng.uniform(-0.2, 1.2)),
    )


EMPTY: Final[Mapping[str, Adding]] = MappingProxyType(
    {
        "nothing": nothing,
        "framed stamp": framed_stamp,
        "office stamp": office_stamp,
        "typed lines": typed_lines,
        "typed name": typed,
        "smudge": smudged,
        "fold": folded,
        "line": ruled,
        "shone through": shone_through,
        "streaks": streaked,
        "dirt": dirty,
        "spilt": spilt,
        "thumbprint": thumbprint,
        "hair": hair,
        "notary seal": notary_seal,
        "table": table,
    }
)
"""No hand wrote any of it, and it is learnt from."""
DESK: Final[Mapping[str, Adding]] = MappingProxyType(
    {**EMPTY, "sticky flag": sticky_flag, "date stamp": date_stamp}
)
"""The same with what lies on papers that are scanned where they are signed."""
ASKED: Final[Mapping[str, Adding]] = MappingProxyType({"initials": initials, "date": dated, "tick": ticked})
"""By hand and no name: a person is to be asked."""
UNSEEN: Final[Mapping[str, Adding]] = MappingProxyType(
    {"label": label, "paper clip": paper_clip, "wrinkles": wrinkled, "ringed lettering": ringed_lettering}
)
"""No hand wrote it, and it is never learnt from: only so is seen how far to trust it."""
