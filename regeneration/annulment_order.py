"""The order that the procedure forces, told to who got it wrong: receipts, reserve-fund sheet, request.

The institute annuls a reserve-fund sheet only when none of its receipts is generated, cancelled (paid) or
deposited, so the receipts come first; the public record asks for all of it on the day of the request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from regeneration.months import write_date
from regeneration.preconditions import PeriodRecord
from regeneration.sheets import ReceiptState, SheetState

RECEIPTS: Final = "Anular en el portal los comprobantes de pago de aportes y de fondos de reserva"
RESERVE_FUND_SHEET: Final = "Anular en el portal la planilla de fondos de reserva"
REQUEST: Final = "Presentar la solicitud, el mismo día"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the three: whether it is done, and in Spanish what was found or what is left to do."""

    title: str
    done: bool
    detail: str


def annulment_steps(record: PeriodRecord, on: date, presented: Collection[date] = ()) -> tuple[Step, ...]:
    """The three steps for a request received on ``on``, in the order in which they must be done;
    ``presented`` is that of :func:`regeneration.preconditions.preconditions`.

    A step that waits for an earlier one says so. The day is that of the office's time zone.
    """
    zone = ZoneInfo(record.zone)
    days = (on, *presented)
    receipts = _receipts_step(record, days, zone)
    sheet = _sheet_step(record, days, zone, receipts.done)
    ready = receipts.done and sheet.done
    detail = f"Recibida el {write_date(on)}" if ready else "Cuando los pasos 1 y 2 estén hechos"
    return receipts, sheet, Step(REQUEST, ready, detail)


def _receipts_step(record: PeriodRecord, days: Sequence[date], zone: ZoneInfo) -> Step:
    every = (*record.receipts, *record.reserve_fund_receipts)
    living = [receipt for receipt in every if receipt.state is not ReceiptState.ANNULLED]
    if living:
        told = ", ".join(f"el comprobante {each.number} está «{each.state.label}»" for each in living)
        return Step(RECEIPTS, False, f"Falta: {told}")
    if not every:
        return Step(RECEIPTS, True, "No hay comprobantes")
    return _dated(RECEIPTS, "Anulados", _latest_of_each(record), days, zone)


def _latest_of_each(record: PeriodRecord) -> Iterable[datetime | None]:
    """The last annulment of each kind of receipt: older ones were annulled for other reasons."""
    for receipts in (record.receipts, record.reserve_fund_receipts):
        if receipts:
            yield max((each.annulled_at for each in receipts if each.annulled_at), default=None)


def _sheet_step(record: PeriodRecord, days: Sequence[date], zone: ZoneInfo, receipts_done: bool) -> Step:
    sheet = record.reserve_fund_sheet
    if sheet is None:
        if record.reserve_fund_absence_proved:
            return Step(RESERVE_FUND_SHEET, True, "No existe en este período")
        return Step(RESERVE_FUND_SHEET, False, "Falta comprobar que no existe")
    if sheet.state is SheetState.ANNULLED:
        return _dated(RESERVE_FUND_SHEET, "Anulada", [record.reserve_fund_annulled_at], days, zone)
    told = f"la planilla {sheet.number} está «{sheet.state.label}»"
    first = "" if receipts_done else "; el portal lo permite solo después del paso 1"
    return Step(RESERVE_FUND_SHEET, False, f"Falta: {told}{first}")


def _dated(
    title: str, what: str, instants: Iterable[datetime | None], days: Sequence[date], zone: ZoneInfo
) -> Step:
    """A step that was done, on a day of the request (the first of ``days`` is when it last came) or not."""
    done = [instant.astimezone(zone).date() if instant else None for instant in instants]
    wrong = [day for day in done if day not in days]
    if not wrong:
        dated = [write_date(day) for day in dict.fromkeys(done or [days[0]]) if day]
        return Step(title, True, f"{what} el {' y el '.join(dated)}")
    told = write_date(wrong[0]) if wrong[0] else "una fecha que no consta"
    return Step(title, False, f"{what} el {told}; debe ser el día de la solicitud, {write_date(days[0])}")
