"""Papers that anybody asks about: what is called good, and that asking keeps nobody else waiting."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from click.testing import CliRunner
from digital_samples import drawn_over, patch_at
from litestar import Litestar
from litestar.testing import TestClient
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update

from cli.main import program
from forms.geometry import Box
from forms.personal import mask_ruc
from forms.register import find_form
from generators.paper.files import encode
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from operations.demonstration_data import RUC
from operations.house import House
from operations.paper_verification import VerifiedPaper, look_up_paper, verify_file
from operations.regenerating import regenerate_case
from operations.visitor_papers import PLACES, admit_visitor, visitor_limits
from storage.schema import IssuedRow
from tests.operations_samples import Clock, accepted, issue_request, received_and_read
from web.application import make_application

STRANGER = "203.0.113.7"


@pytest.fixture
def application(house: House) -> Litestar:
    return make_application(house)


@pytest.fixture
def browser(application: Litestar) -> Iterator[TestClient[Any]]:
    with TestClient(application) as client:
        client.get("/verificar")
        client.headers["x-csrftoken"] = client.cookies["csrftoken"]
        yield client


def the_paper(house: House, data: bytes, name: str = "papel.pdf") -> VerifiedPaper:
    (paper,) = verify_file(house, name, data).papers
    return paper


def codes_of(paper: VerifiedPaper) -> list[str]:
    return [found.code for found in paper.problems]


def set_state(house: House, document: str, state: str) -> None:
    with house.database.transaction() as session:
        session.execute(update(IssuedRow).where(IssuedRow.document == document).values(state=state))


@pytest.fixture
def sheet(house: House) -> bytes:
    """The PDF of a sheet that was rebuilt."""
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    with house.database.reading() as session:
        query = select(IssuedRow.pdf).where(IssuedRow.case_number == number, IssuedRow.form == "sheet")
        found = session.scalars(query).one()
    return house.blobs.get(found)


def on_paper(pdf: bytes) -> bytes:
    """A page printed and scanned, signed by nobody."""
    seen = scan(print_page(pdf), Scanner(dpi=200), np.random.default_rng(4))
    return encode([seen], "pdf", 200, 80)


def written_over(pdf: bytes, words: str) -> bytes:
    """The file after somebody laid a white box and other words on its first page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(440, 500, 120, 20, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(450, 505, words)
    canvas.save()
    with pikepdf.open(BytesIO(pdf)) as changed, pikepdf.open(BytesIO(buffer.getvalue())) as layer:
        changed.pages[0].add_overlay(layer.pages[0])
        out = BytesIO()
        changed.save(out)
        return out.getvalue()


def saved_again(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as same:
        out = BytesIO()
        same.save(out, compress_streams=False)
        return out.getvalue()


def test_of_two_copies_in_one_file_it_is_told_that_they_differ(house: House) -> None:
    issued = issue_request(house)
    buffer = BytesIO()
    form = find_form("employer-request")
    assert form is not None
    box = form.current.field("ruc").box
    covered = drawn_over(issued.pdf, patch_at(Box(box.x + 0.6, box.y + 0.6, 8, box.height - 1.2)))
    with pikepdf.open(BytesIO(issued.pdf)) as good, pikepdf.open(BytesIO(covered)) as other:
        good.pages.append(other.pages[0])
        good.save(buffer)
    paper = the_paper(house, buffer.getvalue())
    assert paper.verdict != "good"
    assert "COPIES_DIFFER" in codes_of(paper)


def test_a_paper_with_the_small_code_of_another_is_not_called_good(house: House) -> None:
    issued, other = issue_request(house), issue_request(house)
    form = find_form("employer-request")
    assert form is not None
    sheet, source = print_page(issued.pdf), print_page(other.pdf)
    image = sheet.image.copy()
    place = sheet.area(form.current.frame.small_seal)
    image[place] = source.image[place]
    seen = scan(sheet.showing(image), Scanner(dpi=200), np.random.default_rng(4))
    paper = the_paper(house, encode([seen], "pdf", 200, 80))
    assert paper.verdict == "bad"
    assert "CODES_DISAGREE" in codes_of(paper)


@pytest.mark.parametrize("state", ["used", "replaced", "revoked"])
@pytest.mark.parametrize("way", ["file", "scan", "code"])
def test_a_paper_that_is_no_longer_current_is_not_green(
    house: House, browser: TestClient[Any], state: str, way: str
) -> None:
    issued = issue_request(house)
    set_state(house, issued.document, state)
    if way == "code":
        page = browser.get(f"/verificar?codigo={issued.document}").text
    else:
        data = issued.pdf if way == "file" else on_paper(issued.pdf)
        page = browser.post("/verificar", files={"archivo": ("a.pdf", data)}).text
    assert issued.document in page
    assert "notice good" not in page
    assert f"PAPER_{state.upper()}" in page


def test_a_current_paper_is_green_and_says_for_which_ruc(house: House, browser: TestClient[Any]) -> None:
    issued = issue_request(house)
    page = browser.post("/verificar", files={"archivo": ("a.pdf", issued.pdf)}).text
    assert "notice good" in page
    assert "Es el mismo archivo que se emitió" in page
    assert RUC in page
    assert RUC in browser.get(f"/verificar?codigo={issued.document}").text
    paper = the_paper(house, on_paper(issued.pdf))
    assert (paper.compared, paper.status, paper.differences) == ("values", "current", ())


def test_the_ruc_of_a_person_stays_masked() -> None:
    assert mask_ruc("1712345675001") == "•••••••675001"
    assert mask_ruc("1790010937001") == "1790010937001"
    assert mask_ruc("1760004650001") == "1760004650001"
    assert mask_ruc("") == ""


def test_a_sheet_that_was_written_over_is_not_green(
    house: House, browser: TestClient[Any], sheet: bytes
) -> None:
    assert the_paper(house, sheet).verdict == "good"
    forged = written_over(sheet, "9.999,99")
    paper = the_paper(house, forged)
    assert (paper.seal, paper.compared, paper.verdict) == ("valid", "text", "bad")
    assert codes_of(paper) == ["PAPER_ALTERED"]
    assert paper.differences[0].seen == "9.999,99"
    page = browser.post("/verificar", files={"archivo": ("a.pdf", forged)}).text
    assert "notice good" not in page
    assert "PAPER_ALTERED" in page


def test_a_sheet_of_which_the_print_was_not_compared_says_so(
    house: House, browser: TestClient[Any], sheet: bytes
) -> None:
    again = the_paper(house, saved_again(sheet))
    assert (again.compared, again.verdict, codes_of(again)) == ("text", "caution", ["PAPER_OTHER_FILE"])
    scanned = on_paper(sheet)
    paper = the_paper(house, scanned)
    assert (paper.compared, paper.verdict, codes_of(paper)) == ("seal", "caution", ["PAPER_NOT_COMPARED"])
    page = browser.post("/verificar", files={"archivo": ("a.pdf", scanned)}).text
    assert "notice good" not in page
    facts = dict(paper.facts)
    assert facts["Planilla N.º"] in page
    assert facts["Valor total (US$)"] in page, "what the paper must say, for people to compare"
    known = look_up_paper(house, paper.document)
    assert known is not None
    assert known.facts == paper.facts


def test_the_command_says_the_same(house: House, sheet: bytes, tmp_path: Path) -> None:
    run = CliRunner(env={"VENTANILLA_DATA_DIR": str(house.settings.data_dir)})
    for name, data, code, verdict in (
        ("ours.pdf", sheet, 0, "good"),
        ("forged.pdf", written_over(sheet, "9.999,99"), 1, "bad"),
        ("paper.pdf", on_paper(sheet), 0, "caution"),
    ):
        (tmp_path / name).write_bytes(data)
        done = run.invoke(program, ["verify", str(tmp_path / name), "--json"])
        (told,) = json.loads(done.stdout)["documents"]
        assert (done.exit_code, told["verdict"]) == (code, verdict), name
        assert bool(told["differences"]) == (name == "forged.pdf")
    issued = issue_request(house)
    set_state(house, issued.document, "revoked")
    (tmp_path / "revoked.pdf").write_bytes(issued.pdf)
    assert run.invoke(program, ["verify", str(tmp_path / "revoked.pdf")]).exit_code == 1


def test_while_papers_are_looked_at_everybody_else_is_served(
    house: House, application: Litestar, browser: TestClient[Any]
) -> None:
    issued = issue_request(house)
    go_on = threading.Event()
    under_way = [application.state.visitors.begin(go_on.wait) for _ in range(PLACES)]
    assert all(under_way)
    try:
        with ThreadPoolExecutor(12) as crowd:
            asked = [
                crowd.submit(browser.post, "/verificar", files={"archivo": ("a.pdf", issued.pdf)})
                for _ in range(12)
            ]
            for path in (
                "/salud/listo",
                "/salud/vivo",
                "/",
                "/turnos",
                f"/verificar?codigo={issued.document}",
            ):
                assert browser.get(path).status_code == 200, path
            answers = [each.result(timeout=30) for each in asked]
        for answer in answers:
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert "VERIFICATION_BUSY" in answer.text
            assert "vuelva a intentar en un momento" in answer.text
    finally:
        go_on.set()
    for place in under_way:
        place.result(timeout=30)
    assert browser.post("/verificar", files={"archivo": ("a.pdf", issued.pdf)}).status_code == 200


def test_a_crowd_of_scans_never_takes_more_than_its_places(house: House, browser: TestClient[Any]) -> None:
    scanned = on_paper(issue_request(house).pdf)
    with ThreadPoolExecutor(8) as crowd:
        asked = [
            crowd.submit(browser.post, "/verificar", files={"archivo": ("a.pdf", scanned)}) for _ in range(8)
        ]
        assert browser.get("/salud/listo").status_code == 200
        states = [each.result(timeout=120).status_code for each in asked]
    assert set(states) == {200, 503}, states


def test_one_address_may_not_ask_without_end(house: House, clock: Clock) -> None:
    told = [admit_visitor(house, STRANGER) for _ in range(40)]
    assert told[0] is None
    assert told[-1] is not None
    assert told[-1].code == "VERIFICATION_OFTEN"
    assert admit_visitor(house, "198.51.100.9") is None, "nobody else waits"
    clock.pass_time(minutes=11)
    assert admit_visitor(house, STRANGER) is None
    for last in range(40):
        told.append(admit_visitor(house, f"2001:db8::{last:x}"))
    assert told[-1] is not None, "one subscriber has 2^64 addresses"


def test_a_stranger_whose_turns_are_used_up_is_told_kindly(house: House, browser: TestClient[Any]) -> None:
    answers = [browser.post("/verificar", files={"archivo": ("a.pdf", b"%PDF-")}) for _ in range(31)]
    assert answers[-1].status_code == 429
    assert "VERIFICATION_OFTEN" in answers[-1].text
    assert answers[0].status_code == 200


def test_a_strangers_file_has_narrow_bounds(house: House, browser: TestClient[Any]) -> None:
    limits = visitor_limits(house)
    assert (limits.pages, limits.seconds) <= (5, 30)
    with pikepdf.new() as many:
        for _ in range(limits.pages + 1):
            many.add_blank_page()
        out = BytesIO()
        many.save(out)
    page = browser.post("/verificar", files={"archivo": ("a.pdf", out.getvalue())})
    assert "FILE_TOO_MANY_PAGES" in page.text
    large = browser.post("/verificar", files={"archivo": ("a.pdf", bytes(20_000_000))})
    assert large.status_code == 413
