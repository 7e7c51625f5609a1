"""What a contribution sheet is: its lines, totals, states and number, and its payment receipts.

Official names are Spanish; the labels here are what people see. Beware of *cancelado*: in Ecuador a
cancelled receipt is a **paid** one, so it is always shown as «cancelado (pagado)».
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from regeneration.money import ZERO
from regeneration.months import Month


class SheetType(Enum):
    """Type of sheet; the institute's own codes are not published."""

    CONTRIBUTIONS = "contributions"
    RESERVE_FUND = "reserve-fund"
    ADJUSTMENT = "adjustment"

    @property
    def label(self) -> str:
        return _TYPE_LABELS[self]


class SheetState(Enum):
    """Where a sheet stands; the institute's own codes are not published."""

    GENERATED = "generated"
    WITH_RECEIPT = "with-receipt"
    OVERDUE = "overdue"
    PAID = "paid"
    ANNULLED = "annulled"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


class ReceiptState(Enum):
    """Where a payment receipt stands. ``CANCELLED`` is *cancelado*: paid."""

    GENERATED = "generated"
    CANCELLED = "cancelled"
    DEPOSITED = "deposited"
    ANNULLED = "annulled"

    @property
    def label(self) -> str:
        return _RECEIPT_LABELS[self]

    @property
    def is_paid(self) -> bool:
        return self in {ReceiptState.CANCELLED, ReceiptState.DEPOSITED}


class ReserveFund(Enum):
    """How a person's reserve fund is handled: accumulated at the institute, paid monthly, or not due."""

    ACCUMULATED = "accumulated"
    MONTHLY = "monthly"
    NONE = "none"

    @property
    def label(self) -> str:
        return _FUND_LABELS[self]


class Regime(Enum):
    """Which contribution rates an employer is under."""

    PRIVATE = "private"
    BANKS_AND_MUNICIPAL = "banks-and-municipal"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return _REGIME_LABELS[self]


_TYPE_LABELS: Final = {
    SheetType.CONTRIBUTIONS: "Aportes",
    SheetType.RESERVE_FUND: "Fondos de reserva",
    SheetType.ADJUSTMENT: "Ajuste",
}
_STATE_LABELS: Final = {
    SheetState.GENERATED: "generada",
    SheetState.WITH_RECEIPT: "con comprobante",
    SheetState.OVERDUE: "en mora",
    SheetState.PAID: "pagada",
    SheetState.ANNULLED: "anulada",
    SheetState.REPLACED: "reemplazada",
}
_RECEIPT_LABELS: Final = {
    ReceiptState.GENERATED: "generado",
    ReceiptState.CANCELLED: "cancelado (pagado)",
    ReceiptState.DEPOSITED: "depositado",
    ReceiptState.ANNULLED: "anulado",
}
_FUND_LABELS: Final = {
    ReserveFund.ACCUMULATED: "Acumula en el IESS",
    ReserveFund.MONTHLY: "Pago mensual",
    ReserveFund.NONE: "Sin derecho todavía",
}
_REGIME_LABELS: Final = {
    Regime.PRIVATE: "Sector privado",
    Regime.BANKS_AND_MUNICIPAL: "Bancos, municipios y entidades descentralizadas",
    Regime.PUBLIC: "Servidores públicos",
}

OBSERVATIONS: Final = {SheetType.CONTRIBUTIONS: "NNA", SheetType.RESERVE_FUND: "NNF"}
"""The observation code that the institute prints on each row; those of other types are not known."""

REBUILDABLE: Final = frozenset({SheetState.GENERATED, SheetState.WITH_RECEIPT, SheetState.OVERDUE})
"""States from which a sheet may be rebuilt; whether it is paid is asked of its receipts."""

LABOUR_CODE: Final = "06"
RELATION_LABELS: Final = {
    LABOUR_CODE: "Código del Trabajo",
    "53": "Trabajador intermediado",
    "109": "Gerente o administrador sin relación de dependencia",
}
"""The relation codes (RT) that are known; any other is shown by its code."""

_RELATION_CODE: Final = re.compile(r"0[1-9]|[1-9][0-9]{1,2}", re.ASCII)


