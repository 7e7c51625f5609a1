"""A scan on which somebody drew in the file: a name there is no ink, and the clerk is told to look."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Final

import cv2
import numpy as np
import pikepdf
import pytest

from bench.letter_material import random_letter
from bench.material import EDITIONS, KEYS, random_paper
from forms.geometry import POINT
from generators.paper.files import encode
from generators.paper.ink import Pen, sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.batch import read_batch
from intake.pages import ReadingContext
from intake.readings import DocumentReading

EDITION: Final = EDITIONS[0]
SIGNATURE: Final = "representative_signature"
Name = pikepdf.Name
Place = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@cache
def scanned(unsigned: float) -> bytes:
    paper = random_paper(np.random.default_rng(1), EDITION, unsigned=unsigned)
    return encode([scan(paper.sheet, Scanner(dpi=200), np.random.default_rng(0))], "pdf-jpeg", 200)


def pen() -> list[tuple[float, float]]:
    """Where a name drawn with the mouse runs, in points."""
    box = EDITION.field(SIGNATURE).box
    along = np.linspace(0, 1, 90)
    across = 4 * np.sin(40 * along) + 2 * np.cos(90 * along)
    return [
        (float(x / POINT), float((EDITION.height - y) / POINT))
        for x, y in zip(box.x + 8 + 37 * along, box.y + box.height / 2 + across, strict=True)
    ]


def strokes() -> bytes:
    first, *rest = (f"{x:.2f} {y:.2f}" for x, y in pen())
    return f"q 0 0 0.4 RG 1.6 w {first} m {' '.join(f'{place} l' for place in rest)} S Q".encode()


def add_note(pdf: pikepdf.Pdf, subtype: str, flags: int = 4) -> None:
    page = pdf.pages[0]
    look = pikepdf.Stream(pdf, strokes(), Type=Name.XObject, Subtype=Name.Form, BBox=page.MediaBox)
    note = pikepdf.Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=page.MediaBox, F=flags)
    note.AP = pikepdf.Dictionary(N=pdf.make_indirect(look))
    page.obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def add_ink(pdf: pikepdf.Pdf) -> None:
    add_note(pdf, "/Ink")


def add_stamp(pdf: pikepdf.Pdf) -> None:
    add_note(pdf, "/Stamp")


def add_path(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(strokes())


def add_picture(pdf: pikepdf.Pdf) -> None:
    places = np.array(pen())
    paste(pdf, places.min(axis=0) - 5, places.max(axis=0) + 5)


def add_picture_of_a_page(pdf: pikepdf.Pdf) -> None:
    """A picture as large as the page and clear but for the name, as a tablet's program lays one over it."""
    paste(pdf, np.zeros(2), np.array([EDITION.width, EDITION.height]) / POINT)


def paste(pdf: pikepdf.Pdf, low: Place, high: Place) -> None:
    """Lay the name over a part of the page, from its bottom left to its top right in points."""
    places = np.array(pen())
    wide, tall = (int(side) for side in 3 * (high - low))
    shape = np.zeros((tall, wide), np.uint8)
    line = (3 * (places - low)).astype(np.int32)
    line[:, 1] = tall - line[:, 1]
    cv2.polylines(shape, [line], False, 255, 4, cv2.LINE_AA)
    how = {"Type": Name.XObject, "Subtype": Name.Image, "Width": wide, "Height": tall, "BitsPerComponent": 8}
    mask = pikepdf.Stream(pdf, shape.tobytes(), ColorSpace=Name.DeviceGray, **how)
    ink = pikepdf.Stream(pdf, bytes(3 * shape.size), ColorSpace=Name.DeviceRGB, **how)
    ink.SMask = pdf.make_indirect(mask)
    page = pdf.pages[0]
    page.Resources.XObject.Firma = pdf.make_indirect(ink)
    (left, bottom), (across, up) = low, high - low
    page.contents_add(f"q {across} 0 0 {up} {left} {bottom} cm /Firma Do Q".encode())


def read(data: bytes, change: Callable[[pikepdf.Pdf], None] | None) -> DocumentReading:
    with pikepdf.open(BytesIO(data)) as pdf:
        if change is not None:
            change(pdf)
        buffer = BytesIO()
        pdf.save(buffer)
    (document,) = read_batch([("escaneo.pdf", buffer.getvalue())], ReadingContext(KEYS)).documents
    return document


def codes(document: DocumentReading) -> set[str]:
    return {found.code for found in document.problems}


@pytest.mark.parametrize("change", [add_ink, add_stamp, add_path, add_picture, add_picture_of_a_page])
def test_a_name_that_is_in_the_file_only_is_no_signature(change: Callable[[pikepdf.Pdf], None]) -> None:
    bare = read(scanned(1.0), None)
    assert bare.signatures[SIGNATURE].state == "absent"
    document = read(scanned(1.0), change)
    assert document.signatures[SIGNATURE].state == "doubtful"
    assert "PAGE_DRAWN_OVER" in codes(document)
    assert codes(document) & {"SIGNATURE_DOUBTFUL", "SIGNATURE_LOOKS_PRINTED"}
    assert document.outcome == "review"


def add_link(pdf: pikepdf.Pdf) -> None:
    add_note(pdf, "/Link")


def add_hidden_note(pdf: pikepdf.Pdf) -> None:
    add_note(pdf, "/Ink", flags=2)


def add_signature_that_shows_nothing(pdf: pikepdf.Pdf) -> None:
    """The field of an electronic signature, as programs that sign add it."""
    note = pikepdf.Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, Rect=[0, 0, 0, 0], F=132)
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def add_white_under(pdf: pikepdf.Pdf) -> None:
    """What programs lay under a scan that they put into a page."""
    pdf.pages[0].contents_add(b"q 1 1 1 rg 0 0 595 842 re f Q", prepend=True)


@pytest.mark.parametrize(
    "change", [add_link, add_hidden_note, add_signature_that_shows_nothing, add_white_under]
)
def test_what_nobody_sees_changes_nothing(change: Callable[[pikepdf.Pdf], None]) -> None:
    document = read(scanned(0.0), change)
    assert document.signatures[SIGNATURE].state == "present"
    assert "PAGE_DRAWN_OVER" not in codes(document)


def test_a_letter_that_was_drawn_over_is_told() -> None:
    random = np.random.default_rng(3)
    letter = random_letter(random)
    sheet = sign(print_page(letter.pdf), letter.signature, random, pen=Pen(0.5, 40), hand="name")
    data = encode([scan(sheet, Scanner(dpi=200), random)], "pdf-jpeg", 200)
    assert {found.state for found in read(data, None).signatures.values()} == {"present"}
    document = read(data, add_ink)
    assert {found.state for found in document.signatures.values()} == {"doubtful"}
    assert "PAGE_DRAWN_OVER" in codes(document)


def test_what_covers_a_value_is_seen_however_much_hidden_text_comes_before_it() -> None:
    box = EDITION.field("ruc").box

    def cover(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources.Font = pikepdf.Dictionary(F=font)
        left, bottom = box.x / POINT, (EDITION.height - box.bottom) / POINT
        white = f"1 1 1 rg {left} {bottom} {box.width / POINT} {box.height / POINT} re f"
        page.contents_add(f"BT 3 Tr /F 6 Tf {'1 1 Td (x) Tj ' * 2005} ET {white}".encode())

    assert read(scanned(0.0), None).fields["ruc"].state == "confirmed"
    assert read(scanned(0.0), cover).fields["ruc"].state in {"doubtful", "altered"}
