"""What a scanner or copier makes of a sheet, in the order in which it happens: geometry, light, optics,
electronics, and the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import Literal

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from generators.paper import damage
from generators.paper.ink import Random, stamp
from generators.paper.sheets import PER_MM, Grey, Sheet

Bilevel = Literal["threshold", "otsu", "fax"]
FileKind = Literal["pdf", "tiff", "tiff-g4", "jpeg", "png"]


@dataclass(frozen=True, slots=True)
class Scanner:
    """How one scan was made: degrees counter-clockwise, corners moved by a share of the page, px and
    grey levels at the scan's own resolution. ``quarter_turns`` is how the sheet lay on the glass.
    """

    dpi: int = 300
    skew: float = 0.0
    quarter_turns: int = 0
    perspective: float = 0.0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    blur: float = 0.4
    noise: float = 3.0
    contrast: float = 1.0
    brightness: float = 0.0
    slope: float = 0.0
    jpeg: int | None = 85
    bilevel: Bilevel | None = None
    lid: int = 252


class Severity(Enum):
    """How badly a paper was treated on its way, from an office scanner to the bottom of a bag."""

    CLEAN = "clean"
    MODERATE = "moderate"
    HARSH = "harsh"
    EXTREME = "extreme"


def scan(sheet: Sheet, scanner: Scanner, random: Random) -> Grey:
    """The grey image that the scanner's file decodes to."""
    lit = _light(_geometry(sheet.image, scanner, random), scanner, random)
    if scanner.blur > 0:
        lit = cv2.GaussianBlur(lit, (0, 0), scanner.blur)
    noisy = lit + random.normal(0, scanner.noise, lit.shape).astype(np.float32)
    grey: Grey = np.clip(noisy, 0, 255).astype(np.uint8)
    if scanner.bilevel:
        return _to_two_levels(grey, scanner.bilevel)
    if scanner.jpeg is not None:
        _, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, scanner.jpeg])
        grey = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    turned: Grey = np.ascontiguousarray(np.rot90(grey, scanner.quarter_turns))
    return turned


def _geometry(image: Grey, scanner: Scanner, random: Random) -> Grey:
    rows, columns = image.shape
    size = round(columns * scanner.dpi / 25.4 / PER_MM), round(rows * scanner.dpi / 25.4 / PER_MM)
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    middle = np.array([columns / 2, rows / 2], np.float32)
    angle = np.deg2rad(-scanner.skew)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    moved = (corners - middle) @ turn.T + middle + np.array(scanner.shift_mm, np.float32) * PER_MM
    moved = moved + random.uniform(-1, 1, (4, 2)).astype(np.float32) * scanner.perspective * columns
    scale = size[0] / columns
    # Reducing by area first keeps fine print from aliasing, as a scanner's optics do.
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1 else image
    factor = scale if scale < 1 else 1.0
    matrix = cv2.getPerspectiveTransform(corners * factor, (moved * scale).astype(np.float32))
    warped: Grey = cv2.warpPerspective(
        small, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=scanner.lid
    )
    return warped


def _light(image: Grey, scanner: Scanner, random: Random) -> NDArray[np.float32]:
    grey = image.astype(np.float32)
    lit = (grey - 255) * scanner.contrast + 255 + scanner.brightness
    if scanner.slope:
        rows, columns = image.shape
        across, down = random.uniform(-1, 1, 2)
        ramp = across * np.linspace(-1, 1, columns)[None, :] + down * np.linspace(-1, 1, rows)[:, None]
        lit = lit + (ramp * scanner.slope).astype(np.float32)
    return lit.astype(np.float32)


def _to_two_levels(grey: Grey, how: Bilevel) -> Grey:
    if how == "fax":
        # Group 3 fine mode: 204 × 196 dots to the inch, then back to what the receiver stores.
        rows, columns = grey.shape
        coarse = cv2.resize(
            grey, (columns * 204 // 300 or 1, rows * 196 // 300 or 1), interpolation=cv2.INTER_AREA
        )
        grey = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_LINEAR)
    if how == "threshold":
        level = 0.72 * float(np.percentile(grey, 90))
        return np.where(grey > level, 255, 0).astype(np.uint8)
    _, two = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    levels: Grey = two
    return levels


