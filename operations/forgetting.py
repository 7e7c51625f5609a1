"""What passes is forgotten by itself: words of mails, codes, drafts and turns that nobody needs any more.

Evidence is not touched: that a mail was sent, when, and with which documents stays; only its words and its
address go. The terms are those of ``retention_schedules.yaml``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session

from operations.house import House
from operations.key_reset import CODE_OCCASION as KEY_CODES
from operations.mail import MailState
from operations.retention_schedules import load_passing_terms
from operations.visitors import CODE_OCCASION as APPOINTMENT_CODES
from storage.access_tables import OneTimeCodeRow
from storage.audit import append_audit
from storage.desk_tables import VisitRow
from storage.mail_tables import MailRow
from storage.portal_tables import DraftRow

ACTOR: Final = "sistema"
FORGOTTEN: Final = "olvidado"
"""Stands for the address of a mail whose words are forgotten."""
_ENDED: Final = (MailState.SENT.value, MailState.REFUSED.value, MailState.UNSURE.value)
_HAS_CODE: Final = or_(*(MailRow.occasion.startswith(each) for each in (KEY_CODES, APPOINTMENT_CODES)))
_PASSING: Final = {
    "codes": (OneTimeCodeRow, OneTimeCodeRow.sent_at),
    "drafts": (DraftRow, DraftRow.saved_at),
    "visits": (VisitRow, VisitRow.changed_at),
}
"""Tables that lose rows by the terms of these names, with the column that the days count from."""


def forget_what_passed(house: House) -> dict[str, int]:
    """Forget what is past its term; how much of each, where there was any. An event of the trail tells it.

    May be repeated. A mail with a code that no server took in its term ends as refused: the code is over.
    """
    with house.database.transaction() as session:
        counts = {name: _forget(house, session, name) for name in load_passing_terms()}
        forgotten = {name: count for name, count in counts.items() if count}
        if forgotten:
            append_audit(session, house.now(), ACTOR, "passing.forget", "", forgotten)
    return forgotten


def _forget(house: House, session: Session, name: str) -> int:
    before = house.now() - timedelta(days=load_passing_terms()[name].days)
    if name == "code-mails":
        codes = _HAS_CODE & (MailRow.written_at < before)
        _give_up(house, session, codes)
        return _forget_words(session, codes)
    if name == "mails":
        return _forget_words(session, MailRow.ended_at < before)
    table, since = _PASSING[name]
    return len(session.execute(delete_rows(table).where(since < before).returning(since)).all())


def _give_up(house: House, session: Session, which: ColumnElement[bool]) -> None:
    waiting = which & (MailRow.state == MailState.QUEUED.value)
    values = {"state": MailState.REFUSED.value, "ended_at": house.now(), "trouble": "el código venció"}
    session.execute(update(MailRow).where(waiting).values(values))


def _forget_words(session: Session, which: ColumnElement[bool]) -> int:
    open_to_it = which & MailRow.state.in_(_ENDED) & (MailRow.recipient != FORGOTTEN)
    change = update(MailRow).where(open_to_it).values(body={"paragraphs": []}, recipient=FORGOTTEN)
    return len(session.execute(change.returning(MailRow.id)).all())
