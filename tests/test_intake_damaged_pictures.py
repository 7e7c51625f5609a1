"""Pictures of which some bytes were changed on the way: told, and nothing that they show is believed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
import pytest
from file_samples import HIDDEN, TEXT, PdfMaker, encoded, jpeg, picture
from PIL import Image

from bench.material import EDITIONS, KEYS, random_paper
from generators.paper.files import encode
from generators.paper.scanning import Bilevel, Scanner, scan
from generators.paper.sheets import Grey
from intake.batch import read_batch
from intake.cut_streams import Fault, fault_of
from intake.limits import Limits
from intake.opening import OpenedPage, open_file
from intake.pages import ReadingContext
from intake.raster import decode_sound_jpeg, is_sound_jpeg
from intake.readings import BatchReading, DocumentReading

PLACES: Final = (0.3, 0.5, 0.7)
MOST: Final = 17_000_000
"""Pixels that are decoded at their own size."""
AS_IT_IS: Final = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}


def opened(data: bytes) -> OpenedPage:
    """The one page of a file."""
    (page,) = open_file(data, "copia", Limits())[1]
    return page


def told(data: bytes) -> list[str]:
    """The codes of all problems of a file of one page and of that page; its image is there all the same."""
    facts, pages = open_file(data, "copia", Limits())
    (page,) = pages
    assert page.image is not None
    return [found.code for found in (*facts.problems, *page.problems)]


def emptied(data: bytes, share: float, length: int = 2048) -> bytes:
    """What a medium gives of which one block cannot be read: nothing in its place."""
    start = round(share * len(data))
    return data[:start] + bytes(length) + data[start + length :]


def grey(mode: str = "L") -> Image.Image:
    """A picture of which no part is plain, as a scan is."""
    grain = np.random.default_rng(0).integers(0, 40, picture().shape).astype(np.uint8)
    return Image.fromarray(picture() - np.minimum(picture(), grain)).convert(mode)


def pdf_of(data: bytes, extra: str = "", **keys: Any) -> bytes:
    maker = PdfMaker()
    return maker.scan(maker.image(data, **keys), extra).bytes(**AS_IT_IS)


def jpeg_pdf(data: bytes, extra: str = "") -> bytes:
    return pdf_of(data, extra, Filter=pikepdf.Name.DCTDecode)


def flate_pdf(data: bytes) -> bytes:
    return pdf_of(data, Filter=pikepdf.Name.FlateDecode)


JPEGS: Final[dict[str, Callable[[], bytes]]] = {
    "JPEG": lambda: encoded(grey(), "JPEG"),
    "coloured JPEG": lambda: encoded(grey("RGB"), "JPEG"),
    "progressive JPEG": lambda: encoded(grey(), "JPEG", progressive=True),
    "CMYK JPEG": lambda: encoded(grey("CMYK"), "JPEG"),
    "JPEG with restarts": lambda: encoded(grey(), "JPEG", restart_marker_rows=2),
    "telephone's two pictures": lambda: encoded(
        grey("RGB"), "MPO", save_all=True, append_images=[grey("RGB").resize((84, 118))]
    ),
}


@pytest.mark.parametrize("share", PLACES)
@pytest.mark.parametrize("kind", JPEGS)
def test_a_damaged_jpeg_is_told(kind: str, share: float) -> None:
    whole = JPEGS[kind]()
    assert told(whole) == []
    assert told(emptied(whole, share)) == ["PAGE_DAMAGED"]


@pytest.mark.parametrize("extra", ["", HIDDEN, TEXT])
@pytest.mark.parametrize("share", PLACES)
def test_a_damaged_jpeg_in_a_pdf_is_told_however_the_page_is_looked_at(share: float, extra: str) -> None:
    whole = JPEGS["JPEG"]()
    assert told(jpeg_pdf(whole, extra)) == []
    assert told(jpeg_pdf(emptied(whole, share), extra)) == ["PAGE_DAMAGED"]


def test_bytes_that_were_lost_are_told_too() -> None:
    whole = JPEGS["JPEG"]()
    middle = len(whole) // 2
    assert told(whole[:middle] + whole[middle + 300 :]) == ["PAGE_DAMAGED"]


def has_faults(data: bytes) -> bool:
    """Whether another program's decoder warns of anything, or cannot decode the data at all."""
    with pikepdf.new() as holder:
        try:
            pikepdf.Stream(holder, data, Filter=pikepdf.Name.DCTDecode).read_bytes(
                pikepdf.StreamDecodeLevel.all
            )
        except (pikepdf.PdfError, RuntimeError):
            return True
    return False


