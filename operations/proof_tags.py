"""Tags by which the service knows again what it gave out: links in mails, codes, tickets, known browsers."""

from __future__ import annotations

import hashlib
import hmac

from operations.house import House


def tag_of(house: House, purpose: str, *parts: str) -> str:
    """The tag of some texts for one purpose, in hexadecimal; only this service can make it.

    No text runs into the next: each is preceded by its length.
    """
    told = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    return hmac.new(house.keys.issuing.small_secret, told.encode(), hashlib.sha256).hexdigest()


def is_same(given: str, right: str) -> bool:
    """Whether a tag that somebody gave is the right one; takes as long for any."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode())
