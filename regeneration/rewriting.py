"""One line of a sheet under the novedades that concern it: span of the month, wage, relation, hours.

Each rule names the novedades that made it act, so that every changed cell can say why it changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from forms.problems import Problem, problem
from regeneration.money import ZERO, format_money, prorate, round_cents
from regeneration.month_wages import find_base, find_month_wages
from regeneration.months import DAYS, Month, count_part_time
from regeneration.novedades import Novedad, NovedadType, Numbered, invalid
from regeneration.sheets import Line
from regeneration.spans import (
    FULL_DAY_HOURS,
    SPAN_TYPES,
    Notices,
    Span,
    cite,
    find_days_behind,
    find_entry,
    find_exit,
    find_span,
    is_within,
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A line before and after, and which novedades (by place in the list) made each of its cells.

    ``before`` is absent for who enters, ``after`` for who should not have been on the sheet.
    """

    before: Line | None
    after: Line | None
    causes: Mapping[str, tuple[int, ...]]


def rewrite_line(line: Line | None, notices: Notices, month: Month) -> Rewritten | Problem:
    """``line`` as the notices make it, or the problem of the notice that contradicts another."""
    if found := _find_contradiction(line, notices, month):
        return found
    entries, exits = notices.of(NovedadType.ENTRY), _exits(line, notices, month)
    if exits and exits[0].novedad.effective < month.first:
        return Rewritten(line, None, {"line": cite(exits)})
    if not entries and any(each.novedad.type is NovedadType.ENTRY for each in notices.cancelled):
        return Rewritten(line, None, {"line": cite(notices.cancelled)})
    if line is None:
        if not entries:
            return Rewritten(None, None, {})
        line = _new_line(entries[0].novedad)
        rewritten = _rewrite(line, notices, exits, month)
        return rewritten if isinstance(rewritten, Problem) else replace(rewritten, before=None)
    return _rewrite(line, notices, exits, month)


def _new_line(entry: Novedad) -> Line:
    wage = entry.wage or ZERO
    return Line(
        entry.id_number,
        entry.name or "",
        entry.relation or "",
        wage,
        DAYS,
        variation=ZERO,
        reference_wage=wage,
    )


def _exits(line: Line | None, notices: Notices, month: Month) -> tuple[Numbered, ...]:
    """The exits that end this line's work: not those of an earlier month from which one came back."""
    entered = find_entry(line, notices) or date.min
    return tuple(
        each
        for each in notices.of(NovedadType.EXIT)
        if each.novedad.effective >= month.first or each.novedad.effective >= entered
    )


def _find_contradiction(line: Line | None, notices: Notices, month: Month) -> Problem | None:
    entries, exits = notices.of(NovedadType.ENTRY), _exits(line, notices, month)
    for same, what in ((entries, "entrada"), (exits, "salida")):
        if len(same) > 1:
            return invalid(same[1].novedad, f"hay más de un aviso de {what}")
    entered = find_entry(line, notices) or date.min
    left = find_exit(line, notices, exits)
    left = left if left is not None and (exits or left in month) else date.max
    if left < entered and (exits or entries):
        return invalid((*exits, *entries)[0].novedad, "sale y vuelve a entrar en el mismo mes")
    if not entries and entered in month:
        # who is known to be there since then has the wage and relation of any day of the month
        entered = month.first
    placed = (NovedadType.NEW_WAGE, NovedadType.RELATION, NovedadType.LEAVE, NovedadType.EARLY_RETURN)
    for each in notices.of(*placed):
        if not entered <= each.novedad.effective <= left:
            return invalid(
                each.novedad,
                "está fuera del tiempo trabajado, según la planilla y los avisos de entrada y salida",
            )
    for each in notices.of(NovedadType.VARIATION):
        # extras may be told with any day of the month, but not of one in which nothing was worked
        if each.novedad.effective in month and not (entered <= month.last and month.first <= left):
            return invalid(each.novedad, "es de un mes que la persona no trabajó")
    return (
        _find_rival(notices, NovedadType.NEW_WAGE, "wage", "part_time_hours")
        or _find_rival(notices, NovedadType.RELATION, "relation", "part_time_hours")
        or _find_leave_fault(notices)
    )


