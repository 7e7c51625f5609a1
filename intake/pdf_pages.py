"""Pages of a PDF as grey values: a full-page scan is taken out as it is, anything else is rendered."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from enum import Enum
from io import BytesIO
from typing import Final

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from intake.cut_streams import Fault, fault_of_pictures
from intake.drawn_text import DrawnPage, read_drawn
from intake.electronic_signatures import electronic_signatures
from intake.pdf_fields import page_values
from intake.pdf_scan import extract, look_at, shows_pasted
from intake.raster import REDUCE_FROM, Raster, TooLarge, or_nothing
from intake.readings import ElectronicSignature

_DPI: Final = (100.0, 200.0, 300.0)
"""Rendering: the least that can be read, what drawn text needs, and the most that a scan may ask for."""
_NOTHING: Final = 250
"""Grey value from which on there is nothing to see."""
_MOST_TEXT: Final = 100_000
_END_OF_STREAM: Final = b"\nendstream\nendobj"
_END_OF_FILE: Final = b"\n%%EOF\n"
"""What readers look for at a file's end: an object right before the very end is not taken for whole."""
_DICTIONARIES: Final = re.compile(rb"<<([^<>]{0,99999}+)>>")
_PAGE_LIST: Final = re.compile(rb"/Type\s*+/Pages\b")
_COUNT: Final = re.compile(rb"/Count\s+(\d{1,9})")
_NEAR_THE_END: Final = 1024
"""Bytes at a file's end among which readers look for its end mark; what follows it is junk."""


class PdfTrouble(Enum):
    """Why a PDF cannot be opened at all."""

    ENCRYPTED = "FILE_ENCRYPTED"
    DAMAGED = "FILE_DAMAGED"


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's picture and, where the page was drawn rather than scanned, its text with the places and the
    values of the form's fields that lie on it; of a scan whether something was drawn over it in the file.
    """

    raster: Raster
    born_digital: bool
    text: str
    drawn: DrawnPage | None = None
    drawn_over: bool = False
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PdfPages:
    """An open PDF; pages are asked for by number from 1. ``signed`` are its electronic signatures, ``data``
    the bytes that could be opened. ``broken_off`` when the file has no end, ``within`` when that was inside
    of one of its streams, and ``lost`` when it speaks of more pages than are there.
    """

    data: bytes
    document: pypdfium2.PdfDocument
    structure: pikepdf.Pdf | None
    pages: int
    signed: tuple[ElectronicSignature, ...] = ()
    broken_off: bool = False
    within: bool = False
    lost: bool = False

    @or_nothing
    def page(self, number: int, megapixels: float) -> PdfPage | TooLarge | None:
        """The page set upright as the file says; nothing when it cannot be drawn."""
        page = self.document[number - 1]
        content = look_at(page)
        if content.megapixels > megapixels:
            return TooLarge(content.megapixels)
        fault = self._fault(number, content.finest_dpi)
        cut, damaged = fault is Fault.CUT, fault is Fault.DAMAGED
        if content.scan is not None:
            raster = extract(page, content.scan, self.structure, number)
            if raster is not None:
                return PdfPage(replace(raster, cut=raster.cut or cut, damaged=damaged), False, "")
        rendered = _render(page, content.finest_dpi, megapixels)
        if not isinstance(rendered, Raster):
            return rendered
        # PDFium leaves out a picture that it cannot decode, or that a broken file lacks, without a word.
        if (content.finest_dpi or cut or self.broken_off) and rendered.image.min() >= _NOTHING:
            return None
        rendered = replace(rendered, cut=cut, damaged=damaged)
        if not content.visible_text:
            over = content.drawn_over or shows_pasted(content, self.structure, number)
            return PdfPage(rendered, False, "", drawn_over=over)
        layered = self.structure is not None and "/OCProperties" in self.structure.Root
        drawn = read_drawn(self.data, number, rendered.image.shape, content.cover, layered=layered)
        return PdfPage(rendered, True, _text(page), drawn, fields=self._fields_on(number))

    def _fields_on(self, number: int) -> dict[str, str]:
        return (page_values(self.structure, number) if self.structure else None) or {}

    def _fault(self, number: int, finest_dpi: float) -> Fault | None:
        """What is wrong with the data of the page's pictures. A whole file lacks no picture altogether."""
        if self.structure is None or number > len(self.structure.pages):
            return Fault.CUT if self.broken_off else None
        if not finest_dpi and not self.broken_off:
            return None
        return fault_of_pictures(self.structure.pages[number - 1])


