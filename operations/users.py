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
from sqlalchemy.orm import Session

from forms.identity import check_branch, check_ruc
from forms.problems import Problem, has_errors, problem
from operations.access_limits import Place, count_failure, forget_failures, wait_of
from operations.delegations import Branch, begin_delegation, branches_of
from operations.house import House
from operations.offices import check_office
from operations.register import EmbeddedRegister
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
CONSOLE: Final = "consola"
"""Who acts in the trail where somebody works at the server's own terminal."""
NOBODYS: Final = frozenset({"sistema", "carpeta", "público", CONSOLE})
"""Names under which the service, its hot folder, visitors and the terminal stand in the trail."""
_LONGEST_NAME: Final = 80


class UserRole(Enum):
    EMPLOYER = "employer"
    DELEGATE = "delegate"
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
    UserRole.DELEGATE: "Delegado del representante",
    UserRole.CLERK: "Ventanilla",
    UserRole.SUPERVISOR: "Supervisión",
    UserRole.ARCHIVIST: "Archivo",
    UserRole.AUDITOR: "Auditoría",
    UserRole.OPERATOR: "Operación",
}


IN_THE_PORTAL: Final = frozenset({UserRole.EMPLOYER, UserRole.DELEGATE})
"""Roles that see what is of one employer's branch and nothing else."""


class UserError(ValueError):
    """A user that cannot be made or changed as asked; ``problems`` say why to people."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(found.message for found in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in. ``ruc`` and ``branch`` of a delegate are those of the employer that papers are being
    prepared for, empty where none is chosen.
    """

    name: str
    display_name: str
    role: UserRole
    ruc: str = ""
    branch: str = ""
    office: str = ""

    def owns(self, ruc: str, branch: str) -> bool:
        """Whether something of this RUC and branch is this employer's; what is of nobody is nobody's."""
        mine = self.role in IN_THE_PORTAL and bool(self.ruc and self.branch)
        return mine and (ruc, branch) == (self.ruc, self.branch)

    @property
    def acting(self) -> dict[str, str]:
        """What the trail says beside the name: for whom a delegate acted."""
        return {"for": employer_name(self.ruc, self.branch)} if self.role is UserRole.DELEGATE else {}


def employer_name(ruc: str, branch: str) -> str:
    """The name that an employer signs in with, as the page of the sign-in puts it together."""
    return f"{ruc}/{branch}"


def add_user(
    house: House,
    name: str,
    display_name: str,
    role: UserRole,
    password: str,
    *,
    ruc: str = "",
    branch: str = "",
    office: str = "",
    by: str = "sistema",
) -> User:
    """Make a user. An employer is a branch that the register has, and its name follows from it (``name`` may
    be empty); a delegate has a name and begins with such a branch; staff belongs to a known office, this
    window's own when none is given. :class:`UserError` says all that is wrong.
    """
    if role is UserRole.EMPLOYER:
        problems = _check_employer(house, name, ruc, branch)
        user = User(employer_name(ruc, branch), display_name, role, ruc, branch)
    elif role is UserRole.DELEGATE:
        problems = (*_check_name(name), *check_employer_branch(house, ruc, branch))
        user = User(name, display_name, role)
    else:
        user = User(name, display_name, role, ruc, branch, office or house.settings.office)
        problems = (*_check_staff(user), *check_office(house, user.office))
    if has_errors(problems):
        raise UserError(*problems)
    with house.database.transaction() as session:
        record_user(house, session, user, password, by)
        if role is UserRole.DELEGATE:
            begin_delegation(house, session, name, (ruc, branch), by)
    return user


def authorize_delegate(house: House, name: str, branch: Branch, by: str) -> None:
    """Let a delegate who can sign in already prepare papers for another branch too; :class:`UserError`."""
    problems = check_employer_branch(house, *branch)
    if has_errors(problems):
        raise UserError(*problems)
    with house.database.transaction() as session:
        row = _user_row(session, name)
        if row.role != UserRole.DELEGATE.value or row.disabled:
            raise UserError(problem("USER_NOT_DELEGATE", name=name))
        if refused := begin_delegation(house, session, name, branch, by):
            raise UserError(refused)


