"""What the procedure demands before a sheet may be rebuilt, each demand a check of its own.

The public record asks that the sheet be unpaid, and that its receipts, the reserve-fund receipts and the
reserve-fund sheet be annulled, in that order, on the day of the request. A day is that of the office's
own time zone: the mainland is UTC−5 and Galápagos UTC−6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from forms.identity import is_natural_person
from forms.problems import Problem, Severity, has_errors, problem
from regeneration.months import Month, write_date
from regeneration.novedades import Novedad, check_novedades, sort_novedades
from regeneration.parameters import NotInForce, Parameters, load_parameters
from regeneration.rebuilding import EXTEMPORANEOUS_LIMIT
from regeneration.sheets import REBUILDABLE, Receipt, ReceiptState, Sheet, SheetState, SheetType

MAINLAND: Final = "America/Guayaquil"
GALAPAGOS: Final = "Pacific/Galapagos"

TITLES: Final = {
    "RUC_NOT_ELIGIBLE": "El empleador es una persona jurídica, privada o pública",
    "SHEET_UNKNOWN": "La planilla existe",
    "SHEET_PAID": "La planilla no está pagada",
    "SHEET_NOT_REBUILDABLE": "El estado de la planilla permite regenerarla",
    "RECEIPT_NOT_ANNULLED": "Los comprobantes de pago de aportes están anulados",
    "RESERVE_FUND_RECEIPT_NOT_ANNULLED": "Los comprobantes de fondos de reserva están anulados",
    "RESERVE_FUND_SHEET_NOT_ANNULLED": "La planilla de fondos de reserva está anulada o no existe",
    "ANNULLED_ON_ANOTHER_DAY": "Las anulaciones son del día de la solicitud",
    "NOVEDAD_NOT_REGISTERED": "La novedad está registrada",
    "NOVEDAD_EXTEMPORANEOUS": "Ninguna novedad es extemporánea",
}
"""What each check makes sure of, as the window shows it, in the order in which it is shown."""

_UNVERIFIED: Final = "sin verificar"


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """What the register says about the month of a request.

    ``reserve_fund_sheet`` is ``None`` when there is none; that there is none must have been looked up
    (``reserve_fund_absence_proved``), never assumed. With ``attestation_missing`` receipts are told by the
    clerk and nobody has told them yet. ``rivals`` are the numbers of the sheets among which nobody chose,
    when there are several and none was asked for; then ``sheet`` is ``None``. Annulments are aware
    instants; ``zone`` is the IANA name of the office's time zone.
    """

    sheet: Sheet | None
    receipts: tuple[Receipt, ...] = ()
    reserve_fund_sheet: Sheet | None = None
    reserve_fund_receipts: tuple[Receipt, ...] = ()
    reserve_fund_annulled_at: datetime | None = None
    reserve_fund_absence_proved: bool = False
    novedades: tuple[Novedad, ...] = ()
    zone: str = MAINLAND
    attestation_missing: bool = False
    rivals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.reserve_fund_annulled_at is not None and self.reserve_fund_annulled_at.tzinfo is None:
            raise ValueError("reserve_fund_annulled_at needs its offset, such as -05:00")


@dataclass(frozen=True, slots=True)
class Override:
    """A supervisor's decision to admit annulments of another day; who and why go to the audit trail."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list that the window shows: what is made sure of, and what was found."""

    code: str
    title: str
    passed: bool
    problems: tuple[Problem, ...] = field(default=())

    @property
    def problem(self) -> Problem | None:
        """The first problem; a check that passed may still carry a warning."""
        return self.problems[0] if self.problems else None


