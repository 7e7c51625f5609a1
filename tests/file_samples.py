"""Small files of every accepted kind, made from one picture that looks different from every side."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]

WIDE, HIGH = 420, 594
"""A4 at about 51 dots per inch: enough to tell one side from another, quick to make."""
POINTS: Final = (595.2, 841.8)


@cache
def picture() -> Grey:
    """Black print on light paper, top-heavy and left-heavy."""
    page = np.full((HIGH, WIDE), 250, np.uint8)
    cv2.rectangle(page, (20, 20), (200, 120), 0, -1)
    cv2.circle(page, (330, 90), 40, 60, -1)
    cv2.putText(page, "IESS", (30, 220), cv2.FONT_HERSHEY_SIMPLEX, 2, 10, 6)
    cv2.line(page, (20, 560), (300, 300), 0, 4)
    return page


def bilevel() -> Image.Image:
    return Image.fromarray(picture()).point(lambda value: 255 if value > 127 else 0).convert("1")


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(**options: Any) -> bytes:
    return encoded(Image.fromarray(picture()), "JPEG", quality=90, **options)


def tiff_of(pages: int) -> bytes:
    first = bilevel()
    rest = [first] * (pages - 1)
    return encoded(first, "TIFF", compression="group4", save_all=True, append_images=rest)


def g4_strip() -> bytes:
    """The picture as one CCITT group 4 strip, black as 0 bits after decoding, as PDF wants it."""
    data = encoded(bilevel(), "TIFF", compression="group4", tiffinfo={278: HIGH})
    with Image.open(BytesIO(data)) as made:
        (start,), (length,) = made.tag_v2[273], made.tag_v2[279]  # type: ignore[attr-defined]
        assert made.tag_v2[262] in {0, 1}  # type: ignore[attr-defined]
    return data[start : start + length]


class PdfMaker:
    """A PDF put together object by object, so that tests say exactly what is unusual about it."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()

    def image(self, data: bytes, **keys: Any) -> pikepdf.Stream:
        named = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": WIDE, "Height": HIGH}
        stream = pikepdf.Stream(self.pdf, data)
        for key, value in (
            named | {"BitsPerComponent": 8, "ColorSpace": pikepdf.Name.DeviceGray} | keys
        ).items():
            stream[f"/{key}"] = value
        return stream

    def jpeg(self, data: bytes | None = None, **keys: Any) -> pikepdf.Stream:
        return self.image(data or jpeg(), **({"Filter": pikepdf.Name.DCTDecode} | keys))

    def page(self, content: str, images: dict[str, pikepdf.Stream] | None = None, **keys: Any) -> PdfMaker:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary({f"/{name}": image for name, image in (images or {}).items()}),
            Font=pikepdf.Dictionary(F=font),
        )
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=pikepdf.Array([0, 0, *POINTS]),
            Resources=resources,
            Contents=pikepdf.Stream(self.pdf, content.encode()),
        )
        for key, value in keys.items():
            page[f"/{key}"] = value
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        return self

    def scan(self, image: pikepdf.Stream, extra: str = "", **keys: Any) -> PdfMaker:
        """A page filled by one picture, as a scanner makes it."""
        return self.page(f"q {POINTS[0]} 0 0 {POINTS[1]} 0 0 cm /I Do Q {extra}", {"I": image}, **keys)

    def bytes(self, **options: Any) -> bytes:
        buffer = BytesIO()
        self.pdf.save(buffer, **options)
        return buffer.getvalue()


TEXT: Final = "BT /F 20 Tf 72 700 Td (Solicitud de planilla) Tj ET"
HIDDEN: Final = "BT 3 Tr /F 20 Tf 72 700 Td (leido por otro) Tj ET"


def text_pdf(pages: int = 1) -> bytes:
    maker = PdfMaker()
    for _ in range(pages):
        maker.page(TEXT)
    return maker.bytes()


def scan_pdf() -> bytes:
    maker = PdfMaker()
    return maker.scan(maker.jpeg()).bytes()
