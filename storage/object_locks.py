"""How a bucket keeps what is put into it: whether it has versions, and until when an object is locked.

A lock is the bucket's own default retention, which its operator sets: the library that speaks S3 for us sends
no retention of a single object, and cannot ask for the bucket's configuration. What became of an object that
was just put tells both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx
import obstore
from obstore.store import S3Store

_GOOD_FOR: Final = timedelta(minutes=1)
_SECONDS: Final = 10.0
_NO_VERSION: Final = "null"
"""What a bucket whose versions were suspended calls an object's version."""


@dataclass(frozen=True, slots=True)
class ObjectLock:
    """``mode`` is empty and ``until`` nothing where no lock is seen: there is none, or our credentials may
    not see it (``s3:GetObjectRetention``).
    """

    has_versions: bool
    mode: str = ""
    until: datetime | None = None


def find_lock(store: S3Store, path: str) -> ObjectLock | None:
    """How the newest version of an object is kept; nothing when the store does not say.

    A signed address is asked, for the library leaves out the headers that tell of a lock.
    """
    address = obstore.sign(store, "HEAD", path, _GOOD_FOR)
    try:
        answer = httpx.head(address, timeout=_SECONDS)
    except httpx.HTTPError:
        return None
    if answer.status_code != httpx.codes.OK:
        return None
    has_versions = answer.headers.get("x-amz-version-id", _NO_VERSION) != _NO_VERSION
    mode = answer.headers.get("x-amz-object-lock-mode", "").upper()
    until = answer.headers.get("x-amz-object-lock-retain-until-date", "")
    try:
        return ObjectLock(has_versions, mode, datetime.fromisoformat(until))
    except ValueError:  # no lock, or none that can be understood
        return ObjectLock(has_versions)