def preconditions(
    request: Mapping[str, str],
    record: PeriodRecord,
    on: date,
    *,
    same_day_rule: bool = True,
    override: Override | None = None,
    parameters: Parameters | None = None,
    presented: Collection[date] = (),
) -> tuple[Check, ...]:
    """Check the accepted answers of an ``employer-request`` received on ``on`` against the register.
    ``presented`` are the other days on which the same request was before the window, when it was sent back
    and completed within its term: annulments of those days are of the request's day too.

    When the sheet is unknown, what could only be asked of it is not in the answer. With ``override`` an
    annulment of another day is a warning; without ``same_day_rule`` it is not looked at.
    """
    found: dict[str, list[Problem]] = {"RUC_NOT_ELIGIBLE": list(_check_ruc(request))}
    sheet = record.sheet
    if sheet is None or not _is_asked_for(sheet, request):
        found["SHEET_UNKNOWN"] = [_miss_sheet(record, request)]
        return _as_checks(found)
    found["SHEET_UNKNOWN"] = []
    found["SHEET_PAID"] = list(_check_paid(sheet, record))
    found["SHEET_NOT_REBUILDABLE"] = list(_check_state(sheet))
    found["RECEIPT_NOT_ANNULLED"] = list(_check_alive("RECEIPT_NOT_ANNULLED", record.receipts))
    if record.attestation_missing:
        found["RECEIPT_NOT_ANNULLED"].append(problem("RECEIPTS_NOT_ATTESTED"))
    found["RESERVE_FUND_RECEIPT_NOT_ANNULLED"] = list(
        _check_alive("RESERVE_FUND_RECEIPT_NOT_ANNULLED", record.reserve_fund_receipts, paid_too=True)
    )
    found["RESERVE_FUND_SHEET_NOT_ANNULLED"] = list(_check_reserve_fund_sheet(record))
    if same_day_rule:
        found["ANNULLED_ON_ANOTHER_DAY"] = list(_check_days(record, on, override, presented))
    found |= _check_novedades(sheet, record.novedades, on, parameters or load_parameters())
    return _as_checks(found)


def gather_problems(checks: Iterable[Check]) -> tuple[Problem, ...]:
    """Every problem of the checks, warnings included, in their order."""
    return tuple(each for check in checks for each in check.problems)


def _as_checks(found: Mapping[str, Sequence[Problem]]) -> tuple[Check, ...]:
    return tuple(
        Check(code, title, not has_errors(found[code]), tuple(found[code]))
        for code, title in TITLES.items()
        if code in found
    )


def _check_ruc(request: Mapping[str, str]) -> Iterable[Problem]:
    if is_natural_person(request["ruc"]):
        yield problem("RUC_NOT_ELIGIBLE", field="ruc", value=request["ruc"])


def _is_asked_for(sheet: Sheet, request: Mapping[str, str]) -> bool:
    asked = (request["ruc"], request["branch"], request["period"], request["sheet_type"])
    number = request.get("sheet_number") or sheet.number
    return (sheet.ruc, sheet.branch, str(sheet.period), sheet.type.value) == asked and sheet.number == number


def _miss_sheet(record: PeriodRecord, request: Mapping[str, str]) -> Problem:
    """Why there is no sheet to look at: none is as asked, or several are and nobody said which."""
    period = Month.parse(request["period"]).label
    if record.rivals and request["sheet_type"] == SheetType.CONTRIBUTIONS.value:
        numbers = ", ".join(record.rivals)
        return problem("SHEET_NUMBER_NEEDED", field="sheet_number", period=period, numbers=numbers)
    asked = request.get("sheet_number") or SheetType(request["sheet_type"]).label.lower()
    return problem("SHEET_UNKNOWN", sheet=asked, period=period)


def _check_paid(sheet: Sheet, record: PeriodRecord) -> Iterable[Problem]:
    """Whether it is paid is asked of the receipts, and of the sheet only when they say nothing."""
    paid = [receipt.number for receipt in record.receipts if receipt.state.is_paid]
    if not paid and sheet.state is SheetState.PAID:
        paid = [_UNVERIFIED]
    for number in paid:
        yield problem("SHEET_PAID", sheet=sheet.number, receipt=number)


