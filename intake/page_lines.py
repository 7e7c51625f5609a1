"""The lines of a page with their places, for searching, marking and the derivative's layer of text.

What the file says itself is taken from a page that a program drew; of a scan the lines are recognised, and
on a page of ours the values of its reading take the place of what was recognised in their boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from forms.geometry import A4_HEIGHT, Box
from generators.archival import TextLine
from intake.alignment import Alignment, Grey
from intake.identification import locate
from intake.letters.recognised import recognise
from intake.opening import OpenedPage
from intake.raster import or_nothing

_POINTS: Final = 72.0
_CREDIBLE: Final = (70.0, 700.0)
"""Resolutions that a page of paper may be scanned at; other claims are taken for none."""
_SAME: Final = 0.6
"""Share of a line's letters that its value must have too, in runs of ``_BLOCK`` at least."""
_BLOCK: Final = 3
_VALUE_HEIGHT: Final = 4.0
"""Mm that a value's text is high in its box."""


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value of the page's reading and its box in mm on the form."""

    text: str
    box_mm: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageLines:
    """Size in points of the page set upright, the clockwise turn that does it, and its lines upon it."""

    width: float
    height: float
    turn: int
    lines: tuple[TextLine, ...]


def points_per_pixel(image: Grey, dpi: float | None) -> float:
    """From the file's claim where it can be true, else as if the page were an A4."""
    if dpi and _CREDIBLE[0] <= dpi <= _CREDIBLE[1]:
        return _POINTS / dpi
    return float((A4_HEIGHT / 25.4 * _POINTS) / max(image.shape))


def drawn_lines(data: bytes, opened: OpenedPage) -> PageLines | None:
    """The lines that a PDF page itself has; nothing where it has none or cannot be asked."""
    return _drawn(data, opened.number)


@or_nothing
def _drawn(data: bytes, number: int) -> PageLines | None:
    page = pypdfium2.PdfDocument(data)[number - 1]
    if page.get_rotation():
        return None
    wide, high = page.get_size()
    left, _, _, top = page.get_bbox()
    layer = page.get_textpage()
    lines = []
    for place in range(layer.count_rects()):
        x0, y0, x1, y1 = layer.get_rect(place)
        said = " ".join(layer.get_text_bounded(x0, y0, x1, y1).split())
        if said:
            lines.append(TextLine(said, x0 - left, top - y1, x1 - x0, y1 - y0))
    return PageLines(wide, high, 0, tuple(lines)) if lines else None


def scanned_lines(image: Grey, dpi: float | None, values: Sequence[PlacedValue]) -> PageLines:
    """The lines of a scan, set upright by its own text or, on a page of ours, by its marks."""
    located = locate(image)
    seen = recognise(image, dpi, None)
    alignment = located.alignment if located is not None else seen.page.alignment
    turn = alignment.turn
    scale = points_per_pixel(image, dpi)
    frame = _Upright(image.shape[0], image.shape[1], turn, scale)
    areas = [_bounds(alignment, Box(*value.box_mm)) for value in values] if located is not None else []
    boxed: list[list[TextLine]] = [[] for _ in areas]
    lines: list[TextLine] = []
    for line in seen.text.lines:
        quad = seen.page.alignment.box_to_pixels(line.box)
        owner = _owner(quad.mean(axis=0), areas)
        if owner is not None and _is_of(line.text, values[owner].text):
            boxed[owner].append(frame.line(line.text, quad))
        elif located is None or len(line.text) > 1:  # a single sign on a page of ours is a piece of a symbol
            lines.append(frame.line(line.text, quad))
    for value, found in zip(values, boxed, strict=False):
        lines += _spelled(value.text, found) or [_in_box(frame, alignment, value)]
    return PageLines(*frame.size, turn, tuple(sorted(lines, key=lambda line: (round(line.y / 4), line.x))))


def _is_of(line: str, value: str) -> bool:
    """Whether a recognised line is a part of the value, and not the label over it."""
    said, known = "".join(line.casefold().split()), "".join(value.casefold().split())
    blocks = SequenceMatcher(None, said, known, autojunk=False).get_matching_blocks()
    least = min(_BLOCK, len(known), len(said))
    return sum(block.size for block in blocks if block.size >= least) >= _SAME * len(said)


def _in_box(frame: _Upright, alignment: Alignment, value: PlacedValue) -> TextLine:
    """A value of which no line was recognised, in the middle of its box."""
    box = Box(*value.box_mm)
    high = min(box.height, _VALUE_HEIGHT)
    middle = Box(box.x, box.y + (box.height - high) / 2, box.width, high)
    return frame.line(value.text, alignment.box_to_pixels(middle))


def _spelled(value: str, found: Sequence[TextLine]) -> list[TextLine]:
    """The value on the lines recognised in its box, as many words on each as that had letters."""
    if not found:
        return []
    if " " not in value:  # one word, which a comb may have torn into pieces
        first, end = min(found, key=lambda line: line.x), max(line.x + line.width for line in found)
        return [replace(first, text=value, width=end - first.x)]
    rest = value.split()
    spelled: list[TextLine] = []
    for line in found[:-1]:
        taken = ""
        while rest and len(taken) + len(rest[0]) / 2 < len(line.text):
            taken = f"{taken} {rest.pop(0)}".strip()
        spelled.append(replace(line, text=taken))
    spelled.append(replace(found[-1], text=" ".join(rest)))
    return [line for line in spelled if line.text]


def _bounds(alignment: Alignment, box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    quad = alignment.box_to_pixels(box)
    return quad.min(axis=0), quad.max(axis=0)


def _owner(
    place: NDArray[np.float64], areas: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> int | None:
    """Which box a place lies in."""
    inside = (
        number for number, (low, high) in enumerate(areas) if bool(((place >= low) & (place <= high)).all())
    )
    return next(inside, None)


@dataclass(frozen=True, slots=True)
class _Upright:
    """Places of a picture's pixels on the page set upright, in points."""

    rows: int
    columns: int
    turn: int
    scale: float

    @property
    def size(self) -> tuple[float, float]:
        sides = (self.columns * self.scale, self.rows * self.scale)
        return sides if self.turn in {0, 180} else (sides[1], sides[0])

    def _place(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = pixels[:, 0], pixels[:, 1]
        turned = {
            0: (x, y),
            90: (self.rows - y, x),
            180: (self.columns - x, self.rows - y),
            270: (y, self.columns - x),
        }[self.turn]
        return np.stack(turned, axis=1) * self.scale

    def line(self, text: str, quad: NDArray[np.float64]) -> TextLine:
        """A line from the corners of its box, clockwise from the top-left as its text runs."""
        first, second, _, fourth = self._place(quad)
        across, down = second - first, fourth - first
        angle = float(np.degrees(np.arctan2(across[1], across[0])))
        return TextLine(
            text,
            float(first[0]),
            float(first[1]),
            float(np.hypot(*across)),
            float(np.hypot(*down)),
            round(angle, 3),
        )
