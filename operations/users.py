"""Who may come in: people with a role, passwords under argon2, sessions that rotate and can be ended."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select

from operations.access_limits import Place, count_failure, forget_failures, wait_of
from operations.house import House
from storage.audit import append_audit
from storage.schema import AccessSessionRow, UserRow

_HASHER: Final = PasswordHasher()
_HASHING: Final = threading.BoundedSemaphore(4)
"""Each hash takes 64 MB, so that a crowd at the door must not compute all at once."""
_NOBODY: Final = _HASHER.hash("nobody has this password")
MIN_PASSWORD: Final = 10
MOST_TOKEN_DAYS: Final = 366
_SHORT: Final = 16
"""Signs of a token's hash that name it: nobody finds the token by them."""
NOWHERE: Final = Place()
NOBODYS: Final = frozenset({"sistema", "carpeta", "público"})
"""Names under which the service itself, its hot folder and unknown visitors stand in the trail."""


class UserRole(Enum):
    EMPLOYER = "employer"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    ARCHIVIST = "archivist"
    AUDITOR = "auditor"
    OPERATOR = "operator"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    UserRole.EMPLOYER: "Empleador",
    UserRole.CLERK: "Ventanilla",
    UserRole.SUPERVISOR: "Supervisión",
    UserRole.ARCHIVIST: "Archivo",
    UserRole.AUDITOR: "Auditoría",
    UserRole.OPERATOR: "Operación",
}


class UserError(ValueError):
    """A user that cannot be made or changed as asked."""


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in."""

    name: str
    display_name: str
    role: UserRole
    ruc: str = ""
    branch: str = ""
    office: str = ""


def add_user(
    house: House,
    name: str,
    display_name: str,
    role: UserRole,
    password: str,
    *,
    ruc: str = "",
    branch: str = "",
    by: str = "sistema",
) -> User:
    """Make a user; :class:`UserError` for a name that is taken or a password that is too short."""
    if len(password) < MIN_PASSWORD:
        raise UserError(f"a password has at least {MIN_PASSWORD} characters")
    if name in NOBODYS:
        raise UserError(f"{name} is the name of the service itself in every history")
    with house.database.transaction() as session:
        if session.get(UserRow, name) is not None:
            raise UserError(f"there is a user {name} already")
        session.add(
            UserRow(
                name=name,
                display_name=display_name,
                role=role.value,
                password_hash=_HASHER.hash(password),
                ruc=ruc or None,
                branch=branch or None,
                office=None if role is UserRole.EMPLOYER else house.settings.office,
            )
        )
        append_audit(session, house.now(), by, "user.add", name, {"role": role.value})
    return User(name, display_name, role, ruc, branch)


def set_password(house: House, name: str, password: str, by: str = "sistema") -> None:
    """Give a user a new password and end all sessions of that user."""
    if len(password) < MIN_PASSWORD:
        raise UserError(f"a password has at least {MIN_PASSWORD} characters")
    with house.database.transaction() as session:
        row = session.get(UserRow, name)
        if row is None:
            raise UserError(f"there is no user {name}")
        row.password_hash = _HASHER.hash(password)
        for old in session.scalars(select(AccessSessionRow).where(AccessSessionRow.user_name == name)):
            session.delete(old)
        append_audit(session, house.now(), by, "user.password", name)


def disable_user(house: House, name: str, by: str = "sistema") -> None:
    """Keep a user out from now on."""
    with house.database.transaction() as session:
        row = session.get(UserRow, name)
        if row is None:
            raise UserError(f"there is no user {name}")
        row.disabled = True
        append_audit(session, house.now(), by, "user.disable", name)


def list_users(house: House) -> Sequence[UserRow]:
    """All users by name."""
    with house.database.reading() as session:
        return session.scalars(select(UserRow).order_by(UserRow.name)).all()


@dataclass(frozen=True, slots=True)
class MustWait:
    """Too many wrong keys from this place: how long before the next try is looked at."""

    wait: timedelta


def sign_in(house: House, name: str, password: str, place: Place = NOWHERE) -> str | MustWait | None:
    """A new session's token, or nothing. Takes as long for a name that nobody has."""
    with house.database.reading() as session:
        wait = wait_of(house, session, name, place)
        row = session.get(UserRow, name)
        known = row.password_hash if row is not None and not row.disabled else _NOBODY
    if wait > timedelta(0):
        return MustWait(wait)
    good = _matches(known, password) and known != _NOBODY
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


def _matches(known: str, password: str) -> bool:
    try:
        with _HASHING:
            return _HASHER.verify(known, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(house: House, token: str) -> User | None:
    """Who a token belongs to, while the session lasts and the user is not disabled."""
    with house.database.reading() as session:
        found = session.get(AccessSessionRow, _hash(token))
        if found is None or found.expires_at <= house.clock():
            return None
        row = session.get_one(UserRow, found.user_name)
        if row.disabled:
            return None
        return User(
            row.name, row.display_name, UserRole(row.role), row.ruc or "", row.branch or "", row.office or ""
        )


def issue_token(house: House, name: str, days: int, by: str) -> tuple[str, str]:
    """A bearer token by which a program is that user for some days, and the short name to revoke it by. The
    token itself is kept nowhere. It ends early with the user, or with a new password.
    """
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise UserError(f"a token is good for 1 to {MOST_TOKEN_DAYS} days")
    token, now = secrets.token_urlsafe(32), house.clock()
    short = _hash(token)[:_SHORT]
    until = now + timedelta(days=days)
    with house.database.transaction() as session:
        row = session.get(UserRow, name)
        if row is None or row.disabled:
            raise UserError(f"there is no user {name} who may come in")
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
            raise UserError(f"there is no token {short}")
        append_audit(session, house.now(), by, "token.revoke", found[0].user_name, {"token": short})
        session.delete(found[0])


def sign_out(house: House, token: str) -> None:
    """End a session."""
    with house.database.transaction() as session:
        found = session.get(AccessSessionRow, _hash(token))
        if found is not None:
            session.delete(found)
