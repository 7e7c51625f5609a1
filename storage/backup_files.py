"""The file of a backup: a tar that is written and read from end to end, whatever its size.

First ``inicio.json`` (which backup, which it goes on from), then JSON lines for each table, the list of all
blobs, the keys, the blobs that earlier backups lack, and at the end the digests of it all.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from forms.problems import Problem, problem
from storage.blobs import CHUNK

FORMAT: Final = "ventanilla-backup"
VERSION: Final = 1
START: Final = "inicio.json"
END: Final = "fin.json"
BLOB_LIST: Final = "blobs.txt"
_SMALL: Final = 64 << 20


class BrokenBackupError(ValueError):
    """A backup that cannot be used; ``problem`` says why to people."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the backup while the tar stands at it; ``file`` is gone when the next is asked for."""

    name: str
    size: int
    file: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Its bytes; :class:`BrokenBackupError` when the file ends before them."""
        left = self.size
        while left:
            piece = self.file.read(min(CHUNK, left))
            if not piece:
                raise BrokenBackupError(problem("BACKUP_CHANGED", name=self.name))
            left -= len(piece)
            yield piece

    def whole(self) -> bytes:
        """Its bytes at once, for files that are small by their nature."""
        if self.size > _SMALL:
            raise BrokenBackupError(problem("BACKUP_CHANGED", name=self.name))
        return b"".join(self.pieces())


class BackupWriter:
    """Adds files to a tar and keeps the digest of each but the blobs, whose names are theirs."""

    def __init__(self, out: IO[bytes]) -> None:
        # Ended by close() only: a tar that failed must not look as if it were whole.
        self._tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.digests: dict[str, str] = {}

    def add(self, name: str, size: int, pieces: Iterable[bytes], *, digested: bool = True) -> None:
        """Add a file of a size that is known; raises :class:`ValueError` when it turns out another."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        source = _Pieces(pieces)
        self._tar.addfile(entry, source)
        # The module would keep an entry for each file.
        self._tar.members.clear()  # type: ignore[attr-defined]
        if source.given != size or source.has_more():
            raise ValueError(f"{name} is not as long as was said")
        if digested:
            self.digests[name] = source.digest.hexdigest()

    def add_json(self, name: str, value: Any) -> None:
        """Add a small file of JSON."""
        data = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
        self.add(name, len(data), [data])

    def close(self) -> None:
        """End the tar."""
        self._tar.close()


class _Pieces(io.RawIOBase):
    """Pieces as a file to read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = memoryview(b"")
        self.given = 0
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As many bytes as are asked for, if there are."""
        parts: list[bytes] = []
        while size > 0:
            if not self._left:
                self._left = memoryview(next(self._pieces, b""))
                if not self._left:
                    break
            parts.append(bytes(self._left[:size]))
            self._left = self._left[size:]
            size -= len(parts[-1])
        data = b"".join(parts)
        self.given += len(data)
        self.digest.update(data)
        return data

    def has_more(self) -> bool:
        """Whether something was not asked for; the end must be reached so that what is read is checked."""
        return bool(self._left) or any(map(bool, self._pieces))


@contextmanager
def open_backup(path: Path) -> Iterator[Iterator[Member]]:
    """The files of a backup in their order; raises :class:`BrokenBackupError`."""
    try:
        with tarfile.open(path, mode="r|") as tar:
            yield _members(tar)
    except (tarfile.TarError, OSError, EOFError) as error:
        detail = "no es un respaldo o está cortado" if isinstance(error, tarfile.TarError) else str(error)
        raise BrokenBackupError(problem("BACKUP_UNREADABLE", file=path.name, detail=detail)) from error


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    for entry in tar:
        file = tar.extractfile(entry) if entry.isreg() else None
        if file is None:
            raise BrokenBackupError(problem("BACKUP_CHANGED", name=entry.name))
        yield Member(entry.name, entry.size, file)
        tar.members.clear()  # type: ignore[attr-defined]


def read_start(path: Path) -> dict[str, Any]:
    """What a backup says of itself at its beginning; raises :class:`BrokenBackupError`."""
    with open_backup(path) as members:
        first = next(members, None)
        if first is None or first.name != START:
            raise BrokenBackupError(
                problem("BACKUP_UNREADABLE", file=path.name, detail="no empieza como un respaldo")
            )
        try:
            start: dict[str, Any] = json.loads(first.whole())
            known = (start["format"], start["version"]) == (FORMAT, VERSION)
        except (ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise BrokenBackupError(
                problem("BACKUP_UNREADABLE", file=path.name, detail="es de otra clase o versión")
            )
        return start


def read_end(path: Path) -> dict[str, Any]:
    """What a backup says at its end, which is only there when it was written whole; raises
    :class:`BrokenBackupError`.
    """
    with open_backup(path) as members:
        for member in members:
            if member.name == END:
                try:
                    end = json.loads(member.whole())
                    return {name: end[name] for name in ("digests", "rows", "lacking")}
                except (ValueError, KeyError, TypeError):
                    break
    raise BrokenBackupError(problem("BACKUP_UNREADABLE", file=path.name, detail="le falta el final"))
