"""Scans as the files that scanners write: PDF, TIFF, JPEG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Literal, assert_never

import cv2
import pikepdf
from PIL import Image

from generators.paper.sheets import Grey

FileKind = Literal["pdf", "pdf-jpeg", "pdf-flate", "pdf-g4", "tiff", "tiff-jpeg", "tiff-g4", "jpeg", "png"]


def encode(images: Sequence[Grey], kind: FileKind, dpi: int, quality: int = 85) -> bytes:
    """The scans as one file of that kind (``pdf`` is ``pdf-jpeg``), pixel for pixel at ``dpi``.

    Raises ``ValueError`` for several pages in a kind that holds one: write a PDF or TIFF instead.
    """
    match kind:
        case "pdf" | "pdf-jpeg" | "pdf-flate" | "pdf-g4":
            return _as_pdf(images, kind, dpi, quality)
        case "tiff" | "tiff-jpeg" | "tiff-g4":
            return _as_tiff(images, kind, dpi, quality)
        case "jpeg" | "png":
            if len(images) != 1:
                raise ValueError(f"a {kind} file holds one page; write a PDF or TIFF for {len(images)}")
            buffer = BytesIO()
            Image.fromarray(images[0]).save(buffer, kind.upper(), dpi=(dpi, dpi), quality=quality)
            return buffer.getvalue()
        case _:
            assert_never(kind)


def _as_tiff(images: Sequence[Grey], kind: str, dpi: int, quality: int) -> bytes:
    pictures = [_two_levels(image) if kind == "tiff-g4" else Image.fromarray(image) for image in images]
    compression = {"tiff": "tiff_deflate", "tiff-jpeg": "jpeg", "tiff-g4": "group4"}[kind]
    more: dict[str, int] = {"quality": quality} if kind == "tiff-jpeg" else {}
    buffer = BytesIO()
    pictures[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=pictures[1:],
        compression=compression,
        dpi=(dpi, dpi),
        **more,
    )
    return buffer.getvalue()


def _two_levels(image: Grey) -> Image.Image:
    return Image.fromarray(image).convert("1", dither=Image.Dither.NONE)


def _as_pdf(images: Sequence[Grey], kind: str, dpi: int, quality: int) -> bytes:
    pdf = pikepdf.new()
    for image in images:
        rows, columns = image.shape
        width, height = columns * 72 / dpi, rows * 72 / dpi
        page = pdf.add_blank_page(page_size=(width, height))
        picture = _picture(pdf, image, kind, quality)
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
        page.obj.Contents = pdf.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Scan Do Q".encode())
    buffer = BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _picture(pdf: pikepdf.Pdf, image: Grey, kind: str, quality: int) -> pikepdf.Object:
    rows, columns = image.shape
    what: dict[str, object] = {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "Width": columns,
        "Height": rows,
        "ColorSpace": pikepdf.Name.DeviceGray,
        "BitsPerComponent": 8,
    }
    if kind == "pdf-flate":
        return pdf.make_stream(image.tobytes(), **what)
    if kind == "pdf-g4":
        fax = pikepdf.Dictionary(K=-1, Columns=columns, Rows=rows, BlackIs1=False)
        what |= {"BitsPerComponent": 1, "Filter": pikepdf.Name.CCITTFaxDecode, "DecodeParms": fax}
        return pdf.make_stream(_group4_strip(image), **what)
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return pdf.make_stream(data.tobytes(), Filter=pikepdf.Name.DCTDecode, **what)


def _group4_strip(image: Grey) -> bytes:
    """The bare CCITT data of the image, taken out of a one-strip TIFF (tags 273 and 279)."""
    buffer = BytesIO()
    # Pillow's ones are light, CCITT's are black: the image is turned over first.
    _two_levels(255 - image).save(buffer, "TIFF", compression="group4", strip_size=image.size)
    buffer.seek(0)
    with Image.open(buffer, formats=["TIFF"]) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = tags[273], tags[279]
    return buffer.getvalue()[start : start + length]
