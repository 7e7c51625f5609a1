"""The structure of a page for those who hear it and do not see it: tagged PDF (ISO 32000-1, 14.7 and 14.8).

Each text that is drawn is a piece of marked content with a number; the structure tree puts the pieces into
the order in which they are read, whatever the order in which they were drawn. Lines and frames are artifacts.
The tree is made once for an edition: a document puts its values into pieces that the tree has foreseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from forms.model import Edition, Face, Wording

_HEADING: Final = re.compile(r"\d+\.  \S")
FULL_SYMBOL: Final = "full-symbol"
SMALL_SYMBOL: Final = "small-symbol"
REFERENCE: Final = "reference"
OWN: Final = (FULL_SYMBOL, SMALL_SYMBOL, REFERENCE)
"""Pieces that every page has besides the values of its fields."""
_SYMBOL_TEXT: Final = "Código impreso con el que se comprueba este documento"


@dataclass(frozen=True, slots=True)
class Piece:
    """An element of the structure: its kind (``H1``, ``H2``, ``P``, ``Figure``), where it begins on the page
    in mm, and its marked content by number. ``name`` is the field that it tells, or empty.
    """

    kind: str
    y: float
    x: float
    contents: tuple[int, ...]
    name: str = ""


@dataclass(slots=True)
class Numbers:
    """Numbers of marked content, given out while one page is drawn."""

    count: int = 0

    def take(self) -> int:
        """The next number of this page."""
        self.count += 1
        return self.count - 1


@dataclass(slots=True)
class PageTags(Numbers):
    """What is drawn on one page of an edition, as it is drawn."""

    edition: Edition = field(kw_only=True)
    page: int = field(kw_only=True)
    pieces: list[Piece] = field(default_factory=list, kw_only=True)

    def add_wording(self, wording: Wording, number: int) -> None:
        self.pieces.append(Piece(_kind_of(self.edition, wording), wording.baseline, wording.x, (number,)))

    def add_field(self, name: str, y: float, x: float, numbers: Sequence[int]) -> None:
        """A field's label and what is printed with it; its value's number comes after all fixed ones."""
        self.pieces.append(Piece("P", y, x, tuple(numbers), name))


def _kind_of(edition: Edition, wording: Wording) -> str:
    if wording.text == edition.title:
        return "H1"
    return "H2" if wording.face is Face.STRONG and _HEADING.match(wording.text) else "P"


@dataclass(frozen=True, slots=True)
class PageStructure:
    """The pieces of one page in reading order, and the number of each piece that a document fills."""

    pieces: tuple[Piece, ...]
    own: dict[str, int]


def plan_structure(tags: PageTags) -> PageStructure:
    """Put the drawn pieces in reading order, and foresee those of values, symbols and reference."""
    edition, page = tags.edition, tags.page
    names = [each.name for each in edition.fields if each.page == page and each.holds_value]
    own = {name: tags.count + place for place, name in enumerate((*names, *OWN))}
    frame = edition.frame
    boxes = {FULL_SYMBOL: frame.full_seal, SMALL_SYMBOL: frame.small_seal, REFERENCE: frame.reference}
    pieces = [
        Piece(each.kind, each.y, each.x, (*each.contents, own[each.name]), each.name)
        if each.name in own
        else each
        for each in tags.pieces
    ]
    pieces += (
        Piece("P" if name == REFERENCE else "Figure", box.y, box.x, (own[name],), name)
        for name, box in boxes.items()
    )
    # What stands on one line within half a line's height is read from left to right.
    ordered = sorted(pieces, key=lambda each: (round(each.y / 2), each.x))
    titles = [each for each in ordered if each.kind == "H1"]
    return PageStructure((*titles, *(each for each in ordered if each.kind != "H1")), own)


def add_structure(pdf: Pdf, title: str, structures: Sequence[PageStructure]) -> None:
    """Write the structure tree of all pages into a document whose streams carry the numbers."""
    root, document = _begin_tree(pdf)
    numbers = Array()
    for place, (page, structure) in enumerate(zip(pdf.pages, structures, strict=True)):
        page.obj.StructParents = place
        parents: dict[int, pikepdf.Object] = {}
        for piece in structure.pieces:
            element = pdf.make_indirect(_element(document, page.obj, piece))
            document.K.append(element)
            parents |= dict.fromkeys(piece.contents, element)
        row = pdf.make_indirect(Array(parents[each] for each in sorted(parents)))
        numbers.extend(Array([place, row]))
    _end_tree(pdf, root, numbers, title)


def _begin_tree(pdf: Pdf) -> tuple[pikepdf.Object, pikepdf.Object]:
    """The root of a structure, and the one element that holds the whole document."""
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array()))
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=document))
    document.P = root
    return root, document


def _end_tree(pdf: Pdf, root: pikepdf.Object, numbers: Array, title: str) -> None:
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String("es-EC")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = ["es-EC"]


@dataclass(slots=True)
class TableTags(Numbers):
    """What is drawn on one page of a paper that is a table: texts before and after it, and its rows.

    ``parts`` are, in the order of reading, a kind with its numbers, or ``TR`` with its cells, each a kind
    (``TH``, ``TD``) with its numbers.
    """

    parts: list[tuple[str, list[int] | list[tuple[str, list[int]]]]] = field(default_factory=list)

    def add_text(self, kind: str, since: int) -> None:
        """All that was written since the number ``since``, each line a part of its own."""
        self.parts += [(kind, [number]) for number in range(since, self.count)]

    def add_row(self, kind: str, cells: Sequence[list[int]]) -> None:
        """A row of cells, each with the numbers of its lines."""
        self.parts.append(("TR", [(kind, cell) for cell in cells if cell]))


def add_table_structure(pdf: Pdf, title: str, pages: Sequence[TableTags]) -> None:
    """Write the structure tree of a paper that is one table over many pages."""
    root, document = _begin_tree(pdf)
    table = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Table, P=document, K=Array()))
    numbers, begun = Array(), False
    for place, (page, tags) in enumerate(zip(pdf.pages, pages, strict=True)):
        page.obj.StructParents = place
        parents: dict[int, pikepdf.Object] = {}
        for kind, contents in tags.parts:
            if kind == "TR" and not begun:
                document.K.append(table)
                begun = True
            _add_part(pdf, table if kind == "TR" else document, page.obj, kind, contents, parents)
        row = pdf.make_indirect(Array(parents[each] for each in sorted(parents)))
        numbers.extend(Array([place, row]))
    _end_tree(pdf, root, numbers, title)


def _add_part(
    pdf: Pdf,
    parent: pikepdf.Object,
    page: pikepdf.Object,
    kind: str,
    contents: Sequence[int] | Sequence[tuple[str, list[int]]],
    parents: dict[int, pikepdf.Object],
) -> None:
    element = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=parent, Pg=page, K=Array())
    )
    parent.K.append(element)
    for each in contents:
        if isinstance(each, tuple):
            _add_part(pdf, element, page, *each, parents)
        else:
            element.K.append(each)
            parents[each] = element


def _element(parent: pikepdf.Object, page: pikepdf.Object, piece: Piece) -> Dictionary:
    contents = Array(piece.contents) if len(piece.contents) > 1 else piece.contents[0]
    element = Dictionary(Type=Name.StructElem, S=Name(f"/{piece.kind}"), P=parent, Pg=page, K=contents)
    if piece.kind == "Figure":
        element.Alt = String(_SYMBOL_TEXT)
    return element


def add_widgets(
    pdf: Pdf, structures: Sequence[PageStructure], widgets: Iterator[tuple[str, pikepdf.Object]]
) -> None:
    """Put the widgets of a fillable form under the elements that tell their fields; ``widgets`` are names of
    fields with their annotations.
    """
    root = pdf.Root.StructTreeRoot
    elements = iter(root.K.K)
    by_name = {piece.name: next(elements) for structure in structures for piece in structure.pieces}
    for name, widget in widgets:
        key = int(root.ParentTreeNextKey)
        parent = by_name[name]
        reference = Dictionary(Type=Name.OBJR, Obj=widget)
        form = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Form, P=parent, Pg=parent.Pg, K=reference)
        )
        parent.K = Array([*(parent.K if isinstance(parent.K, Array) else [parent.K]), form])
        widget.StructParent = key
        root.ParentTree.Nums.extend(Array([key, form]))
        root.ParentTreeNextKey = key + 1