@pytest.mark.parametrize("kind", ["JPEG", "coloured JPEG", "progressive JPEG", "JPEG with restarts"])
def test_the_pass_that_decodes_vouches_only_for_data_without_a_fault(kind: str) -> None:
    whole = JPEGS[kind]()
    random = np.random.default_rng(7)
    vouched = 0
    for _ in range(120):
        data = bytearray(whole)
        place = int(random.integers(2, len(data)))
        data[place : place + int(random.integers(1, 4))] = bytes([int(random.integers(0, 256))])
        sound = decode_sound_jpeg(bytes(data), MOST, None)
        assert bool(is_sound_jpeg(bytes(data), MOST)) is (sound is not None)
        assert (sound is not None) is not has_faults(bytes(data))
        if sound is not None:
            vouched += 1
            plain = cv2.imdecode(np.frombuffer(bytes(data), np.uint8), cv2.IMREAD_GRAYSCALE)
            np.testing.assert_array_equal(sound.image, plain)
    assert 0 < vouched < 120


def test_a_jpeg_larger_than_its_file_says_is_not_decoded() -> None:
    whole = JPEGS["JPEG"]()
    pixels = np.asarray(grey()).size
    assert decode_sound_jpeg(whole, pixels, None) is not None
    assert decode_sound_jpeg(whole, pixels - 1, None) is None
    assert not is_sound_jpeg(whole, pixels - 1)


def filled_before_its_end() -> bytes:
    return jpeg()[:-2] + bytes(9) + b"\xff\xff\xff\xd9"


def with_junk_behind() -> bytes:
    return jpeg() + b"\r\n" + bytes(700)


def with_odd_notes() -> bytes:
    """A header of another year, and a scan that says of a simple JPEG what a progressive one would."""
    data = bytearray(jpeg())
    data[data.index(b"JFIF\0") + 5] = 9
    scan_header = data.index(b"\xff\xda")
    length = int.from_bytes(data[scan_header + 2 : scan_header + 4], "big")
    data[scan_header + length : scan_header + 2 + length] = b"\x00\x00"
    return bytes(data)


@pytest.mark.parametrize("make", [filled_before_its_end, with_junk_behind, with_odd_notes])
def test_what_programs_put_around_a_picture_is_no_damage(make: Callable[[], bytes]) -> None:
    assert told(make()) == []
    assert told(jpeg_pdf(make())) == []


@pytest.mark.parametrize("share", PLACES)
def test_a_damaged_deflated_picture_is_told(share: float) -> None:
    plain = np.asarray(grey()).tobytes()
    assert told(flate_pdf(zlib.compress(plain))) == []
    assert told(flate_pdf(emptied(zlib.compress(plain), share))) == ["PAGE_DAMAGED"]
    # A sign that only the sum at the end tells of: nothing stands packed, so nothing else breaks.
    unpacked = bytearray(zlib.compress(plain, 0))
    unpacked[round(share * len(unpacked))] ^= 0x80
    assert told(flate_pdf(bytes(unpacked))) == ["PAGE_DAMAGED"]


@pytest.mark.parametrize("level", [0, 6])
@pytest.mark.parametrize("share", PLACES)
def test_a_png_that_is_not_what_its_sums_say_is_told(share: float, level: int) -> None:
    whole = bytearray(encoded(grey(), "PNG", compress_level=level))
    assert told(bytes(whole)) == []
    whole[round(share * len(whole))] ^= 0x80
    _, pages = open_file(bytes(whole), "copia", Limits())
    codes = [found.code for page in pages for found in page.problems]
    assert codes in (["PAGE_DAMAGED"], ["PAGE_UNREADABLE"])


@pytest.mark.parametrize("coding", ["jpeg", "tiff_adobe_deflate"])
def test_a_damaged_part_of_a_tiff_is_told_on_its_own_page(coding: str) -> None:
    pages = [grey(), grey()]
    data = encoded(pages[0], "TIFF", compression=coding, save_all=True, append_images=pages[1:])
    with Image.open(BytesIO(data)) as made:
        made.seek(1)
        start, length = made.tag_v2[273][0], made.tag_v2[279][0]  # type: ignore[attr-defined]
    broken = data[:start] + emptied(data[start : start + length], 0.6, 64) + data[start + length :]
    assert [found.code for page in open_file(data, "pila", Limits())[1] for found in page.problems] == []
    _, (first, second) = open_file(broken, "pila", Limits())
    assert first.problems == ()
    assert [found.code for found in second.problems] in (["PAGE_DAMAGED"], ["PAGE_UNREADABLE"])


