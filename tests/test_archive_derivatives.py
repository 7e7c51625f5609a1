"""The derivative beside each original: valid PDF/A-2b, the original's own picture, text where one sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select, text

from generators.archival import ArchivalFacts, ArchivalPage, TextLine, draw_archival, srgb_profile
from intake.archival_pictures import raster_picture
from intake.derivation import Derivation, DerivationRequest, derive
from intake.limits import Limits
from intake.pdfa import pdfa_faults
from operations.archive import find_documents, find_page, get_document, thumbnail_of
from operations.archive_query import parse_query
from operations.demonstration import sign_and_scan
from operations.demonstration_data import RUC
from operations.derivatives import derive_case, queue_missing_derivatives
from operations.house import House
from operations.package_import import Imported, import_package
from operations.packages import export_cases, write_package
from operations.record import view_record
from operations.record_pages import page_picture, view_page
from operations.regenerating import regenerate_case
from operations.users import User, UserRole
from operations.verification import case_failures
from storage.derivative_tables import DerivationRow
from storage.schema import AuditEventRow, DocumentRow
from tests.operations_samples import Clock, accepted, issue_request, open_demo_house, received_and_read

FACTS = ArchivalFacts("01 escaneo.jpg", "ab" * 32, datetime(2026, 11, 23, 17, tzinfo=UTC))
LINES = (
    TextLine("Compañía Ñusta — RUC 1790010937001", 72, 100, 300, 14),
    TextLine("inclinada", 100, 200, 120, 12, 3.5),
)

ARCHIVIST = User("archivo", "Archivo", UserRole.ARCHIVIST)


@cache
def photo(mode: str = "L", size: tuple[int, int] = (827, 1169)) -> Image.Image:
    """A page with some dark bars on it."""
    values = np.full((size[1], size[0]), 245, np.uint8)
    for row in range(100, size[1] - 100, 60):
        values[row : row + 18, 80 : size[0] - 80] = 40
    return Image.fromarray(values).convert(mode)


def encoded(kind: str, picture: Image.Image, **more: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


@cache
def archival(lines: tuple[TextLine, ...] = LINES, turn: int = 0) -> bytes:
    picture = raster_picture(encoded("JPEG", photo(), dpi=(100, 100)), 1, plain=False)
    assert picture is not None
    return draw_archival([ArchivalPage(595.44, 841.68, picture.pdf, turn, lines)], FACTS)


def derived(name: str, data: bytes, *, limits: Limits | None = None) -> Derivation:
    return derive(DerivationRequest(name, data, FACTS.made_at, {}, True, limits or Limits()))


def test_what_is_drawn_is_valid_and_always_the_same() -> None:
    archival.cache_clear()
    first = archival()
    archival.cache_clear()
    assert pdfa_faults(first) == ()
    assert archival() == first


def test_the_text_is_where_one_sees_it_and_paints_nothing() -> None:
    page = pypdfium2.PdfDocument(archival())[0]
    layer = page.get_textpage()
    assert "Compañía Ñusta — RUC 1790010937001" in layer.get_text_bounded()
    left, bottom, right, top = layer.get_rect(0) if layer.count_rects() else (0, 0, 0, 0)
    assert left == pytest.approx(72, abs=3)
    assert right == pytest.approx(372, abs=4)
    assert 841.68 - 114 - 4 < bottom < top < 841.68 - 100 + 4
    plain = pypdfium2.PdfDocument(archival(()))[0]
    assert np.array_equal(page.render(scale=1).to_numpy(), plain.render(scale=1).to_numpy())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_picture_is_set_upright_without_touching_it(turn: int) -> None:
    upright = photo().copy()
    upright.paste(0, (0, 0, 200, 60))  # a dark corner tells the ways apart
    data = encoded("JPEG", upright.rotate(turn, expand=True))  # counter-clockwise: lies turned in the scan
    picture = raster_picture(data, 1, plain=False)
    assert picture is not None
    pdf = draw_archival([ArchivalPage(595.44, 841.68, picture.pdf, turn, ())], FACTS)
    assert pdfa_faults(pdf) == ()
    shown = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    assert np.asarray(shown)[5:35, 5:120].mean() < 60
    assert np.asarray(shown)[5:35, 300:500].mean() > 200
    with pikepdf.open(BytesIO(pdf)) as held:
        assert held.pages[0].Resources.XObject.Page.read_raw_bytes() == data


def broken(change: str) -> bytes:
    """The derivative with one rule of PDF/A-2b broken."""
    with pikepdf.open(BytesIO(archival())) as pdf:
        page = pdf.pages[0]
        font = next(iter(page.Resources.Font.values()))
        match change:
            case "no output intent":
                del pdf.Root.OutputIntents
            case "no metadata":
                del pdf.Root.Metadata
            case "no claim of PDF/A":
                data = pdf.Root.Metadata.read_bytes().replace(b"pdfaid", b"pdfxid")
                pdf.Root.Metadata = pdf.make_stream(
                    data, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
                )
            case "metadata that is no XML":
                pdf.Root.Metadata = pdf.make_stream(
                    b"<x", Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
                )
            case "face not embedded":
                del font.FontDescriptor.FontFile2
            case "profile that is none":
                pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(b"none", N=3)
            case "script":
                pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            case "sound":
                page.obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Sound))
            case "colours of print":
                page.contents_add(b"0 0 0 1 k 0 0 1 1 re f")
            case "operator that nobody knows":
                page.contents_add(b"1 2 xyz")
            case "transparency without a space of its own":
                del pdf.Root.OutputIntents
                page.Resources.ExtGState = pikepdf.Dictionary(G=pikepdf.Dictionary(ca=0.5))
                page.contents_add(b"/G gs 0 0 1 1 re f")
            case "picture made smooth":
                page.Resources.XObject.Page.Interpolate = True
            case "picture with an alternate":
                page.Resources.XObject.Page.Alternates = pikepdf.Array()
            case "LZW":
                page.Resources.XObject.Page.Filter = pikepdf.Name.LZWDecode
            case "file attached":
                pdf.attachments["a.txt"] = b"text"
            case "note without a look":
                note = pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="x"
                )
                page.obj.Annots = pikepdf.Array([note])
            case "page too large":
                page.mediabox = pikepdf.Array([0, 0, 20000, 20000])
            case "hidden layer":
                pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array(), D=pikepdf.Dictionary(AS=[1]))
            case "filled by a program":
                pdf.Root.AcroForm = pikepdf.Dictionary(NeedAppearances=True, Fields=pikepdf.Array())
        buffer = BytesIO()
        encryption = pikepdf.Encryption(owner="x", user="") if change == "locked" else False
        pdf.save(buffer, encryption=encryption, fix_metadata_version=False)
        return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        "no output intent", "no metadata", "no claim of PDF/A", "metadata that is no XML",
        "face not embedded",
        "profile that is none", "script", "sound", "colours of print", "locked",
        "operator that nobody knows", "transparency without a space of its own", "picture made smooth",
        "picture with an alternate", "LZW", "file attached", "note without a look", "page too large",
        "hidden layer", "filled by a program",
    ],
)  # fmt: skip
def test_a_claim_proves_nothing_each_broken_rule_is_named(change: str) -> None:
    assert pdfa_faults(broken(change))


@pytest.mark.parametrize("cut", [b"", b"%PDF-1.7", b"no PDF at all"])
def test_what_is_no_pdf_is_no_pdfa(cut: bytes) -> None:
    assert pdfa_faults(cut)


def test_the_profile_is_sRGB_without_a_day() -> None:  # noqa: N802
    profile = srgb_profile()
    assert profile[12:24] == b"mntrRGB XYZ "
    assert profile == srgb_profile()


PICTURES = {
    "grey.jpg": lambda: encoded("JPEG", photo(), dpi=(100, 100)),
    "colour.jpg": lambda: encoded("JPEG", photo("RGB"), dpi=(100, 100)),
    "turned.jpg": lambda: encoded("JPEG", photo(), exif=_turned()),
    "print.jpg": lambda: encoded("JPEG", photo("CMYK")),
    "grey.png": lambda: encoded("PNG", photo()),
    "clear.png": lambda: encoded("PNG", photo("RGBA")),
    "palette.png": lambda: encoded("PNG", photo("P")),
    "fax.tif": lambda: encoded("TIFF", photo("1"), compression="group4"),
    "two.tif": lambda: encoded("TIFF", photo(), save_all=True, append_images=[photo()], dpi=(100, 100)),
    "scan.pdf": lambda: encoded("PDF", photo(), resolution=100),
    "fax.pdf": lambda: encoded("PDF", photo("1"), resolution=100),
}


def _turned() -> Any:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


@pytest.mark.parametrize("name", PICTURES)
def test_every_kind_of_original_gets_a_valid_derivative(name: str) -> None:
    answer = derived(name, PICTURES[name]())
    assert (answer.outcome, answer.findings) == ("valid", ())
    assert answer.pdf is not None
    assert len(answer.pages) == (2 if name == "two.tif" else 1)
    assert pdfa_faults(answer.pdf) == ()
    shown = pypdfium2.PdfDocument(answer.pdf)
    assert len(shown) == len(answer.pages)
    page = cv2.imdecode(np.frombuffer(answer.pages[0].view, np.uint8), cv2.IMREAD_GRAYSCALE)
    drawn = shown[0].render(scale=page.shape[1] / shown[0].get_size()[0], grayscale=True).to_numpy()
    drawn = cv2.resize(drawn.reshape(drawn.shape[:2]), page.shape[::-1])
    assert np.abs(page.astype(int) - drawn).mean() < 12


def test_files_that_cannot_be_read_have_no_derivative_and_say_why() -> None:
    cut = encoded("PDF", photo(), resolution=100)[:4000]
    for name, data in (("a.txt", b"some text"), ("cut.pdf", cut), ("empty.pdf", b"")):
        answer = derived(name, data)
        assert answer.outcome == "failed", name
        assert answer.findings, name
        assert answer.pdf is None


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return open_demo_house(tmp_path_factory.mktemp("derivatives"), Clock())


@pytest.fixture(scope="module")
def number(house: House) -> str:
    scan = sign_and_scan(issue_request(house).pdf, 3)
    number = received_and_read(house, ("solicitud.pdf", scan), ("raro.txt", b"esto no es un escaneo"))
    derive_case(house, number)
    return number


def test_the_original_stands_and_the_record_says_what_came_of_it(house: House, number: str) -> None:
    record = view_record(house, number, ARCHIVIST)
    scan, strange = (item for item in record.documents if item.row.kind == "original")
    assert scan.derivation is not None
    assert strange.derivation is not None
    assert (scan.derivation.outcome, scan.pages) == ("valid", 1)
    assert scan.derivative is not None
    assert pdfa_faults(house.blobs.get(scan.derivative.sha256)) == ()
    assert (strange.derivation.outcome, strange.derivative) == ("failed", None)
    assert strange.derivation.findings
    (reading,) = record.readings
    shown = {value.label: value.value for found in reading.documents for value in found.values}
    assert shown["Tipo de planilla"] == "Aportes"  # in the words of the paper, not in ours
    titles = [chapter.title for chapter in record.chapters]
    assert "Se hizo la copia de conservación" in titles
    assert "No se pudo hacer la copia de conservación: queda el original" in titles
    data = house.blobs.get(scan.row.sha256)
    with (
        pikepdf.open(BytesIO(data)) as original,
        pikepdf.open(BytesIO(house.blobs.get(scan.derivative.sha256))) as derivative,
    ):
        (before,) = original.pages[0].Resources.XObject.values()
        after = derivative.pages[0].Resources.XObject.Page
        assert before.read_raw_bytes() == after.read_raw_bytes()


def test_the_values_of_the_reading_are_the_text_of_their_boxes(house: House, number: str) -> None:
    found = view_page(house, _original(house, number), 1, "archivo")
    assert found is not None
    texts = [line[0] for line in found.page.lines]
    assert RUC in texts
    assert "COMERCIAL ANDINA DE ALIMENTOS ÑUSTA CÍA. LTDA." in texts


def _original(house: House, number: str) -> int:
    with house.database.reading() as session:
        query = select(DocumentRow.id).where(
            DocumentRow.case_number == number, DocumentRow.kind == "original"
        )
        return session.scalars(query.order_by(DocumentRow.id)).all()[0]


def test_words_of_the_scan_are_found_with_a_snippet_and_a_thumbnail(house: House, number: str) -> None:
    del number
    results = find_page(house, parse_query("representante continuacion", {}, house.today()), "archivo")
    (hit,) = results.hits
    assert hit.thumbnail
    assert hit.snippet is not None
    assert [text for text, found in hit.snippet.parts if found]
    small = thumbnail_of(house, hit.found.id)
    assert small is not None
    assert len(small) < 10_000


def test_derivatives_are_found_as_what_they_are(house: House, number: str) -> None:
    (found,) = find_documents(house, f"tramite:{number} tipo:derivative", "archivo")
    assert found.name == "01 solicitud.pdfa.pdf"


def test_doing_it_again_does_nothing(house: House, number: str) -> None:
    before = _rows(house)
    derive_case(house, number)
    assert _rows(house) == before


def _rows(house: House) -> tuple[int, int]:
    with house.database.reading() as session:
        rows = session.scalars(select(DocumentRow.id)).all()
        return len(rows), len(session.scalars(select(DerivationRow.source_id)).all())


def test_looking_is_an_event_and_the_record_tells_who_looked(house: House, number: str) -> None:
    document = _original(house, number)
    assert view_page(house, document, 1, "auditora") is not None
    assert page_picture(house, document, 1, "auditora")
    assert get_document(house, document, "auditora") is not None
    assert view_page(house, document, 9, "auditora") is None
    assert page_picture(house, 999_999, 1, "auditora") is None
    with house.database.reading() as session:
        query = select(AuditEventRow.action).where(AuditEventRow.actor == "auditora")
        assert session.scalars(query).all() == ["archive.view", "archive.view", "archive.get"]
    looks = view_record(house, number, ARCHIVIST).looks
    assert [(look.actor, look.what) for look in looks if look.actor == "auditora"] == [
        ("auditora", "Se llevó una copia"),
        ("auditora", "Vio páginas"),
    ]


def test_the_round_finds_what_nobody_went_through(tmp_path: Path) -> None:
    house = open_demo_house(tmp_path, Clock())
    number = received_and_read(house)
    # The reading queued it with its own transaction; until it is done nothing is queued twice.
    assert queue_missing_derivatives(house) == 0
    assert ("derive-case", number) in house.jobs.under_way()
    derive_case(house, number)
    assert queue_missing_derivatives(house) == 0
    with house.database.transaction() as session:
        row = session.scalars(select(DocumentRow).where(DocumentRow.kind == "original")).first()
        assert row is not None
        assert session.get(DerivationRow, row.id) is not None


def test_the_papers_of_a_finished_case_can_be_looked_at_and_searched(tmp_path: Path) -> None:
    house = open_demo_house(tmp_path, Clock())
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    derive_case(house, number)
    papers = {item.row.kind: item for item in view_record(house, number, ARCHIVIST).documents}
    assert papers["original"].derivation is not None
    sheet = papers["sheet"]
    assert sheet.derivation is not None
    assert (sheet.derivation.outcome, sheet.derivative, sheet.pages) == ("shown", None, 1)
    assert papers["sheet-csv"].derivation is None
    # Whoever stands on the rebuilt sheet is found as a person, and by the words of its page.
    found = find_documents(house, f"tramite:{number} persona:chimbo tipo:sheet", "archivo")
    assert [item.id for item in found] == [sheet.row.id]
    assert find_documents(house, "estado:archived persona:chimbo", "archivo")
    assert find_documents(house, "estado:in-review", "archivo") == []


TAMPERINGS = (
    "UPDATE page_texts SET lines = '[]'",
    "DELETE FROM page_texts",
    "UPDATE derivations SET outcome = 'valid' WHERE outcome = 'failed'",
    "UPDATE derivations SET findings = '[]' WHERE outcome = 'failed'",
    "DELETE FROM derivations",
)


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_what_is_changed_behind_our_back_is_found(house: House, number: str, statement: str) -> None:
    with house.database.transaction() as session:
        assert list(case_failures(session, number)) == []
        # Whoever writes the file of the database may take off what guards it; the rollback puts it back.
        for trigger in ("page_texts_disposed", "derivations_no_delete"):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text(statement))
        (failure,) = case_failures(session, number)
        assert failure.kind == "row-changed"
        session.rollback()


def test_derivatives_go_along_in_a_package_and_are_known_where_they_come_to(
    house: House, number: str, tmp_path: Path
) -> None:
    package = tmp_path / "paquete"
    write_package(export_cases(house, [number], "archivo"), package)
    other = open_demo_house(tmp_path, Clock())
    assert isinstance(import_package(other, package, "archivo"), Imported)
    with other.database.transaction() as session:
        assert list(case_failures(session, number)) == []
        before = {(row.kind, row.sha256) for row in session.scalars(select(DocumentRow))}
    assert queue_missing_derivatives(other) == 1
    derive_case(other, number)
    with other.database.transaction() as session:
        assert list(case_failures(session, number)) == []
        # The same originals make the same copies, so nothing stands there twice.
        assert {(row.kind, row.sha256) for row in session.scalars(select(DocumentRow))} == before
    (found,) = find_documents(other, f"tramite:{number} tipo:derivative", "archivo")
    assert found.name == "01 solicitud.pdfa.pdf"