def random_scanner(severity: Severity, random: Random) -> Scanner:
    """A scanner of that severity, with everything drawn by ``random``."""
    match severity:
        case Severity.CLEAN:
            return Scanner(
                dpi=int(random.choice((200, 300))),
                skew=float(random.uniform(-1, 1)),
                shift_mm=_shift(random, 1.5),
                blur=float(random.uniform(0.2, 0.6)),
                noise=float(random.uniform(1, 4)),
                jpeg=int(random.integers(75, 92)),
            )
        case Severity.MODERATE:
            return Scanner(
                dpi=int(random.choice((150, 200, 240, 300))),
                skew=float(random.uniform(-5, 5)),
                quarter_turns=int(random.choice((0, 0, 0, 1, 2, 3))),
                perspective=float(random.uniform(0, 0.008)),
                shift_mm=_shift(random, 2),
                blur=float(random.uniform(0.3, 0.9)),
                noise=float(random.uniform(2, 11)),
                contrast=float(random.uniform(0.55, 1.05)),
                brightness=float(random.uniform(-25, 5)),
                slope=float(random.uniform(0, 18)),
                jpeg=int(random.integers(30, 76)),
                bilevel="threshold" if random.random() < 0.1 else None,
            )
        case Severity.HARSH:
            return Scanner(
                dpi=int(random.choice((100, 120, 150, 200))),
                skew=float(random.uniform(-9, 9)),
                quarter_turns=int(random.integers(4)),
                perspective=float(random.uniform(0, 0.025)),
                shift_mm=_shift(random, 4),
                blur=float(random.uniform(0.4, 1.4)),
                noise=float(random.uniform(4, 22)),
                contrast=float(random.uniform(0.35, 1.0)),
                brightness=float(random.uniform(-60, 10)),
                slope=float(random.uniform(0, 45)),
                jpeg=int(random.integers(12, 40)),
                bilevel=(None, None, "fax", "otsu", "threshold")[int(random.integers(5))],
                lid=int(random.choice((252, 60))),
            )
        case Severity.EXTREME:
            return Scanner(
                dpi=int(random.choice((60, 75, 100, 150))),
                skew=float(random.uniform(-25, 25)),
                quarter_turns=int(random.integers(4)),
                perspective=float(random.uniform(0, 0.07)),
                shift_mm=_shift(random, 14),
                blur=float(random.uniform(0.6, 3.0)),
                noise=float(random.uniform(8, 45)),
                contrast=float(random.uniform(0.15, 1.0)),
                brightness=float(random.uniform(-110, 25)),
                slope=float(random.uniform(0, 90)),
                jpeg=int(random.integers(4, 25)),
                bilevel=(None, "fax", "otsu", "threshold")[int(random.integers(4))],
                lid=int(random.choice((252, 30))),
            )


def _shift(random: Random, reach: float) -> tuple[float, float]:
    right, down = random.uniform(-reach, reach, 2)
    return float(right), float(down)


def random_damage(sheet: Sheet, severity: Severity, random: Random) -> Sheet:
    """The sheet after treatment of that severity."""
    if severity is Severity.CLEAN:
        return damage.dust(sheet, random, 10)
    chances = {Severity.MODERATE: 0.2, Severity.HARSH: 0.5, Severity.EXTREME: 0.7}
    chance = chances[severity]
    sheet = damage.dust(sheet, random, int(60 * chance / 0.2))
    if random.random() < 2 * chance:
        sheet = damage.fold(sheet, random)
    if random.random() < chance:
        sheet = damage.weak_toner(sheet, random)
    if random.random() < chance:
        # Clerks stamp where there is room: in the upper margin, unless they are careless.
        careless = severity is not Severity.MODERATE
        place = (
            (random.uniform(20, 190), random.uniform(20, 280)) if careless else (random.uniform(75, 125), 9.0)
        )
        sheet = stamp(sheet, (float(place[0]), float(place[1])), random)
    if severity is Severity.MODERATE:
        return sheet
    if random.random() < chance:
        sheet = damage.coffee(sheet, random)
    if random.random() < chance:
        sheet = damage.streak(sheet, random)
    if severity is Severity.EXTREME and random.random() < chance:
        sheet = damage.tear_corner(sheet, random)
    return sheet


def encode(images: Sequence[Grey], kind: FileKind, dpi: int, quality: int = 85) -> bytes:
    """The scans as one file; JPEG and PNG hold exactly one page (``ValueError`` otherwise)."""
    pictures = [Image.fromarray(image) for image in images]
    buffer = BytesIO()
    if kind == "pdf":
        return _as_pdf(images, dpi, quality)
    if kind in {"jpeg", "png"}:
        if len(pictures) != 1:
            raise ValueError(f"a {kind} file holds one page; write a PDF or TIFF for more")
        pictures[0].save(buffer, kind.upper(), dpi=(dpi, dpi), quality=quality)
    else:
        fax = kind == "tiff-g4"
        pictures = (
            [picture.convert("1", dither=Image.Dither.NONE) for picture in pictures] if fax else pictures
        )
        compression = "group4" if fax else "tiff_deflate"
        pictures[0].save(
            buffer, "TIFF", save_all=True, append_images=pictures[1:], compression=compression, dpi=(dpi, dpi)
        )
    return buffer.getvalue()


def _as_pdf(images: Sequence[Grey], dpi: int, quality: int) -> bytes:
    pdf = pikepdf.new()
    for image in images:
        rows, columns = image.shape
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        width, height = columns * 72 / dpi, rows * 72 / dpi
        picture = pdf.make_stream(
            data.tobytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=columns,
            Height=rows,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
        page.obj.Contents = pdf.make_stream(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Scan Do Q".encode())
    buffer = BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
