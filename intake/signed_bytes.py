"""Whether a file still is what it was when somebody signed it electronically.

Asked are the bytes that a signature says it was made for (ISO 32000-2, 12.8.1) and the digest of them in its
CMS. Whether the signature over that digest is good, and whose it is, is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import pikepdf

from intake.raster import or_nothing
from intake.readings import SignedFileState

_DETACHED: Final = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"})
"""Kinds of signature whose digest is that of the file's own bytes."""
_MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")
"""DER of the attribute's name, 1.2.840.113549.1.9.4 (RFC 5652, 11.2); a set of an octet string follows."""
_SET, _OCTETS = 0x31, 0x04
_BY_LENGTH: Final = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
_HEXADECIMAL: Final = frozenset(b"0123456789abcdefABCDEF \r\n\t")


def states_of(signatures: Sequence[pikepdf.Dictionary], data: bytes) -> list[SignedFileState | None]:
    """What became of the file since each of its signatures; nothing where that cannot be told.

    An earlier signature is followed by what the next one covers: only behind the last is anything *added*.
    """
    found = [_covered(value) for value in signatures]
    end = max((start + length for *_, start, length in filter(None, found)), default=0)
    is_added_to = bool(data[end:].strip(b"\0 \r\n\t"))
    states: list[SignedFileState | None] = []
    for value, covered in zip(signatures, found, strict=True):
        is_same = covered and _is_same(value, covered, data)
        if is_same is None or covered is None:
            states.append(None)
        elif not is_same:
            states.append("changed")
        else:
            states.append("added-to" if is_added_to else "intact")
    return states


@or_nothing
def _covered(value: pikepdf.Dictionary) -> tuple[int, int, int, int]:
    """Start and length of what stands before a signature and of what stands behind it."""
    first, length, second, rest = (int(number) for number in value.ByteRange)
    return first, length, second, rest


@or_nothing
def _is_same(value: pikepdf.Dictionary, covered: tuple[int, int, int, int], data: bytes) -> bool | None:
    """Whether the bytes have the digest that was signed, with nothing but the signature between them."""
    if str(value.get("/SubFilter")) not in _DETACHED:
        return None
    digest = _signed_digest(bytes(value.Contents))
    if digest is None:
        return None
    first, length, second, rest = covered
    before, between, behind = data[:length], data[length:second], data[second : second + rest]
    is_string = between[:1] == b"<" and between[-1:] == b">" and set(between[1:-1]) <= _HEXADECIMAL
    is_whole = first == 0 and is_string and len(behind) == rest
    return is_whole and _digest(before, behind, len(digest)) == digest


def _signed_digest(contents: bytes) -> bytes | None:
    """The digest that a CMS was signed with; nothing when it names none of a known length."""
    place = contents.find(_MESSAGE_DIGEST)
    if place < 0:
        return None
    kind, _, inner, length = contents[place + len(_MESSAGE_DIGEST) :][:4]
    start = place + len(_MESSAGE_DIGEST) + 4
    is_one = kind == _SET and inner == _OCTETS and length in _BY_LENGTH
    return contents[start : start + length] if is_one else None


def _digest(before: bytes, behind: bytes, length: int) -> bytes:
    digest = hashlib.new(_BY_LENGTH[length], before, usedforsecurity=False)
    digest.update(behind)
    return digest.digest()
