"""Codes of eight digits that go by e-mail, are good once, expire, and admit few tries."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import Enum
from typing import Final

from sqlalchemy.orm import Session

from operations.house import House
from operations.proof_tags import is_same, tag_of
from storage.access_tables import OneTimeCodeRow
from storage.concurrency import take_turns

GOOD_FOR: Final = timedelta(minutes=15)
_TRIES: Final = 5
_PAUSE: Final = timedelta(minutes=1)
_A_DAY: Final = 10
"""Codes for one subject in a day: nobody's mailbox is filled."""


class CodeAnswer(Enum):
    """What came of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"

    @property
    def message(self) -> str:
        return _MESSAGES[self]


_MESSAGES: Final = {
    CodeAnswer.RIGHT: "El código es correcto.",
    CodeAnswer.WRONG: "El código no es correcto. Por favor cópielo del correo.",
    CodeAnswer.OVER: "El código venció o ya se usó. Por favor pida otro.",
}


def make_code(house: House, session: Session, purpose: str, subject: str) -> str | None:
    """A new code, which ends the one before it; nothing when one was made moments ago or too many today.

    The caller sends it; it is not kept.
    """
    take_turns(session, f"code {purpose} {subject}")
    now = house.clock()
    row = session.get(OneTimeCodeRow, (purpose, subject))
    again = row is not None and row.sent_at.astimezone(house.zone).date() == house.today()
    sent_today = row.sent_today if row is not None and again else 0
    if row is not None and (now - row.sent_at < _PAUSE or sent_today >= _A_DAY):
        return None
    code = f"{secrets.randbelow(10**8):08d}"
    session.merge(
        OneTimeCodeRow(
            purpose=purpose,
            subject=subject,
            digest=_digest(house, purpose, subject, code),
            sent_at=now,
            expires_at=now + GOOD_FOR,
            tries_left=_TRIES,
            sent_today=sent_today + 1,
        )
    )
    session.flush()
    return code


def use_code(house: House, session: Session, purpose: str, subject: str, code: str) -> CodeAnswer:
    """Use a code; the right one is good once, and a wrong one costs a try."""
    take_turns(session, f"code {purpose} {subject}")
    row = session.get(OneTimeCodeRow, (purpose, subject))
    if row is None or row.tries_left < 1 or row.expires_at <= house.clock():
        return CodeAnswer.OVER
    typed = "".join(sign for sign in code if sign.isdigit())
    if not is_same(row.digest, _digest(house, purpose, subject, typed)):
        row.tries_left -= 1
        session.flush()
        return CodeAnswer.WRONG if row.tries_left else CodeAnswer.OVER
    row.tries_left = 0
    session.flush()
    return CodeAnswer.RIGHT


def _digest(house: House, purpose: str, subject: str, code: str) -> str:
    return tag_of(house, "code", purpose, subject, code)
