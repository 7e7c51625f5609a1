"""Whatever is changed behind the service's back is found and named: bytes, files, rows, events."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from operations_samples import Clock, accepted, open_demo_house, received_and_read
from sqlalchemy import text

from operations.archive import find_documents, get_document
from operations.archive_state import view_archive_state
from operations.fixity import check_everything
from operations.house import House, open_house
from operations.papers import PAPER_TITLES
from operations.regenerating import regenerate_case
from operations.settings import Settings
from operations.verification import verify_archive, verify_audit
from storage.blobs import BlobChangedError
from storage.triggers import APPEND_ONLY, NEVER_DELETED


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a service with one archived case."""
    folder = tmp_path_factory.mktemp("finished")
    house = open_demo_house(folder, Clock())
    number = received_and_read(house)
    accepted(house, number)
    regenerate_case(house, number)
    house.database.engine.dispose()
    house.jobs.engine.dispose()
    return folder / "datos"


@pytest.fixture
def house(tmp_path: Path, finished: Path) -> House:
    shutil.copytree(finished, tmp_path / "datos")
    return open_house(Settings(data_dir=tmp_path / "datos"), Clock())


def original(house: House) -> str:
    with house.database.reading() as session:
        return str(session.scalar(text("SELECT sha256 FROM documents WHERE kind = 'original'")))


def blob_path(house: House, name: str) -> Path:
    return house.settings.data_dir / "blobs" / name[:2] / name[2:4] / name


def in_secret(house: House, *statements: str) -> None:
    """Change rows as somebody with the database file would: without triggers."""
    with house.database.transaction() as session:
        for table in (*APPEND_ONLY, *NEVER_DELETED):
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        for statement in statements:
            session.execute(text(statement))


def flip_a_bit(house: House) -> None:
    path = blob_path(house, original(house))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def cut_a_file(house: House) -> None:
    path = blob_path(house, original(house))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])


def take_a_file(house: House) -> None:
    blob_path(house, original(house)).unlink()


def add_a_file(house: House) -> None:
    (house.settings.data_dir / "blobs" / "ajeno.pdf").write_bytes(b"%PDF-1.7")


def add_a_blob(house: House) -> None:
    house.blobs.put([b"nobody asked for this"])


def swap_two_files(house: House) -> None:
    with house.database.reading() as session:
        other = str(session.scalar(text("SELECT sha256 FROM documents WHERE kind = 'sheet'")))
    one, two = blob_path(house, original(house)), blob_path(house, other)
    spare = one.with_name("spare")
    one.rename(spare)
    two.rename(one)
    spare.rename(two)


def change_rows(*statements: str) -> Callable[[House], None]:
    def change(house: House) -> None:
        in_secret(house, *statements)

    return change


