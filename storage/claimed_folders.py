"""Folders of one task each, with a lock inside that ends with the process, so that a left-over can be proved.

The lock appears in the folder when it is held already: a folder with a lock that anybody can take is of a
task that ended without tidying up. One without a lock proves nothing; it may be about to get one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.leases import take_lock

_LOCK: Final = "en-uso.lock"


@contextmanager
def claimed_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder that is this task's until the block ends, and then is gone with all that is in it."""
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    early = folder / f"{_LOCK}.nuevo"
    handle = take_lock(early, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    if handle is None:
        raise RuntimeError(f"somebody took the new folder {folder}: try again")
    early.rename(folder / _LOCK)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Claims:
    """The folders of a prefix: ``left`` by tasks that ended without tidying up, ``held`` by tasks at work,
    and ``unproved`` without a lock.
    """

    left: tuple[Path, ...]
    held: tuple[Path, ...]
    unproved: tuple[Path, ...]


def look_for_claims(parent: Path, prefix: str) -> Claims:
    """What there is of a prefix now, touching nothing."""
    left, held, unproved = [], [], []
    for folder in _folders(parent, prefix):
        try:
            handle = take_lock(folder / _LOCK, os.O_RDWR)
        except (FileNotFoundError, PermissionError):
            unproved.append(folder)
            continue
        if handle is None:
            held.append(folder)
        else:
            os.close(handle)
            left.append(folder)
    return Claims(tuple(left), tuple(held), tuple(unproved))


def remove_left(parent: Path, prefix: str) -> tuple[Path, ...]:
    """Remove what tasks left that ended without tidying up, and nothing else; the folders that are gone."""
    gone = []
    for folder in _folders(parent, prefix):
        try:
            handle = take_lock(folder / _LOCK, os.O_RDWR)
        except (FileNotFoundError, PermissionError):  # another user's proves nothing to us
            continue
        if handle is not None:
            # Held meanwhile: another who tidies up takes this for work.
            _remove(folder)
            os.close(handle)
            gone.append(folder)
    return tuple(gone)


def _folders(parent: Path, prefix: str) -> list[Path]:
    return sorted(each for each in parent.glob(f"{prefix}*") if each.is_dir() and not each.is_symlink())


def _remove(folder: Path) -> None:
    """Remove a folder, its lock last: who is stopped in the middle leaves what can be proved."""
    for each in folder.iterdir() if folder.exists() else ():
        if each.name != _LOCK:
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
