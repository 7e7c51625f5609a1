"""Blank forms that people filled in: in a viewer, with a typewriter or by hand, printed and signed."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
import pikepdf
import pypdfium2
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.material import random_values
from forms.geometry import POINT, Box
from forms.layout import PADDING, comb_pitch, tick_boxes, wrap
from forms.model import Choice, Edition, Field, Mark, Paragraph, Values
from generators.blank import draw_blank
from generators.paper.ink import Pen, draw_strokes, lay_ink, random_pen, sign, strike, write_over
from generators.paper.sheets import Sheet, print_page

Filling = Literal["viewer", "typewriter", "hand"]
Digits = dict[int, NDArray[np.uint8]]
"""Pictures of handwritten digits by what they say: n × 28 × 28, ink is light."""

VIEWER_FACES: Final = ("/Valor", "/Helv", "/Helv", "/TiRo", "/Cour")
_STANDARD: Final = {"/Helv": "Helvetica", "/TiRo": "Times-Roman", "/Cour": "Courier"}
SYSTEM_FACES: Final = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
)
"""Faces that a typewriter borrows where the machine has them; else those that every PDF may name."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled blank: what it says, field by field, and the sheet it says it on."""

    edition: Edition
    filling: Filling
    face: str
    values: Values
    sheet: Sheet
    signed: bool
    pdf: bytes


def fill(edition: Edition, filling: Filling, random: np.random.Generator, digits: Digits | None) -> Filled:
    """A blank of ``edition`` filled with fresh values and (mostly) signed."""
    values = random_values(edition, random)
    face, pdf = "pen", draw_blank(edition)
    if filling == "viewer":
        face = str(random.choice(VIEWER_FACES))
        size = 0.0 if face != "/Valor" and random.random() < 0.5 else float(random.choice((9, 10, 11, 12)))
        pdf = type_in_viewer(pdf, values, face, size if face != "/Valor" else None)
    elif filling == "typewriter":
        face = str(random.choice(SYSTEM_FACES))
        pdf = type_over(pdf, edition, values, face, random)
    sheet = print_page(pdf)
    if filling == "hand":
        sheet = write_by_hand(sheet, edition, values, random, digits)
    signed = random.random() >= 0.15
    if signed:
        sheet = sign(sheet, edition.signature_fields[0].box, random)
    return Filled(edition, filling, face, values, sheet, signed, pdf)


