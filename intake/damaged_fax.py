"""Faxes in Group 4 coding (ITU-T T.6) of which some data was changed on the way, told by writing them again.

T.6 leaves its encoder no choice, so a picture that was decoded rightly gives the same bits again; of nine
programs whose files were at hand eight gave the very same, one other ones in a few places, a code long each.
Once a code is lost the decoder takes the following bits for codes of another meaning, in an order that no
encoder writes: long stretches of the data are then found nowhere in what is written again.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from intake.raster import or_nothing

_MOST_PIXELS: Final = 60_000_000
_GROUP_4: Final = 4
_TAGS: Final = {"width": 256, "height": 257, "compression": 259, "photometric": 262, "data": 273,
                "rows": 278, "size": 279}  # fmt: skip
_LONG: Final = 4
_END: Final = 4
"""Bytes at the end of a fax that an encoder may leave out or fill otherwise."""
_BEFORE, _AFTER = 2_000, 60_000
"""Bytes before and after the first difference that are looked at."""
_WINDOW: Final = 32
"""Bits that are sought together: no code is longer than 13, and few are found by chance."""
_LOST: Final = 12
"""Bytes in a row of which nothing is found again. Foreign encoders' own choices gave seven at most."""


@or_nothing
def is_damaged_fax(data: bytes, width: int, height: int) -> bool:
    """Whether the data of a Group 4 fax, most significant bits first, is not what its encoder wrote."""
    if width * height > _MOST_PIXELS:
        return False
    image = _decoded(data, width, height)
    if image is None:
        return True
    again = _encoded(image)
    end = max(0, min(len(data), len(again) - _END))
    differing = np.frombuffer(data[:end], np.uint8) != np.frombuffer(again[:end], np.uint8)
    if not differing.any():
        return False
    first = int(differing.argmax())
    near = slice(max(0, first - _BEFORE), first + _AFTER)
    return _is_lost(data[near][: len(again) - near.start], again[near])


def _is_lost(data: bytes, again: bytes) -> bool:
    """Whether a long stretch of data is found nowhere in what was written again."""
    unknown = ~np.isin(_windows(data)[::8], _windows(again))
    if unknown.size < _LOST:
        return False
    return bool(np.lib.stride_tricks.sliding_window_view(unknown, _LOST).all(axis=1).any())


def _windows(data: bytes) -> NDArray[np.uint32]:
    """Every run of ``_WINDOW`` bits."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    count = max(0, len(bits) - _WINDOW + 1)
    runs = np.zeros(count, np.uint32)
    for place in range(_WINDOW):
        runs = (runs << np.uint32(1)) | bits[place : place + count]
    return runs


def _decoded(data: bytes, width: int, height: int) -> Image.Image | None:
    """The picture as the decoder makes it, whatever it stumbles over; nothing where it makes none."""
    values = {
        "width": width,
        "height": height,
        "compression": _GROUP_4,
        "photometric": 1,  # bits as they are, for they are only written again
        "data": 8 + 2 + 12 * len(_TAGS) + 4,
        "rows": height,
        "size": len(data),
    }
    entries = b"".join(struct.pack("<HHII", _TAGS[name], _LONG, 1, values[name]) for name in _TAGS)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(_TAGS))
    try:
        image = TiffImagePlugin.TiffImageFile(BytesIO(head + entries + struct.pack("<I", 0) + data))
        image.load()
    except OSError:
        return None
    return image


def _encoded(image: Image.Image) -> bytes:
    """The Group 4 data of a picture, in one piece."""
    buffer = BytesIO()
    image.copy().save(
        buffer, "TIFF", compression="group4", strip_size=1 << 30, tiffinfo={_TAGS["rows"]: image.height}
    )
    file = buffer.getvalue()
    tags = TiffImagePlugin.TiffImageFile(BytesIO(file)).tag_v2
    (place,), (size,) = tags[_TAGS["data"]], tags[_TAGS["size"]]
    return file[place : place + size]
