"""A request whose petition goes on: issued, read, missed when it did not come, accepted with it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from forms.catalog.request_continuation import CONTINUED
from intake.readings import BatchReading
from operations.house import House
from operations.issuing import issued_pdf
from operations.reading import read_case
from operations.reception import HandedIn, receive_again
from operations.returning import send_back
from operations.review import answering
from operations.window import open_cases, view_case
from tests.operations_samples import (
    Clock,
    accepted,
    hand_in,
    issue_request,
    open_demo_house,
    received_and_read,
    state_of,
)

LONG = "El aviso de salida de la trabajadora se registró con otra fecha, como consta en el portal. " * 12


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_demo_house(tmp_path, Clock())
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def pages_of(pdf: bytes) -> list[bytes]:
    pages = []
    for page in PdfReader(BytesIO(pdf)).pages:
        writer = PdfWriter()
        writer.add_page(page)
        out = BytesIO()
        writer.write(out)
        pages.append(out.getvalue())
    return pages


def problems_of(house: House, number: str) -> list[str]:
    reading = view_case(house, number, "prueba").reading
    assert reading is not None
    return [found.code for document in reading.documents for found in document.problems]


def test_both_sheets_are_one_file_and_two_documents(house: House) -> None:
    issued = issue_request(house, petition=LONG)
    assert issued.continuation is not None
    assert len(pages_of(issued.pdf)) == 2
    assert issued_pdf(house, issued.document, "prueba") == issued.pdf
    assert issued_pdf(house, issued.continuation, "prueba") == issued.pdf
    assert issue_request(house).continuation is None


def test_a_request_with_its_continuation_is_accepted(house: House) -> None:
    issued = issue_request(house, petition=LONG)
    number = received_and_read(house, ("solicitud.pdf", issued.pdf))
    assert "CONTINUATION_MISSING" not in problems_of(house, number)
    answers = view_case(house, number, "prueba").case.answers
    first = answers["employer-request"]["petition"]
    assert first.endswith(f"(Continúa en la hoja {issued.continuation}.)")
    said = first.rsplit("\n", 1)[0].split() + answers["request-continuation"][CONTINUED].split()
    assert said == LONG.split()
    assert accepted(house, number) == ()


def test_a_request_without_its_continuation_waits_for_it(house: House) -> None:
    issued = issue_request(house, petition=LONG)
    request, continuation = pages_of(issued.pdf)
    number = received_and_read(house, ("solicitud.pdf", request))
    assert "CONTINUATION_MISSING" in problems_of(house, number)
    assert accepted(house, number) == ("CONTINUATION_MISSING",)
    assert state_of(house, number) == "in-review"
    send_back(house, number, "Falta la hoja de continuación.", "ventanilla")
    receive_again(house, number, [HandedIn("continuación.pdf", [continuation])], "ventanilla")
    read_case(house, number)
    assert "CONTINUATION_MISSING" not in problems_of(house, number)
    assert accepted(house, number) == ()


def test_another_requests_continuation_is_not_this_ones(house: House) -> None:
    one, two = issue_request(house, petition=LONG), issue_request(house, petition=LONG, place="Ambato")
    number = received_and_read(house, ("una.pdf", pages_of(one.pdf)[0]), ("otra.pdf", pages_of(two.pdf)[1]))
    assert "CONTINUATION_MISSING" in problems_of(house, number)
    assert accepted(house, number) == ("CONTINUATION_MISSING",)


def test_values_of_a_new_request_go_on_in_its_own_sheet_only(house: House) -> None:
    old, new, short = (
        issue_request(house, petition=LONG),
        issue_request(house, petition=LONG, place="Ambato"),
        issue_request(house, place="Loja"),
    )
    readings = [read_of(house, issued.pdf) for issued in (old, new, short)]

    def answer(*papers: BatchReading) -> set[object]:
        documents = tuple(document for each in papers for document in each.documents)
        return {each.document for each in answering(BatchReading((), documents))}

    assert answer(readings[0], readings[1]) == {new.document, new.continuation}
    assert answer(readings[1], readings[0]) == {old.document, old.continuation}
    assert answer(readings[0], readings[2]) == {short.document}, "it says of no sheet that it goes on there"


def read_of(house: House, pdf: bytes) -> BatchReading:
    reading = view_case(house, received_and_read(house, ("papel.pdf", pdf)), "prueba").reading
    assert reading is not None
    return reading


def test_in_a_stack_each_continuation_goes_with_its_own_request(house: House) -> None:
    papers = [
        issue_request(house, petition=LONG + place, place=place, sheet_number="", period=period)
        for place, period in (("Quito", "2026-10"), ("Ambato", "2026-09"))
    ]
    (one, more_of_one), (two, more_of_two) = (pages_of(paper.pdf) for paper in papers)
    writer = PdfWriter()
    for page in (more_of_two, one, two, more_of_one):
        writer.append(BytesIO(page))
    out = BytesIO()
    writer.write(out)
    read_case(house, hand_in(house, ("lote.pdf", out.getvalue())))
    shared: dict[str, set[str]] = {}
    for case in open_cases(house):
        reading = view_case(house, case.number, "prueba").reading
        assert reading is not None
        numbers = [each.document for each in reading.documents if isinstance(each.document, str)]
        assert numbers
        shared[case.number] = set(numbers)
        assert "CONTINUATION_MISSING" not in problems_of(house, case.number)
    assert sorted(map(sorted, shared.values())) == sorted(
        sorted((paper.document, str(paper.continuation))) for paper in papers
    )
