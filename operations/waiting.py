"""How long a case waits before its register is asked again: pauses that grow, and never all at once."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.waits import WaitRow

_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(minutes=5)
"""Somebody may be standing at the window, so a register that is back is noticed within minutes."""
_JITTER: Final = 0.2
"""Share by which a pause is made longer or shorter, so that cases do not come back together."""


def pause_after(tries: int) -> timedelta:
    """The pause after so many tries in vain, without its jitter."""
    return min(_FIRST * float(2 ** min(tries - 1, 10)), _LONGEST)


def note_wait(session: Session, number: str, now: datetime) -> WaitRow:
    """One try more in vain; the row says when the next is due."""
    row = session.get(WaitRow, number)
    if row is None:
        row = WaitRow(case_number=number, since=now, tries=0, next_at=now)
        session.add(row)
    row.tries += 1
    row.next_at = now + pause_after(row.tries) * random.uniform(1 - _JITTER, 1 + _JITTER)
    return row


def end_wait(session: Session, number: str) -> None:
    """The case goes on."""
    row = session.get(WaitRow, number)
    if row is not None:
        session.delete(row)


def cases_not_due(session: Session, now: datetime) -> frozenset[str]:
    """Numbers of the cases whose next try is still to come."""
    return frozenset(session.scalars(select(WaitRow.case_number).where(WaitRow.next_at > now)))
