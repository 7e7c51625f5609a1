"""The scan inside a PDF page: when a page is one picture, its own pixels are taken instead of a rendering.

Anything unusual (masks, odd placing, other marks on the page) is left to rendering, which shows what a
viewer shows.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from intake.alignment import Grey
from intake.raster import Raster, decode_jpeg, decode_sound_jpeg, or_nothing, reduced

_MOST_OBJECTS: Final = 2000
"""A scan with a recogniser's invisible text has some hundred; who has more is drawn, not scanned."""
_COVERS: Final = 0.9
"""Share of the page's width and of its height that the picture must cover to be taken for the page."""
_SLACK: Final = 0.02
"""How far, in page sides, the picture may reach over the page; and how far pixels may be from square."""
_OF_RECTANGLE: Final = 5
"""Segments of a closed rectangle."""
_MOST_NOTES: Final = 2000
_NOT_SEEN: Final = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
_HIDDEN: Final = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_LEAST_INCHES: Final = 0.01
_TURNS: Final = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_PLAIN_DECODE: Final = ([0, 1], [0, 1, 0, 1, 0, 1])


@dataclass(frozen=True, slots=True)
class PageContent:
    """What is drawn on a page: its scan, if it is one, whether it shows text, of its pictures the finest
    one's dpi and the largest one's megapixels (0 where there is none), and the share of the page under them.
    ``drawn_over`` when a program put strokes or notes on it, which no scanner does; ``laid_on`` are the sizes
    in pixels of smaller pictures that lie on a larger one.
    """

    scan: pypdfium2.PdfImage | None
    visible_text: bool
    finest_dpi: float
    megapixels: float
    cover: float = 0.0
    drawn_over: bool = False
    laid_on: tuple[tuple[int, int], ...] = ()


def look_at(page: pypdfium2.PdfPage) -> PageContent:
    """Look over the page's objects without decoding any."""
    pictures: list[pypdfium2.PdfImage] = []
    others = visible = drawn = False
    for place, found in enumerate(itertools.islice(page.get_objects(max_depth=3), _MOST_OBJECTS + 1)):
        others |= place == _MOST_OBJECTS  # nobody looks at what follows: rendering shows it
        if found.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(found)
        elif found.type == pdfium.FPDF_PAGEOBJ_TEXT:
            visible |= pdfium.FPDFTextObj_GetTextRenderMode(found) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        else:
            others = True
            drawn |= found.type == pdfium.FPDF_PAGEOBJ_PATH and _is_drawing(found)
    finest = max((_dpi(picture) for picture in pictures), default=0.0)
    # Annotations (a viewer's stamp, a filled field) lie over the scan: only rendering shows them.
    alone = len(pictures) == 1 and not others and not visible and not pdfium.FPDFPage_GetAnnotCount(page)
    scan = pictures[0] if alone and _is_the_page(page, pictures[0]) else None
    largest = max((math.prod(picture.get_px_size()) / 1e6 for picture in pictures), default=0.0)
    over = bool(pictures) and (drawn or _has_notes(page))
    return PageContent(
        scan, visible, finest, largest, _cover(page, pictures), over, tuple(_laid_on(page, pictures))
    )


def _laid_on(page: pypdfium2.PdfPage, pictures: Sequence[pypdfium2.PdfImage]) -> Iterator[tuple[int, int]]:
    """The sizes of the pictures that are drawn after another one, where one covers most of the page: what is
    pasted may be as large as the page and clear but for a name.
    """
    shares = [_cover(page, [picture]) for picture in pictures]
    if max(shares, default=0.0) >= _COVERS**2:
        yield from (picture.get_px_size() for picture in pictures[1:])


def shows_pasted(content: PageContent, structure: pikepdf.Pdf | None, number: int) -> bool:
    """Whether a picture with soft edges lies on the scan, as viewers paste signatures; layers into which
    scanners part a page have hard ones.
    """
    return any(
        _has_soft_edges(item)
        for wide, high in content.laid_on
        for item in _dictionaries(structure, number, wide, high)
    )


def _has_soft_edges(picture: pikepdf.Object) -> bool:
    mask = picture.get("/SMask")
    return isinstance(mask, pikepdf.Stream) and int(mask.get("/BitsPerComponent", 8)) > 1


def _is_drawing(path: pypdfium2.PdfObject) -> bool:
    """Whether a path is a line or a shape that somebody drew: not the plain rectangle that programs lay under
    a picture or cut it out with.
    """
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, filled, stroked)
    return bool(stroked.value) or (bool(filled.value) and pdfium.FPDFPath_CountSegments(path) > _OF_RECTANGLE)


def _has_notes(page: pypdfium2.PdfPage) -> bool:
    """Whether notes, stamps or strokes that a viewer adds are shown on the page."""
    for place in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, place)
        if not note:
            continue
        kind, flags = pdfium.FPDFAnnot_GetSubtype(note), pdfium.FPDFAnnot_GetFlags(note)
        place_on_page = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(note, place_on_page)
        pdfium.FPDFPage_CloseAnnot(note)
        # An electronic signature that shows nothing has a place without size.
        is_empty = place_on_page.left == place_on_page.right or place_on_page.top == place_on_page.bottom
        if kind not in _NOT_SEEN and not flags & _HIDDEN and not is_empty:
            return True
    return False


