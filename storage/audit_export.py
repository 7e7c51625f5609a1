"""The audit trail as a file that anybody can check without us: one canonical JSON line for each event.

First a line that says what the file is, with the public keys; then the events, the sealed heads, and a
closing line with the SHA-256 of all before it, signed. A line that is not canonical is a changed line.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from forms.seal import SigningKey
from storage.archive_tables import ImportedAuditRow, SealedHeadRow
from storage.audit import BEGINNING, canonical_instant, canonical_json, chain_hash
from storage.schema import AuditEventRow

FORMAT: Final = "ventanilla-audit"
VERSION: Final = 1
PublicKeys = Mapping[str, Ed25519PublicKey]
"""Public keys by their number in hex."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What a file of the trail is worth. ``first_broken`` is the sequence of the first event that does not
    fit, ``broken_line`` the line of the first fault of any kind, ``fault`` which it is.
    """

    events: int
    head: str
    first_broken: int | None
    seals: int
    broken_line: int | None = None
    fault: str = ""


class BrokenLineError(ValueError):
    """A line is not what we wrote; the message says why."""


def head_statement(day: str, events: int, head: str, sealed_at: datetime, key: str) -> bytes:
    """The bytes that a sealed head's signature covers."""
    return canonical_json(
        ["ventanilla-audit-head", VERSION, day, events, head, canonical_instant(sealed_at), key]
    ).encode()


def head_as_json(row: SealedHeadRow) -> dict[str, Any]:
    """A sealed head as it is published."""
    return {
        "day": row.day,
        "events": row.events,
        "head": row.head,
        "sealed_at": canonical_instant(row.sealed_at),
        "key": row.key,
        "signature": row.signature,
    }


def is_sealed(head: Mapping[str, Any], keys: PublicKeys) -> bool:
    """Whether a head as it is published was signed by one of the keys."""
    try:
        at = datetime.fromisoformat(head["sealed_at"])
        said = head_statement(head["day"], head["events"], head["head"], at, head["key"])
        return _is_signed(said, head["signature"], head["key"], keys)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _is_signed(said: bytes, signature: str, key: str, keys: PublicKeys) -> bool:
    """Only the one spelling in lower-case hex counts, so that no character of it can change unseen."""
    known, raw = keys.get(key), bytes.fromhex(signature)
    if known is None or raw.hex() != signature:
        return False
    try:
        known.verify(raw, said)
    except InvalidSignature:
        return False
    return True


def event_line(row: AuditEventRow | ImportedAuditRow) -> str:
    """An event as the trail's file and packages have it."""
    at = canonical_instant(row.at)
    return canonical_json(
        [row.sequence, at, row.actor, row.action, row.subject, row.data, row.previous, row.hash]
    )


def export_lines(
    events: Iterable[AuditEventRow], seals: Iterable[SealedHeadRow], keys: PublicKeys, key: SigningKey
) -> Iterator[bytes]:
    """The file, a line at a time."""
    digest, count, head = hashlib.sha256(), 0, BEGINNING
    public = {name: known.public_bytes_raw().hex() for name, known in keys.items()}
    written = [canonical_json({"export": FORMAT, "version": VERSION, "keys": public})]

    def close_lines() -> Iterator[bytes]:
        for text in written:
            line = f"{text}\n".encode()
            digest.update(line)
            yield line
        written.clear()

    for row in events:
        written.append(event_line(row))
        count, head = count + 1, row.hash
        yield from close_lines()
    # A head that was sealed while we wrote may be of an event after our last.
    written.extend(canonical_json(head_as_json(seal)) for seal in seals if seal.events <= count)
    yield from close_lines()
    closing = {"events": count, "head": head, "key": key.key_id.hex(), "sha256": digest.hexdigest()}
    signature = key.private.sign(canonical_json(closing).encode()).hex()
    yield (canonical_json(closing | {"signature": signature}) + "\n").encode()


