"""Registering novedades for a sheet of one's own: tried on the sheet first, then all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from forms.problems import Problem, has_errors
from operations.branch_sheets import NotYoursError, own_sheet, record_of
from operations.house import House
from operations.users import User
from regeneration.batch_file import novedades_of, read_batch
from regeneration.exchange import novedades_as_json
from regeneration.novedad_entries import fault_problems, lines_of_entries, read_entries, read_entry
from regeneration.novedades import Novedad, invalid, sort_novedades
from regeneration.rebuilding import Outcome, Rebuilt, rebuild
from regeneration.sheets import REBUILDABLE, Sheet, SheetType
from storage.audit import append_audit
from storage.concurrency import next_serial
from storage.schema import NovedadRow

_SERIES: Final = "novedades"
_WANTED: Final = "nueva"
"""What stands for a novedad's number before it has one; several have it with their place behind."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What the sheet would become with the novedades, before anything is registered.

    ``problems`` with an error keep them from being registered. ``before`` and ``after`` are totals in
    dollars, absent when the sheet could not be rebuilt. ``lines`` are those of the file that the novedades
    came from, one for each.
    """

    novedades: tuple[Novedad, ...]
    problems: tuple[Problem, ...]
    before: Decimal | None = None
    after: Decimal | None = None
    changes: int = 0
    lines: tuple[int, ...] = ()

    @property
    def passes(self) -> bool:
        return bool(self.novedades) and not has_errors(self.problems)

    def lines_of(self, found: Problem) -> tuple[int, ...]:
        """The lines of the file that a problem is about; none for one that is about no line, or names its
        line itself.
        """
        # A sentence about a novedad names it and its person; two lines that say the same are both meant.
        named = zip(self.novedades, self.lines, strict=False)
        return tuple(line for each, line in named if f"{each.label} de {each.id_number} " in found.message)


@dataclass(frozen=True, slots=True)
class Registered:
    """The novedades as they were registered, each with its number."""

    novedades: tuple[Novedad, ...]
    problems: tuple[Problem, ...]


def try_entry(house: House, user: User, sheet_number: str, texts: Mapping[str, str]) -> Trial:
    """One novedad as it is being written, tried on the sheet; :class:`NotYoursError`."""
    read = read_entry(texts, house.today(), user.name)
    if not isinstance(read, Novedad):
        return Trial((), fault_problems(read))
    with house.database.reading() as session:
        sheet = _open_sheet(session, user, sheet_number)
        return _try(house, session, sheet, (read,))


def register_entry(
    house: House, user: User, sheet_number: str, texts: Mapping[str, str]
) -> Registered | Trial:
    """Register one novedad; the trial that failed where it cannot be; :class:`NotYoursError`."""
    read = read_entry(texts, house.today(), user.name)
    if not isinstance(read, Novedad):
        return Trial((), fault_problems(read))
    return _register(house, user, sheet_number, (read,))


def register_file(house: House, user: User, sheet_number: str, data: bytes) -> Registered | Trial:
    """Register a file of many, a table with a header or the institute's batch file: all of it or nothing;
    :class:`NotYoursError`.
    """
    with house.database.reading() as session:
        sheet = _open_sheet(session, user, sheet_number)
    novedades, problems = read_file(house, user, sheet, data)
    if has_errors(problems):
        return Trial((), problems)
    answer = _register(house, user, sheet_number, novedades)
    return answer if isinstance(answer, Registered) else replace(answer, lines=_lines_of(data))


def _lines_of(data: bytes) -> tuple[int, ...]:
    if _is_batch(data):
        return tuple(line.number for line in read_batch(data).lines)
    return lines_of_entries(data)


def read_file(
    house: House, user: User, sheet: Sheet, data: bytes
) -> tuple[tuple[Novedad, ...], tuple[Problem, ...]]:
    """The novedades of a file, whichever of the two kinds it is: a batch file begins with the RUC."""
    if _is_batch(data):
        novedades, problems = novedades_of(read_batch(data), sheet, house.today())
        return tuple(replace(each, registered_by=user.name) for each in novedades), problems
    return read_entries(data, house.today(), user.name)


def _is_batch(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf")[:13].isdigit()


def _open_sheet(session: Session, user: User, number: str) -> Sheet:
    sheet = own_sheet(session, user, number)
    if sheet.type is not SheetType.CONTRIBUTIONS or sheet.state not in REBUILDABLE:
        raise NotYoursError(f"{number} takes no novedades any more")
    return sheet


def _try(house: House, session: Session, sheet: Sheet, novedades: Sequence[Novedad]) -> Trial:
    """What the sheet becomes with what is registered already and these."""
    known = record_of(house, session, sheet).novedades
    if repeated := tuple(_repeated(novedades, known)):
        return Trial(tuple(novedades), repeated)
    numbered = [replace(each, id=f"{_WANTED}{place}") for place, each in enumerate(novedades)]
    earlier = rebuild(sheet, known, house.parameters, house.today())
    then = rebuild(sheet, [*known, *numbered], house.parameters, house.today())
    problems = _problems_of(then, earlier)
    if then.outcome is Outcome.REFUSED:
        return Trial(tuple(novedades), problems)
    before = earlier.sheet if earlier.outcome is not Outcome.REFUSED else then.before
    return Trial(tuple(novedades), problems, _total_of(before), _total_of(then.sheet), len(then.changes))


def _repeated(novedades: Sequence[Novedad], known: Sequence[Novedad]) -> Iterator[Problem]:
    """Novedades that say what another says already: the sheet would not change, and nobody would know why."""
    said = {_content(each): each for each in (it.novedad for it in sort_novedades(known).active)}
    for novedad in novedades:
        first = said.setdefault(_content(novedad), novedad)
        if first is not novedad:
            yield invalid(
                novedad, f"ya está registrada con el número {first.id}" if first.id else "está dos veces"
            )


def _content(novedad: Novedad) -> Novedad:
    """What a novedad says, whoever registered it and when."""
    return replace(novedad, id=None, registered=date.min, registered_by=None, name=None)


def _problems_of(then: Rebuilt, earlier: Rebuilt) -> tuple[Problem, ...]:
    """Problems of the new ones. What stood in the way before them is not theirs, and correcting it must be
    possible: it is told on the sheet's page.
    """
    if then.outcome is Outcome.NOTHING_CHANGES and earlier.outcome is Outcome.NOTHING_CHANGES:
        return then.problems
    known = set(earlier.problems)
    return tuple(each for each in then.problems if each not in known and each.code != "NOTHING_CHANGES")


def _total_of(sheet: Sheet) -> Decimal | None:
    return sheet.totals.total if sheet.totals is not None else None


def _register(
    house: House, user: User, sheet_number: str, novedades: Sequence[Novedad]
) -> Registered | Trial:
    with house.database.transaction() as session:
        sheet = _open_sheet(session, user, sheet_number)
        # record_of() takes the month's turn, so what was tried is what is registered.
        trial = _try(house, session, sheet, novedades)
        if not trial.passes:
            return trial
        numbered = tuple(replace(each, id=f"N{next_serial(session, _SERIES)}") for each in novedades)
        for body in novedades_as_json(numbered):
            session.add(NovedadRow(ruc=sheet.ruc, branch=sheet.branch, period=str(sheet.period), body=body))
        told = {"sheet": sheet.number, "novedades": [f"{each.type.value} {each.id}" for each in numbered]}
        told |= user.acting
        append_audit(session, house.now(), user.name, "novedad.register", sheet.number, told)
    return Registered(numbered, trial.problems)
