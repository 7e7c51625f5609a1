"""What a package holds of a case: its rows, its files each once, its part of the audit trail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from operations.casework import CaseNotFoundError
from operations.indexing import PICTURES
from operations.issued_names import file_name_of
from storage.archive_tables import ImportedAuditRow
from storage.audit import canonical_instant
from storage.audit_export import event_line
from storage.blobs import BlobDisposedError
from storage.disposed import is_blob_gone
from storage.row_json import row_as_json
from storage.schema import AuditEventRow, Base, BlobRow, CaseRow, DocumentRow, IssuedRow

FORMAT: Final = "ventanilla-case"
VERSION: Final = 1
TABLES: Final = ("receptions", "case_events", "readings", "documents", "issued_documents")
"""Tables whose rows of a case go with it. Waits and queued work are of the service and stay; the texts of
pages are made again from the documents.
"""
_SLUG: Final = 60
_FOLDERS: Final = {"original": "originals", "derivative": "derivatives"}


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A blob of a case and its path in the case's folder; ``name`` is the one people gave it."""

    path: str
    sha256: str
    size: int
    media_type: str
    stored_at: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class PackedCase:
    """All of a case that goes into a package."""

    number: str
    case: CaseRow
    rows: dict[str, list[dict[str, Any]]]
    files: tuple[PackedFile, ...]
    trail: tuple[str, ...]
    """Lines of the audit trail, as :func:`storage.audit_export.event_line` writes them."""

    def as_json(self) -> dict[str, Any]:
        """``case.json`` of the package."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "case": row_as_json(table_of("cases"), _values(self.case)),
            "rows": self.rows,
            "files": [
                {
                    "path": file.path,
                    "sha256": file.sha256,
                    "size": file.size,
                    "media_type": file.media_type,
                    "stored_at": file.stored_at,
                }
                for file in self.files
            ],
        }


def table_of(name: str) -> Table:
    """A table by its name."""
    return Base.metadata.tables[name]


def _values(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def pack_case(session: Session, number: str) -> PackedCase:
    """Gather a case; raises :class:`operations.casework.CaseNotFoundError`, and
    :class:`storage.blobs.BlobDisposedError` where documents of it were disposed of.
    """
    case = session.get(CaseRow, number)
    if case is None:
        raise CaseNotFoundError(f"no case {number}")
    rows = {name: list(_rows(session, table_of(name), number)) for name in TABLES}
    documents = select(DocumentRow).where(DocumentRow.case_number == number).order_by(DocumentRow.id)
    issued = select(IssuedRow).where(IssuedRow.case_number == number).order_by(IssuedRow.document)
    named = [(row.sha256, row.kind, row.name) for row in session.scalars(documents)]
    papers = list(session.scalars(issued))
    named += [(row.pdf, row.form, file_name_of(row.form, row.document)) for row in papers]
    if any(is_blob_gone(session, sha256) for sha256 in {sha256 for sha256, _, _ in named}):
        raise BlobDisposedError(f"documents of {number} were disposed of: the case is not whole any more")
    files = tuple(_files(session, named))
    trail = tuple(_trail(session, number, [paper.document for paper in papers]))
    return PackedCase(number, case, rows, files, trail)


def _rows(session: Session, table: Table, number: str) -> Iterator[dict[str, Any]]:
    query = select(table).where(table.c.case_number == number).order_by(*table.primary_key.columns)
    for row in session.execute(query):
        yield row_as_json(table, row._asdict())


def _files(session: Session, named: Sequence[tuple[str, str, str]]) -> Iterator[PackedFile]:
    """Each blob once, under the first name that it has."""
    seen: set[str] = set()
    for sha256, kind, name in named:
        if sha256 in seen:
            continue
        seen.add(sha256)
        blob = session.get_one(BlobRow, sha256)
        folder = _FOLDERS.get(kind, "pictures" if kind in PICTURES else "documents")
        path = f"{folder}/{len(seen):03d}-{slug_of(name, blob.media_type)}"
        at = canonical_instant(blob.stored_at)
        yield PackedFile(path, sha256, blob.size, blob.media_type, at, name, kind)


def slug_of(name: str, media_type: str) -> str:
    """A name that any file system takes, with an ending that says what is in it.

    >>> slug_of("01 Solicitud Ñandú.PDF", "application/pdf")
    '01-solicitud-nandu.pdf'
    >>> slug_of("comparación 2026-000001-5.csv", "text/csv; charset=utf-8")
    'comparacion-2026-000001-5.csv'
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    ending = _ENDINGS.get(media_type.partition(";")[0].strip(), "bin")
    stem = re.sub(r"[^a-z0-9]+", "-", plain.removesuffix(f".{ending}")).strip("-")
    return f"{stem[:_SLUG].strip('-') or 'documento'}.{ending}"


_ENDINGS: Final = {
    "application/pdf": "pdf",
    "image/webp": "webp",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "text/csv": "csv",
    "application/json": "json",
}


def _trail(session: Session, number: str, papers: Sequence[str]) -> Iterator[str]:
    """Events of the trail about the case, its documents and its papers; first those that came with it."""
    imported = select(ImportedAuditRow).where(ImportedAuditRow.case_number == number)
    for row in session.scalars(imported.order_by(ImportedAuditRow.line)):
        yield event_line(row)
    about = or_(
        AuditEventRow.subject == number,
        AuditEventRow.subject.like(f"{number}/%"),
        AuditEventRow.subject.in_(papers),
    )
    for event in session.scalars(select(AuditEventRow).where(about).order_by(AuditEventRow.sequence)):
        yield event_line(event)
