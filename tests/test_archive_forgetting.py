"""What passes is forgotten by itself at its term, and nothing that proves anything goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from forms.catalog.employer_request import EMPLOYER_REQUEST
from operations.demonstration_data import BRANCH, RUC
from operations.drafts import find_draft, keep_draft
from operations.forgetting import FORGOTTEN, forget_what_passed
from operations.house import House
from operations.key_reset import ask_for_reset
from operations.mail import Mail, MailState, deliver_mail, post_mail
from operations.retention_schedules import (
    ScheduleError,
    load_passing_terms,
    parse_passing_terms,
)
from operations.users import User, UserRole
from operations.verification import verify_archive, verify_audit
from operations.visitors import Visitor, send_code
from storage.access_tables import OneTimeCodeRow
from storage.mail_tables import MailRow
from storage.schema import AuditEventRow
from tests.operations_samples import Clock, open_demo_house
from tests.storage_samples import ENGINES, new_postgres

ADDRESS = "persona@ejemplo.example"
EMPLOYER = User(f"{RUC}/{BRANCH}", "Comercial", UserRole.EMPLOYER, RUC, BRANCH)
TERM = {"name": "x", "title": "", "days": 2, "reference": "", "confidence": "sure", "why": ""}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ENGINES)
def house(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[House]:
    if request.param == "sqlite":
        yield from opened(tmp_path, clock)
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        yield from opened(tmp_path, clock, database_url=url)


def opened(folder: Path, clock: Clock, **options: str) -> Iterator[House]:
    house = open_demo_house(folder, clock, **options)
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def mails(house: House) -> list[MailRow]:
    with house.database.reading() as session:
        return list(session.scalars(select(MailRow).order_by(MailRow.written_at, MailRow.id)))


def kept_words(house: House) -> str:
    """All that the database holds of mails and codes, and all of the trail, as one text."""
    with house.database.reading() as session:
        rows = [
            *session.execute(text("SELECT * FROM mails")),
            *session.execute(text("SELECT * FROM one_time_codes")),
            *session.execute(text("SELECT * FROM audit_events")),
        ]
    return "\n".join(str(tuple(row)) for row in rows)


def test_a_code_and_its_address_are_gone_after_its_day(house: House, clock: Clock) -> None:
    assert send_code(house, Visitor("1710034065", ADDRESS, "0991234567"))
    (mail,) = mails(house)
    deliver_mail(house, mail.id)
    code = mail.body["paragraphs"][0].split(" es ")[1][:8]
    assert code.isdigit()
    assert code in kept_words(house)
    clock.pass_time(hours=23)
    assert forget_what_passed(house) == {}
    clock.pass_time(hours=2)
    assert forget_what_passed(house) == {"code-mails": 1}
    clock.pass_time(days=1)
    assert forget_what_passed(house) == {"codes": 1}
    assert forget_what_passed(house) == {}
    left = kept_words(house)
    assert code not in left
    assert ADDRESS not in left
    (mail,) = mails(house)
    assert (mail.state, mail.recipient, mail.body) == ("sent", FORGOTTEN, {"paragraphs": []})


def test_a_code_that_never_went_out_does_not_go_out_empty(house: House, clock: Clock) -> None:
    ask_for_reset(house, EMPLOYER.name)
    clock.pass_time(days=2)
    assert forget_what_passed(house)["code-mails"] == 1
    (mail,) = mails(house)
    assert mail.state == MailState.REFUSED.value
    deliver_mail(house, mail.id)
    assert mails(house)[0].state == MailState.REFUSED.value


def test_other_mails_keep_their_words_for_a_year(house: House, clock: Clock) -> None:
    with house.database.transaction() as session:
        number = post_mail(house, session, Mail("aviso/1", ADDRESS, "Aviso", ("Venga el martes.",)))
        waiting = post_mail(house, session, Mail("aviso/2", ADDRESS, "Aviso", ("Venga el jueves.",)))
    assert number is not None
    deliver_mail(house, number)
    clock.pass_time(days=364)
    assert forget_what_passed(house) == {}
    clock.pass_time(days=2)
    assert forget_what_passed(house) == {"mails": 1}
    by_number = {mail.id: mail for mail in mails(house)}
    assert by_number[number].body == {"paragraphs": []}
    assert by_number[str(waiting)].body == {"paragraphs": ["Venga el jueves."]}, "it is not sent yet"


def test_drafts_go_and_the_trail_tells_how_many(house: House, clock: Clock) -> None:
    keep_draft(house, EMPLOYER, EMPLOYER_REQUEST, {"petition": "Solicito"})
    clock.pass_time(days=179)
    keep_draft(house, EMPLOYER, EMPLOYER_REQUEST, {"petition": "Solicito la regeneración"})
    clock.pass_time(days=2)
    assert forget_what_passed(house) == {}, "the days count from the last time it was of use"
    clock.pass_time(days=179)
    assert forget_what_passed(house) == {"drafts": 1}
    assert find_draft(house, EMPLOYER, EMPLOYER_REQUEST) is None
    with house.database.reading() as session:
        told = session.scalars(select(AuditEventRow.data).where(AuditEventRow.action == "passing.forget"))
        assert list(told) == [{"drafts": 1}]
    assert verify_audit(house).first_broken is None
    assert verify_archive(house)[1] == []


def test_codes_of_today_still_count(house: House, clock: Clock) -> None:
    send_code(house, Visitor("1710034065", ADDRESS, "0991234567"))
    forget_what_passed(house)
    with house.database.reading() as session:
        assert session.scalars(select(OneTimeCodeRow.subject)).all() == [ADDRESS]
    assert timedelta(days=load_passing_terms()["codes"].days) > timedelta(days=1), "turns are counted by day"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"passing": [{"name": "x"}]},
        {
            "passing": [
                {"name": "x", "title": "", "days": 0, "reference": "", "confidence": "sure", "why": ""}
            ]
        },
        {"passing": [{"name": "x", "title": "", "days": 2, "reference": "", "confidence": "so", "why": ""}]},
    ],
)
def test_a_broken_table_of_terms_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ScheduleError, match=r"retention_schedules\.yaml"):
        parse_passing_terms(body)
