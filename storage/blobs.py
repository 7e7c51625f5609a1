"""Bytes that are never lost or changed: content-addressed, written once, synced, hashed again on reading."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlparse

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

from storage.object_locks import ObjectLock, find_lock

if TYPE_CHECKING:  # a name for type checkers only: the package does not have it when it runs
    from obstore.store import ClientConfig

CHUNK: Final = 1 << 20
_DRAFT: Final = ".draft-"
_NAME: Final = re.compile(r"[0-9a-f]{64}")


class BlobMissingError(LookupError):
    """There are no bytes under this name: restore them from a copy."""


class BlobDisposedError(BlobMissingError):
    """The bytes were disposed of by two people, with a certificate; nothing is to be restored."""


class BlobChangedError(ValueError):
    """The bytes are no longer those that were stored: restore them from a copy."""


class BlobAddressError(ValueError):
    """No store has an address of this kind."""

    def __init__(self, address: str) -> None:
        super().__init__(f"unknown blob address {address}: use file:///folder or s3://bucket/prefix")
        self.address = address


class BlobStore(Protocol):
    """Where originals and documents live, named by the SHA-256 of what they hold."""

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Store bytes durably; their name and size. The same bytes twice are stored once."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name; :class:`BlobMissingError`, :class:`BlobChangedError`."""
        ...

    def read(self, sha256: str) -> Iterator[bytes]:
        """The bytes in pieces; what :meth:`get` raises comes at the latest after the last piece."""
        ...

    def set_aside(self, sha256: str) -> None:
        """Move what is under a name out of the way, so that the right bytes can be stored again. It is kept
        as evidence, and is a foreign file from then on.
        """
        ...

    def remove(self, sha256: str, quiet_seconds: float) -> bool:
        """Remove the bytes of a disposed document for good; nothing else calls this. False when somebody has
        stored the same bytes within ``quiet_seconds``: their row may not be written yet. True when they are
        not there any more.
        """
        ...

    def age(self, name: str) -> float:
        """Seconds since something that :meth:`names` told of was written; none when it is gone."""
        ...

    def names(self) -> Iterator[str]:
        """What is there, foreign files included."""
        ...

    def sweep(self, seconds: float) -> int:
        """Remove what writers that died more than ``seconds`` ago left half done; how much it was."""
        ...


def measure(blobs: BlobStore, sha256: str) -> int:
    """Hash stored bytes again, a piece at a time; their size, or what :meth:`BlobStore.get` raises."""
    return sum(len(piece) for piece in blobs.read(sha256))


def open_blobs(url: str) -> BlobStore:
    """The store at ``file:///folder`` or ``s3://bucket/prefix`` (options in the query of the address)."""
    parts = urlparse(url)
    if parts.scheme == "file":
        return LocalBlobs(Path(parts.path))
    if parts.scheme == "s3":
        options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        endpoint, region = options.get("endpoint"), options.get("region", "us-east-1")
        if endpoint:
            local: ClientConfig = {"allow_http": endpoint.startswith("http://")}
            store = S3Store(
                parts.netloc,
                endpoint=endpoint,
                region=region,
                virtual_hosted_style_request=False,
                checksum_algorithm="SHA256",
                client_options=local,
            )
        else:
            store = S3Store(parts.netloc, region=region, checksum_algorithm="SHA256")
        return S3Blobs(store, parts.path.strip("/"))
    raise BlobAddressError(url)


def _checked(data: bytes, sha256: str) -> bytes:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BlobChangedError(f"the bytes of {sha256} have changed: restore them from a copy")
    return data


