"""Files into grey pages, one at a time: formats by their first bytes, limits before decoding.

Runs inside the sandbox (``intake.sandbox``). Whatever a file does, the outcome is pages or named
problems; one bad page does not spoil the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from forms.problems import Problem, problem
from intake.alignment import Grey
from intake.limits import Limits
from intake.pdf_pages import PdfTrouble, open_pdf

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
UNKNOWN: Final = "application/octet-stream"

_REDUCE_FROM: Final = 38_000_000
"""Pixels from which a JPEG is decoded at half size: 600 dpi tells us no more than 300."""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """One page as grey values (uint8, rows × columns) in reading order; ``number`` counts from 1."""

    number: int
    image: Grey | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is, before any page is decoded."""

    name: str
    sha256: str
    media_type: str
    pages: int
    problems: tuple[Problem, ...]


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
    """The facts of a file and its pages, decoded one by one as they are asked for."""
    kind = media_type(data)
    facts = FileFacts(name, hashlib.sha256(data).hexdigest(), kind, 0, ())
    if not data:
        return _failed(facts, problem("FILE_EMPTY", file=name))
    if len(data) > limits.file_megabytes * 1_000_000:
        return _failed(facts, problem("FILE_TOO_LARGE", file=name, limit=limits.file_megabytes))
    if kind == UNKNOWN:
        return _failed(facts, problem("FILE_TYPE_UNSUPPORTED", file=name))
    if kind == PDF:
        return _open_pdf(data, facts, limits)
    return _open_image(data, facts, limits)


def _failed(facts: FileFacts, found: Problem, pages: int = 0) -> tuple[FileFacts, Iterator[OpenedPage]]:
    return FileFacts(facts.name, facts.sha256, facts.media_type, pages, (found,)), iter(())


def _open_pdf(data: bytes, facts: FileFacts, limits: Limits) -> tuple[FileFacts, Iterator[OpenedPage]]:
    pdf = open_pdf(data)
    if isinstance(pdf, PdfTrouble):
        code = "FILE_ENCRYPTED" if pdf is PdfTrouble.ENCRYPTED else "FILE_DAMAGED"
        return _failed(facts, problem(code, file=facts.name))
    if pdf.pages > limits.pages:
        found = problem("FILE_TOO_MANY_PAGES", file=facts.name, pages=pdf.pages, limit=limits.pages)
        return _failed(facts, found, pdf.pages)

    def pages() -> Iterator[OpenedPage]:
        for number in range(1, pdf.pages + 1):
            megapixels = pdf.megapixels(number)
            if megapixels > limits.page_megapixels:
                yield _too_large(number, facts.name, megapixels)
            else:
                yield _page(number, facts.name, pdf.grey(number))

    return FileFacts(facts.name, facts.sha256, facts.media_type, pdf.pages, ()), pages()


def _too_large(number: int, name: str, megapixels: float) -> OpenedPage:
    found = problem("PAGE_TOO_LARGE", page=number, file=name, megapixels=round(megapixels))
    return OpenedPage(number, None, (found,))


def _page(number: int, name: str, image: Grey | None) -> OpenedPage:
    if image is None or min(image.shape) < 50:
        reason = "la imagen está dañada o es demasiado pequeña"
        return OpenedPage(number, None, (problem("PAGE_UNREADABLE", page=number, file=name, reason=reason),))
    return OpenedPage(number, image)


def _open_image(data: bytes, facts: FileFacts, limits: Limits) -> tuple[FileFacts, Iterator[OpenedPage]]:
    # The pixel budget is ours and checked below; Pillow's own would warn about honest 600 dpi pages.
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = Image.open(BytesIO(data), formats=("JPEG", "PNG", "TIFF"))
        count = getattr(picture, "n_frames", 1) if facts.media_type == TIFF else 1
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, OverflowError):
        return _failed(facts, problem("FILE_DAMAGED", file=facts.name))
    if count > limits.pages:
        found = problem("FILE_TOO_MANY_PAGES", file=facts.name, pages=count, limit=limits.pages)
        return _failed(facts, found, count)
    described = FileFacts(facts.name, facts.sha256, facts.media_type, count, ())
    if facts.media_type == JPEG:
        return described, iter([_jpeg_page(data, picture, facts.name, limits)])
    return described, _frames(picture, facts.name, limits)


def _jpeg_page(data: bytes, picture: Image.Image, name: str, limits: Limits) -> OpenedPage:
    pixels = picture.width * picture.height
    if pixels / 1e6 > limits.page_megapixels:
        return _too_large(1, name, pixels / 1e6)
    return _page(1, name, decode_jpeg(data, pixels))


def decode_jpeg(data: bytes, pixels: int) -> Grey | None:
    """Grey values of a JPEG, turned as its EXIF data asks; halved when it has more than 38 megapixels."""
    reduced = cv2.IMREAD_REDUCED_GRAYSCALE_2 if pixels > _REDUCE_FROM else cv2.IMREAD_GRAYSCALE
    try:
        image: Grey | None = cv2.imdecode(np.frombuffer(data, np.uint8), reduced)
    except cv2.error:
        return None
    return image


def _frames(picture: Image.Image, name: str, limits: Limits) -> Iterator[OpenedPage]:
    number = 0
    try:
        for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
            megapixels = frame.width * frame.height / 1e6
            if megapixels > limits.page_megapixels:
                yield _too_large(number, name, megapixels)
            else:
                yield _page(number, name, grey_of(frame))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, OverflowError):
        yield _page(number + 1, name, None)


def grey_of(picture: Image.Image) -> Grey | None:
    """Grey values of any picture on white paper, with EXIF orientation; nothing when it cannot be decoded."""
    try:
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in {"I;16", "I;16B", "I", "F"}:
            values = np.asarray(upright, dtype=np.float64)
            top = 65535.0 if values.max(initial=0) > 255 else 255.0
            return np.clip(values * (255.0 / top), 0, 255).astype(np.uint8)
        if upright.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in upright.info:
            coloured = upright.convert("RGBA")
            upright = Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
        return np.asarray(upright.convert("L"))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, OverflowError):
        return None
