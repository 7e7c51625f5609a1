"""A page of ours as a picture for the screen, drawn from the very PDF that would be printed."""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import Final

import pypdfium2

_POINTS: Final = 72
"""Points to an inch."""
_ONE_AT_A_TIME: Final = Lock()
"""PDFium may not be used by two threads at once."""


def draw_preview(pdf: bytes, dots_per_inch: int, page: int = 1) -> bytes:
    """Page ``page`` of a PDF that we drew ourselves, as PNG. A stranger's goes through the sandbox."""
    out = BytesIO()
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            picture = document[page - 1].render(scale=dots_per_inch / _POINTS).to_pil().convert("L")
        finally:
            document.close()
    picture.save(out, "PNG")
    return out.getvalue()