def record_user(house: House, session: Session, user: User, password: str, by: str = "sistema") -> None:
    """Make a user that was checked, with the caller's transaction; :class:`UserError` for a name that is
    taken or a password that is too short.
    """
    _check_password(password)
    if session.get(UserRow, user.name) is not None:
        raise UserError(problem("USER_EXISTS", name=user.name))
    session.add(
        UserRow(
            name=user.name,
            display_name=user.display_name,
            role=user.role.value,
            password_hash=_HASHER.hash(password),
            ruc=user.ruc or None,
            branch=user.branch or None,
            office=user.office or None,
        )
    )
    append_audit(session, house.now(), by, "user.add", user.name, {"role": user.role.value})


def _check_employer(house: House, name: str, ruc: str, branch: str) -> tuple[Problem, ...]:
    if problems := check_employer_branch(house, ruc, branch):
        return problems
    if name not in {"", employer_name(ruc, branch)}:
        return (problem("USER_NAME_MISMATCH", field="name", name=name, expected=employer_name(ruc, branch)),)
    return ()


def check_employer_branch(house: House, ruc: str, branch: str) -> tuple[Problem, ...]:
    """What is wrong with a branch that should be of an employer that the register has."""
    missing = [label for label, value in (("RUC", ruc), ("Sucursal", branch)) if not value]
    if missing:
        return tuple(problem("FIELD_MISSING", label=label) for label in missing)
    written = (*check_ruc(ruc, "ruc"), *check_branch(branch, "branch"))
    if has_errors(written):
        return written
    if house.remote_register is not None:
        record = house.remote_register.employer(ruc)
    else:
        with house.database.reading() as session:
            record = EmbeddedRegister(session).employer(ruc)
    if record is None:
        return (problem("RUC_UNKNOWN", field="ruc", value=ruc),)
    if branch not in record.branches:
        return (problem("BRANCH_UNKNOWN", field="branch", value=branch, ruc=ruc),)
    return ()


def _check_staff(user: User) -> tuple[Problem, ...]:
    if user.ruc or user.branch:
        return (problem("USER_NOT_EMPLOYER", role=user.role.label),)
    return _check_name(user.name)


def _check_name(name: str) -> tuple[Problem, ...]:
    if name in NOBODYS:
        return (problem("USER_NAME_RESERVED", field="name", name=name),)
    # A slash stands between RUC and branch of an employer.
    if not 0 < len(name) <= _LONGEST_NAME or name != name.strip() or "/" in name:
        return (problem("USER_NAME_INVALID", field="name", name=name, most=_LONGEST_NAME),)
    return ()


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        raise UserError(problem("PASSWORD_TOO_SHORT", least=MIN_PASSWORD))


def set_password(house: House, name: str, password: str, by: str = "sistema") -> None:
    """Give a user a new password and end all sessions of that user."""
    _check_password(password)
    with house.database.transaction() as session:
        _user_row(session, name).password_hash = _HASHER.hash(password)
        for old in session.scalars(select(AccessSessionRow).where(AccessSessionRow.user_name == name)):
            session.delete(old)
        append_audit(session, house.now(), by, "user.password", name)


def disable_user(house: House, name: str, by: str = "sistema") -> None:
    """Keep a user out from now on."""
    with house.database.transaction() as session:
        _user_row(session, name).disabled = True
        append_audit(session, house.now(), by, "user.disable", name)


def _user_row(session: Session, name: str) -> UserRow:
    row = session.get(UserRow, name)
    if row is None:
        raise UserError(problem("USER_UNKNOWN", name=name))
    return row


def check_actor(house: House, name: str) -> tuple[Problem, ...]:
    """``USER_UNKNOWN`` for who may not stand as actor in a trail that nobody can mend afterwards: only the
    terminal, and people who may come in.
    """
    if name == CONSOLE:
        return ()
    with house.database.reading() as session:
        row = session.get(UserRow, name)
    return () if row is not None and not row.disabled else (problem("USER_UNKNOWN", name=name),)


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
