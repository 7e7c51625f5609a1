"""Rebuild a contributions sheet from the novedades now registered, and explain every changed cell.

Pure: the same sheet, novedades, parameters and day give the same result, in whatever order the novedades
come; rebuilding a rebuilt sheet with the same novedades changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Final

from forms.problems import Problem, has_errors, problem
from regeneration.employment import apply_novedades
from regeneration.explanation import Change, FootChange, Told, compare_lines, compare_totals
from regeneration.money import ZERO, format_money
from regeneration.novedades import Novedad, Numbered, check_novedades, sort_novedades
from regeneration.parameters import NotInForce, Parameters
from regeneration.rewriting import Rewritten
from regeneration.sheets import LABOUR_CODE, REBUILDABLE, Line, Sheet, SheetState, SheetType
from regeneration.valuation import BASIC_WAGE, Rates, find_rates, settle_interest, totals_of, value_sheet

EXTEMPORANEOUS_LIMIT: Final = "novedad-extemporaneous-limit"


class Outcome(Enum):
    REBUILT = "rebuilt"
    NOTHING_CHANGES = "nothing-changes"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return _OUTCOME_LABELS[self]


_OUTCOME_LABELS: Final = {
    Outcome.REBUILT: "Planilla regenerada",
    Outcome.NOTHING_CHANGES: "Sin cambios",
    Outcome.REFUSED: "No se regeneró",
}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it. ``before`` is the sheet that was given, with amounts and totals.

    ``sheet`` is the new one under the same number (:func:`regeneration.sheets.reissue` gives it its own);
    without changes it is ``before``, and when refused both are the sheet exactly as it was given.
    """

    outcome: Outcome
    before: Sheet
    sheet: Sheet
    changes: tuple[Change, ...] = ()
    foot_changes: tuple[FootChange, ...] = ()
    problems: tuple[Problem, ...] = ()


def rebuild(sheet: Sheet, novedades: Sequence[Novedad], parameters: Parameters, on: date) -> Rebuilt:
    """Rebuild ``sheet`` as of the day ``on``.

    Refused, with their problems, are: a sheet that is not a live contributions sheet; novedades that are
    invalid, contradictory, extemporaneous or registered after ``on``; a month without parameters; and
    any result below zero, which goes to *depuración*.
    """
    if found := _check_sheet(sheet) or _check_novedades(novedades, parameters, on):
        return Rebuilt(Outcome.REFUSED, sheet, sheet, problems=found)
    results, found = _apply(sheet, novedades)
    if found:
        return Rebuilt(Outcome.REFUSED, sheet, sheet, problems=found)
    draft = replace(sheet, state=_live_state(sheet), lines=_join(sheet, results), totals=None)
    rates = find_rates(draft, parameters, also=sheet.lines)
    if not isinstance(rates, Rates):
        return Rebuilt(Outcome.REFUSED, sheet, sheet, problems=tuple(each.as_problem() for each in rates))
    valued = value_sheet(sheet, rates)
    before = _with_stored_amounts(sheet, valued)
    after = settle_interest(value_sheet(draft, rates, sheet, valued), totals_of(before))
    if found := _check_result(after):
        return Rebuilt(Outcome.REFUSED, sheet, sheet, problems=found)
    changes = _explain(before, after, results, novedades, rates)
    foot = compare_totals(totals_of(before), totals_of(after), rates)
    if not changes and not foot:
        nothing = problem("NOTHING_CHANGES", sheet=sheet.number)
        return Rebuilt(Outcome.NOTHING_CHANGES, before, before, problems=(nothing,))
    return Rebuilt(
        Outcome.REBUILT, before, after, changes, foot, _warn_of_low_wages(results, sheet, parameters)
    )


def _check_sheet(sheet: Sheet) -> tuple[Problem, ...]:
    if sheet.type is not SheetType.CONTRIBUTIONS:
        state = f"{sheet.state.label}, de tipo {sheet.type.label}"
    elif sheet.state not in REBUILDABLE:
        state = sheet.state.label
    else:
        return ()
    return (problem("SHEET_NOT_REBUILDABLE", sheet=sheet.number, state=state),)


def _check_novedades(novedades: Sequence[Novedad], parameters: Parameters, on: date) -> tuple[Problem, ...]:
    limit = parameters.find(EXTEMPORANEOUS_LIMIT, on)
    if isinstance(limit, NotInForce):
        return (limit.as_problem(),)
    found = check_novedades(novedades, on, int(limit.amount))
    return found if has_errors(found) else ()


