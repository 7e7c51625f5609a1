"""Opening: every accepted kind of file gives the page that a viewer would show, upright, on white."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from file_samples import (
    HIDDEN,
    HIGH,
    POINTS,
    TEXT,
    WIDE,
    Grey,
    PdfMaker,
    bilevel,
    encoded,
    g4_strip,
    jpeg,
    picture,
    scan_pdf,
    text_pdf,
    tiff_of,
)
from PIL import Image

from intake import pdf_pages
from intake.limits import Limits
from intake.opening import FileFacts, OpenedPage, media_type, open_file
from intake.raster import REDUCE_FROM

LIMITS = Limits()


def opened(data: bytes, limits: Limits = LIMITS) -> tuple[FileFacts, list[OpenedPage]]:
    facts, pages = open_file(data, "hoja", limits)
    return facts, list(pages)


def only_page(data: bytes) -> OpenedPage:
    facts, (page,) = opened(data)
    assert facts.problems == ()
    assert page.problems == ()
    return page


def image_of(data: bytes) -> Grey:
    image = only_page(data).image
    assert image is not None
    assert image.dtype == np.uint8
    return image


def difference(one: Grey, other: Grey) -> float:
    """Mean difference of grey values; the same print a pixel aside stays below 6, another way up is 40."""
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def grey_picture(**how: Any) -> Image.Image:
    return Image.fromarray(picture()).convert(how.get("mode", "L"))


def deep(white_is_zero: bool = False) -> bytes:
    values = picture().astype(np.uint16) * 257
    if not white_is_zero:
        return encoded(Image.fromarray(values), "TIFF")
    data = bytearray(encoded(Image.fromarray(65535 - values), "TIFF"))
    tag = data.index(b"\x06\x01\x03\x00\x01\x00\x00\x00\x01\x00")  # PhotometricInterpretation 1
    data[tag + 8] = 0
    return bytes(data)


def on_transparency() -> bytes:
    """Black print of which only the ink is opaque: on white paper it looks like the picture."""
    ink = Image.new("L", (WIDE, HIGH), 0)
    return encoded(Image.merge("LA", (ink, Image.fromarray(255 - picture()))), "PNG")


FILES: dict[str, Callable[[], bytes]] = {
    "JPEG": jpeg,
    "progressive JPEG": lambda: jpeg(progressive=True),
    "colour JPEG": lambda: encoded(grey_picture(mode="RGB"), "JPEG", quality=90),
    "CMYK JPEG": lambda: encoded(grey_picture(mode="CMYK"), "JPEG", quality=90),
    "PNG": lambda: encoded(grey_picture(), "PNG"),
    "colour PNG": lambda: encoded(grey_picture(mode="RGB"), "PNG"),
    "palette PNG": lambda: encoded(grey_picture().quantize(32), "PNG"),
    "16-bit PNG": lambda: encoded(Image.fromarray(picture().astype(np.uint16) * 257), "PNG"),
    "transparent PNG": on_transparency,
    "raw TIFF": lambda: encoded(grey_picture(), "TIFF"),
    "LZW TIFF": lambda: encoded(grey_picture(), "TIFF", compression="tiff_lzw"),
    "deflate TIFF": lambda: encoded(grey_picture(), "TIFF", compression="tiff_adobe_deflate"),
    "PackBits TIFF": lambda: encoded(grey_picture(), "TIFF", compression="packbits"),
    "JPEG in TIFF": lambda: encoded(grey_picture(), "TIFF", compression="jpeg", quality=90),
    "CMYK TIFF": lambda: encoded(grey_picture(mode="CMYK"), "TIFF", compression="tiff_lzw"),
    "palette TIFF": lambda: encoded(grey_picture().quantize(32), "TIFF"),
    "16-bit TIFF": deep,
    "16-bit TIFF, white is zero": lambda: deep(white_is_zero=True),
    "big TIFF": lambda: encoded(grey_picture(), "TIFF", big_tiff=True),
}
BILEVEL: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: encoded(bilevel(), "PNG"),
    "G3": lambda: encoded(bilevel(), "TIFF", compression="group3"),
    "G4": lambda: encoded(bilevel(), "TIFF", compression="group4"),
    "G4, white is zero": lambda: encoded(bilevel(), "TIFF", compression="group4", tiffinfo={262: 0}),
}


@pytest.mark.parametrize("kind", FILES)
def test_pictures_of_every_kind_look_the_same(kind: str) -> None:
    assert difference(image_of(FILES[kind]()), picture()) < 3


@pytest.mark.parametrize("kind", BILEVEL)
def test_pictures_of_one_bit_are_exact(kind: str) -> None:
    assert np.array_equal(image_of(BILEVEL[kind]()), np.asarray(bilevel().convert("L")))


def turned(orientation: int) -> Image.Image:
    """The picture as it lies in a file whose EXIF orientation sets it upright again."""
    lying = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    return grey_picture() if lying is None else grey_picture().transpose(lying)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_honoured(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, Any] = {"tiffinfo": {0x0112: orientation}} if kind == "TIFF" else {"exif": exif}
    assert difference(image_of(encoded(turned(orientation), kind, **options)), picture()) < 3


@pytest.mark.parametrize("orientation", [1, 6])
def test_fax_pixels_become_square(orientation: int) -> None:
    """ITU-T T.4 standard resolution has 204 × 98 pixels to the inch: half the lines are not there."""
    squeezed = Image.fromarray(cv2.resize(picture(), (WIDE, HIGH // 2), interpolation=cv2.INTER_AREA))
    lying = squeezed if orientation == 1 else squeezed.transpose(Image.Transpose.ROTATE_90)
    dpi = (204, 98) if orientation == 1 else (98, 204)
    page = only_page(encoded(lying, "TIFF", dpi=dpi, tiffinfo={0x0112: orientation}))
    assert page.image is not None
    assert page.dpi == pytest.approx(204)
    assert abs(page.image.shape[0] - HIGH * 204 / 196) <= 2
    assert difference(cv2.resize(page.image, (WIDE, HIGH)), picture()) < 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_resolution_is_what_the_file_claims(kind: str) -> None:
    assert only_page(encoded(grey_picture(), kind, dpi=(300, 300))).dpi == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize("dpi", [(0, 0), (1, 1), (50_000, 50_000)])
def test_incredible_resolutions_are_left_out(dpi: tuple[int, int]) -> None:
    assert only_page(encoded(grey_picture(), "TIFF", dpi=dpi)).dpi is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_more_pixels_than_help_are_halved(kind: str) -> None:
    wide, high = 3600, REDUCE_FROM // 3600 + 100
    large = Image.fromarray(cv2.resize(picture(), (wide, high)))
    page = only_page(encoded(large, kind, dpi=(600, 600)))
    assert page.image is not None
    assert page.image.shape == (high // 2, wide // 2)
    assert page.dpi == pytest.approx(300, abs=0.1)
    assert difference(cv2.resize(page.image, (WIDE, HIGH), interpolation=cv2.INTER_AREA), picture()) < 3


def test_pages_of_a_tiff_come_in_order() -> None:
    other = Image.fromarray(255 - picture()).convert("1")
    data = encoded(bilevel(), "TIFF", compression="group4", save_all=True, append_images=[other, bilevel()])
    facts, pages = opened(data)
    assert facts.pages == 3
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.image is not None and bool(page.image.mean() > 127) for page in pages] == [True, False, True]


def test_an_animation_is_its_first_picture() -> None:
    data = encoded(grey_picture(), "PNG", save_all=True, append_images=[grey_picture().rotate(180)] * 9)
    facts, pages = opened(data)
    assert (facts.pages, len(pages)) == (1, 1)


# PDF: what is taken out of the file must be what PDFium itself draws.


def colour_jpeg() -> bytes:
    red = np.dstack([picture(), picture(), np.full_like(picture(), 255)])
    return encoded(Image.fromarray(red[:, :, ::-1].copy()), "JPEG", quality=90)


def bits(inverse: bool = False) -> bytes:
    rows = np.packbits(np.asarray(bilevel()), axis=1)
    return (~rows if inverse else rows).tobytes()


def _scan(make: Callable[[PdfMaker], pikepdf.Stream], extra: str = "", **keys: Any) -> Callable[[], bytes]:
    def build() -> bytes:
        maker = PdfMaker()
        return maker.scan(make(maker), extra, **keys).bytes()

    return build


def _g4(maker: PdfMaker) -> pikepdf.Stream:
    parameters = pikepdf.Dictionary(K=-1, Columns=WIDE, Rows=HIGH)
    return maker.image(
        g4_strip(), Filter=pikepdf.Name.CCITTFaxDecode, BitsPerComponent=1, DecodeParms=parameters
    )


def _icc(maker: PdfMaker) -> pikepdf.Stream:
    profile = pikepdf.Stream(maker.pdf, b"not a profile", N=1, Alternate=pikepdf.Name.DeviceGray)
    return maker.jpeg(ColorSpace=pikepdf.Array([pikepdf.Name.ICCBased, maker.pdf.make_indirect(profile)]))


def _exif_inside(maker: PdfMaker) -> pikepdf.Stream:
    exif = Image.Exif()
    exif[0x0112] = 3
    return maker.jpeg(jpeg(exif=exif))


SCANS: dict[str, Callable[[], bytes]] = {
    "JPEG": _scan(lambda maker: maker.jpeg()),
    "colour JPEG": _scan(lambda maker: maker.jpeg(colour_jpeg(), ColorSpace=pikepdf.Name.DeviceRGB)),
    "JPEG with a profile": _scan(_icc),
    "JPEG whose EXIF says upside down": _scan(_exif_inside),
    "plain Decode": _scan(lambda maker: maker.jpeg(Decode=pikepdf.Array([0, 1]))),
    "fax": _scan(_g4),
    "bits": _scan(lambda maker: maker.image(bits(), BitsPerComponent=1)),
    "inverse bits": _scan(
        lambda maker: maker.image(bits(inverse=True), BitsPerComponent=1, Decode=pikepdf.Array([1, 0]))
    ),
    "grey": _scan(lambda maker: maker.image(picture().tobytes())),
    "with a recogniser's text": _scan(lambda maker: maker.jpeg(), HIDDEN),
    "turned 90": _scan(lambda maker: maker.jpeg(), Rotate=90),
    "turned 180": _scan(lambda maker: maker.jpeg(), Rotate=180),
    "turned 270": _scan(lambda maker: maker.jpeg(), Rotate=270),
}


def _masked(kind: str) -> Callable[[], bytes]:
    half = np.full((HIGH, WIDE), 255, np.uint8)
    half[: HIGH // 2] = 0

    def make(maker: PdfMaker) -> pikepdf.Stream:
        if kind == "SMask":
            return maker.jpeg(SMask=maker.pdf.make_indirect(maker.image(half.tobytes())))
        mask = maker.image(np.packbits(half > 0, axis=1).tobytes(), BitsPerComponent=1, ImageMask=True)
        del mask["/ColorSpace"]
        return maker.jpeg(Mask=maker.pdf.make_indirect(mask))

    return _scan(make)


def _stencil(maker: PdfMaker) -> pikepdf.Stream:
    stencil = maker.image(bits(), BitsPerComponent=1, ImageMask=True)
    del stencil["/ColorSpace"]
    return stencil


def _stamped() -> bytes:
    maker = PdfMaker()
    square = pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 200, 200])
    look = pikepdf.Stream(maker.pdf, b"0 g 0 0 200 200 re f")
    for key, value in square.items():
        look[key] = value
    stamp = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Stamp,
        Rect=[300, 100, 500, 300],
        F=4,
        AP=pikepdf.Dictionary(N=maker.pdf.make_indirect(look)),
    )
    annotations = pikepdf.Array([maker.pdf.make_indirect(stamp)])
    return maker.scan(maker.jpeg(), Annots=annotations).bytes()


def _page(content: str, **keys: Any) -> Callable[[], bytes]:
    def build() -> bytes:
        maker = PdfMaker()
        return maker.page(content, {"I": maker.jpeg()}, **keys).bytes()

    return build


UNUSUAL: dict[str, Callable[[], bytes]] = {
    "inverse JPEG": _scan(lambda maker: maker.jpeg(Decode=pikepdf.Array([1, 0]))),
    "soft mask": _masked("SMask"),
    "mask": _masked("Mask"),
    "stencil": _scan(_stencil),
    "stamp over it": _stamped,
    "print over it": _scan(lambda maker: maker.jpeg(), TEXT),
    "line over it": _scan(lambda maker: maker.jpeg(), "0 0 m 500 800 l 20 w S"),
    "upside down": _page(f"{-POINTS[0]} 0 0 {-POINTS[1]} {POINTS[0]} {POINTS[1]} cm /I Do"),
    "mirrored": _page(f"{-POINTS[0]} 0 0 {POINTS[1]} {POINTS[0]} 0 cm /I Do"),
    "aslant": _page("595.2 14 -20 841.8 8 0 cm /I Do"),
    "smaller than the page": _page("300 0 0 424 0 400 cm /I Do"),
    "beside the page": _page(f"{POINTS[0]} 0 0 {POINTS[1]} 200 0 cm /I Do"),
    "squeezed": _page(f"{POINTS[0]} 0 0 500 0 0 cm /I Do", MediaBox=[0, 0, POINTS[0], 500]),
    "cropped": _page(
        f"{POINTS[0]} 0 0 {POINTS[1]} 0 0 cm /I Do", CropBox=pikepdf.Array([0, 400, POINTS[0], POINTS[1]])
    ),
    "twice": _page("400 0 0 566 0 0 cm /I Do 1 0 0 1 0.3 0 cm /I Do"),
}


def as_drawn(data: bytes, shape: tuple[int, ...]) -> Grey:
    """The first page as PDFium draws it, in that many rows and columns."""
    page = pypdfium2.PdfDocument(data)[0]
    drawn = page.render(scale=2 * shape[1] / page.get_width(), grayscale=True).to_numpy()
    small: Grey = cv2.resize(drawn.reshape(drawn.shape[:2]), shape[::-1], interpolation=cv2.INTER_AREA)
    return small


@pytest.mark.parametrize("kind", SCANS)
def test_a_scan_leaves_the_pdf_as_it_is(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = SCANS[kind]()
    monkeypatch.setattr(pdf_pages, "_render", None)  # nothing is drawn: calling it would fail
    page = only_page(data)
    assert page.image is not None
    assert sorted(page.image.shape) == [WIDE, HIGH]
    assert page.dpi == pytest.approx(WIDE / POINTS[0] * 72, rel=0.01)
    assert difference(page.image, as_drawn(data, page.image.shape)) < 6
    assert (page.born_digital, page.text) == (False, "")


@pytest.mark.parametrize("kind", UNUSUAL)
def test_what_is_unusual_is_drawn(kind: str) -> None:
    data = UNUSUAL[kind]()
    image = image_of(data)
    assert max(image.shape) > 700  # at no less than 200 dots to the inch
    small = cv2.resize(image, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA)
    assert difference(small, as_drawn(data, small.shape)) < 6


def test_a_drawn_page_keeps_its_text() -> None:
    page = only_page(text_pdf())
    assert page.born_digital
    assert page.text == "Solicitud de planilla"
    assert page.dpi == 200
    assert page.image is not None
    assert page.image.shape == (2339, 1654)


def test_text_that_nobody_sees_is_not_the_pages() -> None:
    aslant = _page(f"q 595.2 14 -20 841.8 8 0 cm /I Do Q {HIDDEN}")
    page = only_page(aslant())
    assert (page.born_digital, page.text) == (False, "")


def test_values_of_a_form_are_read() -> None:
    page = only_page(form_pdf())
    stored = {"company.ruc": "1790010937001", "company.agrees": "Yes", "petition": "Nóminas"}
    assert stored.items() <= page.fields.items()
    image = page.image
    assert image is not None
    assert image.min() < 100  # the typed value is seen on the page, too


def form_pdf() -> bytes:
    maker = PdfMaker().page(TEXT)
    pdf = maker.pdf

    def widget(**keys: Any) -> pikepdf.Object:
        common = {"Type": "/Annot", "Subtype": "/Widget", "Rect": [72, 700, 400, 730], "F": 4}
        made = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget)
        made.Rect, made.F = pikepdf.Array(common["Rect"]), 4
        for key, value in keys.items():
            made[f"/{key}"] = value
        return pdf.make_indirect(made)

    look = pikepdf.Stream(pdf, b"BT /F 14 Tf 2 8 Td 0 g (1790010937001) Tj ET")
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox, look.Resources = pikepdf.Array([0, 0, 328, 30]), pdf.pages[0].obj.Resources
    appearance = pikepdf.Dictionary(N=pdf.make_indirect(look))
    ruc = widget(T="ruc", FT=pikepdf.Name.Tx, V="1790010937001", AP=appearance)
    agrees = widget(T="agrees", FT=pikepdf.Name.Btn, V=pikepdf.Name.Yes)
    company = pdf.make_indirect(pikepdf.Dictionary(T="company", Kids=pikepdf.Array([ruc, agrees])))
    ruc.Parent = agrees.Parent = company
    petition = widget(T="petition", FT=pikepdf.Name.Tx, V="Nóminas")
    empty = widget(T="phone", FT=pikepdf.Name.Tx)
    pdf.pages[0].obj.Annots = pikepdf.Array([ruc, agrees, petition, empty])
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([company, petition, empty]), DR=pdf.pages[0].obj.Resources
    )
    return maker.bytes()


def test_an_owners_password_keeps_nobody_out() -> None:
    with pikepdf.open(BytesIO(scan_pdf())) as pdf:
        buffer = BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="secret", user=""))
    assert difference(image_of(buffer.getvalue()), picture()) < 3


def test_junk_before_a_pdf_is_passed_over() -> None:
    assert media_type(b"\0" * 40 + text_pdf()) == "application/pdf"
    assert only_page(b"\0" * 40 + text_pdf()).born_digital


def test_a_pdf_without_its_end_is_repaired() -> None:
    whole = scan_pdf()
    cut = whole[: whole.rindex(b"xref") - 1]
    assert difference(image_of(cut), picture()) < 3


def test_pages_are_decoded_when_asked_for() -> None:
    """The caller holds one page at a time, however many there are."""
    _, pages = open_file(tiff_of(3), "hoja", replace(LIMITS, pages=3))
    assert next(pages).number == 1
    assert next(pages).number == 2
