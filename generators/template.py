"""The unchanging part of an edition's page as a PDF, drawn once by reportlab and kept.

A document then only adds its values and its symbols (``generators.pages``), which is what makes
drawing fast. Measures come in as mm from the top-left; PDF counts points from the bottom-left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import assert_never

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from forms.geometry import POINT, Box
from forms.layout import PRINTABLE, comb_pitch, tick_boxes
from forms.model import (
    Align,
    Annex,
    Choice,
    Comb,
    Date,
    Edition,
    Face,
    Field,
    Furniture,
    Mark,
    Panel,
    Paragraph,
    Period,
    Rule,
    Signature,
    Text,
    Wording,
)
from generators.marks import MARK_MODULES, MARK_ROWS
from generators.tagging import Numbers, PageStructure, PageTags, plan_structure
from generators.typefaces import VALUE_FACE, drawn_alone, face_name, register_faces

_LABEL_SIZE = 7.0
_OPTION_SIZE = 8.5
_THIN, _FIRM = 0.18, 0.3


class Pen:
    """A reportlab canvas that takes mm from the top-left of the page."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self._canvas = canvas
        self._height = height
        self.tags: Numbers | None = None

    def _y(self, y: float) -> float:
        return (self._height - y) / POINT

    @contextmanager
    def _marked(self, begin: str) -> Iterator[None]:
        """Drawing inside as one piece of marked content, where the page is tagged at all."""
        # The canvas has no words for marked content; its list of operators is where they go.
        code = self._canvas._code
        if self.tags is not None:
            code.append(begin)
        yield
        if self.tags is not None:
            code.append("EMC")

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float, grey: float = 0.0) -> None:
        with self._marked("/Artifact BMC"):
            self._canvas.setLineWidth(weight / POINT)
            self._canvas.setStrokeGray(grey)
            self._canvas.line(x1 / POINT, self._y(y1), x2 / POINT, self._y(y2))

    def frame(self, box: Box, weight: float) -> None:
        with self._marked("/Artifact BMC"):
            self._canvas.setLineWidth(weight / POINT)
            self._canvas.setStrokeGray(0)
            self._canvas.rect(box.x / POINT, self._y(box.bottom), box.width / POINT, box.height / POINT)

    def fill(self, box: Box, grey: float = 0.0) -> None:
        with self._marked("/Artifact BMC"):
            self._canvas.setFillGray(grey)
            self._canvas.rect(
                box.x / POINT, self._y(box.bottom), box.width / POINT, box.height / POINT, stroke=0, fill=1
            )

    def write(self, wording: Wording) -> int:
        """Write one line; its number of marked content, 0 on a page without tags."""
        number = self.tags.take() if self.tags is not None else 0
        with self._marked(f"/Span <</MCID {number}>> BDC"):
            self._show(wording)
        return number

    def _show(self, wording: Wording) -> None:
        self._canvas.setFillGray(wording.grey)
        self._canvas.setFont(face_name(wording.face), wording.size)
        x, y = wording.x / POINT, self._y(wording.baseline)
        match wording.align:
            case Align.LEFT:
                self._canvas.drawString(x, y, wording.text)
            case Align.CENTRE:
                self._canvas.drawCentredString(x, y, wording.text)
            case Align.RIGHT:
                self._canvas.drawRightString(x, y, wording.text)
            case _:
                assert_never(wording.align)


@dataclass(frozen=True, slots=True)
class Template:
    """A drawn edition without any value.

    ``pdf`` embeds the whole value face; ``codes`` says under which font resource and code each
    printable sign is found there, the same on every page. ``structures`` is how each page is read aloud.
    """

    pdf: bytes
    codes: Mapping[str, tuple[str, int]]
    structures: tuple[PageStructure, ...]


@drawn_alone
def draw_template(edition: Edition) -> Template:
    """Draw all that every copy of ``edition`` shows; the same bytes every time."""
    register_faces()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(edition.width / POINT, edition.height / POINT), invariant=1)
    canvas.setTitle(edition.title)
    pen = Pen(canvas, edition.height)
    codes = _embed_value_face(canvas)
    structures = []
    for page in range(1, edition.pages + 1):
        pen.tags = tags = PageTags(edition=edition, page=page)
        draw_fixed_parts(pen, edition, page)
        structures.append(plan_structure(tags))
        canvas.showPage()
    canvas.save()
    return Template(buffer.getvalue(), codes, tuple(structures))