def is_relation_code(text: str) -> bool:
    """Whether ``text`` is written as relation codes are: two digits, or three of which the first is no zero.
    A spreadsheet makes ``6`` of ``06``, which would be another relation and so another line.

    >>> is_relation_code("06"), is_relation_code("109"), is_relation_code("6"), is_relation_code("006")
    (True, True, False, False)
    """
    return _RELATION_CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One person under one employment relation.

    ``wage`` is what is printed: the part of ``reference_wage`` that ``days`` earn, plus ``variation``
    (the month's extras; absent when nobody said whether ``wage`` has any). ``days`` are those credited, on
    the base of 30 and of eight hours. ``worked_days`` are those behind the credited ones, kept for part
    time, where ``days`` alone would not give them back.
    ``value``, ``personal``, ``employer`` and ``part_time_health`` are absent until the line is valued.
    """

    id_number: str
    name: str
    relation: str
    wage: Decimal
    days: int
    part_time_hours: int | None = None
    reserve_fund: ReserveFund = ReserveFund.NONE
    variation: Decimal | None = None
    reference_wage: Decimal | None = None
    entered: date | None = None
    left: date | None = None
    leave_days: int = 0
    worked_days: int | None = None
    value: Decimal | None = None
    personal: Decimal | None = None
    employer: Decimal | None = None
    part_time_health: Decimal | None = None

    @property
    def key(self) -> tuple[str, str]:
        """A person may work for one employer under two relations; both together name the line."""
        return (self.id_number, self.relation)


@dataclass(frozen=True, slots=True)
class Charges:
    """What collection (*Recaudación*) adds to the foot of a sheet, and the credits that it takes off.

    ``interest`` is that of late payment (*intereses por mora*); ``lawyer_fees`` and
    ``administrative_costs`` are those of a coercive collection; ``credits`` are *notas de crédito*. The
    core computes none of them: they come with the sheet.
    """

    interest: Decimal = ZERO
    lawyer_fees: Decimal = ZERO
    administrative_costs: Decimal = ZERO
    credits: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        """What they add to the total; below zero when the credits are more than the rest."""
        return self.interest + self.lawyer_fees + self.administrative_costs - self.credits


@dataclass(frozen=True, slots=True)
class Totals:
    """Foot of a sheet. ``total`` is ``principal`` and the charges, less the credits."""

    wages: Decimal
    value: Decimal
    personal: Decimal
    employer: Decimal
    ccc: Decimal
    part_time_health: Decimal
    total: Decimal
    interest: Decimal = ZERO
    lawyer_fees: Decimal = ZERO
    administrative_costs: Decimal = ZERO
    credits: Decimal = ZERO

    @property
    def principal(self) -> Decimal:
        """What is owed for the month itself, on which interest runs."""
        return self.value + self.ccc + self.part_time_health


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of one branch of one employer, for one month. ``totals`` are absent until it is valued.

    Raises ``ValueError`` when two lines are of the same person and relation.
    """

    ruc: str
    branch: str
    period: Month
    type: SheetType
    number: str
    regime: Regime
    state: SheetState
    lines: tuple[Line, ...]
    totals: Totals | None = None
    replaces: str | None = field(default=None, kw_only=True)
    charges: Charges = field(default=Charges(), kw_only=True)

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for line in self.lines:
            if line.key in seen:
                raise ValueError(
                    f"la planilla {self.number} tiene dos filas de {line.id_number} con la relación "
                    f"{line.relation}: únalas o dé a cada una su relación"
                )
            seen.add(line.key)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment receipt of a sheet; ``annulled_at`` is an aware instant, present once annulled."""

    number: str
    state: ReceiptState
    annulled_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.annulled_at is not None and self.annulled_at.tzinfo is None:
            raise ValueError(f"receipt {self.number}: annulled_at needs its offset, such as -05:00")


def number_sheet(period: Month, serial: int) -> str:
    """The number of the ``serial``-th sheet of a month, in our own series.

    >>> number_sheet(Month(2026, 9), 123)
    '2026-09-000123'
    """
    return f"{period}-{serial:06d}"


def reissue(sheet: Sheet, number: str) -> Sheet:
    """The same content as a new sheet called ``number`` that replaces ``sheet``."""
    return replace(sheet, number=number, state=SheetState.GENERATED, replaces=sheet.number)
