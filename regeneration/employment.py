"""One person's lines under that person's novedades: who enters, leaves, is on leave or earns otherwise.

The rules are those of the month of thirty days. What is not published is decided in one direction and
written down in ``docs/open-questions.md``; what contradicts itself is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from forms.problems import Problem
from regeneration.months import Month
from regeneration.novedades import NovedadType, Numbered, invalid
from regeneration.rewriting import Rewritten, rewrite_line
from regeneration.sheets import Line
from regeneration.spans import Notices


@dataclass(frozen=True, slots=True)
class PersonResult:
    """What became of each line of a person, and the problems that keep it from being said."""

    lines: tuple[Rewritten, ...]
    problems: tuple[Problem, ...]


def apply_novedades(
    lines: Sequence[Line], active: Sequence[Numbered], cancelled: Sequence[Numbered], month: Month
) -> PersonResult:
    """Apply to one person's ``lines`` of ``month`` the novedades of that person, in their own order.

    Novedades whose day is after the month have no effect on it.
    """
    due = tuple(each for each in active if each.novedad.effective <= month.last)
    known = {line.relation: line for line in lines}
    notices, problems = _assign(known, due, month)
    if problems:
        return PersonResult((), problems)
    results: list[Rewritten] = []
    only = len(known.keys() | notices.keys()) == 1
    for relation in sorted(known.keys() | notices.keys()):
        gone = tuple(each for each in cancelled if each.novedad.relation in {None, relation} or only)
        line = known.get(relation)
        outcome = rewrite_line(line, Notices(tuple(notices.get(relation, ())), gone), month)
        if isinstance(outcome, Problem):
            problems = (*problems, outcome)
        elif line is not None or outcome.after is not None:
            results.append(outcome)
    return PersonResult(() if problems else tuple(results), problems)


def _assign(
    known: Mapping[str, Line], due: Sequence[Numbered], month: Month
) -> tuple[dict[str, list[Numbered]], tuple[Problem, ...]]:
    """Which relation each novedad is about. A change of relation needs that there is only one."""
    changes = [each for each in due if each.novedad.type is NovedadType.RELATION]
    if changes:
        if len(known) > 1:
            reason = "la persona tiene más de una relación de trabajo y no se sabe cuál cambia"
            return {}, tuple(invalid(each.novedad, reason) for each in changes)
        if known:
            return {next(iter(known)): list(due)}, ()
        entries = [each for each in due if each.novedad.type is NovedadType.ENTRY]
        if entries:
            return {entries[0].novedad.relation or "": list(due)}, ()
    return _assign_by_relation(known, due, month)


def _assign_by_relation(
    known: Mapping[str, Line], due: Sequence[Numbered], month: Month
) -> tuple[dict[str, list[Numbered]], tuple[Problem, ...]]:
    entries = {each.novedad.relation or "": each for each in due if each.novedad.type is NovedadType.ENTRY}
    slots: dict[str, list[Numbered]] = {relation: [] for relation in known.keys() | entries.keys()}
    problems: list[Problem] = []
    for each in due:
        fitting = [
            relation
            for relation in slots
            if each.novedad.relation in {None, relation}
            and not _is_of_earlier_job(each, entries.get(relation), known.get(relation))
        ]
        if len(fitting) == 1:
            slots[fitting[0]].append(each)
        elif fitting:
            several = ", ".join(sorted(fitting))
            reason = f"la persona tiene más de una relación de trabajo ({several}): indique cuál"
            problems.append(replace(invalid(each.novedad, reason), field="relation"))
        elif each.novedad.effective > _last_day_of_earlier_work(due, month):
            # who left in an earlier month is rightly absent, and so is what was said of that work
            problems.append(invalid(each.novedad, "la persona no consta en la planilla con esa relación"))
    return slots, tuple(problems)


def _last_day_of_earlier_work(due: Sequence[Numbered], month: Month) -> date:
    """The last exit before the month; the first of all days when there is none."""
    exits = (each.novedad.effective for each in due if each.novedad.type is NovedadType.EXIT)
    return max((day for day in exits if day < month.first), default=date.min)


def _is_of_earlier_job(leaving: Numbered, entry: Numbered | None, line: Line | None) -> bool:
    """Whether an exit comes before the ``entry`` that made ``line``, and so ends some other work."""
    if leaving.novedad.type is not NovedadType.EXIT or entry is None:
        return False
    made_by_entry = line is None or line.entered == entry.novedad.effective
    return made_by_entry and leaving.novedad.effective < entry.novedad.effective
