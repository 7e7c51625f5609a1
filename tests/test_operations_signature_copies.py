"""The same picture of a signature on another paper: the clerk is warned and shown both; nothing else is."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from litestar.testing import TestClient
from msgspec import UNSET
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from forms.problems import CATALOGUE
from forms.register import find_form
from generators.paper.files import encode
from generators.paper.ink import Pen, sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import print_page
from intake.readings import BatchReading, ProblemReading
from intake.task import SeenTrace
from operations.backup import make_backup
from operations.data_subjects import SubjectData, view_subject
from operations.demonstration_data import PASSWORD, REPRESENTATIVE
from operations.disposal import agree_disposal, propose_disposal
from operations.house import House, open_house
from operations.issuing import Issued, issue_form
from operations.package_contents import pack_case
from operations.reading import read_case
from operations.regenerating import regenerate_case
from operations.restore import Restored, restore_backup
from operations.settings import Settings
from operations.signature_copies import keep_traces
from operations.upgrading import BackupWish, Upgraded, upgrade_database
from operations.users import User, UserRole
from operations.window import view_case
from storage.schema import CaseRow
from storage.trace_tables import SignatureTraceRow
from tests.operations_samples import Clock, accepted, hand_in, issue_request
from web.application import make_application

ARCHIVIST = User("archivo", "Archivo", UserRole.ARCHIVIST)
SUPERVISOR = User("supervision", "Supervisión", UserRole.SUPERVISOR)
WHY = "Plazo cumplido según la tabla"
CODE = "SIGNATURE_SEEN_BEFORE"


def signed_scan(pdf: bytes, hand: int, scanner: int, form: str = "employer-request") -> bytes:
    """The paper with the signature that the number ``hand`` stands for, on the scanner ``scanner``."""
    known = find_form(form)
    assert known is not None
    box = known.current.signature_fields[0].box
    sheet = sign(print_page(pdf), box, np.random.default_rng(hand), pen=Pen(0.5, 50), hand="ringed")
    random = np.random.default_rng(scanner)
    machine = Scanner(dpi=200 + 100 * (scanner % 2), rotation_deg=float(random.uniform(-2, 2)), noise_sigma=5)
    return encode([scan(sheet, machine, random)], "pdf", machine.dpi, 85)


def read(house: House, *scans: bytes) -> str:
    number = hand_in(house, *((f"escaneo-{place}.pdf", data) for place, data in enumerate(scans)))
    read_case(house, number)
    return number


def warnings(house: House, number: str) -> list[ProblemReading]:
    reading = view_case(house, number, "ventanilla").reading
    assert reading is not None
    return [found for document in reading.documents for found in document.problems if found.code == CODE]


def traces(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(SignatureTraceRow)) or 0


def test_the_same_signature_on_two_papers_is_told_with_the_earlier_number(house: House) -> None:
    first, second = issue_request(house), issue_request(house)
    earlier = read(house, signed_scan(first.pdf, 3, 1))
    assert warnings(house, earlier) == []
    later = read(house, signed_scan(second.pdf, 3, 2))
    (found,) = warnings(house, later)
    assert found.severity == CATALOGUE[CODE].severity.value == "warning"
    assert first.document in found.message
    assert earlier in found.message
    assert found.field == "representative_signature"
    view = view_case(house, later, "ventanilla")
    assert view.reading is not None
    assert [document.outcome for document in view.reading.documents] == ["review"]
    (copy,) = view.copies
    pictures = {row.id for row in view.documents if row.kind == "page-straight"}
    assert copy.own.picture in pictures
    earlier_view = view_case(house, earlier, "ventanilla")
    assert copy.earlier.picture in {row.id for row in earlier_view.documents if row.kind == "page-straight"}
    assert copy.case == earlier
    assert earlier_view.copies == ()
    assert accepted(house, later) == (), "a warning to look, never a refusal"


def test_the_same_paper_scanned_again_is_no_copy(house: House) -> None:
    paper = issue_request(house)
    read(house, signed_scan(paper.pdf, 3, 1))
    again = read(house, signed_scan(paper.pdf, 3, 2), signed_scan(paper.pdf, 3, 4))
    assert warnings(house, again) == []
    assert traces(house) == 2, "one of each case: of a page that came twice the first counts"


def test_another_signature_is_no_copy(house: House) -> None:
    read(house, signed_scan(issue_request(house).pdf, 3, 1))
    for hand in (4, 5):
        assert warnings(house, read(house, signed_scan(issue_request(house).pdf, hand, 2))) == []


def test_a_case_that_is_read_again_is_not_held_against_later_ones(house: House) -> None:
    first, second = issue_request(house), issue_request(house)
    earlier = read(house, signed_scan(first.pdf, 3, 1))
    later = read(house, signed_scan(second.pdf, 3, 2))
    kept = traces(house)
    with house.database.transaction() as session:
        session.get_one(CaseRow, earlier).state = "reading"
        session.get_one(CaseRow, later).state = "reading"
    read_case(house, earlier)
    read_case(house, later)
    assert warnings(house, earlier) == []
    assert len(warnings(house, later)) == 1
    assert traces(house) == kept


def test_two_papers_of_one_case_may_not_share_a_picture_either(house: House) -> None:
    form = find_form("third-party-authorization")
    assert form is not None
    request = issue_request(house)
    values = {
        "ruc": "1790010937001",
        "branch": "0001",
        "business_name": "ALIMENTOS ANDINA S.A.",
        "grantor_name": REPRESENTATIVE[1],
        "grantor_id_kind": "cedula",
        "grantor_id": REPRESENTATIVE[0],
        "authorized_name": "Rosa Elena Chimbo Andi",
        "authorized_id_kind": "cedula",
        "authorized_id": "0100000017",
        "procedure": "Regeneración de planillas de aportes",
        "valid_from": "2026-11-20",
        "valid_until": "2026-11-27",
        "place": "Quito",
        "date": "2026-11-20",
    }
    issued = issue_form(house, form.current, values, "prueba")
    assert isinstance(issued, Issued), issued
    number = read(
        house,
        signed_scan(request.pdf, 3, 1),
        signed_scan(issued.pdf, 3, 2, "third-party-authorization"),
    )
    (found,) = warnings(house, number)
    assert request.document in found.message


def test_a_paper_without_number_may_be_the_same_brought_again(house: House) -> None:
    first = read(house, signed_scan(issue_request(house).pdf, 3, 1))
    other = read(house, issue_request(house).pdf)  # never on paper: it has no trace of its own
    own, others = without_numbers(house, first), without_numbers(house, other)
    with house.database.transaction() as session:
        trace = session.scalars(select(SignatureTraceRow.trace)).one()
        cases = [session.get_one(CaseRow, number) for number in (first, other)]
        kept = SeenTrace("escaneo-0.pdf", 1, 0, "representative_signature", trace)
        # Nothing tells whether it is another paper, within one case.
        assert keep_traces(session, cases[0], own, [kept], house.now())[1] == []
        batch, told = keep_traces(session, cases[1], others, [kept], house.now())
    assert [each["case"] for each in told] == [first]
    (found,) = [found for found in batch.documents[0].problems if found.code == CODE]
    assert "el mismo papel" in found.message


def without_numbers(house: House, number: str) -> BatchReading:
    reading = view_case(house, number, "prueba").reading
    assert reading is not None
    documents = tuple(msgspec.structs.replace(each, document=UNSET) for each in reading.documents)
    return msgspec.structs.replace(reading, documents=documents)


def archived(house: House, hand: int) -> str:
    number = read(house, signed_scan(issue_request(house).pdf, hand, 1))
    assert accepted(house, number) == ()
    regenerate_case(house, number)
    return number


def test_a_trace_ends_with_its_paper_and_not_before(house: House, clock: Clock) -> None:
    number = archived(house, 3)
    later = read(house, signed_scan(issue_request(house).pdf, 3, 2))
    assert len(view_case(house, later, "ventanilla").copies) == 1
    assert traces(house) == 2
    for statement in ("DELETE FROM signature_traces", "UPDATE signature_traces SET slender = 0"):
        with (
            pytest.raises(DatabaseError, match="traces of signatures"),
            house.database.transaction() as session,
        ):
            session.execute(text(statement))
    clock.pass_time(days=16 * 365.25)
    disposal = propose_disposal(house, [number], WHY, ARCHIVIST)
    assert isinstance(disposal, str)
    assert agree_disposal(house, disposal, WHY, SUPERVISOR) is None
    with house.database.reading() as session:
        assert session.scalars(select(SignatureTraceRow.case_number)).all() == [later]
    assert view_case(house, later, "ventanilla").copies == (), "what is gone is not shown"
    assert len(warnings(house, later)) == 1, "what was read stays as it was read"


def test_the_person_is_told_that_a_trace_is_kept(house: House) -> None:
    archived(house, 3)
    data = view_subject(house, REPRESENTATIVE[0], "Solicitud del titular 2026-14", ARCHIVIST)
    assert isinstance(data, SubjectData)
    (fact,) = [fact for fact in data.facts if fact.source == "Trazo de la firma"]
    assert "reconocer la misma imagen" in fact.values["Sirve para"]


def test_a_backup_has_the_traces_and_a_package_has_not(house: House, tmp_path: Path) -> None:
    number = archived(house, 3)
    with house.database.reading() as session:
        kept = session.scalars(select(SignatureTraceRow.trace)).all()
        assert "signature_traces" not in pack_case(session, number).rows
    backup = make_backup(house, tmp_path / "respaldo.tar", "operador")
    target = Settings(data_dir=tmp_path / "restaurado")
    restored = restore_backup(target, backup.path, "operador")
    assert isinstance(restored, Restored), restored
    assert restored.failures == []
    other = open_house(target)
    with other.database.reading() as session:
        assert session.scalars(select(SignatureTraceRow.trace)).all() == kept
    other.database.engine.dispose()
    other.jobs.engine.dispose()


def test_an_older_database_gets_the_table_with_its_upgrade(house: House, clock: Clock) -> None:
    with house.database.transaction() as session:
        session.execute(text("DROP TABLE signature_traces"))
        session.execute(text("UPDATE schema_version SET version = 2"))
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    done = upgrade_database(house.settings, "consola", BackupWish(None, None, False), lambda *_: None)
    assert isinstance(done, Upgraded)
    again = open_house(house.settings, clock)
    earlier = read(again, signed_scan(issue_request(again).pdf, 3, 1))
    later = read(again, signed_scan(issue_request(again).pdf, 3, 2))
    assert earlier in warnings(again, later)[0].message
    again.database.engine.dispose()
    again.jobs.engine.dispose()


def test_the_clerk_sees_both_signatures_side_by_side(house: House) -> None:
    earlier = read(house, signed_scan(issue_request(house).pdf, 3, 1))
    later = read(house, signed_scan(issue_request(house).pdf, 3, 2))
    (copy,) = view_case(house, later, "ventanilla").copies
    with TestClient(make_application(house)) as client:
        client.get("/acceso")
        token = {"x-csrftoken": client.cookies["csrftoken"]}
        client.post("/acceso", data={"usuario": "ventanilla", "clave": PASSWORD}, headers=token)
        page = client.get(f"/ventanilla/tramites/{later}").text
        section = page[page.index("Firma ya vista") :]
        for crop in (copy.own, copy.earlier):
            assert f"/ventanilla/documentos/{crop.picture}" in section
            assert client.get(f"/ventanilla/documentos/{crop.picture}").status_code == 200
        assert f"/ventanilla/tramites/{earlier}" in section
        assert "Firma ya vista" not in client.get(f"/ventanilla/tramites/{earlier}").text
