"""The hot folder: scans that a machine leaves there are received as at the window, and none is ever lost.

A file is taken once it has stopped growing and its end is there. It is let go, moved under ``recibidos/``,
only after its bytes and its case's row are committed; whatever fails before that leaves it where it is, to
be tried again. A crash between the two finds the same case again by the file's key.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from watchfiles import watch

from operations.house import House
from operations.reception import HandedIn, Received, receive
from storage.blobs import CHUNK

ACTOR: Final = "carpeta"
TAKEN: Final = "recibidos"
"""Folder inside the hot one to which files go once their case exists, a folder a day."""

_UNFINISHED: Final = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")
"""Ends of names under which programs write what is not complete yet."""
_ENDS: Final = {b"%PDF": b"%%EOF", b"\xff\xd8\xff": b"\xff\xd9", b"\x89PNG": b"IEND"}
"""How files of a kind begin and, within their last bytes, end."""
_TAIL: Final = 2048
_ENDLESS_SECONDS: Final = 60.0
"""After so long without growing, a file without its end is taken as it is: the reader says what it is."""
_LOOK_SECONDS: Final = 1.0
_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 60.0

_log = logging.getLogger(__name__)


class StillChangingError(OSError):
    """The file changed while it was copied; nothing was started, and it will be looked at again."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a file was when it was last looked at, and since when it is that."""

    size: int
    modified: int
    since: float


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a file could not be taken, and when it is tried again."""

    reason: str
    pause: float
    again: float


class HotFolder:
    """Takes the complete files of a folder, one case for each; see the module for what it promises."""

    def __init__(self, house: House, folder: Path, quiet_seconds: float) -> None:
        self._house = house
        self._folder = folder
        self._quiet = quiet_seconds
        self._seen: dict[Path, _Seen] = {}
        self._failing: dict[Path, _Failure] = {}

    def look(self, now: float) -> list[str]:
        """Take what is complete at ``now`` (monotonic seconds); the numbers of the cases, old or new.

        A file that cannot be taken is left, told once in the log, and does not hold up the others.
        """
        found: list[str] = []
        present = {path: seen for path in self._waiting() if (seen := self._note(path, now)) is not None}
        self._seen = present
        for path, seen in present.items():
            if path in self._failing and now < self._failing[path].again:
                continue
            try:
                if self._is_complete(path, seen, now):
                    found.append(self._take(path, seen))
            except Exception as error:
                # Full disk, absent database, withdrawn permission: the file stays and its turn comes again.
                self._fail(path, error, now)
            else:
                self._failing.pop(path, None)
        self._failing = {path: each for path, each in self._failing.items() if path in present}
        return found

    @property
    def failing(self) -> dict[str, str]:
        """Files that could not be taken when last tried, and why."""
        return {path.name: failure.reason for path, failure in self._failing.items()}

    def _waiting(self) -> Iterator[Path]:
        """Files of the folder, the oldest name first; no hidden ones, no folders, no links."""
        for path in sorted(self._folder.iterdir()):
            if not path.name.startswith(".") and not path.name.endswith(_UNFINISHED):
                yield path

    def _note(self, path: Path, now: float) -> _Seen | None:
        try:
            if path.is_symlink() or not path.is_file():
                return None
            facts = path.stat()
        except OSError:
            return None  # gone between the listing and the look
        before = self._seen.get(path)
        if before is not None and (before.size, before.modified) == (facts.st_size, facts.st_mtime_ns):
            return before
        return _Seen(facts.st_size, facts.st_mtime_ns, now)

    def _is_complete(self, path: Path, seen: _Seen, now: float) -> bool:
        quiet = now - seen.since
        if quiet < self._quiet:
            return False
        return quiet >= _ENDLESS_SECONDS or (seen.size > 0 and _has_its_end(path, seen.size))

    def _take(self, path: Path, seen: _Seen) -> str:
        key = f"{ACTOR}:{_key_of(path, seen)}"
        received = receive(
            self._house,
            [HandedIn(path.name, _unchanged_chunks(path, seen))],
            self._house.settings.office,
            ACTOR,
            key,
        )
        # The key tells the content too, so it is never another file's.
        assert isinstance(received, Received), received
        self._let_go(path, self._house.today(), received.case)
        _log.info("file %s is case %s", path.name, received.case)
        return received.case

    def _let_go(self, path: Path, on: date, case: str) -> None:
        """Move the file out of the way, under a name that nothing else has."""
        folder = self._folder / TAKEN / on.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        # Another worker that watches the same folder may have been faster; both found the same case.
        with suppress(FileNotFoundError):
            path.rename(folder / f"{case} {path.name}")

    def _fail(self, path: Path, error: Exception, now: float) -> None:
        """Tell it in the log, once for the same reason, and leave the file alone for a while."""
        before, reason = self._failing.get(path), str(error) or type(error).__name__
        if before is None or before.reason != reason:
            _log.warning("file %s waits: %s", path.name, reason)
        pause = _FIRST_PAUSE if before is None else min(2 * before.pause, _LONGEST_PAUSE)
        self._failing[path] = _Failure(reason, pause, now + pause)


def _key_of(path: Path, seen: _Seen) -> str:
    """What tells this arrival from any other: name, time and content, so that a crash repeats nothing."""
    digest = hashlib.sha256(f"{path.name}\0{seen.modified}\0{seen.size}\0".encode())
    for chunk in _unchanged_chunks(path, seen):
        digest.update(chunk)
    return digest.hexdigest()


def _unchanged_chunks(path: Path, seen: _Seen) -> Iterator[bytes]:
    """The bytes of a file; :class:`StillChangingError` at their end when it is not what was seen."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
    facts = path.stat()
    if (facts.st_size, facts.st_mtime_ns) != (seen.size, seen.modified):
        raise StillChangingError(f"{path.name} is still being written")


def _has_its_end(path: Path, size: int) -> bool:
    """Whether a file of a kind that has a known end has it; other kinds are trusted to be whole."""
    with path.open("rb") as file:
        head = file.read(4)
        end = next((end for start, end in _ENDS.items() if head.startswith(start)), b"")
        file.seek(max(0, size - _TAIL))
        return end in file.read()


@contextmanager
def watched_folder(house: House) -> Iterator[None]:
    """Take files of the hot folder of the settings, if there is one, until the block ends."""
    if not house.settings.hot_folder:
        yield
        return
    place = Path(house.settings.hot_folder)
    stop = threading.Event()
    folder = HotFolder(house, place, house.settings.hot_folder_seconds)
    thread = threading.Thread(target=_keep_watch, args=(folder, place, stop), name="hot-folder", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_watch(folder: HotFolder, place: Path, stop: threading.Event) -> None:
    """Look whenever the system tells of a change, and every second where it tells nothing."""
    while not stop.is_set():
        try:
            place.mkdir(parents=True, exist_ok=True)
            told = watch(
                place,
                watch_filter=None,
                stop_event=stop,
                rust_timeout=int(1000 * _LOOK_SECONDS),
                yield_on_timeout=True,
                recursive=False,
            )
            for _ in told:
                folder.look(time.monotonic())
        except Exception:
            # A share that is away for a while must not end the watch.
            _log.exception("the hot folder cannot be watched")
            stop.wait(_LONGEST_PAUSE / 4)