def _checked_pieces(pieces: Iterable[bytes | memoryview], sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield bytes(piece)
    if digest.hexdigest() != sha256:
        raise BlobChangedError(f"the bytes of {sha256} have changed: restore them from a copy")


class LocalBlobs:
    """A folder: ``ab/cd/abcd…``, files that nobody may write to again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder.parent)

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """See :meth:`BlobStore.put`: temporary file, synced, linked without replacing, folder synced."""
        digest, size = hashlib.sha256(), 0
        draft = self._folder / f"{_DRAFT}{secrets.token_hex(8)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            name = digest.hexdigest()
            self._place(draft, name)
        finally:
            draft.unlink(missing_ok=True)
        return name, size

    def _place(self, draft: Path, name: str) -> None:
        target = self._path(name)
        for folder in (target.parent.parent, target.parent):
            folder.mkdir(exist_ok=True)
        try:
            os.link(draft, target)
        except FileExistsError:
            # Who removes disposed bytes sees by this that they have come again.
            with contextlib.suppress(FileNotFoundError):
                os.utime(target)
            with contextlib.suppress(BlobMissingError):
                self._set_aside_if_changed(target)
            with contextlib.suppress(FileExistsError):
                os.link(draft, target)
        # Also where the file was there already: whoever linked it may not have come to this line yet.
        for folder in (target.parent, target.parent.parent, self._folder):
            _sync_folder(folder)
        # Read back once what the disk says it has, while the bytes could still be asked for again.
        measure(self, name)

    def _set_aside_if_changed(self, target: Path) -> None:
        """Move a file that is no longer what its name says out of the way of the same bytes, come again.

        It is kept as evidence and verifying names it as foreign.
        """
        try:
            measure(self, target.name)
        except BlobChangedError:
            self.set_aside(target.name)

    def set_aside(self, sha256: str) -> None:
        """See :meth:`BlobStore.set_aside`."""
        target = self._path(sha256)
        target.rename(target.with_name(f"{target.name}.changed-{secrets.token_hex(4)}"))
        _sync_folder(target.parent)

    def remove(self, sha256: str, quiet_seconds: float) -> bool:
        """See :meth:`BlobStore.remove`. Taken out of sight first and looked at then: whoever stores the same
        bytes meanwhile either finds no file and makes its own, or has marked this one as fresh.
        """
        target, draft = self._path(sha256), self._folder / f"{_DRAFT}{secrets.token_hex(8)}"
        try:
            target.rename(draft)
        except FileNotFoundError:
            return True
        if _age(draft) < quiet_seconds:
            with contextlib.suppress(FileExistsError):
                os.link(draft, target)
            draft.unlink()
            return False
        draft.unlink()
        _sync_folder(self._folder)
        _sync_folder(target.parent)
        return True

    def sweep(self, seconds: float) -> int:
        """Remove the drafts of writers that died, those untouched for ``seconds``; how many there were."""
        drafts = [path for path in self._folder.glob(f"{_DRAFT}*") if _age(path) > seconds]
        for path in drafts:
            path.unlink(missing_ok=True)
        return len(drafts)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:4] / name

    def get(self, sha256: str) -> bytes:
        """See :meth:`BlobStore.get`."""
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise BlobMissingError(f"there are no bytes of {sha256}: restore them from a copy") from None
        return _checked(data, sha256)

    def read(self, sha256: str) -> Iterator[bytes]:
        """See :meth:`BlobStore.read`."""
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissingError(f"there are no bytes of {sha256}: restore them from a copy") from None
        with file:
            yield from _checked_pieces(iter(lambda: file.read(CHUNK), b""), sha256)

    def age(self, name: str) -> float:
        """See :meth:`BlobStore.age`."""
        return _age(self._path(name) if _NAME.fullmatch(name) else self._folder / name)

    def names(self) -> Iterator[str]:
        """See :meth:`BlobStore.names`; no more than a folder is in memory at a time."""
        for path in _files_below(self._folder):
            if not path.name.startswith(_DRAFT):
                proper = bool(_NAME.fullmatch(path.name)) and self._path(path.name) == path
                yield path.name if proper else str(path.relative_to(self._folder))


def _files_below(folder: Path) -> Iterator[Path]:
    """All that is in a folder and is no folder, in the order of the names."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _files_below(path)
        else:
            yield path


def _age(path: Path) -> float:
    """Seconds since a file was last written, by the file system's own clock; none when it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3Blobs:
    """A bucket that speaks the S3 protocol; objects are created and never replaced."""

    def __init__(self, store: S3Store, prefix: str) -> None:
        self._store = store
        self._prefix = f"{prefix}/" if prefix else ""

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """See :meth:`BlobStore.put`; S3 answers only when the object is durable."""
        data = b"".join(chunks)
        name = hashlib.sha256(data).hexdigest()
        try:
            obstore.put(self._store, self._prefix + name, data, mode="create")
        except AlreadyExistsError:
            # An object is never replaced: one that has changed stops the reception instead of hiding it.
            self.get(name)
        return name, len(data)

    def get(self, sha256: str) -> bytes:
        """See :meth:`BlobStore.get`."""
        try:
            data = bytes(obstore.get(self._store, self._prefix + sha256).bytes())
        except FileNotFoundError:
            raise BlobMissingError(f"there are no bytes of {sha256}: restore them from a copy") from None
        return _checked(data, sha256)

    def read(self, sha256: str) -> Iterator[bytes]:
        """See :meth:`BlobStore.read`."""
        try:
            answer = obstore.get(self._store, self._prefix + sha256)
        except FileNotFoundError:
            raise BlobMissingError(f"there are no bytes of {sha256}: restore them from a copy") from None
        yield from _checked_pieces((memoryview(piece) for piece in answer.stream(CHUNK)), sha256)

    def set_aside(self, sha256: str) -> None:
        """See :meth:`BlobStore.set_aside`."""
        name = self._prefix + sha256
        obstore.rename(self._store, name, f"{name}.changed-{secrets.token_hex(4)}")

    def remove(self, sha256: str, quiet_seconds: float) -> bool:
        """See :meth:`BlobStore.remove`; here the age is that of the first storing, for nothing is marked when
        the same object comes again. A bucket that keeps versions or locks keeps them by its own rules.
        """
        try:
            written: datetime = obstore.head(self._store, self._prefix + sha256)["last_modified"]
        except FileNotFoundError:
            return True
        if time.time() - written.timestamp() < quiet_seconds:
            return False
        obstore.delete(self._store, self._prefix + sha256)
        return True

    def age(self, name: str) -> float:
        """See :meth:`BlobStore.age`."""
        try:
            written: datetime = obstore.head(self._store, self._prefix + name)["last_modified"]
        except FileNotFoundError:
            return 0.0
        return time.time() - written.timestamp()

    def names(self) -> Iterator[str]:
        """See :meth:`BlobStore.names`."""
        for page in obstore.list(self._store, self._prefix or None):
            for item in page:
                yield item["path"].removeprefix(self._prefix)

    def lock_of(self, name: str) -> ObjectLock | None:
        """How the bucket keeps an object that :meth:`put` made; nothing when it does not say."""
        return find_lock(self._store, self._prefix + name)

    def sweep(self, seconds: float) -> int:
        """See :meth:`BlobStore.sweep`; an object appears whole or not at all."""
        del seconds
        return 0
