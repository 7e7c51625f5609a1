"""The stretch of a month that a person works: between entry and exit, less the days on leave.

A printed line says how many days, and often not which. The days are known when the line's own dates or the
novedades of the month give that number; when nothing does, the answer is that it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from regeneration.months import DAYS, Month, count_part_time, cover, end_position, start_position
from regeneration.novedades import Novedad, NovedadType, Numbered
from regeneration.sheets import Line

FULL_DAY_HOURS: Final = 8
_PAUSES: Final = (NovedadType.LEAVE, NovedadType.EARLY_RETURN)
SPAN_TYPES: Final = (NovedadType.ENTRY, NovedadType.EXIT, *_PAUSES)
"""Novedades that say which days of the month are worked."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Novedades of one line: those that count, by day, and those that others corrected."""

    active: tuple[Numbered, ...]
    cancelled: tuple[Numbered, ...]

    def of(self, *types: NovedadType) -> tuple[Numbered, ...]:
        return tuple(each for each in self.active if each.novedad.type in types)

    def mentions(self, *types: NovedadType) -> bool:
        """Whether the list says anything about ``types``, be it only to correct it."""
        return any(each.novedad.type in types for each in (*self.active, *self.cancelled))


@dataclass(frozen=True, slots=True)
class Span:
    """Positions of the month that are worked, and what is kept on the line to work them out again.

    ``news`` are those of the ``causes`` that say what the line did not have yet.
    """

    worked: int
    entered: date | None
    left: date | None
    leave_days: int
    causes: tuple[int, ...]
    news: tuple[int, ...] = ()


def find_span(
    line: Line, notices: Notices, exits: tuple[Numbered, ...], month: Month, behind: frozenset[int]
) -> Span | None:
    """Which days of the month are worked, of a line with one of ``behind`` (:func:`find_days_behind`).

    What no notice speaks about stays as the line has it. ``None`` when that is not known: a line with
    fewer days than its dates and notices explain, or a leave of which nobody says which days it took.
    """
    if not notices.mentions(*SPAN_TYPES):
        if len(behind) != 1:
            return None
        return Span(next(iter(behind)), line.entered, line.left, line.leave_days, ())
    explained = _explain(line, notices, month, behind)
    entries = notices.of(NovedadType.ENTRY)
    entered, left = find_entry(line, notices), find_exit(line, notices, exits)
    present = _stretch(_first(entered, month), _last(left, month))
    if notices.mentions(*_PAUSES):
        leave_days = len(present & _leave_positions(notices.active, month))
    elif line.leave_days and not all(before <= present for before, _ in explained):
        return None
    else:
        leave_days = line.leave_days
    if not explained:
        return None
    spoken = (*entries, *exits, *notices.of(*_PAUSES))
    if not spoken:
        spoken = tuple(each for each in notices.cancelled if each.novedad.type in SPAN_TYPES)
    new = tuple(each for each in spoken if not _is_known(each.novedad, line, leave_days))
    if not _agrees_with_dates(line, month, behind):
        new = spoken
    return Span(len(present) - leave_days, entered, left, leave_days, cite(spoken), cite(new))


def _is_known(novedad: Novedad, line: Line, leave_days: int) -> bool:
    """Whether the line has already what the notice says."""
    match novedad.type:
        case NovedadType.ENTRY:
            return novedad.effective == line.entered
        case NovedadType.EXIT:
            return novedad.effective == line.left
        case _:
            return leave_days == line.leave_days


def _agrees_with_dates(line: Line, month: Month, behind: frozenset[int]) -> bool:
    """Whether the line's days are those of its own dates and leave."""
    own = _stretch(_first(line.entered, month), _last(line.left, month))
    return len(own) - line.leave_days in behind


def find_days_behind(line: Line, notices: Notices, month: Month) -> frozenset[int]:
    """How many days of work may be behind the printed ones: those that the line's dates or the notices
    explain, if any does; else all that print so. Only part time leaves more than one.
    """
    printed = _printed(line)
    return frozenset(days for _, days in _explain(line, notices, month, printed)) or printed


def _printed(line: Line) -> frozenset[int]:
    """Numbers of days that print as the line's do; more than part time can give is the whole month."""
    if line.part_time_hours is None:
        return frozenset({line.days})
    if line.worked_days is not None:
        return frozenset({line.worked_days})
    hours = line.part_time_hours
    fitting = (days for days in range(DAYS + 1) if count_part_time(hours, days) == line.days)
    return frozenset(fitting) or frozenset({DAYS})


