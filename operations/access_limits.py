"""How often somebody may try to come in or ask for work, without letting anybody lock another out.

Failures are counted for a name from a *place*: a browser that came in with that name before, or else a
network address. A stranger who tries names fills his own count, and one who tries from many addresses fills
the count that all unknown places share; the browser that the employer always uses has a count of its own.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from operations.house import House
from operations.proof_tags import is_same, tag_of
from storage.access_tables import AccessAttemptRow
from storage.concurrency import take_turns

_FREE: Final = 5
"""Failures from one place before the first pause."""
_FREE_OF_ALL: Final = 50
"""Failures for one name from all unknown places together before they must wait."""
_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=1)
_FORGOTTEN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attempt comes from: the network address, and the token of a browser that is known, if any."""

    address: str = ""
    browser: str = ""


def wait_of(house: House, session: Session, name: str, place: Place) -> timedelta:
    """How long this place must wait before it may try the name; zero when it may now."""
    now = house.clock()
    rows = (session.get(AccessAttemptRow, bucket) for bucket, _ in _buckets(house, name, place))
    return max((row.blocked_until - now for row in rows if row is not None), default=timedelta(0))


def count_failure(house: House, session: Session, name: str, place: Place) -> None:
    """One failure more; from the sixth on each doubles the pause."""
    now = house.clock()
    session.execute(delete(AccessAttemptRow).where(AccessAttemptRow.last_at < now - _FORGOTTEN))
    for bucket, free in _buckets(house, name, place):
        take_turns(session, f"access {bucket}")
        row = session.get(AccessAttemptRow, bucket)
        if row is None:
            row = AccessAttemptRow(bucket=bucket, failures=0, last_at=now, blocked_until=now)
            session.add(row)
        row.failures += 1
        row.last_at = now
        if row.failures >= free:
            row.blocked_until = now + _pause(row.failures - free)
        session.flush()


def forget_failures(house: House, session: Session, name: str, place: Place) -> None:
    """The right key from a place ends its own count, and no other's."""
    bucket, _ = _buckets(house, name, place)[0]
    row = session.get(AccessAttemptRow, bucket)
    if row is not None:
        session.delete(row)


def count_use(
    house: House, session: Session, what: str, address: str, free: int, span: timedelta
) -> timedelta:
    """Count one use of a service that is open to all by an address, of which ``free`` are let through in each
    ``span``; how long the address must wait when they are used up, and then nothing is counted.
    """
    now = house.clock()
    session.execute(delete(AccessAttemptRow).where(AccessAttemptRow.last_at < now - _FORGOTTEN))
    bucket = _bucket(what, f"use {_network_of(address)}")
    take_turns(session, f"access {bucket}")
    row = session.get(AccessAttemptRow, bucket)
    if row is None or row.blocked_until <= now:
        if row is not None:
            session.delete(row)
            session.flush()
        row = AccessAttemptRow(bucket=bucket, failures=0, last_at=now, blocked_until=now + span)
        session.add(row)
    if row.failures >= free:
        return row.blocked_until - now
    row.failures += 1
    row.last_at = now
    return timedelta(0)


def _network_of(address: str) -> str:
    """What one subscriber has: an address, or of the newer kind the network of 2⁶⁴ addresses."""
    try:
        given = ip_address(address)
    except ValueError:
        return address
    return str(given) if given.version == 4 else str(ip_network(f"{address}/64", strict=False))


def _pause(times: int) -> timedelta:
    return min(_FIRST * float(2 ** min(times, 12)), _LONGEST)


def _buckets(house: House, name: str, place: Place) -> list[tuple[str, int]]:
    """The counts that an attempt belongs to, each with how many failures are free."""
    if knows_browser(house, name, place.browser):
        return [(_bucket(name, f"browser {place.browser}"), _FREE)]
    return [(_bucket(name, f"address {place.address}"), _FREE), (_bucket(name, "unknown"), _FREE_OF_ALL)]


def _bucket(name: str, place: str) -> str:
    return hashlib.sha256(f"{name}\n{place}".encode()).hexdigest()


def remember_browser(house: House, name: str) -> str:
    """A token for a browser that came in with the name; it opens nothing, it only has a count of its own."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_browser_tag(house, name, nonce)}"


def knows_browser(house: House, name: str, token: str) -> bool:
    nonce, _, tag = token.partition(".")
    return bool(tag) and is_same(tag, _browser_tag(house, name, nonce))


def _browser_tag(house: House, name: str, nonce: str) -> str:
    return tag_of(house, "browser", name, nonce)[:32]


def write_wait(wait: timedelta) -> str:
    """The wait as a person reads it, rounded up."""
    minutes = -(-int(wait.total_seconds()) // 60)
    return "un minuto" if minutes <= 1 else f"{minutes} minutos"