def _apply(sheet: Sheet, novedades: Sequence[Novedad]) -> tuple[list[Rewritten], tuple[Problem, ...]]:
    """Each person's novedades on that person's lines; people without novedades are not looked at."""
    told = sort_novedades(novedades)
    active, cancelled = _by_person(told.active), _by_person(told.cancelled)
    people = active.keys() | cancelled.keys()
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sheet.lines:
        if line.id_number in people:
            lines[line.id_number].append(line)
    results: list[Rewritten] = []
    problems: list[Problem] = []
    for person in sorted(people):
        outcome = apply_novedades(
            lines[person], active.get(person, ()), cancelled.get(person, ()), sheet.period
        )
        results += outcome.lines
        problems += outcome.problems
    return results, tuple(sorted(set(problems), key=lambda each: (each.code, each.message)))


def _by_person(numbered: Iterable[Numbered]) -> dict[str, list[Numbered]]:
    people: defaultdict[str, list[Numbered]] = defaultdict(list)
    for each in numbered:
        people[each.novedad.id_number].append(each)
    return dict(people)


def _join(sheet: Sheet, results: Iterable[Rewritten]) -> tuple[Line, ...]:
    """Lines in their old order, those who enter at the end, those who are gone left out."""
    changed = {each.before.key: each.after for each in results if each.before is not None}
    kept = (changed.get(line.key, line) for line in sheet.lines)
    return (*(line for line in kept if line is not None), *_added(results))


def _added(results: Iterable[Rewritten]) -> tuple[Line, ...]:
    return tuple(each.after for each in results if each.before is None and each.after is not None)


def _live_state(sheet: Sheet) -> SheetState:
    """A sheet just rebuilt has no receipt; one that was overdue still is, for its due date stands."""
    return SheetState.GENERATED if sheet.state is SheetState.WITH_RECEIPT else sheet.state


def _check_result(sheet: Sheet) -> tuple[Problem, ...]:
    negative = sorted({line.id_number for line in sheet.lines if line.wage < 0})
    if not negative and totals_of(sheet).total < 0:
        negative = ["el total"]
    return tuple(problem("RESULT_NEGATIVE", sheet=sheet.number, person=where) for where in negative)


def _warn_of_low_wages(
    results: Iterable[Rewritten], sheet: Sheet, parameters: Parameters
) -> tuple[Problem, ...]:
    """A new wage of full time under the Labour Code below the basic one: the minimum base of contribution.

    A sector may have a higher minimum, which is not looked at; the institute decides, so it is a warning.
    """
    basic = parameters.find(BASIC_WAGE, sheet.period.first)
    if isinstance(basic, NotInForce):
        return ()
    return tuple(
        problem(
            "WAGE_BELOW_BASIC",
            person=line.id_number,
            wage=format_money(line.reference_wage),
            basic=format_money(basic.amount),
        )
        for result in results
        for line in (result.after,)
        if line is not None
        and line.relation == LABOUR_CODE
        and line.part_time_hours is None
        and line.reference_wage is not None
        and line.reference_wage < basic.amount
        and (result.before is None or result.before.reference_wage != line.reference_wage)
    )


def _with_stored_amounts(sheet: Sheet, valued: Sheet) -> Sheet:
    """``valued`` with the amounts that the sheet already had: what was issued is the *before*."""
    lines = tuple(_fill_in(line, by_rule) for line, by_rule in zip(sheet.lines, valued.lines, strict=True))
    return replace(valued, lines=lines, totals=sheet.totals or valued.totals)


def _fill_in(line: Line, by_rule: Line) -> Line:
    """``line`` with the amounts that it leaves out: an institute's printed row has its value and no parts."""
    if line.value is None:
        return by_rule
    personal = by_rule.personal if line.personal is None else line.personal
    employer = line.value - (personal or ZERO) if line.employer is None else line.employer
    health = by_rule.part_time_health if line.part_time_health is None else line.part_time_health
    if (line.personal, line.employer, line.part_time_health) == (personal, employer, health):
        return line
    return replace(line, personal=personal, employer=employer, part_time_health=health)


def _explain(
    before: Sheet,
    after: Sheet,
    results: Iterable[Rewritten],
    novedades: Sequence[Novedad],
    rates: Rates,
) -> tuple[Change, ...]:
    """Changes in the order of the old sheet, then those who enter."""
    results = list(results)
    issued = {line.key: line for line in before.lines}
    valued = {line.key: line for line in after.lines}
    by_key = {each.before.key: each for each in results if each.before is not None}
    told = Told(novedades)
    changes: list[Change] = []
    for key, old in issued.items():
        result = by_key.get(key)
        new = valued.get(key) if result is None else _look_up(valued, result.after)
        if new is old:
            continue
        changes += compare_lines(old, new, {} if result is None else result.causes, told, rates)
    for result in results:
        if result.before is None:
            changes += compare_lines(None, _look_up(valued, result.after), result.causes, told, rates)
    return tuple(changes)


def _look_up(valued: dict[tuple[str, str], Line], line: Line | None) -> Line | None:
    return None if line is None else valued[line.key]
