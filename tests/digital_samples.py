"""Digital copies of our forms: filled in a viewer, flattened, joined, printed to a file, tampered with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name, Pdf, String

from bench.material import EDITIONS, KEYS, random_values
from forms.geometry import POINT, Box
from forms.layout import field_runs, normalise_values
from forms.model import Choice, Edition, Field, Mark, Values
from generators.blank import draw_blank
from intake.batch import read_batch
from intake.pages import ReadingContext
from intake.readings import DocumentReading


def filled(edition: Edition, values: Values, shown: Mapping[str, str] | None = None) -> bytes:
    """Our blank after a viewer saved it with these values; ``shown`` are fields that are drawn otherwise,
    those drawn empty with an empty text.
    """
    drawn = {**values, **(shown or {})}
    with pikepdf.open(BytesIO(draw_blank(edition))) as pdf:
        form = pdf.Root.AcroForm
        for field in form.Fields:
            name = str(field.T)
            if name in values:
                _fill(pdf, field, edition.field(name), values[name], drawn[name])
        del form["/NeedAppearances"]
        return _saved(pdf)


def typed_only(edition: Edition, values: Values) -> bytes:
    """Our blank after a program put values in and left the drawing to the viewer."""
    with pikepdf.open(BytesIO(draw_blank(edition))) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            name = str(field.T)
            if name in values and not isinstance(edition.field(name).kind, Choice | Mark):
                field.V = String(values[name])
            elif name in values:
                _tick(field, values[name])
        return _saved(pdf)


def _fill(pdf: Pdf, field: pikepdf.Object, box: Field, value: str, shown: str) -> None:
    if isinstance(box.kind, Choice | Mark):
        _tick(field, value)
        return
    field.V = String(value)
    left, bottom, right, top = (float(side) for side in field.Rect)
    lines = [
        f"BT /Valor {run.size:g} Tf {run.pitch / POINT - 0.6 * run.size:.4f} Tc"
        f" {run.x / POINT - left:.3f} {297 / POINT - run.baseline / POINT - bottom:.3f} Td".encode()
        + b" ("
        + run.text.rstrip()
        .encode("cp1252")
        .replace(b"\\", b"\\\\")
        .replace(b"(", b"\\(")
        .replace(b")", b"\\)")
        + b") Tj ET"
        for run in (field_runs(box, shown) if shown else ())
    ]
    field.AP = Dictionary(
        N=pdf.make_stream(
            b"/Tx BMC q " + b"\n".join(lines) + b" Q EMC",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, right - left, top - bottom],
            Resources=pdf.Root.AcroForm.DR,
        )
    )


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _tick(field: pikepdf.Object, value: str) -> None:
    field.V = Name(f"/{value}")
    for kid in field.Kids:
        kid.AS = Name(f"/{value}") if f"/{value}" in kid.AP.N else Name.Off


def _saved(pdf: Pdf) -> bytes:
    buffer = BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def flattened(data: bytes) -> bytes:
    """The same after a viewer made its fields part of the page."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    page = document[0]
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT)
    buffer = BytesIO()
    document.save(buffer)
    document.close()
    with pikepdf.open(BytesIO(buffer.getvalue())) as pdf:
        if "/AcroForm" in pdf.Root:
            del pdf.Root["/AcroForm"]
        return _saved(pdf)


def printed_to_file(data: bytes, scale: float = 0.96, right: float = 4.0, up: float = 7.0) -> bytes:
    """The first page put by another program on a page of its own, smaller and elsewhere (mm)."""
    with pikepdf.open(BytesIO(flattened(data))) as source, pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(210 / POINT, 297 / POINT))
        inner = pdf.copy_foreign(source.pages[0].as_form_xobject())
        page.Resources = Dictionary(XObject=Dictionary(Inner=inner))
        matrix = f"{scale} 0 0 {scale} {right / POINT:.3f} {up / POINT:.3f}"
        page.Contents = pdf.make_stream(f"q {matrix} cm /Inner Do Q".encode())
        pdf.docinfo["/Producer"] = "Another program"
        return _saved(pdf)


