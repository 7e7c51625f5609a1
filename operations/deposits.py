"""Bytes on their way into the archive: first durable in the store, then a row, never the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storage.blobs import BlobStore
from storage.concurrency import insert_once
from storage.schema import BlobRow, DocumentRow


@dataclass(frozen=True, slots=True)
class Deposit:
    """Bytes that are in the store; without a row they are swept some day."""

    sha256: str
    size: int
    media_type: str


def deposit(blobs: BlobStore, chunks: Iterable[bytes], media_type: str) -> Deposit:
    """Store bytes durably. Outside any transaction: writers need not wait for a disk."""
    sha256, size = blobs.put(chunks)
    return Deposit(sha256, size, media_type)


def record(session: Session, made: Deposit, at: datetime) -> str:
    """The row of a deposit, once for the same bytes; their SHA-256."""
    insert_once(
        session,
        BlobRow,
        sha256=made.sha256,
        size=made.size,
        media_type=made.media_type,
        stored_at=at,
    )
    return made.sha256


def record_document(session: Session, made: Deposit, at: datetime, case: str, kind: str, name: str) -> None:
    """The row of a deposit, and the one that puts it into a case's file."""
    session.add(
        DocumentRow(
            case_number=case,
            kind=kind,
            name=name,
            sha256=record(session, made, at),
            media_type=made.media_type,
            made_at=at,
        )
    )
