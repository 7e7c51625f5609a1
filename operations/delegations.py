"""Who prepares papers for an employer in its representative's name, from when on, and until when.

A delegate fills in, registers and asks for appointments. What the procedure keeps to the representative stays
with the employer's own key: annulling, authorizing a third party, taking an authorization back. The paper is
signed by the representative as ever.

A delegate's right is the employer's, lent: while the employer is disabled it does not count at any door, and
when the employer is enabled again it does. Only :func:`branches_of` gives the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from operations.house import House
from operations.register_answers import RegisterTroubleError
from storage.audit import append_audit
from storage.concurrency import take_turns
from storage.portal_tables import DelegationRow
from storage.schema import EmployerRow, UserRow

Branch = tuple[str, str]
"""A RUC and one of its branches."""


def branches_of(session: Session, delegate: str) -> tuple[Branch, ...]:
    """The branches that somebody may prepare papers for now."""
    lent = _lent(session, delegate)
    disabled = _disabled_of(session, lent)
    return tuple(branch for branch in lent if branch not in disabled)


def withheld_branches_of(session: Session, delegate: str) -> tuple[Branch, ...]:
    """The branches that somebody is a delegate of and may do nothing for while their employer is disabled."""
    return tuple(sorted(_disabled_of(session, _lent(session, delegate))))


def withheld(branch: Branch) -> Problem:
    """What is told of a branch whose employer is disabled."""
    return problem("EMPLOYER_DISABLED", ruc=branch[0], branch=branch[1])


def _lent(session: Session, delegate: str) -> Sequence[Branch]:
    """The branches that a delegate was not withdrawn from."""
    query = select(DelegationRow).where(DelegationRow.delegate == delegate, DelegationRow.ended_at.is_(None))
    rows = session.scalars(query.order_by(DelegationRow.ruc, DelegationRow.branch))
    return [(row.ruc, row.branch) for row in rows]


def _disabled_of(session: Session, branches: Iterable[Branch]) -> frozenset[Branch]:
    """Those of the branches whose employer is disabled; one whom nobody gave a key is not."""
    names = {"/".join(branch): branch for branch in branches}
    query = select(UserRow.name).where(UserRow.name.in_(names), UserRow.disabled)
    return frozenset(names[name] for name in session.scalars(query))


def all_branches(session: Session) -> Mapping[str, Sequence[Branch]]:
    """The branches of every delegate who has any, by the delegate's name."""
    query = select(DelegationRow).where(DelegationRow.ended_at.is_(None))
    found: dict[str, list[Branch]] = {}
    for row in session.scalars(query.order_by(DelegationRow.ruc, DelegationRow.branch)):
        found.setdefault(row.delegate, []).append((row.ruc, row.branch))
    return found


def delegates_of(session: Session, ruc: str, branch: str) -> Sequence[tuple[DelegationRow, UserRow]]:
    """All whom a branch had as delegates, those of today first."""
    query = (
        select(DelegationRow, UserRow)
        .join(UserRow, UserRow.name == DelegationRow.delegate)
        .where(DelegationRow.ruc == ruc, DelegationRow.branch == branch)
        .order_by(DelegationRow.ended_at.is_not(None), DelegationRow.since.desc(), DelegationRow.id)
    )
    return [(row, user) for row, user in session.execute(query)]


def name_employers(house: House, branches: Iterable[Branch]) -> Mapping[str, str]:
    """The business names of employers, by RUC, in the register that the house goes by. One that the register
    does not tell now has none: somebody chooses by the RUC then, and nobody waits for each of the others.
    """
    wanted = dict.fromkeys(ruc for ruc, _ in branches)
    if house.remote_register is None:
        with house.database.reading() as session:
            rows = [session.get(EmployerRow, ruc) for ruc in wanted]
        return {row.ruc: row.business_name for row in rows if row is not None}
    names: dict[str, str] = {}
    for ruc in wanted:
        try:
            record = house.remote_register.employer(ruc)
        except RegisterTroubleError:
            break
        if record is not None:
            names[ruc] = record.business_name
    return names


def begin_delegation(
    house: House, session: Session, delegate: str, branch: Branch, by: str
) -> Problem | None:
    """Let somebody prepare papers for a branch from now on, with the caller's transaction; a branch whose
    employer is disabled lends nothing.
    """
    if _standing(session, delegate, branch) is not None:
        return problem("DELEGATION_STANDS", name=delegate, ruc=branch[0], branch=branch[1])
    if _disabled_of(session, [branch]):
        return withheld(branch)
    now = house.now()
    session.add(DelegationRow(delegate=delegate, ruc=branch[0], branch=branch[1], since=now, granted_by=by))
    append_audit(session, now, by, "delegation.begin", delegate, {"for": "/".join(branch)})
    return None


def end_delegation(house: House, delegate: str, branch: Branch, by: str) -> Problem | None:
    """End it at once: the next thing that the delegate asks for is refused already."""
    with house.database.transaction() as session:
        row = _standing(session, delegate, branch)
        if row is None:
            return problem("DELEGATION_UNKNOWN", name=delegate, ruc=branch[0], branch=branch[1])
        row.ended_at, row.ended_by = house.now(), by
        append_audit(session, house.now(), by, "delegation.end", delegate, {"for": "/".join(branch)})
    return None


def _standing(session: Session, delegate: str, branch: Branch) -> DelegationRow | None:
    take_turns(session, f"delegations of {delegate}")
    query = select(DelegationRow).where(
        DelegationRow.delegate == delegate,
        DelegationRow.ruc == branch[0],
        DelegationRow.branch == branch[1],
        DelegationRow.ended_at.is_(None),
    )
    return session.scalars(query).first()
