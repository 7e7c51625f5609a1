"""What stands in or beside a signature box, by kind: real ink, drawn hands, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from bench.training.material import DATA
from forms.geometry import Box
from generators.paper.ink import Random, draw_strokes, lay_ink, random_pen, sign, sign_with_picture, stamp
from generators.paper.sheets import Grey, Sheet

Adding = Callable[[Sheet, Box, Random], Sheet]
_NAMES: Final = ("María Guamán Quishpe", "Luis Andrade M.", "Ing. Lucía Cárdenas", "José Chimbo Andi")


@cache
def real_signatures() -> tuple[Path, ...]:
    """The pictures of signatures made with a real pen, in the order of their names."""
    folder = DATA / "signatures" / "experiment" / "rect"
    return tuple(
        sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".png", ".jpg", ".bmp"})
    )


@cache
def grey_picture(path: Path) -> Grey:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise ValueError(f"{path} is no picture")
    return np.asarray(image, np.uint8)


def real_pen(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    paths = real_signatures()
    return sign_with_picture(sheet, box, grey_picture(paths[int(rng.integers(len(paths)))]), rng)


def initials(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """Two joined letters, no wider than 8 mm: a paraph, not a name."""
    start = np.array((box.x + rng.uniform(8, box.width - 16), box.y + box.height * rng.uniform(0.45, 0.7)))
    size = float(rng.uniform(4.0, 6.5))
    shape = np.array([(0, 0), (0.12, -0.9), (0.3, -1.0), (0.34, 0.05), (0.5, -0.6), (0.75, -0.7), (0.9, 0.1)])
    line = shape * (size, size) + start + rng.normal(0, 0.25, shape.shape)
    return draw_strokes(sheet, [line], random_pen(rng), rng)


def stamped(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    middle = box.x + box.width * float(rng.uniform(0.35, 0.65)), box.y + box.height / 2
    return stamp(sheet, middle, rng, str(rng.choice(("RECIBIDO", "GERENCIA", "COPIA", "CONTABILIDAD"))))


def smudged(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A thumb's smear of ink or toner: soft, broad and without a line."""
    rows, columns = (round(side * sheet.px_per_mm) for side in (box.height * 0.6, rng.uniform(14, 34)))
    soft = cv2.GaussianBlur(rng.random((rows, columns), np.float32), (0, 0), 2.2 * sheet.px_per_mm)
    soft = (soft - soft.min()) / max(float(np.ptp(soft)), 1e-6)
    window = np.outer(np.hanning(rows), np.hanning(columns)).astype(np.float32)
    corner = box.x + float(rng.uniform(2, 40)), box.y + float(rng.uniform(1, box.height * 0.35))
    cover = (soft * window * float(rng.uniform(0.5, 0.95))).astype(np.float32)
    return lay_ink(sheet, cover, corner, float(rng.uniform(40, 110)))


def folded(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A hard crease through the box, its toner and dirt in it."""
    y = box.y + box.height * float(rng.uniform(0.25, 0.75))
    rows, columns = round(1.2 * sheet.px_per_mm), round((sheet.width - 8) * sheet.px_per_mm)
    crease = np.exp(-np.square(np.linspace(-2.5, 2.5, rows)))[:, None] * rng.uniform(0.3, 1.0, (1, columns))
    return lay_ink(sheet, crease.astype(np.float32), (4.0, y), float(rng.uniform(80, 150)))


def typed(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A name by typewriter or printer, in a book face or an oblique one that plays at handwriting."""
    text = str(rng.choice(_NAMES))
    face = int(rng.choice((cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX)))
    size, thick = float(rng.uniform(0.9, 1.5)), 2
    (width, height), base = cv2.getTextSize(text, face, size, thick)
    layer = np.zeros((height + base + 6, width + 6), np.uint8)
    cv2.putText(layer, text, (3, height + 2), face, size, 255, thick, cv2.LINE_AA)
    corner = box.x + float(rng.uniform(3, 10)), box.y + box.height * float(rng.uniform(0.3, 0.55))
    return lay_ink(sheet, (layer / 255).astype(np.float32), corner, 24)


def ruled(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    y = box.y + box.height * float(rng.uniform(0.5, 0.85))
    rows, columns = max(2, round(0.3 * sheet.px_per_mm)), round(box.width * 0.8 * sheet.px_per_mm)
    return lay_ink(sheet, np.ones((rows, columns), np.float32), (box.x + box.width * 0.1, y), 30)


def outside(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A real signature below, above or to the left of the box, over whatever is printed there."""
    places = (
        Box(box.x - 5, box.bottom + 1.5, box.width, min(20.0, 288 - box.bottom)),
        Box(20, box.bottom + 3, 75, min(20.0, 286 - box.bottom)),
        Box(18, box.y - 2, 80, 20),
        Box(90, box.y - 28, 90, 22),
    )
    return real_pen(sheet, places[int(rng.integers(len(places)))], rng)


def pasted(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A bitmap of a real signature put into the file and printed by laser: as black line art, or as grey in
    a screen of dots.
    """
    signed = real_pen(Sheet(np.full_like(sheet.image, 255), sheet.px_per_mm), box, rng)
    return print_picture(sheet, signed.image, screened=bool(rng.random() < 0.5))


def print_picture(sheet: Sheet, picture: Grey, *, screened: bool, lines_per_inch: float = 85.0) -> Sheet:
    """A grey picture of the sheet's size as a laser printer lays it on: black or nothing, in a screen of dots
    turned by 45° where it is ``screened``.
    """
    cover = np.clip((255 - picture.astype(np.float32)) / 255, 0, 1)
    per_mm = sheet.px_per_mm
    if screened:
        rows, columns = np.indices(picture.shape, dtype=np.float32)
        step = 2 * np.pi * lines_per_inch / 25.4 / per_mm / np.sqrt(2)
        threshold = 0.5 + 0.25 * (np.cos((rows + columns) * step) + np.cos((rows - columns) * step))
        cover = (cover > np.clip(threshold, 0.04, 0.98)).astype(np.float32)
    else:
        cover = (cover > 0.3).astype(np.float32)
    toner = cv2.GaussianBlur(cover, (0, 0), 0.03 * per_mm)
    return lay_ink(sheet, toner, (0.0, 0.0), 24)


def nothing(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    del box, rng
    return sheet


KINDS: Final[Mapping[str, Adding]] = MappingProxyType(
    {
        "real pen": real_pen,
        "drawn hand": sign,
        "initials": initials,
        "empty": nothing,
        "stamp": stamped,
        "smudge": smudged,
        "fold": folded,
        "typed name": typed,
        "line": ruled,
        "outside the box": outside,
        "pasted bitmap": pasted,
    }
)
