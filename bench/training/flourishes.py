"""What pens do around and over a name: rings as they are usual in Latin America, underlines, and lines by
which a name was taken back; and names in capitals. Only the second look at signatures learns from these: the
hands of ``generators.paper`` that it is measured on have rings of their own.

Lengths are mm on the sheet.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from forms.geometry import Box
from generators.paper.ink import Pen, Random, draw_strokes, random_pen
from generators.paper.letters import Stroke, write
from generators.paper.sheets import Sheet

_GIVEN: Final = (
    *("MARIA", "JOSE", "LUIS", "ANA", "CARLOS", "ROSA", "PEDRO", "KLEBER", "WILSON", "NELLY", "FAUSTO"),
    *("MONICA", "GALO", "TANIA", "IVAN", "RUTH"),
)
_FAMILY: Final = (
    *("GUAMAN", "PEREZ", "CHIMBO", "ANDI", "YEPEZ", "VACA", "CARDENAS", "MORA", "TIPAN", "LEMA", "ZURITA"),
    *("BRAVO", "QUEZADA", "SALAS", "FREIRE", "OBANDO"),
)


def ink_box(before: Sheet, after: Sheet) -> Box | None:
    """The box around what was added; nothing where there is hardly anything."""
    rows, columns = np.nonzero(after.image.astype(np.int16) < before.image.astype(np.int16) - 25)
    if len(rows) < 30:
        return None
    left, right = (float(np.percentile(columns, share)) / after.px_per_mm for share in (0.5, 99.5))
    top, bottom = (float(np.percentile(rows, share)) / after.px_per_mm for share in (0.5, 99.5))
    return Box(left, top, max(right - left, 1.0), max(bottom - top, 1.0))


def ring(sheet: Sheet, name: Box, rng: Random, pen: Pen | None = None) -> Sheet:
    """One sweep or two around the name: an oval, a rounded frame or an open hook, round a middle that may lie
    aside, which often leaves in a tail or comes back as an underline.
    """
    turns = float(rng.choice((rng.uniform(0.55, 0.95), rng.uniform(0.95, 1.3), rng.uniform(1.3, 2.4))))
    t = float(rng.uniform(0, 2 * np.pi)) + np.linspace(0, turns * 2 * np.pi, round(22 * turns) + 6)
    corners = float(rng.choice((1.0, 1.0, 0.75, 0.55)))  # below one the oval becomes a rounded frame
    x = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** corners
    y = np.sign(np.sin(t)) * np.abs(np.sin(t)) ** corners
    swell = np.linspace(1, float(rng.uniform(0.8, 1.25)), t.size)
    half = np.array((name.width, name.height)) / 2 * rng.uniform(0.9, 1.5, 2) + rng.uniform(0.5, 3, 2)
    lean = float(rng.uniform(-0.35, 0.35))
    middle = np.array((name.x + name.width / 2, name.y + name.height / 2)) + rng.normal(0, 0.08, 2) * half
    wobble = np.cumsum(rng.normal(0, 0.012, (t.size, 2)), axis=0) + rng.normal(0, 0.008, (t.size, 2))
    oval = np.column_stack((x * swell, y * swell)) + wobble
    line = oval * half
    line = np.column_stack((line[:, 0] - lean * line[:, 1], line[:, 1] + 0.3 * lean * line[:, 0])) + middle
    line = line[::-1] if rng.random() < 0.3 else line
    if rng.random() < 0.6:
        pull = (line[-1] - line[-2]) * float(rng.uniform(0.5, 1.5))
        bend = rng.normal(0, 1.5, 2)
        reach = np.array((1.0, 2.5, 5.0))[:, None]
        line = np.vstack((line, line[-1] + reach * pull + (reach / 5) ** 2 * bend))
    return draw_strokes(sheet, [line], pen or random_pen(rng), rng)


def underline(sheet: Sheet, name: Box, rng: Random, pen: Pen | None = None) -> Sheet:
    """A stroke or three under the name, joined at their ends or not, now and then with dots."""
    strokes: list[Stroke] = []
    y = name.bottom + float(rng.uniform(-0.15, 0.15)) * name.height
    for _ in range(int(rng.integers(1, 4))):
        start, end = (
            name.x + name.width * float(rng.uniform(-0.2, 0.4)),
            name.right + name.width * float(rng.uniform(-0.3, 0.25)),
        )
        strokes.append(np.column_stack((np.linspace(start, end, 5), y + rng.normal(0, 0.35, 5))))
        y += float(rng.uniform(0.5, 1.6))
    if rng.random() < 0.4:
        strokes = [np.vstack([part if place % 2 else part[::-1] for place, part in enumerate(strokes)])]
    return draw_strokes(sheet, strokes, pen or random_pen(rng), rng)


def cross_out(sheet: Sheet, name: Box, rng: Random, pen: Pen | None = None) -> Sheet:
    """Several lines over all of a name, a large cross, or a dense to and fro: it was taken back."""
    way = int(rng.integers(4))
    left, right = name.x - float(rng.uniform(0, 3)), name.right + float(rng.uniform(0, 3))
    high = max(name.height, 3.0)
    strokes: list[Stroke] = []
    if way == 0:  # lines across
        for share in np.linspace(0.2, 0.8, int(rng.integers(2, 6))).tolist():
            y = name.y + high * share + rng.normal(0, 0.5, 4)
            strokes.append(np.column_stack((np.linspace(left, right, 4), y)))
    elif way == 1:  # a cross
        top, bottom = name.y - 1.0, name.y + high + 1.0
        for ends in (((left, top), (right, bottom)), ((left, bottom), (right, top))):
            strokes.append(np.linspace(ends[0], ends[1], 4) + rng.normal(0, 0.5, (4, 2)))
    else:  # to and fro, steep or nearly level
        passes = int(rng.integers(6, 18))
        across = np.linspace(left, right, passes) if way == 2 else np.tile((left, right), passes)[:passes]
        down = (
            np.tile((name.y, name.y + high), passes)[:passes]
            if way == 2
            else np.linspace(name.y, name.y + high, passes)
        )
        strokes.append(np.column_stack((across, down)) + rng.normal(0, 0.6, (passes, 2)))
    return draw_strokes(sheet, strokes, pen or random_pen(rng), rng)


def capitals(sheet: Sheet, box: Box, rng: Random, pen: Pen | None = None) -> Sheet:
    """A name drawn letter by letter in capitals, on one line or on two, as who seldom writes signs."""
    given, family = str(rng.choice(_GIVEN)), str(rng.choice(_FAMILY))
    lines = {
        0: (f"{given} {family}",),
        1: (given, family),
        2: (f"{given[0]}. {family}",),
        3: (f"{given} {family[0]}.",),
    }[int(rng.integers(4))]
    loose = float(rng.uniform(1.0, 1.35))
    written: list[Stroke] = []
    for place, text in enumerate(lines):
        for stroke in write(text, joined=False):
            shift = (float(rng.normal(0, 0.2)), -11.0 * place + float(rng.normal(0, 0.25)))
            written.append(stroke * (loose, float(rng.normal(1, 0.05))) + shift)
    every = np.vstack(written)
    low, high = every.min(axis=0), every.max(axis=0)
    size = min(
        box.width * float(rng.uniform(0.35, 0.9)) / (high[0] - low[0]),
        box.height * float(rng.uniform(0.25, 0.8)) / (high[1] - low[1]),
    )
    wide, tall = (high - low) * size
    slant = float(rng.normal(0.1, 0.12))
    corner = (
        box.x + max(box.width - wide, 0) * float(rng.uniform(0.05, 0.95)),
        box.y + max(box.height - tall, 0) * float(rng.uniform(0.05, 0.95)),
    )
    placed = [
        np.column_stack(
            (
                corner[0] + (stroke[:, 0] - low[0] + slant * stroke[:, 1]) * size,
                corner[1] + (high[1] - stroke[:, 1]) * size,
            )
        )
        + rng.normal(0, 0.22 * size, stroke.shape)
        for stroke in written
    ]
    return draw_strokes(sheet, placed, pen or random_pen(rng), rng)
