"""What an employer does in the portal: by the window's conditions, on its own sheets, all or nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forms.register import find_form
from operations.annulments import annul_fund_sheet, annul_receipt
from operations.branch_sheets import NotYoursError, SheetView, list_branch_sheets, view_sheet
from operations.casework import Refusal
from operations.demonstration_data import FOREIGN_RUC, FOREIGNER, PUBLIC_RUC, RUC
from operations.drafts import draw_draft, drop_draft, find_draft, keep_draft
from operations.house import House
from operations.issuing import Issued, issue_form
from operations.novedad_registry import Registered, Trial, register_entry, register_file, try_entry
from operations.proposals import propose_values
from operations.revocations import find_revocation, revoke
from operations.users import User, UserRole
from operations.verification import verify_audit
from regeneration.novedad_entries import COLUMNS
from regeneration.novedades import NovedadType
from storage.schema import NovedadRow, ReceiptRow
from tests.operations_samples import Clock, codes, open_demo_house

PUBLIC = User(f"{PUBLIC_RUC}/0001", "Agua", UserRole.EMPLOYER, PUBLIC_RUC, "0001")
OTHER = User(f"{FOREIGN_RUC}/0001", "Flores", UserRole.EMPLOYER, FOREIGN_RUC, "0001")
SHEET, FUND = "2026-10-000223", "2026-10-000224"
NEW_WAGE = {"type": "MSU", "id_number": "0960000016", "effective": "15/10/2026", "wage": "650,00"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_demo_house(tmp_path, Clock())
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def missing(view: SheetView) -> set[str]:
    return {check.code for check in view.checks if not check.passed}


def count_novedades(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(NovedadRow)) or 0


def test_the_checklist_fills_itself_as_the_employer_goes_on(house: House) -> None:
    view = view_sheet(house, PUBLIC, SHEET)
    assert missing(view) == {
        "RECEIPT_NOT_ANNULLED",
        "RESERVE_FUND_RECEIPT_NOT_ANNULLED",
        "RESERVE_FUND_SHEET_NOT_ANNULLED",
        "NOVEDAD_NOT_REGISTERED",
    }
    assert not view.may_ask
    assert isinstance(register_entry(house, PUBLIC, SHEET, NEW_WAGE), Registered)
    refusal = annul_fund_sheet(house, PUBLIC, FUND)
    assert isinstance(refusal, Refusal)
    assert "223-FR" in refusal.message, "the receipts come first"
    for receipt in ("223-AP", "223-FR"):
        assert annul_receipt(house, PUBLIC, receipt) is None
    assert missing(view_sheet(house, PUBLIC, SHEET)) == {"RESERVE_FUND_SHEET_NOT_ANNULLED"}
    assert annul_fund_sheet(house, PUBLIC, FUND) is None
    view = view_sheet(house, PUBLIC, SHEET)
    assert view.may_ask
    assert view.sheet.state.value == "generated", "without its receipt it is «con comprobante» no more"
    (summary,) = [each for each in list_branch_sheets(house, PUBLIC) if each.sheet.number == SHEET]
    assert summary.missing == ()
    assert verify_audit(house).first_broken is None


def test_what_was_annulled_or_paid_is_not_annulled_again(house: House) -> None:
    assert annul_receipt(house, PUBLIC, "223-AP") is None
    again = annul_receipt(house, PUBLIC, "223-AP")
    assert isinstance(again, Refusal)
    assert "anulado" in again.message
    with house.database.transaction() as session:
        session.get_one(ReceiptRow, "223-FR").state = "cancelled"
    paid = annul_receipt(house, PUBLIC, "223-FR")
    assert isinstance(paid, Refusal)
    assert "cancelado (pagado)" in paid.message


def test_nobody_touches_what_is_anothers(house: House) -> None:
    acts = (
        lambda: view_sheet(house, OTHER, SHEET),
        lambda: annul_receipt(house, OTHER, "223-AP"),
        lambda: annul_receipt(house, OTHER, "no-existe"),
        lambda: annul_fund_sheet(house, OTHER, FUND),
        lambda: annul_fund_sheet(house, PUBLIC, SHEET),
        lambda: try_entry(house, OTHER, SHEET, NEW_WAGE),
        lambda: register_entry(house, OTHER, SHEET, NEW_WAGE),
        lambda: register_file(house, OTHER, SHEET, b"tipo;cedula;fecha\r\n"),
        lambda: register_entry(house, PUBLIC, FUND, NEW_WAGE),
        lambda: view_sheet(house, dataclasses.replace(PUBLIC, branch="0002"), SHEET),
    )
    for act in acts:
        with pytest.raises(NotYoursError):
            act()
    assert missing(view_sheet(house, PUBLIC, SHEET)) >= {"RECEIPT_NOT_ANNULLED", "NOVEDAD_NOT_REGISTERED"}


def test_a_novedad_is_tried_before_it_is_registered(house: House) -> None:
    before = count_novedades(house)
    trial = try_entry(house, PUBLIC, SHEET, NEW_WAGE)
    assert trial.passes
    assert trial.before is not None
    assert trial.after is not None
    # 100.00 more of wages for the public regime's total rate of the month.
    assert Decimal("15.00") < trial.after - trial.before < Decimal("25.00")
    assert count_novedades(house) == before
    made = register_entry(house, PUBLIC, SHEET, NEW_WAGE)
    assert isinstance(made, Registered)
    (novedad,) = made.novedades
    assert (novedad.type, novedad.registered_by) == (NovedadType.NEW_WAGE, PUBLIC.name)
    assert novedad.registered == date(2026, 11, 23)
    assert view_sheet(house, PUBLIC, SHEET).expected.sheet.totals is not None
    assert view_sheet(house, PUBLIC, SHEET).expected.sheet.totals.total == trial.after  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (NEW_WAGE | {"wage": ""}, "FIELD_MISSING"),
        (NEW_WAGE | {"wage": "1.234,56"}, "FIELD_FORMAT"),
        (NEW_WAGE | {"effective": "31/02/2026"}, "FIELD_FORMAT"),
        (NEW_WAGE | {"id_number": "960000016"}, "FIELD_FORMAT"),
        (NEW_WAGE | {"id_number": "0100000017"}, "NOVEDAD_INVALID"),
        (NEW_WAGE | {"effective": "2026-08-01"}, "NOVEDAD_EXTEMPORANEOUS"),
        (NEW_WAGE | {"cancels": "N99"}, "NOVEDAD_INVALID"),
        ({"type": "XXX"}, "FIELD_FORMAT"),
        (NEW_WAGE | {"type": "SAL", "cause": "Z"}, "FIELD_FORMAT"),
    ],
)
def test_a_wrong_novedad_is_refused_with_its_reason(house: House, texts: dict[str, str], code: str) -> None:
    before = count_novedades(house)
    answer = register_entry(house, PUBLIC, SHEET, texts)
    assert isinstance(answer, Trial)
    assert code in codes(answer.problems)
    assert count_novedades(house) == before


def test_a_wrong_novedad_can_be_corrected_by_another(house: House) -> None:
    first = register_entry(house, PUBLIC, SHEET, NEW_WAGE)
    assert isinstance(first, Registered)
    again = register_entry(house, PUBLIC, SHEET, NEW_WAGE)
    assert isinstance(again, Trial), "the same person's wage of the same day twice"
    number = first.novedades[0].id
    assert number is not None
    right = register_entry(house, PUBLIC, SHEET, NEW_WAGE | {"wage": "620", "cancels": number})
    assert isinstance(right, Registered)
    expected = view_sheet(house, PUBLIC, SHEET).expected.sheet
    assert next(line.reference_wage for line in expected.lines if line.id_number == "0960000016") == 620


HEADERS_OF = {column.name: column.header for column in COLUMNS}
SECOND_JOB = {
    "type": "ENT",
    "id_number": "0960000016",
    "name": "PERSONA CON DOS RELACIONES",
    "effective": "2026-10-12",
    "wage": "900.00",
    "relation": "109",
}


@pytest.mark.parametrize(
    "more",
    [
        {"type": "SAL", "cause": "V"},
        {"type": "MSU", "wage": "950.00"},
        {"type": "INS", "amount": "35.50"},
        {"type": "LIC", "until": "2026-10-25"},
    ],
)
def test_who_has_two_relations_is_asked_which(house: House, more: dict[str, str]) -> None:
    assert isinstance(register_entry(house, PUBLIC, SHEET, SECOND_JOB), Registered)
    novedad = {"id_number": "0960000016", "effective": "2026-10-20"} | more
    asked = register_entry(house, PUBLIC, SHEET, novedad)
    assert isinstance(asked, Trial)
    (problem,) = asked.problems
    assert problem.field == "relation"
    assert "(06, 109): indique cuál" in problem.message
    said = register_entry(house, PUBLIC, SHEET, novedad | {"relation": "109"})
    assert isinstance(said, Registered), said
    names = [HEADERS_OF[name] for name in (*novedad, "relation")]
    row = [*novedad.values(), "06"]
    text = ";".join(names) + "\r\n" + ";".join(row) + "\r\n"
    assert isinstance(register_file(house, PUBLIC, SHEET, text.encode()), Registered)
    first, second = (
        line
        for line in view_sheet(house, PUBLIC, SHEET).expected.sheet.lines
        if line.id_number == "0960000016"
    )
    assert {first.relation, second.relation} == {"06", "109"}


def test_a_change_of_one_of_two_relations_says_which(house: House) -> None:
    assert isinstance(register_entry(house, PUBLIC, SHEET, SECOND_JOB), Registered)
    change = {"type": "REL", "id_number": "0960000016", "effective": "2026-10-20", "relation": "53"}
    asked = register_entry(house, PUBLIC, SHEET, change)
    assert isinstance(asked, Trial)
    assert [found.field for found in asked.problems] == ["previous_relation"]
    file = "tipo;cedula;fecha;relacion;relacion_anterior\r\nREL;0960000016;2026-10-20;53;06\r\n"
    assert isinstance(register_file(house, PUBLIC, SHEET, file.encode()), Registered)
    lines = view_sheet(house, PUBLIC, SHEET).expected.sheet.lines
    assert {line.relation for line in lines if line.id_number == "0960000016"} == {"53", "109"}


FILE = (
    "tipo;cedula;fecha;sueldo;relacion;nombre;causa\r\n"
    "ENT;0100000017;10/10/2026;482,00;06;CHIMBO ROSA;\r\n"
    "MSU;0960000016;2026-10-15;650.00;;;\r\n"
    "SAL;2400000010;2026-10-25;;;;V\r\n"
)


def test_a_file_of_many_is_registered_whole(house: House) -> None:
    made = register_file(house, PUBLIC, SHEET, FILE.encode("cp1252"))
    assert isinstance(made, Registered), made
    assert [each.id for each in made.novedades] == [f"N{place}" for place in (1, 2, 3)]
    assert view_sheet(house, PUBLIC, SHEET).expected.outcome.value == "rebuilt"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE.replace("650.00", "seiscientos"), "Línea 3 del archivo de novedades: sueldo:"),
        (FILE.replace("0960000016", "960000016"), "¿se perdió un cero inicial?"),
        (FILE.replace(";causa", ";motivo"), "Línea 1"),
        (FILE.replace("SAL;2400000010", "SAL;1760000007"), "Línea 4"),
        (FILE + "ENT;0100000017\r\n", "tiene 2 columnas"),
        (FILE.replace("2026-10-15", "2026-06-15"), "45"),
        ("", "la primera línea nombra las columnas"),
        ("tipo;cedula;fecha\r\n", "no tiene novedades"),
    ],
)
def test_one_wrong_line_registers_nothing(house: House, text: str, said: str) -> None:
    before = count_novedades(house)
    answer = register_file(house, PUBLIC, SHEET, text.encode())
    assert isinstance(answer, Trial)
    assert any(said in found.message for found in answer.problems), [p.message for p in answer.problems]
    assert count_novedades(house) == before


def test_the_institutes_batch_file_is_taken_too(house: House) -> None:
    line = f"{PUBLIC_RUC};0001;2026;10;SAL;0960000016;20261020;V;00000000\r\n"
    made = register_file(house, PUBLIC, SHEET, line.encode())
    assert isinstance(made, Registered), made
    assert made.novedades[0].registered_by == PUBLIC.name
    other = line.replace(PUBLIC_RUC, RUC)
    answer = register_file(house, PUBLIC, SHEET, other.encode())
    assert isinstance(answer, Trial)
    assert "es de otra planilla" in answer.problems[0].message


def test_two_who_register_the_same_at_once_register_it_once(house: House) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: register_entry(house, PUBLIC, SHEET, NEW_WAGE), range(4)))
    assert sum(isinstance(answer, Registered) for answer in answers) == 1


def test_the_request_knows_the_sheet_and_its_novedades(house: House) -> None:
    form = find_form("employer-request")
    assert form is not None
    assert isinstance(register_file(house, PUBLIC, SHEET, FILE.encode()), Registered)
    values = propose_values(house, PUBLIC, form, sheet_number=SHEET)
    assert (values["period"], values["sheet_number"]) == ("2026-10", SHEET)
    assert "0100000017" in values["petition"]
    foreign = propose_values(house, OTHER, form)
    assert (foreign["representative_id_kind"], foreign["representative_id"]) == (
        "foreigner-code",
        FOREIGNER[0],
    )
    issued = issue_form(house, form.current, values | {"place": "Quito"}, PUBLIC.name)
    assert isinstance(issued, Issued), issued
    with pytest.raises(NotYoursError):
        propose_values(house, OTHER, form, sheet_number=SHEET)


def test_unlikely_values_are_issued_with_a_warning(house: House) -> None:
    form = find_form("employer-request")
    assert form is not None
    values = propose_values(house, PUBLIC, form) | {
        "petition": "Pido regenerar la planilla.",
        "place": "Quito",
    }
    unlikely = {"date": "1900-01-01", "period": "2099-12", "sheet_number": "2026/10/000123 #!"}
    issued = issue_form(house, form.current, values | unlikely, PUBLIC.name)
    assert isinstance(issued, Issued), issued
    warned = {"DATE_UNLIKELY", "PERIOD_UNLIKELY", "SHEET_NUMBER_UNLIKELY"}
    assert warned <= {found.code for found in issued.problems}


def test_a_petition_that_does_not_fit_is_shortened_and_never_cut(house: House) -> None:
    form = find_form("employer-request")
    assert form is not None
    people = ["0960000016", "1710034065"]
    assert isinstance(register_file(house, PUBLIC, SHEET, FILE.encode()), Registered)
    extra = "tipo;cedula;fecha;valor\r\n" + "".join(f"INS;{each};2026-10-12;20.00\r\n" for each in people)
    assert isinstance(register_file(house, PUBLIC, SHEET, extra.encode()), Registered)
    petition = propose_values(house, PUBLIC, form, sheet_number=SHEET)["petition"]
    assert petition.endswith(f"Solicito que se regenere la planilla de aportes {SHEET} de octubre de 2026.")
    assert "5 novedades" in petition


def test_a_draft_is_kept_and_drawn_and_dropped(house: House) -> None:
    form = find_form("employer-request")
    assert form is not None
    assert find_draft(house, PUBLIC, form) is None
    typed = {"place": "Quito", "petition": "x" * 9_000, "ruc": "no es un RUC", "unknown": "1", "phone": " "}
    keep_draft(house, PUBLIC, form, typed)
    draft = find_draft(house, PUBLIC, form)
    assert draft is not None
    assert set(draft.values) == {"place", "petition", "ruc"}
    assert find_draft(house, OTHER, form) is None
    picture = draw_draft(form.current, draft.values)
    assert picture.startswith(b"\x89PNG")
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: draw_draft(form.current, draft.values), range(8))) == {picture}
    drop_draft(house, PUBLIC, form)
    drop_draft(house, PUBLIC, form)
    assert find_draft(house, PUBLIC, form) is None


def test_a_revoked_paper_is_known_at_once_and_only_once(house: House) -> None:
    form = find_form("third-party-authorization")
    assert form is not None
    values = propose_values(house, PUBLIC, form) | {
        "authorized_name": "Rosa Chimbo",
        "authorized_id": "0100000017",
        "place": "Quito",
    }
    issued = issue_form(house, form.current, values, PUBLIC.name)
    assert isinstance(issued, Issued), issued
    with pytest.raises(NotYoursError):
        revoke(house, OTHER, issued.document)
    assert revoke(house, PUBLIC, issued.document) is None
    assert isinstance(revoke(house, PUBLIC, issued.document), Refusal)
    with house.database.reading() as session:
        assert find_revocation(session, [issued.document]) == date(2026, 11, 23)
        assert find_revocation(session, []) is None
