"""Backups while the service works: one moment of all tables, and every blob that they name.

Bytes are stored before the row that names them and never change, so what the tables of that moment need is
there whenever it is copied. A backup that goes on from an earlier one copies only the blobs which that lacks.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from operations.house import House
from storage.audit import append_audit, canonical_instant, canonical_json
from storage.backup_files import (
    BLOB_LIST,
    END,
    FORMAT,
    START,
    VERSION,
    BackupWriter,
    open_backup,
    read_end,
    read_start,
)
from storage.blobs import CHUNK, BlobChangedError, BlobMissingError
from storage.database import Database
from storage.disposed import is_gone
from storage.guarded_blobs import GuardedBlobs
from storage.retention_tables import DisposedDocumentRow
from storage.row_json import row_as_json
from storage.schema import SCHEMA_VERSION, Base, BlobRow

LEFT_OUT: Final = frozenset({"schema_version", "access_sessions"})
"""Made by the service that restores; who was signed in signs in again."""
_AT_ONCE: Final = 500


@dataclass(slots=True)
class Backup:
    """What was written: rows by table, blobs there are and copied, and those that could not be read."""

    path: Path
    at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    blobs: int = 0
    copied: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """What a backup is made from: a database of some schema, its tables, the store and the folder of keys."""

    database: Database
    schema: int
    tables: Sequence[Table]
    blobs: GuardedBlobs
    keys: Path


def kept_tables() -> list[Table]:
    """The tables that a backup has, each after those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def make_backup(house: House, out: Path, by: str, since: Path | None = None) -> Backup:
    """Write a backup to a new file that only its owner may read: it has the keys and all personal data.
    ``since`` is an earlier one in the same folder. Raises :class:`FileExistsError`, and
    :class:`storage.backup_files.BrokenBackupError` for an earlier one that cannot be read.
    """
    base = _base_of(out, since)
    now = house.now()
    with house.database.transaction() as session:
        append_audit(session, now, by, "backup.make", out.name[:120])
    keys = house.settings.data_dir / "keys"
    source = Source(house.database, SCHEMA_VERSION, kept_tables(), house.blobs, keys)
    return _write_whole(source, Backup(out, now), base, since)


def write_backup(source: Source, out: Path, now: datetime, since: Path | None) -> Backup:
    """Write a backup of any schema, as :func:`make_backup` does, without a word in the trail."""
    return _write_whole(source, Backup(out, now), _base_of(out, since), since)


def _base_of(out: Path, since: Path | None) -> dict[str, str] | None:
    """What the new backup says of the one that it goes on from."""
    if out.exists():
        raise FileExistsError(17, "ya existe", str(out))
    if since is not None and since.resolve().parent != out.resolve().parent:
        raise FileExistsError(2, "el respaldo anterior debe estar en la misma carpeta", str(since))
    return None if since is None else {"file": since.name, "id": read_start(since)["id"]}


def _write_whole(source: Source, made: Backup, base: dict[str, str] | None, since: Path | None) -> Backup:
    """Under another name until it is whole and on the disk."""
    out = made.path
    draft = out.with_name(f".{out.name}.parcial")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            _write(source, BackupWriter(file), made, base, since)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(out)
        _sync_folder(out.parent)
    finally:
        draft.unlink(missing_ok=True)
    return made


def _sync_folder(folder: Path) -> None:
    """The name lasts as its bytes do: what comes after a backup may rely on it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(
    source: Source, writer: BackupWriter, made: Backup, base: dict[str, str] | None, since: Path | None
) -> None:
    writer.add_json(
        START,
        {
            "format": FORMAT,
            "version": VERSION,
            "schema": source.schema,
            "id": secrets.token_hex(16),
            "made_at": canonical_instant(made.at),
            "engine": source.database.engine.dialect.name,
            "base": base,
        },
    )
    with tempfile.TemporaryFile() as names:
        with source.database.snapshot() as session:
            for table in source.tables:
                _write_table(session, writer, table, made)
            for sha256, size in _blobs(session, source.tables):
                names.write(f"{sha256} {size}\n".encode())
        _add_spooled(writer, BLOB_LIST, names)
        for path in sorted(source.keys.glob("*.pem")):
            data = path.read_bytes()
            writer.add(f"keys/{path.name}", len(data), [data])
        names.seek(0)
        _copy_blobs(source, writer, made, names, since)
    writer.add_json(END, {"digests": dict(writer.digests), "rows": made.rows, "lacking": made.damaged})
    writer.close()


def _write_table(session: Session, writer: BackupWriter, table: Table, made: Backup) -> None:
    made.rows[table.name] = 0
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
    with tempfile.TemporaryFile() as spool:
        for row in session.execute(query):
            spool.write(f"{canonical_json(row_as_json(table, row._asdict()))}\n".encode())
            made.rows[table.name] += 1
        _add_spooled(writer, f"tables/{table.name}.jsonl", spool)


def _add_spooled(writer: BackupWriter, name: str, spool: IO[bytes]) -> None:
    size = spool.tell()
    spool.seek(0)
    writer.add(name, size, iter(lambda: spool.read(CHUNK), b""))


def _blobs(session: Session, tables: Sequence[Table]) -> Iterator[tuple[str, int]]:
    query = select(BlobRow.sha256, BlobRow.size).order_by(BlobRow.sha256)
    if DisposedDocumentRow.__tablename__ in {table.name for table in tables}:  # once nothing was disposed of
        query = query.where(~is_gone())
    rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
    yield from ((sha256, size) for sha256, size in rows)


def _copy_blobs(
    source: Source, writer: BackupWriter, made: Backup, names: IO[bytes], since: Path | None
) -> None:
    """Copy what the earlier backup has not; both lists are in order, so neither is held in memory."""
    known = _listed(since) if since is not None else iter(())
    other = next(known, None)
    for line in names:
        sha256, _, size = line.decode().partition(" ")
        made.blobs += 1
        while other is not None and other < sha256:
            other = next(known, None)
        if other != sha256:
            _copy_blob(source, writer, made, sha256, int(size))


def _copy_blob(source: Source, writer: BackupWriter, made: Backup, sha256: str, size: int) -> None:
    try:
        source.blobs.inspect(sha256)
    except (BlobMissingError, BlobChangedError):
        made.damaged.append(sha256)
        return
    writer.add(f"blobs/{sha256}", size, source.blobs.read(sha256), digested=False)
    made.copied += 1
    made.bytes += size


def _listed(since: Path) -> Iterator[str]:
    """Names of the blobs that an earlier backup and those before it have, in their order."""
    lacking = set(read_end(since)["lacking"])
    with open_backup(since) as members:
        for member in members:
            if member.name == BLOB_LIST:
                names = (line[:64].decode() for line in member.file)
                yield from (name for name in names if name not in lacking)
                return
