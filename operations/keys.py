"""The keys that seal documents: one issues, those before it are kept, since old paper comes back."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from forms.seal import KeyRing, SigningKey

_PATTERN: Final = "sello-*.pem"


class KeyFileError(ValueError):
    """A key file that cannot be used; the message says which, and so does ``file``."""

    def __init__(self, file: str, told: str) -> None:
        super().__init__(f"{file} {told}")
        self.file = file


@dataclass(frozen=True, slots=True)
class Keys:
    """The issuing key (the newest) and the ring that all paper is checked with."""

    issuing: SigningKey
    all: tuple[SigningKey, ...]

    @property
    def ring(self) -> KeyRing:
        return KeyRing.of(*self.all)


def load_keys(folder: Path) -> Keys:
    """The keys of a folder; the first is made when there is none. Only the owner may read the files.

    Of programs that start at once, all take the key of the first.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = sorted(folder.glob(_PATTERN))
    if not files:
        _write_key(folder, 1)
        return load_keys(folder)
    keys = tuple(_read(path) for path in files)
    return Keys(keys[-1], keys)


def add_key(folder: Path) -> Keys:
    """Make a new issuing key; the others go on checking old paper."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_key(folder, len(list(folder.glob(_PATTERN))) + 1)
    return load_keys(folder)


def _write_key(folder: Path, serial: int) -> None:
    """Write a key file that appears whole and durable or not at all; one that is there already stays."""
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = folder / f".draft-{secrets.token_hex(8)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, folder / f"sello-{serial:04d}.pem")
    finally:
        draft.unlink()
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _read(path: Path) -> SigningKey:
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(path.name, "is not a private key: restore it from a backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(path.name, "is not an Ed25519 key")
    return SigningKey(private)