def _embed_value_face(canvas: Canvas) -> dict[str, tuple[str, int]]:
    """Have the document embed every printable sign, though none is drawn yet."""
    font, document = pdfmetrics.getFont(VALUE_FACE), canvas._doc
    codes: dict[str, tuple[str, int]] = {}
    for sign in sorted(PRINTABLE):
        ((subset, code),) = font.splitString(sign, document)
        codes[sign] = (font.getSubsetInternalName(subset, document), code[0])
    return codes


def draw_fixed_parts(pen: Pen, edition: Edition, page: int) -> None:
    """All that every copy of this page shows: marks, furniture, labels and the frames of fields."""
    for box, number in zip(edition.frame.marks, edition.frame.mark_numbers, strict=True):
        _draw_mark(pen, box, number)
    for part in edition.furniture:
        if part.page == page:
            _draw_furniture(pen, part)
    for field in edition.fields:
        if field.page == page:
            _draw_field(pen, field)


def _draw_mark(pen: Pen, box: Box, number: int) -> None:
    module = box.width / MARK_MODULES
    for row, modules in enumerate(MARK_ROWS[number]):
        for column, module_is_black in enumerate(modules):
            if module_is_black == "1":
                # A hair of overlap keeps renderers from showing seams between modules.
                pen.fill(Box(box.x + column * module, box.y + row * module, module + 0.01, module + 0.01))


def _draw_furniture(pen: Pen, part: Furniture) -> None:
    match part:
        case Wording():
            number = pen.write(part)
            if isinstance(pen.tags, PageTags):
                pen.tags.add_wording(part, number)
        case Rule():
            pen.line(part.x1, part.y1, part.x2, part.y2, part.weight, part.grey)
        case Panel():
            pen.fill(part.box, part.grey)
        case _:
            assert_never(part)


def _draw_field(pen: Pen, field: Field) -> None:
    kind, box, numbers = field.kind, field.box, []
    if not isinstance(kind, Mark):
        numbers.append(pen.write(Wording(field.label, box.x, box.y - 1.1, _LABEL_SIZE)))
    numbers += _draw_box(pen, field)
    if isinstance(pen.tags, PageTags):
        pen.tags.add_field(field.name, box.y - 1.1, box.x, numbers)


def _draw_box(pen: Pen, field: Field) -> list[int]:
    """The frame of a field; numbers of what is written in it."""
    kind, box = field.kind, field.box
    match kind:
        case Text() | Paragraph() | Annex():
            pen.frame(box, _THIN)
        case Comb() | Date() | Period():
            _draw_comb(pen, field)
        case Choice():
            return _draw_ticks(pen, field, [option.label for option in kind.options])
        case Mark():
            return _draw_ticks(pen, field, [kind.statement])
        case Signature():
            return _draw_signature(pen, field, kind)
        case _:
            assert_never(kind)
    return []


def _draw_comb(pen: Pen, field: Field) -> None:
    cells, pitch = comb_pitch(field) or (0, 0.0)
    pen.frame(field.box, _FIRM)
    for place in range(1, cells):
        x = field.box.x + place * pitch
        pen.line(x, field.box.y, x, field.box.bottom, _THIN)


def _draw_ticks(pen: Pen, field: Field, labels: list[str]) -> list[int]:
    numbers = []
    for (_, box), label in zip(tick_boxes(field), labels, strict=True):
        pen.frame(box, _FIRM)
        numbers.append(pen.write(Wording(label, box.right + 1.4, box.y + 3.05, _OPTION_SIZE)))
    return numbers


def _draw_signature(pen: Pen, field: Field, kind: Signature) -> list[int]:
    pen.frame(field.box, _FIRM)
    middle, numbers = field.box.x + field.box.width / 2, []
    for place, line in enumerate(reversed(kind.caption)):
        foot = field.box.bottom - 1.5 - 3 * place
        numbers.append(pen.write(Wording(line, middle, foot, 6.5, Face.PLAIN, Align.CENTRE)))
    return numbers[::-1]