def _find_rival(notices: Notices, kind: NovedadType, *names: str) -> Problem | None:
    """Two notices of one kind and day that say different things."""
    said: dict[date, tuple[object, ...]] = {}
    for each in notices.of(kind):
        values = tuple(getattr(each.novedad, name) for name in names)
        if said.setdefault(each.novedad.effective, values) != values:
            return invalid(each.novedad, "otra del mismo día dice algo distinto")
    return None


def _find_leave_fault(notices: Notices) -> Problem | None:
    leaves = notices.of(NovedadType.LEAVE)
    for leave, after in pairwise(leaves):
        if leave.novedad.until is not None and after.novedad.effective <= leave.novedad.until:
            return invalid(after.novedad, "se cruza con otra licencia")
    for back in notices.of(NovedadType.EARLY_RETURN):
        if not any(is_within(back.novedad.effective, leave.novedad) for leave in leaves):
            return invalid(back.novedad, "no consta una licencia vigente en esa fecha")
    return None


def _find_lost_wage(wages: frozenset[Decimal], notices: Notices) -> Problem | None:
    """A corrected new wage that is still on the line, when nothing says which wage was right."""
    for each in notices.cancelled:
        if each.novedad.type is NovedadType.NEW_WAGE and each.novedad.wage in wages:
            return invalid(each.novedad, "se corrigió y no consta qué sueldo rige en el mes")
    return None


@dataclass(frozen=True, slots=True)
class _Earned:
    """What the worked days earn without extras, and the wage of the month where it is known to the cent."""

    wage: Decimal
    reference: Decimal | None


def _rewrite(line: Line, notices: Notices, exits: tuple[Numbered, ...], month: Month) -> Rewritten | Problem:
    setters = notices.of(NovedadType.ENTRY, NovedadType.NEW_WAGE)
    hours, hours_causes = _find_hours(line, notices, month)
    extras, total = _find_extras(notices, month)
    behind = find_days_behind(line, notices, month)
    base = find_base(line, behind, extras_told=bool(extras))
    if not setters and (lost := _find_lost_wage(find_month_wages(line, base, behind), notices)):
        return lost
    after, span = line, None
    news = _find_news(line, base, behind, notices, extras, total)
    if setters or hours_causes or notices.mentions(*SPAN_TYPES):
        span = find_span(line, notices, exits, month, behind)
        if span is None:
            return problem("LINE_DAYS_UNEXPLAINED", person=line.id_number, days=line.days)
        earned = _find_earned(line, base, behind, span, notices)
        if isinstance(earned, Problem):
            return earned
        base = earned.wage
        after = _with_span(replace(line, reference_wage=earned.reference), span, hours)
    if base is None:
        return problem("LINE_EXTRAS_UNKNOWN", person=line.id_number)
    variation = total if extras else line.variation
    movers = notices.of(NovedadType.RELATION)
    after = replace(
        after,
        relation=(movers[-1].novedad.relation if movers else None) or line.relation,
        wage=round_cents(base + (variation or ZERO)),
        variation=variation,
        value=None,
        personal=None,
        employer=None,
        part_time_health=None,
    )
    span_causes, span_news = (span.causes, span.news) if span is not None else ((), ())
    hours_news = () if hours == line.part_time_hours else hours_causes
    wage_causes = (*cite(setters[-1:]), *span_causes, *cite(extras))
    wage_news = (*news, *span_news)
    causes = {
        "wage": _in_order(wage_news, wage_causes),
        "days": _in_order((*span_news, *hours_news), (*span_causes, *hours_causes)),
        "part_time_health": _in_order((*wage_news, *hours_news), (*wage_causes, *hours_causes)),
        "part_time_hours": hours_causes,
        "relation": cite(movers[-1:]),
        "line": cite(notices.of(NovedadType.ENTRY)),
    }
    return Rewritten(line, after, causes)