def _check_state(sheet: Sheet) -> Iterable[Problem]:
    if sheet.type is not SheetType.CONTRIBUTIONS:
        state = f"{sheet.state.label}, de tipo {sheet.type.label}"
        yield problem("SHEET_NOT_REBUILDABLE", sheet=sheet.number, state=state)
    elif sheet.state not in REBUILDABLE | {SheetState.PAID}:
        yield problem("SHEET_NOT_REBUILDABLE", sheet=sheet.number, state=sheet.state.label)


def _check_alive(code: str, receipts: Iterable[Receipt], *, paid_too: bool = False) -> Iterable[Problem]:
    """Receipts still alive. A paid receipt of contributions is the business of ``SHEET_PAID``."""
    for receipt in receipts:
        if receipt.state is ReceiptState.GENERATED or (paid_too and receipt.state.is_paid):
            yield problem(code, receipt=receipt.number, state=receipt.state.label)


def _check_reserve_fund_sheet(record: PeriodRecord) -> Iterable[Problem]:
    sheet = record.reserve_fund_sheet
    if sheet is None:
        if not record.reserve_fund_absence_proved:
            yield problem("RESERVE_FUND_SHEET_NOT_ANNULLED", sheet="del período", state=_UNVERIFIED)
    elif sheet.state is not SheetState.ANNULLED:
        yield problem("RESERVE_FUND_SHEET_NOT_ANNULLED", sheet=sheet.number, state=sheet.state.label)


def _check_days(
    record: PeriodRecord, on: date, override: Override | None, presented: Collection[date]
) -> Iterable[Problem]:
    severity = Severity.WARNING if override is not None else None
    zone = ZoneInfo(record.zone)
    for what, instant in _annulments(record):
        day = instant.astimezone(zone).date() if instant is not None else None
        if day != on and day not in presented:
            annulled = write_date(day) if day is not None else "(fecha no registrada)"
            yield problem(
                "ANNULLED_ON_ANOTHER_DAY", severity=severity, what=what, annulled=annulled, on=write_date(on)
            )


def _annulments(record: PeriodRecord) -> Iterable[tuple[str, datetime | None]]:
    """The last annulment of each kind: an older receipt may have been annulled long before."""
    for name, receipts in (
        ("de aportes", record.receipts),
        ("de fondos de reserva", record.reserve_fund_receipts),
    ):
        annulled = [receipt for receipt in receipts if receipt.state is ReceiptState.ANNULLED]
        dated = [(each.annulled_at, each.number) for each in annulled if each.annulled_at is not None]
        if dated:
            instant, number = max(dated)
            yield f"El comprobante {number} {name}", instant
        elif annulled:
            yield f"El comprobante {annulled[0].number} {name}", None
    sheet = record.reserve_fund_sheet
    if sheet is not None and sheet.state is SheetState.ANNULLED:
        yield f"La planilla de fondos de reserva {sheet.number}", record.reserve_fund_annulled_at


def _check_novedades(
    sheet: Sheet, novedades: Sequence[Novedad], on: date, parameters: Parameters
) -> dict[str, list[Problem]]:
    active = [each.novedad for each in sort_novedades(novedades).active]
    registered = [each for each in active if each.registered <= on and each.effective <= sheet.period.last]
    missing = [] if registered else [problem("NOVEDAD_NOT_REGISTERED", sheet=sheet.number)]
    limit = parameters.find(EXTEMPORANEOUS_LIMIT, on)
    if isinstance(limit, NotInForce):
        late: tuple[Problem, ...] = (limit.as_problem(),)
    else:
        late = tuple(
            each
            for each in check_novedades(novedades, on, int(limit.amount))
            if each.code == "NOVEDAD_EXTEMPORANEOUS"
        )
    return {"NOVEDAD_NOT_REGISTERED": missing, "NOVEDAD_EXTEMPORANEOUS": list(late)}
