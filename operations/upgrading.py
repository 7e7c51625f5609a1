"""An older database is brought to this version's tables when its operator asks for it, and never by itself.

Whoever works on it is looked for first, everything is backed up as it was, and then one transaction does it
all: a process that is killed leaves the database as it was, and two at once do it once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, MetaData, select
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from operations.backup import LEFT_OUT, Backup, Source, write_backup
from operations.house import read_clock
from operations.indexing import index_case
from operations.settings import Settings
from storage.audit import append_audit
from storage.backup_files import BrokenBackupError
from storage.blobs import open_blobs
from storage.database import Database, SchemaMismatchError, open_engine, schema_version
from storage.guarded_blobs import GuardedBlobs
from storage.leases import anybody_lives
from storage.migrations.order import tables_of
from storage.roles import owns_tables
from storage.schema import SCHEMA_VERSION, CaseRow
from storage.upgrading import bring_up, changing_schema, lacks_index, stop_writers

FOLDER: Final = "respaldos"
"""Beside the data; where a backup goes whose file was not named."""
_NAME: Final = "antes-del-esquema-{schema}-{at:%Y%m%d-%H%M%S}.tar"
_AT_ONCE: Final = 200
_LAST_BREATH_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class BackupWish:
    """Where the backup goes, the earlier one that it goes on from, or that there shall be none."""

    out: Path | None = None
    since: Path | None = None
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The schema that was found, none where there is no database yet, and the backup if one was made."""

    found: int | None
    backup: Backup | None = None


def upgrade_database(
    settings: Settings,
    by: str,
    wish: BackupWish | None = None,
    announce: Callable[[int, Path | None], None] = lambda _found, _backup: None,
    clock: Callable[[], datetime] = read_clock,
) -> Upgraded | tuple[Problem, ...]:
    """Bring the database to the present schema, or say why not; nothing happens to one that has it.
    ``announce`` is called with the schema that was found and the backup's file before anything long begins.
    Raises :class:`storage.database.SchemaMismatchError` for a newer database, and what a backup raises.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    wish, engine = wish or BackupWish(), open_engine(settings.database)
    try:
        if not _is_older(engine):
            return Upgraded(_schema_of(engine))
        with changing_schema(engine) as session:
            found = schema_version(session)
            if found is None or found >= SCHEMA_VERSION:  # somebody else was first
                return Upgraded(found)
            if refusal := _refusal(settings, session):
                return (refusal,)
            stop_writers(session, found)
            now = clock()
            out = _backup_file(settings, wish, now) if wish.wanted else None
            announce(found, out)
            made = None if out is None else _back_up(settings, engine, found, out, now, wish.since)
            _bring_up(session, found, now, by, made)
        return Upgraded(found, made)
    except BrokenBackupError as error:
        return (error.problem,)
    finally:
        engine.dispose()


def _schema_of(engine: Engine) -> int | None:
    with Database(engine).reading() as session:
        return schema_version(session)


def _is_older(engine: Engine) -> bool:
    found = _schema_of(engine)
    if found is not None and found > SCHEMA_VERSION:
        raise SchemaMismatchError(found)
    return found is not None and found < SCHEMA_VERSION


def _refusal(settings: Settings, session: Session) -> Problem | None:
    if _somebody_works(settings, session):
        return problem("SERVICE_RUNNING")
    return None if owns_tables(session) else problem("DATABASE_NOT_OWNED")


def _somebody_works(settings: Settings, session: Session) -> bool:
    """Asked for a moment, because PostgreSQL takes one to notice that a worker which was stopped is gone."""
    until = time.monotonic() + _LAST_BREATH_SECONDS
    while anybody_lives(session, settings.data_dir / "run"):
        if time.monotonic() > until:
            return True
        time.sleep(_LAST_BREATH_SECONDS / 10)
    return False


def _backup_file(settings: Settings, wish: BackupWish, now: datetime) -> Path:
    if wish.out is not None:
        return wish.out
    folder = settings.data_dir / FOLDER if wish.since is None else wish.since.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f".{_NAME.partition('-{')[0]}*.parcial"):  # of an upgrade that was killed
        left.unlink(missing_ok=True)
    return folder / _NAME.format(schema=SCHEMA_VERSION, at=now)


def _back_up(
    settings: Settings, engine: Engine, found: int, out: Path, now: datetime, since: Path | None
) -> Backup:
    """All that the older version kept, by the names that its tables have in the database itself."""
    database, tables = Database(engine), MetaData()
    with database.reading() as session:
        known = tables_of(found) - LEFT_OUT
        tables.reflect(session.connection(), only=lambda name, _: name in known)
    copy = open_blobs(settings.copy_url) if settings.copy_url else None
    address = settings.copy_url.partition("?")[0]
    blobs = GuardedBlobs(open_blobs(settings.blobs), copy, address, lambda _: None)
    source = Source(database, found, tables.sorted_tables, blobs, settings.data_dir / "keys")
    return write_backup(source, out, now, since)


def _bring_up(session: Session, found: int, now: datetime, by: str, made: Backup | None) -> None:
    bring_up(session, found)
    if lacks_index(session):
        numbers = session.scalars(select(CaseRow.number).order_by(CaseRow.number)).all()
        for place, number in enumerate(numbers):
            index_case(session, session.get_one(CaseRow, number))
            if place % _AT_ONCE == 0:
                session.flush()
                session.expunge_all()
    told = {"from": found, "to": SCHEMA_VERSION, "backup": made.path.name if made else ""}
    append_audit(session, now, by, "schema.upgrade", f"esquema {SCHEMA_VERSION}", told)
