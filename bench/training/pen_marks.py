"""What a pen leaves on a printed sign, drawn by itself: more of it than pages could be made with.

A page takes a second to make and shows twenty changed signs; a network that sees those often enough has them
by heart and no others. These marks are laid over honest signs while it learns, each time another.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from generators.paper.ink import Random, draw_strokes, random_pen, write_over
from generators.paper.letters import Stroke
from generators.paper.sheets import Sheet
from intake.second_look import COLUMNS, ROWS

PER_MM: Final = 8.0
_FINE: Final = 24.0
"""Samples to the mm of a window, and of the sheet that a mark is drawn on."""
CELL: Final = slice(8, 25)
"""Columns of a window that are the sign's own; the others are its neighbours'."""
_LEAST: Final = 0.16
"""Mm² of ink in the sign's own cell below which a mark is none: another cell was meant."""
_SIGNS: Final = "0123456789012345678913748911AEXLTilcosae"


def pen_marks(count: int, seed: int) -> NDArray[np.uint8]:
    """``count`` marks × ``ROWS`` × ``COLUMNS``: the ink of each sample, 255 as dark as the printer's."""
    rng = np.random.default_rng(seed)
    marks = np.zeros((count, ROWS, COLUMNS), np.uint8)
    made = 0
    while made < count:
        mark = _mark(rng)
        if float(mark[:, CELL].sum()) / PER_MM**2 >= _LEAST:
            marks[made] = np.round(255 * np.clip(mark, 0, 1))
            made += 1
    return marks


def _mark(rng: Random) -> NDArray[np.float32]:
    """One mark in a window, from a third as dark as the print to as dark, blurred as scanners blur."""
    wide, high = COLUMNS / PER_MM, ROWS / PER_MM
    blank = np.full((round(high * _FINE), round(wide * _FINE)), 255, np.uint8)
    sheet = Sheet(blank, _FINE)
    centre = np.array([(CELL.start + CELL.stop) / 2 / PER_MM, high * 0.52]) + rng.normal(0, 0.25, 2)
    pen = random_pen(rng)
    if rng.random() < 0.6:
        size = float(rng.uniform(2.2, 4.6))
        over = Box(float(centre[0]) - size / 2, float(centre[1]) - size / 2, size, size)
        sheet = write_over(sheet, over, str(rng.choice(list(_SIGNS))), rng, pen=pen)
    else:
        sheet = draw_strokes(sheet, [_stroke(centre, rng)], pen, rng)
    cover = (255 - sheet.image.astype(np.float32)) / 255
    small = cv2.resize(cover, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.3, 1.1)))
    mark = np.asarray(blurred * rng.uniform(0.6, 1.25), np.float32)
    if rng.random() < 0.2:  # scanners that know black and white only
        mark = (mark > rng.uniform(0.2, 0.45)).astype(np.float32)
    if rng.random() < 0.3:  # copiers that lose what is faint
        holes = cv2.GaussianBlur(rng.standard_normal((ROWS, COLUMNS)).astype(np.float32), (0, 0), 1.5)
        mark[holes < np.quantile(holes, rng.uniform(0.05, 0.4))] = 0
    return mark


def _stroke(centre: NDArray[np.float64], rng: Random) -> Stroke:
    """A line, a hook or a ring around the sign."""
    chance = rng.random()
    if chance < 0.2:
        turn = np.linspace(0, rng.uniform(1.5, 2.1) * math.pi, 14) + rng.uniform(0, 2 * math.pi)
        reach = rng.uniform(0.9, 1.9, 2)
        ring: Stroke = centre + np.column_stack((np.cos(turn), np.sin(turn))) * reach
        return ring
    angle, half = rng.uniform(0, math.pi), float(rng.uniform(0.5, 1.9))
    step = np.array([math.cos(angle), math.sin(angle)]) * half
    bend = rng.normal(0, 0.35 if chance < 0.6 else 0.05, 2)
    line: Stroke = np.array([centre - step, centre + bend, centre + step])
    return line
