"""One value changed on paper, the way people do it: printed over, written over, on correction fluid, pasted,
a sign added, a word put in or taken out, a line written in the free space.

A forger takes a paper, the name of a field and a source of chance, and gives back the forged paper and what
it now shows of that field (nothing where that is no one's word, as of a sign written over another).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Final

import numpy as np

from bench.material import ISSUED, KEY, Paper
from forms.geometry import Box
from forms.layout import comb_pitch
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from generators.paper.ink import Pen, lay_ink, random_pen, write_over
from generators.paper.sheets import Sheet, print_page, white_out
from intake.strips import TEXT_CELL, Strip, expected_text, strips_of

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


def insert_word(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """A pen writes a short word over a gap between two words, as one puts in what was forgotten."""
    lines = [(strip, text) for strip, text in _lines(paper, field_name) if " " in text]
    strip, text = lines[int(random.integers(len(lines)))]
    gap = _cells(strip, int(random.choice([place for place, sign in enumerate(text) if sign == " "])), 1)
    word = Box(gap.x - 2.0, gap.y - 1.8, gap.width + 4.0, 4.0)
    added = str(random.choice(["no", "ya", "si"]))
    sheet = write_over(paper.sheet, word, added, random, pen=Pen(float(random.uniform(0.3, 0.45)), 70))
    return dataclasses.replace(paper, sheet=sheet), ""


def fade_word(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """A word of a text rubbed out, with up to a third of its ink left."""
    lines = [(strip, text) for strip, text in _lines(paper, field_name) if text]
    strip, text = lines[int(random.integers(len(lines)))]
    words = list(re.finditer(r"\S+", text))
    word = words[int(random.integers(len(words)))]
    left = float(random.choice([0.0, 0.0, 0.15, 0.3]))
    image = paper.sheet.image.copy()
    area = paper.sheet.area(_cells(strip, word.start(), len(word[0])))
    image[area] = np.round(255 - left * (255 - image[area].astype(np.float32))).astype(np.uint8)
    return dataclasses.replace(paper, sheet=paper.sheet.showing(image)), ""


def write_in_free_space(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """A pen writes more than a word into what a text left free; :func:`free_space` must give a box."""
    room = free_space(paper, field_name)
    if room is None:
        raise ValueError(f"{field_name} has no free line: choose a field for which free_space() gives a box")
    words = Box(room.x + float(random.uniform(0, 20)), room.y, min(room.width - 20, 40), room.height)
    sheet = write_over(paper.sheet, words, "y lo demas", random, pen=random_pen(random))
    return dataclasses.replace(paper, sheet=sheet), ""


def free_space(paper: Paper, field_name: str) -> Box | None:
    """The last line (mm) of a text of several lines, when nothing is printed there."""
    lines = _lines(paper, field_name)
    strip, text = lines[-1]
    if len(lines) < 2 or strip.shape is not TEXT_CELL or text:
        return None
    return _cells(strip, 0, strip.cells)


def _lines(paper: Paper, field_name: str) -> list[tuple[Strip, str]]:
    """The lines of a value with what is printed on each."""
    field, value = paper.edition.field(field_name), paper.values.get(field_name, "")
    strips = [strip for strip in strips_of(paper.edition) if strip.field == field_name]
    return [(strip, expected_text(field, strip, value).rstrip()) for strip in strips]


def _cells(strip: Strip, start: int, count: int) -> Box:
    """The box (mm) of ``count`` cells of a line from ``start`` on."""
    pitch, per_mm = strip.shape.pitch / strip.shape.per_mm, strip.shape.per_mm
    return Box(strip.left + start * pitch, strip.top, count * pitch, strip.shape.height / per_mm)


def room_after(paper: Paper, field_name: str) -> Box | None:
    """The cell (mm) after the last sign of a text that is not full; nothing for combs and boxes to tick."""
    for strip, text in reversed(_lines(paper, field_name)):
        if strip.shape is TEXT_CELL and 0 < len(text) < strip.cells:
            cell = _cells(strip, len(text), 1)
            middle = cell.y + cell.height * 0.58
            return Box(cell.x, middle - _WRITTEN / 2, cell.width, _WRITTEN)
    return None


FORGERS: Final[dict[str, Forger]] = {
    "printed over": forge_digit,
    "written over": write_digit_over,
    "fluid, written": write_on_fluid,
    "pasted": paste_digit,
}
"""Ways of changing one digit of a comb."""


TEXT_FORGERS: Final[dict[str, Forger]] = {
    "signs added by pen": add_sign,
    "words put in by pen": insert_word,
    "words rubbed out": fade_word,
    "lines written in free space": write_in_free_space,
}
"""Ways of changing running text that print no other sign."""


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
