"""Personal data: no route shows a role more than the table says; logs, the trail, requests of people."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError

from cli.main import program
from forms.model import Check
from forms.personal import Datum, datum_of, find_numbers, mask, mask_addresses, mask_numbers
from forms.register import all_forms
from operations.archive import find_documents
from operations.casework import Refusal
from operations.data_subjects import SubjectData, check_subject, export_subject, view_subject
from operations.demonstration import sign_and_scan
from operations.demonstration_data import PASSWORD, REPRESENTATIVE, RUC
from operations.derivatives import derive_case
from operations.desk_search import find_anything
from operations.house import House
from operations.log_masking import MaskingFormatter
from operations.personal_data import EXPORTERS, TABLE, Place, View, person_tag, show_datum, view_of
from operations.regenerating import regenerate_case
from operations.users import IN_THE_PORTAL, User, UserRole, add_user
from operations.visitors import Visitor
from storage.appointment_tables import AppointmentRow
from storage.schema import AuditEventRow, DocumentRow, IssuedRow, UserRow
from tests.operations_samples import Clock, accepted, issue_request, open_demo_house, received_and_read
from web.application import make_application

ARCHIVIST = User("archivo", "Archivo", UserRole.ARCHIVIST)
WHY = "Solicitud del titular 2026-14"
VISITOR = Visitor("1710034065", "visita@correo.example", "0991234567")
KNOWN: Final = {
    Datum.IDENTITY: (REPRESENTATIVE[0], "0100000017", "1710034065"),
    Datum.NAME: ("María Fernanda", "Rosa Elena Chimbo", "Luis Alberto Toapanta"),
    Datum.CONTACT: (
        "contabilidad@andina-alimentos.example",
        "02 394 5666",
        VISITOR.email,
        VISITOR.phone,
    ),
    Datum.TEXT: ("que no se registró a tiempo",),
    Datum.PAY: ("700.00", "700,00", "482.00", "482,00", "144.20", "144,20"),
}
"""What the demonstration's data say of people, in every way in which a page may write it."""
FILE: Final = re.compile(r"/(tramites|documentos|papeles|cases|eliminaciones)/")
PAPERS: Final = re.compile(r"documentos/\d+|documents/\d+|\.pdf$")
"""Answers that are papers themselves: whoever opens one sees what is on it."""
STAFF = tuple(role for role in UserRole if role not in IN_THE_PORTAL)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a case that is archived, one that waits for review, and an appointment of today."""
    house = open_demo_house(tmp_path_factory.mktemp("personal"), Clock())
    scan = sign_and_scan(issue_request(house).pdf, 5)
    done = received_and_read(house, ("escaneo.pdf", scan))
    assert accepted(house, done) == ()
    regenerate_case(house, done)
    derive_case(house, done)
    received_and_read(house)
    with house.database.transaction() as session:
        session.add(expected_today(house))
    for role in STAFF:
        add_user(house, f"prueba-{role.value}", "Prueba", role, PASSWORD)
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def expected_today(house: House) -> AppointmentRow:
    """An appointment of today at this office; booking one is for other days."""
    return AppointmentRow(
        number="8F3K-22QP-0001-9Z9Z",
        agency="quito-matriz",
        procedure="sheet-rebuilding",
        day=house.today().isoformat(),
        hour="15:00",
        person_id=VISITOR.person_id,
        email=VISITOR.email,
        phone=VISITOR.phone,
        state="booked",
        version=1,
        booked_at=house.now(),
        document=None,
    )


@pytest.fixture(scope="module")
def application(house: House) -> Litestar:
    return make_application(house)


@pytest.fixture
def case(house: House) -> str:
    with house.database.reading() as session:
        query = select(DocumentRow.case_number).where(DocumentRow.kind == "sheet")
        return session.scalars(query).one()


def addresses(application: Litestar, house: House, case: str) -> list[str]:
    """Every page and list that answers a GET, with what there really is in the place of its parameters."""
    with house.database.reading() as session:
        documents = list(session.scalars(select(DocumentRow.id).order_by(DocumentRow.id)))
        issued = session.scalars(select(IssuedRow.document).order_by(IssuedRow.issued)).first()
    found = {
        "/archivo?q=solicitud",
        "/archivo?q=Toapanta",
        "/archivo?q=Quishpe",
        f"/archivo?q={RUC}",
        "/archivo/lista.csv?q=Quishpe",
        "/api/v1/archive/documents?q=Quishpe",
        f"/verificar?codigo={issued}",
    }
    for route in application.routes:
        if "GET" not in getattr(route, "methods", ()) or "sucesos" in route.path or "static" in route.path:
            continue
        path = re.sub(r"\{(number|case):str\}", case, route.path)
        path = re.sub(r"(papeles|documentos)/\{\w+:str\}", rf"\1/{issued}", path)
        if path.startswith("/ventanilla/papeles"):
            path = f"/ventanilla/papeles/{issued}"
        path = re.sub(r"\{name:str\}", "employer-request", path).replace("{page:int}", "1")
        for document in documents if ":int}" in path else documents[:1]:
            found.add(re.sub(r"\{\w+:int\}", str(document), path))
    return sorted(found)


def enter(client: TestClient[Any], name: str) -> dict[str, str]:
    client.get("/acceso")
    token = {"x-csrftoken": client.cookies["csrftoken"]}
    answer = client.post("/acceso", data={"usuario": name, "clave": PASSWORD}, headers=token)
    assert answer.status_code < 400, answer.text
    return {"x-csrftoken": client.cookies["csrftoken"]}


def leaks(role: UserRole | None, path: str, body: str) -> list[str]:
    """What the answer says although the table forbids it."""
    place = Place.FILE if FILE.search(path) else Place.LIST
    forbidden = (datum for datum in KNOWN if view_of(role, datum, place) is not View.FULL)
    return [f"{datum.value}: {value}" for datum in forbidden for value in KNOWN[datum] if value in body]


@pytest.mark.parametrize("role", [None, *STAFF])
def test_no_page_shows_more_than_the_table(
    application: Litestar, house: House, case: str, role: UserRole | None
) -> None:
    shown = 0
    with TestClient(application) as client:
        token = enter(client, f"prueba-{role.value}") if role is not None else {}
        for path in addresses(application, house, case):
            answer = client.get(path, headers=token, follow_redirects=False)
            assert answer.status_code < 500, (path, answer.text[:300])
            if answer.status_code != 200:
                continue
            opens_paper = role is not None and view_of(role, Datum.PAPERS, Place.FILE) is View.FULL
            if PAPERS.search(path) and opens_paper:
                continue
            if path.endswith("paquete.zip") and role in EXPORTERS:
                continue
            shown += 1
            found = leaks(role, path, answer.text + str(dict(answer.headers)))
            assert not found, (role, path, found)
    assert shown > 8


@pytest.mark.parametrize("role", [None, *STAFF])
def test_a_package_is_for_the_archivist_only(
    application: Litestar, house: House, case: str, role: UserRole | None
) -> None:
    """What is in a package cannot be masked, so who sees masks on the page gets none and no way to it."""
    address = f"/archivo/tramites/{case}/paquete.zip"
    with TestClient(application) as client:
        token = enter(client, f"prueba-{role.value}") if role is not None else {}
        page = client.get(f"/archivo/tramites/{case}", headers=token, follow_redirects=False)
        answer = client.get(address, headers=token, follow_redirects=False)
    if role is not UserRole.ARCHIVIST:
        assert answer.status_code in {302, 303, 307, 401, 403}
        assert not zipfile.is_zipfile(io.BytesIO(answer.content))
        assert "paquete.zip" not in page.text
        return
    assert "paquete.zip" in page.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        inside = {name.rpartition("/")[2]: package.read(name).decode() for name in package.namelist()
                  if name.endswith(("case.json", "audit.jsonl", "premis.json"))}  # fmt: skip
    assert len(inside) == 3
    assert REPRESENTATIVE[0] in inside["case.json"]
    with house.database.reading() as session:
        query = select(AuditEventRow.actor).where(AuditEventRow.action == "archive.export")
        assert set(session.scalars(query)) == {"prueba-archivist"}


def test_what_may_be_seen_is_seen(application: Litestar, case: str) -> None:
    """The walk above would pass over empty pages."""
    with TestClient(application) as client:
        enter(client, "prueba-clerk")
        page = client.get(f"/ventanilla/tramites/{case}").text
        assert all(value in page for value in (REPRESENTATIVE[0], KNOWN[Datum.CONTACT][0]))
        day = client.get("/ventanilla/hoy").text
        assert mask(Datum.IDENTITY, VISITOR.person_id) in day
    with TestClient(application) as client:
        enter(client, "prueba-archivist")
        page = client.get(f"/archivo/tramites/{case}").text
        assert mask(Datum.IDENTITY, REPRESENTATIVE[0]) in page
        assert REPRESENTATIVE[1] in page
        hits = client.get("/archivo?q=solicitud").text
        assert "miniatura" in hits


def test_searches_of_the_window_show_masks(application: Litestar) -> None:
    with TestClient(application) as client:
        token = enter(client, "prueba-clerk")
        for asked in ("Quishpe", "Toapanta", "María"):
            answer = client.post(
                "/ventanilla/buscar", data={"q": asked}, headers=token, follow_redirects=False
            )
            assert answer.status_code in {200, 303}, answer.text
            assert leaks(UserRole.CLERK, "/ventanilla/buscar", answer.text) == [], asked


def test_the_archivist_takes_the_masks_off_and_it_is_told(
    application: Litestar, house: House, case: str
) -> None:
    with TestClient(application) as client:
        token = enter(client, "prueba-archivist")
        assert REPRESENTATIVE[0] not in client.get(f"/archivo/tramites/{case}").text
        page = client.post(f"/archivo/tramites/{case}", headers=token).text
        assert REPRESENTATIVE[0] in page
        assert "Vio los datos personales sin máscara" in page
        assert REPRESENTATIVE[0] not in client.get(f"/archivo/tramites/{case}").text
    for role, status in ((UserRole.AUDITOR, 403), (UserRole.OPERATOR, 403), (UserRole.CLERK, 403)):
        with TestClient(application) as client:
            token = enter(client, f"prueba-{role.value}")
            assert client.post(f"/archivo/tramites/{case}", headers=token).status_code == status
    with house.database.reading() as session:
        query = select(AuditEventRow.actor).where(AuditEventRow.action == "archive.reveal")
        assert set(session.scalars(query)) == {"prueba-archivist"}


def test_every_datum_has_its_row_and_nobody_sees_nothing() -> None:
    assert set(TABLE) == {(datum, place) for datum in Datum for place in Place}
    assert all(view_of(None, *key) is View.NONE for key in TABLE)
    assert all(view_of(UserRole.OPERATOR, *key) is View.NONE for key in TABLE)
    assert show_datum("1712345675", Datum.IDENTITY, None) == "(reservado)"
    assert show_datum("", Datum.NAME, UserRole.AUDITOR) == ""


def test_the_forms_say_which_fields_are_personal() -> None:
    found = {
        (form.name, field.name): datum_of(field)
        for form in all_forms()
        for edition in form.editions
        for field in edition.value_fields
    }
    assert found["employer-request", "representative_id"] is Datum.IDENTITY
    assert found["employer-request", "business_name"] is None
    assert found["third-party-authorization", "authorized_name"] is Datum.NAME
    for form in all_forms():
        for field in form.current.value_fields:
            if {Check.IDENTITY, Check.EMAIL, Check.PHONE} & set(field.checks):
                assert datum_of(field) is not None, (form.name, field.name)


@given(st.text(alphabet="0123456789 EA,.-", max_size=60))
def test_a_masked_text_has_no_number_and_is_as_long(text: str) -> None:
    masked = mask_numbers(text)
    assert find_numbers(masked) == []
    assert len(masked) == len(text)
    assert mask_numbers(masked) == masked


def test_businesses_and_numbers_of_ours_are_not_masked() -> None:
    for text in (
        f"RUC {RUC}",
        "2026-000123-7",
        "planilla 2026-10-000123",
        "1768999990001",
        "8F3K-22QP-0001-9Z9Z",
    ):
        assert mask_numbers(text) == text
    assert mask_numbers("RUC 1712345675001") == "RUC ••••••••••001"
    assert mask_addresses("de ana@correo.example, hoy") == "de a•••@•••, hoy"


def formatted(record: logging.LogRecord) -> str:
    return MaskingFormatter().format(record)


def test_a_line_of_the_log_is_json_and_masked_wherever_a_number_begins() -> None:
    def break_off() -> None:
        raise ValueError(f"primera\n{REPRESENTATIVE[0]}\t{VISITOR.email}")

    try:
        break_off()
    except ValueError:
        told = sys.exc_info()
    words = ("prueba", logging.ERROR, "here.py", 1, "falló «%s»\n%s", ("ñ", REPRESENTATIVE[0]), told)
    line = formatted(logging.LogRecord(*words))
    assert "\n" not in line
    read = json.loads(line)
    assert (read["level"], read["logger"]) == ("error", "prueba")
    assert read["event"].startswith("falló «ñ»\n•")
    assert "Traceback" in read["exception"]
    assert REPRESENTATIVE[0] not in line
    assert VISITOR.email not in line


def test_logs_of_a_journey_name_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every logger at its most talkative, through a whole journey, a refused database and a failing page."""
    caplog.set_level(logging.DEBUG)
    house = open_demo_house(tmp_path, Clock())
    number = received_and_read(house)
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    application = make_application(house)
    with TestClient(application) as client:
        token = enter(client, f"{RUC}/0001")
        client.get("/portal", headers=token)
        client.get(f"/verificar?codigo={REPRESENTATIVE[0]}")
    log = logging.getLogger("prueba")
    try:
        with house.database.transaction() as session:
            given = {
                "name": REPRESENTATIVE[0],
                "display_name": REPRESENTATIVE[1],
                "role": KNOWN[Datum.CONTACT][0],
            }
            session.execute(insert(UserRow).values(**given, password_hash=None))
    except SQLAlchemyError:
        log.exception("refused for %s, %s", REPRESENTATIVE[0], VISITOR.email)
    lines = [formatted(record) for record in caplog.records]
    assert any("NOT NULL constraint failed" in line for line in lines)
    whole = "\n".join(lines)
    told = [value for values in KNOWN.values() for value in values if value in whole]
    assert told == []


