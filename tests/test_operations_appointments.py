"""Appointments: one place for one person however many ask, moved, cancelled, told by mail, reminded."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from storage_samples import ENGINES, new_postgres

from operations.agencies import register
from operations.agencies.register import Agencies, AgenciesError, load_agencies
from operations.appointment_mails import calendar_of, remind_appointments
from operations.appointment_views import Appointment, AppointmentState, Slot
from operations.appointments import (
    book,
    cancel,
    find_appointment,
    free_hours,
    list_appointments,
    mark,
    move,
)
from operations.calendar_entries import CalendarEntry, write_calendar
from operations.casework import Refusal
from operations.house import House
from operations.issuing import issued_pdf
from operations.mail import deliver_mail
from operations.one_time_codes import CodeAnswer
from operations.verification import verify_audit
from operations.visitors import (
    Visitor,
    check_visitor,
    prove_address,
    read_ticket,
    send_code,
    write_ticket,
)
from storage.appointment_tables import AppointmentRow, PlaceRow
from storage.mail_tables import MailRow
from storage.schema import IssuedRow
from tests.operations_samples import Clock, open_demo_house

PAZ = Visitor("1710034065", "paz@empleador.example", "099 123 4567")
SLOT = Slot("cuenca", "sheet-rebuilding", date(2026, 11, 25), time(9, 20))
CEDULAS = ("1710034065", "0960000016", "2400000010", "0100000017", "1712345675")


@pytest.fixture(params=ENGINES)
def either(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        house = open_demo_house(tmp_path, clock, database_url=url)
        yield house
        house.database.engine.dispose()
        house.jobs.engine.dispose()


def booked(house: House, visitor: Visitor = PAZ, slot: Slot = SLOT) -> Appointment:
    answer = book(house, visitor, slot)
    assert isinstance(answer, Appointment), answer
    return answer


def code_of(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_hundred_at_once_get_what_there_is_and_no_place_twice(either: House) -> None:
    people = [Visitor(f"X{place:04d}", f"p{place}@empleador.example", "099 123 4567") for place in range(100)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda visitor: book(either, visitor, SLOT), people))
    capacity = load_agencies().find("cuenca").capacity  # type: ignore[union-attr]
    got = [answer for answer in answers if isinstance(answer, Appointment)]
    assert len(got) == capacity
    assert Counter(code_of(answer) for answer in answers if not isinstance(answer, Appointment)) == {
        "APPOINTMENT_TAKEN": 100 - capacity
    }
    with either.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlaceRow)) == capacity
        assert session.scalar(select(func.count()).select_from(AppointmentRow)) == capacity
        assert session.scalar(select(func.count()).select_from(MailRow)) == capacity
        assert session.scalar(select(func.count()).select_from(IssuedRow)) == capacity
    assert free_hours(either, got[0].agency, SLOT.day)[SLOT.hour] == 0
    assert verify_audit(either).first_broken is None


def test_the_confirmation_says_where_an_agency_is_unverified(house: House) -> None:
    for agency in load_agencies().all:
        answer = book(
            house,
            Visitor(f"V{agency.id[:8].upper().replace('-', '')}", PAZ.email, PAZ.phone),
            dataclasses.replace(SLOT, agency=agency.id, hour=time(11)),
        )
        assert isinstance(answer, Appointment), agency.id
        data = issued_pdf(house, answer.document, "prueba")
        assert data is not None
        words = " ".join(PdfReader(BytesIO(data)).pages[0].extract_text().split())
        assert ("sin verificar: confírmelos al +593 2 394 5666" in words) is not agency.verified, agency.id


def test_moved_and_cancelled_places_are_free_again(house: House) -> None:
    first, second = booked(house), booked(house, dataclasses.replace(PAZ, person_id="0960000016"))
    assert code_of(book(house, dataclasses.replace(PAZ, person_id="2400000010"), SLOT)) == "APPOINTMENT_TAKEN"
    later = dataclasses.replace(SLOT, hour=time(15, 40))
    moved = move(house, first.number, first.key, later)
    assert isinstance(moved, Appointment)
    assert (moved.slot, moved.version, moved.number) == (later, 2, first.number)
    assert moved.document != first.document
    assert cancel(house, second.number, second.key) is None
    assert free_hours(house, first.agency, SLOT.day)[SLOT.hour] == first.agency.capacity
    with house.database.reading() as session:
        states = {row.document: row.state for row in session.scalars(select(IssuedRow))}
    assert states == {first.document: "replaced", moved.document: "current", second.document: "revoked"}
    assert code_of(cancel(house, second.number, second.key)) == "APPOINTMENT_OVER"
    assert code_of(move(house, second.number, second.key, later)) == "APPOINTMENT_OVER"


def test_what_is_not_offered_is_not_booked(house: House) -> None:
    odd = (
        {"agency": "luna"},
        {"procedure": "otro"},
        {"hour": time(9, 21)},
        {"hour": time(17, 0)},
        {"day": date(2026, 11, 23)},
        {"day": date(2026, 11, 28)},
        {"day": date(2026, 12, 25)},
        {"day": date(2027, 1, 4)},
    )
    for change in odd:
        assert code_of(book(house, PAZ, dataclasses.replace(SLOT, **change))) == "APPOINTMENT_NOT_OFFERED", (
            change
        )


def test_one_person_may_have_three(house: House) -> None:
    for hour in (8, 9, 10):
        booked(house, slot=dataclasses.replace(SLOT, hour=time(hour)))
    answer = book(house, PAZ, dataclasses.replace(SLOT, hour=time(11)))
    assert code_of(answer) == "APPOINTMENT_TOO_MANY"


def test_only_the_link_opens_an_appointment(house: House) -> None:
    own = booked(house)
    assert find_appointment(house, own.number, own.key) == own
    for key in ("", "0" * 24, own.key[:-1]):
        assert find_appointment(house, own.number, key) is None
        assert code_of(cancel(house, own.number, key)) == "APPOINTMENT_OVER"


def test_a_passed_appointment_is_not_changed(house: House, clock: Clock) -> None:
    own = booked(house)
    clock.now = own.starts_at
    assert code_of(cancel(house, own.number, own.key)) == "APPOINTMENT_OVER"


def test_the_window_sees_its_day_by_hour(house: House) -> None:
    late = booked(house, slot=dataclasses.replace(SLOT, hour=time(16, 0)))
    early = booked(house, dataclasses.replace(PAZ, person_id="0960000016"))
    gone = booked(
        house, dataclasses.replace(PAZ, person_id="2400000010"), dataclasses.replace(SLOT, hour=time(8))
    )
    assert cancel(house, gone.number, gone.key) is None
    assert mark(house, early.number, AppointmentState.ARRIVED, "ventanilla") is None
    found = list_appointments(house, "Cuenca", SLOT.day)
    assert [each.number for each in found] == [early.number, late.number]
    assert [each.state.label for each in found] == ["en la agencia", "reservado"]
    assert list_appointments(house, "Cuenca", SLOT.day + timedelta(days=1)) == ()
    assert list_appointments(house, "Ninguna", SLOT.day) == ()
    assert code_of(mark(house, gone.number, AppointmentState.ARRIVED, "ventanilla")) == "APPOINTMENT_OVER"


def mails(house: House) -> list[MailRow]:
    with house.database.reading() as session:
        return list(session.scalars(select(MailRow).order_by(MailRow.written_at, MailRow.occasion)))


def test_the_mail_has_the_sealed_page_and_the_calendar_entry(house: House) -> None:
    own = booked(house)
    (row,) = mails(house)
    deliver_mail(house, row.id)
    data = (house.settings.data_dir / "outbox" / f"{row.id}.eml").read_bytes()
    mail = message_from_bytes(data, policy=default)
    assert mail["To"] == PAZ.email
    assert "25 de noviembre de 2026, 09:20" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"/turnos/{own.number}?clave={own.key}" in body.get_content()
    pdf, entry = mail.iter_attachments()
    assert pdf.get_content().startswith(b"%PDF")
    assert "DTSTART:20261125T142000Z" in entry.get_content()


def test_people_are_reminded_once_the_day_before(house: House, clock: Clock) -> None:
    own = booked(house)
    assert remind_appointments(house) == 0, "two days before"
    clock.now = datetime(2026, 11, 24, 7, 59, tzinfo=house.zone)
    assert remind_appointments(house) == 0, "too early in the morning"
    clock.pass_time(minutes=1)
    assert remind_appointments(house) == 1
    assert remind_appointments(house) == 0
    assert mails(house)[-1].subject.startswith("Mañana es su turno")
    assert cancel(house, own.number, own.key) is None
    assert remind_appointments(house) == 0


def test_the_address_is_proved_by_its_code(house: House, clock: Clock) -> None:
    assert send_code(house, PAZ)
    assert not send_code(house, PAZ), "not twice in a minute"
    (row,) = mails(house)
    code = "".join(sign for sign in row.body["paragraphs"][0].split("es ")[1][:8])
    assert prove_address(house, PAZ, "00000000" if code != "00000000" else "1") is CodeAnswer.WRONG
    ticket = prove_address(house, PAZ, code)
    assert isinstance(ticket, str)
    assert read_ticket(house, ticket) == PAZ
    assert prove_address(house, PAZ, code) is CodeAnswer.OVER
    clock.pass_time(minutes=31)
    assert read_ticket(house, ticket) is None


@pytest.mark.parametrize("forged", ["", ".", "e30=.", "x.y", "W10=.0"])
def test_a_forged_ticket_opens_nothing(tmp_path: Path, clock: Clock, forged: str) -> None:
    house = open_demo_house(tmp_path, clock)
    good = write_ticket(house, PAZ)
    assert read_ticket(house, forged) is None
    assert read_ticket(house, good[:-1] + ("0" if good[-1] != "0" else "1")) is None
    assert read_ticket(house, "A" + good[1:]) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person_id": "1710034066"}, "person_id"),
        ({"person_id": ""}, "person_id"),
        ({"person_id": "A B"}, "person_id"),
        ({"email": "nadie"}, "email"),
        ({"email": ""}, "email"),
        ({"phone": "x"}, "phone"),
    ],
)
def test_a_visitors_data_are_checked(change: dict[str, str], field: str) -> None:
    assert check_visitor(PAZ) == ()
    assert check_visitor(dataclasses.replace(PAZ, person_id="E000451278")) == ()
    assert field in {found.field for found in check_visitor(dataclasses.replace(PAZ, **change))}


def test_days_that_can_be_booked() -> None:
    agencies = load_agencies()
    quito, sonesta = agencies.find("quito-matriz"), agencies.find("guayaquil-sonesta")
    assert quito is not None
    assert sonesta is not None
    days = agencies.bookable_days(quito, date(2026, 11, 23))
    assert days[0] == date(2026, 11, 24)
    assert days[-1] == date(2026, 12, 31)
    assert date(2026, 12, 25) not in days
    assert date(2026, 12, 7) not in days, "the local holiday"
    assert agencies.bookable_days(sonesta, date(2026, 11, 23))[-1] == date(2026, 11, 30)
    assert agencies.bookable_days(quito, date(2025, 12, 30))[1] == date(2026, 1, 5), "bridge by decree"
    assert (quito.hours[0], quito.hours[-1], len(quito.hours)) == (time(8), time(16, 40), 27)
    assert sonesta.hours[0] == time(10)


def test_every_province_has_an_agency_with_a_source() -> None:
    agencies = load_agencies()
    assert len(agencies.provinces) == 24
    for province in agencies.provinces:
        assert agencies.serving(province, "sheet-rebuilding"), province
    assert all(agency.source for agency in agencies.all)
    assert 4 <= sum(agency.verified for agency in agencies.all) < len(agencies.all)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('province: "17", address: "Av. 10', 'province: "77", address: "Av. 10'),
        ("{id: quito-sur,", "{id: quito-matriz,"),
        ('opens: "08:00"', 'opens: "18:00"'),
        ("capacity: 2", "capacity: 0"),
        ("horizon: next-month", "horizon: ever"),
        ("procedures: [sheet-rebuilding]", "procedures: [nothing]"),
        ("  quito-sur: {2026", "  luna: {2026"),
        ('opens: "08:00"', 'opens: "ocho"'),
    ],
)
def test_a_file_of_agencies_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = Path(register.__file__).with_name("agencies.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "agencies.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(AgenciesError):
        load_agencies(path)


def test_calendar_lines_are_folded_between_letters(tmp_path: Path, clock: Clock) -> None:
    start = datetime(2026, 11, 25, 9, 20, tzinfo=ZoneInfo("America/Guayaquil"))
    notes = "ñ" * 200 + ", coma; punto\ny línea"
    data = write_calendar(CalendarEntry("u@x", 3, start, 20, "Turno", "Quito", notes, start, cancelled=True))
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    whole = data.replace(b"\r\n ", b"").decode()
    assert "ñ" * 200 + "\\, coma\\; punto\\ny línea" in whole
    assert "METHOD:CANCEL" in whole
    assert "SEQUENCE:3" in whole
    house = open_demo_house(tmp_path, clock)
    own = booked(house)
    assert calendar_of(house, own).count(b"BEGIN:VALARM") == 1
    assert isinstance(load_agencies(), Agencies)
