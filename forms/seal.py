"""The seal: what a printed page says about itself, signed, as the text of its two symbols.

Full symbol: COSE_Sign1 (RFC 9052, tag 18) over canonical CBOR with integer keys, Ed25519 (algorithm
-8) or ES256 (-7), deflated only when that pays, base 45 (RFC 9285): the scheme of the EU health
certificate (eHN volume 1). Small symbol: document number, edition and page under a truncated HMAC, for
the day when the full one is torn. Keys are arguments; nothing here reads a file or a clock.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final

import cbor2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forms.base45 import decode_base45, encode_base45
from forms.fingerprints import LENGTH, fingerprint
from forms.model import Edition, Values
from forms.numbers import RANDOM_BYTES, pack_number, unpack_number

RAW_PREFIX: Final = "VT1:"
DEFLATED_PREFIX: Final = "VT1Z:"
SMALL_PREFIX: Final = "VS1:"
BLANK_PREFIX: Final = "VB1:"
MAX_INFLATED: Final = 8192
"""Bytes that a deflated seal may grow to: an honest one stays under 2,000."""
MAX_PAGES: Final = 9999
"""Pages of one document; the sheet of 50,000 people has some 1,500. A small symbol counts to 255."""
"""Pages of one document: the small symbol counts them in one byte."""
SMALL_TAG: Final = 8
"""Bytes of the truncated HMAC-SHA-256 of the small symbol."""
SMALL_SECRET_FROM: Final = len(SMALL_PREFIX) + (RANDOM_BYTES + LENGTH + 2) // 2 * 3
"""The first sign of a small symbol that depends on its tag: what stands before it is no secret."""

_UNREADABLE: Final = (
    ValueError, TypeError, LookupError, ArithmeticError, zlib.error, cbor2.CBORError, msgspec.ValidationError
)  # fmt: skip
_EDDSA, _ES256 = -8, -7
_ALGORITHM, _KEY_ID = 1, 4
_FORM, _EDITION, _FINGERPRINT, _DOCUMENT, _PAGE, _ISSUED, _VALUES, _DIGEST, _CASE = range(1, 10)

VerifyingKey = Ed25519PublicKey | ec.EllipticCurvePublicKey


class SealState(Enum):
    """What checking a seal's signature said; the values are those of contracts.md §3."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_KEY = "unknown-key"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SealContent:
    """What the full symbol says. ``values`` is absent when they did not fit and only ``digest`` is there."""

    form: str
    edition: str
    fingerprint: bytes
    document: str
    page: int
    pages: int
    issued: date
    values: tuple[str, ...] | None
    digest: bytes | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class SmallContent:
    """What the small symbol says; ``edition_key`` are the first bytes of the edition's fingerprint."""

    document: str
    edition_key: bytes
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The issuing service's key; its number is made of the public key, so it cannot be mistaken."""

    private: Ed25519PrivateKey

    @property
    def key_id(self) -> bytes:
        return key_id_of(self.private.public_key())

    @property
    def small_secret(self) -> bytes:
        """The secret of the small symbol's HMAC, derived so that there is one key to keep."""
        return hashlib.sha256(b"ventanilla small seal v1" + self.private.private_bytes_raw()).digest()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys to check seals with: retired ones stay, since old paper comes back.

    ``small_secrets`` are only there inside the issuing service; a third party checks the full symbol.
    """

    keys: Mapping[bytes, VerifyingKey] = field(default_factory=dict)
    small_secrets: tuple[bytes, ...] = ()

    @staticmethod
    def of(*keys: SigningKey) -> KeyRing:
        """The ring of a service that holds these signing keys."""
        return KeyRing(
            {key.key_id: key.private.public_key() for key in keys}, tuple(key.small_secret for key in keys)
        )


def key_id_of(public: VerifyingKey) -> bytes:
    """Four bytes that name a key inside the symbol: the head of the hash of its public part."""
    if isinstance(public, Ed25519PublicKey):
        encoded = public.public_bytes_raw()
    else:
        encoded = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return hashlib.sha256(encoded).digest()[:4]


def values_digest(edition: Edition, values: Values) -> bytes:
    """128 bits over the values in the order of the edition; stands for them when they do not fit."""
    return hashlib.sha256(cbor2.dumps(list(ordered_values(edition, values)))).digest()[:16]


def ordered_values(edition: Edition, values: Values) -> tuple[str, ...]:
    """Values in the order of the edition's fields, the empty string for one that is not given."""
    return tuple(values.get(field.name, "") for field in edition.value_fields)


