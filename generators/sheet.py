"""The regenerated sheet and the before/after comparison as PDFs, for the employer and the archive.

Columns and foot follow the institute's own sheet (domain: RT, cédula, name, wage, days, observation,
value, part time). All text comes ready to be shown; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from forms.geometry import A4_HEIGHT, A4_WIDTH, POINT, Box
from forms.model import Align, Face, Wording
from generators.symbols import Symbol
from generators.template import Pen
from generators.typefaces import face_name, register_faces

_LEFT: Final = 15.0
_RIGHT: Final = 195.0
_TOP: Final = 74.0
_BOTTOM: Final = 268.0
_ROW: Final = 5.2
_SIZE: Final = 8.0
_SEAL: Final = Box(167, 14, 28, 28)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over every page: title, the facts as label and value, and the note below them."""

    title: str
    facts: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, where it ends (right-aligned) or starts, in mm from the page's left."""

    heading: str
    x: float
    align: Align = Align.LEFT
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """Texts of one row, in the order of the columns; a strong row stands out, an indented one explains."""

    cells: tuple[str, ...]
    strong: bool = False
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class TablePaper:
    """A paper that is a table over as many pages as it needs, and lines of totals at its end."""

    heading: Heading
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[tuple[str, str], ...]
    closing: tuple[str, ...] = ()


SHEET_COLUMNS: Final = (
    Column("RT", 15),
    Column("CÉDULA", 24),
    Column("NOMBRE", 46, width=62),
    Column("SUELDO", 131, Align.RIGHT),
    Column("DÍAS", 143, Align.RIGHT),
    Column("OBS", 147),
    Column("VALOR", 176, Align.RIGHT),
    Column("T. PARCIAL", 195, Align.RIGHT),
)
COMPARISON_COLUMNS: Final = (
    Column("CÉDULA", 15),
    Column("NOMBRE", 38, width=66),
    Column("DATO", 108),
    Column("ANTES", 160, Align.RIGHT),
    Column("DESPUÉS", 195, Align.RIGHT),
)

SealOf = Callable[[int, int], Symbol | None]
"""The symbol of page n of m."""


def draw_table_paper(paper: TablePaper, document: str, seal_of: SealOf) -> bytes:
    """Draw the paper; the same bytes every time. ``document`` is its number, printed under the symbol."""
    register_faces()
    pages = _paginate(paper)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(A4_WIDTH / POINT, A4_HEIGHT / POINT), invariant=1)
    canvas.setTitle(f"{paper.heading.title} {document}".strip())
    canvas.setAuthor("Ventanilla")
    for number, rows in enumerate(pages, start=1):
        pen = Pen(canvas, A4_HEIGHT)
        _draw_heading(pen, paper, document, number, len(pages))
        symbol = seal_of(number, len(pages))
        if symbol is not None:
            _draw_symbol(pen, symbol)
        end = _draw_rows(pen, paper, rows)
        if number == len(pages):
            _draw_totals(pen, paper, end)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _paginate(paper: TablePaper) -> list[list[Row]]:
    """Rows of each page; the totals need room on the last one."""
    room = _BOTTOM - _TOP - 8
    closing = _ROW * (len(paper.totals) + len(paper.closing) + 3)
    pages: list[list[Row]] = [[]]
    used = 0.0
    for row in paper.rows:
        height = _height(row)
        if used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    if used + closing > room:
        pages.append([])
    return pages


def _height(row: Row) -> float:
    return _ROW * (1 + len(_wrap(row.explanation)))


