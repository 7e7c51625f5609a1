"""Two papers of one kind in a case: their values are never mixed, and the one that does not count is told."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from forms.geometry import POINT
from forms.register import find_form
from operations.casework import Refusal
from operations.house import House
from operations.issuing import Issued
from operations.reading import read_case
from operations.reception import HandedIn, Received, receive_again
from operations.returning import send_back
from operations.review import AUTHORIZATION
from operations.window import CaseView, view_case
from tests.operations_samples import hand_in, issue_request
from tests.test_operations_batches import issue_authorization

OTHER_PERSON = {"authorized_name": "Cuarta Persona", "authorized_id": "2400000010"}


def blotted(issued: Issued, *names: str) -> bytes:
    """The paper with blots over some of its values."""
    form = find_form(AUTHORIZATION)
    assert form is not None
    edition = form.current
    with pikepdf.open(BytesIO(issued.pdf)) as pdf:
        for name in names:
            box = edition.field(name).box.grown(0.5)
            left, bottom = box.x / POINT, (edition.height - box.bottom) / POINT
            blot = f"q 0.2 g {left} {bottom} {box.width / POINT} {box.height / POINT} re f Q"
            pdf.pages[0].contents_add(blot.encode())
        buffer = BytesIO()
        pdf.save(buffer)
    return buffer.getvalue()


def told(view: CaseView) -> list[tuple[str, str]]:
    assert view.reading is not None
    return [
        (str(document.document), found.code)
        for document in view.reading.documents
        for found in document.problems
        if found.code == "DOCUMENT_NOT_COUNTED"
    ]


def asked(view: CaseView) -> set[str]:
    return {row.name for row in view.fields if row.asks and row.form == AUTHORIZATION}


def test_what_cannot_be_read_of_an_authorization_is_not_taken_from_another(house: House) -> None:
    first = issue_authorization(house, valid_until="2026-11-30")
    second = issue_authorization(house, **OTHER_PERSON)
    files = [
        ("solicitud.pdf", issue_request(house).pdf),
        ("una.pdf", first.pdf),
        ("otra.pdf", blotted(second, "authorized_id")),
    ]
    number = hand_in(house, *files)
    read_case(house, number)
    view = view_case(house, number, "prueba")
    assert "authorized_id" not in view.case.answers[AUTHORIZATION]
    assert view.case.answers[AUTHORIZATION]["authorized_name"] == OTHER_PERSON["authorized_name"]
    assert view.case.answers[AUTHORIZATION]["valid_until"] != "2026-11-30"
    assert asked(view) == {"authorized_id"}
    names = [row.name for row in view.fields if row.form == AUTHORIZATION]
    assert len(names) == len(set(names)), "a value is asked in one place"
    assert told(view) == [(first.document, "DOCUMENT_NOT_COUNTED")]


def test_a_better_authorization_takes_the_place_of_the_one_that_was_returned(house: House) -> None:
    old = issue_authorization(house)
    number = hand_in(house, ("solicitud.pdf", issue_request(house).pdf), ("poder.pdf", old.pdf))
    read_case(house, number)
    assert told(view_case(house, number, "prueba")) == []
    assert not isinstance(send_back(house, number, "Otra persona presenta", "ventanilla"), Refusal)
    new = issue_authorization(house, **OTHER_PERSON)
    more = [HandedIn("nuevo.pdf", [blotted(new, "valid_until")])]
    assert isinstance(receive_again(house, number, more, "ventanilla"), Received)
    read_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.case.answers[AUTHORIZATION]["authorized_id"] == OTHER_PERSON["authorized_id"]
    assert "valid_until" not in view.case.answers[AUTHORIZATION], "the old paper's term is not the new one's"
    assert asked(view) == {"valid_until"}
    assert told(view) == [(old.document, "DOCUMENT_NOT_COUNTED")]
