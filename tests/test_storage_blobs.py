"""Bytes are stored once, durably and unchanged, in a folder and in a bucket; what fails leaves nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import bucket_client, new_bucket

from storage.blobs import BlobChangedError, BlobMissingError, BlobStore, LocalBlobs, open_blobs


@pytest.fixture(params=["file", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
    if request.param == "file":
        return open_blobs(f"file://{tmp_path / 'blobs'}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    return open_blobs(new_bucket(request.getfixturevalue("s3_endpoint")))


def test_bytes_come_back_under_their_hash(blobs: BlobStore) -> None:
    pieces = [b"uno ", b"", b"dos"]
    name, size = blobs.put(pieces)
    assert name == hashlib.sha256(b"uno dos").hexdigest()
    assert size == 7
    assert blobs.get(name) == b"uno dos"
    assert list(blobs.names()) == [name]


def test_same_bytes_are_stored_once(blobs: BlobStore) -> None:
    assert blobs.put([b"lo mismo"]) == blobs.put([b"lo ", b"mismo"])
    assert len(list(blobs.names())) == 1


def test_no_bytes_at_all_are_a_blob_too(blobs: BlobStore) -> None:
    name, size = blobs.put([])
    assert size == 0
    assert blobs.get(name) == b""


def test_missing_blob_is_named(blobs: BlobStore) -> None:
    with pytest.raises(BlobMissingError, match="f" * 64):
        blobs.get("f" * 64)


def test_unknown_address_is_refused() -> None:
    with pytest.raises(ValueError, match="file:///folder or s3://bucket"):
        open_blobs("ftp://somewhere")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def local(folder: Path) -> LocalBlobs:
    return LocalBlobs(folder)


def path_of(folder: Path, name: str) -> Path:
    return folder / name[:2] / name[2:4] / name


@given(data=st.binary(min_size=1, max_size=200), place=st.integers(0, 199), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("bits")
    local = LocalBlobs(folder)
    name, _ = local.put([data])
    changed = bytearray(data)
    changed[place % len(data)] ^= 1 << bit
    overwrite(path_of(folder, name), bytes(changed))
    with pytest.raises(BlobChangedError, match=name):
        local.get(name)


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def test_nobody_may_write_to_a_stored_file(local: LocalBlobs, folder: Path) -> None:
    name, _ = local.put([b"original"])
    assert path_of(folder, name).stat().st_mode & 0o222 == 0


def test_good_bytes_that_come_again_replace_changed_ones_which_are_kept(
    local: LocalBlobs, folder: Path
) -> None:
    name, _ = local.put([b"original"])
    overwrite(path_of(folder, name), b"otra cosa")
    assert local.put([b"original"]) == (name, 8)
    assert local.get(name) == b"original"
    foreign = [found for found in local.names() if found != name]
    assert len(foreign) == 1
    assert (folder / foreign[0]).read_bytes() == b"otra cosa"


def test_changed_object_in_a_bucket_is_not_hidden_by_the_same_bytes(
    s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    url = new_bucket(s3_endpoint)
    bucket = url.removeprefix("s3://").split("/")[0]
    store = open_blobs(url)
    name, _ = store.put([b"original"])
    bucket_client(s3_endpoint).put_object(Bucket=bucket, Key=f"archivo/{name}", Body=b"otra cosa")
    with pytest.raises(BlobChangedError):
        store.put([b"original"])


def test_foreign_files_are_listed(local: LocalBlobs, folder: Path) -> None:
    name, _ = local.put([b"original"])
    (folder / "zz").mkdir()
    (folder / "zz" / "ajeno.txt").write_text("x")
    (folder / name).write_bytes(b"original")
    assert set(local.names()) == {name, "zz/ajeno.txt"}


def test_source_that_breaks_leaves_nothing(local: LocalBlobs, folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"la mitad"
        raise ConnectionResetError("the client went away")

    with pytest.raises(ConnectionResetError):
        local.put(broken())
    assert list(folder.rglob("*")) == []


def test_full_disk_leaves_nothing_and_the_store_goes_on(local: LocalBlobs, folder: Path) -> None:
    kept, _ = local.put([b"antes"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OSError) as caught:
            local.put([bytes(64_000), bytes(64_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert caught.value.errno == errno.EFBIG
    assert [path for path in folder.rglob("*") if path.is_file()] == [path_of(folder, kept)]
    name, _ = local.put([bytes(64_000), bytes(64_000)])
    assert local.get(name) == bytes(128_000)


@pytest.mark.parametrize("failing", range(4))
def test_disk_that_cannot_sync_is_not_believed(
    local: LocalBlobs, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """Whichever of the syncs fails, of the file or of the folders above it, nothing is called stored."""
    real, calls = os.fsync, iter(range(100))

    def fsync(handle: int) -> None:
        if next(calls) == failing:
            raise OSError(errno.EIO, "the disk is broken")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="broken"):
        local.put([b"original"])
    name, _ = local.put([b"original"])
    assert local.get(name) == b"original"


def test_many_writers_of_the_same_bytes_agree(local: LocalBlobs) -> None:
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(local.put([b"lo mismo"])[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert list(local.names()) == [names[0]]


def test_old_drafts_are_swept_and_new_ones_are_not(local: LocalBlobs, folder: Path) -> None:
    name, _ = local.put([b"original"])
    old, new = folder / ".draft-old", folder / ".draft-new"
    for draft in (old, new):
        draft.write_bytes(b"la mitad")
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    assert list(local.names()) == [name]
    assert local.sweep(1800) == 1
    assert not old.exists()
    assert new.exists()
