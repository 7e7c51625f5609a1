"""Measures of paper: everything in millimetres from the top-left corner of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

A4_WIDTH: Final = 210.0
A4_HEIGHT: Final = 297.0
POINT: Final = 25.4 / 72
"""Millimetres in one typographic point."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page: left, top, width and height in mm."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def grown(self, margin: float) -> Box:
        """The same box with ``margin`` mm more on each side (less when negative)."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def contains(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def joined(self, *others: Box) -> Box:
        """The least box that contains this one and the others."""
        boxes = (self, *others)
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
        return Box(left, top, right - left, bottom - top)

    def as_list(self) -> list[float]:
        """``[x, y, width, height]`` rounded to a hundredth of a mm, as the JSON shapes want it."""
        return [round(float(value), 2) for value in (self.x, self.y, self.width, self.height)]
