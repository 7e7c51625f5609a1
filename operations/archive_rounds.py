"""What the archive does by itself: it seals the trail each day, keeps the second copy up with what comes in,
and reads itself through within the days that the operator set.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operations.alarm_mails import mail_findings
from operations.alarms import BLOBS
from operations.audit_seals import seal_day
from operations.disposal import remove_disposed_bytes
from operations.fixity import advance_round, begin_round, unfinished_round
from operations.forgetting import forget_what_passed
from operations.house import House
from storage.archive_tables import BlobCopyRow, FindingRow, FixityRoundRow
from storage.blobs import BlobChangedError, BlobMissingError
from storage.concurrency import insert_once
from storage.disposed import is_gone
from storage.schema import BlobRow, CaseRow

ACTOR: Final = "sistema"
_TICK_SECONDS: Final = 30.0
_BUSY_SECONDS: Final = 20.0
"""Of each tick at most so long is worked; the rest is for people who wait for the same disk."""
_COPIED_AT_ONCE: Final = 64
_EARLY: Final = 0.9
"""Share of its days after which a round means to be through, so that a bad day does not make it late."""

_log = logging.getLogger(__name__)


def copy_new_blobs(house: House, limit: int = _COPIED_AT_ONCE) -> int:
    """Put what the second copy lacks into it, oldest first; how many were looked at. Damaged bytes are told
    of and left out: they are looked at again by the rounds.
    """
    if house.blobs.copy is None:
        return 0
    address = house.blobs.copy_address
    there = select(BlobCopyRow.sha256).where(BlobCopyRow.address == address)
    harmed = select(FindingRow.subject).where(FindingRow.phase == BLOBS, FindingRow.resolved_at.is_(None))
    lacking = BlobRow.sha256.not_in(there) & BlobRow.sha256.not_in(harmed) & ~is_gone()
    query = select(BlobRow.sha256).where(lacking).order_by(BlobRow.stored_at)
    with house.database.reading() as session:
        names = session.scalars(query.limit(limit)).all()
    copied = []
    for name in names:
        try:
            house.blobs.copy_over(name)
        except (BlobMissingError, BlobChangedError):
            continue
        copied.append(name)
    with house.database.transaction() as session:
        for name in copied:
            insert_once(session, BlobCopyRow, address=address, sha256=name, copied_at=house.now())
    return len(copied)


def keep_checking(house: House, seconds: float) -> bool:
    """Go on with the scheduled round as far as it should be by now, for at most so many seconds; whether it
    is behind. A new round begins when the days of the last one are over.
    """
    if not house.settings.fixity_days:
        return False
    number = _current_round(house)
    if number is None:
        return False
    until = time.monotonic() + seconds
    while _is_behind(house, number):
        if time.monotonic() > until:
            return True
        advance_round(house, number)
    return False


def finish_asked(house: House, seconds: float) -> bool:
    """Go on with the round that somebody asked for, for at most so many seconds; whether it is at its end.
    A check that was broken off is brought to its end in this way too.
    """
    with house.database.reading() as session:
        asked = unfinished_round(session, scheduled=False)
    until = time.monotonic() + seconds
    while asked is not None and not advance_round(house, asked.id).is_done:
        if time.monotonic() > until:
            return False
    return True


def _current_round(house: House) -> int | None:
    with house.database.reading() as session:
        left = unfinished_round(session, scheduled=True)
        if left is not None:
            return left.id
        due = select(func.max(FixityRoundRow.due_at)).where(FixityRoundRow.scheduled)
        last = session.scalar(due)
    if last is not None and house.now() < last:
        return None
    return begin_round(house, ACTOR, scheduled=True)


def _is_behind(house: House, number: int) -> bool:
    """Whether less of a round is done than its days that have gone by ask for."""
    with house.database.reading() as session:
        row = session.get_one(FixityRoundRow, number)
        if row.finished_at is not None:
            return False
        whole = _EARLY * (row.due_at - row.started_at)
        gone = (house.now() - row.started_at) / max(whole, timedelta(seconds=1))
        return gone >= 1 or row.blobs + row.cases < gone * _count(session)


def _count(session: Session) -> int:
    """Blobs and cases that there are to look at."""
    counts = (session.scalar(select(func.count()).select_from(table)) for table in (BlobRow, CaseRow))
    return sum(count or 0 for count in counts)


@contextmanager
def kept_archive(house: House) -> Iterator[None]:
    """Do all this every half minute until the block ends; several workers may, what one did is done."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep, args=(house, stop), name="archive-rounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep(house: House, stop: threading.Event) -> None:
    forgotten: date | None = None
    while not stop.wait(_TICK_SECONDS):
        try:
            if forgotten != house.today():
                forget_what_passed(house)
                forgotten = house.today()
            seal_day(house)
            copy_new_blobs(house)
            remove_disposed_bytes(house)
            finish_asked(house, _BUSY_SECONDS)
            keep_checking(house, _BUSY_SECONDS)
            mail_findings(house)
        except Exception:
            # A store that is away for a while must not end the rounds; the next tick tries again.
            _log.exception("the archive's rounds failed once")