def named_values(edition: Edition, ordered: tuple[str, ...]) -> Values:
    """The inverse of :func:`ordered_values`; ``ValueError`` when the count is not the edition's."""
    names = [field.name for field in edition.value_fields]
    return {name: value for name, value in zip(names, ordered, strict=True) if value}


def seal_page(
    edition: Edition,
    values: Values,
    *,
    document: str,
    issued: date,
    key: SigningKey,
    page: int = 1,
    case: str | None = None,
    with_values: bool = True,
) -> str:
    """The text of the full symbol of one page. With ``with_values`` false only their digest is in it."""
    payload: dict[int, object] = {
        _FORM: edition.form,
        _EDITION: edition.name,
        _FINGERPRINT: fingerprint(edition)[:LENGTH],
        _DOCUMENT: pack_number(document),
        _PAGE: [page, edition.pages],
        _ISSUED: issued.toordinal(),
    }
    if with_values:
        payload[_VALUES] = list(ordered_values(edition, values))
    else:
        payload[_DIGEST] = values_digest(edition, values)
    if case is not None:
        payload[_CASE] = case
    return _pack(_sign(cbor2.dumps(payload, canonical=True), key))


def _sign(payload: bytes, key: SigningKey) -> bytes:
    protected = cbor2.dumps({_ALGORITHM: _EDDSA, _KEY_ID: key.key_id}, canonical=True)
    signature = key.private.sign(_to_be_signed(protected, payload))
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]), canonical=True)


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def _pack(message: bytes) -> str:
    deflated = zlib.compress(message, 9, -15)
    if len(deflated) + 1 < len(message):
        return DEFLATED_PREFIX + encode_base45(deflated)
    return RAW_PREFIX + encode_base45(message)


def seal_small(edition: Edition, *, document: str, key: SigningKey, page: int = 1) -> str:
    """The text of the small symbol of one page."""
    return small_text(edition, document=document, secret=key.small_secret, page=page)


def small_text(edition: Edition, *, document: str, secret: bytes, page: int = 1) -> str:
    """The text that the small symbol of one page has, from the secret alone: what a reader who has a document
    in mind looks for on the paper. Its signs from ``SMALL_SECRET_FROM`` on nobody knows without the secret.
    """
    body = pack_number(document) + fingerprint(edition)[:LENGTH] + bytes((page, edition.pages))
    tag = hmac.new(secret, body, hashlib.sha256).digest()[:SMALL_TAG]
    return SMALL_PREFIX + encode_base45(body + tag)


def open_seal(text: str, keys: KeyRing) -> tuple[SealState, SealContent | None]:
    """Check the text of a full symbol. Contents are given whenever they can be parsed, even when the
    signature is bad, so that the clerk may see what the paper claims; only ``VALID`` may be believed.
    """
    try:
        protected, payload, signature = _parse_message(text)
        header: dict[int, Any] = dict(cbor2.loads(protected))
        content = _parse_payload(cbor2.loads(payload))
    except _UNREADABLE:
        return SealState.UNREADABLE, None
    key_id = header.get(_KEY_ID)
    public = keys.keys.get(key_id) if isinstance(key_id, bytes) else None
    if public is None:
        return SealState.UNKNOWN_KEY, content
    good = _verify(public, header.get(_ALGORITHM), signature, _to_be_signed(protected, payload))
    return (SealState.VALID if good else SealState.INVALID), content


def _parse_message(text: str) -> tuple[bytes, bytes, bytes]:
    if text.startswith(DEFLATED_PREFIX):
        inflater = zlib.decompressobj(-15)
        message = inflater.decompress(decode_base45(text[len(DEFLATED_PREFIX) :]), MAX_INFLATED)
        if inflater.unconsumed_tail or inflater.unused_data or not inflater.eof:
            raise ValueError("the seal inflates beyond its bound or has something behind it")
    elif text.startswith(RAW_PREFIX):
        message = decode_base45(text[len(RAW_PREFIX) :])
    else:
        raise ValueError("not a seal of ours")
    tagged = cbor2.loads(message)
    if not isinstance(tagged, cbor2.CBORTag) or tagged.tag != 18:
        raise ValueError("not a COSE_Sign1 message")
    protected, unprotected, payload, signature = tagged.value
    if unprotected != {} or not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise ValueError("the COSE_Sign1 message has parts that ours never has")
    return protected, payload, signature


