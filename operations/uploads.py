"""Files that arrive in pieces and go on where a broken connection left them.

In the spirit of the IETF's resumable uploads: an upload is made with its length, pieces are appended at the
offset that the service names, and an offset is only ever named once its bytes are synced to the disk. A
restart of the service loses at most the piece that was on its way. Parts lie in ``data_dir/uploads``, which
the web processes of one office share.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult

from forms.problems import Problem, problem
from operations.casework import Refusal
from operations.house import House
from operations.reception import HandedIn, Received, find_received, receive, receive_again, was_received_again
from storage.blobs import CHUNK
from storage.desk_tables import UploadRow

_ABANDONED: Final = timedelta(hours=24)
_PENDING: Final = 60
"""Unfinished uploads that one person may have: more is a program gone wild, and would fill the disk."""
_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a file has come: ``received`` of ``length`` bytes are safe."""

    id: str
    name: str
    length: int
    received: int

    @property
    def is_whole(self) -> bool:
        return self.received == self.length


@dataclass(frozen=True, slots=True)
class NotThere:
    """A piece does not begin where the upload stands; ``received`` says where that is."""

    received: int


def begin_upload(house: House, owner: str, name: str, length: int) -> Upload | Problem:
    """Make room for a file of ``length`` bytes; a problem when it cannot be received anyway."""
    name = name[:_NAME] or "archivo"
    if length <= 0:
        return problem("FILE_EMPTY", file=name)
    if length > house.limits.file_megabytes * 1_000_000:
        return problem("FILE_TOO_LARGE", file=name, limit=house.limits.file_megabytes)
    upload = Upload(secrets.token_hex(16), name, length, 0)
    part = _part(house, upload.id)
    part.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with house.database.transaction() as session:
        query = select(func.count()).select_from(UploadRow).where(UploadRow.owner == owner)
        if (session.scalar(query) or 0) >= _PENDING:
            part.unlink()
            return problem("UPLOADS_TOO_MANY", limit=_PENDING)
        session.add(
            UploadRow(id=upload.id, owner=owner, name=name, length=length, received=0, touched_at=house.now())
        )
    return upload


def find_upload(house: House, owner: str, upload_id: str) -> Upload | None:
    """The upload as it stands; nobody sees another's."""
    with house.database.reading() as session:
        row = session.get(UploadRow, upload_id)
        if row is None or row.owner != owner:
            return None
        return Upload(row.id, row.name, row.length, row.received)


class PartWriter:
    """Writes one piece of an upload. Two writers of the same piece (one of them on a connection that is
    dead and does not know it yet) write the same bytes at the same places, and only one moves the offset.
    """

    def __init__(self, house: House, upload: Upload) -> None:
        self._house = house
        self._upload = upload
        self._at = upload.received
        # Never created here: a part that was received meanwhile must not come back.
        self._handle = os.open(_part(house, upload.id), os.O_WRONLY)

    def write(self, block: bytes) -> bool:
        """Write the block behind what there is; whether the announced length had room for it."""
        if self._at + len(block) > self._upload.length:
            return False
        rest = memoryview(block)
        while rest:
            written = os.pwrite(self._handle, rest, self._at)
            self._at += written
            rest = rest[written:]
        return True

    def settle(self) -> int:
        """Sync what was written, then move the offset; where the upload stands now."""
        try:
            os.fsync(self._handle)
        finally:
            os.close(self._handle)
        with self._house.database.transaction() as session:
            moved = session.execute(
                update(UploadRow)
                .where(UploadRow.id == self._upload.id, UploadRow.received == self._upload.received)
                .values(received=self._at, touched_at=self._house.now())
            )
            assert isinstance(moved, CursorResult)
            if moved.rowcount:
                return self._at
            return session.scalar(select(UploadRow.received).where(UploadRow.id == self._upload.id)) or 0


def open_part(house: House, owner: str, upload_id: str, offset: int) -> PartWriter | NotThere | None:
    """A writer for the piece that begins at ``offset``; nothing when there is no such upload."""
    upload = find_upload(house, owner, upload_id)
    if upload is None:
        return None
    if offset != upload.received:
        return NotThere(upload.received)
    try:
        return PartWriter(house, upload)
    except FileNotFoundError:
        return None


