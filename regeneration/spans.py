"""The stretch of a month that a person works: between entry and exit, less the days on leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from regeneration.months import DAYS, Month, cover, end_position, start_position
from regeneration.novedades import Novedad, NovedadType, Numbered
from regeneration.sheets import Line

FULL_DAY_HOURS: Final = 8
_BOUNDS: Final = (NovedadType.ENTRY, NovedadType.EXIT)
_PAUSES: Final = (NovedadType.LEAVE, NovedadType.EARLY_RETURN)


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
    """Positions of the month that are worked, and what is kept on the line to work them out again."""

    worked: int
    entered: date | None
    left: date | None
    leave_days: int
    causes: tuple[int, ...]


def find_span(line: Line, notices: Notices, exits: tuple[Numbered, ...], month: Month) -> Span:
    """Which days of the month are worked; what no notice speaks about stays as the line has it."""
    entries = notices.of(NovedadType.ENTRY)
    entered = entries[0].novedad.effective if entries else line.entered
    left = exits[0].novedad.effective if exits else _standing_exit(line, notices)
    present = _present(line, notices, entered, left, month)
    if notices.mentions(*_PAUSES):
        leave_days = len(present & _leave_positions(notices, month))
    else:
        leave_days = min(line.leave_days, len(present))
    spoken = (*entries, *exits, *notices.of(*_PAUSES))
    if not spoken and notices.mentions(*_BOUNDS, *_PAUSES):
        spoken = tuple(each for each in notices.cancelled if each.novedad.type in {*_BOUNDS, *_PAUSES})
    return Span(len(present) - leave_days, entered, left, leave_days, cite(spoken))


def _standing_exit(line: Line, notices: Notices) -> date | None:
    """The exit that the line has, unless it is one that was corrected since."""
    stale = {each.novedad.effective for each in notices.cancelled if each.novedad.type is NovedadType.EXIT}
    return None if line.left in stale else line.left


def _present(
    line: Line, notices: Notices, entered: date | None, left: date | None, month: Month
) -> frozenset[int]:
    """Positions between entry and exit. Of a short line without dates, the first ones of the month."""
    if not notices.mentions(*_BOUNDS) and entered is None and left is None:
        return frozenset(range(1, min(DAYS, count_worked(line) + line.leave_days) + 1))
    first = start_position(entered) if entered is not None and entered in month else 1
    last = end_position(left) if left is not None and left in month else DAYS
    return frozenset(range(first, max(first, last) + 1))


def _leave_positions(notices: Notices, month: Month) -> frozenset[int]:
    positions: frozenset[int] = frozenset()
    returns = [each.novedad.effective for each in notices.of(NovedadType.EARLY_RETURN)]
    for each in notices.of(NovedadType.LEAVE):
        leave = each.novedad
        until = leave.until or leave.effective
        for back in returns:
            if is_within(back, leave):
                until = min(until, back - timedelta(days=1))
        positions |= cover(month, leave.effective, until)
    return positions


def count_worked(line: Line) -> int:
    """Days of the month behind the printed ones: for part time, the fewest that give them."""
    if line.part_time_hours is None:
        return line.days
    if line.worked_days is not None:
        return line.worked_days
    return min(DAYS, -(-line.days * FULL_DAY_HOURS // line.part_time_hours))


def is_within(day: date, leave: Novedad) -> bool:
    return leave.until is not None and leave.effective <= day <= leave.until


def cite(numbered: tuple[Numbered, ...]) -> tuple[int, ...]:
    return tuple(each.index for each in numbered)
