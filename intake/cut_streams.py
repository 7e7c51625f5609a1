"""Pictures of a PDF whose data ended before they did, by what each coding leaves at its end, or is broken.

A copy that broke off gives a file that opens: decoders fill what is missing with white or grey, and a
viewer leaves out a picture that is not there, both without a word. So the data is asked, not the picture.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import Enum
from io import BytesIO
from typing import Final

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from intake.damaged_data import inflate, is_damaged_jpeg
from intake.damaged_fax import is_damaged_fax
from intake.raster import or_nothing

_DEEPEST: Final = 3
_MOST_PICTURES: Final = 200
_MOST_CONTENT: Final = 300_000
"""Bytes of drawing beyond which a page is no scan, and is not searched for what it draws."""
_COMPONENTS: Final = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1,
                      "/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4}  # fmt: skip
_END_OF_FAX: Final = "000000000001" * 2
_BLACK_ROW: Final = int("001" + "00110101" + "0000001100101" + "0000110111", 2)
"""Fax codes of a row that begins black: read where rows are missing, they give anything but white."""
_JBIG2_TO_THE_END: Final = 0xFFFFFFFF


class Fault(Enum):
    """What is wrong with the data of a picture: it ends early, or is not what its encoder wrote."""

    CUT = "cut"
    DAMAGED = "damaged"


def fault_of_pictures(page: pikepdf.Page) -> Fault | None:
    """The gravest fault of the pictures that the page draws: one of them is missing from the file or there in
    part only, or else one is damaged.
    """
    found = _faults(page.obj, page.resources, 0, [_MOST_PICTURES]) or set()
    return Fault.CUT if Fault.CUT in found else Fault.DAMAGED if found else None


@or_nothing
def _faults(drawing: pikepdf.Object, resources: pikepdf.Object, depth: int, left: list[int]) -> set[Fault]:
    found: set[Fault] = set()
    there = resources.get("/XObject", pikepdf.Dictionary())
    for name in _drawn(drawing):
        left[0] -= 1
        if left[0] < 0:
            break
        item = there.get(name)
        if not isinstance(item, pikepdf.Stream):
            return {Fault.CUT}
        kind = item.get("/Subtype")
        fault = fault_of(item) if kind == "/Image" else None
        found |= {fault} if fault else set()
        if kind == "/Form" and depth < _DEEPEST:
            found |= _faults(item, item.get("/Resources", resources), depth + 1, left) or set()
        if Fault.CUT in found:
            break
    return found


def _drawn(drawing: pikepdf.Object) -> Iterator[str]:
    """The names that a page or a form draws, each once."""
    parts = drawing.get("/Contents", pikepdf.Array()) if isinstance(drawing, pikepdf.Dictionary) else drawing
    streams = list(parts) if isinstance(parts, pikepdf.Array) else [parts]
    if sum(int(each.get("/Length", 0)) for each in streams) > _MOST_CONTENT:
        return
    found = pikepdf.parse_content_stream(drawing, "Do")
    yield from dict.fromkeys(str(each.operands[0]) for each in found if str(each.operator) == "Do")


@or_nothing
def fault_of(picture: pikepdf.Stream) -> Fault | None:
    """What is wrong with a picture's data; nothing where its coding does not tell."""
    codings = _listed(picture.get("/Filter"))
    data = picture.read_raw_bytes()
    if not data:
        return Fault.CUT
    try:
        while len(codings) > 1 and codings[0] in {"/FlateDecode", "/Fl"}:
            data, codings = zlib.decompressobj().decompress(data, 100_000_000), codings[1:]
    except zlib.error:
        return Fault.DAMAGED
    match codings:
        case ["/FlateDecode" | "/Fl"]:
            return _fault_of_deflated(data, _size(picture))
        case ["/DCTDecode" | "/DCT"] if not ends_early(data, b"\xff\xda"):
            return Fault.DAMAGED if is_damaged_jpeg(data) else None
        case _ if _lacks_its_end(picture, codings, data):
            return Fault.CUT
        case ["/CCITTFaxDecode" | "/CCF"] if _is_group_4(picture):
            size = int(picture.Width), int(picture.Height)
            return Fault.DAMAGED if is_damaged_fax(data, *size) else None
        case _:
            return None


def _is_group_4(picture: pikepdf.Stream) -> bool:
    """Whether a fax is in Group 4 coding, each row right behind the one before."""
    parameters = picture.get("/DecodeParms", pikepdf.Dictionary())
    last = parameters[-1] if isinstance(parameters, pikepdf.Array) else parameters
    return int(last.get("/K", 0)) < 0 and not last.get("/EncodedByteAlign", False)


