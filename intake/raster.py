"""Decoding pictures into grey values: budget before decoding, orientation, square pixels, white paper."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import cv2
import numpy as np
import simplejpeg
from PIL import Image, ImageOps

from intake.alignment import Grey

P = ParamSpec("P")
T = TypeVar("T")

REDUCE_FROM: Final = 18_000_000
"""Pixels from which a page is halved: an A4 at 600 dpi (35 million) tells no more than one at 300."""
_END_OF_IMAGE, _START_OF_SCAN = b"\xff\xd9", b"\xff\xda"
"""JPEG markers, which cannot occur inside the compressed data."""
_LARGEST_REDUCTION: Final = 8
"""Of each block of 8 × 8 its mean alone, for which only the decompression has to be done."""
_CREDIBLE_DPI: Final = (36.0, 4800.0)
_WHITE_IS_ZERO: Final = 262
"""TIFF tag PhotometricInterpretation; Pillow heeds it for 1 and 8 bits a sample, not for 16."""
_SQUARE: Final = 1.05
_MOST_OBLONG: Final = 4.0
"""Fax pixels are up to 204 × 98 to the inch; a greater ratio is a mistake in the file."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Grey values (uint8, rows × columns) and the resolution that they claim to have, after any halving.

    ``cut`` when the data ended before the picture did, and the rest of it is a decoder's filling; ``damaged``
    when some of it was changed on the way, and nobody knows which parts show what was scanned.
    """

    image: Grey
    dpi: float | None = None
    cut: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A picture over the budget, which nobody has decoded."""

    megapixels: float


def or_nothing(look: Callable[P, T]) -> Callable[P, T | None]:
    """The same act on hostile bytes, giving nothing where they make it raise. ``MemoryError`` passes.

    Decoders raise whatever they meet (``struct.error``, ``IndexError``, ``ZeroDivisionError`` …), and each
    of them means the same here: this cannot be decoded.
    """

    @wraps(look)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return look(*args, **kwargs)
        except MemoryError:
            raise
        except cv2.error as error:
            if error.code == cv2.Error.StsNoMem:
                raise MemoryError from None
            return None
        except Exception:
            return None

    return guarded


def reduced(raster: Raster) -> Raster:
    """The raster at half its resolution when it has more pixels than help to read a page."""
    if raster.image.size < REDUCE_FROM:
        return raster
    half: Grey = cv2.resize(raster.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return replace(raster, image=half, dpi=raster.dpi and raster.dpi / 2)


@or_nothing
def decode_jpeg(data: bytes, pixels: int, dpi: float | None, *, upright: bool = True) -> Raster | None:
    """Grey values of a JPEG of that many pixels, turned as its EXIF data asks unless ``upright`` is false."""
    halve = pixels >= REDUCE_FROM
    flag = cv2.IMREAD_REDUCED_GRAYSCALE_2 if halve else cv2.IMREAD_GRAYSCALE
    if not upright:
        flag |= cv2.IMREAD_IGNORE_ORIENTATION
    cut = _is_cut(data)
    whole = data + _END_OF_IMAGE if cut else data  # without its end, nothing at all is decoded
    image: Grey | None = cv2.imdecode(np.frombuffer(whole, np.uint8), flag)
    if image is None or image.ndim != 2:
        return None
    return Raster(image, dpi / 2 if dpi and halve else dpi, cut)


@or_nothing
def decode_sound_jpeg(data: bytes, pixels: int, dpi: float | None) -> Raster | None:
    """As ``decode_jpeg``, not turned, of data in which nothing had to be guessed; nothing of other data.

    One pass decodes and tells. What it cannot vouch for is for ``decode_jpeg`` and ``is_damaged_jpeg``.
    """
    halve = pixels >= REDUCE_FROM
    image = _decode_strictly(data, pixels, 2 if halve else 1)
    return Raster(image, dpi / 2 if dpi and halve else dpi)


@or_nothing
def is_sound_jpeg(data: bytes, pixels: int) -> bool:
    """Whether the decoder has to guess nothing; nothing, which is as good as no, when it gives up."""
    return _decode_strictly(data, pixels, _LARGEST_REDUCTION).size > 0


def _decode_strictly(data: bytes, most: int, reduction: int) -> Grey:
    """Grey values at one ``reduction``-th of the size; the same faults are met at every size.

    ``ValueError`` where the data is not what an encoder writes, or has more than ``most`` pixels.
    """
    high, wide = simplejpeg.decode_jpeg_header(data)[:2]
    if high * wide > most:
        raise ValueError("the picture is larger than its file says")
    least = -(-high // reduction), -(-wide // reduction)
    image: Grey = simplejpeg.decode_jpeg(data, "GRAY", min_height=least[0], min_width=least[1])[..., 0]
    return image


def _is_cut(data: bytes) -> bool:
    """Whether no end marker follows the last scan (there may be others before, of a thumbnail)."""
    if _END_OF_IMAGE in data[-16:]:
        return False
    return data.rfind(_END_OF_IMAGE) < data.rfind(_START_OF_SCAN)


@or_nothing
def decode_picture(picture: Image.Image) -> Raster:
    """Grey values of any opened picture."""
    across, down = resolution(picture)
    dark_is_high = picture.mode.startswith("I;16") and _tag(picture, _WHITE_IS_ZERO) == 0
    sideways = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    image = _grey(ImageOps.exif_transpose(picture))
    if dark_is_high:
        image = 255 - image
    return reduced(_square(image, down if sideways else across, across if sideways else down))


def _tag(picture: Image.Image, number: int) -> object:
    tags = getattr(picture, "tag_v2", {})
    return tags.get(number)


def resolution(picture: Image.Image) -> tuple[float | None, float | None]:
    """Dots per inch across and down, each nothing when the file does not say or is not to be believed."""
    said = picture.info.get("dpi")
    if not isinstance(said, tuple) or len(said) != 2:
        return None, None
    across, down = (_credible(value) for value in said)
    return (across, down) if across and down else (None, None)


def _credible(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # a file's claim: anything that it may hold
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    low, high = _CREDIBLE_DPI
    return number if math.isfinite(number) and low <= number <= high else None


def _square(image: Grey, across: float | None, down: float | None) -> Raster:
    """Stretch the coarser direction of a fax, so that a millimetre is as many pixels both ways."""
    if across is None or down is None:
        return Raster(image)
    ratio = max(across, down) / min(across, down)
    if not _SQUARE < ratio <= _MOST_OBLONG:
        return Raster(image, across)
    x, y = (1.0, ratio) if across > down else (ratio, 1.0)
    stretched: Grey = cv2.resize(image, None, fx=x, fy=y, interpolation=cv2.INTER_LINEAR)
    return Raster(stretched, max(across, down))


def _grey(picture: Image.Image) -> Grey:
    if picture.mode in {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}:
        return _from_deep(np.asarray(picture))
    if picture.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    grey: Grey = np.asarray(picture.convert("L"))
    return grey


def _from_deep(values: np.ndarray) -> Grey:
    """16 bits to 8. Some scanners write 8-bit values into 16-bit files; those stay as they are."""
    deep = np.clip(values, 0, 65535).astype(np.uint16)
    shift = 8 if deep.max(initial=0) > 255 else 0
    shallow: Grey = (deep >> shift).astype(np.uint8)
    return shallow
