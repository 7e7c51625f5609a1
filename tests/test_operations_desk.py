"""The desk without a browser: uploads that resume, who is in the office, and what the box finds."""

from __future__ import annotations

import os
from datetime import date, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from forms.problems import Problem
from operations.appointment_views import Appointment, AppointmentState, Slot
from operations.appointments import book, list_appointments
from operations.casework import Refusal
from operations.desk import find_progress, show_office
from operations.desk_search import CaseHit, Hits, PaperHit, find_anything
from operations.house import House, open_house
from operations.reception import Received
from operations.uploads import (
    NotThere,
    PartWriter,
    Upload,
    begin_upload,
    drop_upload,
    find_upload,
    open_part,
    receive_uploaded,
    sweep_uploads,
)
from operations.verification import verify_archive, verify_audit
from operations.visitors import Visitor
from operations.visits import VisitState, arrive, arrive_for, move_visit
from operations.window import view_case
from storage.desk_tables import VisitRow
from storage.schema import AuditEventRow
from tests.operations_samples import (
    Clock,
    accepted,
    hand_in,
    issue_request,
    open_demo_house,
    received_and_read,
)

CLERK, OFFICE = "ventanilla", "Quito - Matriz"


def begun(house: House, length: int, name: str = "a.pdf") -> Upload:
    upload = begin_upload(house, CLERK, name, length)
    assert isinstance(upload, Upload), upload
    return upload


def writer_at(house: House, upload: Upload, offset: int) -> PartWriter:
    writer = open_part(house, CLERK, upload.id, offset)
    assert isinstance(writer, PartWriter), writer
    return writer


def append(house: House, upload: Upload, offset: int, data: bytes) -> int:
    writer = writer_at(house, upload, offset)
    assert writer.write(data)
    return writer.settle()


def code_of(answer: object) -> str:
    assert isinstance(answer, Problem | Refusal), answer
    return answer.code


@given(data=st.binary(min_size=1, max_size=400), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_pieces_of_any_size_are_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cuts: list[int]
) -> None:
    house = _one_house(tmp_path_factory)
    upload = begun(house, len(data))
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(edges):
        assert append(house, upload, start, data[start:end]) == end
    received = receive_uploaded(house, CLERK, [upload.id], OFFICE, f"clave {upload.id}")
    assert isinstance(received, Received)
    (row,) = [row for row in view_case(house, received.case, CLERK).documents if row.kind == "original"]
    assert house.blobs.get(row.sha256) == data


_HOUSES: dict[str, House] = {}


def _one_house(factory: pytest.TempPathFactory) -> House:
    """One house for all examples: opening it takes longer than they do."""
    if "it" not in _HOUSES:
        _HOUSES["it"] = open_demo_house(factory.mktemp("piezas"), Clock())
    return _HOUSES["it"]


def test_what_was_not_settled_is_not_promised_and_a_restart_goes_on(house: House, clock: Clock) -> None:
    upload = begun(house, 10)
    assert append(house, upload, 0, b"0123") == 4
    lost = writer_at(house, upload, 4)
    assert lost.write(b"45")  # the process dies here: written, never settled
    again = open_house(house.settings, clock)
    found = find_upload(again, CLERK, upload.id)
    assert found is not None
    assert found.received == 4
    assert open_part(again, CLERK, upload.id, 6) == NotThere(4)
    assert append(again, upload, 4, b"456789") == 10
    again.database.engine.dispose()
    again.jobs.engine.dispose()


def test_a_dead_connection_cannot_move_the_offset_back(house: House) -> None:
    upload = begun(house, 10)
    dead, alive = writer_at(house, upload, 0), writer_at(house, upload, 0)
    assert dead.write(b"01")
    assert alive.write(b"0123456789")
    assert alive.settle() == 10
    assert dead.settle() == 10
    assert isinstance(receive_uploaded(house, CLERK, [upload.id], OFFICE, "k"), Received)


def test_limits_and_strangers(house: House) -> None:
    assert code_of(begin_upload(house, CLERK, "a.pdf", 0)) == "FILE_EMPTY"
    assert code_of(begin_upload(house, CLERK, "a.pdf", 64_000_001)) == "FILE_TOO_LARGE"
    upload = begun(house, 3)
    assert not writer_at(house, upload, 0).write(b"0123")
    assert find_upload(house, "otra", upload.id) is None
    assert open_part(house, "otra", upload.id, 0) is None
    assert not drop_upload(house, "otra", upload.id)
    assert code_of(receive_uploaded(house, CLERK, [upload.id], OFFICE, "k")) == "UPLOAD_INCOMPLETE"
    assert code_of(receive_uploaded(house, "otra", [upload.id], OFFICE, "k")) == "UPLOAD_INCOMPLETE"
    for _ in range(59):
        begun(house, 1)
    assert code_of(begin_upload(house, CLERK, "a.pdf", 1)) == "UPLOADS_TOO_MANY"


def test_finishing_twice_finds_the_same_case_and_leaves_nothing(house: House) -> None:
    upload = begun(house, 3)
    append(house, upload, 0, b"abc")
    first = receive_uploaded(house, CLERK, [upload.id], OFFICE, "clave")
    assert first == receive_uploaded(house, CLERK, [upload.id], OFFICE, "clave")
    assert list((house.settings.data_dir / "uploads").iterdir()) == []
    assert verify_archive(house)[1] == []