def _explain(
    line: Line, notices: Notices, month: Month, wanted: frozenset[int]
) -> list[tuple[frozenset[int], int]]:
    """Ways in which the line may have come to one of the ``wanted`` numbers of days: where between entry
    and exit, and how many.

    A sheet is drawn when some notices are known and others are not yet, so each bound is that of the line
    or of any notice, and the leaves are those known at some moment.
    """
    notes = [each.novedad for each in (*notices.active, *notices.cancelled)]
    firsts = {_first(each.effective, month) for each in notes if each.type is NovedadType.ENTRY}
    lasts = {_last(each.effective, month) for each in notes if each.type is NovedadType.EXIT}
    pauses = _pauses_by_moment(notices, month) if notices.mentions(*_PAUSES) else None
    found: list[tuple[frozenset[int], int]] = []
    for first in firsts | {_first(line.entered, month)}:
        for last in lasts | {_last(line.left, month)}:
            if last < first:
                continue
            present = _stretch(first, last)
            if pauses is None:
                away = {line.leave_days}
            else:
                away = {len(present & each) for each in pauses}
                away = away & {line.leave_days} if line.leave_days else away
            found += [(present, len(present) - days) for days in away if len(present) - days in wanted]
    return found


def _pauses_by_moment(notices: Notices, month: Month) -> set[frozenset[int]]:
    """Positions on leave as known after each notice of one, in the order of their registration."""
    told = [each for each in (*notices.active, *notices.cancelled) if each.novedad.type in _PAUSES]
    told.sort(key=lambda each: _order_of_pause(each.novedad))
    moments = {_leave_positions(notices.active, month)}
    for place in range(len(told) + 1):
        gone = {each.novedad.cancels for each in told[:place]} - {None}
        known = tuple(each for each in told[:place] if each.novedad.id not in gone)
        moments.add(_leave_positions(known, month))
    return moments


def _order_of_pause(novedad: Novedad) -> tuple[date, date, bool, tuple[str, ...]]:
    """As registered; of one day, a leave before the return that takes all of it back."""
    comes_back = novedad.type is NovedadType.EARLY_RETURN
    return novedad.registered, novedad.effective, comes_back, novedad.sort_key


def find_entry(line: Line | None, notices: Notices) -> date | None:
    """Since when the line's work goes on: as a notice says, else as the line does, unless that is a day that
    was corrected since.
    """
    if told := notices.of(NovedadType.ENTRY):
        return told[0].novedad.effective
    return _standing(line.entered, NovedadType.ENTRY, notices) if line is not None else None


def find_exit(line: Line | None, notices: Notices, exits: tuple[Numbered, ...]) -> date | None:
    """The last day of the line's work: that of its ``exits``, else as the line says, unless corrected."""
    if exits:
        return exits[0].novedad.effective
    return _standing(line.left, NovedadType.EXIT, notices) if line is not None else None


def _standing(day: date | None, kind: NovedadType, notices: Notices) -> date | None:
    stale = {each.novedad.effective for each in notices.cancelled if each.novedad.type is kind}
    return None if day in stale else day


def _first(entered: date | None, month: Month) -> int:
    return start_position(entered) if entered is not None and entered in month else 1


def _last(left: date | None, month: Month) -> int:
    return end_position(left) if left is not None and left in month else DAYS


def _stretch(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


def _leave_positions(told: tuple[Numbered, ...], month: Month) -> frozenset[int]:
    positions: frozenset[int] = frozenset()
    returns = [each.novedad.effective for each in told if each.novedad.type is NovedadType.EARLY_RETURN]
    for leave in (each.novedad for each in told if each.novedad.type is NovedadType.LEAVE):
        until = leave.until or leave.effective
        for back in returns:
            if is_within(back, leave):
                until = min(until, back - timedelta(days=1))
        positions |= cover(month, leave.effective, until)
    return positions


def is_within(day: date, leave: Novedad) -> bool:
    return leave.until is not None and leave.effective <= day <= leave.until


def cite(numbered: tuple[Numbered, ...]) -> tuple[int, ...]:
    return tuple(each.index for each in numbered)
