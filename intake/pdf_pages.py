"""Pages of a PDF as grey values: a full-page scan is taken out as it is, anything else is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import Final

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from intake.alignment import Grey

_RENDER_DPI: Final = 200.0
_WHOLE: Final = 0.9
"""Share of the page that a single picture must cover to be taken for the page."""
_MAX_SIDE_POINTS: Final = 14_400.0
_TURNS: Final = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class PdfTrouble(Enum):
    """Why a PDF cannot be opened at all."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class PdfPages:
    """An open PDF; pages are asked for by number from 1."""

    document: pypdfium2.PdfDocument
    pages: int

    def megapixels(self, number: int) -> float:
        """What rendering or decoding the page would cost, in millions of pixels."""
        try:
            page = self.document[number - 1]
            width, height = page.get_size()
            scan = _scan_of(page)
        except (pypdfium2.PdfiumError, ValueError):
            return 0.0
        if scan is not None:
            wide, high = scan.get_px_size()
            return float(wide * high / 1e6)
        longest = max(width, height)
        return float("inf") if longest > _MAX_SIDE_POINTS else width * height * (_RENDER_DPI / 72) ** 2 / 1e6

    def grey(self, number: int) -> Grey | None:
        """Grey values of a page set upright as the file says, or nothing when it cannot be drawn."""
        try:
            page = self.document[number - 1]
            scan = _scan_of(page)
            image = _extract(page, scan) if scan is not None else None
            if image is not None:
                return image
            bitmap = page.render(scale=_RENDER_DPI / 72, grayscale=True)
            drawn: Grey = bitmap.to_numpy().squeeze().copy()
            return drawn if drawn.ndim == 2 else None
        except (pypdfium2.PdfiumError, ValueError, cv2.error):
            return None


def open_pdf(data: bytes) -> PdfPages | PdfTrouble:
    """Open a PDF, after a repair when it needs one."""
    try:
        return _pages(data)
    except pypdfium2.PdfiumError:
        repaired = _repair(data)
    if isinstance(repaired, PdfTrouble):
        return repaired
    try:
        return _pages(repaired)
    except pypdfium2.PdfiumError:
        return PdfTrouble.DAMAGED


def _pages(data: bytes) -> PdfPages:
    document = pypdfium2.PdfDocument(data)
    count = len(document)
    if count == 0:
        raise pypdfium2.PdfiumError("no page")
    return PdfPages(document, count)


def _repair(data: bytes) -> bytes | PdfTrouble:
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            buffer = BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except pikepdf.PasswordError:
        return PdfTrouble.ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError):
        return PdfTrouble.DAMAGED


def _scan_of(page: pypdfium2.PdfPage) -> pypdfium2.PdfImage | None:
    """The one upright picture that makes up the page, when the page is nothing but that."""
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != pdfium.FPDF_PAGEOBJ_IMAGE:
        return None
    picture = objects[0]
    matrix = picture.get_matrix()
    if abs(matrix.b) > 1e-3 or abs(matrix.c) > 1e-3 or matrix.a <= 0 or matrix.d <= 0:
        return None
    left, bottom, right, top = page.get_mediabox()
    covered = (matrix.a / max(right - left, 1)) * (matrix.d / max(top - bottom, 1))
    return picture if _WHOLE <= covered <= 1.1 else None


def _extract(page: pypdfium2.PdfPage, scan: pypdfium2.PdfImage) -> Grey | None:
    """The scan's own pixels; nothing when only rendering would show what a viewer shows."""
    filters = scan.get_filters()
    wide, high = scan.get_px_size()
    metadata = scan.get_metadata()
    if filters == ["DCTDecode"] and metadata.colorspace in {
        pdfium.FPDF_COLORSPACE_DEVICEGRAY,
        pdfium.FPDF_COLORSPACE_DEVICERGB,
    }:
        flag = cv2.IMREAD_REDUCED_GRAYSCALE_2 if wide * high > 38_000_000 else cv2.IMREAD_GRAYSCALE
        data = np.frombuffer(bytes(scan.get_data(decode_simple=True)), np.uint8)
        image: Grey | None = cv2.imdecode(data, flag | cv2.IMREAD_IGNORE_ORIENTATION)
        if image is not None and abs(image.shape[1] / image.shape[0] - wide / high) < 0.02:
            return _turned(image, page.get_rotation())
        return None
    scale = wide / max(page.get_mediabox()[2] - page.get_mediabox()[0], 1)
    if not 1.2 <= scale <= 8.5:
        return None
    bitmap = page.render(scale=scale, grayscale=True)
    drawn: Grey = bitmap.to_numpy().squeeze().copy()
    return drawn


def _turned(image: Grey, degrees: int) -> Grey:
    return cv2.rotate(image, _TURNS[degrees]) if degrees in _TURNS else image