class _Checker:
    """Takes the lines of a file one after the other and says where it breaks."""

    def __init__(self, trusted: PublicKeys | None) -> None:
        self.trusted = trusted
        self.keys: PublicKeys = trusted or {}
        self.digest = hashlib.sha256()
        self.events, self.head, self.seals = 0, BEGINNING, 0
        self.heads: dict[int, str] = {0: BEGINNING}
        self.closed = False

    def take(self, number: int, line: bytes) -> None:
        """Check one line; :class:`BrokenLineError`."""
        value = _parse(line)
        if self.closed:
            raise BrokenLineError("hay algo después del cierre")
        if number == 1:
            self._open(value)
        elif isinstance(value, list):
            self._check_event(value)
        elif isinstance(value, dict) and "sha256" in value:
            self._close(value)
            return
        elif isinstance(value, dict):
            self._check_seal(value)
        else:
            raise BrokenLineError("la línea no es de una bitácora")
        self.digest.update(line)

    def _open(self, value: Any) -> None:
        if not isinstance(value, dict) or (value.get("export"), value.get("version")) != (FORMAT, VERSION):
            raise BrokenLineError("el archivo no es una bitácora exportada por este servicio")
        if self.trusted is None:
            self.keys = read_public_keys(value.get("keys"))

    def _check_event(self, parts: list[Any]) -> None:
        try:
            sequence, at, actor, action, subject, data, previous, own = parts
            moment = datetime.fromisoformat(at)
            whole = chain_hash(sequence, moment, actor, action, subject, data, self.head)
            # Another spelling of the same instant has the same hash and is a change all the same.
            spelled = canonical_instant(moment) == at
        except (ValueError, TypeError, AttributeError, OverflowError):
            raise BrokenLineError("el evento no se puede leer") from None
        if not spelled or self.seals or sequence != self.events + 1 or previous != self.head or own != whole:
            raise BrokenLineError("el evento no encaja en la cadena")
        self.events, self.head = sequence, own
        self.heads[sequence] = own

    def _check_seal(self, value: dict[str, Any]) -> None:
        if not is_sealed(value, self.keys):
            raise BrokenLineError("la firma del cierre diario no es válida")
        if self.heads.get(value["events"]) != value["head"]:
            raise BrokenLineError("el cierre diario no coincide con la cadena")
        self.seals += 1

    def _close(self, value: dict[str, Any]) -> None:
        said = {name: part for name, part in value.items() if name != "signature"}
        fits = (value.get("events"), value.get("head"), value.get("sha256")) == (
            self.events, self.head, self.digest.hexdigest()
        )  # fmt: skip
        try:
            signed = _is_signed(canonical_json(said).encode(), value["signature"], value["key"], self.keys)
        except (KeyError, TypeError, ValueError):
            signed = False
        if not fits or not signed:
            raise BrokenLineError("el cierre del archivo no coincide con su contenido")
        self.closed = True


def _parse(line: bytes) -> Any:
    try:
        text = line.decode()
        value = json.loads(text)
        canonical = canonical_json(value) + "\n" == text
    except (ValueError, RecursionError):
        raise BrokenLineError("la línea no se puede leer") from None
    if not canonical:
        raise BrokenLineError("la línea no está escrita como se exportó")
    return value


def read_public_keys(given: Any) -> dict[str, Ed25519PublicKey]:
    """Keys from their JSON: number to hex as in our files, or the set that is published under
    ``/.well-known/``; raises :class:`BrokenLineError` when they are none.
    """
    try:
        if "keys" in given:
            raw = {key["kid"]: base64.urlsafe_b64decode(key["x"] + "==") for key in given["keys"]}
        else:
            raw = {name: bytes.fromhex(value) for name, value in given.items()}
        return {str(name): Ed25519PublicKey.from_public_bytes(value) for name, value in raw.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BrokenLineError("las claves públicas no se pueden leer") from None


def verify_export(lines: Iterable[bytes], trusted: PublicKeys | None = None) -> ExportReport:
    """Check a file of the trail, offline. Without ``trusted`` the keys in the file itself are believed: that
    shows that nobody changed the file by accident or without the keys, not whose file it is.
    """
    checker, number = _Checker(trusted), 0
    for number, line in enumerate(lines, start=1):
        try:
            checker.take(number, line)
        except BrokenLineError as broken:
            return _report(checker, number, str(broken), _is_event(line))
    if not checker.closed:
        return _report(checker, number + 1, "al archivo le falta el cierre", in_events=False)
    return ExportReport(checker.events, checker.head, None, checker.seals)


def _is_event(line: bytes) -> bool:
    return line.startswith(b"[")


def _report(checker: _Checker, line: int, fault: str, in_events: bool) -> ExportReport:
    broken = checker.events + 1 if in_events or not checker.seals else None
    return ExportReport(checker.events, checker.head, broken, checker.seals, line, fault)
