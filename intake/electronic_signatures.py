"""Electronic signatures that a PDF carries: who signed, by the certificate, when, by the file, and whether it
still is what was signed.

Nobody is proved by that: neither the mathematics nor the chain nor the day is validated. The procedure wants
ink, so a signature of this kind is shown to the clerk and proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from msgspec import UNSET

from intake.raster import or_nothing
from intake.readings import ElectronicSignature, SignedFileState
from intake.signed_bytes import states_of

_MOST: Final = 20
_MOST_BYTES: Final = 1_000_000
_DEEPEST: Final = 10
_DAY: Final = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


@or_nothing
def electronic_signatures(structure: pikepdf.Pdf, data: bytes) -> tuple[ElectronicSignature, ...]:
    """The signatures of a file's form, in its order; at most twenty are looked at. ``data`` is the file as it
    was received, before any repair.
    """
    form = structure.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return ()
    values = list(islice(_signed(form.get("/Fields"), 0, [500]), _MOST))
    states = states_of(values, data)
    return tuple(_described(value, state) for value, state in zip(values, states, strict=True))


def _signed(fields: object, depth: int, left: list[int]) -> Iterator[pikepdf.Dictionary]:
    """The value of each signed signature field; ``left`` counts down over the whole tree."""
    if not isinstance(fields, pikepdf.Array) or depth > _DEEPEST:
        return
    for item in fields:
        left[0] -= 1
        if left[0] < 0:
            return
        if not isinstance(item, pikepdf.Dictionary):
            continue
        value = item.get("/V")
        if item.get("/FT") == "/Sig" and isinstance(value, pikepdf.Dictionary):
            yield value
        yield from _signed(item.get("/Kids"), depth + 1, left)


def _described(value: pikepdf.Dictionary, state: SignedFileState | None) -> ElectronicSignature:
    """Who and when: the certificate's name before the one that the file gives."""
    said = str(value.get("/Name", ""))[:200]
    contents = value.get("/Contents")
    certified = _certified_name(bytes(contents)) if isinstance(contents, pikepdf.String) else None
    return ElectronicSignature(
        certified or said or "—", _day(str(value.get("/M", ""))) or UNSET, state or UNSET
    )


@or_nothing
def _certified_name(contents: bytes) -> str:
    """The common name of the certificate that is not another's issuer; empty when there is none."""
    certificates = pkcs7.load_der_pkcs7_certificates(_without_padding(contents[:_MOST_BYTES]))
    issuers = {
        certificate.issuer for certificate in certificates if certificate.issuer != certificate.subject
    }
    ends = [certificate for certificate in certificates if certificate.subject not in issuers]
    return _common_name(ends[0] if ends else certificates[0]) if certificates else ""


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value)[:200] if names else certificate.subject.rfc4514_string()[:200]


def _without_padding(contents: bytes) -> bytes:
    """The CMS without the zeros that fill the place kept for it: as long as its DER header says."""
    if len(contents) < 2 or contents[1] == 0x80:
        return contents
    if contents[1] < 0x80:
        return contents[: 2 + contents[1]]
    count = contents[1] & 0x7F
    return contents[: 2 + count + int.from_bytes(contents[2 : 2 + count], "big")]


def _day(said: str) -> str:
    """The day of a PDF date as ``YYYY-MM-DD``, or an empty string."""
    if not (found := _DAY.match(said)):
        return ""
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
