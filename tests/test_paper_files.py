"""Files of simulated scans open again in other people's readers with the same pixels, pages and dpi."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from paper_samples import printed_page
from PIL import Image, ImageSequence

from generators.paper.files import FileKind, encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Grey

DPI = 150
PDFS: tuple[FileKind, ...] = ("pdf", "pdf-jpeg", "pdf-flate", "pdf-g4")
TIFFS: tuple[FileKind, ...] = ("tiff", "tiff-jpeg", "tiff-g4")
EXACT = {"pdf-flate", "tiff", "png"}


def pages(bilevel: bool) -> list[Grey]:
    scanner = Scanner(dpi=DPI, noise_sigma=2, jpeg_quality=None, bilevel="otsu" if bilevel else None)
    return [scan(printed_page(), scanner, np.random.default_rng(seed)) for seed in (1, 2)]


def assert_same(read: Grey, written: Grey, kind: str) -> None:
    assert read.shape == written.shape
    if kind in EXACT or kind.endswith("g4"):
        assert (read == written).all()
    else:
        assert np.abs(read.astype(int) - written).mean() < 4


@pytest.mark.parametrize("kind", PDFS)
def test_pdfs_hold_one_full_page_image_a_page(kind: FileKind) -> None:
    images = pages(bilevel=kind.endswith("g4"))
    document = pypdfium2.PdfDocument(encode(images, kind, DPI))
    assert len(document) == 2
    for page, image in zip(document, images, strict=True):
        assert page.get_size() == pytest.approx([side * 72 / DPI for side in image.shape[::-1]], abs=0.01)
        (held,) = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        assert held.get_px_size() == image.shape[::-1]
        assert held.get_bounds() == pytest.approx((0, 0, *page.get_size()), abs=0.01)
        shown = np.asarray(held.get_bitmap().to_pil().convert("L"))
        assert_same(shown, image, kind)


@pytest.mark.parametrize("kind", TIFFS)
def test_tiffs_hold_all_pages(kind: FileKind) -> None:
    images = pages(bilevel=kind == "tiff-g4")
    with Image.open(BytesIO(encode(images, kind, DPI))) as file:
        assert file.n_frames == 2
        assert file.info["compression"] == {"tiff": "tiff_adobe_deflate", "tiff-jpeg": "jpeg"}.get(
            kind, "group4"
        )
        for frame, image in zip(ImageSequence.Iterator(file), images, strict=True):
            assert frame.info["dpi"] == pytest.approx((DPI, DPI), abs=0.5)
            assert_same(np.asarray(frame.convert("L")), image, kind)


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_pictures_hold_one_page(kind: FileKind) -> None:
    first, second = pages(bilevel=False)
    with Image.open(BytesIO(encode([first], kind, DPI))) as file:
        assert file.format == kind.upper()
        assert file.info["dpi"] == pytest.approx((DPI, DPI), abs=0.5)
        assert_same(np.asarray(file), first, kind)
    with pytest.raises(ValueError, match="write a PDF or TIFF"):
        encode([first, second], kind, DPI)


@pytest.mark.parametrize("kind", [*PDFS, *TIFFS])
def test_the_same_images_give_the_same_bytes(kind: FileKind) -> None:
    images = pages(bilevel=False)
    assert encode(images, kind, DPI) == encode(images, kind, DPI)


def test_quality_decides_the_size() -> None:
    images = pages(bilevel=False)
    assert len(encode(images, "pdf", DPI, 20)) < 0.6 * len(encode(images, "pdf", DPI, 90))
