"""A typed letter that a pen corrected: what was typed there is proposed and no longer given as read."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pytest

from bench.letter_manners import MANNERS
from bench.letter_material import random_letter
from forms.geometry import Box
from generators.paper.files import encode
from generators.paper.ink import Pen, draw_strokes, smooth, write_over
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Sheet, print_page
from intake.batch import read_batch
from intake.pages import ReadingContext
from intake.readings import DocumentReading

PEN: Final = Pen(0.4, 80)
FIELD: Final = "representative_id"


@cache
def letter(seed: int) -> Sheet:
    return print_page(random_letter(np.random.default_rng((42, seed)), MANNERS[seed : seed + 1]).pdf)


def read(sheet: Sheet) -> DocumentReading:
    image = scan(sheet, Scanner(dpi=200), np.random.default_rng(1))
    (document,) = read_batch([("carta.pdf", encode([image], "pdf", 200))], ReadingContext()).documents
    return document


def last_digit(document: DocumentReading) -> Box:
    """Where the last digit of the number stands."""
    x, y, width, height = document.fields[FIELD].box_mm
    return Box(x + width - 2.1, y, 2.4, height)


@pytest.mark.parametrize("anew", [False, True])
def test_a_number_of_which_a_digit_was_struck_is_asked_about(anew: bool) -> None:
    sheet = letter(0)
    whole = read(sheet)
    assert whole.fields[FIELD].state == "read"
    digit = last_digit(whole)
    stroke = [[digit.x, digit.bottom + 0.6], [digit.x + 1.2, digit.y + 2], [digit.right, digit.y - 0.6]]
    touched = draw_strokes(sheet, [smooth(np.array(stroke))], PEN, np.random.default_rng(2))
    if anew:
        above = Box(digit.x - 0.5, digit.y - 4.2, 3.4, 3.6)
        touched = write_over(touched, above, "4", np.random.default_rng(3), pen=PEN)
    document = read(touched)
    assert document.fields[FIELD].state == "doubtful"
    assert document.fields[FIELD].value == whole.fields[FIELD].value, "it is proposed all the same"
    same = [name for name, found in whole.fields.items() if name not in {FIELD, f"{FIELD}_kind"}]
    assert [document.fields[name].value for name in same] == [whole.fields[name].value for name in same]
