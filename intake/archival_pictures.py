"""The picture of a page as a derivative carries it: the original's own data, or its pixels without loss.

A scan in a PDF and a JPEG keep their compressed data as they came. Other pictures are packed without loss,
and a page that a program drew is rendered. Every picture is a PDF of one page with that one image, which
``generators.archival`` takes over.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal

import pikepdf
import pypdfium2
from PIL import Image, ImageOps

from intake.pdf_scan import look_at
from intake.raster import or_nothing

Making = Literal["as-is", "pixels", "drawn"]
DRAWN_DPI: Final = 200
_TURNS: Final = {1: 0, 3: 180, 6: 90, 8: 270}
"""Clockwise turns that EXIF orientations without a mirror ask for."""
_KEPT_KEYS: Final = frozenset(
    [
        "/Type",
        "/Subtype",
        "/Width",
        "/Height",
        "/BitsPerComponent",
        "/ColorSpace",
        "/Filter",
        "/DecodeParms",
        "/Decode",
    ]
)
_KEPT_FILTERS: Final = frozenset({"/DCTDecode", "/CCITTFaxDecode", "/FlateDecode", "/JBIG2Decode"})


@dataclass(frozen=True, slots=True)
class ArchivalPicture:
    """A picture ready to be put into a derivative, the turn that sets it upright, and how it was made."""

    pdf: bytes
    turn: int
    making: Making


def pdf_picture(data: bytes, number: int, *, plain: bool) -> ArchivalPicture | None:
    """The picture of page ``number`` (from 1) of a PDF; ``plain`` asks for pixels, not for what is there."""
    return (None if plain else _scan_as_is(data, number)) or _rendered(data, number)


@or_nothing
def _scan_as_is(data: bytes, number: int) -> ArchivalPicture | None:
    document = pypdfium2.PdfDocument(data)
    page = document[number - 1]
    if look_at(page).scan is None:
        return None
    with pikepdf.open(BytesIO(data)) as source:
        images = [
            item
            for item in source.pages[number - 1].resources.get("/XObject", pikepdf.Dictionary()).values()
            if item.get("/Subtype") == "/Image"
        ]
        if len(images) != 1 or not _may_stay(images[0]):
            return None
        return ArchivalPicture(_holding(images[0]), page.get_rotation(), "as-is")


def _may_stay(image: pikepdf.Object) -> bool:
    """Whether what a viewer shows is this image alone, in a coding and colours that PDF/A-2 allows."""
    if any(image.get(key) for key in ("/SMask", "/Mask", "/ImageMask", "/SMaskInData")):
        return False
    filters = image.get("/Filter", pikepdf.Array())
    names = {str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])}
    if not names or not names <= _KEPT_FILTERS:
        return False
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array):
        return str(space[0]) == "/ICCBased" and int(space[1].get("/N", 0)) in {1, 3}
    return str(space) in {"/DeviceGray", "/DeviceRGB"}


def _holding(image: pikepdf.Object) -> bytes:
    """A PDF of one page that holds a copy of the image without what it needs not."""
    with pikepdf.new() as holder:
        holder.add_blank_page(page_size=(72, 72))
        kept = holder.copy_foreign(image)
        for key in set(kept.stream_dict.keys()) - _KEPT_KEYS:
            del kept.stream_dict[key]
        holder.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=kept))
        buffer = BytesIO()
        holder.save(buffer)
        return buffer.getvalue()


@or_nothing
def _rendered(data: bytes, number: int) -> ArchivalPicture:
    page = pypdfium2.PdfDocument(data)[number - 1]
    # As finely as the scan in it, so that no pixel is lost, and never over a budget of memory.
    finest = min(max(look_at(page).finest_dpi, DRAWN_DPI), 400)
    picture = page.render(scale=finest / 72).to_pil()
    return ArchivalPicture(_packed(picture), 0, "drawn")


@or_nothing
def raster_picture(data: bytes, number: int, *, plain: bool) -> ArchivalPicture:
    """The picture of page ``number`` (from 1) of a JPEG, PNG or TIFF."""
    picture = Image.open(BytesIO(data), formats=("JPEG", "PNG", "TIFF"))
    turn = _TURNS.get(picture.getexif().get(0x0112, 1))
    if picture.format == "JPEG" and picture.mode in {"L", "RGB"} and turn is not None and not plain:
        return ArchivalPicture(_jpeg(data, picture), turn, "as-is")
    if number > 1:
        picture.seek(number - 1)
    upright = ImageOps.exif_transpose(picture)
    return ArchivalPicture(_packed(upright), 0, "pixels")


def _jpeg(data: bytes, picture: Image.Image) -> bytes:
    space = pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB
    return _image_pdf(data, picture.size, 8, space, pikepdf.Name.DCTDecode)


def _packed(picture: Image.Image) -> bytes:
    """The pixels without loss; what is transparent lies on white paper."""
    if picture.mode == "1":
        return _image_pdf(picture.tobytes(), picture.size, 1, pikepdf.Name.DeviceGray, None)
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("L")
    if picture.mode not in {"L", "RGB"}:
        whole = picture.convert("RGBA")
        paper = Image.new("RGBA", whole.size, "white")
        picture = Image.alpha_composite(paper, whole).convert("RGB")
    if picture.mode == "RGB" and _is_grey(picture):
        picture = picture.convert("L")
    space = pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB
    return _image_pdf(picture.tobytes(), picture.size, 8, space, None)


def _is_grey(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    return red.tobytes() == green.tobytes() == blue.tobytes()


def _image_pdf(
    data: bytes, size: tuple[int, int], bits: int, space: pikepdf.Name, coding: pikepdf.Name | None
) -> bytes:
    with pikepdf.new() as holder:
        holder.add_blank_page(page_size=(72, 72))
        image = holder.make_stream(data)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height = size
        image.BitsPerComponent, image.ColorSpace = bits, space
        if coding is not None:
            image.write(data, filter=coding)
        holder.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
        buffer = BytesIO()
        holder.save(buffer, compress_streams=True)
        return buffer.getvalue()
