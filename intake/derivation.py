"""Deriving as a task of the sandbox: an original in, its pages to look at, its text and its PDF/A-2b out.

The original is hostile until proved otherwise, so everything that parses it runs here, the drawing and the
validation of the derivative too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import cv2
import msgspec
import numpy as np

from generators.archival import ArchivalFacts, ArchivalPage, TextLine, draw_archival
from intake.alignment import Grey
from intake.archival_pictures import ArchivalPicture, pdf_picture, raster_picture
from intake.limits import Limits
from intake.opening import PDF, OpenedPage, media_type, open_file
from intake.page_lines import PageLines, PlacedValue, drawn_lines, points_per_pixel, scanned_lines
from intake.pdfa import pdfa_faults
from intake.threads import use_one_thread

VIEW_DPI: Final = 110
_QUALITY: Final = 70
_THUMBNAIL: Final = 150
"""Columns of a thumbnail: enough to tell a form from a letter, too few to read a name."""
Outcome = Literal["valid", "invalid", "failed", "shown"]


class DerivationRequest(msgspec.Struct, frozen=True):
    """``values`` are those of the reading, by page from 1; ``derive`` is false for a paper of our own."""

    name: str
    data: bytes
    made_at: datetime
    values: dict[int, tuple[PlacedValue, ...]]
    derive: bool
    limits: Limits


class DerivedPage(msgspec.Struct, frozen=True):
    """A page set upright: size in points, lines upon it, its picture as WebP."""

    page: int
    width: float
    height: float
    lines: tuple[TextLine, ...]
    view: bytes


class Derivation(msgspec.Struct, frozen=True):
    """All that came of a file; ``pdf`` only when it is ``valid``."""

    outcome: Outcome
    pages: tuple[DerivedPage, ...] = ()
    thumbnail: bytes | None = None
    pdf: bytes | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    opened: OpenedPage
    image: Grey
    found: PageLines


def derive_task(data: bytes) -> bytes:
    """Derive what a :class:`DerivationRequest` asks for; runs in the sandbox's child."""
    use_one_thread()
    request = msgspec.msgpack.decode(data, type=DerivationRequest)
    return msgspec.msgpack.encode(derive(request))


def derive(request: DerivationRequest) -> Derivation:
    """Pages, text and derivative of one file. A page that cannot be read makes the derivative impossible:
    one that lacks a page would be a lie.
    """
    facts, opened = open_file(request.data, request.name, request.limits)
    seen, problems = [], [found.message for found in facts.problems]
    for page in opened:
        problems += [found.message for found in page.problems]
        if page.image is not None:
            seen.append(_look(request, page, page.image))
    pages = tuple(_page(item) for item in seen)
    thumbnail = _thumbnail(seen[0]) if seen else None
    if not seen or len(seen) != facts.pages:
        return Derivation("failed", pages, thumbnail, None, tuple(problems))
    if not request.derive:
        return Derivation("shown", pages, thumbnail)
    return _derivative(request, facts.sha256, seen, pages, thumbnail)


def _derivative(
    request: DerivationRequest,
    sha256: str,
    seen: list[_Seen],
    pages: tuple[DerivedPage, ...],
    thumbnail: bytes | None,
) -> Derivation:
    """First with the pictures as they are; where those break a rule, with their pixels."""
    title = ArchivalFacts(request.name, sha256, request.made_at)
    faults: tuple[str, ...] = ("No se pudo tomar la imagen de una página.",)
    for plain in (False, True):
        pictures = [_picture(request.data, item.opened.number, plain) for item in seen]
        drawn = [
            _archival(item, picture)
            for item, picture in zip(seen, pictures, strict=True)
            if picture is not None
        ]
        if len(drawn) < len(seen):
            continue
        pdf = draw_archival(drawn, title)
        faults = pdfa_faults(pdf)
        if not faults:
            return Derivation("valid", pages, thumbnail, pdf)
    return Derivation("invalid", pages, thumbnail, None, faults)


def _look(request: DerivationRequest, opened: OpenedPage, image: Grey) -> _Seen:
    found = drawn_lines(request.data, opened) if opened.born_digital else None
    if found is None:
        found = scanned_lines(image, opened.dpi, request.values.get(opened.number, ()))
    return _Seen(opened, image, found)


def _picture(data: bytes, number: int, plain: bool) -> ArchivalPicture | None:
    if media_type(data) == PDF:
        return pdf_picture(data, number, plain=plain)
    return raster_picture(data, number, plain=plain)


def _archival(seen: _Seen, picture: ArchivalPicture) -> ArchivalPage:
    found = seen.found
    turn = (picture.turn + found.turn) % 360
    return ArchivalPage(round(found.width, 2), round(found.height, 2), picture.pdf, turn, found.lines)


def _upright(seen: _Seen, dpi: float) -> Grey:
    factor = dpi / 72 * points_per_pixel(seen.image, seen.opened.dpi)
    size = max(1, round(seen.image.shape[1] * factor)), max(1, round(seen.image.shape[0] * factor))
    shape = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    small = cv2.resize(seen.image, size, interpolation=shape)
    turned: Grey = np.ascontiguousarray(np.rot90(small, -seen.found.turn // 90))
    return turned


def _page(seen: _Seen) -> DerivedPage:
    _, view = cv2.imencode(".webp", _upright(seen, VIEW_DPI), [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    found = seen.found
    return DerivedPage(seen.opened.number, found.width, found.height, found.lines, view.tobytes())


def _thumbnail(seen: _Seen) -> bytes:
    dpi = 72 * _THUMBNAIL / max(seen.found.width, 1.0)
    _, data = cv2.imencode(".webp", _upright(seen, dpi), [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    return data.tobytes()
