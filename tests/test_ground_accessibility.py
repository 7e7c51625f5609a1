"""The papers that people download, heard instead of seen: the rules of PDF/UA that can be checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf

from forms.model import Edition, Signature
from forms.register import all_forms
from generators.binding import bind
from generators.blank import draw_blank
from generators.pages import draw_unsealed
from generators.sheet import SHEET_COLUMNS, Heading, Row, TablePaper, draw_table_paper
from tests.test_ground_drawing import sample, sealed

EDITIONS: Final = tuple(edition for form in all_forms() for edition in form)
DRAWN: Final[dict[str, Callable[[Edition], bytes]]] = {
    "sealed": lambda edition: sealed(edition, sample(edition)).pdf,
    "blank": draw_blank,
    "draft": lambda edition: draw_unsealed(edition, sample(edition)),
}
SHOWS: Final = frozenset(
    {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "b", "B*", "b*", "Do", "sh", "EI"}
)
"""Operators that put something on the page."""


@pytest.fixture(params=[(edition, how) for edition in EDITIONS for how in DRAWN], ids=str)
def drawn(request: pytest.FixtureRequest) -> Iterator[tuple[Edition, str, Pdf]]:
    edition, how = request.param
    with pikepdf.open(BytesIO(DRAWN[how](edition))) as pdf:
        yield edition, how, pdf


def elements(pdf: Pdf) -> Iterator[Object]:
    """The structure in reading order."""
    yield from pdf.Root.StructTreeRoot.K.K


def numbers_of(element: Object) -> list[int]:
    kids = element.K if isinstance(element.K, Array) else [element.K]
    return [int(kid) for kid in kids if not isinstance(kid, Dictionary)]


def marked_contents(page: Object) -> Iterator[tuple[int | None, str]]:
    """Each operator that shows something, with the number of its marked content, -1 for an artifact."""
    stack: list[int | None] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "BMC":
            stack.append(-1 if operands[0] == Name.Artifact else None)
        elif name == "BDC":
            properties = operands[1]
            stack.append(int(properties.MCID) if "/MCID" in properties else None)
        elif name == "EMC":
            stack.pop()
        elif name in SHOWS:
            yield next((each for each in reversed(stack) if each is not None), None), name
    assert not stack, "every piece that begins ends"


def test_it_says_what_it_is(drawn: tuple[Edition, str, Pdf]) -> None:
    edition, _, pdf = drawn
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "es-EC"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == edition.title
    assert str(pdf.docinfo["/Title"]).startswith(edition.title)


def test_everything_shown_is_told_or_an_artifact(drawn: tuple[Edition, str, Pdf]) -> None:
    _, _, pdf = drawn
    for page in pdf.pages:
        contents = list(marked_contents(page.obj))
        assert len(contents) > 100
        assert {number for number, _ in contents if number is None} == set()
        assert any(number == -1 for number, _ in contents)


def test_each_piece_is_in_the_structure_once(drawn: tuple[Edition, str, Pdf]) -> None:
    _, _, pdf = drawn
    parents = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    by_key = {int(key): value for key, value in zip(parents[::2], parents[1::2], strict=True)}
    for page in pdf.pages:
        told = by_key[int(page.obj.StructParents)]
        named = [
            number
            for element in elements(pdf)
            if element.Pg.objgen == page.obj.objgen
            for number in numbers_of(element)
        ]
        assert sorted(named) == list(range(len(told)))
        for element in elements(pdf):
            for number in numbers_of(element) if element.Pg.objgen == page.obj.objgen else []:
                assert told[number].objgen == element.objgen
        shown = {number for number, _ in marked_contents(page.obj) if number not in {None, -1}}
        assert shown <= set(named)


def test_headings_and_figures(drawn: tuple[Edition, str, Pdf]) -> None:
    edition, _, pdf = drawn
    kinds = [str(element.S) for element in elements(pdf)]
    assert kinds[0] == "/H1"
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= (2 if edition.form == "request-continuation" else 3)
    assert set(kinds) <= {"/H1", "/H2", "/P", "/Figure"}
    assert all("/Alt" in element for element in elements(pdf) if Name.Figure == element.S)


def test_bound_documents_keep_the_structure_of_each() -> None:
    papers = [sealed(edition, sample(edition)).pdf for edition in EDITIONS]
    file = bind(papers)
    assert file == bind(papers)
    assert bind(papers[:1]) == papers[0]
    with pikepdf.open(BytesIO(file)) as pdf:
        assert len(pdf.pages) == len(EDITIONS)
        test_each_piece_is_in_the_structure_once((EDITIONS[0], "bound", pdf))
        for paper, page in zip(papers, pdf.pages, strict=True):
            own = [element for element in elements(pdf) if element.Pg.objgen == page.obj.objgen]
            with pikepdf.open(BytesIO(paper)) as alone:
                assert [read_aloud(pdf, each) for each in own] == [
                    read_aloud(alone, each) for each in elements(alone)
                ]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.form)
def test_a_value_is_read_after_its_label_and_parts_in_their_order(edition: Edition) -> None:
    values = sample(edition)
    with pikepdf.open(BytesIO(sealed(edition, values).pdf)) as pdf:
        told = [read_aloud(pdf, element) for element in elements(pdf)]
        headings = [read_aloud(pdf, element) for element in elements(pdf) if element.S == Name.H2]
    assert told[0] == edition.title
    heard = "\n".join(told)
    for field in edition.value_fields:
        line = next(line for line in told if line.startswith(field.label) or field.label in line)
        assert line, field.name
    assert headings == sorted(headings)
    first = edition.value_fields[0]
    assert f"{first.label}{values[first.name]}" in heard.replace("\n", "")


def read_aloud(pdf: Pdf, element: Object) -> str:
    """The text of an element's marked content, by the fonts' own tables."""
    wanted, spoken = numbers_of(element), []
    page = next(page for page in pdf.pages if page.obj.objgen == element.Pg.objgen)
    fonts = {str(name): code_table(font) for name, font in page.obj.Resources.Font.items()}
    pieces: dict[int, str] = dict.fromkeys(wanted, "")
    number, table = -1, {}
    for operands, operator in pikepdf.parse_content_stream(page.obj):
        name = str(operator)
        if name == "BDC":
            number = int(operands[1].MCID) if "/MCID" in operands[1] else -1
        elif name == "EMC":
            number = -1
        elif name == "Tf":
            table = fonts[str(operands[0])]
        elif name == "Tj" and number in pieces:
            pieces[number] += "".join(table.get(code, "") for code in bytes(operands[0]))
    spoken = [pieces[each] for each in wanted]
    return "".join(spoken)


def code_table(font: Object) -> dict[int, str]:
    """Codes of a font to letters, from its ToUnicode table of one-byte codes."""
    if "/ToUnicode" not in font:
        return {}
    text = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"<(\w\w)>\s*<(\w{4})>", text)
    return {int(code, 16): chr(int(letter, 16)) for code, letter in pairs}


def test_fonts_that_show_something_are_embedded_and_tell_their_letters(
    drawn: tuple[Edition, str, Pdf],
) -> None:
    _, _, pdf = drawn
    for page in pdf.pages:
        used, name = set(), ""
        for operands, operator in pikepdf.parse_content_stream(page.obj):
            if str(operator) == "Tf":
                name = str(operands[0])
            elif str(operator) == "Tj":
                used.add(name)
        assert used
        for each in used:
            font = page.obj.Resources.Font[each]
            assert "/FontFile2" in font.FontDescriptor
            assert "/ToUnicode" in font


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.form)
def test_fields_to_fill_in_say_what_they_are_and_come_in_order(edition: Edition) -> None:
    with pikepdf.open(BytesIO(draw_blank(edition))) as pdf:
        parents = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        by_key = {int(key): value for key, value in zip(parents[::2], parents[1::2], strict=True)}
        keys = []
        for page in pdf.pages:
            assert page.obj.Tabs == Name.S
            for widget in page.obj.Annots:
                named = widget if "/TU" in widget else widget.Parent
                assert str(named.TU)
                form = by_key[int(widget.StructParent)]
                assert Name.Form == form.S
                assert form.K.Obj.objgen == widget.objgen
                keys.append(int(widget.StructParent))
        assert len(set(keys)) == len(keys)
        typed = [field for field in edition.fields if not isinstance(field.kind, Signature)]
        assert len(keys) >= len(typed)


def paper(rows: int) -> TablePaper:
    heading = Heading("PLANILLA REGENERADA", (("Empleador", "ANDINA"), ("RUC", "1790010937001")), "Nota")
    person = Row(("06", "1712345675", "PAZ ANA", "550.00", "30", "NNA", "113.30", ""), running=((3, "1.00"),))
    told = Row(person.cells, explanation="porque faltaba el aviso de entrada", running=person.running)
    return TablePaper(
        heading, SHEET_COLUMNS, (person, told) * (rows // 2), (("Total", "1.00"),), ("Cierre.",)
    )


def walk(element: Object) -> Iterator[Object]:
    yield element
    for kid in element.K if isinstance(element.K, Array) else [element.K]:
        if isinstance(kid, Dictionary):
            yield from walk(kid)


def test_a_sheet_over_many_pages_is_one_table() -> None:
    data = draw_table_paper(paper(120), "R7K2-9QXD-41MB-77TC", lambda *_: None)
    assert data == draw_table_paper(paper(120), "R7K2-9QXD-41MB-77TC", lambda *_: None)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) > 3
        told = list(walk(pdf.Root.StructTreeRoot.K))
        kinds = [str(element.S) for element in told]
        assert (kinds.count("/H1"), kinds.count("/Table")) == (1, 1)
        # Each person's row and each reason, the headings of each page, and the sums carried over.
        assert kinds.count("/TR") == 120 + 60 + len(pdf.pages) + 2 * (len(pdf.pages) - 1)
        parents = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        for page, row in zip(pdf.pages, parents[1::2], strict=True):
            shown = list(marked_contents(page.obj))
            assert None not in {number for number, _ in shown}
            assert {number for number, _ in shown} - {-1} == set(range(len(row)))


def test_a_sheet_that_nobody_would_listen_to_has_no_structure() -> None:
    data = draw_table_paper(paper(2_002), "R7K2-9QXD-41MB-77TC", lambda *_: None)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
