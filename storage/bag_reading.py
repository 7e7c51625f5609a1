"""Opening bags that somebody else made, a folder or a ZIP: nothing is unpacked, nothing outside is reached.

Paths that climb out, links, encrypted or overlapping entries and whatever inflates without measure are
refused before a byte is read.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from forms.problems import Problem, problem
from storage.blobs import CHUNK

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_RATIO: Final = 200
"""A file of text is packed to a twentieth at the best; what is packed to less than this is a bomb."""
_SMALL: Final = 1 << 20
"""Bytes up to which nobody minds how well they are packed."""
_LOCAL_HEADER: Final = 30


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """How much is looked at at all."""

    bytes: int = 64 << 30
    files: int = 200_000


LIMITS: Final = PackageLimits()


class Bag(Protocol):
    """The files of a bag by their path inside it, and their sizes as they are said to be."""

    @property
    def sizes(self) -> Mapping[str, int]: ...

    def read(self, path: str) -> Iterator[bytes]:
        """The bytes of a file in pieces; raises :class:`OSError` when they are not there."""
        ...


class BrokenPackageError(ValueError):
    """A package that cannot be looked at; ``problem`` says why to people."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


@contextmanager
def open_bag(path: Path, limits: PackageLimits = LIMITS) -> Iterator[Bag]:
    """The bag in a folder or ZIP; raises :class:`BrokenPackageError`."""
    if path.is_dir():
        yield FolderBag(path, limits)
        return
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise BrokenPackageError(problem("PACKAGE_UNREADABLE", file=path.name)) from None
    with archive:
        yield ZippedBag(archive, path.name, path.stat().st_size, limits)


def is_inside(path: str) -> bool:
    """Whether a path stays inside the bag on any system that people use.

    >>> [is_inside(path) for path in ("data/a.pdf", "a/../../b", "/etc/passwd", "~root/a", "C:/a")]
    [True, False, False, False, False]
    """
    parts = PurePosixPath(path).parts
    unusual = "\\" in path or "\0" in path or _DRIVE.match(path) or path.startswith(("/", "~"))
    return bool(parts) and not unusual and ".." not in parts


class FolderBag:
    """A bag that is a folder; links in it are refused, wherever they lead."""

    def __init__(self, folder: Path, limits: PackageLimits) -> None:
        self._folder = folder
        self.sizes = dict(_walk(folder, ""))
        _refuse_too_much(folder.name, self.sizes, limits)

    def read(self, path: str) -> Iterator[bytes]:
        """See :meth:`Bag.read`."""
        with (self._folder / path).open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")


def _walk(folder: Path, above: str) -> Iterator[tuple[str, int]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = f"{above}{entry.name}"
        if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
            raise BrokenPackageError(problem("PACKAGE_UNSAFE", file=path))
        if entry.is_dir():
            yield from _walk(Path(entry.path), f"{path}/")
        else:
            yield path, entry.stat().st_size


class ZippedBag:
    """A bag that is a ZIP, in one folder or none."""

    def __init__(self, archive: ZipFile, name: str, size: int, limits: PackageLimits) -> None:
        self._archive = archive
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_unsafe(entries)
        _refuse_bombs(name, entries, size)
        top = _top_of([entry.filename for entry in entries])
        self._entries = {entry.filename.removeprefix(top): entry for entry in entries}
        self.sizes = {path: entry.file_size for path, entry in self._entries.items()}
        _refuse_too_much(name, self.sizes, limits)

    def read(self, path: str) -> Iterator[bytes]:
        """See :meth:`Bag.read`."""
        entry = self._entries[path]
        left = entry.file_size
        try:
            with self._archive.open(entry) as file:
                while piece := file.read(CHUNK):
                    left -= len(piece)
                    yield piece
        except (BadZipFile, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
            raise OSError(f"{path}: {error}") from None
        if left:
            raise OSError(f"{path} is not as long as it is said to be")


def _top_of(names: list[str]) -> str:
    """The one folder that all files are in, unless the declaration is outside of any."""
    tops = {name.partition("/")[0] for name in names}
    if "bagit.txt" in names or len(tops) != 1:
        return ""
    return f"{tops.pop()}/"


def _refuse_unsafe(entries: list[ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        mode = entry.external_attr >> 16
        special = stat.S_IFMT(mode) not in {0, stat.S_IFREG}
        packed = entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}
        unusual = special or packed or entry.flag_bits & 1 or entry.orig_filename != entry.filename
        if unusual or not is_inside(entry.filename) or entry.filename in seen:
            raise BrokenPackageError(problem("PACKAGE_UNSAFE", file=entry.filename))
        seen.add(entry.filename)


def _refuse_bombs(name: str, entries: list[ZipInfo], size: int) -> None:
    """No entry may share bytes with another or inflate without measure."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        inflates = entry.file_size > _SMALL and entry.file_size > _RATIO * max(1, entry.compress_size)
        stored = entry.compress_type == ZIP_STORED and entry.file_size != entry.compress_size
        if entry.header_offset < end or inflates or stored:
            raise BrokenPackageError(problem("PACKAGE_TOO_LARGE", file=name))
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
    if end > size:
        raise BrokenPackageError(problem("PACKAGE_UNREADABLE", file=name))


def _refuse_too_much(name: str, sizes: Mapping[str, int], limits: PackageLimits) -> None:
    if len(sizes) > limits.files or sum(sizes.values()) > limits.bytes:
        raise BrokenPackageError(problem("PACKAGE_TOO_LARGE", file=name))