def test_the_trail_keeps_tags_instead_of_numbers(house: House) -> None:
    find_documents(house, f"persona:{REPRESENTATIVE[0]}", "quien-busca")
    find_anything(house, REPRESENTATIVE[0], "quien-busca")
    with house.database.reading() as session:
        events = session.scalars(select(AuditEventRow).where(AuditEventRow.actor == "quien-busca")).all()
    assert [event.action for event in events] == ["archive.find", "desk.find"]
    for event in events:
        assert event.data == {"people": [person_tag(house, REPRESENTATIVE[0])]}
        assert REPRESENTATIVE[0] not in event.subject


def subject_of(house: House, person: str) -> SubjectData:
    found = view_subject(house, person, WHY, ARCHIVIST)
    assert isinstance(found, SubjectData), found
    return found


def test_a_person_learns_what_is_held_and_who_looked(house: House, case: str) -> None:
    find_documents(house, f"persona:{REPRESENTATIVE[0]}", "quien-busca")
    data = subject_of(house, REPRESENTATIVE[0])
    by_source = {fact.source for fact in data.facts}
    assert {"Registro de representantes", "Papel emitido", "Trámite"} <= by_source
    told = next(fact for fact in data.facts if fact.title == case).values
    assert REPRESENTATIVE[1] in told.values()
    whole = json.dumps([dict(fact.values) for fact in data.facts], ensure_ascii=False)
    for other in ("Toapanta", "Chimbo", "0100000017"):
        assert other not in whole, "other people in the same papers are not told of"
    assert KNOWN[Datum.CONTACT][0] in whole
    looks = {(access.actor, access.what) for access in data.accesses}
    assert ("quien-busca", "Buscó a esta persona en el archivo") in looks
    assert any(what == "Vio el trámite" for _, what in looks)
    again = subject_of(house, REPRESENTATIVE[0])
    assert again.accesses[0].what == "Vio lo que consta de esta persona"