def drop_upload(house: House, owner: str, upload_id: str) -> bool:
    """Forget a file that is not wanted any more; whether it was there."""
    if find_upload(house, owner, upload_id) is None:
        return False
    _forget(house, [upload_id])
    return True


def receive_uploaded(
    house: House, owner: str, upload_ids: Sequence[str], office: str, key: str
) -> Received | Problem:
    """Receive whole uploads as one case; the same key again finds it, whatever became of the parts. What is
    there still is compared: other files under the same key are no repetition.
    """
    whole = _whole(house, owner, upload_ids)
    if whole is None:
        known = find_received(house, key)
        if known is None:
            return problem("UPLOAD_INCOMPLETE")
        return known if _are_gone(house, owner, upload_ids) else _reused(known.case)
    received = receive(house, [_handed_in(house, upload) for upload in whole], office, owner, key)
    if isinstance(received, Received):
        _forget(house, [upload.id for upload in whole])
    return received


def receive_missing_uploads(
    house: House, owner: str, upload_ids: Sequence[str], number: str, key: str, version: int | None = None
) -> Received | Refusal | Problem:
    """Receive whole uploads as what a case lacked; the same key again with the same files changes nothing."""
    whole = _whole(house, owner, upload_ids)
    if whole is None:
        if not was_received_again(house, number, key):
            return problem("UPLOAD_INCOMPLETE")
        return Received(number) if _are_gone(house, owner, upload_ids) else _reused(number)
    files = [_handed_in(house, upload) for upload in whole]
    answer = receive_again(house, number, files, owner, version, key)
    if isinstance(answer, Received):
        _forget(house, [upload.id for upload in whole])
    return answer


def _whole(house: House, owner: str, upload_ids: Sequence[str]) -> list[Upload] | None:
    """The uploads, if all of them are there and whole."""
    uploads = [find_upload(house, owner, upload_id) for upload_id in upload_ids]
    whole = [upload for upload in uploads if upload is not None and upload.is_whole]
    return whole if whole and len(whole) == len(uploads) else None


def _are_gone(house: House, owner: str, upload_ids: Sequence[str]) -> bool:
    """Whether none of the uploads is there any more, as it is when they were received."""
    return all(find_upload(house, owner, each) is None for each in upload_ids)


def _reused(number: str) -> Problem:
    return problem("IDEMPOTENCY_KEY_REUSED", case=number)


def _handed_in(house: House, upload: Upload) -> HandedIn:
    return HandedIn(upload.name, _chunks(_part(house, upload.id), upload.length))


def _chunks(path: Path, length: int) -> Iterator[bytes]:
    """Exactly the announced bytes; ``EOFError`` when the disk has fewer than it said."""
    left = length
    with path.open("rb") as file:
        while left:
            chunk = file.read(min(CHUNK, left))
            if not chunk:
                raise EOFError(f"{path.name} has {left} bytes fewer than were acknowledged: check the disk")
            left -= len(chunk)
            yield chunk


def sweep_uploads(house: House) -> int:
    """Remove what nobody went on with for a day, and parts that have no row; how much it was."""
    before = house.now() - _ABANDONED
    with house.database.reading() as session:
        old = list(session.scalars(select(UploadRow.id).where(UploadRow.touched_at < before)))
        known = set(session.scalars(select(UploadRow.id)))
    _forget(house, old)
    folder = house.settings.data_dir / "uploads"
    parts = folder.glob("*.part") if folder.is_dir() else iter(())
    strays = [part for part in parts if part.stem not in known and part.stat().st_mtime < before.timestamp()]
    for part in strays:
        part.unlink(missing_ok=True)
    return len(old) + len(strays)


def _forget(house: House, upload_ids: Sequence[str]) -> None:
    """The row goes first: a part without a row is swept, a row without its part would be a promise broken."""
    with house.database.transaction() as session:
        session.execute(delete(UploadRow).where(UploadRow.id.in_(upload_ids)))
    for upload_id in upload_ids:
        _part(house, upload_id).unlink(missing_ok=True)


def _part(house: House, upload_id: str) -> Path:
    return house.settings.data_dir / "uploads" / f"{upload_id}.part"