def fax(strips: int = 1, *, low_bits_first: bool = False) -> bytes:
    """A page of two levels as a TIFF in Group 4 coding."""
    image = Image.fromarray(scanned(bilevel="fixed")).convert("1")
    tags = {278: -(-image.height // strips)} | ({266: 2} if low_bits_first else {})
    return encoded(image, "TIFF", compression="group4", strip_size=1 << 30, tiffinfo=tags)


def fax_pdf() -> bytes:
    return encode([scanned(bilevel="fixed")], "pdf-g4", 200)


@pytest.mark.parametrize("length", [12, 2048])
@pytest.mark.parametrize("share", PLACES)
@pytest.mark.parametrize("make", [fax, lambda: fax(9), lambda: fax(low_bits_first=True), fax_pdf])
def test_a_fax_of_which_codes_were_lost_is_told(make: Callable[[], bytes], share: float, length: int) -> None:
    whole = make()
    assert told(whole) == []
    page = opened(emptied(whole, share, length))
    # Where a strip gives nothing at all there is no picture that could be believed.
    assert page.damaged if page.image is not None else "PAGE_UNREADABLE" in {p.code for p in page.problems}


def test_faxes_by_other_programs_are_not_called_damaged(shared_data: Path) -> None:
    """One of them codes some rows in its own way."""
    seen = 0
    for path in sorted(shared_data.rglob("*.pdf")):
        try:
            pdf = pikepdf.open(path)
        except (pikepdf.PdfError, pikepdf.PasswordError):
            continue
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and "/CCITTFaxDecode" in str(item.get("/Filter")):
                seen += 1
                assert fault_of(item) is not Fault.DAMAGED, path
    assert seen >= 12


@cache
def scanned(bilevel: Bilevel | None = None) -> Grey:
    paper = random_paper(np.random.default_rng(1), EDITIONS[0], unsigned=0.0)
    return scan(paper.sheet, Scanner(dpi=200, bilevel=bilevel), np.random.default_rng(0))


def read(data: bytes) -> tuple[BatchReading, DocumentReading]:
    batch = read_batch([("copia", data)], ReadingContext(KEYS))
    return batch, batch.documents[0]


@pytest.mark.parametrize("kind", ["jpeg", "pdf-jpeg", "pdf-flate"])
def test_nothing_that_a_damaged_scan_shows_is_believed_and_nobody_is_accused_by_it(kind: Any) -> None:
    image = scanned()
    whole = encode([image], kind, 200)
    assert read(whole)[1].outcome == "read"
    copies = [read(emptied(whole, share)) for share in (0.85, 0.9, 0.93)]
    assert any(document.fields for _, document in copies)
    for batch, document in copies:
        assert "PAGE_DAMAGED" in {found.code for found in batch.files[0].problems}
        assert document.outcome == "review"
        assert {found.state for found in document.fields.values()} <= {"doubtful"}
        assert {found.state for found in document.signatures.values()} <= {"doubtful"}
        codes = {found.code for found in document.problems}
        assert not codes & {"FIELD_ALTERED", "INK_OUTSIDE", "SIGNATURE_ABSENT"}
        if document.fields:
            assert {"FIELD_DOUBTFUL", "SIGNATURE_DOUBTFUL"} <= codes
        labels = {box.title for box in EDITIONS[0].value_fields}
        asked = [found for found in document.problems if found.code == "FIELD_DOUBTFUL"]
        assert all(any(f"«{label}»" in found.message for label in labels) for found in asked)


@pytest.mark.parametrize("kind", ["jpeg", "pdf-jpeg"])
def test_a_scan_that_was_damaged_and_cut_accuses_nobody(kind: Any) -> None:
    whole = encode([scanned()], kind, 200)
    changed = False
    for share in (0.85, 0.9):
        broken = emptied(whole, share)[: round(0.97 * len(whole))]
        for document in read_batch([("copia", broken)], ReadingContext(KEYS)).documents:
            changed |= "doubtful" in {found.state for found in document.fields.values()}
            assert "altered" not in {found.state for found in document.fields.values()}
            assert "FIELD_ALTERED" not in {found.code for found in document.problems}
    assert changed