def test_a_worker_on_a_sheet_is_found_with_the_own_line_only(house: House, case: str) -> None:
    data = subject_of(house, "0100000017")
    lines = [fact for fact in data.facts if fact.source == "Línea de planilla"]
    assert [fact.values["Nombre"] for fact in lines] == ["Rosa Elena Chimbo Andi"]
    assert "Sueldo" in lines[0].values
    assert any(fact.source == "Novedad" for fact in data.facts)
    assert case in {fact.title for fact in data.facts}


def test_the_copy_for_the_person_is_json_and_an_event(house: House) -> None:
    body = export_subject(house, REPRESENTATIVE[0], WHY, ARCHIVIST)
    assert isinstance(body, bytes)
    read = json.loads(body)
    assert read["titular"] == REPRESENTATIVE[0]
    assert {"fuente", "asunto", "fecha", "valores"} == set(read["datos"][0])
    assert read["accesos"]
    with house.database.reading() as session:
        query = select(AuditEventRow).where(AuditEventRow.action == "subject.export")
        for event in session.scalars(query):
            assert event.data["reason"] == WHY
            assert REPRESENTATIVE[0] not in str(event.data)


def test_only_the_archivist_asks_and_gives_a_reason(house: House) -> None:
    for role in UserRole:
        if role is not UserRole.ARCHIVIST:
            answer = view_subject(house, REPRESENTATIVE[0], WHY, User("otra", "Otra", role))
            assert isinstance(answer, Refusal)
    assert isinstance(view_subject(house, REPRESENTATIVE[0], " ", ARCHIVIST), Refusal)
    assert check_subject("1712345674")[0].code == "ID_CHECK_DIGIT"
    assert check_subject("E000451278") == ()


def test_the_command_writes_the_same_copy(tmp_path: Path) -> None:
    house = open_demo_house(tmp_path, Clock())
    received_and_read(house)
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    out = tmp_path / "copia.json"
    command = ["archive", "subject", REPRESENTATIVE[0], "--reason", WHY, "--out", str(out)]
    environment = {"VENTANILLA_DATA_DIR": str(tmp_path / "datos")}
    done = CliRunner().invoke(program, command, env=environment, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_bytes())["titular"] == REPRESENTATIVE[0]
    bad = CliRunner().invoke(program, [*command[:2], "1712345674", *command[3:]], env=environment)
    assert bad.exit_code == 2
