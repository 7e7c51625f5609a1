"""A store with a second copy behind it: what cannot be read any more is told of, and mended from the copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from storage.blobs import BlobChangedError, BlobDisposedError, BlobMissingError, BlobStore, measure

Harm = Literal["missing", "changed"]
Place = Literal["archive", "copy"]


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were not there as they were stored: where, in which way, and whether they are again."""

    sha256: str
    harm: Harm
    place: Place
    repaired: bool


class GuardedBlobs:
    """The archive's store. ``tell`` is called once for each damage met, whoever reads, after the repair.
    ``is_gone`` says of bytes whether they were disposed of: their lack is no damage and nothing brings them
    back.
    """

    def __init__(
        self,
        archive: BlobStore,
        copy: BlobStore | None,
        copy_address: str,
        tell: Callable[[Damage], None],
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._archive = archive
        self.copy = copy
        self.copy_address = copy_address
        self._tell = tell
        self._is_gone = is_gone

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """See :meth:`BlobStore.put`; the copy follows by itself later, and keeps nobody waiting."""
        return self._archive.put(chunks)

    def get(self, sha256: str) -> bytes:
        """See :meth:`BlobStore.get`; damaged bytes are mended first where there is a copy."""
        try:
            return self._archive.get(sha256)
        except (BlobMissingError, BlobChangedError) as error:
            self._mend(sha256, error)
            return self._archive.get(sha256)

    def read(self, sha256: str) -> Iterator[bytes]:
        """See :meth:`BlobStore.read`; read twice, so that no damaged piece is ever given out."""
        self.inspect(sha256)
        yield from self._archive.read(sha256)

    def inspect(self, sha256: str) -> tuple[int, Damage | None]:
        """Hash stored bytes again; their size, and the damage that was mended. What cannot be mended is
        raised as :meth:`BlobStore.get` does.
        """
        try:
            return measure(self._archive, sha256), None
        except (BlobMissingError, BlobChangedError) as error:
            damage = self._mend(sha256, error)
            return measure(self._archive, sha256), damage

    def inspect_copy(self, sha256: str) -> Damage | None:
        """Hash the second copy again; it is written anew from the archive's bytes when it is damaged."""
        if self.copy is None:
            return None
        try:
            measure(self.copy, sha256)
        except (BlobMissingError, BlobChangedError) as error:
            if self._is_gone(sha256):
                return None
            mended = _replace(self._archive, self.copy, sha256, error)
            damage = Damage(sha256, _harm_of(error), "copy", mended)
            self._tell(damage)
            return damage
        return None

    def copy_over(self, sha256: str) -> None:
        """Put bytes into the second copy as well."""
        if self.copy is not None:
            self.copy.put(self.read(sha256))

    def remove(self, sha256: str, quiet_seconds: float) -> bool:
        """See :meth:`BlobStore.remove`; from the second copy as well, and from there first, so that nobody
        mends the archive from it.
        """
        if self.copy is not None and not self.copy.remove(sha256, quiet_seconds):
            return False
        return self._archive.remove(sha256, quiet_seconds)

    def set_aside(self, sha256: str) -> None:
        """See :meth:`BlobStore.set_aside`."""
        self._archive.set_aside(sha256)

    def age(self, name: str) -> float:
        """See :meth:`BlobStore.age`."""
        return self._archive.age(name)

    def names(self) -> Iterator[str]:
        """See :meth:`BlobStore.names`."""
        return self._archive.names()

    def sweep(self, seconds: float) -> int:
        """See :meth:`BlobStore.sweep`."""
        return self._archive.sweep(seconds)

    def _mend(self, sha256: str, error: Exception) -> Damage:
        if self._is_gone(sha256):
            raise BlobDisposedError(f"the bytes of {sha256} were disposed of") from None
        mended = self.copy is not None and _replace(self.copy, self._archive, sha256, error)
        damage = Damage(sha256, _harm_of(error), "archive", mended)
        self._tell(damage)
        return damage


def _harm_of(error: Exception) -> Harm:
    return "missing" if isinstance(error, BlobMissingError) else "changed"


def _replace(source: BlobStore, target: BlobStore, sha256: str, error: Exception) -> bool:
    """Write the bytes of ``source`` anew where ``target`` failed with ``error``, if they are good."""
    try:
        measure(source, sha256)
    except (BlobMissingError, BlobChangedError):
        return False
    if isinstance(error, BlobChangedError):
        target.set_aside(sha256)
    target.put(source.read(sha256))
    return True
