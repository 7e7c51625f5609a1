"""Files of which a copy broke off: whatever the coding, no page is called blank or read in silence."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any, Final

import numpy as np
import pikepdf
import pytest
from file_samples import (
    HIDDEN,
    HIGH,
    TEXT,
    WIDE,
    PdfMaker,
    bilevel,
    encoded,
    g4_strip,
    jpeg,
    picture,
)
from PIL import Image

from bench.material import EDITIONS, KEYS, random_paper
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Grey
from intake.batch import read_batch
from intake.limits import Limits
from intake.opening import OpenedPage, open_file
from intake.pages import ReadingContext

TOLD: Final = {"PAGE_INCOMPLETE", "PAGE_DAMAGED", "PAGE_UNREADABLE"}
CUTS: Final = (0.05, 0.3, 0.6, 0.9, 0.99)


def opened(data: bytes) -> tuple[list[str], list[OpenedPage]]:
    facts, pages = open_file(data, "copia", Limits())
    return [found.code for found in facts.problems], list(pages)


def told(data: bytes) -> list[str]:
    """The codes of all problems of a file of one page and of that page."""
    problems, pages = opened(data)
    return problems + [found.code for page in pages for found in page.problems]


def cut(data: bytes, share: float) -> bytes:
    return data[: int(share * len(data))]


def zeroed(data: bytes, share: float) -> bytes:
    """What a copy leaves that made the file as long as it was to be, and then broke off."""
    return cut(data, share).ljust(len(data), b"\0")


def g3_strip() -> bytes:
    data = encoded(bilevel(), "TIFF", compression="group3", tiffinfo={278: HIGH})
    with Image.open(BytesIO(data)) as made:
        (start,), (length,) = made.tag_v2[273], made.tag_v2[279]  # type: ignore[attr-defined]
    return data[start : start + length]


def rows_before() -> bytes:
    """The picture's rows, each byte less the one before it, as PNG writes them."""
    left = np.hstack([np.zeros((HIGH, 1), np.uint8), picture()])
    return np.hstack([np.ones((HIGH, 1), np.uint8), np.diff(left, axis=1)]).astype(np.uint8).tobytes()


def grey(**how: Any) -> Image.Image:
    return Image.fromarray(picture()).convert(how.get("mode", "L"))


def jpeg_2000(bare: bool = False) -> bytes:
    return encoded(grey(), "JPEG2000", no_jp2=bare, quality_mode="rates", quality_layers=[8])


FAX: Final = {"Columns": WIDE, "Rows": HIGH}
Name = pikepdf.Name
STREAMS: dict[str, tuple[Callable[[], bytes], dict[str, Any]]] = {
    "JPEG": (jpeg, {"Filter": Name.DCTDecode}),
    "progressive JPEG": (lambda: jpeg(progressive=True), {"Filter": Name.DCTDecode}),
    "CMYK JPEG": (
        lambda: encoded(grey(mode="CMYK"), "JPEG"),
        {"Filter": Name.DCTDecode, "ColorSpace": Name.DeviceCMYK, "Decode": pikepdf.Array([1, 0] * 4)},
    ),
    "deflated": (lambda: zlib.compress(picture().tobytes()), {"Filter": Name.FlateDecode}),
    "deflated rows": (
        lambda: zlib.compress(rows_before()),
        {"Filter": Name.FlateDecode, "DecodeParms": {"Predictor": 15, "Columns": WIDE}},
    ),
    "raw": (lambda: picture().tobytes(), {}),
    "G4": (
        g4_strip,
        {"Filter": Name.CCITTFaxDecode, "BitsPerComponent": 1, "DecodeParms": {"K": -1, **FAX}},
    ),
    "G3": (
        g3_strip,
        {"Filter": Name.CCITTFaxDecode, "BitsPerComponent": 1, "DecodeParms": {"K": 0, **FAX}},
    ),
    "JPEG 2000": (jpeg_2000, {"Filter": Name.JPXDecode}),
    "bare JPEG 2000": (lambda: jpeg_2000(bare=True), {"Filter": Name.JPXDecode}),
}


