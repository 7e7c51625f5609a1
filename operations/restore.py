"""Restoring a backup where there is nothing yet: all bytes checked, rows in one transaction, all verified.

A backup of either engine is restored into either, so it is also the way from SQLite to PostgreSQL; one of an
older schema is brought to the present tables on its way.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from forms.problems import Problem, problem
from operations.alarms import Failure
from operations.audit_seals import verify_trail
from operations.backup import kept_tables
from operations.backup_rows import AT_ONCE, insert_rows, rows_of, table_lines
from operations.disposal import remove_disposed_bytes
from operations.fixity import trail_failures
from operations.house import House, open_house
from operations.indexing import index_case
from operations.older_backups import IN_PROGRESS, brought_up
from operations.settings import Settings
from operations.verification import case_failures, issued_failures, lost_failures
from storage.audit import append_audit
from storage.backup_files import BLOB_LIST, BrokenBackupError, Member, open_backup, read_end, read_start
from storage.blobs import BlobStore, open_blobs
from storage.claimed_folders import remove_left
from storage.database import Database, open_engine, prepare_schema
from storage.schema import SCHEMA_VERSION, CaseRow


@dataclass(slots=True)
class Restored:
    """What is there again, and what a check of it found."""

    schema: int
    rows: dict[str, int] = field(default_factory=dict)
    blobs: int = 0
    lacking: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def _tell_nobody(_folder: Path) -> None:
    pass


def restore_backup(
    settings: Settings, path: Path, by: str, tell: Callable[[Path], None] = _tell_nobody
) -> Restored | tuple[Problem, ...]:
    """Restore a backup, and those it goes on from, into the empty stores that the settings name. Nothing is
    written before the whole file was read; rows only when every blob that they name is there. ``tell`` hears
    of each folder that an earlier restore left and that is removed now.
    """
    try:
        chain = _chain_of(path)
        end = _check_tables(path)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        for folder in remove_left(settings.data_dir, IN_PROGRESS):
            tell(folder)
        engine = open_engine(settings.database)
        prepare_schema(engine)
        database = Database(engine)
        _refuse_filled(database)
        blobs, restored = (
            open_blobs(settings.blobs),
            Restored(read_start(path)["schema"], lacking=list(end["lacking"])),
        )
        _restore_keys(settings.data_dir / "keys", path)
        for each in chain:
            restored.blobs += _restore_blobs(blobs, each)
        _refuse_missing(blobs, path, set(restored.lacking))
        if restored.schema == SCHEMA_VERSION:
            _restore_rows(database, path, restored)
        else:
            _restore_older_rows(database, settings.data_dir, path, restored)
        engine.dispose()
    except BrokenBackupError as error:
        return (error.problem,)
    _finish(open_house(settings), path, by, restored)
    return restored


def _chain_of(path: Path) -> list[Path]:
    """The backup and those that it goes on from, none of a schema that is newer than ours."""
    chain, start = [path], read_start(path)
    while True:
        if start["schema"] not in range(1, SCHEMA_VERSION + 1):
            raise BrokenBackupError(
                problem("BACKUP_SCHEMA", found=str(start["schema"]), needed=str(SCHEMA_VERSION))
            )
        base = start["base"]
        if base is None:
            return chain
        earlier = path.with_name(Path(base["file"]).name)
        missing = problem("BACKUP_BASE_MISSING", file=chain[-1].name, base=earlier.name)
        if not earlier.exists() or earlier in chain:
            raise BrokenBackupError(missing)
        start = read_start(earlier)
        if start["id"] != base["id"]:
            raise BrokenBackupError(missing)
        chain.append(earlier)


def _check_tables(path: Path) -> dict[str, Any]:
    """Hash all of the backup that is no blob against its end, and each blob against its name."""
    end = read_end(path)
    found: dict[str, str] = {}
    with open_backup(path) as members:
        for member in members:
            digest = hashlib.sha256()
            for piece in member.pieces():
                digest.update(piece)
            if member.name.startswith("blobs/"):
                _expect(member.name, digest.hexdigest(), member.name.removeprefix("blobs/"))
            else:
                found[member.name] = digest.hexdigest()
    for name, said in end["digests"].items():
        _expect(name, found.get(name), said)
    return end


def _expect(name: str, found: object, said: object) -> None:
    if found != said:
        raise BrokenBackupError(problem("BACKUP_CHANGED", name=name))


def _refuse_filled(database: Database) -> None:
    with database.reading() as session:
        for table in kept_tables():
            if session.scalar(select(func.count()).select_from(table)):
                raise BrokenBackupError(problem("BACKUP_NOT_EMPTY", what=f"tabla {table.name}"))


def _restore_keys(folder: Path, path: Path) -> None:
    """Write the keys; where there are any already, they must be these."""
    kept = {member.name.removeprefix("keys/"): data for member, data in _small(path, "keys/")}
    there = {each.name: each.read_bytes() for each in folder.glob("*.pem")}
    if there and there != kept:
        raise BrokenBackupError(problem("BACKUP_NOT_EMPTY", what="claves"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in kept.items():
        if name not in there:
            handle = os.open(folder / Path(name).name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())


def _small(path: Path, start: str) -> Iterator[tuple[Member, bytes]]:
    with open_backup(path) as members:
        for member in members:
            if member.name.startswith(start):
                yield member, member.whole()


def _restore_blobs(blobs: BlobStore, path: Path) -> int:
    count = 0
    with open_backup(path) as members:
        for member in members:
            if member.name.startswith("blobs/"):
                name, _ = blobs.put(member.pieces())
                _expect(member.name, name, member.name.removeprefix("blobs/"))
                count += 1
    return count


def _refuse_missing(blobs: BlobStore, path: Path, lacking: set[str]) -> None:
    """Every blob that the rows name must be there now; both lists are in the same order."""
    there = iter(blobs.names())
    other = next(there, None)
    with open_backup(path) as members:
        for line in _lines_of(members, BLOB_LIST):
            sha256 = line[:64].decode()
            while other is not None and other < sha256:
                other = next(there, None)
            if other != sha256 and sha256 not in lacking:
                raise BrokenBackupError(problem("BACKUP_CHANGED", name=f"blobs/{sha256}"))


def _lines_of(members: Iterator[Member], name: str) -> Iterator[bytes]:
    member = next((each for each in members if each.name == name), None)
    if member is None:
        raise BrokenBackupError(problem("BACKUP_CHANGED", name=name))
    yield from member.file


def _restore_rows(database: Database, path: Path, restored: Restored) -> None:
    tables = {f"tables/{table.name}.jsonl": table for table in kept_tables()}
    with database.transaction() as session:
        for table, lines in table_lines(path, tables):
            restored.rows[table.name] = insert_rows(session, table, rows_of(table, lines))


def _restore_older_rows(database: Database, folder: Path, path: Path, restored: Restored) -> None:
    with (
        brought_up(path, restored.schema, folder) as older,
        older.reading() as past,
        database.transaction() as session,
    ):
        for table in kept_tables():
            rows = past.execute(select(table).execution_options(yield_per=AT_ONCE))
            restored.rows[table.name] = insert_rows(session, table, (row._asdict() for row in rows))


def _finish(house: House, path: Path, by: str, restored: Restored) -> None:
    """Make everything findable again and hold every case against its events and the trail."""
    with house.database.reading() as session:
        numbers = session.scalars(select(CaseRow.number).order_by(CaseRow.number)).all()
    for number in numbers:
        with house.database.transaction() as session:
            index_case(session, session.get_one(CaseRow, number))
    remove_disposed_bytes(house, quiet_seconds=0.0, again=True)  # an older link of the chain still has them
    restored.failures += trail_failures(verify_trail(house))
    with house.database.reading() as session:
        restored.failures += [each for number in numbers for each in case_failures(session, number)]
        restored.failures += [*issued_failures(session), *lost_failures(session)]
    with house.database.transaction() as session:
        told = {"rows": sum(restored.rows.values()), "blobs": restored.blobs}
        if restored.schema != SCHEMA_VERSION:
            told["schema"] = restored.schema
        append_audit(session, house.now(), by, "backup.restore", path.name[:120], told)
