"""Keeping a user out and letting the user in again.

Who prepares papers in an employer's name is kept from them for as long as the employer is kept out:
:func:`operations.delegations.branches_of`.
"""

from __future__ import annotations

from operations.house import House
from operations.sessions import end_sessions
from operations.users import user_row
from storage.audit import append_audit


def disable_user(house: House, name: str, by: str = "sistema") -> None:
    """Keep a user out from now on, and end the sessions and tokens for good: whoever is let in again comes in
    anew. :class:`operations.users.UserError` for a name that nobody has, here and below.
    """
    with house.database.transaction() as session:
        user_row(session, name).disabled = True
        end_sessions(session, name)
        append_audit(session, house.now(), by, "user.disable", name)


def enable_user(house: House, name: str, by: str = "sistema") -> None:
    """Let a user in again who was kept out, with the password and the delegates of before."""
    with house.database.transaction() as session:
        user_row(session, name).disabled = False
        # Who was kept out by an earlier version still has them.
        end_sessions(session, name)
        append_audit(session, house.now(), by, "user.enable", name)