_OTHER = "(SELECT sha256 FROM documents WHERE kind = 'sheet')"
CORRUPTIONS: dict[str, tuple[Callable[[House], None], set[str]]] = {
    "bit flipped": (flip_a_bit, {"changed"}),
    "file cut short": (cut_a_file, {"changed"}),
    "file gone": (take_a_file, {"missing"}),
    "file added": (add_a_file, {"foreign"}),
    "blob added": (add_a_blob, {"foreign"}),
    "files swapped": (swap_two_files, {"changed"}),
    "blob row edited": (change_rows("UPDATE blobs SET size = size + 1"), {"row-changed"}),
    "case state edited": (change_rows("UPDATE cases SET state = 'refused'"), {"row-changed"}),
    "case version edited": (change_rows("UPDATE cases SET version = version + 1"), {"row-changed"}),
    "answer edited": (change_rows("UPDATE cases SET answers = '{}'"), {"row-changed"}),
    "event edited": (
        change_rows("UPDATE case_events SET actor = 'nadie' WHERE event = 'accept'"),
        {"row-changed"},
    ),
    "event's words edited": (
        change_rows("UPDATE case_events SET data = '{}' WHERE event = 'rebuild-done'"),
        {"row-changed"},
    ),
    "event taken out": (change_rows("DELETE FROM case_events WHERE event = 'archive'"), {"row-changed"}),
    "reception swapped": (change_rows(f"UPDATE receptions SET sha256 = {_OTHER}"), {"row-changed"}),
    "original swapped": (
        change_rows(f"UPDATE documents SET sha256 = {_OTHER} WHERE kind = 'original'"),
        {"row-changed"},
    ),
    "sheet swapped": (
        change_rows(f"UPDATE documents SET sha256 = {_OTHER} WHERE kind = 'sheet-comparison'"),
        {"row-changed"},
    ),
    "document added": (
        change_rows(
            "INSERT INTO documents (case_number, kind, name, sha256, media_type, made_at) "
            "SELECT case_number, 'sheet', 'otra', sha256, media_type, made_at FROM documents"
            " WHERE kind = 'original'"
        ),
        {"row-changed"},
    ),
    "reception taken out": (change_rows("DELETE FROM receptions"), {"row-changed"}),
    "reading edited": (change_rows("UPDATE readings SET body = '{}'"), {"row-changed"}),
    "reading taken out": (change_rows("DELETE FROM readings"), {"row-changed"}),
    "page image swapped": (
        change_rows(f"UPDATE documents SET sha256 = {_OTHER} WHERE kind LIKE 'page%'"),
        {"row-changed"},
    ),
    "page image taken out": (change_rows("DELETE FROM documents WHERE kind LIKE 'page%'"), {"row-changed"}),
    "original renamed": (change_rows("UPDATE receptions SET name = 'otro.pdf'"), {"row-changed"}),
    "day of reception edited": (
        change_rows("UPDATE cases SET received_at = '2020-01-01T00:00:00.000000+00:00'"),
        {"row-changed"},
    ),
    "receiver edited": (change_rows("UPDATE cases SET received_by = 'nadie'"), {"row-changed"}),
    "employer of a case edited": (change_rows("UPDATE cases SET ruc = '1790010937001'"), {"row-changed"}),
    "issued paper swapped": (
        change_rows(f"UPDATE issued_documents SET pdf = {_OTHER} WHERE form = 'employer-request'"),
        {"row-changed"},
    ),
    "whole case taken out": (
        change_rows(
            *(f"DELETE FROM {table}" for table in ("documents", "receptions", "readings", "case_events")),
            "DELETE FROM cases",
        ),
        {"row-changed"},
    ),
    "document taken out": (change_rows("DELETE FROM documents WHERE kind = 'original'"), {"row-changed"}),
}


def test_untouched_archive_is_clean(house: House) -> None:
    checked, failures = verify_archive(house)
    assert failures == []
    # The request as it was issued is the paper that came back; its picture, evidence, receipt; what was made.
    assert checked == len(list(house.blobs.names())) == 4 + len(PAPER_TITLES)
    assert verify_audit(house).first_broken is None


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_found_and_named(house: House, name: str) -> None:
    corrupt, kinds = CORRUPTIONS[name]
    corrupt(house)
    failures = verify_archive(house)[1]
    assert {failure.kind for failure in failures} == kinds
    assert all(failure.blob and failure.message for failure in failures)
    if name == "blob added":  # a round waits a minute for its row
        path = next(blob_path(house, each.blob) for each in failures)
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 120))
    assert {failure.kind for failure in check_everything(house, "archivo")[1]} == kinds
    alarmed = {row.kind for row in view_archive_state(house).open}
    assert alarmed == kinds


def test_changed_original_is_not_handed_out(house: House) -> None:
    (found,) = [item for item in find_documents(house, "", "archivo") if item.kind == "original"]
    flip_a_bit(house)
    with pytest.raises(BlobChangedError):
        get_document(house, found.id, "archivo")


def test_audit_event_edited_is_named(house: House) -> None:
    in_secret(house, "UPDATE audit_events SET subject = 'otro' WHERE sequence = 4")
    assert verify_audit(house).first_broken == 4
