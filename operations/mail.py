"""Mails that the service writes: in the caller's transaction, so that none is of something that never was.

A mail goes out once. It is handed to the server in the open: what the server refuses or never heard is tried
again after growing pauses; where the connection breaks after the text was handed over, nobody can know, and
the mail is left for a person (*incierto*) rather than sent twice.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms.checks import is_email
from operations import workflows
from operations.house import House
from operations.mail_carriers import (
    Carrier,
    Delivered,
    Outcome,
    Overtaken,
    Refused,
    Unreachable,
    Unsure,
    choose_carrier,
    compose_message,
)
from storage.audit import append_audit
from storage.jobs import MAIL_QUEUE
from storage.mail_tables import MailRow

_log = logging.getLogger(__name__)

_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=1)
_GIVEN_UP: Final = timedelta(days=3)
"""A mail that no server takes for so long is told to the operator and tried no more."""


class MailState(Enum):
    QUEUED = "queued"
    HANDED_OVER = "handed-over"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    MailState.QUEUED: "por enviar",
    MailState.HANDED_OVER: "en envío",
    MailState.SENT: "enviado",
    MailState.REFUSED: "rechazado",
    MailState.UNSURE: "incierto",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; its bytes are a blob that has its row already."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What is written: plain paragraphs, which become text and HTML. ``occasion`` is what it is about; a
    second mail of the same occasion is not written.
    """

    occasion: str
    recipient: str
    subject: str
    paragraphs: Sequence[str]
    attachments: Sequence[Attachment] = field(default=())


def post_mail(house: House, session: Session, mail: Mail) -> str | None:
    """Write a mail with the caller's transaction; its number, or nothing where the address is none or the
    occasion was told already.
    """
    if not is_email(mail.recipient):
        return None
    if session.scalars(select(MailRow.id).where(MailRow.occasion == mail.occasion)).first() is not None:
        return None
    now = house.now()
    row = MailRow(
        id=secrets.token_hex(16),
        occasion=mail.occasion,
        recipient=mail.recipient,
        subject=" ".join(mail.subject.split()),
        body={"paragraphs": list(mail.paragraphs)},
        attachments=[[each.name, each.media_type, each.sha256] for each in mail.attachments],
        state=MailState.QUEUED.value,
        tries=0,
        written_at=now,
        next_at=now,
        ended_at=None,
    )
    session.add(row)
    session.flush()
    append_audit(session, now, "sistema", "mail.write", row.id, {"occasion": mail.occasion})
    house.jobs.enqueue(session, workflows.MAIL, row.id, "0", MAIL_QUEUE)
    return row.id


def deliver_mail(house: House, number: str) -> None:
    """Try to send one mail; what came of it is its row's. Repeated at any point, nothing goes out twice."""
    row = _take(house, number)
    if row is None:
        return
    attachments = [(name, kind, house.blobs.get(sha256)) for name, kind, sha256 in row.attachments]
    message = compose_message(
        sender=house.settings.mail_sender,
        domain=house.settings.mail_domain,
        number=row.id,
        recipient=row.recipient,
        subject=row.subject,
        paragraphs=row.body["paragraphs"],
        written_at=row.written_at.astimezone(house.zone),
        attachments=attachments,
    )
    carrier: Carrier = choose_carrier(house.settings)
    attempt = _Attempt(house, number, row.tries)
    attempt.record(carrier.carry(message, row.id, attempt.hand_over))


def _take(house: House, number: str) -> MailRow | None:
    """The mail, if it is for us to send now. One whose worker died while handing it over is unsure."""
    with house.database.transaction() as session:
        row = session.get(MailRow, number, with_for_update=True)
        if row is None or row.next_at > house.now():
            return None
        if row.state == MailState.HANDED_OVER.value:
            _end(house, session, row, MailState.UNSURE, "el servicio se detuvo mientras lo entregaba")
            return None
        return row if row.state == MailState.QUEUED.value else None


