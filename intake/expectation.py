"""What the page should look like: its fixed parts and every glyph, drawn by the same generators.

Pictures are made at four times the sampling resolution and reduced by area, as a scanner does; each
degree of blur is made once and kept for the life of the process.
"""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from typing import Final

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from forms.geometry import POINT
from forms.model import Edition
from generators.pages import drawn_template
from generators.typefaces import VALUE_FACE, drawn_alone, register_faces
from intake.sampling import Grid, Ink
from intake.strips import CellShape, Strip

BLURS: Final = (0.45, 0.8, 1.15, 1.6, 2.2, 3.0)
"""Standard deviations, in samples, of the blurs that a scan is compared under."""

_FINE: Final = 16.0
"""Samples per mm that the fixed parts are kept at."""
_OVERSAMPLING: Final = 4
_BAND: Final = 400
"""Rows of samples that are made at once."""
_STRIPS_KEPT: Final = 32
"""Expected strips, up to 0.2 MB each, that are kept: those that tell a page's blur are laid over it later."""


@cache
def fixed_parts(edition: Edition, page: int) -> NDArray[np.uint8]:
    """The page without values as fine ink, 0 to 255, ``_FINE`` samples to a mm."""
    document = pypdfium2.PdfDocument(drawn_template(edition).pdf)
    try:
        bitmap = document[page - 1].render(scale=_FINE * POINT, grayscale=True)
        ink: NDArray[np.uint8] = 255 - bitmap.to_numpy().squeeze()
        return ink
    finally:
        document.close()


@cache
def fixed_strip(edition: Edition, strip: Strip, blur: int, margin: int = 0) -> Ink:
    """The ink of the fixed parts on the strip's grid, ``margin`` samples more on every side."""
    grid = strip.grid()
    shape = (grid.rows + 2 * margin, grid.columns + 2 * margin)
    step = margin / grid.per_mm
    wide = Grid(grid.x - step, grid.y - step, grid.per_mm, shape[1], shape[0])
    return _blurred(sample_fixed_parts(edition, strip.page, wide), BLURS[blur])


def sample_fixed_parts(edition: Edition, page: int, grid: Grid) -> Ink:
    """The ink of the fixed parts on any grid, each sample the mean of the area it stands for."""
    if grid.rows > _BAND:  # a whole page at four times its samples is larger than the scan
        ink: Ink = np.concatenate([sample_fixed_parts(edition, page, band) for band in grid.bands(_BAND)])
        return ink
    over = _OVERSAMPLING
    fine = Grid(grid.x, grid.y, grid.per_mm * over, grid.columns * over, grid.rows * over)
    matrix = np.diag([_FINE, _FINE, 1.0]) @ fine.to_paper()
    matrix[:2, 2] -= 0.5
    samples = cv2.warpPerspective(
        fixed_parts(edition, page),
        matrix,
        (fine.columns, fine.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    reduced = cv2.resize(samples, (grid.columns, grid.rows), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced.astype(np.float32) / 255, np.float32)


def _blurred(ink: Ink, sigma: float) -> Ink:
    blurred: Ink = cv2.GaussianBlur(ink, (0, 0), sigma)
    return blurred


@cache
def glyphs(signs: str, shape: CellShape, blur: int) -> Ink:
    """Ink of each sign in its cell's window: an array signs × height × width.

    Signs stand alone; a neighbour's ink that reaches into a window is the strip's affair.
    """
    return np.stack([_glyph(sign, shape, blur) for sign in signs])


@cache
def _glyph(sign: str, shape: CellShape, blur: int) -> Ink:
    wide = wide_glyph(sign, shape, blur)
    pad = glyph_margin(shape)
    return np.ascontiguousarray(wide[:, pad : pad + shape.width])


def glyph_margin(shape: CellShape) -> int:
    """Samples on each side of a window that a glyph's blur may reach into."""
    return shape.width


@cache
def wide_glyph(sign: str, shape: CellShape, blur: int) -> Ink:
    """A sign's ink on a window widened by :func:`glyph_margin` on both sides."""
    if sign == " ":
        return np.zeros((shape.height, shape.width + 2 * glyph_margin(shape)), np.float32)
    return _blurred(_sharp_glyph(sign, shape), BLURS[blur])


@cache
@drawn_alone
def _sharp_glyph(sign: str, shape: CellShape) -> Ink:
    """The sign drawn by the generator's own face and reduced to the cell's samples."""
    register_faces()
    columns = shape.width + 2 * glyph_margin(shape)
    width, height = columns / shape.per_mm / POINT, shape.height / shape.per_mm / POINT
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    canvas.setFont(VALUE_FACE, shape.size)
    left = (glyph_margin(shape) + shape.origin) / shape.per_mm / POINT
    canvas.drawString(left, height - shape.baseline / shape.per_mm / POINT, sign)
    canvas.save()
    document = pypdfium2.PdfDocument(buffer.getvalue())
    try:
        scale = shape.per_mm * POINT * _OVERSAMPLING
        fine = 255 - document[0].render(scale=scale, grayscale=True).to_numpy().squeeze()
    finally:
        document.close()
    exact = cv2.resize(
        fine, (columns * _OVERSAMPLING, shape.height * _OVERSAMPLING), interpolation=cv2.INTER_LINEAR
    )
    reduced = cv2.resize(exact, (columns, shape.height), interpolation=cv2.INTER_AREA)
    ink: Ink = reduced.astype(np.float32) / 255
    return ink


@lru_cache(_STRIPS_KEPT)
def expected_strip(edition: Edition, strip: Strip, text: str, blur: int) -> Ink:
    """The whole strip as it should look when its cells show ``text``; not to be written to."""
    ink = _drawn_strip(edition, strip, text, blur)
    ink.flags.writeable = False
    return ink


def _drawn_strip(edition: Edition, strip: Strip, text: str, blur: int) -> Ink:
    ink = fixed_strip(edition, strip, blur).copy()
    if not text.strip():
        return ink
    shape, pad = strip.shape, glyph_margin(strip.shape)
    if shape.pitch == shape.width == pad:
        _add_touching(ink, text, shape, blur)
    else:
        _add_apart(ink, text, shape, blur)
    return np.minimum(ink, 1.0, out=ink)


def _add_apart(ink: Ink, text: str, shape: CellShape, blur: int) -> None:
    pad = glyph_margin(shape)
    for place, sign in enumerate(text):
        if sign == " ":
            continue
        glyph = wide_glyph(sign, shape, blur)
        start = place * shape.pitch - pad
        left, right = max(0, start), min(ink.shape[1], start + glyph.shape[1])
        ink[:, left:right] += glyph[:, left - start : right - start]


def _add_touching(ink: Ink, text: str, shape: CellShape, blur: int) -> None:
    """Cells side by side: each glyph's middle third at once, then what reaches into the neighbours."""
    end = len(text.rstrip())
    wide = np.concatenate([wide_glyph(sign, shape, blur) for sign in text[:end]], axis=1)
    width, cells = shape.width, wide.reshape(shape.height, end, 3, shape.width)
    ink[:, : end * width] += cells[:, :, 1].reshape(shape.height, -1)
    ink[:, : (end - 1) * width] += cells[:, 1:, 0].reshape(shape.height, -1)
    after = cells[:, :, 2].reshape(shape.height, -1)[:, : ink.shape[1] - width]
    ink[:, width : width + after.shape[1]] += after
