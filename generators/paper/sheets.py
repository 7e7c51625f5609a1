"""A printed sheet as it lies on the desk: grey paper with black toner, measured in mm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from forms.geometry import Box

Grey = NDArray[np.uint8]
PER_MM: Final = 300 / 25.4
"""Pixels to a mm of a sheet unless it says otherwise: a scan at 200 dpi shows no finer print."""

_TONER: Final = 24
_PAPER: Final = 250


@dataclass(frozen=True, slots=True)
class Sheet:
    """Grey values (uint8, 255 is white) of a whole page at ``px_per_mm``."""

    image: Grey
    px_per_mm: float = PER_MM

    @property
    def width(self) -> float:
        return float(self.image.shape[1] / self.px_per_mm)

    @property
    def height(self) -> float:
        return float(self.image.shape[0] / self.px_per_mm)

    def area(self, box: Box) -> tuple[slice, slice]:
        """Rows and columns of a box in mm, cut to the sheet."""
        rows, columns = self.image.shape
        top, bottom = (min(max(round(value * self.px_per_mm), 0), rows) for value in (box.y, box.bottom))
        left, right = (min(max(round(value * self.px_per_mm), 0), columns) for value in (box.x, box.right))
        return slice(top, bottom), slice(left, right)

    def showing(self, image: Grey) -> Sheet:
        """A sheet of the same measure with another picture on it."""
        return replace(self, image=image)


def print_page(pdf: bytes, page: int = 0, dpi: int = 300) -> Sheet:
    """Print a page of a PDF on a laser printer: toner spreads by some hundredths of a mm, its edges are
    ragged and its black is a dark grey. The same bytes give the same sheet.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = _draw(document[page], dpi / 72)
    finally:
        document.close()
    per_mm = dpi / 25.4
    spread = cv2.GaussianBlur(drawn, (0, 0), 0.05 * per_mm)
    # Whatever is more than two fifths covered takes toner: lines gain a little width, hairlines survive.
    ragged = cv2.add(spread, _grain(spread.shape, per_mm), dtype=cv2.CV_8U)
    return Sheet(cv2.LUT(ragged, _toner_curve()), per_mm)


def _draw(page: pypdfium2.PdfPage, scale: float) -> Grey:
    left, _, _, top = page.get_mediabox()
    # PDFium stretches a page to whole pixels, 0.06 mm over an A4; a page just short of them stays as it is.
    columns, rows = (round(side * scale) - 0.01 for side in page.get_size())
    right, bottom = left + columns / scale, top - rows / scale
    page.set_mediabox(left, bottom, right, top)
    page.set_cropbox(left, bottom, right, top)
    drawn: Grey = page.render(scale=scale, grayscale=True).to_numpy().squeeze()
    return drawn


def _toner_curve() -> Grey:
    cover = 1 - np.arange(256) / 255
    taken = 1 / (1 + np.exp(-(cover - 0.42) * 9))
    taken = (taken - taken.min()) / np.ptp(taken)
    curve: Grey = np.round(_PAPER + (_TONER - _PAPER) * taken).astype(np.uint8)
    return curve


def _grain(shape: tuple[int, int], per_mm: float) -> NDArray[np.int8]:
    """Unevenness of paper and toner, the same on every sheet: what differs is drawn by the scan."""
    tile = np.random.default_rng(1).normal(0, 1, (512, 512)).astype(np.float32)
    soft = cv2.GaussianBlur(tile, (0, 0), 0.085 * per_mm, borderType=cv2.BORDER_REFLECT)
    small = np.clip(soft / soft.std() * 9, -40, 40).astype(np.int8)
    across, down = -(-shape[1] // 512), -(-shape[0] // 512)
    grain: NDArray[np.int8] = np.ascontiguousarray(np.tile(small, (down, across))[: shape[0], : shape[1]])
    return grain


def paste_patch(sheet: Sheet, source: Box, target: Box | tuple[float, float]) -> Sheet:
    """The sheet after print was cut out at ``source`` and stuck with its top-left at ``target``'s."""
    x, y = (target.x, target.y) if isinstance(target, Box) else target
    image = sheet.image.copy()
    patch = sheet.image[sheet.area(source)]
    place = image[sheet.area(Box(x, y, patch.shape[1] / sheet.px_per_mm, patch.shape[0] / sheet.px_per_mm))]
    place[:] = patch[: place.shape[0], : place.shape[1]]
    return sheet.showing(image)


def white_out(sheet: Sheet, box: Box) -> Sheet:
    """The sheet with correction fluid over a box: whiter than paper, print below gone."""
    image = sheet.image.copy()
    image[sheet.area(box)] = 253
    return sheet.showing(image)
