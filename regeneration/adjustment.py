"""The adjustment sheet (*planilla de ajuste*): what is still owed when a novedad comes after the payment.

A paid sheet is never rebuilt; what its novedades would have changed is charged apart. The name is used in
practice and the institute publishes neither its code nor its rule, so the rule here is the plain one, a
guess (open question 4): each person's difference between the sheet that should have been and the one paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from forms.problems import Problem, problem
from regeneration.money import ZERO
from regeneration.novedades import Novedad
from regeneration.parameters import Parameters
from regeneration.rebuilding import Outcome, rebuild
from regeneration.sheets import Charges, Line, Sheet, SheetState, SheetType, Totals
from regeneration.valuation import totals_of


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What is owed beside a paid sheet: ``sheet``, or the problems for which there is none."""

    sheet: Sheet | None
    problems: tuple[Problem, ...] = ()


def adjust(
    paid: Sheet, novedades: Sequence[Novedad], parameters: Parameters, on: date, number: str = ""
) -> Adjusted:
    """The adjustment sheet called ``number`` of a ``paid`` contributions sheet, as of the day ``on``.

    Refused are: a sheet that is not paid; novedades that could not be applied to a living one; a person
    who would owe less than was paid, which is a matter of *devolución* and goes to *depuración*
    (``RESULT_NEGATIVE``). Days are those that were not credited yet; ``replaces`` stays empty, for the
    paid sheet stands.
    """
    if paid.state is not SheetState.PAID:
        return Adjusted(None, (problem("SHEET_NOT_REBUILDABLE", sheet=paid.number, state=paid.state.label),))
    rebuilt = rebuild(replace(paid, state=SheetState.GENERATED), novedades, parameters, on)
    if rebuilt.outcome is not Outcome.REBUILT:
        return Adjusted(None, rebuilt.problems)
    before, after = rebuilt.before, rebuilt.sheet
    lines, negative = _subtract(before, after)
    if negative:
        found = (problem("RESULT_NEGATIVE", sheet=paid.number, person=person) for person in negative)
        return Adjusted(None, tuple(found))
    return Adjusted(
        replace(
            after,
            type=SheetType.ADJUSTMENT,
            number=number,
            lines=lines,
            totals=_subtract_totals(lines, totals_of(before), totals_of(after)),
            charges=Charges(),
        )
    )


def _subtract(before: Sheet, after: Sheet) -> tuple[tuple[Line, ...], list[str]]:
    """A line for each difference above zero, and the people for whom there is one below."""
    paid = {line.key: line for line in before.lines}
    lines, negative = [], {person for person, _ in paid.keys() - {line.key for line in after.lines}}
    for line in after.lines:
        owed = _difference(paid.get(line.key), line)
        if owed.wage < 0 or (owed.value or ZERO) < 0 or (owed.part_time_health or ZERO) < 0:
            negative.add(line.id_number)
        elif owed.value or owed.part_time_health:
            lines.append(owed)
    return tuple(lines), sorted(negative)


def _difference(paid: Line | None, right: Line) -> Line:
    """``right`` less what was ``paid`` for the same person and relation."""
    if paid is None:
        return right
    value = (right.value or ZERO) - (paid.value or ZERO)
    personal = (right.personal or ZERO) - (paid.personal or ZERO)
    return replace(
        right,
        wage=right.wage - paid.wage,
        days=max(right.days - paid.days, 0),
        variation=ZERO,
        value=value,
        personal=personal,
        employer=value - personal,
        part_time_health=(right.part_time_health or ZERO) - (paid.part_time_health or ZERO),
    )


def _subtract_totals(lines: Sequence[Line], before: Totals, after: Totals) -> Totals:
    """The foot of the adjustment: the sums of its lines, and the difference on the mass of wages."""
    value = sum((line.value or ZERO for line in lines), ZERO)
    personal = sum((line.personal or ZERO for line in lines), ZERO)
    health = sum((line.part_time_health or ZERO for line in lines), ZERO)
    ccc = after.ccc - before.ccc
    return Totals(
        wages=sum((line.wage for line in lines), ZERO),
        value=value,
        personal=personal,
        employer=value - personal,
        ccc=ccc,
        part_time_health=health,
        total=value + ccc + health,
    )
