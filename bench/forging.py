"""One value changed on paper, the way people do it: printed over, written over, on correction fluid, pasted,
a sign added.

A forger takes a paper, the name of a field and a source of chance, and gives back the forged paper and what
it now shows of that field (nothing where that is no one's word, as of a sign written over another).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

import numpy as np

from bench.material import ISSUED, KEY, Paper
from forms.geometry import Box
from forms.layout import comb_pitch
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from generators.paper.ink import lay_ink, random_pen, write_over
from generators.paper.sheets import Sheet, print_page, white_out
from intake.strips import TEXT_CELL, expected_text, strips_of

Forger = Callable[[Paper, str, np.random.Generator], tuple[Paper, str]]

_WRITTEN: Final = 4.2
"""Mm of the line that a pen writes a sign in."""
LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def forge_digit(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """One digit of a comb printed anew as another."""
    place, forged = _another_digit(paper.values[field_name], random)
    return _patched(paper, field_name, place, forged, random), forged


def forge_text(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """One letter or digit of a text printed anew as another of its kind."""
    value = paper.values[field_name]
    place = int(random.choice([place for place, sign in enumerate(value) if sign.isalnum()]))
    signs = "0123456789" if value[place].isdigit() else LETTERS
    sign = str(random.choice([other for other in signs if other != value[place]]))
    forged = value[:place] + sign + value[place + 1 :]
    reprint = _reprint(paper, field_name, forged, random)
    image = paper.sheet.image.copy()
    area = paper.sheet.area(paper.edition.field(field_name).box)
    image[area] = reprint.image[area]
    return dataclasses.replace(paper, sheet=paper.sheet.showing(image)), forged


def write_digit_over(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """A pen writes another digit over one of a comb."""
    place, forged = _another_digit(paper.values[field_name], random)
    cell = _cell(paper, field_name, place)
    sheet = write_over(paper.sheet, cell, forged[place], random, pen=random_pen(random))
    return dataclasses.replace(paper, sheet=sheet), ""


def write_on_fluid(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """Correction fluid over one digit of a comb, and another written on it."""
    place, forged = _another_digit(paper.values[field_name], random)
    cell = _cell(paper, field_name, place)
    sheet = white_out(paper.sheet, cell.grown(-0.2))
    sheet = write_over(sheet, cell, forged[place], random, pen=random_pen(random))
    return dataclasses.replace(paper, sheet=sheet), ""


def paste_digit(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """A slip with another digit stuck over one, a little askew, its edge throwing a faint shadow."""
    place, forged = _another_digit(paper.values[field_name], random)
    pasted = _patched(paper, field_name, place, forged, random, slip=float(random.uniform(-0.25, 0.25)))
    cell = _cell(paper, field_name, place).grown(-0.3)
    sheet, per_mm = pasted.sheet, pasted.sheet.px_per_mm
    shadow = np.zeros((round(cell.height * per_mm), round(cell.width * per_mm)), np.float32)
    shadow[-2:], shadow[:, -2:] = 0.5, 0.5
    sheet = lay_ink(sheet, shadow, (cell.x, cell.y), float(random.uniform(150, 215)))
    return dataclasses.replace(pasted, sheet=sheet), forged


def add_sign(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """A pen adds a letter or digit after the last sign of a text, which must have room there."""
    cell = room_after(paper, field_name)
    if cell is None:
        raise ValueError(f"{field_name} is full: choose a field for which room_after() gives a cell")
    sign = str(random.choice([*"0123456789", *LETTERS]))
    sheet = write_over(paper.sheet, cell, sign, random, pen=random_pen(random))
    return dataclasses.replace(paper, sheet=sheet), ""


def room_after(paper: Paper, field_name: str) -> Box | None:
    """The cell (mm) after the last sign of a text that is not full; nothing for combs and boxes to tick."""
    field = paper.edition.field(field_name)
    for strip in reversed([strip for strip in strips_of(paper.edition) if strip.field == field_name]):
        text = expected_text(field, strip, paper.values.get(field_name, ""))
        end = len(text.rstrip())
        if strip.shape is TEXT_CELL and 0 < end < strip.cells:
            pitch = strip.shape.pitch / strip.shape.per_mm
            middle = strip.top + strip.shape.height / strip.shape.per_mm * 0.58
            return Box(strip.left + end * pitch, middle - _WRITTEN / 2, pitch, _WRITTEN)
    return None


FORGERS: Final[dict[str, Forger]] = {
    "printed over": forge_digit,
    "written over": write_digit_over,
    "fluid, written": write_on_fluid,
    "pasted": paste_digit,
}
"""Ways of changing one digit of a comb."""


def _another_digit(value: str, random: np.random.Generator) -> tuple[int, str]:
    """A place with a digit, and the value with another digit there."""
    place = int(random.choice([place for place, sign in enumerate(value) if sign.isdigit()]))
    digit = str(random.choice([other for other in "0123456789" if other != value[place]]))
    return place, value[:place] + digit + value[place + 1 :]


def _cell(paper: Paper, field_name: str, place: int) -> Box:
    """The inside of a comb's cell."""
    field = paper.edition.field(field_name)
    pitch = (comb_pitch(field) or (0, 0.0))[1]
    return Box(field.box.x + place * pitch + 0.5, field.box.y + 0.5, pitch - 1.0, field.box.height - 1.0)


def _patched(
    paper: Paper, field_name: str, place: int, value: str, random: np.random.Generator, slip: float = 0.0
) -> Paper:
    """The paper with one cell of a reprint that shows ``value``, ``slip`` mm too far right and down."""
    reprint = _reprint(paper, field_name, value, random)
    cell, away = _cell(paper, field_name, place), round(slip * paper.sheet.px_per_mm)
    image = paper.sheet.image.copy()
    image[paper.sheet.area(cell)] = np.roll(reprint.image[reprint.area(cell)], (away, away), (0, 1))
    return dataclasses.replace(paper, sheet=paper.sheet.showing(image))


def _reprint(paper: Paper, field_name: str, value: str, random: np.random.Generator) -> Sheet:
    """The same form printed with another value: where the forger takes the patch from."""
    number = number_from_entropy(random.bytes(RANDOM_BYTES))
    values = paper.values | {field_name: value}
    return print_page(draw_sealed(paper.edition, values, document=number, issued=ISSUED, key=KEY).pdf)
