"""A printed sheet as it lies on the desk: grey paper with black toner, measured in mm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from forms.geometry import POINT, Box

Grey = NDArray[np.uint8]
PER_MM: Final = 300 / 25.4
"""Pixels to a mm of a sheet: what a 300 dpi printer lays down."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Grey values (uint8, 255 is white) of a whole page at :data:`PER_MM`."""

    image: Grey

    @property
    def width(self) -> float:
        return float(self.image.shape[1] / PER_MM)

    @property
    def height(self) -> float:
        return float(self.image.shape[0] / PER_MM)

    def area(self, box: Box) -> tuple[slice, slice]:
        """Rows and columns of a box in mm, cut to the sheet."""
        rows, columns = self.image.shape
        top, bottom = (min(max(round(value * PER_MM), 0), rows) for value in (box.y, box.bottom))
        left, right = (min(max(round(value * PER_MM), 0), columns) for value in (box.x, box.right))
        return slice(top, bottom), slice(left, right)


def print_page(pdf: bytes, page: int = 0) -> Sheet:
    """Print a page of a PDF: toner spreads a little and is not perfectly black."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = document[page].render(scale=PER_MM * POINT, grayscale=True).to_numpy().squeeze()
    finally:
        document.close()
    spread = cv2.GaussianBlur(drawn, (0, 0), 0.6)
    return Sheet(np.clip(spread.astype(np.int16) * 0.91 + 22, 0, 255).astype(np.uint8))


def paste_patch(sheet: Sheet, source: Box, target: tuple[float, float]) -> Sheet:
    """The sheet after print was cut out at ``source`` and stuck with its top-left at ``target``."""
    image = sheet.image.copy()
    patch = sheet.image[sheet.area(source)]
    top, left = round(target[1] * PER_MM), round(target[0] * PER_MM)
    image[top : top + patch.shape[0], left : left + patch.shape[1]] = patch
    return Sheet(image)


def white_out(sheet: Sheet, box: Box) -> Sheet:
    """The sheet with correction fluid over a box."""
    image = sheet.image.copy()
    image[sheet.area(box)] = 246
    return Sheet(image)
