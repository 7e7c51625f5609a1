"""The words that a PDF says are on its pages, as a task of the sandbox: two files are compared by them.

What a file says is not what one sees on it: a picture or a drawing over the words is not among them. Equal
words prove nothing by themselves; other words prove that the file was changed.
"""

from __future__ import annotations

from typing import Final

import msgspec
import pypdfium2
import pypdfium2.raw as pdfium

from intake.limits import Limits
from intake.raster import or_nothing
from intake.sandbox import Sandbox, Trouble

Words = tuple[str, ...]

_MOST_SIGNS: Final = 40_000
_SCANNED: Final = 0.5
"""Share of a page under one picture from which it is a scan, whose words somebody's program guessed."""


class WordsRequest(msgspec.Struct, frozen=True):
    files: tuple[bytes, ...]
    most_pages: int


def read_words(
    sandbox: Sandbox, files: tuple[bytes, ...], limits: Limits
) -> tuple[tuple[Words, ...], ...] | None:
    """The words of each page of each file, none of a scanned page; nothing where a file could not be read."""
    answer = sandbox.run(words_task, msgspec.msgpack.encode(WordsRequest(files, limits.pages)))
    if isinstance(answer, Trouble):
        return None
    try:
        found = msgspec.msgpack.decode(answer, type=tuple[tuple[Words, ...], ...])
    except msgspec.DecodeError:
        return None
    return found if len(found) == len(files) else None


def words_task(data: bytes) -> bytes:
    """The words that a :class:`WordsRequest` asks for; runs in the sandbox's child."""
    request = msgspec.msgpack.decode(data, type=WordsRequest)
    return msgspec.msgpack.encode([_pages_of(file, request.most_pages) or () for file in request.files])


@or_nothing
def _pages_of(data: bytes, most: int) -> tuple[Words, ...]:
    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(_words_of(document, place) for place in range(min(len(document), most)))
    finally:
        document.close()


def _words_of(document: pypdfium2.PdfDocument, place: int) -> Words:
    page = document[place]
    if pdfium.FPDFPage_GetAnnotCount(page):
        # Fields and notes become part of the page, so that what they say is among its words.
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page = document[place]
    if _is_scanned(page):
        return ()
    layer = page.get_textpage()
    return tuple(layer.get_text_range(0, min(layer.count_chars(), _MOST_SIGNS)).split())


def _is_scanned(page: pypdfium2.PdfPage) -> bool:
    wide, high = page.get_size()
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        if abs((right - left) * (top - bottom)) >= _SCANNED * wide * high:
            return True
    return False