def joined(*files: bytes, listed: bool = True) -> bytes:
    """The first pages of files in one, each with its own fields, which keep their names. When not ``listed``
    only those of the first file are in the form, as some programs leave it.
    """
    with pikepdf.new() as pdf:
        names: list[pikepdf.Object] = []
        for place, data in enumerate(files):
            with pikepdf.open(BytesIO(data)) as source:
                pdf.pages.append(source.pages[0])
                page = pdf.pages[-1].obj
                fields = [note.get("/Parent", note) for note in page.Annots]
                if place == 0:
                    form = source.make_indirect(source.Root.AcroForm)
                    pdf.Root.AcroForm = pdf.copy_foreign(form)
                if place == 0 or listed:
                    names += fields
                for note in page.Annots:
                    note.P = page
        pdf.Root.AcroForm.Fields = Array(names)
        return _saved(pdf)


def turned(data: bytes, degrees: int = 90) -> bytes:
    """The same with its first page set on its side by the file."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.pages[0].Rotate = degrees
        return _saved(pdf)


def with_other_words(data: bytes, meant: str, said: str) -> bytes:
    """The same with typefaces that say ``said`` of the sign ``meant``, as of printing programs that confuse
    the tables of signs; one sees what one saw.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        code = meant.encode("cp1252").hex()
        table = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Other def\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"1 beginbfrange <20> <{ord('~'):x}> <0020> endbfrange\n"
            f"1 beginbfchar <{code}> <{ord(said):04x}> endbfchar\nendcmap end end"
        )
        for item in pdf.objects:
            if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and "/FirstChar" in item:
                item.ToUnicode = pdf.make_stream(table.encode())
        return _saved(pdf)


def two_to_a_sheet(left: bytes, right: bytes) -> bytes:
    """The first pages of two files as a program prints them side by side on one A4."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(297 / POINT, 210 / POINT))
        page.Resources = Dictionary(XObject=Dictionary())
        drawn: list[str] = []
        for place, data in enumerate((left, right)):
            with pikepdf.open(BytesIO(flattened(data))) as source:
                page.Resources.XObject[f"/P{place}"] = pdf.copy_foreign(source.pages[0].as_form_xobject())
            drawn.append(f"q 0.7071 0 0 0.7071 {place * 148.5 / POINT:.3f} 0 cm /P{place} Do Q")
        page.Contents = pdf.make_stream(" ".join(drawn).encode())
        return _saved(pdf)


def drawn_over(data: bytes, operators: str) -> bytes:
    """The first page with more drawn on it; ``/Over`` is Helvetica, measures are points."""
    with pikepdf.open(BytesIO(data)) as pdf:
        page = pdf.pages[0]
        page.add_resource(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica), Name.Font, Name("/Over")
        )
        page.contents_add(b"q", prepend=True)
        page.contents_add(f" Q {operators}".encode("cp1252"))
        return _saved(pdf)


def copied_onto(data: bytes, source: Box, target: Box) -> bytes:
    """The first page with what one box of it shows shown in another place too."""
    right, up = (target.x - source.x) / POINT, (source.bottom - target.bottom) / POINT
    x, y = source.x / POINT, (297 - source.bottom) / POINT
    with pikepdf.open(BytesIO(data)) as pdf:
        page = pdf.pages[0]
        name = page.add_resource(page.as_form_xobject(), Name.XObject)
        clip = f"{x:.2f} {y:.2f} {source.width / POINT:.2f} {source.height / POINT:.2f} re W n"
        page.contents_add(b"q", prepend=True)
        page.contents_add(f" Q q 1 0 0 1 {right:.3f} {up:.3f} cm {clip} {name} Do Q".encode())
        return _saved(pdf)


def drawn_under(data: bytes, operators: str) -> bytes:
    """The first page with more drawn before all that it has."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.pages[0].contents_add(f"q {operators} Q ".encode("latin-1"), prepend=True)
        return _saved(pdf)


def text_at(box: Box, text: str, colour: str = "0 g", mode: int = 0) -> str:
    """Operators that write a text into a box; ``mode`` 3 is invisible."""
    x, y = (box.x + 1.5) / POINT, (297 - box.bottom + 2) / POINT
    return f"q {colour} BT {mode} Tr /Over 11 Tf {x:.2f} {y:.2f} Td ({text}) Tj ET Q"


def clipped_text_at(box: Box, text: str) -> str:
    """Operators that write a text into a box and show of it what has room there."""
    x, y = box.x / POINT, (297 - box.bottom) / POINT
    room = f"{x:.2f} {y:.2f} {box.width / POINT - 1:.2f} {box.height / POINT:.2f} re W n"
    return f"q {room} {text_at(box, text)} Q"


