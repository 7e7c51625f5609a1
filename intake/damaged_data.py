"""Pictures of which some bytes were changed on the way: decoders go on after a fault without a word.

From there on a JPEG shows its blocks in other places, a fax rows that nobody scanned. What a coding has to
check itself by is asked here: the marks and counts of a JPEG, the sums of a deflated stream and of a PNG.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pikepdf

from intake.raster import is_sound_jpeg, or_nothing

_START_OF_SCAN, _END_OF_IMAGE = 0xDA, b"\xff\xd9"
_SEQUENTIAL: Final = frozenset({0xC0, 0xC1})
_BARE: Final = frozenset({0x01, *range(0xD0, 0xDA)})
"""JPEG markers without a length."""
_LEFT_OUT: Final = frozenset({*range(0xE0, 0xF0), 0xFE})
"""JPEG markers of notes, which say nothing of how the data is coded."""
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers that say how large the picture is."""
_FRAME_HEAD: Final = 9
_MOST_PIXELS: Final = 40_000_000
"""An A4 page at 600 dpi has 35 million; larger ones are not decoded once more."""
_CORRUPT: Final = "corrupt"
_PNG_HEAD: Final = 8
_CHUNK: Final = 1 << 16


@or_nothing
def is_damaged_jpeg(data: bytes) -> bool:
    """Whether the data of a JPEG that has its end cannot be what its encoder wrote.

    Strange words in its header and filling before its end are other programs' habits, no damage.
    """
    pixels = _pixels(data)
    if pixels > _MOST_PIXELS or is_sound_jpeg(data, pixels):
        return False
    return _is_corrupt(data) and _is_corrupt(_plain(data))


def _pixels(data: bytes) -> int:
    """How many pixels a JPEG says that it has, whatever the file around it says."""
    for kind, start, stop in _segments(data):
        if kind in _FRAMES and stop - start >= _FRAME_HEAD:
            return int.from_bytes(data[start + 5 : start + 7], "big") * int.from_bytes(
                data[start + 7 : start + 9], "big"
            )
        if kind == _START_OF_SCAN:
            break
    return 0


def _is_corrupt(data: bytes) -> bool:
    """Whether the decoder had to guess anywhere. What it does not know how to decode is not called so."""
    with pikepdf.new() as holder:
        stream = pikepdf.Stream(holder, data, Filter=pikepdf.Name.DCTDecode)
        try:
            stream.read_bytes(pikepdf.StreamDecodeLevel.all)
        except pikepdf.PdfError as error:
            return _CORRUPT in str(error)
    return False


def _plain(data: bytes) -> bytes:
    """The same picture with what decoders warn of though it harms nothing taken out of it."""
    end = data.rfind(_END_OF_IMAGE)
    kept = bytearray(data[:2])
    sequential, place = False, 2
    for kind, start, stop in _segments(data):
        segment = bytearray(data[start:stop])
        sequential |= kind in _SEQUENTIAL
        if kind == _START_OF_SCAN and sequential:
            segment[-3:] = b"\x00\x3f\x00"  # all coefficients at once: some cameras say otherwise
        if kind not in _LEFT_OUT:
            kept += segment
        place = stop
        if kind == _START_OF_SCAN:
            break
    return bytes(kept) + data[place:end].rstrip(b"\0\xff") + _END_OF_IMAGE


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The segments before the data of a JPEG: kind, start and end of each."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        length = 0 if kind in _BARE or kind == 0xFF else int.from_bytes(data[place + 2 : place + 4], "big")
        stop = place + (1 if kind == 0xFF else 2 + length)
        yield kind, place, stop
        place = stop


@dataclass(frozen=True, slots=True)
class Inflated:
    """How a deflated stream ends: the bytes that it gives, whether it says so, and whether it is broken."""

    size: int
    ended: bool
    broken: bool


def inflate(data: bytes, most: int) -> Inflated:
    """Inflate to the end, or to a little more than ``most`` bytes; what comes out is not kept."""
    inflating = zlib.decompressobj()
    given = 0
    try:
        while data and not inflating.eof and given <= most:
            part = inflating.decompress(data, _CHUNK)
            given += len(part)
            data = inflating.unconsumed_tail
    except zlib.error:
        return Inflated(given, False, True)
    return Inflated(given, inflating.eof, False)


@or_nothing
def is_damaged_png(data: bytes) -> bool:
    """Whether a part of a PNG that is needed to decode it has another sum than it says."""
    place = _PNG_HEAD
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        body = data[place + 4 : place + 8 + length]
        said = data[place + 8 + length : place + 12 + length]
        is_needed = body[:1].isupper()
        if len(said) == 4 and is_needed and zlib.crc32(body) != int.from_bytes(said, "big"):
            return True
        place += 12 + length
    return False
