"""Passwords as they are kept: argon2, of which a crowd at the door computes only a few at once."""

from __future__ import annotations

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from forms.problems import Problem, problem

MIN_PASSWORD: Final = 10
_HASHER: Final = PasswordHasher()
_HASHING: Final = threading.BoundedSemaphore(4)
"""Each hash takes 64 MB, so that a crowd at the door must not compute all at once."""
_NOBODYS: Final = _HASHER.hash("nobody has this password")


def check_password(password: str) -> tuple[Problem, ...]:
    """What is wrong with a password that somebody wants to have."""
    return () if len(password) >= MIN_PASSWORD else (problem("PASSWORD_TOO_SHORT", least=MIN_PASSWORD),)


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether a password is the one of which ``kept`` is kept. Never for nothing, and that takes as long."""
    try:
        with _HASHING:
            _HASHER.verify(kept or _NOBODYS, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(kept)
