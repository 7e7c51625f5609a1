"""What each line of a sheet is worth, and its foot, under the parameters of the sheet's month.

A row's value is its wage by the regime's total rate, rounded once; the employer's part is the value less
the personal part, so that both always add up. The 1 % for IECE and SECAP is taken once, on the mass of
wages, and only of private employers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from regeneration.money import ZERO, round_cents, take_percent
from regeneration.parameters import NotInForce, Parameters, ParameterValue
from regeneration.sheets import Charges, Line, Regime, ReserveFund, Sheet, SheetState, SheetType, Totals

CONTRIBUTION: Final = "contribution"
RESERVE_FUND: Final = "reserve-fund"
PART_TIME_HEALTH: Final = "part-time-health"
BASIC_WAGE: Final = "basic-wage"
CCC: Final = "ccc/private"
PRIVATE_COMPANY: Final = "9"
"""Third digit of the RUC of a private company; that of a public entity is 6."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The parameters that value one sheet; the last two only when it needs them."""

    contribution: ParameterValue
    ccc: ParameterValue | None
    health: ParameterValue | None
    basic_wage: ParameterValue | None


def find_rates(
    sheet: Sheet, parameters: Parameters, also: Iterable[Line] = ()
) -> Rates | tuple[NotInForce, ...]:
    """The rates in force in the sheet's month for its lines and those of ``also``, such as they were
    before; or every one that is lacking.
    """
    names = {"contribution": f"{CONTRIBUTION}/{sheet.regime.value}"}
    if is_private_employer(sheet):
        names["ccc"] = CCC
    if any(line.part_time_hours is not None for line in (*sheet.lines, *also)):
        names |= {"health": PART_TIME_HEALTH, "basic_wage": BASIC_WAGE}
    found = {place: parameters.find(name, sheet.period.first) for place, name in names.items()}
    lacking = tuple(value for value in found.values() if isinstance(value, NotInForce))
    if lacking:
        return lacking
    values = {place: value for place, value in found.items() if isinstance(value, ParameterValue)}
    return Rates(values["contribution"], values.get("ccc"), values.get("health"), values.get("basic_wage"))


def is_private_employer(sheet: Sheet) -> bool:
    """Whether the 1 % for IECE and SECAP is due: of private employers, under whatever regime they are.

    A bank contributes at the rates of its own regime and is private all the same; its RUC says so.
    """
    return sheet.regime is Regime.PRIVATE or (
        sheet.regime is Regime.BANKS_AND_MUNICIPAL and sheet.ruc[2:3] == PRIVATE_COMPANY
    )


def value_sheet(sheet: Sheet, rates: Rates, like: Sheet | None = None, valued: Sheet | None = None) -> Sheet:
    """A contributions sheet with the amounts of each line and its totals.

    Lines that are the very ones of the sheet ``like`` are taken from ``valued``, which is ``like`` under the
    same rates: of a large sheet few lines change.
    """
    known: dict[int, Line] = {}
    if like is not None and valued is not None:
        known = {id(line): done for line, done in zip(like.lines, valued.lines, strict=True)}
    lines = tuple(known.get(id(line)) or _value_line(line, rates) for line in sheet.lines)
    return replace(sheet, lines=lines, totals=_add_up(lines, rates.ccc, sheet.charges))


def _value_line(line: Line, rates: Rates) -> Line:
    parts = rates.contribution.parts
    value = take_percent(line.wage, parts["personal"] + parts["employer"])
    personal = take_percent(line.wage, parts["personal"])
    return replace(
        line,
        value=value,
        personal=personal,
        employer=value - personal,
        part_time_health=_part_time_health(line, rates),
    )


def _part_time_health(line: Line, rates: Rates) -> Decimal:
    """The employer's health contribution for part time: on what the wage lacks to the basic wage."""
    if line.part_time_hours is None or line.days == 0 or rates.health is None or rates.basic_wage is None:
        return ZERO
    return take_percent(max(rates.basic_wage.amount - line.wage, ZERO), rates.health.amount)


def totals_of(sheet: Sheet) -> Totals:
    """The foot of a sheet that was valued; ``ValueError`` for one that was not."""
    if sheet.totals is None:
        raise ValueError(f"sheet {sheet.number} has no totals yet: value it first")
    return sheet.totals


def settle_interest(sheet: Sheet, before: Totals) -> Sheet:
    """``sheet``, valued, with the interest that goes with what it owes now; ``before`` was its foot.

    Interest for late payment is in proportion to the amount on which it runs, whatever its rate and its
    days, so it follows the amount; fees, costs and credits stay. An amount of zero says nothing of the
    rate: then the interest stays too, for collection to settle.
    """
    totals = totals_of(sheet)
    if not before.principal or not sheet.charges.interest:
        return sheet
    interest = round_cents(sheet.charges.interest * totals.principal / before.principal)
    total = totals.total - totals.interest + interest
    return replace(
        sheet,
        charges=replace(sheet.charges, interest=interest),
        totals=replace(totals, interest=interest, total=total),
    )


def _add_up(lines: Iterable[Line], ccc: ParameterValue | None, charges: Charges) -> Totals:
    wages = value = personal = employer = health = ZERO
    for line in lines:
        wages += line.wage
        value += line.value or ZERO
        personal += line.personal or ZERO
        employer += line.employer or ZERO
        health += line.part_time_health or ZERO
    on_mass = take_percent(wages, ccc.amount) if ccc is not None else ZERO
    return Totals(
        wages=wages,
        value=value,
        personal=personal,
        employer=employer,
        ccc=on_mass,
        part_time_health=health,
        total=value + on_mass + health + charges.balance,
        interest=charges.interest,
        lawyer_fees=charges.lawyer_fees,
        administrative_costs=charges.administrative_costs,
        credits=charges.credits,
    )


def reserve_fund_sheet(sheet: Sheet, parameters: Parameters, number: str = "") -> Sheet | NotInForce | None:
    """The reserve-fund sheet of the same wages, for those who accumulate at the institute.

    ``None`` when nobody does: then there is no such sheet. ``number`` is the new sheet's.
    """
    rate = parameters.find(RESERVE_FUND, sheet.period.first)
    if isinstance(rate, NotInForce):
        return rate
    lines = tuple(
        replace(line, value=due, personal=ZERO, employer=due, part_time_health=ZERO)
        for line in sheet.lines
        if line.reserve_fund is ReserveFund.ACCUMULATED
        for due in (take_percent(line.wage, rate.amount),)
    )
    if not lines:
        return None
    return replace(
        sheet,
        type=SheetType.RESERVE_FUND,
        number=number,
        state=SheetState.GENERATED,
        lines=lines,
        totals=_add_up(lines, None, Charges()),
        replaces=None,
        charges=Charges(),
    )
