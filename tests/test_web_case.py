"""Cases at the window in a real browser: by keys alone, with a third party, a foreigner, an altered paper, no
signature, a letter, a paid sheet, annulments of yesterday, a line that breaks, and two people at once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from bench.annex_material import COPIES
from bench.forging import forge_digit
from bench.letter_facts import Facts, random_facts
from bench.letter_manners.plain import table
from bench.letter_material import letter_from, random_letter
from bench.material import Paper
from forms.register import find_form
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from operations.demonstration import sign_and_scan
from operations.demonstration_data import FOREIGN_RUC, FOREIGNER, request_values, seed_demonstration
from operations.house import House, open_house
from operations.issuing import Issued, issue_form
from operations.settings import Settings
from storage.schema import CaseRow, ReceiptRow
from tests.breaking_line import breaking_line
from tests.browser_fixtures import accessibility_faults, enter, leave, running_desk, running_service
from tests.operations_samples import Clock, issue_request
from tests.test_reading_letters_of_several_pages import begins, ends
from tests.test_reading_letters_of_several_pages import page as letter_page

THIRD: Final = ("0100000017", "Rosa Elena Chimbo Andi")
FOREIGN: Final = {
    "ruc": FOREIGN_RUC,
    "business_name": "FLORES DEL VALLE CÍA. LTDA.",
    "representative_name": FOREIGNER[1],
    "representative_id_kind": "foreigner-code",
    "representative_id": FOREIGNER[0],
}
MOST_KEYS: Final = 6


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, House]]:
    """A service whose demonstration was seeded today, and its house, with which papers are issued."""
    folder = tmp_path_factory.mktemp("case") / "data"
    with running_desk(folder) as desk:
        yield desk


@pytest.fixture(scope="module")
def service(desk: tuple[str, House]) -> str:
    return desk[0]


@pytest.fixture(scope="module")
def house(desk: tuple[str, House]) -> House:
    return desk[1]


def signed(pdf: bytes, form_name: str = "employer-request", seed: int = 3) -> bytes:
    """A printed page signed with a pen and scanned, as a PDF of one page."""
    form = find_form(form_name)
    assert form is not None
    random = np.random.default_rng(seed)
    sheet = sign(print_page(pdf), form.current.signature_fields[0].box, random)
    return encode([scan(sheet, Scanner(dpi=200, rotation_deg=0.7), random)], "pdf", 200, 70)


def together(*scans: bytes) -> bytes:
    """One scan of several pages."""
    writer = PdfWriter()
    for each in scans:
        writer.append(PdfReader(io.BytesIO(each)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def authorization(house: House, seed: int = 3) -> bytes:
    request = request_values(house)
    form = find_form("third-party-authorization")
    assert form is not None
    values = {
        "ruc": request["ruc"],
        "branch": request["branch"],
        "business_name": request["business_name"],
        "grantor_name": request["representative_name"],
        "grantor_id_kind": "cedula",
        "grantor_id": request["representative_id"],
        "authorized_name": THIRD[1],
        "authorized_id_kind": "cedula",
        "authorized_id": THIRD[0],
        "procedure": "Regeneración de planillas de aportes",
        "valid_from": request["date"],
        "valid_until": request["date"],
        "place": "Quito",
        "date": request["date"],
    }
    issued = issue_form(house, form.current, values, "prueba")
    assert isinstance(issued, Issued), issued
    return signed(issued.pdf, form.name, seed)


def drop(page: Any, *files: tuple[str, bytes]) -> None:
    """Choose files at the desk, as dropping them there does; the button to receive has the focus then."""
    page.goto("/ventanilla")
    chosen = [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in files]
    page.set_input_files("#archivos", chosen)
    page.wait_for_selector("#envios .state:has-text('enviado')")


def receive(page: Any, *files: tuple[str, bytes]) -> str:
    drop(page, *files)
    page.click("#recibir")
    page.wait_for_selector("#estado:has-text('En revisión')")
    page.wait_for_load_state()
    return str(page.inner_text("h1 .mono"))


def settle(page: Any) -> None:
    """Confirm what is doubtful as it stands."""
    while page.locator(".doubt").count():
        page.locator(".doubt").last.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")


def attest(page: Any, *acts: str) -> None:
    for act in acts:
        page.check(f"#fe input[name={act}]")
    with page.expect_navigation():
        page.click("#decision button")


def state(page: Any) -> str:
    return str(page.inner_text("#estado"))


def test_a_clean_case_takes_six_keys_after_the_files_are_dropped(page: Any, house: House) -> None:
    """Two pages, the request and an authorization that came along, from the drop to the archive."""
    enter(page, "ventanilla")
    scans = together(signed(issue_request(house).pdf, seed=21), authorization(house, seed=22))
    drop(page, ("dos páginas.pdf", scans))
    pressed: list[str] = []

    def press(key: str) -> None:
        page.keyboard.press(key)
        pressed.append(key)

    press("Enter")
    page.wait_for_selector("#estado:has-text('En revisión')")
    page.wait_for_selector("#fe input:focus")
    expect(page.locator(".doubt"), "the scan is clean").to_have_count(0)
    assert accessibility_faults(page) == []
    press("1")
    press("3")  # 2 is the authorization's, and the representative is here
    expect(page.locator("#fe input[name=signature]:checked")).to_have_count(1)
    press("Enter")
    page.wait_for_selector("#estado:has-text('Archivado')")
    assert len(pressed) <= MOST_KEYS, pressed
    expect(page.locator(".check.altered")).to_have_count(0)
    expect(page.locator("table.compared tbody tr").nth(2)).to_be_attached()
    expect(page.locator("a:has-text('Constancia de recepción')")).to_have_count(1)
    assert accessibility_faults(page) == []


def test_the_review_goes_by_keys_and_says_which(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    scans = together(signed(issue_request(house).pdf, seed=23), authorization(house, seed=24))
    receive(page, ("dos.pdf", scans))
    page.wait_for_selector("#fe input:focus")
    page.keyboard.press("?")
    expect(page.locator("dialog#teclas[open]")).to_have_count(1)
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("F2")
    assert page.evaluate("document.activeElement.id") == "visor"
    width = page.locator("[data-page]").first.bounding_box()["width"]
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert page.locator("[data-page]").first.bounding_box()["width"] > 1.8 * width
    page.keyboard.press("-")
    page.keyboard.press("r")
    assert page.locator("[data-page] svg").first.get_attribute("viewBox") == "0 0 297 210"
    page.keyboard.press("n")
    assert page.inner_text("#visor-lugar") == "Página 2 de 2"
    page.keyboard.press("p")
    assert page.inner_text("#visor-lugar") == "Página 1 de 2"
    page.keyboard.press("d")
    page.wait_for_selector("image.evidence[href]", state="attached")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('#fe') !== null")


def test_a_third_party_needs_the_authorization_seen(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    receive(page, ("solicitud.pdf", signed(issue_request(house).pdf)), ("carta.pdf", authorization(house)))
    settle(page)
    page.check(f"input[name=presenta][value='{THIRD[0]}']")
    attest(page, "identity", "signature")
    assert "¿La autorización original está vigente y coincide" in page.inner_text("[role=alert]")
    assert page.is_checked(f"input[name=presenta][value='{THIRD[0]}']")
    assert page.is_checked("#fe input[name=identity]"), "what was seen stands"
    attest(page, "authorization")
    expect(page.locator("text=Autorización original vigente")).to_have_count(0)


def test_a_foreigner_needs_the_copy(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    receive(page, ("solicitud.pdf", signed(issue_request(house, **FOREIGN).pdf)))
    settle(page)
    expect(page.locator("#fe input")).to_have_count(3)
    attest(page, "identity", "signature")
    assert "copia" in page.inner_text("[role=alert]")


def copy_of(kind: str) -> bytes:
    """A copy of an identity document as it lies in the scanner."""
    random = np.random.default_rng(8)
    sheet = print_page(COPIES[kind][0](random))
    return encode([scan(sheet, Scanner(dpi=200, rotation_deg=0.7), random)], "pdf", 200, 70)


def test_a_foreigners_copy_is_found_and_the_clerk_still_says_so(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    request = signed(issue_request(house, **FOREIGN).pdf)
    receive(page, ("pedido.pdf", together(request, copy_of("passport"))))
    assert "parece la copia del documento de una persona extranjera" in page.inner_text("#visor")
    settle(page)
    assert "página 2 de «pedido.pdf»" in page.inner_text("#fe")
    assert not page.is_checked("#fe input[name=id-copy]"), "nobody said that the copy is the right one"
    assert accessibility_faults(page) == []


def test_a_cedula_copy_that_nobody_asked_for_is_covered(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    receive(page, ("pedido.pdf", together(signed(issue_request(house).pdf), copy_of("cedula"))))
    assert "que este trámite no pide" in page.inner_text("#visor")
    covered = page.locator("#visor details")
    expect(covered).to_have_count(1)
    assert not covered.locator("img").is_visible()
    covered.locator("summary").click()
    covered.locator("img").wait_for(state="visible")
    expect(page.locator("#fe input"), "the copy asks for nothing").to_have_count(2)
    assert accessibility_faults(page) == []


def test_an_altered_paper_goes_to_the_supervisor(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    issued = issue_request(house)
    form = find_form("employer-request")
    assert form is not None
    random = np.random.default_rng(1)
    sheet = sign(print_page(issued.pdf), form.current.signature_fields[0].box, random)
    paper = Paper(form.current, request_values(house), sheet, True, issued.pdf)
    forged, _ = forge_digit(paper, "representative_id", random)
    scanned = encode([scan(forged.sheet, Scanner(dpi=200), random)], "pdf", 200, 75)
    number = receive(page, ("alterada.pdf", scanned))
    expect(page.locator(".both"), "printed and sealed stand side by side").to_have_count(1)
    assert accessibility_faults(page) == []
    settle(page)
    attest(page, "identity", "signature")
    assert "otra persona" in page.inner_text("[role=alert]")
    leave(page)
    enter(page, "supervision")
    page.click("nav >> text=Supervisión")
    row = page.locator("tr", has_text=number)
    assert "Número de cédula o código" in row.inner_text()
    assert accessibility_faults(page) == []
    row.locator("a").click()
    assert "Distinto de lo sellado" not in page.inner_text("main"), "the sealed value is what was kept"
    shown = [cell.inner_text() for cell in page.locator("section[aria-labelledby=distinto] td.mono").all()]
    assert shown[0] == request_values(house)["representative_id"] != shown[1]
    with page.expect_navigation():
        page.click("text=Confirmo que vale lo sellado")
    attest(page)
    expect(page.locator("[role=alert]:has-text('otra persona')")).to_have_count(0)


def test_without_a_signature_the_case_is_returned_with_a_notice(page: Any, house: House) -> None:
    enter(page, "ventanilla")
    random = np.random.default_rng(2)
    unsigned = scan(print_page(issue_request(house).pdf), Scanner(dpi=200), random)
    number = receive(page, ("sin firma.pdf", encode([unsigned], "pdf", 200, 75)))
    assert page.is_checked("input[name=falta_missing_signature]"), "proposed, the clerk decides"
    page.fill("#motivo", "Falta la firma del representante.")
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")
    assert state(page) == "Devuelto para completar"
    expect(page.locator("text=Puede completarse hasta el")).to_have_count(1)
    assert accessibility_faults(page) == []
    notice = page.locator("a:has-text('Notificación para completar')").first.get_attribute("href")
    answer = page.request.get(notice)
    assert (answer.headers["content-type"], answer.body()[:5]) == ("application/pdf", b"%PDF-")
    assert "inline" in answer.headers["content-disposition"]
    with house.database.reading() as session:
        assert session.get_one(CaseRow, number).state == "returned"


def test_what_was_missing_comes_over_a_line_that_breaks(
    page: Any, chromium: Any, service: str, house: House
) -> None:
    enter(page, "ventanilla")
    number = receive(page, ("otra cosa.pdf", b"%PDF-1.7\nx"))
    page.fill("#motivo", "Falta la solicitud.")
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")
    noise = b"%PDF-1.7\n" + np.random.default_rng(5).bytes(2_500_000)
    with breaking_line(service) as line:
        context = chromium.new_context(base_url=line.address, locale="es-EC")
        other = context.new_page()
        enter(other, "ventanilla")
        other.goto(f"/ventanilla/tramites/{number}")
        line.cuts = [150_000, 400_000]
        chosen = [
            ("solicitud.pdf", signed(issue_request(house).pdf)),
            ("anexo.pdf", noise),
        ]
        files = [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in chosen]
        other.set_input_files("#archivos", files)
        other.click("#recibir")
        other.wait_for_selector("#estado:has-text('En revisión')", timeout=60_000)
        assert line.cut == 2
        expect(other.locator("text=03 anexo.pdf")).to_have_count(1)
        expect(other.locator("rect.field").nth(13)).to_be_attached()
        context.close()


def test_a_letter_is_reviewed_with_its_crops(page: Any, house: House) -> None:
    values = {name: value for name, value in request_values(house).items() if name != "petition"}
    facts = Facts(values, np.random.default_rng(2), house.today(), "porque no constó un aviso de entrada")
    letter = letter_from(facts, table, "LiberationSans-Regular")
    random = np.random.default_rng(3)
    sheet = sign(print_page(letter.pdf), letter.signature, random)
    data = encode([scan(sheet, Scanner(dpi=200, rotation_deg=0.4), random)], "jpeg", 200)
    enter(page, "ventanilla")
    receive(page, ("carta.jpg", data))
    expect(page.locator(".doubt")).not_to_have_count(0)
    expect(page.locator(".doubt:focus"), "the first doubt has the focus").to_have_count(1)
    expect(page.locator(".value .crop")).not_to_have_count(0)
    expect(page.locator(".known"), "the register's values stand beside").not_to_have_count(0)
    assert accessibility_faults(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_a_value_on_a_letters_second_page_is_shown_there(page: Any, house: House) -> None:
    told = random_facts(np.random.default_rng(4))
    scans = encode([letter_page(begins, told), letter_page(ends, told)], "pdf", 200)
    enter(page, "ventanilla")
    receive(page, ("carta.pdf", scans))
    assert page.inner_text("#visor-lugar") == "Página 1 de 2"
    page.locator("[data-field$='.email']").first.focus()
    assert page.inner_text("#visor-lugar") == "Página 2 de 2"
    shown = page.locator("[data-page]").nth(1)
    expect(shown.locator("rect.active")).to_have_count(1)


def test_of_two_people_the_second_sees_what_the_first_did(
    page: Any, chromium: Any, service: str, house: House
) -> None:
    enter(page, "ventanilla")
    number = receive(page, ("s.pdf", signed(issue_request(house).pdf)))
    settle(page)
    context = chromium.new_context(base_url=service, locale="es-EC")
    other = context.new_page()
    enter(other, "supervision")
    other.goto(f"/ventanilla/tramites/{number}")
    page.click("#otra-decision summary")
    page.fill("#motivo", "Falta la cédula.")
    with page.expect_navigation():
        page.click("text=Devolver para completar >> nth=-1")
    other.click("#otra-decision summary")
    other.fill("#motivo", "No corresponde.")
    with other.expect_navigation():
        other.click("text=Rechazar >> nth=-1")
    alert = other.inner_text("[role=alert]")
    for told in ("Otra persona cambió este trámite", "ventanilla: Devuelve la solicitud", "No corresponde."):
        assert told in alert, alert
    assert state(other) == "Devuelto para completar"
    assert accessibility_faults(other) == []
    context.close()


Prepared = Callable[[House], None]


def paid(house: House) -> None:
    with house.database.transaction() as session:
        for row in session.scalars(select(ReceiptRow)):
            row.state, row.annulled_at = "cancelled", None


def yesterday(_house: House) -> None:
    """Nothing: the demonstration of yesterday annulled its receipts yesterday."""


@pytest.mark.parametrize(
    ("prepare", "told"),
    [(paid, "no está pagada"), (yesterday, "El orden que pide el trámite, todo el mismo día")],
    ids=["paid sheet", "receipts annulled yesterday"],
)
def test_a_condition_that_fails_is_shown_with_what_to_do(
    chromium: Any, tmp_path: Path, prepare: Prepared, told: str
) -> None:
    house = open_house(Settings(data_dir=tmp_path / "data"), Clock(datetime.now(UTC) - timedelta(days=1)))
    seed_demonstration(house)
    prepare(house)
    scanned = sign_and_scan(issue_request(house).pdf, 3)
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    with running_service(house.settings.data_dir) as (address, _):
        context = chromium.new_context(base_url=address, locale="es-EC")
        page = context.new_page()
        enter(page, "ventanilla")
        receive(page, ("s.pdf", scanned))
        settle(page)
        attest(page, "identity", "signature")
        page.wait_for_selector("#estado:has-text('Condiciones sin cumplir')")
        expect(page.locator(f".check.altered:has-text('{told}'), #pasos")).not_to_have_count(0)
        expect(page.locator(".check.confirmed").nth(3), "what is met is green").to_be_attached()
        assert accessibility_faults(page) == []
        context.close()


def test_many_doubts_are_told_once_and_a_long_text_is_shown_whole(page: Any) -> None:
    letter = random_letter(np.random.default_rng(8), (table,))
    enter(page, "ventanilla")
    random = np.random.default_rng(9)
    sheet = sign(print_page(letter.pdf), letter.signature, random)
    receive(page, ("carta.jpg", encode([scan(sheet, Scanner(dpi=200, blur_px=0.35), random)], "jpeg", 200)))
    notices = page.locator(".notice", has_text="no se pudieron leer con seguridad")
    expect(notices).to_have_count(1)
    expect(page.locator(".notice", has_text="No se pudo leer con seguridad el dato")).to_have_count(0)
    area = page.locator("textarea.doubt").first
    assert area.evaluate("area => area.scrollHeight <= area.clientHeight + 2"), "nothing to scroll"
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1366, "height": 768})
    settle(page)
    assert accessibility_faults(page) == []
