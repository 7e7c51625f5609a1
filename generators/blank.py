"""The blank form: fillable in a PDF viewer (AcroForm) or by hand, with the edition's own symbol."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import assert_never

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, String

from forms.geometry import POINT, Box
from forms.layout import PADDING, comb_pitch, room, tick_boxes
from forms.model import (
    COMB_SIZE,
    VALUE_SIZE,
    Annex,
    Choice,
    Comb,
    Date,
    Edition,
    Field,
    Mark,
    Paragraph,
    Period,
    Signature,
    Text,
)
from forms.seal import blank_text
from generators.pages import PageMarks, draw_pages, drawn_template
from generators.symbols import encode_symbol
from generators.tagging import add_widgets
from generators.typefaces import value_face_file

_MULTILINE, _COMB, _DO_NOT_SCROLL, _REQUIRED = 1 << 12, 1 << 24, 1 << 23, 1 << 1
_RADIO, _NO_TOGGLE_OFF = 1 << 15, 1 << 14
_PRINT = 4
_NOTE = "Formulario en blanco  ·  Edición {edition}  ·  Hoja {page} de {pages}"


def draw_blank(edition: Edition) -> bytes:
    """The edition without values, every field fillable, fonts embedded; the same bytes every time."""
    marks = [
        PageMarks(
            None,
            encode_symbol(blank_text(edition, page), "Q"),
            "",
            (
                _NOTE.format(edition=edition.name, page=page, pages=edition.pages),
                "Llénelo en el computador o a mano, con letra de imprenta, e imprímalo para firmarlo.",
                "No escriba ni selle sobre los códigos impresos.",
            ),
        )
        for page in range(1, edition.pages + 1)
    ]
    with pikepdf.open(BytesIO(draw_pages(edition, (), marks, None))) as pdf:
        _add_fields(pdf, edition)
        add_widgets(pdf, drawn_template(edition).structures, _named_widgets(pdf))
        buffer = BytesIO()
        pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _named_widgets(pdf: Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Each widget of each page with the name of its field, which a tick box takes from its group."""
    for page in pdf.pages:
        for widget in page.obj.get("/Annots") or ():
            yield str(widget.get("/T") or widget.Parent.T), widget


def _add_fields(pdf: Pdf, edition: Edition) -> None:
    font = _embed_viewer_face(pdf)
    resources = Dictionary(Font=Dictionary(Valor=font))
    widgets = []
    for field in edition.fields:
        page = pdf.pages[field.page - 1]
        made = _make_field(pdf, field, edition.height, page.obj, resources)
        if made is None:
            continue
        top, shown = made
        widgets.append(top)
        page.obj.Annots = Array([*(page.obj.get("/Annots") or Array()), *shown])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array(widgets), DR=resources, DA=String(f"/Valor {VALUE_SIZE:g} Tf 0 g"), NeedAppearances=True
    )
    for page in pdf.pages:
        page.obj.Tabs = Name.S


def _make_field(
    pdf: Pdf, field: Field, height: float, page: pikepdf.Object, resources: Dictionary
) -> tuple[pikepdf.Object, list[pikepdf.Object]] | None:
    """The field's top object and its widgets on the page, or nothing for what is never typed."""
    match field.kind:
        case Text() | Paragraph() | Comb() | Date() | Period():
            widget = pdf.make_indirect(_text_widget(pdf, field, height, page, resources))
            return widget, [widget]
        case Choice() | Mark():
            return _tick_widgets(pdf, field, height, page)
        case Signature() | Annex():
            return None
        case _:
            assert_never(field.kind)


def _text_widget(
    pdf: Pdf, field: Field, height: float, page: pikepdf.Object, resources: Dictionary
) -> Dictionary:
    comb = comb_pitch(field)
    flags = _REQUIRED if field.required else 0
    flags |= _COMB if comb else _DO_NOT_SCROLL
    flags |= _MULTILINE if isinstance(field.kind, Paragraph) else 0
    size = COMB_SIZE if comb else VALUE_SIZE
    box = field.box if comb else field.box.grown(-PADDING / 2)
    width, tall = box.width / POINT, box.height / POINT
    # A viewer draws the text itself; the empty appearance is for those that do not.
    empty = pdf.make_stream(
        b"/Tx BMC EMC", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, width, tall], Resources=resources
    )
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String(field.name),
        TU=String(f"{field.label}. {field.help}".strip()),
        Ff=flags,
        F=_PRINT,
        P=page,
        Rect=_rectangle(box, height),
        DA=String(f"/Valor {size:g} Tf 0 g"),
        MaxLen=room(field),
        AP=Dictionary(N=empty),
    )


def _tick_widgets(
    pdf: Pdf, field: Field, height: float, page: pikepdf.Object
) -> tuple[pikepdf.Object, list[pikepdf.Object]]:
    radio = isinstance(field.kind, Choice)
    parent: pikepdf.Object = pdf.make_indirect(
        Dictionary(
            FT=Name.Btn,
            T=String(field.name),
            TU=String(f"{field.label}. {field.help}".strip()),
            Ff=(_RADIO | _NO_TOGGLE_OFF if radio else 0) | (_REQUIRED if field.required else 0),
            V=Name.Off,
        )
    )
    widgets: list[pikepdf.Object] = [
        pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                Parent=parent,
                F=_PRINT,
                P=page,
                Rect=_rectangle(box, height),
                AS=Name.Off,
                MK=Dictionary(CA=String("8")),
                AP=Dictionary(N=_tick_appearances(pdf, value, box)),
            )
        )
        for value, box in tick_boxes(field)
    ]
    parent.Kids = Array(widgets)
    return parent, widgets


def _tick_appearances(pdf: Pdf, value: str, box: Box) -> Dictionary:
    side = box.width / POINT
    near, far = side * 0.2, side * 0.8
    cross = (
        f"1.4 w {near:.2f} {near:.2f} m {far:.2f} {far:.2f} l {near:.2f} {far:.2f} m {far:.2f} {near:.2f} l S"
    )

    def shape(operators: str) -> pikepdf.Object:
        return pdf.make_stream(
            operators.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, side, side]
        )

    return Dictionary({f"/{value}": shape(cross), "/Off": shape("")})


def _rectangle(box: Box, height: float) -> list[float]:
    corners = (box.x, height - box.bottom, box.right, height - box.y)
    return [round(value / POINT, 3) for value in corners]


def _embed_viewer_face(pdf: Pdf) -> pikepdf.Object:
    """The whole value face under WinAnsi codes, for a viewer to type with."""
    data = value_face_file()
    face = TTFont(BytesIO(data), lazy=True)
    cmap, metrics, head = face.getBestCmap(), face["hmtx"], face["head"]
    scale = 1000 / head.unitsPerEm
    signs = [bytes((code,)).decode("cp1252", "replace") for code in range(32, 256)]
    widths = [round(metrics[cmap.get(ord(sign), ".notdef")][0] * scale) for sign in signs]
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/IBMPlexMono-Medium"),
        Flags=33,
        FontBBox=[round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)],
        ItalicAngle=0,
        Ascent=round(face["hhea"].ascent * scale),
        Descent=round(face["hhea"].descent * scale),
        CapHeight=698,
        StemV=100,
        FontFile2=pdf.make_indirect(pdf.make_stream(data, Length1=len(data))),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/IBMPlexMono-Medium"),
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=255,
            Widths=widths,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )
