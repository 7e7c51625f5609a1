"""Which bytes are gone for good: those that only disposed documents name."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from storage.retention_tables import DisposedDocumentRow, RemovedBlobRow
from storage.schema import BlobRow, DocumentRow, IssuedRow


def is_gone() -> ColumnElement[bool]:
    """The condition on a row of ``blobs`` that its bytes are disposed of. The same bytes may be in a case
    that lives, or in a paper that we issued and nobody handed in: then they stay.
    """
    tombstone = exists().where(DisposedDocumentRow.sha256 == BlobRow.sha256).correlate(BlobRow)
    living = (
        exists()
        .where(
            DocumentRow.sha256 == BlobRow.sha256,
            DocumentRow.id.not_in(select(DisposedDocumentRow.document_id)),
        )
        .correlate(BlobRow)
    )
    case_ended = IssuedRow.case_number.in_(select(DisposedDocumentRow.case_number))
    alive = IssuedRow.case_number.is_(None) | ~case_ended
    issued = exists().where(IssuedRow.pdf == BlobRow.sha256, alive).correlate(BlobRow)
    return tombstone & ~living & ~issued


def is_blob_gone(session: Session, sha256: str) -> bool:
    """Whether the bytes of this name are disposed of."""
    return session.scalar(select(BlobRow.sha256).where(BlobRow.sha256 == sha256, is_gone())) is not None


def bytes_to_remove(*, again: bool = False) -> Select[str, str, int]:
    """Hash, disposal and one document of the bytes that are gone by decision and may still be in the store;
    ``again`` those too whose removal was noted.
    """
    noted = (
        exists()
        .where(
            RemovedBlobRow.sha256 == DisposedDocumentRow.sha256,
            RemovedBlobRow.disposal == DisposedDocumentRow.disposal,
        )
        .correlate(DisposedDocumentRow)
    )
    query = (
        select(
            DisposedDocumentRow.sha256,
            DisposedDocumentRow.disposal,
            func.min(DisposedDocumentRow.document_id),
        )
        .join(BlobRow, BlobRow.sha256 == DisposedDocumentRow.sha256)
        .where(is_gone())
        .group_by(DisposedDocumentRow.sha256, DisposedDocumentRow.disposal)
        .order_by(DisposedDocumentRow.sha256)
    )
    return query if again else query.where(~noted)
