"""What else may stand in a cell, of kinds that the recogniser was never taught."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.training.material import DATA, Pictures
from bench.training.penmanship import Hand, write_digit, write_strokes
from forms.geometry import Box
from generators.paper.ink import Random, lay_ink, sign_with_picture
from generators.paper.sheets import Sheet

Writer = Callable[[Sheet, Box, Hand, Random], Sheet]


def real_letters(sheet: Sheet, cell: Box, _hand: Hand, rng: Random) -> Sheet:
    """A letter or two cut out of real handwritten words."""
    files = _files("handwriting/german_hw_data")
    word = _grey(files[int(rng.integers(len(files)))])
    ink = np.flatnonzero((word < np.percentile(word, 90) * 0.7).any(axis=0))
    left = int(rng.integers(ink.min(), max(ink.max() - 30, ink.min() + 1)))
    return sign_with_picture(sheet, cell, word[:, left : left + 44], rng)


def piece_of_signature(sheet: Sheet, cell: Box, _hand: Hand, rng: Random) -> Sheet:
    """A piece of a real signature, as where one runs over the comb."""
    files = _files("signatures/experiment/rect")
    name = _grey(files[int(rng.integers(len(files)))])
    side = name.shape[0]
    left = int(rng.integers(max(1, name.shape[1] - side)))
    return sign_with_picture(sheet, cell, name[:, left : left + side], rng)


def tick(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A tick, which is neither a one nor a seven."""
    strokes = [np.array([[0, 3.4], [1.6, 0.2], [1.9, 0.4], [5.2, 7.4]]) + rng.normal(0, 0.2, (4, 2))]
    return write_strokes(sheet, cell, strokes, hand, rng)


def blackened(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A digit under a block of felt pen or a label."""
    sheet = write_digit(sheet, cell, int(rng.integers(10)), hand, rng)
    sides = (rng.uniform(0.7, 1.0, 2) * (cell.height, cell.width) * sheet.px_per_mm).astype(int)
    cover = np.full((int(sides[0]), int(sides[1])), rng.uniform(0.6, 1), np.float32)
    return lay_ink(sheet, cover, (cell.x + 0.3, cell.y + 0.4), hand.pen.grey)


def other_signs(sheet: Sheet, cell: Box, hand: Hand, rng: Random) -> Sheet:
    """A question mark, a plus or a star: signs that nobody should put there."""
    shapes = (
        "0,6.4 1.4,8 3.6,7 3.4,5 1.8,3.6 1.8,2.2/1.8,.5 1.9,.2",
        "0,4 4.6,4.1/2.3,6.4 2.2,1.6",
        "0,6 4,2/0,2 4,6/2,7 2,1",
    )
    strokes = [
        np.array([[float(value) for value in point.split(",")] for point in stroke.split()])
        for stroke in str(rng.choice(shapes)).split("/")
    ]
    return write_strokes(sheet, cell, strokes, hand, rng)


UNSEEN: Final[dict[str, Writer]] = {
    "letters of real words": real_letters,
    "pieces of signatures": piece_of_signature,
    "ticks": tick,
    "blackened digits": blackened,
    "?, + and *": other_signs,
}


@cache
def _files(folder: str) -> tuple[Path, ...]:
    found = tuple(sorted((DATA / folder).rglob("*.png")))
    if not found:
        raise FileNotFoundError(f"no pictures in {DATA / folder}: set VENTANILLA_TEST_DATA to the material")
    return found


def _grey(path: Path) -> Pictures:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)
