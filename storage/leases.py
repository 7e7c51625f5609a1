"""Signs of life that end with their owner: whoever cannot be locked lives, whoever can is dead.

A worker holds its own while it runs; the system lets go of it when the process or machine is gone.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Leases(Protocol):
    """Where workers show that they live."""

    def hold(self, owner: str) -> None:
        """Show that ``owner`` lives, until :meth:`release` or the end of this process."""
        ...

    def renew(self) -> None:
        """Hold again what was lost without our dying: a server that restarted, a file taken away."""
        ...

    def is_dead(self, owner: str) -> bool:
        """Whether nobody holds the lease of ``owner``."""
        ...

    def release(self) -> None:
        """Let go of what this object holds."""
        ...


def open_leases(engine: Engine, folder: Path) -> Leases:
    """Leases for the workers of a database: by its own locks in PostgreSQL, in a folder beside SQLite."""
    return PostgresLeases(engine) if engine.dialect.name == "postgresql" else FileLeases(folder)


class FileLeases:
    """A locked file for each worker of one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[Path, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def hold(self, owner: str) -> None:
        """See :meth:`Leases.hold`."""
        path = self._path(owner)
        handle = take_lock(path, os.O_RDWR | os.O_CREAT)
        if handle is None:
            raise RuntimeError(f"somebody else is {owner}")
        self._held[path] = handle

    def renew(self) -> None:
        """See :meth:`Leases.renew`."""
        for path, handle in list(self._held.items()):
            if not path.exists():
                self.hold(path.stem)
                os.close(handle)

    def is_dead(self, owner: str) -> bool:
        """See :meth:`Leases.is_dead`."""
        path = self._path(owner)
        if path in self._held:
            return False
        try:
            handle = take_lock(path, os.O_RDWR)
        except FileNotFoundError:
            return True
        if handle is None:
            return False
        path.unlink(missing_ok=True)
        os.close(handle)
        return True

    def release(self) -> None:
        """See :meth:`Leases.release`."""
        for path, handle in self._held.items():
            path.unlink(missing_ok=True)
            os.close(handle)
        self._held.clear()

    def _path(self, owner: str) -> Path:
        return self._folder / f"{owner}.lock"


def take_lock(path: Path, flags: int) -> int | None:
    """The file, locked until it is closed or we end, or nothing when somebody else has it locked."""
    handle = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


class PostgresLeases:
    """Advisory locks of the server, held by a connection of their own, for workers on many machines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: dict[str, Connection] = {}

    def hold(self, owner: str) -> None:
        """See :meth:`Leases.hold`."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not _try_lock(connection, owner):
            connection.close()
            raise RuntimeError(f"somebody else is {owner}")
        # A machine that vanishes says nothing; the server must find out by itself that it is gone.
        for name, value in _KEEPALIVE:
            connection.execute(text(f"SET {name} = {value}"))
        self._held[owner] = connection

    def renew(self) -> None:
        """See :meth:`Leases.renew`."""
        for owner, connection in list(self._held.items()):
            try:
                connection.execute(text("SELECT 1"))
            except DBAPIError:
                self.hold(owner)
                connection.close()

    def is_dead(self, owner: str) -> bool:
        """See :meth:`Leases.is_dead`."""
        if owner in self._held:
            return False
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not _try_lock(connection, owner):
                return False
            _unlock(connection, owner)
            return True

    def release(self) -> None:
        """See :meth:`Leases.release`."""
        for owner, connection in self._held.items():
            # The server frees the locks of a connection that ended only when it notices the end:
            # asked to, it frees them before it answers.  A connection that is gone holds none.
            with contextlib.suppress(DBAPIError):
                _unlock(connection, owner)
            # Its settings are a lease's: returned to the pool, others would work with them.
            connection.invalidate()
            connection.close()
        self._held.clear()


def anybody_lives(session: Session, folder: Path) -> bool:
    """Whether a worker of the session's database, on whatever machine, shows that it lives."""
    if session.get_bind().dialect.name == "postgresql":
        return session.scalar(text(_OTHERS)) is True
    leases = FileLeases(folder)
    return any(not leases.is_dead(path.stem) for path in folder.glob("*.lock"))


_OTHERS: Final = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
"""Leases, and turns that a service takes; whoever only waits for its turn is none."""
_KEEPALIVE: Final = (
    ("tcp_keepalives_idle", 20),
    ("tcp_keepalives_interval", 5),
    ("tcp_keepalives_count", 3),
)
"""Seconds of silence, seconds between questions, questions without answer."""
_KEY: Final = "hashtextextended('worker:' || :owner, 0)"


def _try_lock(connection: Connection, owner: str) -> bool:
    return bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({_KEY})"), {"owner": owner}))


def _unlock(connection: Connection, owner: str) -> None:
    connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), {"owner": owner})
