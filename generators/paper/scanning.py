"""What a scanner or copier makes of a sheet, in the order in which it happens: where the paper lies,
optics and lamp, electronics, and the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from generators.paper.ink import Random
from generators.paper.sheets import Grey, Sheet

Bilevel = Literal["fixed", "otsu", "fax", "fax-coarse"]
Corners = tuple[float, float, float, float, float, float, float, float]
Matrix = NDArray[np.float64]

FLAT: Final[Corners] = (0.0,) * 8
_FAX_LINES: Final = {"fax": 196, "fax-coarse": 98}
"""Lines to the inch of a Group 3 fax (ITU-T T.4), fine and standard; across it has 204 dots."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """How one scan is made. ``rotation_deg`` is counter-clockwise as one looks at the image: whole quarter
    turns turn the image's format too. ``perspective`` moves the corners (top-left, top-right, bottom-right,
    bottom-left; right and down) by shares of the page's width; ``offset_mm`` moves the page right and down.
    ``margin_mm`` of the scanned area lies beyond the page on each side (less than 0 cuts the page) and
    shows the ``lid``'s grey. ``blur_px`` and ``noise_sigma`` are in the scan's own pixels and greys;
    ``contrast`` scales the distance from white, ``gradient`` and ``moire`` are shares of the light.
    """

    dpi: int = 300
    rotation_deg: float = 0.0
    perspective: Corners = FLAT
    offset_mm: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    margin_mm: float = 0.0
    lid: int = 252
    blur_px: float = 0.4
    gradient: float = 0.0
    moire: float = 0.0
    contrast: float = 1.0
    brightness: float = 0.0
    gamma: float = 1.0
    noise_sigma: float = 3.0
    bilevel: Bilevel | None = None
    jpeg_quality: int | None = 85


def scan(sheet: Sheet, scanner: Scanner, rng: Random) -> Grey:
    """The grey image that the scanner's file decodes to; :func:`placement` says where the page is in it."""
    seen = _through_optics(_on_the_glass(sheet, scanner), scanner, rng)
    grey = add_noise(cv2.LUT(seen, _response(scanner)), scanner.noise_sigma, rng)
    if scanner.bilevel:
        return _to_two_levels(grey, scanner.bilevel, scanner.dpi)
    if scanner.jpeg_quality is None:
        return grey
    _, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, scanner.jpeg_quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def scan_size(scanner: Scanner, width: float, height: float) -> tuple[int, int]:
    """Columns and rows of the image of a page of ``width`` × ``height`` mm."""
    across, down = (side + 2 * scanner.margin_mm for side in (width, height))
    if _quarters(scanner) % 2:
        across, down = down, across
    return ceil(across * scanner.dpi / 25.4 - 0.01), ceil(down * scanner.dpi / 25.4 - 0.01)


def placement(scanner: Scanner, width: float, height: float) -> Matrix:
    """The homography from mm on the page to pixels of the scan: what a reader should find.

    Pixel coordinates have the top-left pixel's outer corner at 0, 0 (its centre is at 0.5, 0.5).
    """
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    bent = corners + np.reshape(scanner.perspective, (4, 2)) * width
    angle = np.deg2rad(-scanner.rotation_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (bent - (width / 2, height / 2)) * scanner.scale @ turn.T + scanner.offset_mm
    pixels = moved * scanner.dpi / 25.4 + np.array(scan_size(scanner, width, height)) / 2
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), pixels.astype(np.float32))
    return np.asarray(matrix, np.float64)


def _quarters(scanner: Scanner) -> int:
    return round(scanner.rotation_deg / 90) % 4


def _on_the_glass(sheet: Sheet, scanner: Scanner) -> Grey:
    rows, columns = sheet.image.shape
    size = scan_size(scanner, sheet.width, sheet.height)
    reduction = scanner.dpi / 25.4 * scanner.scale / sheet.px_per_mm
    image, across, down = sheet.image, sheet.px_per_mm, sheet.px_per_mm
    if reduction < 1:
        # A sensor's cell takes the light of its whole area: reduced that way, fine print cannot alias.
        small = max(1, round(columns * reduction)), max(1, round(rows * reduction))
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        across, down = across * small[0] / columns, down * small[1] / rows
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    to_mm = np.diag((1 / across, 1 / down, 1.0)) @ half
    matrix = np.linalg.inv(half) @ placement(scanner, sheet.width, sheet.height) @ to_mm
    laid: Grey = cv2.warpPerspective(
        image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=scanner.lid
    )
    return laid


def _through_optics(image: Grey, scanner: Scanner, rng: Random) -> Grey:
    if scanner.blur_px > 0:
        image = cv2.GaussianBlur(image, (0, 0), scanner.blur_px)
    if not (scanner.gradient or scanner.moire):
        return image
    rows, columns = image.shape
    # Light changes slowly: a coarse map, smoothly enlarged, is the same light.
    y, x = (axis.astype(np.float32) for axis in np.mgrid[-1:1:24j, -1:1:24j])
    across, down, bulge = (float(value) for value in rng.uniform(-1, 1, 3))
    dark = scanner.gradient * (across * x + down * y + bulge * (x**2 + y**2) / 2)
    light = np.clip(255 * (1 - np.abs(scanner.gradient) * 0.5 - dark / 2), 0, 255).astype(np.uint8)
    image = cv2.multiply(image, cv2.resize(light, (columns, rows)), scale=1 / 255)
    if scanner.moire:
        pitch = rng.uniform(6, 30, 2)
        waves = [
            1 - scanner.moire / 2 * (1 + np.sin(2 * np.pi * np.arange(n) / p))
            for n, p in zip((rows, columns), pitch, strict=True)
        ]
        image = (image * waves[0].astype(np.float32)[:, None] * waves[1].astype(np.float32)).astype(np.uint8)
    return image


def _response(scanner: Scanner) -> Grey:
    level = 255 * (np.arange(256) / 255) ** scanner.gamma
    curve = (level - 255) * scanner.contrast + 255 + scanner.brightness
    answer: Grey = np.clip(np.round(curve), 0, 255).astype(np.uint8)
    return answer


def add_noise(image: Grey, sigma: float, rng: Random) -> Grey:
    """The sensor's noise. Rows take random stretches of one long draw: eight times as quick, looks alike."""
    if sigma <= 0:
        return image
    rows, columns = image.shape
    draw = np.clip(np.round(rng.standard_normal(columns + 400_000, np.float32) * sigma), -127, 127).astype(
        np.int8
    )
    starts = rng.integers(0, 400_000, rows)
    noise = np.lib.stride_tricks.sliding_window_view(draw, columns)[starts]
    noisy: Grey = cv2.add(image, noise, dtype=cv2.CV_8U)
    return noisy


def _to_two_levels(grey: Grey, how: Bilevel, dpi: int) -> Grey:
    size = grey.shape[::-1]
    if how in _FAX_LINES:
        dots = max(1, round(size[0] * 204 / dpi)), max(1, round(size[1] * _FAX_LINES[how] / dpi))
        grey = cv2.resize(grey, dots, interpolation=cv2.INTER_AREA)
    if how == "otsu":
        _, two = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    else:
        paper = float(np.percentile(grey[::8, ::8], 90))
        _, two = cv2.threshold(grey, round(0.68 * paper), 255, cv2.THRESH_BINARY)
    levels: Grey = two if two.shape[::-1] == size else cv2.resize(two, size, interpolation=cv2.INTER_NEAREST)
    return levels