def _in_order(news: tuple[int, ...], causes: tuple[int, ...]) -> tuple[int, ...]:
    """The ``causes`` that are ``news`` to the line; all of them where none is."""
    return tuple(index for index in causes if index in news) or causes


def _find_news(
    line: Line,
    base: Decimal | None,
    behind: frozenset[int],
    notices: Notices,
    extras: tuple[Numbered, ...],
    total: Decimal,
) -> tuple[int, ...]:
    """The notices of wage and extras that say what the line did not have yet, so that the ones it had are not
    told as reasons of what others changed. A line that contradicts itself has nothing for sure.
    """
    setters = notices.of(NovedadType.ENTRY, NovedadType.NEW_WAGE)[-1:]
    whole = line.reference_wage
    if whole is not None and any(prorate(whole, days, DAYS) == base for days in behind):
        setters = tuple(each for each in setters if each.novedad.wage != whole)
    return (*cite(setters), *(() if line.variation == total else cite(extras)))


def _find_earned(
    line: Line, base: Decimal | None, behind: frozenset[int], span: Span, notices: Notices
) -> _Earned | Problem:
    """The earnings of a line whose wage, days or hours some notice touches; ``base`` are those it had."""
    setters = notices.of(NovedadType.ENTRY, NovedadType.NEW_WAGE)
    if setters:
        wage = setters[-1].novedad.wage or ZERO
        return _Earned(prorate(wage, span.worked, DAYS), wage)
    if base is None and line.reference_wage is None:
        return problem("LINE_EXTRAS_UNKNOWN", person=line.id_number)
    wages = find_month_wages(line, base, behind)
    if not wages and base is not None and behind == {span.worked}:
        return _Earned(base, None)
    if not wages:
        return invalid(notices.active[0].novedad, "no consta el sueldo del mes completo")
    earned = {prorate(wage, span.worked, DAYS) for wage in wages}
    if len(earned) > 1:
        least, most = format_money(min(wages)), format_money(max(wages))
        printed = format_money(line.wage if base is None else base)
        return problem("LINE_WAGE_UNKNOWN", person=line.id_number, wage=printed, least=least, most=most)
    return _Earned(earned.pop(), next(iter(wages)) if len(wages) == 1 else None)


def _with_span(line: Line, span: Span, hours: int | None) -> Line:
    return replace(
        line,
        days=span.worked if hours is None else count_part_time(hours, span.worked),
        part_time_hours=hours,
        entered=span.entered,
        left=span.left,
        leave_days=span.leave_days,
        worked_days=line.worked_days if hours is None else span.worked,
    )


def _find_hours(line: Line, notices: Notices, month: Month) -> tuple[int | None, tuple[int, ...]]:
    """Hours a day, ``None`` for a full day; the last notice that gives them decides. An entry of the month
    always does: one that names no hours is of full time. One of before says nothing of a line that has hours
    by now.
    """
    kinds = (NovedadType.ENTRY, NovedadType.NEW_WAGE, NovedadType.RELATION)
    given = [
        each
        for each in notices.of(*kinds)
        if each.novedad.part_time_hours is not None
        or (each.novedad.type is NovedadType.ENTRY and each.novedad.effective in month)
    ]
    if not given:
        return line.part_time_hours, ()
    hours = given[-1].novedad.part_time_hours
    return (None if hours == FULL_DAY_HOURS else hours), (given[-1].index,)


def _find_extras(notices: Notices, month: Month) -> tuple[tuple[Numbered, ...], Decimal]:
    """The notices of the month's extras and their sum, which stands in place of what the line had; those
    that were corrected only where none is left.
    """
    told, gone = (
        tuple(
            each
            for each in notes
            if each.novedad.type is NovedadType.VARIATION and each.novedad.effective in month
        )
        for notes in (notices.active, notices.cancelled)
    )
    return told or gone, sum((each.novedad.amount or ZERO for each in told), ZERO)