def type_in_viewer(pdf: bytes, values: Values, face: str, size: float | None) -> bytes:
    """The blank filled in a viewer and flattened as when it is printed. ``face`` is a font resource that
    the viewer types with; ``size`` in points, 0 for as large as fits, nothing for the form's own.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        form = document.Root.AcroForm
        for name, base in _STANDARD.items():
            form.DR.Font[name] = document.make_indirect(
                Dictionary(
                    Type=Name.Font,
                    Subtype=Name.Type1,
                    BaseFont=Name("/" + base),
                    Encoding=Name.WinAnsiEncoding,
                )
            )
        for field in form.Fields:
            value = values.get(str(field.T))
            if value is not None:
                _set_value(field, value, face, size)
        buffer = BytesIO()
        document.save(buffer)
    return _flatten(buffer.getvalue())


def _set_value(field: pikepdf.Object, value: str, face: str, size: float | None) -> None:
    if str(field.FT) == str(Name.Btn):
        field.V = Name("/" + value)
        for kid in field.Kids:
            kid.AS = Name("/" + value) if f"/{value}" in kid.AP.N else Name.Off
        return
    field.V = String(value)
    del field.AP
    if size is not None:
        field.DA = String(f"{face} {size:g} Tf 0 g")


def _flatten(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        for number in range(len(document)):
            document[number].flatten()
        buffer = BytesIO()
        document.save(buffer)
    finally:
        document.close()
    return buffer.getvalue()


def type_over(pdf: bytes, edition: Edition, values: Values, face: str, random: np.random.Generator) -> bytes:
    """The printed blank put through a machine that types: one face and size, lines a little off."""
    name = Path(face).stem
    if Path(face).exists():
        pdfmetrics.registerFont(TTFont(name, face))
    else:
        name = "Courier"
    size = float(random.choice((8.5, 9, 10, 11)))
    off = random.normal(0, 0.25, 2)
    buffer = BytesIO()
    canvas = Canvas(buffer, (edition.width / POINT, edition.height / POINT), invariant=1)
    canvas.setFont(name, size)
    for field in edition.value_fields:
        if field.name in values:
            for text, x, y in _typed(field, values[field.name], name, size):
                canvas.drawString((x + off[0]) / POINT, (edition.height - y - off[1]) / POINT, text)
    canvas.save()
    with pikepdf.open(BytesIO(pdf)) as document, pikepdf.open(buffer) as layer:
        document.pages[0].add_overlay(layer.pages[0], None)
        del document.Root.AcroForm
        document.pages[0].Annots = Array([])
        done = BytesIO()
        document.save(done)
    return done.getvalue()


def _typed(field: Field, value: str, face: str, size: float) -> list[tuple[str, float, float]]:
    """The pieces of a value with the left end and baseline of each in mm."""
    box, cap = field.box, 0.7 * size * POINT
    if isinstance(field.kind, Choice | Mark):
        square = dict(tick_boxes(field))[value]
        width = pdfmetrics.stringWidth("X", face, size) * POINT
        return [("X", square.x + (square.width - width) / 2, square.y + (square.height + cap) / 2)]
    if comb := comb_pitch(field):
        middle = box.y + (box.height + cap) / 2
        places = [box.x + (place + 0.5) * comb[1] for place in range(len(value))]
        widths = [pdfmetrics.stringWidth(sign_, face, size) * POINT for sign_ in value]
        return [(sign_, x - width / 2, middle) for sign_, x, width in zip(value, places, widths, strict=True)]
    lines = field.kind.lines if isinstance(field.kind, Paragraph) else 1
    shown = _broken(value, (box.width - 2 * PADDING) / POINT, face, size)
    step = min(5.0, box.height / max(lines, len(shown)))
    first = box.y + (box.height - step * (lines - 1) + cap) / 2
    return [(text, box.x + PADDING, first + step * place) for place, text in enumerate(shown)]


def _broken(value: str, width: float, face: str, size: float) -> list[str]:
    """The value in lines no wider than ``width`` points."""
    count = len(value)
    while count > 1:
        lines = wrap(value, count)
        if all(pdfmetrics.stringWidth(line, face, size) <= width for line in lines):
            return lines
        count -= 1
    return [value]


def write_by_hand(
    sheet: Sheet, edition: Edition, values: Values, random: np.random.Generator, digits: Digits | None
) -> Sheet:
    """The blank filled with one pen; comb digits are pictures of real ones where ``digits`` are given."""
    pen = replace(random_pen(random), width=float(random.uniform(0.3, 0.5)))
    for field in edition.value_fields:
        value = values.get(field.name)
        if value:
            sheet = _write_field(sheet, field, value, pen, random, digits)
    return sheet


def _write_field(
    sheet: Sheet, field: Field, value: str, pen: Pen, random: np.random.Generator, digits: Digits | None
) -> Sheet:
    if isinstance(field.kind, Choice | Mark):
        return tick_by_hand(sheet, dict(tick_boxes(field))[value], pen, random)
    if comb := comb_pitch(field):
        pitch = comb[1]
        for place, shown in enumerate(value):
            cell = Box(field.box.x + place * pitch, field.box.y, pitch, field.box.height)
            if digits and shown.isdigit():
                pictures = digits[int(shown)]
                sheet = paste_digit(sheet, cell, pictures[int(random.integers(len(pictures)))], pen, random)
            else:
                sheet = write_over(sheet, cell, shown, random, pen=pen, pitch=pitch)
        return sheet
    lines = field.kind.lines if isinstance(field.kind, Paragraph) else 1
    height = field.box.height / lines
    texts = wrap(value, max(8, round(field.box.width / 2.6)))
    for place, text in enumerate(texts[:lines]):
        line = Box(field.box.x + 1, field.box.y + place * height, field.box.width - 2, height)
        sheet = write_over(sheet, line, text, random, pen=pen)
    return sheet


def tick_by_hand(sheet: Sheet, box: Box, pen: Pen, random: np.random.Generator) -> Sheet:
    """A tick box marked with a cross, a tick or a stroke, not always inside its lines."""
    x, y, side = box.x, box.y, box.width
    slip = random.normal(0, 0.35, (4, 2))
    match int(random.integers(3)):
        case 0:
            strokes = [
                np.array(
                    [[x + 0.5, y + 0.5], [x + side / 2, y + side / 2], [x + side - 0.4, y + side - 0.4]]
                ),
                np.array(
                    [[x + side - 0.5, y + 0.4], [x + side / 2, y + side / 2], [x + 0.4, y + side - 0.5]]
                ),
            ]
        case 1:
            strokes = [
                np.array([[x + 0.6, y + 2.0], [x + 1.6, y + 3.5], [x + 2.6, y + 1.5], [x + 4.2, y - 0.6]])
            ]
        case _:
            return strike(sheet, box, random, pen)
    moved = [stroke + slip[: len(stroke)] * 0.5 for stroke in strokes]
    return draw_strokes(sheet, moved, pen, random)


def paste_digit(
    sheet: Sheet, cell: Box, picture: NDArray[np.uint8], pen: Pen, random: np.random.Generator
) -> Sheet:
    """A real handwritten digit in a comb's cell, as ink of the pen's colour."""
    rows, columns = np.nonzero(picture > 60)
    cut = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].astype(np.float32) / 255
    tall = cell.height * float(random.uniform(0.5, 0.72))
    scale = min(tall * sheet.px_per_mm / cut.shape[0], 0.85 * cell.width * sheet.px_per_mm / cut.shape[1])
    cover = np.clip(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), 0, 1)
    wide, high = cover.shape[1] / sheet.px_per_mm, cover.shape[0] / sheet.px_per_mm
    left = cell.x + (cell.width - wide) * float(random.uniform(0.3, 0.7))
    top = cell.y + (cell.height - high) * float(random.uniform(0.35, 0.65))
    return lay_ink(sheet, cover, (left, top), pen.grey)


def load_digits(folder: Path, parts: Sequence[slice] = (slice(None),)) -> Digits:
    """The handwritten digits of a folder with gzipped idx files, those of some stretches of it."""
    pictures = np.frombuffer(gzip.decompress((folder / "images-idx3-ubyte.gz").read_bytes())[16:], np.uint8)
    labels = np.frombuffer(gzip.decompress((folder / "labels-idx1-ubyte.gz").read_bytes())[8:], np.uint8)
    shaped = pictures.reshape(-1, 28, 28)
    shown, said = (np.concatenate([every[part] for part in parts]) for every in (shaped, labels))
    return {digit: shown[said == digit] for digit in range(10)}
