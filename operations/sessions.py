"""Who is in: sessions of people and tokens of programs, kept as hashes, that end with time or their user."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forms.problems import problem
from operations.access_limits import Place, count_failure, forget_failures, wait_of
from operations.delegations import Branch, branches_of
from operations.house import House
from operations.password_hashes import is_password
from operations.users import User, UserError, UserRole, employer_name
from storage.audit import append_audit
from storage.schema import AccessSessionRow, UserRow

MOST_TOKEN_DAYS: Final = 366
_SHORT: Final = 16
"""Signs of a token's hash that name it: nobody finds the token by them."""
NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class MustWait:
    """Too many wrong keys from this place: how long before the next try is looked at."""

    wait: timedelta


def sign_in(house: House, name: str, password: str, place: Place = NOWHERE) -> str | MustWait | None:
    """A new session's token, or nothing. Takes as long for a name that nobody has."""
    with house.database.reading() as session:
        wait = wait_of(house, session, name, place)
        row = session.get(UserRow, name)
        kept = row.password_hash if row is not None and not row.disabled else None
    if wait > timedelta(0):
        return MustWait(wait)
    good = is_password(kept, password)
    with house.database.transaction() as session:
        append_audit(
            session, house.now(), name[:80], "access.sign-in" if good else "access.refused", name[:80]
        )
        if not good:
            count_failure(house, session, name, place)
            return None
        forget_failures(house, session, name, place)
        token = secrets.token_urlsafe(32)
        now = house.clock()
        session.execute(delete(AccessSessionRow).where(AccessSessionRow.expires_at <= now))
        session.add(
            AccessSessionRow(
                token_hash=_hash(token),
                user_name=name,
                created_at=now,
                expires_at=now + timedelta(hours=house.settings.session_hours),
            )
        )
        return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(house: House, token: str, chosen: str = "") -> User | None:
    """Who a token belongs to, while the session lasts and the user is not disabled. ``chosen`` names the
    employer that a delegate works for at present; it is looked up each time.
    """
    with house.database.reading() as session:
        found = session.get(AccessSessionRow, _hash(token))
        if found is None or found.expires_at <= house.clock():
            return None
        row = session.get_one(UserRow, found.user_name)
        # An employer without a branch would be the employer of all that is of nobody.
        nameless = row.role == UserRole.EMPLOYER.value and not (row.ruc and row.branch)
        if row.disabled or nameless:
            return None
        ruc, branch = row.ruc or "", row.branch or ""
        if row.role == UserRole.DELEGATE.value:
            ruc, branch = _choose(branches_of(session, row.name), chosen)
        return User(row.name, row.display_name, UserRole(row.role), ruc, branch, row.office or "")


def _choose(branches: Sequence[Branch], chosen: str) -> Branch:
    """The branch that was chosen, or the only one; a choice that does not stand any more is no other one."""
    named = [branch for branch in branches if employer_name(*branch) == chosen]
    if chosen:
        return named[0] if named else ("", "")
    return branches[0] if len(branches) == 1 else ("", "")


def issue_token(house: House, name: str, days: int, by: str) -> tuple[str, str]:
    """A bearer token by which a program is that user for some days, and the short name to revoke it by. The
    token itself is kept nowhere. It ends early with the user, or with a new password.
    """
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise ValueError(f"a token is good for 1 to {MOST_TOKEN_DAYS} days")
    token, now = secrets.token_urlsafe(32), house.clock()
    short = _hash(token)[:_SHORT]
    until = now + timedelta(days=days)
    with house.database.transaction() as session:
        row = session.get(UserRow, name)
        if row is None or row.disabled:
            raise UserError(problem("USER_UNKNOWN", name=name))
        session.add(
            AccessSessionRow(token_hash=_hash(token), user_name=name, created_at=now, expires_at=until)
        )
        told = {"token": short, "until": until.isoformat(timespec="seconds")}
        append_audit(session, house.now(), by, "token.issue", name, told)
    return token, short


def revoke_token(house: House, short: str, by: str) -> None:
    """End the token of that short name at once; :class:`UserError` when there is none."""
    query = select(AccessSessionRow).where(AccessSessionRow.token_hash.startswith(short, autoescape=True))
    with house.database.transaction() as session:
        found = session.scalars(query).all() if len(short) == _SHORT else []
        if len(found) != 1:
            raise UserError(problem("TOKEN_UNKNOWN", short=short))
        append_audit(session, house.now(), by, "token.revoke", found[0].user_name, {"token": short})
        session.delete(found[0])


def sign_out(house: House, token: str) -> None:
    """End a session."""
    with house.database.transaction() as session:
        found = session.get(AccessSessionRow, _hash(token))
        if found is not None:
            session.delete(found)


def end_sessions(session: Session, name: str) -> None:
    """End all sessions and tokens of a user, with the caller's transaction."""
    session.execute(delete(AccessSessionRow).where(AccessSessionRow.user_name == name))
