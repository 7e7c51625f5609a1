"""Preconditions and eligibility, each by its own code, and a record in order that passes them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from forms.problems import Severity
from regeneration.annulment_order import annulment_steps
from regeneration.eligibility import EmployerRecord, Representative, check_authorization, check_employer
from regeneration.exchange import novedades_from_json, sheet_from_json
from regeneration.preconditions import (
    GALAPAGOS,
    TITLES,
    Check,
    Override,
    PeriodRecord,
    gather_problems,
    preconditions,
)
from regeneration.sheets import Receipt, ReceiptState, SheetState

ON = date(2026, 10, 2)
NOON = datetime(2026, 10, 2, 17, tzinfo=UTC)
SHEET = sheet_from_json(
    {
        "ruc": "1799999990001",
        "branch": "0001",
        "period": "2026-09",
        "type": "contributions",
        "number": "2026-09-000123",
        "regime": "private",
        "state": "generated",
        "lines": [{"id_number": "1712345675", "relation": "06", "wage": "550.00", "days": 30}],
    }
)
FUND = replace(SHEET, state=SheetState.ANNULLED, number="2026-09-000124")
ANNULLED = (Receipt("1", ReceiptState.ANNULLED, NOON),)
ALIVE = (Receipt("1", ReceiptState.GENERATED),)
NOVEDADES = novedades_from_json(
    [
        {
            "type": "MSU",
            "id_number": "1712345675",
            "effective": "2026-09-10",
            "registered": "2026-10-02",
            "wage": "600.00",
        }
    ]
)
RECORD = PeriodRecord(SHEET, ANNULLED, FUND, ANNULLED, NOON, novedades=NOVEDADES)
REQUEST = {
    "ruc": "1799999990001",
    "branch": "0001",
    "period": "2026-09",
    "sheet_type": "contributions",
    "business_name": "ANDINA S.A.",
    "representative_id": "1712345675",
    "representative_name": "Ana",
}
EMPLOYER = EmployerRecord(
    "1799999990001",
    "Andina S.A.",
    frozenset({"0001"}),
    (Representative("1712345675", "ANA", date(2020, 1, 1)),),
)


def test_a_record_in_order_passes_every_check() -> None:
    checks = preconditions(REQUEST, RECORD, ON)
    assert all(check.passed for check in checks), checks
    assert check_employer(REQUEST, EMPLOYER, ON) == ()


@pytest.mark.parametrize(
    ("code", "record"),
    [
        ("SHEET_UNKNOWN", replace(RECORD, sheet=None)),
        ("SHEET_PAID", replace(RECORD, receipts=(Receipt("1", ReceiptState.CANCELLED),))),
        ("SHEET_PAID", replace(RECORD, receipts=(Receipt("1", ReceiptState.DEPOSITED),))),
        ("RECEIPT_NOT_ANNULLED", replace(RECORD, receipts=ALIVE)),
        ("RESERVE_FUND_RECEIPT_NOT_ANNULLED", replace(RECORD, reserve_fund_receipts=ALIVE)),
        (
            "RESERVE_FUND_SHEET_NOT_ANNULLED",
            replace(RECORD, reserve_fund_sheet=replace(FUND, state=SheetState.GENERATED)),
        ),
        ("RESERVE_FUND_SHEET_NOT_ANNULLED", replace(RECORD, reserve_fund_sheet=None)),
        ("SHEET_NOT_REBUILDABLE", replace(RECORD, sheet=replace(SHEET, state=SheetState.REPLACED))),
        ("SHEET_NOT_REBUILDABLE", replace(RECORD, sheet=replace(SHEET, state=SheetState.ANNULLED))),
        ("NOVEDAD_NOT_REGISTERED", replace(RECORD, novedades=())),
        (
            "NOVEDAD_NOT_REGISTERED",
            replace(RECORD, novedades=(replace(NOVEDADES[0], registered=date(2026, 10, 3)),)),
        ),
        (
            "NOVEDAD_EXTEMPORANEOUS",
            replace(RECORD, novedades=(replace(NOVEDADES[0], effective=date(2026, 8, 17)),)),
        ),
    ],
)
def test_what_is_missing_has_its_own_code(code: str, record: PeriodRecord) -> None:
    assert code in {found.code for found in gather_problems(preconditions(REQUEST, record, ON))}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("RUC_UNKNOWN", {"ruc": "1799999982001"}),
        ("BRANCH_UNKNOWN", {"branch": "0009"}),
        ("BUSINESS_NAME_MISMATCH", {"business_name": "OTRA S.A."}),
        ("REPRESENTATIVE_MISMATCH", {"representative_id": "0100000017"}),
    ],
)
def test_what_the_register_does_not_confirm_has_its_own_code(code: str, change: dict[str, str]) -> None:
    assert code in {found.code for found in check_employer(REQUEST | change, EMPLOYER, ON)}


def the_check(code: str, record: PeriodRecord, on: date = ON, **more: Any) -> Check:
    (found,) = [check for check in preconditions(REQUEST, record, on, **more) if check.code == code]
    return found


def test_each_demand_is_a_line_of_its_own_and_green_when_met() -> None:
    checks = preconditions(REQUEST, RECORD, ON)
    assert [check.code for check in checks] == list(TITLES)
    assert [check.title for check in checks] == list(TITLES.values())


@pytest.mark.parametrize("state", [ReceiptState.CANCELLED, ReceiptState.DEPOSITED])
def test_that_a_sheet_is_paid_is_asked_of_its_receipts_and_not_of_its_own_state(state: ReceiptState) -> None:
    record = replace(
        RECORD, sheet=replace(SHEET, state=SheetState.GENERATED), receipts=(Receipt("7", state),)
    )
    assert the_check("SHEET_PAID", record).problems[0].message.count("7")
    stale = replace(RECORD, sheet=replace(SHEET, state=SheetState.WITH_RECEIPT))
    assert the_check("SHEET_NOT_REBUILDABLE", stale).passed


def test_proved_absence_of_a_reserve_fund_sheet_passes() -> None:
    record = replace(
        RECORD, reserve_fund_sheet=None, reserve_fund_receipts=(), reserve_fund_absence_proved=True
    )
    assert all(check.passed for check in preconditions(REQUEST, record, ON))


def test_45_days_are_in_time_and_46_are_not() -> None:
    for effective, passed in ((date(2026, 8, 18), True), (date(2026, 8, 17), False)):
        record = replace(RECORD, novedades=(replace(NOVEDADES[0], effective=effective),))
        assert the_check("NOVEDAD_EXTEMPORANEOUS", record).passed is passed


OTHER_DAY = datetime(2026, 10, 1, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "record",
    [
        replace(RECORD, receipts=(Receipt("1", ReceiptState.ANNULLED, OTHER_DAY),)),
        replace(RECORD, reserve_fund_receipts=(Receipt("1", ReceiptState.ANNULLED, OTHER_DAY),)),
        replace(RECORD, reserve_fund_annulled_at=OTHER_DAY),
        replace(RECORD, reserve_fund_annulled_at=None),
        replace(RECORD, receipts=(Receipt("1", ReceiptState.ANNULLED, None),)),
    ],
)
def test_an_annulment_of_another_day_stops_unless_a_supervisor_admits_it(record: PeriodRecord) -> None:
    code = "ANNULLED_ON_ANOTHER_DAY"
    assert not the_check(code, record).passed
    admitted = the_check(code, record, override=Override("ana", "anulación resuelta por la provincia"))
    assert admitted.passed
    assert [found.severity for found in admitted.problems] == [Severity.WARNING]
    without = preconditions(REQUEST, record, ON, same_day_rule=False)
    assert code not in {check.code for check in without}
    assert all(check.passed for check in without)


def test_an_older_receipt_may_have_been_annulled_on_any_day() -> None:
    receipts = (Receipt("1", ReceiptState.ANNULLED, OTHER_DAY), *ANNULLED)
    assert the_check("ANNULLED_ON_ANOTHER_DAY", replace(RECORD, receipts=receipts)).passed


def test_the_day_is_that_of_the_office() -> None:
    late = datetime(2026, 10, 3, 5, 30, tzinfo=UTC)  # the 3rd in Quito, the 2nd in Galápagos
    at = replace(RECORD, receipts=(Receipt("1", ReceiptState.ANNULLED, late),))
    assert not the_check("ANNULLED_ON_ANOTHER_DAY", at).passed
    assert the_check("ANNULLED_ON_ANOTHER_DAY", replace(at, zone=GALAPAGOS)).passed


def test_a_natural_person_is_a_warning_that_does_not_stop() -> None:
    sheet = replace(SHEET, ruc="1712345675001")
    checks = preconditions(REQUEST | {"ruc": "1712345675001"}, replace(RECORD, sheet=sheet), ON)
    (check,) = [each for each in checks if each.code == "RUC_NOT_ELIGIBLE"]
    assert check.passed
    assert [found.severity for found in check.problems] == [Severity.WARNING]


def test_who_got_the_order_wrong_is_told_the_three_steps() -> None:
    alive = replace(
        RECORD,
        reserve_fund_receipts=(Receipt("88", ReceiptState.GENERATED),),
        reserve_fund_sheet=replace(FUND, state=SheetState.GENERATED),
    )
    receipts, sheet, request = annulment_steps(alive, ON)
    assert (receipts.done, sheet.done, request.done) == (False, False, False)
    assert "comprobante 88 está «generado»" in receipts.detail
    assert "después del paso 1" in sheet.detail
    assert "pasos 1 y 2" in request.detail


def test_the_steps_of_a_record_in_order_are_done() -> None:
    assert all(step.done for step in annulment_steps(RECORD, ON))
    nobody = replace(RECORD, receipts=(), reserve_fund_receipts=(), reserve_fund_sheet=None)
    assert not annulment_steps(nobody, ON)[1].done
    assert all(step.done for step in annulment_steps(replace(nobody, reserve_fund_absence_proved=True), ON))


def test_a_step_done_on_another_day_says_which() -> None:
    record = replace(RECORD, reserve_fund_annulled_at=OTHER_DAY)
    receipts, sheet, _ = annulment_steps(record, ON)
    assert receipts.done
    assert not sheet.done
    assert "1 de octubre de 2026" in sheet.detail


def test_a_representative_who_left_is_not_current() -> None:
    gone = Representative("1712345675", "ANA", date(2020, 1, 1), date(2026, 10, 1))
    record = replace(EMPLOYER, representatives=(gone,))
    assert [found.code for found in check_employer(REQUEST, record, ON)] == ["REPRESENTATIVE_NOT_CURRENT"]
    assert check_employer(REQUEST, record, date(2026, 10, 1)) == ()
    coming = replace(EMPLOYER, representatives=(Representative("1712345675", "ANA", date(2026, 10, 3)),))
    assert [found.code for found in check_employer(REQUEST, coming, ON)] == ["REPRESENTATIVE_NOT_CURRENT"]


AUTHORIZATION = {
    "ruc": "1799999990001",
    "branch": "0001",
    "grantor_id_kind": "cedula",
    "grantor_id": "1712345675",
    "authorized_id": "0100000017",
    "procedure": "Regeneración de planillas de aportes",
    "valid_from": "2026-10-01",
    "valid_until": "2026-10-31",
}
ASKED = REQUEST | {"representative_id_kind": "cedula"}


def test_the_representative_needs_no_authorization_and_a_third_party_does() -> None:
    assert check_authorization(ASKED, "1712345675", None, ON) == ()
    assert check_authorization(ASKED, "0100000017", AUTHORIZATION, ON) == ()
    missing = check_authorization(ASKED, "0100000017", None, ON)
    assert [found.code for found in missing] == ["AUTHORIZATION_MISSING"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ruc": "1760004650001"}, "ruc"),
        ({"branch": "0002"}, "branch"),
        ({"grantor_id": "2400000010"}, "grantor_id"),
        ({"grantor_id_kind": "foreigner-code"}, "grantor_id_kind"),
        ({"authorized_id": "2400000010"}, "authorized_id"),
        ({"procedure": "Certificado de afiliación"}, "procedure"),
    ],
)
def test_an_authorization_for_something_else_is_told_by_its_field(change: dict[str, str], field: str) -> None:
    found = check_authorization(ASKED, "0100000017", AUTHORIZATION | change, ON)
    assert [(each.code, each.field) for each in found] == [("AUTHORIZATION_MISMATCH", field)]


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2026, 9, 30), ["AUTHORIZATION_EXPIRED"]),
        (date(2026, 10, 1), []),
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), ["AUTHORIZATION_EXPIRED"]),
    ],
)
def test_an_authorization_holds_from_its_first_to_its_last_day(on: date, codes: list[str]) -> None:
    found = check_authorization(ASKED, "0100000017", AUTHORIZATION, on)
    assert [each.code for each in found] == codes


def test_a_revoked_authorization_authorizes_nobody_from_that_day() -> None:
    for day, codes in ((ON, ["AUTHORIZATION_REVOKED"]), (date(2026, 10, 3), [])):
        found = check_authorization(ASKED, "0100000017", AUTHORIZATION, ON, revoked_on=day)
        assert [each.code for each in found] == codes