def open_pdf(data: bytes) -> PdfPages | PdfTrouble:
    """Open a PDF, after a repair when it or its first page needs one."""
    return _open_or_repair(data) or PdfTrouble.DAMAGED


@or_nothing
def _open_or_repair(data: bytes) -> PdfPages | PdfTrouble:
    broken_off = b"%%EOF" not in data.rstrip(b"\0 \r\n")[-_NEAR_THE_END:]
    if broken_off and (ended := _end(data)) is not None:
        return ended
    opened = _open(data, data)
    if isinstance(opened, PdfPages):
        return replace(opened, broken_off=broken_off)
    repaired = _repair(data)
    if isinstance(repaired, bytes):
        return _open(repaired, data)
    return PdfTrouble.ENCRYPTED if PdfTrouble.ENCRYPTED in {opened, repaired} else PdfTrouble.DAMAGED


@or_nothing
def _end(data: bytes) -> PdfPages | None:
    """A file that broke off, given an end: a repair alone drops what there is of the last stream."""
    kept = data.rstrip(b"\0")  # a copy that broke off may have the length of the whole
    last = kept.rfind(b"stream")
    within = last >= 0 and not kept[:last].endswith(b"end")
    with pikepdf.open(BytesIO(kept + (_END_OF_STREAM if within else b"") + _END_OF_FILE)) as pdf:
        lost = _pages_said(kept) > len(pdf.pages)
        buffer = BytesIO()
        pdf.save(buffer, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    opened = _open(buffer.getvalue(), data)
    if not isinstance(opened, PdfPages):
        return None
    return replace(opened, broken_off=True, within=within, lost=lost)


def _pages_said(data: bytes) -> int:
    """The most pages that a list of them speaks of; asked of the bytes, for opening them mends the list."""
    lists = (found for found in _DICTIONARIES.findall(data) if _PAGE_LIST.search(found))
    return max((int(count[1]) for found in lists if (count := _COUNT.search(found))), default=0)


def _open(data: bytes, received: bytes) -> PdfPages | PdfTrouble:
    """Open what was ``received``, or ``data`` that was mended of it."""
    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
        pages = len(document)
        if pages == 0 or not document[0].get_width():
            return PdfTrouble.DAMAGED
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        return PdfTrouble.ENCRYPTED if locked else PdfTrouble.DAMAGED
    structure = _structure(data)
    signed = electronic_signatures(structure, received) if structure else None
    return PdfPages(data, document, structure, pages, signed or ())


@or_nothing
def _structure(data: bytes) -> pikepdf.Pdf:
    """The same file as a tree of objects, for what PDFium does not tell; not needed to draw it."""
    return pikepdf.open(BytesIO(data))


def _repair(data: bytes) -> bytes | PdfTrouble:
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            buffer = BytesIO()
            pdf.save(buffer)
            return buffer.getvalue()
    except pikepdf.PasswordError:
        return PdfTrouble.ENCRYPTED
    except pikepdf.PdfError:
        return PdfTrouble.DAMAGED


def _render(page: pypdfium2.PdfPage, finest_dpi: float, megapixels: float) -> Raster | TooLarge | None:
    """The page drawn at a resolution that keeps the budget; too large when no readable one does."""
    wide, high = page.get_size()
    inches = wide * high / 72**2
    if not math.isfinite(inches) or inches <= 0:
        return None
    least, usual, most = _DPI
    if inches * least**2 > megapixels * 1e6:
        return TooLarge(inches * usual**2 / 1e6)
    enough = max(math.sqrt(REDUCE_FROM / inches), least)
    dpi = min(max(finest_dpi, usual), most, enough)
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    values = bitmap.to_numpy()
    return Raster(values.reshape(values.shape[:2]).copy(), dpi)


def _text(page: pypdfium2.PdfPage) -> str:
    layer = page.get_textpage()
    text: str = layer.get_text_range(0, min(layer.count_chars(), _MOST_TEXT))
    return text[:_MOST_TEXT]
