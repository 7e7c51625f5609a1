"""The regenerated sheet and the before/after comparison as PDFs, for the employer and the archive.

Columns and foot follow the institute's own sheet (domain: RT, cédula, name, wage, days, observation,
value, part time). All text comes ready to be shown; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from forms.geometry import A4_HEIGHT, A4_WIDTH, POINT, Box
from forms.model import Align, Face, Wording
from generators.symbols import Symbol
from generators.tagging import TableTags, add_table_structure
from generators.template import Pen
from generators.typefaces import drawn_alone, face_name, register_faces

_LEFT: Final = 15.0
_RIGHT: Final = 195.0
_TOP: Final = 74.0
_BOTTOM: Final = 268.0
_ROW: Final = 5.2
_SIZE: Final = 8.0
_NOTE: Final = 3.4
"""Mm from line to line of the small text under rows and foot, which is ``_NOTE_SIZE`` points high."""
_NOTE_SIZE: Final = 7.0
_WIDE: Final = 180.0
_SEAL: Final = Box(167, 14, 28, 28)
_MOST_TOLD: Final = 2_000
"""Rows up to which a paper is tagged: the structure of 50,000 would be larger than all the rest."""


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
    """Texts of one row, in the order of the columns; ``explanation`` stands under it, wrapped.

    A ``strong`` row stands out; one that is ``together`` is never the last of its page; a ``light`` one
    has no rule under it. ``running`` are the sums so far, as place of the column and text: they are carried
    from page to page («Suman y pasan», «Vienen»).
    """

    cells: tuple[str, ...]
    strong: bool = False
    explanation: str = ""
    together: bool = False
    light: bool = False
    running: tuple[tuple[int, str], ...] = ()


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
    Column("NOMBRE · DATO", 38, width=88),
    Column("", 128),
    Column("ANTES", 168, Align.RIGHT),
    Column("DESPUÉS", 195, Align.RIGHT),
)

SealOf = Callable[[int, int], Symbol | None]
"""The symbol of page n of m."""


@drawn_alone
def draw_table_paper(paper: TablePaper, document: str, seal_of: SealOf) -> bytes:
    """Draw the paper; the same bytes every time. ``document`` is its number, printed under the symbol."""
    register_faces()
    pages = _paginate(paper)
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(A4_WIDTH / POINT, A4_HEIGHT / POINT), invariant=1)
    canvas.setTitle(f"{paper.heading.title} {document}".strip())
    canvas.setAuthor("Ventanilla")
    before: Row | None = None
    tags: list[TableTags] = []
    is_told = len(paper.rows) <= _MOST_TOLD
    for number, rows in enumerate(pages, start=1):
        pen = Pen(canvas, A4_HEIGHT)
        told = TableTags()
        if is_told:
            pen.tags = told
            tags.append(told)
        _draw_heading(pen, told, paper, document, number, len(pages))
        symbol = seal_of(number, len(pages))
        if symbol is not None:
            _draw_symbol(pen, symbol)
        y = _TOP + 8.6
        if before is not None and before.running:
            y = _draw_carried(pen, told, paper, before, "Vienen", y)
        y = _draw_rows(pen, told, paper, rows, y)
        before = rows[-1] if rows else before
        if number == len(pages):
            _draw_totals(pen, told, paper, y)
        elif before is not None and before.running:
            _draw_carried(pen, told, paper, before, "Suman y pasan", y)
        canvas.showPage()
    canvas.save()
    return _tell(buffer.getvalue(), paper, tags) if is_told else buffer.getvalue()


def _tell(pdf: bytes, paper: TablePaper, tags: Sequence[TableTags]) -> bytes:
    """The paper with its structure."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        add_table_structure(document, paper.heading.title, tags)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _paginate(paper: TablePaper) -> list[list[Row]]:
    """Rows of each page; the totals need room on the last one, and carried sums on every one."""
    carried = 2 * _ROW if any(row.running for row in paper.rows) else 0.0
    room = _BOTTOM - _TOP - 8 - carried
    pages: list[list[Row]] = [[]]
    used = 0.0
    for rows in _blocks(paper.rows):
        height = sum(_height(row, paper.columns) for row in rows)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        for row in rows:
            # A block that is taller than a page is broken where it must be.
            if pages[-1] and used + _height(row, paper.columns) > room:
                pages.append([])
                used = 0.0
            pages[-1].append(row)
            used += _height(row, paper.columns)
    if used + _closing_height(paper) > room + carried:
        pages.append([])
    return pages


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that stay on one page: those that are together with the one that follows them."""
    block: list[Row] = []
    for row in rows:
        block.append(row)
        if not row.together:
            yield block
            block = []
    if block:
        yield block


def _closing_height(paper: TablePaper) -> float:
    lines = sum(len(_wrap(text, Face.PLAIN, _NOTE_SIZE, _WIDE)) for text in paper.closing)
    return _ROW * (len(paper.totals) + 1.5) + _NOTE * (lines + 1)


def _height(row: Row, columns: Sequence[Column]) -> float:
    below = len(_wrap(row.explanation)) if row.explanation else 0
    return _ROW + _NOTE * (below + _most_lines(row, columns) - 1)


def _most_lines(row: Row, columns: Sequence[Column]) -> int:
    return max(
        (
            len(_fold(text, column, _face_of(row)))
            for column, text in zip(columns, row.cells, strict=True)
            if column.width
        ),
        default=1,
    )


def _face_of(row: Row) -> Face:
    return Face.STRONG if row.strong else Face.PLAIN


def _fold(text: str, column: Column, face: Face) -> list[str]:
    """The lines of a cell: a name longer than its column goes on below, whole."""
    if not column.width or _width(text, face, _SIZE) <= column.width:
        return [text]
    return _wrap(text, face, _SIZE, column.width)


def _wrap(text: str, face: Face = Face.SLANTED, size: float = 7.0, width: float = 148.0) -> list[str]:
    """Lines of a text, ``width`` mm wide at its size."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _width(joined, face, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _width(text: str, face: Face, size: float) -> float:
    return float(stringWidth(text, face_name(face), size)) * POINT


