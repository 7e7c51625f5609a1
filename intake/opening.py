"""Files into grey pages, one at a time: formats by their first bytes, limits before decoding.

Runs inside the sandbox (``intake.sandbox``). Whatever a file does, the outcome is pages or named
problems; one bad page does not spoil the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from forms.problems import Problem, problem
from intake.alignment import Grey
from intake.drawn_text import DrawnPage
from intake.limits import Limits
from intake.pdf_pages import PdfPage, PdfPages, PdfTrouble, open_pdf
from intake.picture_pages import Chain, PicturePages, open_picture
from intake.raster import Raster, TooLarge
from intake.readings import ElectronicSignature

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
UNKNOWN: Final = "application/octet-stream"

_LEAST_SIDE: Final = 50
"""Pixels: what is smaller on one side is no page of paper."""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """One page as grey values (uint8, rows × columns), set upright as its file says.

    ``number`` counts from 1. ``dpi`` is what the file claims, for the image as it is here. ``text`` is
    the text of a page that was drawn by a program (``born_digital``); of a scan it is empty, whatever
    some recogniser has put under it. ``drawn`` has the same text with the place of each sign, ``fields`` the
    values of the form's fields that lie on such a page. ``damaged``
    when some of the image's data was changed on the way, so that it may show what is not on the paper;
    ``drawn_over`` when something was put on a scan that is in the file only.
    """

    number: int
    image: Grey | None
    problems: tuple[Problem, ...] = ()
    dpi: float | None = None
    born_digital: bool = False
    text: str = ""
    drawn: DrawnPage | None = None
    damaged: bool = False
    drawn_over: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is, before any page is decoded; ``signed`` are its electronic signatures."""

    name: str
    sha256: str
    media_type: str
    pages: int
    problems: tuple[Problem, ...]
    signed: tuple[ElectronicSignature, ...] = ()


def media_type(data: bytes) -> str:
    """The type by magic bytes; names and declared types are not asked.

    >>> media_type(b"%PDF-1.7"), media_type(b"<html>")
    ('application/pdf', 'application/octet-stream')
    """
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return TIFF
    # Readers accept junk before the header of a PDF, and scanners write it.
    return PDF if b"%PDF-" in data[:1024] else UNKNOWN


def open_file(data: bytes, name: str, limits: Limits) -> tuple[FileFacts, Iterator[OpenedPage]]:
    """The facts of a file and its pages, decoded one by one as they are asked for.

    Raises only ``MemoryError``, when the machine (or the sandbox) has no more to give.
    """
    kind = media_type(data)
    facts = FileFacts(name, hashlib.sha256(data).hexdigest(), kind, 0, ())
    if not data:
        return _failed(facts, problem("FILE_EMPTY", file=name))
    if len(data) > limits.file_megabytes * 1_000_000:
        return _failed(facts, problem("FILE_TOO_LARGE", file=name, limit=limits.file_megabytes))
    if kind == UNKNOWN:
        return _failed(facts, problem("FILE_TYPE_UNSUPPORTED", file=name))
    return _open_pdf(data, facts, limits) if kind == PDF else _open_picture(data, facts, limits)


def _failed(facts: FileFacts, found: Problem, pages: int = 0) -> tuple[FileFacts, Iterator[OpenedPage]]:
    return replace(facts, pages=pages, problems=(found,)), iter(())


def _too_many(
    facts: FileFacts, pages: int, said: object, limits: Limits
) -> tuple[FileFacts, Iterator[OpenedPage]]:
    found = problem("FILE_TOO_MANY_PAGES", file=facts.name, pages=said, limit=limits.pages)
    return _failed(facts, found, pages)


def _open_pdf(data: bytes, facts: FileFacts, limits: Limits) -> tuple[FileFacts, Iterator[OpenedPage]]:
    pdf = open_pdf(data)
    if isinstance(pdf, PdfTrouble):
        return _failed(facts, problem(pdf.value, file=facts.name))
    if pdf.pages > limits.pages:
        return _too_many(facts, pdf.pages, pdf.pages, limits)
    described = replace(facts, pages=pdf.pages, signed=pdf.signed)
    return described, _pdf_pages(described, pdf, limits)


def _pdf_pages(facts: FileFacts, pdf: PdfPages, limits: Limits) -> Iterator[OpenedPage]:
    named = False
    for page in _pages(facts, pdf.page, limits):
        named |= bool(page.problems)
        yield page
    if pdf.lost or (pdf.within and not named):  # a copy that broke off is never passed over in silence
        yield _unreadable(facts, facts.pages + 1, "el archivo llegó cortado y puede faltar esa página")


def _open_picture(data: bytes, facts: FileFacts, limits: Limits) -> tuple[FileFacts, Iterator[OpenedPage]]:
    file = open_picture(data, facts.media_type, limits.pages)
    if file is None:
        return _failed(facts, problem("FILE_DAMAGED", file=facts.name))
    if file.chain is Chain.TOO_LONG:
        return _too_many(facts, file.pages, f"más de {limits.pages}", limits)
    described = replace(facts, pages=file.pages)
    return described, _picture_pages(described, file, limits)


def _picture_pages(facts: FileFacts, file: PicturePages, limits: Limits) -> Iterator[OpenedPage]:
    yield from _pages(facts, file.page, limits)
    if file.chain is Chain.BROKEN:
        yield _unreadable(facts, file.pages + 1, "el índice de páginas del archivo está dañado")


def _pages(
    facts: FileFacts, look: Callable[[int, float], PdfPage | Raster | TooLarge | None], limits: Limits
) -> Iterator[OpenedPage]:
    for number in range(1, facts.pages + 1):
        yield _page(facts, number, look(number, limits.page_megapixels))


def _page(facts: FileFacts, number: int, seen: PdfPage | Raster | TooLarge | None) -> OpenedPage:
    if isinstance(seen, TooLarge):
        megapixels = f"{seen.megapixels:.0f}"
        found = problem("PAGE_TOO_LARGE", page=number, file=facts.name, megapixels=megapixels)
        return OpenedPage(number, None, (found,))
    if seen is None:
        return _unreadable(facts, number, "la imagen está dañada o llegó cortada")
    raster = seen.raster if isinstance(seen, PdfPage) else seen
    if min(raster.image.shape) < _LEAST_SIDE:
        return _unreadable(facts, number, "la imagen es demasiado pequeña")
    code = "PAGE_INCOMPLETE" if raster.cut else "PAGE_DAMAGED" if raster.damaged else None
    told = (problem(code, page=number, file=facts.name),) if code else ()
    page = OpenedPage(number, raster.image, told, raster.dpi, damaged=raster.damaged)
    return (
        replace(
            page,
            born_digital=seen.born_digital,
            text=seen.text,
            drawn=seen.drawn,
            drawn_over=seen.drawn_over,
            fields=seen.fields,
        )
        if isinstance(seen, PdfPage)
        else page
    )


def _unreadable(facts: FileFacts, number: int, reason: str) -> OpenedPage:
    found = problem("PAGE_UNREADABLE", page=number, file=facts.name, reason=reason)
    return OpenedPage(number, None, (found,))
