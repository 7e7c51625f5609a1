"""Notes on a PDF page that have no look of their own: each viewer draws them from what they say.

A line through a value that some viewers draw and others do not is there for whoever sees it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Final

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from intake.alignment import Grey
from intake.raster import or_nothing

_MOST_NOTES: Final = 2000
_UNDRAWN: Final = frozenset(
    {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_TEXT}
)
"""Kinds of which nothing lies on the page, or an icon only, or a field, which is read by itself."""
_FRAMED: Final = frozenset({pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_REDACT})
"""Kinds that PDFium leaves out and that other viewers fill or frame."""
_BENT: Final = frozenset({pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE})
_WIDE: Final = 2
"""Pixels of a line that is drawn for one of unknown width."""
_MOST_CORNERS: Final = 500

Corners = NDArray[np.float64]
ToPixels = Callable[[float, float], NDArray[np.float64]]


def has_bare_notes(page: pypdfium2.PdfPage) -> bool:
    """Whether a note that is seen leaves it to the viewer how it looks."""
    return any(True for _ in _bare_notes(page))


@or_nothing
def draw_bare_notes(data: bytes, number: int, picture: Grey, to_pixels: ToPixels) -> Grey:
    """The picture of page ``number`` (from 1) of a PDF with the notes that it lacks, as viewers draw them;
    ``to_pixels`` takes the page's own measure to pixels.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        seen = picture.copy()
        for note in _bare_notes(page):
            for corners in _outline(note):
                places = np.array([to_pixels(x, y) for x, y in corners])
                cv2.polylines(seen, [np.round(places).astype(np.int32)], False, 0, _WIDE)
        _leave_out_fields(page)
        scale = picture.shape[1] / page.get_size()[0]
        drawn = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_numpy()
        part = drawn.reshape(drawn.shape[:2])[: picture.shape[0], : picture.shape[1]]
        place = seen[: part.shape[0], : part.shape[1]]
        np.minimum(place, part, out=place)
        return seen
    finally:
        document.close()


def _bare_notes(page: pypdfium2.PdfPage) -> Iterator[pdfium.FPDF_ANNOTATION]:
    for place in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, place)
        if not note:
            continue
        try:
            kind, flags = pdfium.FPDFAnnot_GetSubtype(note), pdfium.FPDFAnnot_GetFlags(note)
            seen = kind not in _UNDRAWN and not flags & pdfium.FPDF_ANNOT_FLAG_HIDDEN
            if seen and not pdfium.FPDFAnnot_HasKey(note, b"AP"):
                yield note
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _outline(note: pdfium.FPDF_ANNOTATION) -> Iterator[Corners]:
    """The strokes of a note of a kind that PDFium does not draw, in the page's own measure."""
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    if kind == pdfium.FPDF_ANNOT_LINE:
        start, end = pdfium.FS_POINTF(), pdfium.FS_POINTF()
        if pdfium.FPDFAnnot_GetLine(note, start, end):
            yield np.array([[start.x, start.y], [end.x, end.y]])
    elif kind in _BENT:
        count = min(pdfium.FPDFAnnot_GetVertices(note, None, 0), _MOST_CORNERS)
        corners = (pdfium.FS_POINTF * count)()
        if count and pdfium.FPDFAnnot_GetVertices(note, corners, count):
            yield np.array([[corner.x, corner.y] for corner in corners])
    elif kind in _FRAMED:
        box = pdfium.FS_RECTF()
        if pdfium.FPDFAnnot_GetRect(note, ctypes.byref(box)):
            left, right, low, high = box.left, box.right, box.bottom, box.top
            yield np.array([[left, low], [right, low], [right, high], [left, high], [left, low]])
            yield np.array([[left, low], [right, high]])


def _leave_out_fields(page: pypdfium2.PdfPage) -> None:
    for place in reversed(range(pdfium.FPDFPage_GetAnnotCount(page))):
        note = pdfium.FPDFPage_GetAnnot(page, place)
        kind = pdfium.FPDFAnnot_GetSubtype(note) if note else pdfium.FPDF_ANNOT_UNKNOWN
        if note:
            pdfium.FPDFPage_CloseAnnot(note)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            pdfium.FPDFPage_RemoveAnnot(page, place)
