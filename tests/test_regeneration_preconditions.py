"""Preconditions and eligibility, each by its own code, and a record in order that passes them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from regeneration.eligibility import EmployerRecord, Representative, check_employer
from regeneration.exchange import novedades_from_json, sheet_from_json
from regeneration.preconditions import PeriodRecord, gather_problems, preconditions
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
        ("NOVEDAD_NOT_REGISTERED", replace(RECORD, novedades=())),
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
