"""A stand-in A4 page with print at known places, for tests of simulated paper."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Final

import numpy as np
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from forms.geometry import A4_HEIGHT, A4_WIDTH, Box
from generators.paper.sheets import Sheet, print_page

DOTS: Final = ((20.0, 20.0), (190.0, 22.0), (105.0, 150.0), (18.0, 280.0), (188.0, 277.0))
"""Centres of black discs of :data:`DOT_RADIUS` mm, in mm from the top-left."""
DOT_RADIUS: Final = 3.0
SIGNATURE: Final = Box(60.0, 230.0, 80.0, 21.0)


@cache
def page_pdf() -> bytes:
    """One page: discs, lines of text and an empty box to sign in."""
    buffer = BytesIO()
    canvas = Canvas(buffer, (A4_WIDTH * mm, A4_HEIGHT * mm), invariant=1)
    for x, y in DOTS:
        canvas.circle(x * mm, (A4_HEIGHT - y) * mm, DOT_RADIUS * mm, stroke=0, fill=1)
    canvas.setFont("Helvetica", 10)
    for line in range(20):
        canvas.drawString(
            30 * mm, (250 - 5 * line) * mm, "Solicito regenerar la planilla del 2026-11 n.o 1790012345001"
        )
    canvas.rect(
        SIGNATURE.x * mm, (A4_HEIGHT - SIGNATURE.bottom) * mm, SIGNATURE.width * mm, SIGNATURE.height * mm
    )
    canvas.save()
    return buffer.getvalue()


@cache
def printed_page(dpi: int = 300) -> Sheet:
    return print_page(page_pdf(), dpi=dpi)


def blotted(sheet: Sheet, box: Box, rng: np.random.Generator) -> Sheet:
    """The sheet with ink of no meaning all over ``box``, as dense as that of a symbol."""
    image = sheet.image.copy()
    area = image[sheet.area(box)]
    ink = rng.random((area.shape[0] // 8 + 1, area.shape[1] // 8 + 1)) < 0.45
    black = np.kron(ink, np.ones((8, 8), bool))[: area.shape[0], : area.shape[1]]
    area[...] = np.where(black, 20, 245)
    return sheet.showing(image)
