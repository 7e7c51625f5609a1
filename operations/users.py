"""Who may come in: people with a role, the employers and offices they belong to, and who may not any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.identity import check_branch, check_ruc
from forms.problems import Problem, has_errors, problem
from operations.delegations import Branch, begin_delegation
from operations.house import House
from operations.offices import check_office
from operations.password_hashes import check_password, hash_password
from operations.register import EmbeddedRegister
from storage.audit import append_audit
from storage.schema import UserRow

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
            _begin(house, session, name, (ruc, branch), by)
    return user


def authorize_delegate(house: House, name: str, branch: Branch, by: str) -> None:
    """Let a delegate who can sign in already prepare papers for another branch too; :class:`UserError`."""
    problems = check_employer_branch(house, *branch)
    if has_errors(problems):
        raise UserError(*problems)
    with house.database.transaction() as session:
        row = user_row(session, name)
        if row.role != UserRole.DELEGATE.value or row.disabled:
            raise UserError(problem("USER_NOT_DELEGATE", name=name))
        _begin(house, session, name, branch, by)


def _begin(house: House, session: Session, delegate: str, branch: Branch, by: str) -> None:
    if refused := begin_delegation(house, session, delegate, branch, by):
        raise UserError(refused)


def record_user(house: House, session: Session, user: User, password: str, by: str = "sistema") -> None:
    """Make a user that was checked, with the caller's transaction; :class:`UserError` for a name that is
    taken or a password that is too short.
    """
    if problems := check_password(password):
        raise UserError(*problems)
    if session.get(UserRow, user.name) is not None:
        raise UserError(problem("USER_EXISTS", name=user.name))
    session.add(
        UserRow(
            name=user.name,
            display_name=user.display_name,
            role=user.role.value,
            password_hash=hash_password(password),
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


def user_row(session: Session, name: str) -> UserRow:
    """The row of a user; :class:`UserError` when there is none."""
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