def _draw_heading(
    pen: Pen, told: TableTags, paper: TablePaper, document: str, number: int, count: int
) -> None:
    heading = paper.heading
    pen.write(Wording("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", _LEFT, 18, 10.5, Face.STRONG))
    pen.write(Wording("Trámite: Regeneración de planillas de aportes", _LEFT, 22.4, 8.5))
    told.add_text("P", 0)
    pen.write(Wording(heading.title, _LEFT, 33, 15, Face.STRONG))
    told.add_text("H1" if number == 1 else "P", told.count - 1)
    since = told.count
    _draw_facts(pen, heading.facts)
    if heading.note and number == 1:
        pen.write(Wording(heading.note, _LEFT, 70, 8, Face.STRONG))
    pen.write(Wording(document, 195, 46, 8, Face.STRONG, Align.RIGHT))
    pen.write(Wording(f"Hoja {number} de {count}", 195, 50, 8, Face.PLAIN, Align.RIGHT))
    pen.line(_LEFT, _TOP - 1.5, _RIGHT, _TOP - 1.5, 0.35)
    pen.write(Wording(f"Compruebe este documento en /verificar  ·  {document}", _LEFT, 283, 7))
    told.add_text("P", since)
    heads = [
        [pen.write(Wording(column.heading, column.x, _TOP + 3, 7.2, Face.STRONG, column.align))]
        for column in paper.columns
    ]
    told.add_row("TH", heads)
    pen.line(_LEFT, _TOP + 4.8, _RIGHT, _TOP + 4.8, 0.2)


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


def _draw_rows(pen: Pen, told: TableTags, paper: TablePaper, rows: Sequence[Row], y: float) -> float:
    for row in rows:
        face, lines, cells = _face_of(row), 1, []
        for column, text in zip(paper.columns, row.cells, strict=True):
            folded = _fold(text, column, face) if text else []
            cells.append(
                [
                    pen.write(Wording(line, column.x, y + _NOTE * place, _SIZE, face, column.align))
                    for place, line in enumerate(folded)
                ]
            )
            lines = max(lines, len(folded))
        told.add_row("TD", cells)
        y += _NOTE * (lines - 1)
        below = []
        for line in _wrap(row.explanation) if row.explanation else ():
            y += _NOTE
            below.append(pen.write(Wording(line, 38, y, 7, Face.SLANTED)))
        if below:
            told.add_row("TD", [below])
        if not row.light:
            pen.line(_LEFT, y + 1.7, _RIGHT, y + 1.7, 0.08, 0.55)
        y += _ROW
    return y


def _draw_carried(pen: Pen, told: TableTags, paper: TablePaper, row: Row, label: str, y: float) -> float:
    """The sums up to ``row``, at the foot of its page or at the head of the next."""
    cells = [[pen.write(Wording(label, paper.columns[2].x, y, _SIZE, Face.SLANTED))]]
    for place, text in row.running:
        column = paper.columns[place]
        cells.append([pen.write(Wording(text, column.x, y, _SIZE, Face.SLANTED, column.align))])
    told.add_row("TD", cells)
    pen.line(_LEFT, y + 1.7, _RIGHT, y + 1.7, 0.2)
    return y + _ROW


def _draw_totals(pen: Pen, told: TableTags, paper: TablePaper, y: float) -> None:
    y += 2
    since = told.count
    for place, (label, value) in enumerate(paper.totals):
        last = place == len(paper.totals) - 1
        face = Face.STRONG if last else Face.PLAIN
        if last:
            pen.line(105, y - 3.9, _RIGHT, y - 3.9, 0.35)
        pen.write(Wording(label, 105, y, 8.5, face))
        pen.write(Wording(value, 195, y, 8.5, face, Align.RIGHT))
        y += _ROW
    for text in paper.closing:
        for line in _wrap(text, Face.PLAIN, _NOTE_SIZE, _WIDE):
            y += _NOTE
            pen.write(Wording(line, _LEFT, y, _NOTE_SIZE))
    told.add_text("P", since)