def scan_of(kind: str, data: bytes, extra: str = "") -> bytes:
    keys = dict(STREAMS[kind][1])
    if "DecodeParms" in keys:
        keys["DecodeParms"] = pikepdf.Dictionary(**keys["DecodeParms"])
    maker = PdfMaker()
    as_it_is = pikepdf.StreamDecodeLevel.none
    return maker.scan(maker.image(data, **keys), extra).bytes(
        compress_streams=False, stream_decode_level=as_it_is
    )


@pytest.mark.parametrize("share", CUTS)
@pytest.mark.parametrize("kind", STREAMS)
def test_a_picture_that_ends_early_in_a_whole_pdf_is_told(kind: str, share: float) -> None:
    data = STREAMS[kind][0]()
    assert told(scan_of(kind, data)) == []
    assert told(scan_of(kind, cut(data, share))) in (["PAGE_INCOMPLETE"], ["PAGE_UNREADABLE"])
    # The same where the page is drawn, for there is print on it.
    assert told(scan_of(kind, data, TEXT)) == []
    assert told(scan_of(kind, cut(data, share), TEXT)) == ["PAGE_INCOMPLETE"]


@pytest.mark.parametrize("how", [cut, zeroed])
@pytest.mark.parametrize("share", CUTS)
@pytest.mark.parametrize("kind", STREAMS)
def test_a_pdf_that_breaks_off_is_told(kind: str, share: float, how: Callable[[bytes, float], bytes]) -> None:
    whole = scan_of(kind, STREAMS[kind][0]())
    start = whole.index(b"stream", whole.index(b"/Image"))
    end = whole.index(b"endstream", start)
    codes = told(how(whole, (start + (end - start) * share) / len(whole)))
    assert codes
    assert set(codes) <= TOLD | {"FILE_DAMAGED"}


def test_a_fax_without_an_end_mark_is_whole_all_the_same() -> None:
    """Some scanners write none: only rows that are not there are missed."""
    assert told(scan_of("G4", g4_strip()[:-3])) == []


def test_a_cut_jbig2_is_told(shared_data: Any) -> None:
    with pikepdf.open(shared_data / "scans" / "jbig2.pdf") as pdf:
        (image,) = pdf.pages[0].images.values()
        data, parameters = image.read_raw_bytes(), image.DecodeParms
        for share in (*CUTS, 1.0):
            image.write(cut(data, share), filter=Name.JBIG2Decode, decode_parms=parameters)
            buffer = BytesIO()
            pdf.save(buffer)
            assert bool(set(told(buffer.getvalue())) & TOLD) == (share < 1)


def pages_each_before_its_picture(pages: int) -> bytes:
    """A PDF as scanners write it that send while they scan; its list of pages comes first."""
    data = jpeg()
    numbers = range(10, 10 + 10 * pages, 10)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    parts = [
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        f"2 0 obj\n<</Type/Pages/Count {pages}/Kids[{kids}]>>\nendobj\n".encode(),
    ]
    for number in numbers:
        drawing = "q 595 0 0 842 0 0 cm /S Do Q"
        parts += [
            f"{number} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R"
            f"/Resources<</XObject<</S {number + 2} 0 R>>>>>>\nendobj\n{number + 1} 0 obj\n"
            f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream\nendobj\n{number + 2} 0 obj\n"
            f"<</Type/XObject/Subtype/Image/Width {WIDE}/Height {HIGH}/BitsPerComponent 8"
            f"/ColorSpace/DeviceGray/Filter/DCTDecode/Length {len(data)}>>\nstream\n".encode(),
            data,
            b"\nendstream\nendobj\n",
        ]
    return b"".join(parts) + b"trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def test_what_arrived_of_a_stack_is_read_and_what_did_not_is_told() -> None:
    whole = pages_each_before_its_picture(3)
    assert told(whole) == []
    _, pages = opened(cut(whole, 0.5))
    assert [[found.code for found in page.problems] for page in pages] == [
        [],
        ["PAGE_INCOMPLETE"],
        ["PAGE_UNREADABLE"],
    ]
    after_the_first = whole.index(b"20 0 obj")
    _, pages = opened(whole[:after_the_first])
    assert [[found.code for found in page.problems] for page in pages] == [[], ["PAGE_UNREADABLE"]]
    assert "cortado" in pages[1].problems[0].message


