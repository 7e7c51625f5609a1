"""The window's deliberate acts: attest, agree to another value than the sealed, return, refuse, reopen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from forms.catalog.return_notice import MISSING
from operations.attested_acts import Act, Attestation, witnessed
from operations.casework import SYSTEM, Refusal, load_case, take_step
from operations.closing import archive_refused, refuse, reopen
from operations.demonstration_data import FOREIGN_RUC, FOREIGNER, REPRESENTATIVE
from operations.four_eyes import agree
from operations.house import House
from operations.mail import deliver_mail
from operations.reading import read_case
from operations.reception import HandedIn, receive_again
from operations.regenerating import regenerate_case
from operations.returning import find_term, fit_details, lapse, send_back
from operations.review import REQUEST
from operations.supervision import Concern, list_matters
from operations.users import UserRole, add_user
from operations.verification import verify_archive
from operations.window import accept, correct, view_case
from regeneration.cases import CaseEvent
from storage.mail_tables import MailRow
from storage.schema import IssuedRow
from tests.operations_samples import (
    IN_ORDER,
    Clock,
    accepted,
    codes,
    issue_request,
    open_demo_house,
    received_and_read,
    settle_doubts,
    state_of,
)
from tests.storage_samples import ENGINES, new_postgres

OFFICE = "Quito - Matriz"
OTHER_PHONE = {"phone": "02 222 2222"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ENGINES)
def either(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[House]:
    if request.param == "sqlite":
        yield from opened(tmp_path, clock)
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        yield from opened(tmp_path, clock, database_url=url)


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    yield from opened(tmp_path, clock)


def opened(folder: Path, clock: Clock, **options: str) -> Iterator[House]:
    house = open_demo_house(folder, clock, **options)
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def code_of(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def events(house: House, number: str) -> list[str]:
    return [row.event for row in view_case(house, number, "prueba").events]


def papers(house: House, number: str, kind: str) -> list[bytes]:
    rows = view_case(house, number, "prueba").documents
    return [house.blobs.get(row.sha256) for row in rows if row.kind == kind]


def words_on(pdf: bytes) -> str:
    return str(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range())


# What was seen


def test_each_act_is_told_with_who_and_when_and_stands(house: House, clock: Clock) -> None:
    number = received_and_read(house)
    first = dataclasses.replace(IN_ORDER, signature_seen=False)
    assert accepted(house, number, first) == ("ATTESTATION_MISSING",)
    clock.pass_time(minutes=3)
    answer = accept(house, number, IN_ORDER, "supervision")
    assert not isinstance(answer, Refusal)
    assert codes(answer) == ()
    seen = witnessed(view_case(house, number, "prueba").events, REPRESENTATIVE[0])
    assert {act: witness.by for act, witness in seen.items()} == {
        Act.IDENTITY: "ventanilla",
        Act.SIGNATURE: "supervision",
    }
    assert (seen[Act.SIGNATURE].at - seen[Act.IDENTITY].at).total_seconds() == 180


def test_what_was_seen_of_one_person_says_nothing_of_another(house: House) -> None:
    number = received_and_read(house)
    stranger = Attestation("0100000017", identity_seen=True, signature_seen=True)
    assert accepted(house, number, stranger) == ("AUTHORIZATION_MISSING",)
    nothing = Attestation(REPRESENTATIVE[0], identity_seen=False, signature_seen=False)
    assert accepted(house, number, nothing) == ("ATTESTATION_MISSING",) * 2, (
        "this one's identity was not seen"
    )
    view = view_case(house, number, "prueba")
    assert witnessed(view.events, stranger.presenter_id).keys() == {Act.IDENTITY}, "the other's stands"


def test_what_is_not_said_any_more_is_withdrawn_and_does_not_count(house: House, clock: Clock) -> None:
    """Whoever unticks a box after an acceptance that failed, and accepts again, has seen nothing."""
    number = received_and_read(house)
    settle_doubts(house, number)
    without_copy = dataclasses.replace(IN_ORDER, presenter_id="0100000017")
    assert accepted(house, number, without_copy) == ("AUTHORIZATION_MISSING",)
    assert accepted(house, number, dataclasses.replace(IN_ORDER, signature_seen=False)) == (
        "ATTESTATION_MISSING",
    )
    seen_by_none = Attestation(REPRESENTATIVE[0], identity_seen=False, signature_seen=False)
    page = view_case(house, number, "prueba").case.version
    answer = accept(house, number, seen_by_none, "ventanilla", page)
    assert not isinstance(answer, Refusal)
    assert [found.field for found in answer] == ["identity", "signature"]
    again = accept(house, number, seen_by_none, "ventanilla", page)
    assert answer == again, "a second click is told the same"
    view = view_case(house, number, "prueba")
    assert witnessed(view.events, REPRESENTATIVE[0]) == {}
    last = view.events[-1]
    assert (last.event, last.actor) == ("withdraw", "ventanilla")
    assert last.data == {"presenter": REPRESENTATIVE[0], "withdrawn": ["identity"]}
    assert view.case.state == "in-review"
    assert accepted(house, number) == ()


def test_of_a_case_that_stopped_nothing_is_looked_up_again_without_the_acts(house: House) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    with house.database.transaction() as session:
        case = load_case(session, number)
        assert take_step(session, case, CaseEvent.PRECONDITIONS_FAILED, house.now(), SYSTEM) is None
    unseen = dataclasses.replace(IN_ORDER, identity_seen=False)
    assert accepted(house, number, unseen) == ("ATTESTATION_MISSING",)
    assert events(house, number)[-1] == "withdraw"
    assert state_of(house, number) == "preconditions-failed"
    assert accepted(house, number) == ()


def test_a_foreigner_hands_in_a_copy(house: House) -> None:
    foreign = {
        "ruc": FOREIGN_RUC,
        "business_name": "FLORES DEL VALLE CÍA. LTDA.",
        "representative_name": FOREIGNER[1],
        "representative_id_kind": "foreigner-code",
        "representative_id": FOREIGNER[0],
    }
    number = received_and_read(house, ("s.pdf", issue_request(house, **foreign).pdf))
    told = Attestation(FOREIGNER[0], identity_seen=True, signature_seen=True)
    assert "ID_COPY_MISSING" in accepted(house, number, told)
    assert Act.ID_COPY in view_case(house, number, "prueba").acts
    with_copy = dataclasses.replace(told, copy_seen=True)
    assert "ID_COPY_MISSING" not in accepted(house, number, with_copy)


def test_papers_that_come_later_are_looked_at_anew(house: House) -> None:
    number = received_and_read(house)
    assert accepted(house, number, dataclasses.replace(IN_ORDER, signature_seen=False)) != ()
    assert send_back(house, number, "Falta la firma.", "ventanilla") == ()
    more = [HandedIn("otra.pdf", [issue_request(house).pdf])]
    assert not isinstance(receive_again(house, number, more, "ventanilla"), Refusal)
    read_case(house, number)
    assert witnessed(view_case(house, number, "prueba").events, REPRESENTATIVE[0]) == {}


# Four eyes


def test_another_value_than_the_sealed_needs_a_second_person(either: House) -> None:
    number = received_and_read(either)
    assert correct(either, number, REQUEST, OTHER_PHONE, "ventanilla") == ()
    assert accepted(either, number) == ("SECOND_PERSON_NEEDED",)
    assert code_of(agree(either, number, "ventanilla")) == "NOTHING_TO_AGREE"
    add_user(either, "otra", "Otra", UserRole.CLERK, "otra-persona-1")
    assert code_of(agree(either, number, "otra")) == "SUPERVISOR_NEEDED"
    assert agree(either, number, "supervision") is None
    assert accepted(either, number) == ()
    regenerate_case(either, number)
    assert state_of(either, number) == "archived"
    assert verify_archive(either)[1] == []


def test_a_supervisors_own_value_needs_any_other_person(house: House) -> None:
    number = received_and_read(house)
    assert correct(house, number, REQUEST, OTHER_PHONE, "supervision") == ()
    assert accepted(house, number) == ("SECOND_PERSON_NEEDED",)
    assert agree(house, number, "ventanilla") is None
    assert accepted(house, number) == ()


def test_agreeing_ends_when_the_value_changes_again(house: House) -> None:
    number = received_and_read(house)
    correct(house, number, REQUEST, OTHER_PHONE, "ventanilla")
    assert agree(house, number, "supervision") is None
    correct(house, number, REQUEST, {"phone": "02 333 3333"}, "ventanilla")
    assert accepted(house, number) == ("SECOND_PERSON_NEEDED",)
    correct(house, number, REQUEST, {"phone": "02 394 5666"}, "ventanilla")
    assert accepted(house, number) == (), "it is the sealed value again"


# Roles


@pytest.mark.parametrize("by", ["archivo", "nadie", "1799999990001/0001"])
def test_who_is_no_clerk_does_nothing_to_a_case(house: House, by: str) -> None:
    number = received_and_read(house)
    before = events(house, number)
    for answer in (
        correct(house, number, REQUEST, OTHER_PHONE, by),
        accept(house, number, IN_ORDER, by),
        refuse(house, number, "No corresponde.", by),
        send_back(house, number, "Falta la firma.", by),
        agree(house, number, by),
    ):
        assert isinstance(answer, Refusal)
    assert events(house, number) == before
    with house.database.reading() as session:
        assert session.scalars(select(IssuedRow).where(IssuedRow.form == "return-notice")).all() == []
        assert session.scalars(select(MailRow).where(MailRow.occasion.startswith("case/"))).all() == []


# Reception receipt


def test_the_receipt_says_what_was_received_when_and_by_whom(house: House) -> None:
    number = received_and_read(house, ("solicitud ñ.pdf", issue_request(house).pdf), ("x.txt", b"hola"))
    (receipt,) = papers(house, number, "reception-receipt")
    words = words_on(receipt)
    for told in (number, "Carmen Ibarra", "12:00:00", OFFICE, "solicitud ñ.pdf", "no se pudo abrir"):
        assert told in words, told
    with house.database.reading() as session:
        row = session.scalars(select(IssuedRow).where(IssuedRow.form == "reception-receipt")).one()
    assert (row.case_number, row.field_values["files"]) == (number, "2")


# Return and term


def test_a_returned_case_has_a_notice_a_mail_and_a_term(house: House) -> None:
    number = received_and_read(house)
    answer = send_back(house, number, "Traiga la firma.", "ventanilla", missing=["missing_signature"])
    assert answer == ()
    (notice,) = papers(house, number, "return-notice")
    words = words_on(notice)
    until = find_term(house.agencies, OFFICE, house.today())
    assert until == date(2026, 12, 8), "ten working days from 24 November; Quito rests on the 7th"
    for told in (number, "Traiga la firma.", "2026-12-08".replace("-", ""), "Carmen Ibarra"):
        assert told in words.replace(" ", "").replace("\r\n", "").replace("-", "") or told in words, told
    view = view_case(house, number, "prueba")
    assert view.term is not None
    assert (view.term.until, view.term.is_over) == (until, False)
    with house.database.reading() as session:
        mail = session.scalars(select(MailRow).where(MailRow.occasion.startswith(f"case/{number}"))).one()
    assert mail.recipient == "contabilidad@andina-alimentos.example"
    assert dict(MISSING)["missing_signature"] in "\n".join(mail.body["paragraphs"])
    assert mail.attachments[0][0] == "notificacion.pdf"
    deliver_mail(house, mail.id)
    assert verify_archive(house)[1] == []


def test_nothing_is_returned_without_saying_what_is_missing(house: House) -> None:
    number = received_and_read(house)
    answer = send_back(house, number, "  ", "ventanilla")
    assert not isinstance(answer, Refusal)
    assert codes(answer) == ("RETURN_UNEXPLAINED",)
    long = "Falta mucho y no cabe. " * 60
    answer = send_back(house, number, long, "ventanilla")
    assert not isinstance(answer, Refusal)
    assert codes(answer) != ()
    assert state_of(house, number) == "in-review"
    assert len(fit_details([long, "Falta la firma."])) < len(long)


def test_a_term_that_is_over_lapses_by_a_supervisor_only(house: House, clock: Clock) -> None:
    number = received_and_read(house)
    send_back(house, number, "Falta la firma.", "ventanilla")
    assert code_of(lapse(house, number, "supervision")) == "TERM_NOT_OVER"
    assert list_matters(house, OFFICE) == ()
    clock.pass_time(days=16)
    (matter,) = list_matters(house, OFFICE)
    assert matter.concerns == (Concern.TERM_OVER,)
    assert code_of(lapse(house, number, "ventanilla")) == "ROLE_FORBIDDEN"
    assert lapse(house, number, "supervision") is None
    assert state_of(house, number) == "refused"
    assert list_matters(house, OFFICE) == ()


# Refused, taken up again, filed away


def test_a_refused_case_is_told_taken_up_and_filed_away(house: House) -> None:
    number = received_and_read(house)
    assert code_of(refuse(house, number, " ", "ventanilla")) == "REASON_MISSING"
    assert refuse(house, number, "La planilla está pagada.", "ventanilla") is None
    with house.database.reading() as session:
        mail = session.scalars(select(MailRow).where(MailRow.occasion.startswith(f"case/{number}"))).one()
    assert "La planilla está pagada." in "\n".join(mail.body["paragraphs"])
    assert code_of(reopen(house, number, "Se equivocó.", "ventanilla")) == "ROLE_FORBIDDEN"
    assert reopen(house, number, "Era otra planilla.", "supervision") is None
    assert state_of(house, number) == "in-review"
    assert refuse(house, number, "Definitivo.", "ventanilla") is None
    assert code_of(archive_refused(house, number, "supervision")) == "ROLE_FORBIDDEN"
    assert archive_refused(house, number, "archivo") is None
    assert state_of(house, number) == "archived"
    assert verify_archive(house)[1] == []


# Corrections after acceptance


def test_what_was_accepted_is_corrected_by_a_supervisor_who_says_why(house: House) -> None:
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    assert code_of(correct(house, number, REQUEST, OTHER_PHONE, "supervision")) == "REASON_MISSING"
    late = correct(house, number, REQUEST, OTHER_PHONE, "ventanilla", reason="Se leyó mal")
    assert code_of(late) == "ROLE_FORBIDDEN"
    assert correct(house, number, REQUEST, OTHER_PHONE, "supervision", reason="Se leyó mal") == ()
    view = view_case(house, number, "prueba")
    assert view.state.value == "archived"
    assert view.case.answers[REQUEST]["phone"] == "02 222 2222"
    assert (view.events[-1].event, view.events[-1].data["reason"]) == ("correct", "Se leyó mal")
    assert verify_archive(house)[1] == []


# Two people, one case


def test_of_two_who_accept_at_once_one_is_first(either: House) -> None:
    number = received_and_read(either)
    version = view_case(either, number, "prueba").case.version
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda by: accept(either, number, IN_ORDER, by, version), ("ventanilla", "supervision"))
        )
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert next(each for each in answers if isinstance(each, Refusal)).code == "CASE_CHANGED"
    assert events(either, number).count("accept") == 1
