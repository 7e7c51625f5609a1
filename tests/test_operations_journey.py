"""From the issued request to the archived case with real parts, and what must stop on the way."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import numpy as np
import pytest
from operations_samples import (
    IN_ORDER,
    Clock,
    accepted,
    codes,
    hand_in,
    issue_request,
    open_demo_house,
    received_and_read,
    settle_doubts,
    state_of,
    values_of,
)
from sqlalchemy import select

from forms.register import find_form
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page, white_out
from operations.archive import find_documents, get_document
from operations.attested_acts import Attestation
from operations.casework import Refusal
from operations.closing import refuse
from operations.demonstration_data import BRANCH, RUC, request_values
from operations.house import House
from operations.papers import PAPER_TITLES
from operations.reading import read_case
from operations.reception import HandedIn, Received, receive, receive_again
from operations.regenerating import regenerate_case
from operations.register import EmbeddedRegister
from operations.returning import send_back
from operations.verification import verify_archive, verify_audit
from operations.window import accept, admit_other_day, correct, view_case
from storage.schema import IssuedRow, ReceptionRow
from tests.paper_samples import blotted


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> House:
    return open_demo_house(tmp_path, clock)


def sheets(house: House) -> dict[str, list[tuple[str, str | None]]]:
    """Number and case of the sheets of the branch by state."""
    with house.database.reading() as session:
        rows = EmbeddedRegister(session).sheets_of(RUC, BRANCH)
    found: dict[str, list[tuple[str, str | None]]] = {}
    for row in rows:
        found.setdefault(f"{row.type} {row.state}", []).append((row.number, row.made_by_case))
    return found


def test_journey_ends_in_the_archive_with_one_new_sheet(house: House) -> None:
    request = issue_request(house)
    number = received_and_read(house, ("solicitud.pdf", request.pdf))
    assert state_of(house, number) == "in-review"
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert values_of(house, number) == request_values(house)
    assert sheets(house) == {
        "contributions replaced": [("2026-10-000123", None)],
        "contributions generated": [("2026-10-900001", number)],
        "reserve-fund replaced": [("2026-10-000124", None)],
        "reserve-fund generated": [("2026-10-900002", number)],
    }
    view = view_case(house, number, "prueba")
    assert view.case.state == "archived"
    assert [row.event for row in view.events] == [
        "receive",
        "read",
        "read-done",
        "attest",
        "accept",
        "preconditions-passed",
        "rebuild-done",
        "archive",
    ]
    assert {row.kind for row in view.documents} == {
        "original",
        "page-straight",
        "page-overlay",
        "reception-receipt",
        *PAPER_TITLES,
    }
    assert verify_archive(house)[1] == []
    assert verify_audit(house).first_broken is None


def test_work_done_again_does_nothing(house: House) -> None:
    number = received_and_read(house)
    accepted(house, number)
    regenerate_case(house, number)
    before = (sheets(house), view_case(house, number, "prueba").case.version)
    read_case(house, number)
    regenerate_case(house, number)
    assert (sheets(house), view_case(house, number, "prueba").case.version) == before


def test_archive_finds_without_accents_and_hands_out_the_same_bytes(house: House) -> None:
    request = issue_request(house)
    number = received_and_read(house, ("Petición Ñusta.pdf", request.pdf))
    (found,) = find_documents(house, "nusta PETICION", "archivo")
    assert (found.case, found.kind, found.ruc) == (number, "original", RUC)
    of_the_case = find_documents(house, number, "archivo")
    assert [item.kind for item in of_the_case] == ["reception-receipt", "original"]
    assert of_the_case[1] == found
    assert found in find_documents(house, "guaman quishpe regenere", "archivo")
    assert find_documents(house, "nadie", "archivo") == []
    _row, data = get_document(house, found.id, "archivo") or pytest.fail("the document is there")
    assert data == request.pdf
    assert get_document(house, 999_999, "archivo") is None


def test_same_paper_serves_one_case_only_whenever_it_is_read(house: House) -> None:
    request = issue_request(house)
    first, second = (received_and_read(house, ("solicitud.pdf", request.pdf)) for _ in range(2))
    assert accepted(house, first) == ()
    assert accepted(house, second) == ("DOCUMENT_ALREADY_USED",)
    assert state_of(house, second) == "in-review"
    third = received_and_read(house, ("solicitud.pdf", request.pdf))
    view = view_case(house, third, "prueba")
    assert view.reading is not None
    (document,) = view.reading.documents
    assert document.outcome == "refused"
    assert "DOCUMENT_ALREADY_USED" in [found.code for found in document.problems]
    assert view.case.answers == {}
    with house.database.reading() as session:
        row = session.get_one(IssuedRow, request.document)
    assert (row.state, row.case_number) == ("used", first)


def test_same_bytes_twice_are_two_receptions_of_one_blob(house: House) -> None:
    pdf = issue_request(house).pdf
    blobs = len(list(house.blobs.names()))
    handed = [HandedIn("escaneo.pdf", [pdf]), HandedIn("escaneo.pdf", [pdf])]
    received = receive(house, handed, "Quito", "ventanilla")
    assert codes(received.problems) == ("FILE_DUPLICATE",)
    assert len(list(house.blobs.names())) == blobs
    with house.database.reading() as session:
        rows = session.scalars(select(ReceptionRow).where(ReceptionRow.case_number == received.case)).all()
    assert len({row.sha256 for row in rows}) == 1
    assert len(rows) == 2
    read_case(house, received.case)
    assert state_of(house, received.case) == "in-review"


def test_same_key_finds_the_same_case_even_at_once(house: House) -> None:
    pdf = issue_request(house).pdf
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(hand_in(house, ("a.pdf", pdf), key="k-1")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert hand_in(house, ("a.pdf", pdf), key="k-2") != found[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "FILE_EMPTY"), (b"<html>hola</html>", "FILE_TYPE_UNSUPPORTED"), (b"%PDF-1.7\nx", "FILE_DAMAGED")],
    ids=["empty", "foreign", "damaged"],
)
def test_unreadable_file_is_kept_and_named(house: House, data: bytes, code: str) -> None:
    number = received_and_read(house, ("papel.pdf", data))
    view = view_case(house, number, "prueba")
    assert view.reading is not None
    assert code in [found.code for file in view.reading.files for found in file.problems]
    assert [row.event for row in view.events] == ["receive", "read", "read-failed"]
    (original,) = [row for row in view.documents if row.kind == "original"]
    assert (get_document(house, original.id, "prueba") or pytest.fail())[1] == data
    assert accepted(house, number) == ("FIELD_MISSING",)
    assert refuse(house, number, "No se puede leer.", "ventanilla") is None
    assert state_of(house, number) == "refused"


def test_nothing_is_accepted_unseen(house: House) -> None:
    number = received_and_read(house)
    unseen = Attestation(IN_ORDER.presenter_id, identity_seen=False, signature_seen=False)
    assert accepted(house, number, unseen) == ("ATTESTATION_MISSING", "ATTESTATION_MISSING")
    stranger = Attestation("0100000017", identity_seen=True, signature_seen=True)
    assert accepted(house, number, stranger) == ("AUTHORIZATION_MISSING",)
    assert state_of(house, number) == "in-review"
    assert accepted(house, number) == ()


def test_doubt_must_be_settled_first(house: House) -> None:
    number = received_and_read(house, ("escaneo.pdf", scan_with_white_out(house, "representative_id")))
    (asked,) = [row for row in view_case(house, number, "prueba").fields if row.asks]
    assert asked.name == "representative_id"
    answer = accept(house, number, IN_ORDER, "ventanilla")
    assert not isinstance(answer, Refusal)
    assert [(found.code, found.field) for found in answer] == [("FIELD_MISSING", "representative_id")]
    assert state_of(house, number) == "in-review"
    assert accepted(house, number) == ()


def test_paper_that_lost_its_seal_is_read_with_what_we_remember_of_it(house: House) -> None:
    others = [issue_request(house, phone=f"02 222 22{place:02d}") for place in range(3)]
    assert len({issued.document for issued in others}) == 3
    number = received_and_read(house, ("escaneo.pdf", scan_with_white_out(house, None)))
    view = view_case(house, number, "prueba")
    assert view.reading is not None
    (document,) = view.reading.documents
    assert document.seal.state == "unreadable"
    assert {found.source for found in document.fields.values()} == {"register"}
    assert {name: found.value for name, found in document.fields.items()} == request_values(house)


def test_paper_that_nothing_names_is_known_among_those_that_were_issued_last(house: House) -> None:
    for place in range(3):
        issue_request(house, phone=f"02 222 22{place:02d}")
    form = find_form("employer-request")
    assert form is not None
    frame, random = form.current.frame, np.random.default_rng(5)
    bare = white_out(print_page(issue_request(house).pdf), frame.reference)
    coarse = Scanner(dpi=100, blur_px=1.2, contrast=0.5, noise_sigma=18, jpeg_quality=25)
    page = encode([scan(blotted(bare, frame.full_seal, random), coarse, random)], "jpeg", 100)
    number = received_and_read(house, ("foto.jpg", page))
    reading = view_case(house, number, "prueba").reading
    assert reading is not None
    (document,) = reading.documents
    assert {name: found.value for name, found in document.fields.items()} == request_values(house)


def scan_with_white_out(house: House, field_name: str | None) -> bytes:
    """A signed request, scanned after somebody went over a value, or the seal, with correction fluid."""
    random = np.random.default_rng(5)
    form = find_form("employer-request")
    assert form is not None
    sheet = sign(print_page(issue_request(house).pdf), form.current.signature_fields[0].box, random)
    box = form.current.field(field_name).box if field_name else form.current.frame.full_seal
    sheet = white_out(sheet, box)
    return encode([scan(sheet, Scanner(dpi=200, rotation_deg=1.0), random)], "pdf", 200, 80)


def test_wrong_correction_is_not_recorded(house: House) -> None:
    number = received_and_read(house)
    before = view_case(house, number, "prueba").case.version
    answer = correct(house, number, "employer-request", {"ruc": "17"}, "ventanilla")
    assert not isinstance(answer, Refusal)
    assert codes(answer) == ("RUC_FORMAT",)
    assert view_case(house, number, "prueba").case.version == before


def test_second_of_two_clerks_is_told(house: House) -> None:
    number = received_and_read(house)
    version = view_case(house, number, "prueba").case.version
    assert correct(house, number, "employer-request", {"phone": "02 222 2222"}, "ventanilla", version) == ()
    late = correct(house, number, "employer-request", {"phone": "02 333 3333"}, "supervision", version)
    assert isinstance(late, Refusal)
    assert late.code == "CASE_CHANGED"
    assert values_of(house, number)["phone"] == "02 222 2222"


def test_day_of_the_request_counts_and_not_that_of_the_work(house: House, clock: Clock) -> None:
    number = received_and_read(house)
    clock.pass_time(days=1)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"


def test_day_ends_at_the_office_and_not_in_greenwich(house: House, clock: Clock) -> None:
    clock.pass_time(hours=11)  # 23:00 in Quito, already tomorrow in UTC
    number = received_and_read(house)
    accepted(house, number)
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"


def test_annulment_of_another_day_stops_unless_a_supervisor_admits_it(house: House, clock: Clock) -> None:
    clock.pass_time(days=1)
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    view = view_case(house, number, "prueba")
    assert view.case.state == "preconditions-failed"
    assert [check["code"] for check in view.checks if not check["passed"]] == ["ANNULLED_ON_ANOTHER_DAY"]
    assert sheets(house).keys() == {"contributions generated", "reserve-fund annulled"}
    assert admit_other_day(house, number, "Memorando 12", "supervision") is None
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    admitted = [row for row in view_case(house, number, "prueba").events if row.event == "attest"][-1]
    assert (admitted.actor, admitted.data["reason"]) == ("supervision", "Memorando 12")
    assert verify_archive(house)[1] == []


def test_second_case_of_a_month_changes_nothing(house: House, clock: Clock) -> None:
    house = dataclasses.replace(house, settings=dataclasses.replace(house.settings, same_day_rule=False))
    for expected in ("archived", "preconditions-failed"):
        number = received_and_read(house, ("s.pdf", issue_request(house, sheet_number="").pdf))
        settle_doubts(house, number)
        accepted(house, number)
        regenerate_case(house, number)
        assert state_of(house, number) == expected
        clock.pass_time(days=1)
    assert len(sheets(house)["contributions generated"]) == 1


def test_returned_case_takes_what_was_missing(house: House) -> None:
    number = hand_in(house, ("otra cosa.pdf", b"%PDF-1.7\nx"))
    request = issue_request(house).pdf
    early = receive_again(house, number, [HandedIn("solicitud.pdf", [request])], "ventanilla")
    assert isinstance(early, Refusal), "it waits to be read"
    read_case(house, number)
    assert send_back(house, number, "Falta la solicitud.", "ventanilla") == ()
    late = receive_again(house, number, [HandedIn("solicitud.pdf", [request])], "ventanilla")
    assert late == Received(number)
    read_case(house, number)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert state_of(house, number) == "archived"
    assert verify_archive(house)[1] == []