def _parse_payload(payload: Any) -> SealContent:
    """The payload with every part of its own type: a stranger's seal is shown too, so none is trusted."""
    page, pages = payload[_PAGE]
    parts = {
        "form": payload[_FORM],
        "edition": payload[_EDITION],
        "fingerprint": payload[_FINGERPRINT],
        "document": unpack_number(payload[_DOCUMENT]),
        "page": page,
        "pages": pages,
        "issued": date.fromordinal(payload[_ISSUED]),
        "values": payload.get(_VALUES),
        "digest": payload.get(_DIGEST),
        "case": payload.get(_CASE),
    }
    content = msgspec.convert(parts, SealContent, builtin_types=(bytes, date))
    if not 1 <= content.page <= content.pages <= MAX_PAGES:
        raise ValueError("the seal numbers its page beyond the document")
    return content


def _verify(public: VerifyingKey, algorithm: object, signature: bytes, message: bytes) -> bool:
    try:
        if isinstance(public, Ed25519PublicKey):
            if algorithm != _EDDSA:
                return False
            public.verify(signature, message)
            return True
        if algorithm != _ES256 or len(signature) != 64:
            return False
        halves = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        public.verify(encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def open_small(text: str, keys: KeyRing) -> tuple[SealState, SmallContent | None]:
    """Check the text of a small symbol; without the service's secret it stays ``UNKNOWN_KEY``."""
    try:
        if not text.startswith(SMALL_PREFIX):
            return SealState.UNREADABLE, None
        packed = decode_base45(text[len(SMALL_PREFIX) :])
        body, tag = packed[:-SMALL_TAG], packed[-SMALL_TAG:]
        document, edition_key = unpack_number(body[:9]), body[9 : 9 + LENGTH]
        page, pages = body[9 + LENGTH :]
    except ValueError:
        return SealState.UNREADABLE, None
    content = SmallContent(document, edition_key, page, pages)
    if not keys.small_secrets:
        return SealState.UNKNOWN_KEY, content
    tags = (hmac.new(secret, body, hashlib.sha256).digest()[:SMALL_TAG] for secret in keys.small_secrets)
    good = any(hmac.compare_digest(tag, expected) for expected in tags)
    return (SealState.VALID if good else SealState.INVALID), content


def blank_text(edition: Edition, page: int = 1) -> str:
    """The text of the symbol on a blank form: which edition and page it is; it vouches for nothing."""
    return BLANK_PREFIX + encode_base45(fingerprint(edition)[:LENGTH] + bytes((page, edition.pages)))


def open_blank(text: str) -> tuple[bytes, int] | None:
    """The edition key and page that a blank form's symbol names, or nothing when it is no such symbol."""
    if not text.startswith(BLANK_PREFIX):
        return None
    try:
        packed = decode_base45(text[len(BLANK_PREFIX) :])
    except ValueError:
        return None
    return (packed[:LENGTH], packed[LENGTH]) if len(packed) == LENGTH + 2 else None


def seal_facts(
    form: str,
    facts: tuple[str, ...],
    *,
    document: str,
    issued: date,
    key: SigningKey,
    case: str,
    page: int,
    pages: int,
) -> str:
    """The text of the symbol on a paper that is never read back (a sheet, a receipt): its kind, number,
    case and the few facts that identify it, signed like a form.
    """
    payload: dict[int, object] = {
        _FORM: form,
        _EDITION: "1",
        _FINGERPRINT: bytes(LENGTH),
        _DOCUMENT: pack_number(document),
        _PAGE: [page, pages],
        _ISSUED: issued.toordinal(),
        _VALUES: list(facts),
        _CASE: case,
    }
    return _pack(_sign(cbor2.dumps(payload, canonical=True), key))