def test_abandoned_parts_are_swept_and_fresh_ones_stay(house: House, clock: Clock) -> None:
    old, folder = begun(house, 5), house.settings.data_dir / "uploads"
    stray = folder / "nadie.part"
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    clock.pass_time(hours=23)
    fresh = begun(house, 5)
    clock.pass_time(hours=2)
    assert sweep_uploads(house) == 2
    assert find_upload(house, CLERK, old.id) is None
    assert [path.stem for path in folder.iterdir()] == [fresh.id]


def test_turns_count_from_one_each_day_and_two_clerks_do_not_call_the_same(
    house: House, clock: Clock
) -> None:
    visits = [arrive(house, OFFICE, CLERK) for _ in range(2)]
    assert [visit.turn for visit in visits if isinstance(visit, VisitRow)] == [1, 2]
    first = visits[0]
    assert isinstance(first, VisitRow)
    assert move_visit(house, OFFICE, first.id, VisitState.SERVED, CLERK) is None
    assert code_of(move_visit(house, OFFICE, first.id, VisitState.SERVED, "otra")) == "CASE_CHANGED"
    assert code_of(move_visit(house, "Cuenca", first.id, VisitState.ENDED, CLERK)) == "CASE_CHANGED"
    clock.pass_time(minutes=7)
    desk = show_office(house, OFFICE)
    assert [(each.state, each.minutes) for each in desk.visits] == [
        (VisitState.SERVED, 7),
        (VisitState.WAITING, 7),
    ]
    assert move_visit(house, OFFICE, first.id, VisitState.ENDED, CLERK) is None
    assert show_office(house, OFFICE).served == 1
    clock.pass_time(days=1)
    assert show_office(house, OFFICE).visits == []
    (tomorrow,) = [arrive(house, OFFICE, CLERK, "1799999990001")]
    assert isinstance(tomorrow, VisitRow)
    assert tomorrow.turn == 1
    assert code_of(arrive(house, OFFICE, CLERK, "17")) == "RUC_FORMAT"
    assert verify_audit(house).first_broken is None


def test_an_appointment_of_today_arrives_once_and_is_attended(house: House, clock: Clock) -> None:
    visitor = Visitor("1710034065", "paz@empleador.example", "099 123 4567")
    slot = Slot("quito-matriz", "sheet-rebuilding", date(2026, 11, 25), time(9, 20))
    booked = book(house, visitor, slot)
    assert isinstance(booked, Appointment), booked
    assert code_of(arrive_for(house, OFFICE, booked.number, CLERK)) == "CASE_CHANGED"
    clock.pass_time(days=2)
    assert [each.number for each in show_office(house, OFFICE).expected] == [booked.number]
    assert show_office(house, "Cuenca").expected == []
    came = arrive_for(house, OFFICE, booked.number, CLERK)
    assert isinstance(came, VisitRow)
    again = arrive_for(house, OFFICE, booked.number, CLERK)
    assert isinstance(again, VisitRow)
    assert again.id == came.id
    desk = show_office(house, OFFICE)
    assert desk.expected == []
    assert len(desk.visits) == 1
    assert move_visit(house, OFFICE, came.id, VisitState.SERVED, CLERK) is None
    assert move_visit(house, OFFICE, came.id, VisitState.ENDED, CLERK) is None
    (appointment,) = list_appointments(house, OFFICE, house.today())
    assert appointment.state is AppointmentState.ATTENDED


def test_the_lists_of_an_office_are_its_own(house: House) -> None:
    number = received_and_read(house)
    waiting = hand_in(house, ("b.pdf", b"%PDF-1.7\nx"))
    desk = show_office(house, OFFICE)
    assert [each.number for each in desk.asking] == [number]
    assert [each.number for each in desk.working] == [waiting]
    assert desk.asking[0].business_name
    elsewhere = show_office(house, "Cuenca")
    assert (elsewhere.asking, elsewhere.working) == ([], [])
    progress = find_progress(house, waiting)
    assert progress is not None
    assert progress.is_working
    assert find_progress(house, "2026-999999-9") is None


def test_a_paper_is_found_before_during_and_after_its_case(house: House) -> None:
    issued = issue_request(house)
    assert find_anything(house, issued.document.lower(), CLERK) == PaperHit(issued.document)
    number = received_and_read(house, ("a.pdf", issued.pdf))
    assert find_anything(house, issued.document, CLERK) == CaseHit(number)
    assert accepted(house, number) == ()
    assert find_anything(house, issued.document, CLERK) == CaseHit(number)
    assert find_anything(house, number, CLERK) == CaseHit(number)
    assert find_anything(house, number.replace("-", ""), CLERK) == CaseHit(number)


def test_what_is_wrong_is_named(house: House) -> None:
    number = received_and_read(house)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert code_of(find_anything(house, wrong, CLERK)) == "CASE_NUMBER_WRONG"
    assert code_of(find_anything(house, "2026-000999-9", CLERK)) in {"CASE_UNKNOWN", "CASE_NUMBER_WRONG"}
    assert code_of(find_anything(house, "0000-0000-0000-0000", CLERK)) == "DOCUMENT_UNKNOWN"
    assert code_of(find_anything(house, "VS1:ABC", CLERK)) == "SYMBOL_NOT_OURS"
    assert code_of(find_anything(house, "x", CLERK)) == "SEARCH_TOO_SHORT"
    nothing = find_anything(house, "nadie se llama así", CLERK)
    assert nothing == Hits((), ())


def test_asking_is_told_in_the_audit_trail(house: House) -> None:
    find_anything(house, "1799999990001", CLERK)
    with house.database.reading() as session:
        query = select(AuditEventRow.subject).where(AuditEventRow.action == "desk.find")
        assert list(session.scalars(query)) == ["1799999990001"]
