"""The evidence of a reading as a picture: the page with what was expected, what was added, what is gone.

Ink that the page should not have is red, ink that it lacks is blue, and every box has the colour of its
state. The picture is for eyes only: nothing is decided from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, WebPImagePlugin

from forms.geometry import Box
from intake.alignment import Grey
from intake.expected_page import expect_page, page_grid, printed_values
from intake.pages import PageResult
from intake.readings import DocumentReading, FieldReading, MarkReading, SignatureReading
from intake.sampling import Ink, light_paper

Picture = NDArray[np.uint8]
"""Rows × columns × 3 samples, blue, green and red."""

_PER_MM: Final = 150 / 25.4
_EFFORT: Final = 2
"""How hard the encoder of pictures tries, of 6: 0 is quickest and a quarter larger."""
_DIFFERENT: Final = 0.3
"""Share of full black from which a difference is shown."""
_REACH_MM: Final = 0.2
"""How far expected ink may lie from its place: less than that is paper, not people."""
_ADDED: Final = (40, 40, 214)
_GONE: Final = (214, 110, 20)
_COLOURS: Final = {
    "confirmed": (58, 122, 29),
    "read": (58, 122, 29),
    "present": (58, 122, 29),
    "doubtful": (0, 140, 230),
    "altered": (29, 32, 200),
    "missing": (29, 32, 200),
    "absent": (29, 32, 200),
}
_OUTSIDE: Final = (160, 60, 160)


def draw_overlay(image: Grey, result: PageResult) -> Picture | None:
    """The evidence for a page that was identified and located. Nothing for any other page."""
    identity, alignment = result.identity, result.alignment
    if identity is None or identity.edition is None or alignment is None:
        return None
    edition, grid = identity.edition, page_grid()
    paper = light_paper(image, alignment, edition.frame, tuple(range(len(edition.frame.marks))))
    seen = paper.sample(grid)
    values = {} if identity.document is None else printed_values(result.fields)
    expected = expect_page(edition, identity.page, values, grid)
    frame = edition.frame
    for box in (*frame.marks, frame.full_seal, frame.small_seal, frame.reference):
        _cut(seen, box)
        _cut(expected, box)
    picture = _shade(paper.raw(grid))
    _paint(picture, seen, expected)
    _frame(picture, result.fields.values(), result.signatures.values(), result.marks_outside)
    return picture


def draw_letter_overlay(straight: Grey, letter: DocumentReading, page: int) -> Picture:
    """The evidence for one page of a letter, of which nothing is expected: the boxes alone, of those of its
    values that were found there. ``straight`` is the page as the grid of :func:`page_grid` samples it.
    """
    picture = _shade(straight)
    fields = [found for found in letter.fields.values() if found.page == page and found.value]
    signatures = [found for found in letter.signatures.values() if found.page == page]
    _frame(picture, fields, signatures, [mark for mark in letter.marks_outside if mark.page == page])
    return picture


def _cut(ink: Ink, box: Box) -> None:
    """No ink where each paper has its own: symbols, marks and the number beside them."""
    wide = box.grown(1)
    left, top = max(round(wide.x * _PER_MM), 0), max(round(wide.y * _PER_MM), 0)
    ink[top : round(wide.bottom * _PER_MM), left : round(wide.right * _PER_MM)] = 0


def _shade(scan: Grey) -> Picture:
    """The scan made pale, so that colours stand out on it."""
    pale = (130 + scan.astype(np.float32) * 125 / 255).astype(np.uint8)
    return np.ascontiguousarray(cv2.cvtColor(pale, cv2.COLOR_GRAY2BGR))


def _paint(picture: Picture, seen: Ink, expected: Ink) -> None:
    """Red where there is ink that nothing near explains, blue where expected ink is nowhere near."""
    reach = 2 * round(_REACH_MM * _PER_MM) + 1
    around = np.ones((reach, reach), np.uint8)
    picture[_solid(seen - cv2.dilate(expected, around) > _DIFFERENT)] = _ADDED
    picture[_solid(expected - cv2.dilate(seen, around) > _DIFFERENT)] = _GONE


def _solid(where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without what is one sample thin: hairlines that blur ate, specks of noise."""
    opened: NDArray[np.uint8] = cv2.morphologyEx(
        where.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)
    )
    return opened.astype(np.bool_)


def _frame(
    picture: Picture,
    fields: Iterable[FieldReading],
    signatures: Iterable[SignatureReading],
    outside: Iterable[MarkReading],
) -> None:
    boxes = [(found.box_mm, _COLOURS[found.state]) for found in fields]
    boxes += [(found.box_mm, _COLOURS[found.state]) for found in signatures]
    boxes += [(mark.box_mm, _OUTSIDE) for mark in outside]
    for (x, y, width, height), colour in boxes:
        start = (round(x * _PER_MM), round(y * _PER_MM))
        end = (round((x + width) * _PER_MM), round((y + height) * _PER_MM))
        cv2.rectangle(picture, start, end, colour, 2)


def encode_overlay(picture: Picture) -> bytes:
    """The picture as WebP, small enough to be kept with the case."""
    return encode_picture(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), 60)


def decode_picture(webp: bytes) -> Grey:
    """The grey of a picture that :func:`encode_picture` made."""
    with Image.open(BytesIO(webp), formats=[WebPImagePlugin.WebPImageFile.format]) as picture:
        return np.asarray(picture.convert("L"), np.uint8)


def encode_picture(picture: NDArray[np.uint8], quality: int) -> bytes:
    """Grey or red, green and blue as WebP. Somebody waits for it, so the encoder does not try its best: the
    file is a twentieth larger than OpenCV's, which takes two and a half times as long and has no such choice.
    """
    file = BytesIO()
    Image.fromarray(picture).save(file, WebPImagePlugin.WebPImageFile.format, quality=quality, method=_EFFORT)
    return file.getvalue()
