"""Reading the two-dimensional codes of a page, each by itself so that a bad one spoils nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import zxingcpp

from forms.geometry import Box
from intake.alignment import Alignment, Grey, Points, corners

_MARGIN: Final = 4.0
"""Paper in mm taken around a symbol: its quiet zone, and room for a bad alignment."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PREFIXES: Final = ("VT1:", "VT1Z:", "VS1:", "VB1:")


@dataclass(frozen=True, slots=True)
class FoundSymbol:
    """A symbol of ours: its text and its corners in scan px, clockwise from its own top-left."""

    text: str
    corners: Points


def read_whole(image: Grey) -> tuple[FoundSymbol, ...]:
    """Our symbols anywhere on a scan; the way in when marks are missing."""
    for shown in _whole_page_views(image):
        found = [
            FoundSymbol(code.text, _position(code) * (image.shape[1] / shown.shape[1]))
            for code in zxingcpp.read_barcodes(shown, formats=_QR)
            if code.text.startswith(_PREFIXES)
        ]
        if found:
            return tuple(found)
    return ()


def _whole_page_views(image: Grey) -> Iterator[Grey]:
    yield image
    if max(image.shape) > 2000:
        yield cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    else:
        yield cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)


def _position(code: zxingcpp.Barcode) -> Points:
    place = code.position
    four = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return np.array([[point.x, point.y] for point in four], np.float64)


def read_at(image: Grey, alignment: Alignment, box: Box) -> str | None:
    """The text of the symbol that stands in ``box``, or nothing when no try could read it."""
    for view in _views(image, alignment, box):
        for code in zxingcpp.read_barcodes(view, formats=_QR):
            if code.text.startswith(_PREFIXES):
                return str(code.text)
    return None


def _views(image: Grey, alignment: Alignment, box: Box) -> Iterator[Grey]:
    """The symbol set upright, at resolutions and contrasts that different damage asks for."""
    native = min(max(alignment.px_per_mm, 6.0), 14.0)
    plain = _rectify(image, alignment, box, native)
    yield plain
    yield _rectify(image, alignment, box, 16.0)
    yield cv2.GaussianBlur(_rectify(image, alignment, box, 12.0), (0, 0), 1.4)
    large = _rectify(image, alignment, box, 12.0)
    yield cv2.adaptiveThreshold(large, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 61, 4)
    yield cv2.threshold(large, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    sharp = cv2.addWeighted(large, 2.2, cv2.GaussianBlur(large, (0, 0), 3.0), -1.2, 0)
    yield sharp
    yield cv2.morphologyEx(large, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    yield cv2.morphologyEx(large, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))


def _rectify(image: Grey, alignment: Alignment, box: Box, px_per_mm: float) -> Grey:
    area = box.grown(_MARGIN)
    width, height = round(area.width * px_per_mm), round(area.height * px_per_mm)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    source = alignment.to_pixels(corners(area)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(target, source)
    upright: Grey = cv2.warpPerspective(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return upright
