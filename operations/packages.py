"""Packages of cases for other archives and for later ones: signed BagIt bags, streamed as they are made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from operations.casework import CaseNotFoundError
from operations.house import House
from operations.package_contents import PackedCase, pack_case
from operations.package_description import dublin_core_of, dublin_core_xml, premis_of, premis_xml
from storage.audit import append_audit, canonical_instant, canonical_json
from storage.bag_writing import BagFile, bag_files, write_folder, zip_pieces
from storage.schema import CaseRow

SEAL: Final = "ventanilla-seal.json"
_AGENT: Final = "Ventanilla (BagIt 1.0, RFC 8493)"
_READ_ME: Final = """\
Este paquete es una bolsa BagIt (RFC 8493). Para comprobar que nada falta ni cambió basta con:

    sha256sum --check manifest-sha256.txt && sha256sum --check tagmanifest-sha256.txt

data/NÚMERO/originals/   lo que se recibió, bit por bit
data/NÚMERO/derivatives/ copias de conservación de lo recibido (PDF/A), si se hicieron
data/NÚMERO/documents/   lo que el trámite emitió
data/NÚMERO/pictures/    imágenes de las páginas como se vieron en la ventanilla
data/NÚMERO/case.json    el trámite completo: lecturas, respuestas y eventos
data/NÚMERO/audit.jsonl  los eventos de la bitácora sobre el trámite, como estaban encadenados
data/NÚMERO/premis.*     los archivos y los eventos según PREMIS 3
data/NÚMERO/dublin-core.*  la descripción según Dublin Core

ventanilla-seal.json firma (Ed25519) la huella de manifest-sha256.txt. Un archivo de Ventanilla restituye los
trámites con: ventanilla archive import PAQUETE. Contiene datos personales.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is about to go out: its name and its files, each read when its turn comes."""

    name: str
    at: datetime
    files: Iterator[BagFile]

    def as_zip(self) -> Iterator[bytes]:
        """The package as a ZIP, in pieces, in constant memory."""
        return zip_pieces(self.files, self.name, self.at)


def export_cases(house: House, numbers: Sequence[str], by: str) -> Package:
    """A package of one case or of many; raises :class:`operations.casework.CaseNotFoundError`. Each case that
    goes out is an event.
    """
    at = house.now()
    with house.database.transaction() as session:
        for number in numbers:
            if session.get(CaseRow, number) is None:
                raise CaseNotFoundError(f"no case {number}")
            append_audit(session, at, by, "archive.export", number)
    name = f"ventanilla-{numbers[0]}" if len(numbers) == 1 else f"ventanilla-{at:%Y%m%d-%H%M%S}"
    info = (
        ("Source-Organization", house.settings.office),
        ("Bagging-Date", f"{at:%Y-%m-%d}"),
        ("Bag-Software-Agent", _AGENT),
        ("External-Description", "Trámites de regeneración de planillas de aportes"),
        *(("External-Identifier", number) for number in numbers),
    )
    files = bag_files(_payload(house, numbers), partial(_tags, house, at), info)
    return Package(name, at, files)


def inspect_case(house: House, number: str) -> None:
    """Read all files of a case before they are handed out; raises what :meth:`GuardedBlobs.inspect` does and
    :class:`operations.casework.CaseNotFoundError`.
    """
    with house.database.reading() as session:
        packed = pack_case(session, number)
    for file in packed.files:
        house.blobs.inspect(file.sha256)


def write_package(package: Package, out: Path) -> None:
    """Write a package to a ZIP, or to a new folder when the name does not end so. What was begun and not
    ended is never left under the name asked for.
    """
    if out.suffix.lower() != ".zip":
        write_folder(package.files, out)
        return
    if out.exists():
        raise FileExistsError(17, "ya existe", str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.parcial")
    try:
        with draft.open("wb") as file:
            file.writelines(package.as_zip())
        draft.rename(out)
    finally:
        draft.unlink(missing_ok=True)


def _payload(house: House, numbers: Sequence[str]) -> Iterator[BagFile]:
    for number in numbers:
        with house.database.snapshot() as session:
            packed = pack_case(session, number)
        yield from _case_files(house, packed)


def _case_files(house: House, packed: PackedCase) -> Iterator[BagFile]:
    def told(name: str, data: bytes) -> BagFile:
        return BagFile(f"{packed.number}/{name}", [data])

    for file in packed.files:
        yield BagFile(f"{packed.number}/{file.path}", house.blobs.read(file.sha256))
    premis, described = premis_of(packed), dublin_core_of(packed, house.settings.office)
    yield told("case.json", _json(packed.as_json()))
    yield told("audit.jsonl", "".join(f"{line}\n" for line in packed.trail).encode())
    yield told("premis.json", _json(premis))
    yield told("premis.xml", premis_xml(premis))
    yield told("dublin-core.json", _json(described))
    yield told("dublin-core.xml", dublin_core_xml(described))


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _tags(house: House, at: datetime, manifest: str) -> Iterator[BagFile]:
    """The signature of the payload's manifest, and what the package is for whoever opens it."""
    key = house.keys.issuing
    seal = {"manifest": manifest, "sealed_at": canonical_instant(at), "key": key.key_id.hex()}
    signed = key.private.sign(seal_statement(seal)).hex()
    public = key.private.public_key().public_bytes_raw().hex()
    yield BagFile(SEAL, [_json(seal | {"signature": signed, "public_key": public})])
    yield BagFile("LEEME.txt", [_READ_ME.encode()])


def seal_statement(seal: dict[str, str]) -> bytes:
    """The bytes that a package's signature covers."""
    return canonical_json(
        ["ventanilla-package", 1, seal["manifest"], seal["sealed_at"], seal["key"]]
    ).encode()
