"""R11, hostile files: pages or named problems, within limits, whatever a file holds; the reader goes on.

The files of the shared folder are opened as the service opens them, one sandboxed child each.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import hostile_tasks
import pikepdf
import pytest
from file_samples import TEXT, PdfMaker, bilevel, encoded, g4_strip, jpeg, scan_pdf, text_pdf, tiff_of
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from forms.problems import CATALOGUE, Problem
from intake.limits import Limits
from intake.opening import FileFacts, OpenedPage, media_type, open_file
from intake.sandbox import Sandbox, Trouble

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # it grumbles about what we feed it

LIMITS = Limits()
OF_FILES = {
    "FILE_EMPTY",
    "FILE_TYPE_UNSUPPORTED",
    "FILE_TOO_LARGE",
    "FILE_ENCRYPTED",
    "FILE_DAMAGED",
    "FILE_TOO_MANY_PAGES",
}
OF_PAGES = {"PAGE_UNREADABLE", "PAGE_TOO_LARGE", "PAGE_INCOMPLETE", "PAGE_DAMAGED"}


def opened(data: bytes, limits: Limits = LIMITS) -> tuple[FileFacts, list[OpenedPage]]:
    facts, pages = open_file(data, "hostil.pdf", limits)
    return facts, list(pages)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [found.code for found in problems]


def png(wide: int, high: int) -> bytes:
    """A PNG that announces a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def locked_pdf() -> bytes:
    with pikepdf.open(BytesIO(scan_pdf())) as pdf:
        buffer = BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="secret", user="secret"))
    return buffer.getvalue()


def raw_pdf(*objects: str) -> bytes:
    """A PDF of just these numbered objects, the first being the catalogue, with no cross-reference table."""
    body = "".join(f"{number} 0 obj {text} endobj\n" for number, text in enumerate(objects, start=1))
    return f"%PDF-1.7\n{body}trailer << /Root 1 0 R >>\n%%EOF".encode()


CATALOGUE_OBJECT = "<< /Type /Catalog /Pages 2 0 R >>"
BAD_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("FILE_EMPTY", bytes),
    "zeros": ("FILE_TYPE_UNSUPPORTED", lambda: bytes(5000)),
    "a web page": ("FILE_TYPE_UNSUPPORTED", lambda: b"<html><body>%PD</body></html>" * 50),
    "a program": ("FILE_TYPE_UNSUPPORTED", lambda: b"\x7fELF" + bytes(2000)),
    "an archive": ("FILE_TYPE_UNSUPPORTED", lambda: b"PK\x03\x04" + bytes(2000)),
    "a GIF": ("FILE_TYPE_UNSUPPORTED", lambda: encoded(bilevel(), "GIF")),
    "a BMP": ("FILE_TYPE_UNSUPPORTED", lambda: encoded(bilevel(), "BMP")),
    "JPEG 2000": ("FILE_TYPE_UNSUPPORTED", lambda: encoded(bilevel().convert("L"), "JPEG2000")),
    "PostScript": ("FILE_TYPE_UNSUPPORTED", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) run"),
    "only the first bytes of a JPEG": ("FILE_DAMAGED", lambda: b"\xff\xd8\xff\xe0"),
    "only the first bytes of a PNG": ("FILE_DAMAGED", lambda: b"\x89PNG\r\n\x1a\n"),
    "only the first bytes of a TIFF": ("FILE_DAMAGED", lambda: b"II*\0\x08\0\0\0"),
    "only the first bytes of a PDF": ("FILE_DAMAGED", lambda: b"%PDF-1.7\n"),
    "a PDF of zeros": ("FILE_DAMAGED", lambda: b"%PDF-1.7\n" + bytes(5000)),
    "a PDF without pages": (
        "FILE_DAMAGED",
        lambda: raw_pdf(CATALOGUE_OBJECT, "<< /Type /Pages /Kids [] /Count 0 >>"),
    ),
    "a PDF whose pages contain themselves": (
        "FILE_DAMAGED",
        lambda: raw_pdf(CATALOGUE_OBJECT, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"),
    ),
    "a PDF with a password": ("FILE_ENCRYPTED", locked_pdf),
    "a PDF of too many pages": ("FILE_TOO_MANY_PAGES", lambda: text_pdf(LIMITS.pages + 1)),
    "a TIFF of 10,000 pages": ("FILE_TOO_MANY_PAGES", lambda: long_tiff(10_000)),
}


