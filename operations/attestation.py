"""Annulled receipts that no interface tells: the clerk saw them on the employer's screen and attests them.

What is attested is a fact of the case with who, when and which numbers, and is shown as attested, never as
verified. It stands only where the setting ``attested_receipts`` says so and the register says nothing: what
the register does know, a paid receipt above all, nobody's word replaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from forms.problems import Problem, problem
from operations import workflows
from operations.casework import Refusal, load_case, take_step
from operations.house import House
from regeneration.cases import CaseEvent, CaseState
from regeneration.preconditions import PeriodRecord
from regeneration.sheets import Receipt, ReceiptState, SheetState

ATTESTED: Final = "attested"
"""Where a case's answers keep it; no form has this name."""
NO_SHEET: Final = "-"
"""Said of a reserve-fund sheet of which the clerk saw that there is none."""


@dataclass(frozen=True, slots=True)
class AttestedReceipts:
    """What the clerk saw: numbers of annulled receipts, the annulled reserve-fund sheet (``NO_SHEET`` when
    there is none), and the day on which all of it was annulled.
    """

    receipts: tuple[str, ...]
    fund_receipts: tuple[str, ...]
    fund_sheet: str
    annulled_on: date


def attest_receipts(
    house: House, number: str, seen: AttestedReceipts, by: str, version: int | None = None
) -> Refusal | tuple[Problem, ...]:
    """Record what the clerk saw; a stopped case is looked up again. A number or a fate must be given."""
    if not seen.receipts or not seen.fund_sheet:
        return (problem("FIELD_MISSING", label="Comprobantes anulados y planilla de fondos de reserva"),)
    told = {
        "receipts": " ".join(seen.receipts),
        "fund_receipts": " ".join(seen.fund_receipts),
        "fund_sheet": seen.fund_sheet,
        "annulled_on": seen.annulled_on.isoformat(),
        "by": by,
    }
    with house.database.transaction() as session:
        case = load_case(session, number)
        data = {"answers": {ATTESTED: told}}
        refusal = take_step(session, case, CaseEvent.ATTEST, house.now(), by, data, version=version)
        if refusal is None and case.state == CaseState.ACCEPTED.value:
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal or ()


def with_attested(record: PeriodRecord, answers: Mapping[str, Mapping[str, str]]) -> PeriodRecord:
    """The month's record with what was attested where it is silent; without it, that it is missing."""
    told = answers.get(ATTESTED)
    if not told:
        return replace(record, attestation_missing=not record.receipts)
    day = date.fromisoformat(told["annulled_on"])
    at = datetime.combine(day, time(12), ZoneInfo(record.zone))
    fund, annulled_at = record.reserve_fund_sheet, record.reserve_fund_annulled_at
    stands = fund is not None and fund.state is SheetState.GENERATED
    if fund is not None and stands and told["fund_sheet"] == fund.number:
        fund, annulled_at = replace(fund, state=SheetState.ANNULLED), at
    return replace(
        record,
        receipts=record.receipts or _annulled(told["receipts"], at),
        reserve_fund_receipts=record.reserve_fund_receipts or _annulled(told.get("fund_receipts", ""), at),
        reserve_fund_sheet=fund,
        reserve_fund_annulled_at=annulled_at,
        reserve_fund_absence_proved=fund is None and told["fund_sheet"] == NO_SHEET,
    )


def _annulled(numbers: str, at: datetime) -> tuple[Receipt, ...]:
    return tuple(Receipt(number, ReceiptState.ANNULLED, at) for number in numbers.split())
