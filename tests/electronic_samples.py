"""Files that carry an electronic signature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Final

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

_PLACE: Final = 16_000
"""Hexadecimal digits kept for a signature."""


def signed(data: bytes, signer: str, on: datetime = datetime(2026, 11, 20, 15, 4, tzinfo=UTC)) -> bytes:
    """The file with an invisible electronic signature of ours in PAdES manner, by a certificate of a
    pretended authority; nobody of that name is meant.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        value = pdf.make_indirect(
            Dictionary(
                Type=Name.Sig,
                Filter=Name("/Adobe.PPKLite"),
                SubFilter=Name("/ETSI.CAdES.detached"),
                M=String(f"D:{on:%Y%m%d%H%M%S}Z"),
                ByteRange=Array([0, 1234567890, 1234567890, 1234567890]),
                Contents=String("\x00" * (_PLACE // 2)),
            )
        )
        field = pdf.make_indirect(
            Dictionary(
                FT=Name.Sig,
                T=String("Firma1"),
                V=value,
                Type=Name.Annot,
                Subtype=Name.Widget,
                F=132,
                Rect=[0, 0, 0, 0],
                P=pdf.pages[0].obj,
            )
        )
        page = pdf.pages[0].obj
        page.Annots = Array([*(page.get("/Annots") or Array()), field])
        form = pdf.Root.get("/AcroForm") or Dictionary(Fields=Array())
        form.Fields = Array([*form.get("/Fields", Array()), field])
        form.SigFlags = 3
        pdf.Root.AcroForm = form
        buffer = BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    return _with_signature(buffer.getvalue(), signer, on)


def signed_again(data: bytes, signer: str, on: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)) -> bytes:
    """A signed file with a second signature behind it, which covers the first one too."""
    writer = PdfWriter(BytesIO(data), incremental=True)
    range_ = ArrayObject(NumberObject(number) for number in (0, 1234567890, 1234567890, 1234567890))
    value = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Sig"),
            NameObject("/Filter"): NameObject("/Adobe.PPKLite"),
            NameObject("/SubFilter"): NameObject("/ETSI.CAdES.detached"),
            NameObject("/M"): TextStringObject(f"D:{on:%Y%m%d%H%M%S}Z"),
            NameObject("/ByteRange"): range_,
            NameObject("/Contents"): ByteStringObject(bytes(_PLACE // 2)),
        }
    )
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("Firma2"),
            NameObject("/V"): writer._add_object(value),
        }
    )
    form = writer.root_object["/AcroForm"].get_object()
    form["/Fields"].append(writer._add_object(field))  # type: ignore[index]
    buffer = BytesIO()
    writer.write(buffer)
    return _with_signature(buffer.getvalue(), signer, on)


def _with_signature(data: bytes, signer: str, on: datetime) -> bytes:
    start = data.index(b"<" + b"0" * _PLACE + b">")
    end = start + _PLACE + 2
    numbers = f"{start} {end} {len(data) - end}"
    old = b"1234567890 1234567890 1234567890"
    data = data.replace(old, numbers.encode().ljust(len(old)))
    covered = data[:start] + data[end:]
    key, leaf, authority = _certificates(signer, on)
    cms = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(covered)
        .add_signer(leaf, key, hashes.SHA256())
        .add_certificate(authority)
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )
    return data[: start + 1] + cms.hex().encode().ljust(_PLACE, b"0") + data[end - 1 :]


def _certificates(
    signer: str, on: datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, x509.Certificate]:
    key, authority_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autoridad de prueba")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)])

    def certificate(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(on - timedelta(days=30))
            .not_valid_after(on + timedelta(days=300))
            .sign(authority_key, hashes.SHA256())
        )

    return key, certificate(subject, key.public_key()), certificate(issuer, authority_key.public_key())
