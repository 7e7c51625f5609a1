"""A scan of many cases becomes many cases: each request with its own papers, nobody's papers set apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from forms.register import find_form
from operations.casework import Refusal
from operations.demonstration_data import request_values
from operations.house import House
from operations.issuing import Issued, issue_form
from operations.reading import read_case
from operations.reception import HandedIn, receive_again
from operations.regenerating import regenerate_case
from operations.returning import send_back
from operations.verification import verify_archive, verify_audit
from operations.window import CaseView, open_cases, view_case
from tests.operations_samples import (
    Clock,
    accepted,
    hand_in,
    issue_request,
    open_demo_house,
    state_of,
)

OTHER = {
    "ruc": "1760004650001",
    "business_name": "OTRO EMPLEADOR",
    "representative_id": "2400000010",
    "representative_name": "Otra Persona",
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_demo_house(tmp_path, Clock())
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def issue_authorization(house: House, **changes: str) -> Issued:
    request = request_values(house)
    values = {
        "ruc": request["ruc"],
        "branch": request["branch"],
        "business_name": request["business_name"],
        "grantor_name": request["representative_name"],
        "grantor_id_kind": "cedula",
        "grantor_id": request["representative_id"],
        "authorized_name": "Tercera Persona",
        "authorized_id_kind": "cedula",
        "authorized_id": "0100000017",
        "procedure": "Regeneración de planillas de aportes",
        "valid_from": request["date"],
        "valid_until": request["date"],
        "place": "Quito",
        "date": request["date"],
    }
    form = find_form("third-party-authorization")
    assert form is not None
    issued = issue_form(house, form.current, values | changes, "prueba")
    assert isinstance(issued, Issued), issued
    return issued


def foreign_page(text: str) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for line in range(30):
        canvas.drawString(72, 780 - 20 * line, f"{text} {line}")
    canvas.save()
    return buffer.getvalue()


def blank_page() -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def stack(papers: Sequence[bytes]) -> bytes:
    """One scan of all the papers, in their order."""
    writer = PdfWriter()
    for paper in papers:
        for page in PdfReader(BytesIO(paper)).pages:
            writer.add_page(page)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def read_all(house: House, *papers: bytes) -> list[CaseView]:
    number = hand_in(house, ("lote.pdf", stack(papers)))
    read_case(house, number)
    return [view_case(house, case.number, "prueba") for case in reversed(open_cases(house))]


def documents_of(view: CaseView) -> list[str | None]:
    assert view.reading is not None
    return [d.document if isinstance(d.document, str) else None for d in view.reading.documents]


def test_each_request_of_a_stack_is_a_case_with_its_own_papers(house: House) -> None:
    one, two = issue_request(house), issue_request(house, period="2026-09", sheet_number="")
    three = issue_request(house, **OTHER)
    allows_three = issue_authorization(
        house, ruc=OTHER["ruc"], grantor_id=OTHER["representative_id"], business_name=OTHER["business_name"]
    )
    papers = (
        foreign_page("de nadie"),
        one.pdf,
        blank_page(),
        foreign_page("anexo de uno"),
        allows_three.pdf,
        two.pdf,
        three.pdf,
        foreign_page("anexo de tres"),
    )
    first, second, third = read_all(house, *papers)
    assert documents_of(first) == [None, one.document, None]
    assert documents_of(second) == [two.document]
    assert documents_of(third) == [allows_three.document, three.document, None]
    assert first.reading is not None
    told = {
        document.pages[0].page: [each.code for each in document.problems]
        for document in first.reading.documents
    }
    assert "DOCUMENT_UNCLAIMED" in told[1]
    assert "DOCUMENT_UNCLAIMED" not in told[4]
    assert [view.state.value for view in (first, second, third)] == ["in-review"] * 3
    assert [view.case.answers["employer-request"]["period"] for view in (first, second, third)] == [
        "2026-10",
        "2026-09",
        "2026-10",
    ]
    for view in (first, second, third):
        assert [row.sha256 for row in view.documents if row.kind == "original"] == [first.documents[0].sha256]
        assert view.case.received_at == first.case.received_at
    assert {view.case.number for view in (second, third)} == set(first.siblings)
    assert second.siblings == (first.case.number,)
    kinds = sorted(row.kind for row in second.documents)
    assert kinds == ["original", "page-overlay", "page-straight", "reception-receipt"]
    assert verify_archive(house)[1] == []
    assert verify_audit(house).first_broken is None


def test_a_case_of_a_stack_goes_its_own_way(house: House) -> None:
    papers = [issue_request(house, **OTHER).pdf, issue_request(house).pdf]
    _, second = read_all(house, *papers)
    number = second.case.number
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert verify_archive(house)[1] == []


def test_reading_again_gives_no_case_twice(house: House) -> None:
    papers = [issue_request(house, **OTHER).pdf, issue_request(house).pdf, issue_request(house).pdf]
    first, second, _third = read_all(house, *papers)
    for view in (first, second):
        number, before = view.case.number, documents_of(view)
        assert send_back(house, number, "Falta un anexo.", "ventanilla") == ()
        more = [HandedIn("lote.pdf", [foreign_page("lo que faltaba")])]
        assert not isinstance(receive_again(house, number, more, "ventanilla"), Refusal)
        read_case(house, number)
        assert documents_of(view_case(house, number, "prueba")) == [*before, None]
    assert len(open_cases(house)) == 3
    assert verify_archive(house)[1] == []


def test_a_page_of_a_request_scanned_far_from_the_others_still_belongs_to_it(house: House) -> None:
    one, two = issue_request(house), issue_request(house, **OTHER)
    first, second = read_all(house, one.pdf, two.pdf, one.pdf)
    assert documents_of(first) == [one.document]
    assert documents_of(second) == [two.document]
    assert first.reading is not None
    assert "PAGE_DUPLICATE" in [found.code for found in first.reading.documents[0].problems]
