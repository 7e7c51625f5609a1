"""What is believed of an institute's register: only the agreed shape, about what was asked, and possible.

Readers of its answers; whatever contradicts the question or itself is a lie and stops the work by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final, TypeVar

from forms.problems import Problem, problem
from regeneration.eligibility import EmployerRecord, Representative
from regeneration.exchange import novedades_from_json, sheet_as_json, sheet_from_json
from regeneration.json_reading import ExchangeError, Reader, load_json, one_of, read_date, read_text
from regeneration.preconditions import PeriodRecord
from regeneration.sheets import Receipt, ReceiptState, Sheet, SheetState, SheetType

_T = TypeVar("_T")

_SKEW: Final = timedelta(minutes=10)
"""By how much the clocks of two houses may differ; an annulment later than that is of the future."""


class RegisterTroubleError(Exception):
    """The register could not be asked, or its answer cannot be believed; ``problem`` tells the clerk."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


@dataclass(frozen=True, slots=True)
class PeriodAsked:
    """The month of a branch that was asked for; ``sheet_number`` is empty where any will do. ``now`` is an
    aware instant and ``zone`` the IANA name of the office's time zone.
    """

    ruc: str
    branch: str
    period: str
    sheet_number: str
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Replacement:
    """What the register is asked to put in the place of two sheets, for one case.

    ``key`` is the same however often it is asked. ``fund`` is absent when nobody accumulates.
    """

    case: str
    key: str
    old: str
    sheet: Sheet
    old_fund: str | None
    fund: Sheet | None

    def as_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"case": self.case, "replaces": self.old, "sheet": sheet_as_json(self.sheet)}
        if self.fund is not None:
            shape["reserve_fund"] = {"replaces": self.old_fund, "sheet": sheet_as_json(self.fund)}
        return shape


