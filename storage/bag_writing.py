"""Writing BagIt 1.0 bags (RFC 8493): files one after the other, each hashed while it goes out.

Nothing is kept in memory but a line for each file, so a bag may be of any size; a folder takes it, or a
ZIP that is given out in pieces while it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MODE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class BagFile:
    """A file of a bag: its path inside, and its bytes in pieces."""

    path: str
    pieces: Iterable[bytes]


@dataclass(slots=True)
class _Written:
    """What is known of the files that went out."""

    lines: list[str]
    size: int = 0


def bag_files(
    payload: Iterable[BagFile],
    describe: Callable[[str], Iterable[BagFile]],
    info: Sequence[tuple[str, str]],
) -> Iterator[BagFile]:
    """All files of a bag in the order in which they are written: the payload, then the tag files about it.

    ``describe`` is given the SHA-256 of the payload's manifest and gives further tag files.
    """
    held, tags = _Written([]), _Written([])
    for file in payload:
        yield _hashed(BagFile(f"data/{file.path}", file.pieces), held)
    manifest = "".join(held.lines).encode()
    oxum = f"{held.size}.{len(held.lines)}"
    told = "".join(f"{name}: {value}\n" for name, value in (*info, ("Payload-Oxum", oxum)))
    own = (
        BagFile("bagit.txt", [DECLARATION]),
        BagFile("bag-info.txt", [told.encode()]),
        BagFile("manifest-sha256.txt", [manifest]),
    )
    for file in (*own, *describe(hashlib.sha256(manifest).hexdigest())):
        yield _hashed(file, tags)
    yield BagFile("tagmanifest-sha256.txt", ["".join(tags.lines).encode()])


def _hashed(file: BagFile, written: _Written) -> BagFile:
    """The same file; when it has gone out its line is added."""

    def pieces() -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in file.pieces:
            digest.update(piece)
            written.size += len(piece)
            yield piece
        written.lines.append(f"{digest.hexdigest()}  {encode_path(file.path)}\n")

    return BagFile(file.path, pieces())


def encode_path(path: str) -> str:
    """A path as a manifest has it: line ends and the per cent sign are escaped."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def write_folder(files: Iterable[BagFile], folder: Path) -> None:
    """Write a bag into a new folder; raises :class:`FileExistsError` when there is one."""
    folder.mkdir(parents=True)
    for file in files:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            out.writelines(file.pieces)


class _Pipe:
    """Something that a ZIP is written to and pieces are taken from."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes | memoryview) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


def zip_pieces(files: Iterable[BagFile], top: str, at: datetime) -> Iterator[bytes]:
    """A bag as a ZIP whose one folder is ``top``, in pieces. What is in it is stored and not packed, so that
    what is left of a damaged one can still be found.
    """
    pipe, moment = _Pipe(), at.timetuple()[:6]
    with ZipFile(pipe, "w", ZIP_STORED) as archive:  # type: ignore[call-overload]  # all that it asks for is there
        for file in files:
            entry = ZipInfo(f"{top}/{file.path}", moment)
            entry.external_attr = _MODE
            with archive.open(entry, "w", force_zip64=True) as target:
                for piece in file.pieces:
                    target.write(piece)
                    yield from pipe.take()
            yield from pipe.take()
    yield from pipe.take()