def directory_first(data: bytes) -> bytes:
    """A TIFF of one strip with its directory before the data, as many programs write it."""
    with Image.open(BytesIO(data)) as made:
        tags = {tag: made.tag_v2[tag] for tag in (256, 257, 258, 259, 262)}  # type: ignore[attr-defined]
        (start,), (length,) = made.tag_v2[273], made.tag_v2[279]  # type: ignore[attr-defined]
    tags = {tag: value[0] if isinstance(value, tuple) else value for tag, value in tags.items()}
    entries = sorted((tags | {273: 8 + 2 + 12 * 8 + 4, 278: HIGH, 279: length}).items())
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4)
    return head + data[start : start + length]


PICTURES: dict[str, Callable[[], bytes]] = {
    "JPEG": jpeg,
    "progressive JPEG": lambda: jpeg(progressive=True),
    "CMYK JPEG": lambda: encoded(grey(mode="CMYK"), "JPEG"),
    "PNG": lambda: encoded(grey(), "PNG"),
} | {
    f"{coding} TIFF": lambda coding=coding, source=source: directory_first(  # type: ignore[misc]
        encoded(source(), "TIFF", compression=coding, tiffinfo={278: HIGH})
    )
    for coding, source in {
        "raw": grey,
        "tiff_lzw": grey,
        "tiff_adobe_deflate": grey,
        "packbits": grey,
        "group3": bilevel,
        "group4": bilevel,
    }.items()
}


@pytest.mark.parametrize("share", CUTS)
@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_file_that_breaks_off_is_told(kind: str, share: float) -> None:
    whole = PICTURES[kind]()
    assert told(whole) == []
    codes = told(cut(whole, share))
    assert codes
    assert set(codes) <= TOLD | {"FILE_DAMAGED"}


@pytest.mark.parametrize("share", [0.05, 0.4, 0.7])
@pytest.mark.parametrize("kind", [kind for kind in PICTURES if kind != "raw TIFF"])
def test_a_picture_file_that_goes_on_in_zeros_is_told(kind: str, share: float) -> None:
    codes = told(zeroed(PICTURES[kind](), share))
    assert codes
    assert set(codes) <= TOLD | {"FILE_DAMAGED"}


@cache
def scanned() -> tuple[Grey, dict[str, str]]:
    paper = random_paper(np.random.default_rng(1), EDITIONS[0], unsigned=0.0)
    return scan(paper.sheet, Scanner(dpi=200), np.random.default_rng(0)), dict(paper.values)


@pytest.mark.parametrize("kind", ["pdf-jpeg", "pdf-flate", "pdf-g4", "jpeg"])
@pytest.mark.parametrize("share", [0.01, 0.4, 0.99])
def test_of_a_sealed_scan_that_breaks_off_nothing_is_wrong_or_said_to_be_absent(
    kind: Any, share: float
) -> None:
    image, values = scanned()
    batch = read_batch([("copia", cut(encode([image], kind, 200), share))], ReadingContext(KEYS))
    codes = {found.code for found in batch.files[0].problems}
    assert codes & (TOLD | {"FILE_DAMAGED"})
    assert "PAGE_BLANK" not in codes
    for document in batch.documents:
        assert document.outcome == "review"
        sure = {name: found.value for name, found in document.fields.items() if found.state == "confirmed"}
        assert sure.items() <= values.items()
        assert {found.state for found in document.signatures.values()} <= {"present", "doubtful"}
        assert not {"SIGNATURE_ABSENT", "FIELD_MISSING"} & {found.code for found in document.problems}


def test_a_recognisers_text_hides_no_cut() -> None:
    assert told(scan_of("G4", cut(g4_strip(), 0.5), HIDDEN)) == ["PAGE_INCOMPLETE"]
