"""A case with what was made for keeping and looking at: it goes out, comes back, and is made up anew."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from operations.derivatives import derive_case
from operations.house import open_house
from operations.package_import import Imported, import_package
from operations.packages import export_cases, write_package
from operations.settings import Settings
from operations.verification import verify_archive
from storage.schema import DocumentRow
from tests.operations_samples import Clock, open_demo_house, received_and_read


def test_derivatives_go_with_their_case_and_may_be_made_again(tmp_path: Path) -> None:
    house = open_demo_house(tmp_path / "origen", Clock())
    number = received_and_read(house)
    derive_case(house, number)
    assert verify_archive(house)[1] == []
    write_package(export_cases(house, [number], "archivo"), tmp_path / "caso")
    (derivative,) = (tmp_path / "caso" / "data" / number / "derivatives").iterdir()
    assert derivative.read_bytes().startswith(b"%PDF-")
    other = open_house(Settings(data_dir=tmp_path / "destino"), Clock())
    assert isinstance(import_package(other, tmp_path / "caso", "archivo"), Imported)
    assert verify_archive(other)[1] == []
    derive_case(other, number)
    assert verify_archive(other)[1] == []
    with other.database.reading() as session:
        kinds = list(session.scalars(select(DocumentRow.kind).where(DocumentRow.case_number == number)))
    assert "derivative" in kinds
    assert "page-view" in kinds