@dataclass(slots=True)
class _Attempt:
    """One worker's try with a mail. Two may have the same mail in hand, when one was thought dead or a round
    queued it again: only the one that marks it hands over its text, and only that one's answer counts then.
    """

    house: House
    number: str
    tries: int
    handed_over: bool = False

    def hand_over(self) -> bool:
        """Mark the mail as handed over; false where another worker was first, and this one must stop."""
        ours = update(MailRow).where(
            MailRow.id == self.number,
            MailRow.state == MailState.QUEUED.value,
            MailRow.tries == self.tries,
        )
        with self.house.database.transaction() as session:
            marked = session.scalars(
                ours.values(state=MailState.HANDED_OVER.value).returning(MailRow.id)
            ).first()
        self.handed_over = marked is not None
        return self.handed_over

    def record(self, outcome: Outcome) -> None:
        """Write down what came of it, unless the mail is another worker's by now."""
        with self.house.database.transaction() as session:
            row = session.get_one(MailRow, self.number, with_for_update=True)
            untouched = row.state == MailState.QUEUED.value and row.tries == self.tries
            if isinstance(outcome, Overtaken) or not (self.handed_over or untouched):
                return
            row.tries += 1
            match outcome:
                case Delivered():
                    _end(self.house, session, row, MailState.SENT, "")
                case Refused(reason):
                    _end(self.house, session, row, MailState.REFUSED, reason)
                case Unsure(reason):
                    _end(self.house, session, row, MailState.UNSURE, reason)
                case Unreachable(reason):
                    _put_off(self.house, session, row, reason)


def _put_off(house: House, session: Session, row: MailRow, reason: str) -> None:
    now = house.now()
    if now - row.written_at > _GIVEN_UP:
        _end(house, session, row, MailState.REFUSED, f"tres días sin entregarse: {reason}")
        return
    row.state, row.trouble, row.ended_at = MailState.QUEUED.value, reason[:300], None
    row.next_at = now + pause_after(row.tries)
    _log.warning("mail %s waits: %s", row.id, reason)


def pause_after(tries: int) -> timedelta:
    """The pause after so many tries in vain."""
    return min(_FIRST * float(2 ** min(tries - 1, 12)), _LONGEST)


def _end(house: House, session: Session, row: MailRow, state: MailState, trouble: str) -> None:
    row.state, row.ended_at, row.trouble = state.value, house.now(), trouble[:300]
    told = {"state": state.value, "trouble": row.trouble}
    append_audit(session, house.now(), "sistema", "mail.end", row.id, told)
    if state is not MailState.SENT:
        _log.error("mail %s ended as %s: %s", row.id, state.value, trouble)


def queue_due_mails(house: House) -> int:
    """Queue again the mails whose pause is over, or that a worker left half sent; how many."""
    under_way = {number for name, number in house.jobs.under_way() if name == workflows.MAIL}
    waiting = (MailState.QUEUED.value, MailState.HANDED_OVER.value)
    with house.database.transaction() as session:
        query = select(MailRow.id, MailRow.tries).where(
            MailRow.state.in_(waiting), MailRow.next_at <= house.now()
        )
        due = [(number, tries) for number, tries in session.execute(query) if number not in under_way]
        for number, tries in due:
            attempt = f"{tries}-{house.now():%Y%m%d%H%M}"
            house.jobs.enqueue(session, workflows.MAIL, number, attempt, MAIL_QUEUE)
    return len(due)


def mails_in_trouble(session: Session, since: datetime) -> Sequence[MailRow]:
    """Mails that ended badly since an instant, or still wait after a first try; the newest first."""
    bad = (MailState.REFUSED.value, MailState.UNSURE.value)
    query = select(MailRow).where(
        MailRow.written_at >= since,
        MailRow.state.in_(bad) | ((MailRow.state == MailState.QUEUED.value) & (MailRow.tries > 0)),
    )
    return session.scalars(query.order_by(MailRow.written_at.desc())).all()