def long_tiff(pages: int) -> bytes:
    """Directories that all show the same strip: a small file with as many pages as one likes."""
    strip = g4_strip()
    data = bytearray(b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip)
    for number in range(pages):
        tags = [
            (256, 420),
            (257, 594),
            (258, 1),
            (259, 4),
            (262, 0),
            (273, 8),
            (277, 1),
            (278, 594),
            (279, len(strip)),
        ]
        directory = struct.pack("<H", len(tags)) + b"".join(
            struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags
        )
        following = len(data) + len(directory) + 4 if number + 1 < pages else 0
        data += directory + struct.pack("<I", following)
    return bytes(data)


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_files_are_named(kind: str) -> None:
    code, make = BAD_FILES[kind]
    facts, pages = opened(make())
    assert codes(facts.problems) == [code]
    assert pages == []
    assert "Por favor" in facts.problems[0].message


def test_a_pdf_that_claims_a_billion_pages_has_those_that_are_there() -> None:
    pages = "<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    assert opened(raw_pdf(CATALOGUE_OBJECT, pages, page))[0].pages == 1


def test_too_many_bytes_are_not_even_looked_at() -> None:
    facts, pages = opened(bytes(1_000_001), replace(LIMITS, file_megabytes=1))
    assert (codes(facts.problems), pages) == (["FILE_TOO_LARGE"], [])


def huge_page(box: str) -> bytes:
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox {box} >>"
    return raw_pdf(CATALOGUE_OBJECT, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)


def huge_scan() -> bytes:
    """A fax of 100 gigapixels on an ordinary page."""
    maker = PdfMaker()
    keys: dict[str, Any] = {"Width": 320_000, "Height": 320_000, "BitsPerComponent": 1}
    image = maker.image(g4_strip(), Filter=pikepdf.Name.CCITTFaxDecode, **keys)
    return maker.scan(image, MediaBox=[0, 0, 595.2, 595.2]).bytes()


def half_a_tiff() -> bytes:
    """A directory and a fifth of the strip that it speaks of."""
    whole = long_tiff(1)
    return whole[:4] + struct.pack("<I", 8) + whole[-114:] + whole[8:60]


def broken_scan() -> bytes:
    maker = PdfMaker()
    return maker.scan(maker.jpeg(b"\xff\xd8\xff\xe0 no picture")).bytes()


BAD_PAGES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PNG of 4 gigapixels": ("PAGE_TOO_LARGE", lambda: png(65_000, 65_000)),
    "PNG of an impossible size": ("PAGE_TOO_LARGE", lambda: png(2**31 - 1, 2**31 - 1)),
    "PNG with too little in it": ("PAGE_UNREADABLE", lambda: png(500, 500)),
    "a picture of one pixel": ("PAGE_UNREADABLE", lambda: encoded(bilevel().resize((1, 1)), "PNG")),
    "a page of 40 hectares": ("PAGE_TOO_LARGE", lambda: huge_page("[0 0 2000000 2000000]")),
    "a scan of 100 gigapixels": ("PAGE_TOO_LARGE", huge_scan),
    "half a TIFF": ("PAGE_UNREADABLE", half_a_tiff),
    "a PDF of no picture": ("PAGE_UNREADABLE", broken_scan),
}


@pytest.mark.parametrize("kind", BAD_PAGES)
def test_bad_pages_are_named(kind: str) -> None:
    code, make = BAD_PAGES[kind]
    facts, (page,) = opened(make())
    assert facts.problems == ()
    assert page.image is None
    assert codes(page.problems) == [code]
    assert "«hostil.pdf»" in page.problems[0].message