def line_at(box: Box, width: float = 1.0, colour: str = "0 G", rise: float = 1.0) -> str:
    """Operators that draw a line through a box which rises by so many points."""
    x, y = box.x / POINT, (297 - box.y - box.height / 2) / POINT - (rise - 1) / 2
    return f"q {colour} {width} w {x:.2f} {y:.2f} m {x + box.width / POINT:.2f} {y + rise:.2f} l S Q"


def struck_out_by_note(data: bytes, box: Box) -> bytes:
    """The same after somebody struck a value out with a viewer's own mark."""
    left, bottom = box.x / POINT, (297 - box.bottom) / POINT
    wide, high = box.width / POINT, box.height / POINT
    with pikepdf.open(BytesIO(data)) as pdf:
        look = pdf.make_stream(
            f"1 0 0 RG 1 w 0 {high / 2:.2f} m {wide:.2f} {high / 2:.2f} l S".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, wide, high],
        )
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.StrikeOut,
            F=4,
            Rect=[left, bottom, left + wide, bottom + high],
            AP=Dictionary(N=look),
        )
        page = pdf.pages[0].obj
        page.Annots = Array([*(page.get("/Annots") or Array()), pdf.make_indirect(note)])
        return _saved(pdf)


def patch_at(box: Box, colour: str = "1 g") -> str:
    """Operators that cover a box."""
    x, y = box.x / POINT, (297 - box.bottom) / POINT
    return f"q {colour} {x:.2f} {y:.2f} {box.width / POINT:.2f} {box.height / POINT:.2f} re f Q"


def layered(data: bytes, operators: str, *, shown: bool, printed: bool) -> bytes:
    """The same with a layer on its first page that is shown or printed, or both, or neither."""
    states = {True: Name.ON, False: Name.OFF}
    with pikepdf.open(BytesIO(drawn_over(data, f"/OC /Layer BDC {operators} EMC"))) as pdf:
        usage = Dictionary(
            Print=Dictionary(PrintState=states[printed]), View=Dictionary(ViewState=states[shown])
        )
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("capa"), Usage=usage))
        rules = [Dictionary(Event=event, OCGs=[layer], Category=[event]) for event in (Name.Print, Name.View)]
        on, off = ([layer], []) if shown else ([], [layer])
        pdf.Root.OCProperties = Dictionary(
            OCGs=[layer], D=Dictionary(Order=[layer], ON=on, OFF=off, AS=rules)
        )
        pdf.pages[0].obj.Resources.Properties = Dictionary(Layer=layer)
        return _saved(pdf)


def noted(data: bytes, subtype: str, box: Box, **more: object) -> bytes:
    """The same with a viewer's note over a box that has no look of its own: each viewer draws it."""
    left, bottom = box.x / POINT, (297 - box.bottom) / POINT
    right, top = left + box.width / POINT, bottom + box.height / POINT
    with pikepdf.open(BytesIO(data)) as pdf:
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name(f"/{subtype}"),
            F=4,
            Rect=[left, bottom, right, top],
            C=[1, 0, 0],
            QuadPoints=[left, top, right, top, left, bottom, right, bottom],
            L=[left, (bottom + top) / 2, right, (bottom + top) / 2],
            InkList=[[left, (bottom + top) / 2, right, (bottom + top) / 2]],
            Contents=String("nota"),
        )
        for name, value in more.items():
            note[f"/{name}"] = value
        page = pdf.pages[0].obj
        page.Annots = Array([*(page.get("/Annots") or Array()), pdf.make_indirect(note)])
        return _saved(pdf)


def cropped(data: bytes, box: Box) -> bytes:
    """The same of whose first page only a box is shown."""
    with pikepdf.open(BytesIO(data)) as pdf:
        low, high = (297 - box.bottom) / POINT, (297 - box.y) / POINT
        pdf.pages[0].obj.CropBox = Array([box.x / POINT, low, box.right / POINT, high])
        return _saved(pdf)


REQUEST = next(edition for edition in EDITIONS if edition.form == "employer-request")


def values_of(seed: int) -> Values:
    return normalise_values(random_values(REQUEST, np.random.default_rng(seed)))


VALUES = values_of(3)


@cache
def copy() -> bytes:
    """A request filled with ``VALUES`` in a viewer."""
    return filled(REQUEST, VALUES)


def read(data: bytes) -> DocumentReading:
    """The one document of a file."""
    (document,) = read_batch([("copia.pdf", data)], ReadingContext(KEYS)).documents
    return document


def codes(document: DocumentReading) -> set[str]:
    """The codes of what people are told of a document."""
    return {found.code for found in document.problems}
