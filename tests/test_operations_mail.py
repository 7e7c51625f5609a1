"""Mails go out once, over a real server that refuses, hangs up and loses its answer, or into a folder."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select
from storage_samples import ENGINES, new_postgres

from operations import mail as mail_module
from operations import mail_carriers
from operations.deposits import deposit, record
from operations.duties import ROUNDS, TASKS
from operations.house import House
from operations.mail import Attachment, Mail, deliver_mail, mails_in_trouble, post_mail, queue_due_mails
from operations.verification import verify_audit
from operations.workflows import Worker
from storage.mail_tables import MailRow
from tests.mail_fixtures import Postman, wait_for_mails
from tests.operations_samples import Clock, open_demo_house

MAIL = Mail(
    occasion="prueba/1",
    recipient="nomina@empleador.example",
    subject="Su turno en Quito",
    paragraphs=("Señora Ñusta:", "Su turno es el martes.\nNo olvide su cédula <original>."),
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock, mail_url: str) -> Iterator[House]:
    yield from open_with_mail(tmp_path, clock, mail_url)


@pytest.fixture(params=ENGINES)
def either(tmp_path: Path, clock: Clock, mail_url: str, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        yield from open_with_mail(tmp_path, clock, mail_url, database_url=url)


def open_with_mail(folder: Path, clock: Clock, mail_url: str, **options: str) -> Iterator[House]:
    house = open_demo_house(folder, clock, **options)
    sender = "Ventanilla <ventanilla@iess.example>"
    settings = dataclasses.replace(house.settings, smtp_url=mail_url, mail_sender=sender)
    yield dataclasses.replace(house, settings=settings)
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def post(house: House, mail: Mail = MAIL) -> str:
    with house.database.transaction() as session:
        number = post_mail(house, session, mail)
    assert number is not None
    return number


def row_of(house: House, number: str) -> MailRow:
    with house.database.reading() as session:
        return session.get_one(MailRow, number)


def test_a_mail_arrives_as_text_and_html_with_its_file(house: House, postman: Postman) -> None:
    made = deposit(house.blobs, [b"%PDF-1.7 turno"], "application/pdf")
    with house.database.transaction() as session:
        sha256 = record(session, made, house.now())
    number = post(
        house, dataclasses.replace(MAIL, attachments=[Attachment("turno.pdf", "application/pdf", sha256)])
    )
    deliver_mail(house, number)
    (got,) = postman.taken
    assert got["To"] == MAIL.recipient
    assert got["Subject"] == MAIL.subject
    assert got["Message-ID"] == f"<{number}@iess.example>"
    text, page = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "Señora Ñusta" in text.get_content()
    assert "&lt;original&gt;" in page.get_content()
    (file,) = got.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("turno.pdf", b"%PDF-1.7 turno")
    assert row_of(house, number).state == "sent"
    assert verify_audit(house).first_broken is None


def test_what_was_sent_is_not_sent_again(house: House, postman: Postman) -> None:
    number = post(house)
    for _ in range(3):
        deliver_mail(house, number)
    assert len(postman.taken) == 1
    with house.database.transaction() as session:
        assert post_mail(house, session, MAIL) is None, "the same occasion is told once"


def test_two_workers_with_the_same_mail_send_it_once(either: House, postman: Postman) -> None:
    number = post(either)
    postman.mode = "two-at-once"
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: deliver_mail(either, number), range(2)))
    assert postman.asked == 2, "both came as far as the envelope"
    assert len(postman.taken) == 1
    assert row_of(either, number).state == "sent"


def test_a_slow_server_is_waited_for_before_the_text_and_unsure_after(
    house: House, postman: Postman, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = post(house)
    monkeypatch.setattr(mail_carriers, "_PATIENCE", 0.3)
    postman.mode = "slow-early"
    deliver_mail(house, number)
    row = row_of(house, number)
    assert (row.state, postman.heard) == ("queued", 0)
    clock.now = row.next_at
    postman.mode = "slow-answer"
    deliver_mail(house, number)
    assert (row_of(house, number).state, postman.heard) == ("unsure", 1)


@pytest.mark.parametrize("mode", ["later", "hang-up-early", "later-after-text"])
def test_what_surely_did_not_go_out_is_tried_again(
    house: House, postman: Postman, clock: Clock, mode: str
) -> None:
    number = post(house)
    postman.mode = mode
    pauses = []
    for _ in range(3):
        deliver_mail(house, number)
        row = row_of(house, number)
        assert row.state == "queued"
        pauses.append(row.next_at - clock.now)
        deliver_mail(house, number)
        assert row_of(house, number).tries == row.tries, "not before its pause is over"
        clock.now = row.next_at
    assert pauses == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    postman.mode = "well"
    deliver_mail(house, number)
    assert row_of(house, number).state == "sent"
    assert len(postman.taken) == 1


def test_a_server_that_is_not_there_is_waited_for(house: House, clock: Clock) -> None:
    away = dataclasses.replace(
        house, settings=dataclasses.replace(house.settings, smtp_url="smtp://127.0.0.1:1")
    )
    number = post(away)
    deliver_mail(away, number)
    assert row_of(house, number).state == "queued"
    clock.pass_time(days=4)
    deliver_mail(away, number)
    row = row_of(house, number)
    assert (row.state, row.trouble[:9]) == ("refused", "tres días")
    with house.database.reading() as session:
        assert [each.id for each in mails_in_trouble(session, clock.now - timedelta(days=30))] == [number]


def test_an_address_that_the_server_does_not_know_is_given_up(house: House, postman: Postman) -> None:
    number = post(house)
    postman.mode = "never"
    deliver_mail(house, number)
    row = row_of(house, number)
    assert row.state == "refused"
    assert "550" in row.trouble


def test_a_lost_answer_leaves_the_mail_unsure_and_sends_no_second(house: House, postman: Postman) -> None:
    number = post(house)
    postman.mode = "lose-answer"
    deliver_mail(house, number)
    assert row_of(house, number).state == "unsure"
    postman.mode = "well"
    deliver_mail(house, number)
    assert len(postman.taken) == 1


def test_killed_while_handing_over_it_is_unsure_and_before_it_is_sent(
    house: House, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, other = post(house), post(house, dataclasses.replace(MAIL, occasion="prueba/2"))

    mark = mail_module._Attempt.hand_over

    def die_after_marking(attempt: mail_module._Attempt) -> bool:
        assert mark(attempt)
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    for victim, patched in ((number, True), (other, False)):
        child = os.fork()
        if child == 0:
            if patched:
                mail_module._Attempt.hand_over = die_after_marking  # type: ignore[method-assign]
            else:
                mail_module.compose_message = lambda **_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
            deliver_mail(house, victim)
            os._exit(1)
        os.waitpid(child, 0)
        house.database.engine.dispose(close=False)
    deliver_mail(house, number)
    deliver_mail(house, other)
    assert row_of(house, number).state == "unsure"
    assert row_of(house, other).state == "sent"
    assert len(postman.taken) == 1


@pytest.mark.parametrize("address", ["", "nadie", "a@b", "a b@c.ec", "a@c.ec\nBcc: x@y.ec", "a@c.ec,x@y.ec"])
def test_what_is_no_address_gets_no_mail(house: House, address: str) -> None:
    with house.database.transaction() as session:
        assert post_mail(house, session, dataclasses.replace(MAIL, recipient=address)) is None


def test_without_a_server_mails_are_files(house: House) -> None:
    folder = dataclasses.replace(house, settings=dataclasses.replace(house.settings, smtp_url=""))
    number = post(folder)
    deliver_mail(folder, number)
    (file,) = (house.settings.data_dir / "outbox").glob("*.eml")
    got = message_from_bytes(file.read_bytes(), policy=default)
    assert got["To"] == MAIL.recipient
    assert row_of(house, number).state == "sent"


def test_a_mail_of_what_never_was_is_not_written(house: House) -> None:
    with pytest.raises(RuntimeError), house.database.transaction() as session:
        post_mail(house, session, MAIL)
        raise RuntimeError("the booking failed")
    with house.database.reading() as session:
        assert not session.scalars(select(MailRow)).all()
    assert house.jobs.under_way() == set()


def test_the_worker_sends_and_finds_what_was_forgotten(house: House, postman: Postman) -> None:
    worker = Worker(house, TASKS, ROUNDS)
    worker.start()
    try:
        post(house)
        wait_for_mails(postman, 1)
    finally:
        worker.stop()
    with house.database.transaction() as session:
        session.add(
            MailRow(
                id="f" * 32,
                occasion="olvidado",
                recipient=MAIL.recipient,
                subject="x",
                body={"paragraphs": []},
                attachments=[],
                state="queued",
                tries=0,
                written_at=house.now(),
                next_at=house.now(),
            )
        )
    assert queue_due_mails(house) == 1
    assert queue_due_mails(house) == 0, "it is queued already"