@dataclass(frozen=True, slots=True)
class Replaced:
    """The sheets as the register numbered them."""

    sheet: Sheet
    fund: Sheet | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The register will not replace the sheet any more: it changed since it was looked up."""

    reason: str


class Absent(Enum):
    """What the register says that it does not have."""

    EMPLOYER = "employer"
    PERIOD = "period"


def lie(reason: str) -> RegisterTroubleError:
    """The error for an answer that cannot be believed."""
    return RegisterTroubleError(problem("REGISTER_ANSWER_INVALID", reason=reason))


def parse_answer(body: bytes) -> Any:
    """The JSON of an answer, or :func:`lie`."""
    try:
        return load_json(body)
    except ExchangeError as error:
        raise lie(f"la respuesta {error}") from error


def believe(read: Callable[[Any], _T], body: Any) -> _T:
    """What the reader makes of an answer of the agreed shape; anything else is a lie."""
    try:
        return read(body)
    except (ExchangeError, ValueError, KeyError, TypeError) as error:
        raise lie(str(error)) from error


def read_absence(body: Any) -> Absent:
    """A proxy's 404, or a mistyped address's, says nothing of an employer: the register says what is not."""
    reader = Reader(body, "")
    absent = reader.take("missing", one_of(Absent))
    reader.close()
    return absent


def read_conflict(body: Any) -> Conflict:
    reader = Reader(body, "")
    conflict = Conflict(reader.take("detail", read_text)[:300])
    reader.close()
    return conflict


def read_employer(body: Any, ruc: str) -> EmployerRecord:
    """The employer that was asked for, and no other."""
    reader = Reader(body, "")
    branches, people = reader.take_list("branches"), reader.take_list("representatives")
    record = EmployerRecord(
        reader.take("ruc", read_text),
        reader.take("business_name", read_text),
        frozenset(_read_branch(each) for each in branches),
        tuple(_read_representative(each) for each in people),
    )
    reader.close()
    if record.ruc != ruc:
        raise ExchangeError(f"se preguntó por {ruc} y contestó por {record.ruc}")
    return record


def _read_branch(body: object) -> str:
    if not isinstance(body, str) or len(body) != 4 or not (body.isascii() and body.isdigit()):
        raise ExchangeError(f"branches: se esperaba una sucursal de cuatro dígitos y hay {body!r}")
    return body


def _read_representative(body: Any) -> Representative:
    reader = Reader(body, "representatives")
    person = Representative(
        reader.take("id_number", read_text),
        reader.take("name", read_text),
        reader.take("since", read_date),
        reader.take_optional("until", read_date),
    )
    reader.close()
    if person.until is not None and person.until < person.since:
        raise ExchangeError(f"representatives: {person.id_number} deja de serlo antes de empezar")
    return person


def read_period(body: Any, asked: PeriodAsked) -> PeriodRecord:
    """The month's record, about what was asked and without contradiction. An empty list of receipts says
    that none was ever issued.
    """
    reader = Reader(body, "")
    sheet, fund = reader.take_any("sheet", required=True), reader.take_any("reserve_fund_sheet")
    receipts, fund_receipts = reader.take_list("receipts"), reader.take_list("reserve_fund_receipts")
    novedades, absent = reader.take_list("novedades"), reader.take_any("reserve_fund_absence_proved")
    rivals = reader.take_any("sheet_numbers")
    record = PeriodRecord(
        sheet=None if sheet is None else sheet_from_json(sheet),
        receipts=tuple(_read_receipt(each, "receipts", asked.now) for each in receipts),
        reserve_fund_sheet=None if fund is None else sheet_from_json(fund),
        reserve_fund_receipts=tuple(
            _read_receipt(each, "reserve_fund_receipts", asked.now) for each in fund_receipts
        ),
        reserve_fund_annulled_at=reader.take_optional("reserve_fund_annulled_at", _read_instant),
        reserve_fund_absence_proved=absent is True,
        novedades=novedades_from_json(novedades),
        zone=asked.zone,
        rivals=() if rivals is None else _read_rivals(rivals, sheet, asked),
    )
    reader.close()
    if absent not in {None, True, False}:
        raise ExchangeError(f"reserve_fund_absence_proved: se esperaba true o false y hay {absent!r}")
    _check_sheets(record, asked)
    _check_fund(record, asked.now)
    _check_numbers(record)
    return record


def _read_rivals(body: object, sheet: object, asked: PeriodAsked) -> tuple[str, ...]:
    """The numbers to choose from: told in place of a sheet, when none was asked for by its number."""
    if not isinstance(body, list) or not all(isinstance(each, str) and each.strip() for each in body):
        raise ExchangeError("sheet_numbers: se esperaba una lista de números de planilla")
    if sheet is not None or asked.sheet_number or len(set(body)) < 2:
        raise ExchangeError(
            "sheet_numbers: solo cuando hay varias planillas y no se pidió ninguna por su número"
        )
    return tuple(body)


def _check_sheets(record: PeriodRecord, asked: PeriodAsked) -> None:
    place = asked.ruc, asked.branch, asked.period
    for sheet in (record.sheet, record.reserve_fund_sheet):
        if sheet is not None and (sheet.ruc, sheet.branch, str(sheet.period)) != place:
            raise ExchangeError(f"la planilla {sheet.number} no es de {', '.join(place)}")
    if asked.sheet_number and record.sheet is not None and record.sheet.number != asked.sheet_number:
        raise ExchangeError(f"se pidió la planilla {asked.sheet_number} y contestó la {record.sheet.number}")


def _check_fund(record: PeriodRecord, now: datetime) -> None:
    fund, annulled_at = record.reserve_fund_sheet, record.reserve_fund_annulled_at
    if fund is None:
        if annulled_at is not None or record.reserve_fund_receipts:
            raise ExchangeError("dice que no hay planilla de fondos de reserva, y cuenta de ella")
        return
    if record.reserve_fund_absence_proved:
        raise ExchangeError(f"la planilla {fund.number} existe, y dice que se comprobó que no existe")
    if fund.type is not SheetType.RESERVE_FUND:
        raise ExchangeError(
            f"la planilla {fund.number} es de tipo {fund.type.label}, no de fondos de reserva"
        )
    if record.sheet is not None and record.sheet.number == fund.number:
        raise ExchangeError(f"dos planillas tienen el número {fund.number}")
    if annulled_at is not None and fund.state is not SheetState.ANNULLED:
        raise ExchangeError(f"la planilla {fund.number} tiene fecha de anulación y está «{fund.state.label}»")
    _check_past(f"la planilla {fund.number}", annulled_at, now)


def _check_numbers(record: PeriodRecord) -> None:
    numbers = Counter(each.number for each in (*record.receipts, *record.reserve_fund_receipts))
    for number, times in numbers.items():
        if times > 1:
            raise ExchangeError(f"el comprobante {number} está {times} veces")


def _read_receipt(body: Any, where: str, now: datetime) -> Receipt:
    reader = Reader(body, where)
    number, state = reader.take("number", read_text), reader.take("state", one_of(ReceiptState))
    receipt = Receipt(number, state, reader.take_optional("annulled_at", _read_instant))
    reader.close()
    if receipt.annulled_at is not None and state is not ReceiptState.ANNULLED:
        raise ExchangeError(f"el comprobante {number} tiene fecha de anulación y está «{state.label}»")
    _check_past(f"el comprobante {number}", receipt.annulled_at, now)
    return receipt


def _check_past(what: str, annulled_at: datetime | None, now: datetime) -> None:
    if annulled_at is not None and annulled_at > now + _SKEW:
        raise ExchangeError(f"{what} se anula en el futuro: {annulled_at.isoformat()}")


def _read_instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"«{text}» no dice su zona horaria")
    return instant


def read_replaced(body: Any, wanted: Replacement) -> Replaced:
    """The sheets made, which must be those that were sent, cent by cent, but for their numbers."""
    reader = Reader(body, "")
    sheet, fund = reader.take_any("sheet", required=True), reader.take_any("reserve_fund_sheet")
    reader.close()
    replaced = Replaced(sheet_from_json(sheet), None if fund is None else sheet_from_json(fund))
    _compare(wanted.sheet, replaced.sheet, wanted.old)
    if (wanted.fund is None) is not (replaced.fund is None):
        raise ExchangeError("contestó otra planilla de fondos de reserva que la enviada")
    if wanted.fund is not None and replaced.fund is not None:
        _compare(wanted.fund, replaced.fund, wanted.old_fund)
        if replaced.fund.number in {replaced.sheet.number, wanted.old}:
            raise ExchangeError(f"dos planillas tienen el número {replaced.fund.number}")
    if replaced.sheet.number == wanted.old_fund:
        raise ExchangeError(f"dos planillas tienen el número {replaced.sheet.number}")
    return replaced


def _compare(sent: Sheet, made: Sheet, old: str | None) -> None:
    """Whether the sheet made is the one sent, but for its number: cent by cent, line by line."""
    if made.state is not SheetState.GENERATED and made.state is not sent.state:
        raise ExchangeError(f"la planilla {made.number} quedó «{made.state.label}»")
    if made.number == old or made.replaces != old:
        raise ExchangeError(f"la planilla {made.number} no reemplaza a la {old}")
    if _content(made) != _content(sent):
        raise ExchangeError(f"la planilla {made.number} no es la que se envió")


def _content(sheet: Sheet) -> Mapping[str, Any]:
    shape = sheet_as_json(sheet)
    return {name: value for name, value in shape.items() if name not in {"number", "replaces", "state"}}
