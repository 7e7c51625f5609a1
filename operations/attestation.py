"""Annulled receipts that no interface tells: the clerk saw them on the employer's screen and attests them.

What is attested is a fact of the case with who, when and which numbers, and is shown as attested, never as
verified. It stands only where the setting ``attested_receipts`` says so and the register says nothing: what
the register does know, a paid receipt above all, nobody's word replaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from forms.problems import Problem, problem
from operations import workflows
from operations.casework import Refusal, load_case, take_step, was_done
from operations.house import House
from regeneration.cases import CaseEvent, CaseState
from regeneration.preconditions import PeriodRecord
from regeneration.sheets import Receipt, ReceiptState, SheetState

ATTESTED: Final = "attested"
"""Where a case's answers keep it; no form has this name."""
NONE_SEEN: Final = "-"
"""Said of receipts, or of a reserve-fund sheet, of which the clerk saw that there are none."""
_NUMBER: Final = re.compile(r"(?=(?:.*[0-9]){3})[0-9A-Za-z][0-9A-Za-z./-]{2,39}")
"""A number as receipts and sheets bear them. Their form is not published: this only tells one from words."""


@dataclass(frozen=True, slots=True)
class AttestedReceipts:
    """What the clerk saw: numbers of annulled receipts of contributions and of the reserve fund; the annulled
    reserve-fund sheet; the day on which all of it was annulled. ``NONE_SEEN`` stands in the place of a number
    where there is none; saying nothing is not saying that.
    """

    receipts: tuple[str, ...]
    fund_receipts: tuple[str, ...]
    fund_sheet: str
    annulled_on: date


def attest_receipts(
    house: House, number: str, seen: AttestedReceipts, by: str, version: int | None = None
) -> Refusal | tuple[Problem, ...]:
    """Record what the clerk saw; a stopped case is looked up again.

    ``FIELD_MISSING`` where neither a number nor that there is none was told, ``RECEIPT_NUMBER_FORMAT`` where
    words stand for a number.
    """
    faults = tuple(_faults_of(seen))
    if faults:
        return faults
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
        if was_done(session, case, CaseEvent.ATTEST, by, version, **data):
            return ()
        refusal = take_step(session, case, CaseEvent.ATTEST, house.now(), by, data, version=version)
        if refusal is None and case.state == CaseState.ACCEPTED.value:
            workflows.enqueue(house, session, workflows.REBUILD, case)
        return refusal or ()


def _faults_of(seen: AttestedReceipts) -> Iterator[Problem]:
    without_fund = seen.fund_sheet == NONE_SEEN
    for label, numbers in (
        ("Comprobantes de aportes", seen.receipts),
        # Without a reserve-fund sheet there is nothing that its receipts could be of.
        ("Comprobantes de fondos de reserva", seen.fund_receipts or ((NONE_SEEN,) if without_fund else ())),
        ("Planilla de fondos de reserva", (seen.fund_sheet,) if seen.fund_sheet else ()),
    ):
        if not numbers:
            yield problem("FIELD_MISSING", label=label)
        elif numbers != (NONE_SEEN,):
            for number in numbers:
                if not _NUMBER.fullmatch(number):
                    yield problem("RECEIPT_NUMBER_FORMAT", label=label, value=number)


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
        reserve_fund_absence_proved=fund is None and told["fund_sheet"] == NONE_SEEN,
    )


def checks_attested(record: PeriodRecord, answers: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """Codes of the checks that rest on the clerk's word: where ``record`` is silent, or says less."""
    if ATTESTED not in answers:
        return frozenset()
    seen = with_attested(record, answers)
    rests = set()
    if not record.receipts:
        rests |= {"SHEET_PAID", "RECEIPT_NOT_ANNULLED"}
    if not record.reserve_fund_receipts:
        rests.add("RESERVE_FUND_RECEIPT_NOT_ANNULLED")
    known = record.reserve_fund_sheet, record.reserve_fund_absence_proved
    if (seen.reserve_fund_sheet, seen.reserve_fund_absence_proved) != known:
        rests.add("RESERVE_FUND_SHEET_NOT_ANNULLED")
    return frozenset(rests | {"ANNULLED_ON_ANOTHER_DAY"}) if rests else frozenset()


def _annulled(numbers: str, at: datetime) -> tuple[Receipt, ...]:
    found = (number for number in numbers.split() if number != NONE_SEEN)
    return tuple(Receipt(number, ReceiptState.ANNULLED, at) for number in found)
