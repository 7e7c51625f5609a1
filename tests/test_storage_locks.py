"""A bucket that locks: what is stored stays for its time whoever deletes it, and `check` tells of it."""

from __future__ import annotations

import dataclasses
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from storage_samples import bucket_client
from werkzeug.serving import WSGIRequestHandler, make_server

from operations.health import Finding, examine
from operations.house import House
from operations.settings import Settings
from storage.blobs import BlobMissingError, S3Blobs, open_blobs

Start = Callable[..., Any]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


class _TakesChecksums:
    """moto's service, but a locked bucket takes an object with ``x-amz-checksum-sha256`` as well, as Amazon's
    own does ("Content-MD5 OR x-amz-checksum- HTTP header is required"); moto looks for another header.
    """

    def __init__(self) -> None:
        self._service = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if "HTTP_X_AMZ_CHECKSUM_SHA256" in environ:
            environ["HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM"] = "SHA256"
        answer: Iterable[bytes] = self._service(environ, start)
        return answer


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    server = make_server("127.0.0.1", 0, _TakesChecksums(), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def make_bucket(endpoint: str, *, versions: str = "", lock: bool = False, mode: str = "") -> tuple[str, str]:
    """A new bucket's name and its blob address."""
    name, client = f"lock-{secrets.token_hex(6)}", bucket_client(endpoint)
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
    if versions:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": versions})
    if mode:
        rule = {"DefaultRetention": {"Mode": mode, "Days": 30}}
        client.put_object_lock_configuration(
            Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
    return name, f"s3://{name}/archivo?endpoint={endpoint}"


def test_what_a_locked_bucket_took_cannot_be_ended_before_its_time(endpoint: str) -> None:
    bucket, address = make_bucket(endpoint, lock=True, mode="COMPLIANCE")
    store, client = open_blobs(address), bucket_client(endpoint)
    assert isinstance(store, S3Blobs)
    name, _ = store.put([b"original"])
    lock = store.lock_of(name)
    assert lock is not None
    assert (lock.has_versions, lock.mode) == (True, "COMPLIANCE")
    assert lock.until is not None
    assert timedelta(days=29) < lock.until - datetime.now(UTC) < timedelta(days=31)
    store.remove(name, 0.0)
    with pytest.raises(BlobMissingError):
        store.get(name)
    (version,) = client.list_object_versions(Bucket=bucket)["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    kept = client.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    assert kept["Body"].read() == b"original"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({}, "sin versiones, no se ve bloqueo de objetos: se fija en el depósito (docs/bucket.md)"),
        ({"versions": "Suspended"}, "sin versiones, no se ve bloqueo"),
        ({"versions": "Enabled"}, "guarda versiones, no se ve bloqueo"),
        ({"lock": True}, "guarda versiones, no se ve bloqueo"),
        ({"lock": True, "mode": "GOVERNANCE"}, "GOVERNANCE): quien tiene permiso puede quitarlo"),
        ({"lock": True, "mode": "COMPLIANCE"}, "guarda versiones, bloquea cada objeto nuevo (ahora hasta 20"),
    ],
)
def test_check_tells_how_the_bucket_keeps_what_is_in_it(
    house: House, endpoint: str, made: dict[str, Any], told: str
) -> None:
    bucket, address = make_bucket(endpoint, **made)
    found = find_blobs(dataclasses.replace(house.settings, blob_url=address))
    assert found.is_well
    assert found.detail.startswith(f"s3://{bucket}/archivo · ")
    assert told in found.detail


def test_a_folder_is_told_without_a_word_on_locks(house: House) -> None:
    assert "bloque" not in find_blobs(house.settings).detail


def find_blobs(settings: Settings) -> Finding:
    return next(each for each in examine(settings) if each.name == "blobs")
