"""Pages of a JPEG, PNG or TIFF file: counted up to a limit, looked at one by one, never trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from io import BytesIO
from itertools import repeat
from typing import Final

from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin

from intake.damaged_data import inflate, is_damaged_jpeg, is_damaged_png
from intake.damaged_fax import is_damaged_fax
from intake.raster import (
    Raster,
    TooLarge,
    decode_jpeg,
    decode_picture,
    decode_sound_jpeg,
    or_nothing,
    resolution,
)

_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}

# Registered here by name: to find a format, Pillow would import every parser that it has.
_PARSERS: Final = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin)
Image.preinit()


_STRIPS: Final = ((273, 279), (324, 325))
"""TIFF tags of where the parts of a picture are and how long, in strips or in tiles."""
_PNG_END: Final = b"IEND\xae\x42\x60\x82"
_COMPRESSION, _NOT_COMPRESSED, _JPEG = 259, 1, 7
_DEFLATED: Final = frozenset({8, 32946})
_JPEG_TABLES: Final = 347
_GROUP_4, _ROWS, _TILE_WIDTH, _TILE_HEIGHT = 4, 278, 322, 323
_FILL_ORDER, _LOW_BIT_FIRST = 266, 2
_TURNED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits in the other order."""
_ORIENTATION, _UPRIGHT = 274, 1
_BITS, _SAMPLES, _SLACK = 258, 277, 1_000
_ZEROS: Final = bytes(64)


class Chain(Enum):
    """How the list of a file's pages ends."""

    WHOLE = "whole"
    BROKEN = "broken"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class PicturePages:
    """An open picture file. ``pages`` counts those that can be reached, at most one over the limit."""

    data: bytes
    picture: Image.Image
    pages: int
    chain: Chain

    @or_nothing
    def page(self, number: int, megapixels: float) -> Raster | TooLarge | None:
        """Page ``number``, from 1; nothing when it cannot be decoded."""
        if self.pages > 1:
            self.picture.seek(number - 1)
        wide, high = self.picture.size
        if wide * high > megapixels * 1e6:
            return TooLarge(wide * high / 1e6)
        if self.picture.format == "JPEG" and self.picture.mode in {"L", "RGB"}:
            dpi = resolution(self.picture)[0]
            is_upright = self.picture.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT
            sound = decode_sound_jpeg(self.data, wide * high, dpi) if is_upright else None
            if sound is not None:
                return sound
            raster = decode_jpeg(self.data, wide * high, dpi)
        else:
            raster = decode_picture(self.picture)
        if raster is None:
            return None
        if not raster.cut:
            raster = replace(raster, damaged=bool(self._is_damaged()))
        # Where zeros follow what arrived, a decoder may make a picture of them.
        is_cut = self.picture.format == "PNG" and _PNG_END not in self.data
        if self.picture.format == "TIFF":
            is_cut = _ends_in_zeros(self.data, self.picture)
        return replace(raster, cut=raster.cut or is_cut)

    @or_nothing
    def _is_damaged(self) -> bool:
        """Whether some of the data of the page that was sought last is not what its encoder wrote."""
        match self.picture.format:
            case "PNG":
                return is_damaged_png(self.data) or False
            case "TIFF":
                return _has_damaged_parts(self.data, self.picture)
            case _:  # a JPEG, of which there may be several in the file: the first is the page
                return is_damaged_jpeg(self.data) or False


def _has_damaged_parts(data: bytes, picture: Image.Image) -> bool:
    """Whether one of the parts of a TIFF is damaged; false where its coding does not tell."""
    tags = picture.tag_v2  # type: ignore[attr-defined]  # of a TIFF
    parts = [
        data[start : start + length]
        for starts, lengths in _STRIPS
        for start, length in zip(tags.get(starts, ()), tags.get(lengths, ()), strict=False)
    ]
    coding = tags.get(_COMPRESSION)
    if coding in _DEFLATED:
        depth = max(tags.get(_BITS, (1,))) * tags.get(_SAMPLES, 1)
        most = [wide * high * depth // 8 + _SLACK for wide, high in _sizes_of_parts(picture, parts)]
        return any(inflate(part, size).broken for part, size in zip(parts, most, strict=False))
    if coding == _JPEG:
        tables = bytes(tags.get(_JPEG_TABLES, b""))[:-2]  # each part is a JPEG that begins in the tables
        return any(is_damaged_jpeg(tables + part[2:] if tables else part) for part in parts)
    if coding == _GROUP_4:
        backwards = tags.get(_FILL_ORDER) == _LOW_BIT_FIRST
        sizes = _sizes_of_parts(picture, parts)
        return any(
            is_damaged_fax(part.translate(_TURNED) if backwards else part, *size)
            for part, size in zip(parts, sizes, strict=False)
        )
    return False


def _sizes_of_parts(picture: Image.Image, parts: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Columns and rows of each part of a TIFF; only its last strip may be lower than the others."""
    tags = picture.tag_v2  # type: ignore[attr-defined]  # of a TIFF
    if _TILE_WIDTH in tags:
        yield from repeat((tags[_TILE_WIDTH], tags[_TILE_HEIGHT]), len(parts))
        return
    rows = min(tags.get(_ROWS, picture.height), picture.height)
    for top in range(0, picture.height, rows):
        yield picture.width, min(rows, picture.height - top)


def _ends_in_zeros(data: bytes, picture: Image.Image) -> bool:
    """Whether a compressed part of a TIFF ends in nothing, as a copy leaves it that made the file as long as
    it was to be and broke off. A fax's decoder takes that for white paper.
    """
    tags = picture.tag_v2  # type: ignore[attr-defined]  # of a TIFF
    if tags.get(_COMPRESSION) == _NOT_COMPRESSED:
        return False
    return any(
        data[start + length - len(_ZEROS) : start + length] == _ZEROS
        for starts, lengths in _STRIPS
        for start, length in zip(tags.get(starts, ()), tags.get(lengths, ()), strict=False)
        if length > len(_ZEROS)
    )


@or_nothing
def open_picture(data: bytes, media_type: str, most: int) -> PicturePages:
    """Open a picture of exactly that type. At most ``most`` pages are of use."""
    # Our own budget is checked before each page; Pillow's would warn about honest 600 dpi pages.
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(BytesIO(data), formats=(_FORMATS[media_type],))
    if media_type != "image/tiff":  # an animation in a PNG or a JPEG is no paper: its first picture is
        return PicturePages(data, picture, 1, Chain.WHOLE)
    pages, chain = _count(picture, most)
    return PicturePages(data, picture, pages, chain)


def _count(picture: Image.Image, most: int) -> tuple[int, Chain]:
    """Walk the chain of a TIFF's directories no further than needed."""
    for number in range(1, most + 1):
        try:
            picture.seek(number)
        except EOFError:
            return number, Chain.WHOLE
        except MemoryError:
            raise
        except Exception:  # whatever a broken directory makes Pillow raise
            return number, Chain.BROKEN
    return most + 1, Chain.TOO_LONG