def _lacks_its_end(picture: pikepdf.Stream, codings: list[str], data: bytes) -> bool:
    """Whether data of one of these codings ends early."""
    match codings:
        case ["/DCTDecode" | "/DCT"]:
            return True
        case ["/JPXDecode"]:
            return ends_early(data, b"\xff\x90")
        case ["/CCITTFaxDecode" | "/CCF"]:
            return _END_OF_FAX not in _bits(data[-64:]) and _misses_rows(picture, data)
        case ["/JBIG2Decode"]:
            return _jbig2_breaks_off(data)
        case []:
            return len(data) < _size(picture)
        case ["/LZWDecode" | "/LZW" | "/RunLengthDecode" | "/RL"]:
            return len(picture.read_bytes()) < _size(picture)
        case _:
            return False


def ends_early(data: bytes, last_part: bytes) -> bool:
    """Whether no end marker (the same in JPEG and JPEG 2000) follows the last part of that marker. Neither
    can occur inside compressed data; an end may come before, of a thumbnail.
    """
    end = b"\xff\xd9"
    return end not in data[-16:] and data.rfind(end) < data.rfind(last_part)


def _listed(value: pikepdf.Object | None) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, pikepdf.Array) else [str(value)]


def _bits(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


def _size(picture: pikepdf.Stream) -> int:
    """The bytes that the picture's pixels are; 0 where its colours are not understood."""
    bits = 1 if picture.get("/ImageMask") else int(picture.get("/BitsPerComponent", 8))
    space = picture.get("/ColorSpace")
    several = isinstance(space, pikepdf.Array)
    name = str(space[0]) if several and space is not None else str(space)
    if name == "/ICCBased" and space is not None:
        components = int(space[1].get("/N", 0))
    elif name == "/DeviceN" and space is not None:
        components = len(list(space[1]))
    else:
        components = 1 if picture.get("/ImageMask") else _COMPONENTS.get(name, 0)
    return -(-int(picture.Width) * bits * components // 8) * int(picture.Height)


def _fault_of_deflated(data: bytes, size: int) -> Fault | None:
    """Cut when a deflated stream neither ends nor gives that many bytes."""
    given = inflate(data, 2 * size)
    if given.broken:
        return Fault.DAMAGED
    # A predictor adds a byte to each row, so only the exact size is whole without an end.
    return Fault.CUT if not given.ended and given.size != size and size > 0 else None


def _misses_rows(picture: pikepdf.Stream, data: bytes) -> bool:
    """Whether a fax without its end has rows to come: then what is put after its data is seen."""
    high = int(picture.Height)
    black = (_BLACK_ROW << 6).to_bytes(5, "big") * high
    return not np.array_equal(_decoded(picture, data + black), _decoded(picture, data + bytes(5 * high)))


def _decoded(picture: pikepdf.Stream, data: bytes) -> np.ndarray:
    with pikepdf.new() as holder:
        page = holder.add_blank_page(page_size=(72, 72))
        fax = holder.make_stream(data)
        for key in ("/Width", "/Height", "/DecodeParms"):
            if key in picture:
                fax[key] = picture[key] if key != "/DecodeParms" else _copied(picture[key])
        fax.Type, fax.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        fax.BitsPerComponent, fax.ColorSpace = 1, pikepdf.Name.DeviceGray
        fax.Filter = pikepdf.Name.CCITTFaxDecode
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=fax))
        page.obj.Contents = holder.make_stream(b"72 0 0 72 0 0 cm /I Do")
        buffer = BytesIO()
        holder.save(buffer)
    drawn = pypdfium2.PdfDocument(buffer.getvalue())[0]
    (image,) = drawn.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE])
    return np.array(image.get_bitmap().to_numpy())


def _copied(parameters: pikepdf.Object) -> pikepdf.Dictionary:
    one = parameters[0] if isinstance(parameters, pikepdf.Array) else parameters
    return pikepdf.Dictionary(dict(one.items()))


def _jbig2_breaks_off(data: bytes) -> bool:
    """Whether a segment of a JBIG2 stream says that it is longer than what is left (ISO 14492, 7.2)."""
    place = 0
    while place < len(data.rstrip(b"\r\n")):
        number = int.from_bytes(data[place : place + 4], "big")
        flags, referring = data[place + 4], data[place + 5]
        place += 5
        count = referring >> 5
        if count == 7:
            count = int.from_bytes(data[place : place + 4], "big") & 0x1FFFFFFF
            place += 4 + (count + 8) // 8
        else:
            place += 1
        place += count * (1 if number <= 256 else 2 if number <= 65536 else 4)
        place += 4 if flags & 0x40 else 1
        if place + 4 > len(data):
            return True
        length = int.from_bytes(data[place : place + 4], "big")
        place += 4
        if length == _JBIG2_TO_THE_END:
            return False
        place += length
        if place > len(data):
            return True
    return False
