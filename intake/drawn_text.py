"""What a program drew on a PDF page: its signs with their places, as the file itself has them.

A viewer may draw the fields of a form anew from their values; here they are taken as they were stored,
since that is what other viewers and printers show.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from intake.alignment import Grey
from intake.bare_notes import draw_bare_notes, has_bare_notes
from intake.raster import or_nothing

_MOST_SIGNS: Final = 20_000
Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnText:
    """The signs of a page: ``signs[i]`` lies in ``boxes[i]`` (left, top, right, bottom), px of the page's
    picture, as wide as its advance and as high as its typeface. That a sign is listed does not mean that
    one sees it: it may be white, covered or invisible.
    """

    signs: str
    boxes: Boxes


NO_TEXT: Final = DrawnText("", np.zeros((0, 4)))


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPage:
    """A page that a program drew. ``as_stored`` is its picture with the fields and notes as the file has
    them, where the page has any: a viewer may show others. ``as_printed`` is the page as a printer gets it,
    where the file has layers that may be printed and not shown. ``pictures`` is the share of the page that
    pictures cover.
    """

    text: DrawnText
    as_stored: Grey | None
    pictures: float
    as_printed: Grey | None = None


@or_nothing
def read_drawn(
    data: bytes, number: int, shape: tuple[int, int], pictures: float, *, layered: bool = False
) -> DrawnPage:
    """Look at page ``number`` (from 1) of a PDF whose picture has ``shape`` (rows, columns); ``layered``
    when the file has layers.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        printed = _picture(page, shape, pdfium.FPDF_PRINTING) if layered else None
        noted = bool(pdfium.FPDFPage_GetAnnotCount(page))
        bare = has_bare_notes(page)
        if noted:
            # Fields and notes become part of the page, each as it was stored; hidden ones are left out.
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            page = document[number - 1]
        seen = _picture(page, shape) if noted else None
        if seen is not None and bare:
            rows, columns = shape
            noticed = draw_bare_notes(data, number, seen, partial(_device, page, columns, rows))
            seen = seen if noticed is None else noticed
        return DrawnPage(_signs_of(page, shape), seen, pictures, printed)
    finally:
        document.close()


def _picture(page: pypdfium2.PdfPage, shape: tuple[int, int], flags: int = 0) -> Grey:
    rows, columns = shape
    scale = columns / page.get_size()[0]
    values = page.render(scale=scale, grayscale=True, may_draw_forms=False, extra_flags=flags).to_numpy()
    seen: Grey = np.full(shape, 255, np.uint8)
    part = values.reshape(values.shape[:2])[:rows, :columns]
    seen[: part.shape[0], : part.shape[1]] = part
    return seen


def _signs_of(page: pypdfium2.PdfPage, shape: tuple[int, int]) -> DrawnText:
    layer = page.get_textpage()
    count = min(layer.count_chars(), _MOST_SIGNS)
    signs: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    place_of = pdfium.FS_RECTF()
    for place in range(count):
        code = pdfium.FPDFText_GetUnicode(layer, place)
        if code <= 32 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(layer, place, place_of):
            continue
        signs.append(chr(code))
        boxes.append((place_of.left, place_of.top, place_of.right, place_of.bottom))
    if not signs:
        return NO_TEXT
    return DrawnText("".join(signs), _to_pixels(page, shape, np.array(boxes)))


def _to_pixels(page: pypdfium2.PdfPage, shape: tuple[int, int], boxes: Boxes) -> Boxes:
    """Boxes of the page's own measure in pixels of its picture, whatever way the page is turned."""
    rows, columns = shape
    origin, across, along = (_device(page, columns, rows, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000)))
    turn = np.array([(across - origin) / 1000, (along - origin) / 1000])
    first = boxes[:, (0, 1)] @ turn + origin
    second = boxes[:, (2, 3)] @ turn + origin
    return np.hstack((np.minimum(first, second), np.maximum(first, second)))


def _device(page: pypdfium2.PdfPage, columns: int, rows: int, x: float, y: float) -> NDArray[np.float64]:
    # Device coordinates are whole numbers: a hundred times the picture gives two more digits.
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, columns * 100, rows * 100, 0, x, y, across, down)
    return np.array([across.value, down.value]) / 100