def _wrap(text: str, face: Face = Face.SLANTED, size: float = 7.0) -> list[str]:
    """Lines of a text, 148 mm wide at its size."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _width(joined, face, size) <= 148:
            lines[-1] = joined
        elif not lines:
            lines.append(word)
        else:
            lines.append(word)
    return lines


def _width(text: str, face: Face, size: float) -> float:
    return float(stringWidth(text, face_name(face), size)) * POINT


def _draw_heading(pen: Pen, paper: TablePaper, document: str, number: int, count: int) -> None:
    heading = paper.heading
    pen.write(Wording("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", _LEFT, 18, 10.5, Face.STRONG))
    pen.write(Wording("Trámite: Regeneración de planillas de aportes", _LEFT, 22.4, 8.5))
    pen.write(Wording(heading.title, _LEFT, 33, 15, Face.STRONG))
    _draw_facts(pen, heading.facts)
    if heading.note:
        pen.write(Wording(heading.note, _LEFT, 70, 7.5, Face.SLANTED))
    pen.write(Wording(document, 195, 46, 8, Face.STRONG, Align.RIGHT))
    pen.write(Wording(f"Hoja {number} de {count}", 195, 50, 8, Face.PLAIN, Align.RIGHT))
    pen.line(_LEFT, _TOP - 1.5, _RIGHT, _TOP - 1.5, 0.35)
    for column in paper.columns:
        pen.write(Wording(column.heading, column.x, _TOP + 3, 7.2, Face.STRONG, column.align))
    pen.line(_LEFT, _TOP + 4.8, _RIGHT, _TOP + 4.8, 0.2)
    pen.write(Wording(f"Compruebe este documento en /verificar  ·  {document}", _LEFT, 283, 7))


def _draw_facts(pen: Pen, facts: Sequence[tuple[str, str]]) -> None:
    """The first fact, a name, on as many lines as it needs; the others three in a row under it."""
    (label, name), *others = facts
    pen.write(Wording(label, _LEFT, 39.5, 6.8))
    lines = _wrap(name, Face.STRONG, 8.5)
    for place, line in enumerate(lines):
        pen.write(Wording(line, _LEFT, 43.1 + 3.6 * place, 8.5, Face.STRONG))
    top = 47.8 + 3.6 * (len(lines) - 1)
    for place, (label, value) in enumerate(others):
        x, y = _LEFT + 50 * (place % 3), top + 7.6 * (place // 3)
        pen.write(Wording(label, x, y, 6.8))
        pen.write(Wording(value, x, y + 3.8, 9, Face.STRONG))


def _draw_symbol(pen: Pen, symbol: Symbol) -> None:
    module = _SEAL.width / symbol.size
    for place in range(0, len(symbol.runs), 3):
        column, row, length = symbol.runs[place : place + 3]
        pen.fill(Box(_SEAL.x + column * module, _SEAL.y + row * module, length * module, module))


def _draw_rows(pen: Pen, paper: TablePaper, rows: Sequence[Row]) -> float:
    y = _TOP + 8.6
    for row in rows:
        face = Face.STRONG if row.strong else Face.PLAIN
        for column, text in zip(paper.columns, row.cells, strict=True):
            shown = _fitted(text, column, face)
            pen.write(Wording(shown, column.x, y, _SIZE, face, column.align))
        for line in _wrap(row.explanation):
            y += _ROW
            pen.write(Wording(line, 38, y - 1.0, 7, Face.SLANTED))
        pen.line(_LEFT, y + 1.7, _RIGHT, y + 1.7, 0.08, 0.55)
        y += _ROW
    return y


def _fitted(text: str, column: Column, face: Face) -> str:
    """A name that is longer than its column ends in an ellipsis; its number stands beside it whole."""
    if not column.width or _width(text, face, _SIZE) <= column.width:
        return text
    while _width(f"{text}…", face, _SIZE) > column.width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _draw_totals(pen: Pen, paper: TablePaper, y: float) -> None:
    y += 2
    for place, (label, value) in enumerate(paper.totals):
        last = place == len(paper.totals) - 1
        face = Face.STRONG if last else Face.PLAIN
        if last:
            pen.line(105, y - 3.9, _RIGHT, y - 3.9, 0.35)
        pen.write(Wording(label, 105, y, 8.5, face))
        pen.write(Wording(value, 195, y, 8.5, face, Align.RIGHT))
        y += _ROW
    for line in paper.closing:
        y += _ROW
        pen.write(Wording(line, _LEFT, y, 8))
