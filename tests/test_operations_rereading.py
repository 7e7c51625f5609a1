"""A case in review takes forgotten pages and is read again; what people confirmed stays with its document."""

from __future__ import annotations

from operations.casework import Refusal
from operations.house import House
from operations.reading import read_case, read_files
from operations.reception import HandedIn, Received, receive, receive_again
from operations.rereading import answers_after, read_again
from operations.returning import send_back
from operations.review import REQUEST
from operations.verification import verify_archive
from operations.window import accept, correct, view_case
from tests.operations_samples import (
    IN_ORDER,
    Clock,
    accepted,
    hand_in,
    issue_request,
    received_and_read,
    settle_doubts,
    state_of,
    values_of,
)

OTHER_PHONE = {"phone": "02 222 2222"}


def events(house: House, number: str) -> list[tuple[str, str]]:
    return [(row.event, row.actor) for row in view_case(house, number, "prueba").events]


def version_of(house: House, number: str) -> int:
    return view_case(house, number, "prueba").case.version


def test_reading_again_keeps_what_was_confirmed_and_gives_no_second_receipt(house: House) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    correct(house, number, REQUEST, OTHER_PHONE, "ventanilla")
    version = version_of(house, number)
    assert read_again(house, number, "ventanilla", version) is None
    assert state_of(house, number) == "reading"
    assert read_again(house, number, "ventanilla", version) is None, "a second click is no second act"
    read_case(house, number)
    assert state_of(house, number) == "in-review"
    assert values_of(house, number)["phone"] == "02 222 2222"
    assert not any(row.asks for row in view_case(house, number, "prueba").fields)
    assert events(house, number)[-2:] == [("read", "ventanilla"), ("read-done", "sistema")]
    kinds = [row.kind for row in view_case(house, number, "prueba").documents]
    assert kinds.count("reception-receipt") == 1
    assert verify_archive(house)[1] == []


def test_a_forgotten_page_is_added_in_review(house: House) -> None:
    number = received_and_read(house)
    correct(house, number, REQUEST, OTHER_PHONE, "ventanilla")
    version = version_of(house, number)
    more = [HandedIn("anexo.pdf", [b"%PDF-1.7\nanexo"])]
    stale = receive_again(house, number, more, "supervision", version - 1)
    assert isinstance(stale, Refusal)
    assert "Otra persona" in stale.message
    assert isinstance(receive_again(house, number, more, "ventanilla", version), Received)
    assert state_of(house, number) == "received"
    assert isinstance(receive_again(house, number, more, "ventanilla", version), Received)
    read_case(house, number)
    assert values_of(house, number)["phone"] == "02 222 2222"
    view = view_case(house, number, "prueba")
    assert [row.name for row in view.documents if row.kind == "original"] == [
        "01 solicitud.pdf",
        "02 anexo.pdf",
    ]
    assert [row.kind for row in view.documents].count("reception-receipt") == 2
    assert [event for event, _ in events(house, number)].count("receive-again") == 1
    assert verify_archive(house)[1] == []


def test_of_another_document_nothing_that_was_said_stands(house: House) -> None:
    number = received_and_read(house)
    correct(house, number, REQUEST, OTHER_PHONE, "ventanilla")
    batch = read_files(house, [("otra.pdf", issue_request(house).pdf)]).batch
    with house.database.reading() as session:
        case = view_case(house, number, "prueba").case
        told = answers_after(session, case, batch, {REQUEST: {"ruc": "1799999990001"}})
    assert told[REQUEST]["ruc"] == "1799999990001"
    assert told[REQUEST]["phone"] == "", "taken back: the clerk is asked anew"


# The same files, the same key


def test_a_file_that_was_received_before_is_told_with_its_case(house: House) -> None:
    data = issue_request(house).pdf
    first = hand_in(house, ("una.pdf", data))
    second = hand_in(house, ("otra.pdf", data))
    assert view_case(house, first, "prueba").duplicates == ()
    ((message, other),) = view_case(house, second, "prueba").duplicates
    assert "«otra.pdf»" in message
    assert other == first
    twice = hand_in(house, ("a.pdf", b"%PDF-1.7\nx"), ("b.pdf", b"%PDF-1.7\nx"))
    assert [case for _, case in view_case(house, twice, "prueba").duplicates] == [""]


def test_a_key_with_other_files_is_refused_by_name(house: House) -> None:
    first = hand_in(house, ("a.pdf", b"%PDF-1.7\na"), key="k")
    assert hand_in(house, ("a.pdf", b"%PDF-1.7\na"), key="k") == first
    answer = receive(house, [HandedIn("b.pdf", [b"%PDF-1.7\nb"])], "Quito - Matriz", "ventanilla", "k")
    assert not isinstance(answer, Received)
    assert answer.code == "IDEMPOTENCY_KEY_REUSED"
    assert first in answer.message


def test_what_a_case_lacked_is_not_dropped_under_a_key_that_was_used(house: House) -> None:
    number = received_and_read(house)
    send_back(house, number, "Falta algo.", "ventanilla")
    one, other = ([HandedIn(name, [b"%PDF-1.7\n" + name.encode()])] for name in ("a.pdf", "b.pdf"))
    assert isinstance(receive_again(house, number, one, "ventanilla", key="k"), Received)
    again = [HandedIn("a.pdf", [b"%PDF-1.7\na.pdf"])]
    assert isinstance(receive_again(house, number, again, "ventanilla", key="k"), Received)
    answer = receive_again(house, number, other, "ventanilla", key="k")
    assert not isinstance(answer, Received)
    assert answer.code == "IDEMPOTENCY_KEY_REUSED"


# A double click


def test_returning_twice_from_the_same_page_is_one_act(house: House) -> None:
    number = received_and_read(house)
    version = version_of(house, number)
    assert send_back(house, number, "Falta la firma.", "ventanilla", version) == ()
    assert send_back(house, number, "Falta la firma.", "ventanilla", version) == ()
    assert [event for event, _ in events(house, number)].count("return") == 1
    kinds = [row.kind for row in view_case(house, number, "prueba").documents]
    assert kinds.count("return-notice") == 1
    other = send_back(house, number, "Otra cosa.", "ventanilla", version)
    assert isinstance(other, Refusal), "another reason is another act"
    assert "Otra persona" not in other.message
    late = send_back(house, number, "Falta la firma.", "supervision", version)
    assert isinstance(late, Refusal)
    assert "Otra persona" in late.message


def test_accepting_twice_from_the_same_page_is_one_act(house: House, clock: Clock) -> None:
    number = received_and_read(house)
    settle_doubts(house, number)
    version = version_of(house, number)
    assert accept(house, number, IN_ORDER, "ventanilla", version) == ()
    assert accept(house, number, IN_ORDER, "ventanilla", version) == ()
    assert [event for event, _ in events(house, number)].count("accept") == 1
    other = received_and_read(house)
    settle_doubts(house, other)
    correct(house, other, REQUEST, OTHER_PHONE, "ventanilla")
    version = version_of(house, other)
    first = accept(house, other, IN_ORDER, "ventanilla", version)
    assert accept(house, other, IN_ORDER, "ventanilla", version) == first, (
        "told the same, not of another person"
    )
    assert accepted(house, other) == ("SECOND_PERSON_NEEDED",)
