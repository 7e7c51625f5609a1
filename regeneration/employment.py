"""One person's lines under that person's novedades: who enters, leaves, is on leave or earns otherwise.

The rules are those of the month of thirty days. What is not published is decided in one direction and
written down in ``docs/open-questions.md``; what contradicts itself is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from forms.problems import Problem
from regeneration.months import Month
from regeneration.novedades import NovedadType, Numbered, invalid
from regeneration.rewriting import Rewritten, rewrite_line
from regeneration.sheets import Line
from regeneration.spans import Notices

_WHICH: Final = (
    "la persona tiene más de una relación de trabajo ({relations}): indique cuál, en el formulario o en la "
    "columna «relacion» de una tabla, pues el archivo de carga masiva no tiene dónde decirlo"
)
_WHICH_CHANGES: Final = (
    "la persona tiene más de una relación de trabajo ({relations}) y no se sabe cuál cambia: indique la que "
    "cambia, en el formulario o en la columna «relacion_anterior» de una tabla"
)


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
    due, gone_due = (
        tuple(each for each in told if each.novedad.effective <= month.last) for told in (active, cancelled)
    )
    known = {line.relation: line for line in lines}
    notices, problems = _assign(known, due, month)
    if problems:
        return PersonResult((), problems)
    results: list[Rewritten] = []
    only = len(known.keys() | notices.keys()) == 1
    for relation in sorted(known.keys() | notices.keys()):
        gone = tuple(each for each in gone_due if each.novedad.relation in {None, relation} or only)
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
    """Which relation each novedad is about, by the code with which the month found it."""
    changes = [each for each in due if each.novedad.type is NovedadType.RELATION]
    entered = {each.novedad.relation or "" for each in due if each.novedad.type is NovedadType.ENTRY}
    if changes and all(each.novedad.previous_relation is None for each in changes):
        # Only one relation can be meant. A sheet that was rebuilt with these same novedades has the new code
        # already, and the entry still says the old one.
        changed = known.keys() & {each.novedad.relation for each in changes}
        if len(known) == 1 and (changed or entered <= known.keys()):
            return {next(iter(known)): list(due)}, ()
        if not known and len(entered) == 1:
            return {next(iter(entered)): list(due)}, ()
    slot_of, problems = _follow_changes(known.keys(), entered, changes)
    return ({}, problems) if problems else _assign_by_relation(known, due, month, slot_of)


def _follow_changes(
    known: Collection[str], entered: Collection[str], changes: Sequence[Numbered]
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """For each code that a relation has or had, the one that names its line, and what cannot be followed. The
    change of one among several has to say which, and to become what another is would make two lines of one.
    """
    slot_of = {relation: relation for relation in sorted(known)}
    _join(slot_of, changes)
    own = {relation: relation for relation in sorted(entered) if relation not in slot_of}
    # Who begins a second relation has not begun the one that the first one turns into.
    taken = (set(entered) & slot_of.keys()) - set(known) if known else set()
    slot_of |= own
    _join(slot_of, changes)
    problems: list[Problem] = []
    for each in changes if slot_of else ():
        before, after = each.novedad.previous_relation, each.novedad.relation or ""
        if before is None:
            reason = _WHICH_CHANGES.format(relations=", ".join(sorted({*known, *entered})))
            problems.append(replace(invalid(each.novedad, reason), field="previous_relation"))
        elif before not in slot_of:
            reason = f"la persona no consta en la planilla con la relación {before}, que debía cambiar"
            problems.append(replace(invalid(each.novedad, reason), field="previous_relation"))
        elif slot_of[before] != slot_of[after] or after in taken:
            reason = f"la persona ya tiene otra fila con la relación {after}: revise cuál cambia y a cuál"
            problems.append(replace(invalid(each.novedad, reason), field="relation"))
    return slot_of, tuple(problems)


def _join(slot_of: dict[str, str], changes: Sequence[Numbered]) -> None:
    """Put the two codes of each change on one line, from whichever side the line is known: a sheet that was
    rebuilt has the new code.
    """
    for _ in changes:  # the longest chain takes as many rounds
        for each in changes:
            before, after = each.novedad.previous_relation, each.novedad.relation or ""
            if before in slot_of:
                slot_of.setdefault(after, slot_of[before])
            elif before is not None and after in slot_of:
                slot_of[before] = slot_of[after]


def _assign_by_relation(
    known: Mapping[str, Line], due: Sequence[Numbered], month: Month, slot_of: Mapping[str, str]
) -> tuple[dict[str, list[Numbered]], tuple[Problem, ...]]:
    entries = {
        slot_of[each.novedad.relation or ""]: each for each in due if each.novedad.type is NovedadType.ENTRY
    }
    slots: dict[str, list[Numbered]] = {slot: [] for slot in slot_of.values()}
    problems: list[Problem] = []
    for each in due:
        named = each.novedad.relation
        if each.novedad.type is NovedadType.RELATION:
            named = each.novedad.previous_relation
        fitting = [
            slot
            for slot in slots
            if (named is None or slot_of.get(named) == slot)
            and not _is_of_earlier_job(each, entries.get(slot), known.get(slot))
        ]
        if len(fitting) == 1:
            slots[fitting[0]].append(each)
        elif fitting:
            reason = _WHICH.format(relations=", ".join(sorted(fitting)))
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
