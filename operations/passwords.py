"""A new password for who has one: with it end the sessions that the old one opened."""

from __future__ import annotations

from operations.house import House
from operations.password_hashes import check_password, hash_password
from operations.sessions import end_sessions
from operations.users import UserError, user_row
from storage.audit import append_audit


def set_password(house: House, name: str, password: str, by: str = "sistema") -> None:
    """Give a user a new password and end all sessions of that user; :class:`UserError`."""
    if problems := check_password(password):
        raise UserError(*problems)
    with house.database.transaction() as session:
        user_row(session, name).password_hash = hash_password(password)
        end_sessions(session, name)
        append_audit(session, house.now(), by, "user.password", name)
