"""The archive's derivative: PDF/A-2b of the pages' own pictures with an invisible layer of text over them.

Pictures are put in as they come, never compressed anew; the text stands in an embedded face in the rendering
mode that paints nothing. XMP, output intent and document ID are those that ISO 19005-2 asks for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

import pikepdf
from PIL import ImageCms
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from forms.model import Face
from generators.typefaces import drawn_alone, face_name, face_signs

_INVISIBLE: Final = 3
_PRODUCER: Final = "Ventanilla"
_ASCENT: Final = 0.76
"""Share of a line's height above its baseline: most lines have letters that reach below it."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line where it is seen: top-left corner, width and height in points from the page's top-left corner,
    ``angle`` in degrees clockwise about that corner.
    """

    text: str
    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class ArchivalPage:
    """A page of ``width`` × ``height`` points. ``picture`` is a PDF of one page whose only image is taken;
    ``turn`` is the clockwise turn (0, 90, 180, 270) that sets that image upright.
    """

    width: float
    height: float
    picture: bytes
    turn: int
    lines: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class ArchivalFacts:
    """What the file says of itself: its title, the SHA-256 of the original, when it was made (aware)."""

    title: str
    source_sha256: str
    made_at: datetime


def draw_archival(pages: Sequence[ArchivalPage], facts: ArchivalFacts) -> bytes:
    """The derivative; the same pages and facts give the same bytes."""
    with pikepdf.open(BytesIO(_text_layers(pages))) as pdf:
        for place, page in enumerate(pages):
            _put_picture(pdf, pdf.pages[place], page)
        _describe(pdf, facts)
        for name in ("/PageMode", "/Outlines", "/Names", "/OpenAction"):
            if name in pdf.Root:
                del pdf.Root[name]
        buffer = BytesIO()
        pdf.save(
            buffer,
            min_version="1.7",
            force_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return buffer.getvalue()


@drawn_alone
def _text_layers(pages: Sequence[ArchivalPage]) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pageCompression=1, invariant=1)
    face = face_name(Face.PLAIN)
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        for line in page.lines:
            _write_line(canvas, face, page.height, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _write_line(canvas: Canvas, face: str, page_height: float, line: TextLine) -> None:
    """The line stretched to the width that it has on the paper, so that marking it marks what one sees."""
    shown = printable(line.text)
    size = max(line.height, 1.0)
    natural = stringWidth(shown, face, size)
    if not shown or natural <= 0 or line.width <= 0:
        return
    turn = math.radians(-line.angle)
    left, top = line.x, page_height - line.y
    down = size * _ASCENT
    text = canvas.beginText()
    text.setTextRenderMode(_INVISIBLE)
    text.setFont(face, size)
    text.setHorizScale(100 * line.width / natural)
    text.setTextTransform(
        math.cos(turn),
        math.sin(turn),
        -math.sin(turn),
        math.cos(turn),
        left + down * math.sin(turn),
        top - down * math.cos(turn),
    )
    text.textOut(shown)
    canvas.drawText(text)


def printable(text: str) -> str:
    """The text without what the embedded face cannot show; the picture shows it all the same."""
    known = face_signs(Face.PLAIN)
    return "".join(sign if ord(sign) in known else " " for sign in text).strip()


def _put_picture(pdf: pikepdf.Pdf, page: pikepdf.Page, drawn: ArchivalPage) -> None:
    with pikepdf.open(BytesIO(drawn.picture)) as source:
        (image,) = source.pages[0].Resources.XObject.values()
        kept = pdf.copy_foreign(image)
    _drop_leftovers(page)
    resources = page.obj.Resources
    resources.XObject = pikepdf.Dictionary(Page=kept)
    wide, high = drawn.width, drawn.height
    matrix = {
        0: (wide, 0, 0, high, 0, 0),
        90: (0, -high, wide, 0, 0, high),
        180: (-wide, 0, 0, -high, wide, high),
        270: (0, high, -wide, 0, wide, 0),
    }[drawn.turn % 360]
    placed = " ".join(f"{value:.4f}" for value in matrix)
    page.contents_add(f"q {placed} cm /Page Do Q".encode(), prepend=True)


def _drop_leftovers(page: pikepdf.Page) -> None:
    """Without what reportlab puts on every page: an effect of slide shows, a face that is not embedded."""
    if "/Trans" in page.obj:
        del page.obj.Trans
    fonts = page.obj.Resources.get("/Font", pikepdf.Dictionary())
    foreign = {name for name, font in fonts.items() if font.get("/Subtype") == "/Type1"}
    kept = [
        step
        for step in pikepdf.parse_content_stream(page)
        if not (str(step.operator) == "Tf" and str(step.operands[0]) in foreign)
    ]
    page.contents_coalesce()
    page.obj.Contents.write(pikepdf.unparse_content_stream(kept))
    page.obj.Resources.Font = pikepdf.Dictionary(
        {name: font for name, font in fonts.items() if name not in foreign}
    )


def _describe(pdf: pikepdf.Pdf, facts: ArchivalFacts) -> None:
    """XMP with the claim of PDF/A-2b, the same facts in the old dictionary, and what colours mean."""
    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=pikepdf.Name.DeviceRGB)
    pdf.Root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB IEC61966-2.1",
                Info="sRGB IEC61966-2.1",
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    del pdf.docinfo
    instant = facts.made_at.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = facts.title
        meta["dc:source"] = f"sha256:{facts.source_sha256}"
        meta["dc:language"] = {"es-EC"}
        meta["xmp:CreateDate"] = instant
        meta["xmp:ModifyDate"] = instant
        meta["xmp:MetadataDate"] = instant
        meta["pdf:Producer"] = _PRODUCER
        meta["pdfaid:part"] = "2"
        meta["pdfaid:conformance"] = "B"
    pdf.Root.Lang = "es-EC"
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def srgb_profile() -> bytes:
    """An ICC profile of sRGB, made by Little CMS (MIT licence) and the same on every day.

    Its header has the moment of its making (bytes 24 to 35) and no ID: both are set to nothing.
    """
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = (2026).to_bytes(2) + (1).to_bytes(2) + (1).to_bytes(2) + bytes(6)
    made[84:100] = bytes(16)
    return bytes(made)