def test_a_cut_jpeg_is_read_as_far_as_it_goes_and_says_so() -> None:
    whole = jpeg()
    _, (page,) = opened(whole[: len(whole) // 2])
    assert page.image is not None
    assert page.image[20:100, 40:180].mean() < 20  # what came before the cut is there
    assert codes(page.problems) == ["PAGE_INCOMPLETE"]


def test_a_cut_jpeg_in_a_pdf_says_so_too() -> None:
    maker = PdfMaker()
    whole = jpeg()
    _, (page,) = opened(maker.scan(maker.jpeg(whole[: len(whole) // 2])).bytes())
    assert page.image is not None
    assert codes(page.problems) == ["PAGE_INCOMPLETE"]


def test_a_bad_page_of_a_pdf_leaves_the_others_alone() -> None:
    maker = PdfMaker().page(TEXT)
    maker.page("", MediaBox=[0, 0, 1_000_000, 1_000_000])
    maker.scan(maker.jpeg(b"\xff\xd8\xff\xe0 no picture"))
    maker.page(TEXT)
    facts, pages = opened(maker.bytes())
    assert facts.pages == 4
    assert [codes(page.problems) for page in pages] == [[], ["PAGE_TOO_LARGE"], ["PAGE_UNREADABLE"], []]
    assert pages[3].text == pages[0].text == "Solicitud de planilla"


def test_a_bad_page_of_a_tiff_leaves_the_others_alone() -> None:
    data = bytearray(tiff_of(3))
    second = struct.unpack_from("<I", data, _next_directory(data, struct.unpack_from("<I", data, 4)[0]))[0]
    width = data.index(struct.pack("<H", 256), second)
    struct.pack_into("<I", data, width + 8, 60_000)  # the second page is as wide as a street
    struct.pack_into("<I", data, width + 20, 60_000)
    facts, pages = opened(bytes(data))
    assert facts.pages == 3
    assert [codes(page.problems) for page in pages] == [[], ["PAGE_TOO_LARGE"], []]


def _next_directory(data: bytearray, start: int) -> int:
    count: int = struct.unpack_from("<H", data, start)[0]
    return start + 2 + 12 * count


def test_a_tiff_whose_list_of_pages_breaks_off_keeps_what_can_be_reached() -> None:
    data = bytearray(tiff_of(2))
    link = _next_directory(data, struct.unpack_from("<I", data, 4)[0])
    struct.pack_into("<I", data, link, len(data) + 1000)
    facts, pages = opened(bytes(data))
    assert pages[0].image is not None
    assert [codes(page.problems) for page in pages] == [[], ["PAGE_UNREADABLE"]]
    assert facts.problems == ()


def test_a_tiff_that_bites_its_tail_ends() -> None:
    data = bytearray(tiff_of(2))
    first = struct.unpack_from("<I", data, 4)[0]
    second = struct.unpack_from("<I", data, _next_directory(data, first))[0]
    struct.pack_into("<I", data, _next_directory(data, second), first)
    assert opened(bytes(data))[0].pages == 2


def test_a_form_that_contains_itself_ends() -> None:
    maker = PdfMaker().page(TEXT)
    pdf = maker.pdf
    fields = [pdf.make_indirect(pikepdf.Dictionary(T=f"n{number}", V="x")) for number in range(2)]
    fields[0].Kids = fields[1].Kids = pikepdf.Array(fields)
    for field, parent in zip(fields, reversed(fields), strict=True):
        field.Subtype, field.Parent = pikepdf.Name.Widget, parent
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields))
    pdf.pages[0].Annots = pikepdf.Array(fields)
    (page,) = opened(maker.bytes())[1]
    assert set(page.fields.values()) <= {"x"}


SEEDS: dict[str, Callable[[], bytes]] = {
    "drawn PDF": text_pdf,
    "scanned PDF": scan_pdf,
    "JPEG": jpeg,
    "PNG": lambda: encoded(bilevel(), "PNG"),
    "TIFF": lambda: tiff_of(2),
}
DAMAGE = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=12
)


@pytest.mark.parametrize("kind", SEEDS)
def test_whatever_is_damaged_the_outcome_has_a_name(kind: str) -> None:
    whole = SEEDS[kind]()

    @hypothesis_settings(max_examples=60)
    @given(DAMAGE, st.floats(0, 1))
    def damaged(changes: list[tuple[float, bytes]], kept: float) -> None:
        data = bytearray(whole)
        for place, patch in changes:
            start = int(place * len(data))
            data[start : start + len(patch)] = patch
        facts, pages = opened(bytes(data[: int(len(data) * kept)]), replace(LIMITS, page_megapixels=4))
        assert set(codes(facts.problems)) <= OF_FILES
        assert bool(facts.problems) != bool(pages)
        for page in pages:
            assert set(codes(page.problems)) <= OF_PAGES
            assert (page.image is None) == (
                set(codes(page.problems)) & {"PAGE_UNREADABLE", "PAGE_TOO_LARGE"} != set()
            )

    damaged()


@given(st.binary(max_size=300))
def test_any_bytes_have_a_type_or_none(data: bytes) -> None:
    assert media_type(data) in {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "application/octet-stream",
    }


def test_every_problem_of_files_and_pages_is_in_the_catalogue() -> None:
    assert CATALOGUE.keys() >= OF_FILES | OF_PAGES | {trouble.value for trouble in Trouble}


def _look(sandbox: Sandbox, file: Path) -> str | None:
    """What is wrong with the outcome of one file, if anything is."""
    answer = sandbox.run(hostile_tasks.describe, file.read_bytes())
    if isinstance(answer, Trouble):
        return f"{file.name}: {answer.value}"  # named, but no file here is so bad that it must be stopped
    seen = json.loads(answer)
    if not set(seen["problems"]) <= OF_FILES:
        return f"{file.name}: {seen['problems']}"
    if not seen["problems"] and not seen["seen"]:
        return f"{file.name}: neither pages nor a problem"
    for shape, found in seen["seen"]:
        if not set(found) <= OF_PAGES or (shape is None and not found):
            return f"{file.name}: page {shape} {found}"
    return None


FOLDERS = {"pdfs": 190, "broken-images": 50, "scans": 45}
"""Folder and the number of files that it has at least, so that an empty folder is no success."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_other_peoples_odd_files_end_within_limits(shared_data: Path, folder: str) -> None:
    files = [file for file in sorted((shared_data / folder).rglob("*")) if file.is_file()]
    assert len(files) >= FOLDERS[folder]
    sandbox = Sandbox(hostile_tasks.LIMITS, ("intake.opening",))
    with ThreadPoolExecutor(2) as pool:
        wrong = [found for found in pool.map(lambda file: _look(sandbox, file), files) if found]
    assert wrong == []
    assert sandbox.run(hostile_tasks.echo, b"next") == b"next"


def _outcome(sandbox: Sandbox, file: Path) -> Any:
    answer = sandbox.run(hostile_tasks.describe, file.read_bytes())
    return answer if isinstance(answer, Trouble) else json.loads(answer)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("scans/ccitt.pdf", [[[3300, 2550], []]]),
        ("scans/jbig2.pdf", [[[3300, 2550], []]]),
        ("scans/enormous.pdf", [[None, ["PAGE_TOO_LARGE"]]]),
        ("scans/hugemono.pdf", [[None, ["PAGE_TOO_LARGE"]]]),
        ("scans/baiona_cmyk.jpg", [[[682, 640], []]]),
    ],
)
def test_some_odd_files_have_a_known_outcome(shared_data: Path, name: str, expected: list[Any]) -> None:
    sandbox = Sandbox(hostile_tasks.LIMITS, ("intake.opening",))
    assert _outcome(sandbox, shared_data / name)["seen"] == expected