def _cover(page: pypdfium2.PdfPage, pictures: Sequence[pypdfium2.PdfImage]) -> float:
    """The share of the page under pictures, those that overlap counted twice; at most 1."""
    wide, high = page.get_size()
    covered = 0.0
    for picture in pictures:
        if picture.level:  # inside a form whose scale is not known here: as large as it can be
            return 1.0
        left, bottom, right, top = picture.get_bounds()
        covered += max(right - left, 0.0) * max(top - bottom, 0.0)
    return float(min(covered / max(wide * high, _LEAST_INCHES), 1.0))


def _dpi(picture: pypdfium2.PdfImage) -> float:
    if picture.level:  # placed by an outer form, whose scale is not known here: take it for a good scan
        return 300.0
    matrix = picture.get_matrix()
    wide, high = picture.get_px_size()
    across = max(math.hypot(matrix.a, matrix.b) / 72, _LEAST_INCHES)
    down = max(math.hypot(matrix.c, matrix.d) / 72, _LEAST_INCHES)
    return float(max(wide / across, high / down))


def _is_the_page(page: pypdfium2.PdfPage, picture: pypdfium2.PdfImage) -> bool:
    """Whether the picture lies upright on the page's whole visible box, with square pixels."""
    matrix = picture.get_matrix()
    if picture.level or abs(matrix.b) > 1e-3 or abs(matrix.c) > 1e-3 or matrix.a <= 0 or matrix.d <= 0:
        return False
    left, bottom, right, top = page.get_bbox()
    wide, high = picture.get_px_size()
    if not (wide and high) or abs((matrix.a / wide) / (matrix.d / high) - 1) > _SLACK:
        return False
    return _fits(matrix.e, matrix.a, left, right) and _fits(matrix.f, matrix.d, bottom, top)


def _fits(start: float, length: float, low: float, high: float) -> bool:
    side = high - low
    slack = side * _SLACK
    return side > 0 and length >= side * _COVERS and start >= low - slack and start + length <= high + slack


@or_nothing
def extract(
    page: pypdfium2.PdfPage, scan: pypdfium2.PdfImage, structure: pikepdf.Pdf | None, number: int
) -> Raster | None:
    """The scan's own pixels, turned as the page is; nothing when rendering is safer."""
    wide, high = scan.get_px_size()
    found = list(_dictionaries(structure, number, wide, high))
    if not found or not all(_is_plain(item) for item in found):
        return None
    dpi = _dpi(scan)
    if scan.get_filters(skip_simple=True) == ["DCTDecode"]:
        if not all(_is_jpeg_of_screen_colours(item) for item in found):
            return None
        data = bytes(scan.get_data(decode_simple=True))
        pixels = wide * high
        raster = decode_sound_jpeg(data, pixels, dpi) or decode_jpeg(data, pixels, dpi, upright=False)
        # The header inside may say another size than the PDF: then nobody knows what a viewer shows.
        if raster is None or abs(raster.image.shape[1] * high / (raster.image.shape[0] * wide) - 1) > _SLACK:
            return None
    else:
        raster = reduced(Raster(_grey(scan.get_bitmap()), dpi))
    turn = _TURNS.get(page.get_rotation())
    return raster if turn is None else replace(raster, image=cv2.rotate(raster.image, turn))


def _dictionaries(
    structure: pikepdf.Pdf | None, number: int, wide: int, high: int
) -> Iterator[pikepdf.Stream]:
    """The picture's dictionary: all pictures of that size among the page's resources, most often one."""
    if structure is None or number > len(structure.pages):
        return
    for item in structure.pages[number - 1].resources.get("/XObject", pikepdf.Dictionary()).values():
        same = item.get("/Width") == wide and item.get("/Height") == high
        if same and isinstance(item, pikepdf.Stream):
            yield item


def _is_plain(item: pikepdf.Stream) -> bool:
    """No mask, no transparency: the picture's pixels are what one sees."""
    return not any(item.get(key) for key in ("/SMask", "/Mask", "/ImageMask", "/SMaskInData"))


def _is_jpeg_of_screen_colours(item: pikepdf.Stream) -> bool:
    """Grey or RGB without a change of sign: what the JPEG decoder gives is what one sees."""
    space = item.get("/ColorSpace")
    decode = item.get("/Decode")
    if decode is not None and [float(value) for value in decode] not in _PLAIN_DECODE:
        return False
    if isinstance(space, pikepdf.Array):
        if len(space) != 2 or space[0] != "/ICCBased":
            return False
        return int(space[1].get("/N", 0)) in {1, 3}
    return space in ("/DeviceGray", "/DeviceRGB")


def _grey(bitmap: pypdfium2.PdfBitmap) -> Grey:
    values: Grey = bitmap.to_numpy()
    if values.ndim == 2 or values.shape[2] == 1:
        return values.reshape(values.shape[:2]).copy()
    code = cv2.COLOR_BGR2GRAY if values.shape[2] == 3 else cv2.COLOR_BGRA2GRAY
    grey: Grey = cv2.cvtColor(np.ascontiguousarray(values), code)
    return grey
