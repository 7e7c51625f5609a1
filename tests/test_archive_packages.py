"""Packages of cases: valid by the reference, restored with all history, refused when anything is off."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bagit
import pytest
from sqlalchemy import select, text

from operations.archive import find_documents, get_document
from operations.casework import CaseNotFoundError
from operations.house import House, open_house
from operations.package_contents import TABLES, pack_case, table_of
from operations.package_description import PREMIS
from operations.package_import import Imported, import_package
from operations.packages import SEAL, export_cases, write_package
from operations.regenerating import regenerate_case
from operations.settings import Settings
from operations.verification import verify_archive, verify_audit
from operations.window import view_case
from storage.blobs import BlobChangedError
from storage.row_json import row_as_json
from tests.operations_samples import Clock, accepted, hand_in, open_demo_house, received_and_read
from tests.storage_samples import ENGINES, new_postgres


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a finished case and one that was only received."""
    house = open_demo_house(tmp_path_factory.mktemp("origen"), Clock())
    number = received_and_read(house)
    accepted(house, number)
    regenerate_case(house, number)
    hand_in(house, ("carta ñandú.pdf", b"%PDF-1.7 carta"), ("carta ñandú.pdf", b"%PDF-1.7 otra"))
    yield house
    house.database.engine.dispose()
    house.jobs.engine.dispose()


def numbers_of(house: House) -> list[str]:
    with house.database.reading() as session:
        return [str(row[0]) for row in session.execute(text("SELECT number FROM cases ORDER BY number"))]


@pytest.fixture(scope="module")
def package(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both cases as a folder."""
    out = tmp_path_factory.mktemp("paquetes") / "todo"
    write_package(export_cases(house, numbers_of(house), "archivo"), out)
    return out


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An archive of another institution, without anything."""
    if request.param == "sqlite":
        yield open_house(Settings(data_dir=tmp_path / "destino"), Clock())
        return
    with new_postgres(request.getfixturevalue("postgres_url")) as url:
        house = open_house(Settings(data_dir=tmp_path / "destino", database_url=url), Clock())
        yield house
        house.database.engine.dispose()
        house.jobs.engine.dispose()


def everything_of(house: House) -> dict[str, list[dict[str, Any]]]:
    """All rows of all cases, as text."""
    with house.database.reading() as session:
        return {
            name: [
                row_as_json(table_of(name), row._asdict())
                for row in session.execute(
                    select(table_of(name)).order_by(*table_of(name).primary_key.columns)
                )
                if name != "issued_documents" or row.case_number is not None
            ]
            for name in ("cases", *TABLES)
        }


def test_a_package_is_valid_by_the_reference(package: Path, house: House) -> None:
    bagit.Bag(str(package)).validate()
    info = bagit.Bag(str(package)).info
    assert info["External-Identifier"] == numbers_of(house)
    for name in ("manifest", "tagmanifest"):
        for line in (package / f"{name}-sha256.txt").read_text("utf-8").splitlines():
            digest, _, path = line.partition("  ")
            assert hashlib.sha256((package / path).read_bytes()).hexdigest() == digest


def test_originals_are_in_it_bit_by_bit_and_described(package: Path, house: House) -> None:
    number = numbers_of(house)[0]
    (found,) = [i for i in find_documents(house, number, "archivo") if i.kind == "original"]
    answer = get_document(house, found.id, "archivo")
    assert answer is not None
    (path,) = (package / "data" / number / "originals").iterdir()
    assert path.read_bytes() == answer[1]
    premis = ElementTree.parse(package / "data" / number / "premis.xml").getroot()
    names = {"p": PREMIS}
    digests = {node.text for node in premis.iterfind(".//p:messageDigest", names)}
    assert hashlib.sha256(answer[1]).hexdigest() in digests
    events = [node.text for node in premis.iterfind(".//p:eventType", names)]
    assert events[0] == "ingestion"
    assert "accession" in events
    as_json = json.loads((package / "data" / number / "premis.json").read_text("utf-8"))
    assert [each["eventType"] for each in as_json["events"]] == events
    described = ElementTree.parse(package / "data" / number / "dublin-core.xml").getroot()
    assert number in {node.text for node in described}


def test_folder_and_zip_hold_the_same(package: Path, house: House, tmp_path: Path) -> None:
    number = numbers_of(house)[0]
    out = tmp_path / "uno.zip"
    write_package(export_cases(house, [number], "archivo"), out)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        top = f"ventanilla-{number}/"
        for path in (package / "data" / number).rglob("*.pdf"):
            inside = archive.read(f"{top}{path.relative_to(package)}")
            assert inside == path.read_bytes()
        archive.extractall(tmp_path / "abierto")
    bagit.Bag(str(tmp_path / "abierto" / top)).validate()
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".parcial")] == []


def test_an_empty_archive_has_it_all_again(package: Path, house: House, empty: House) -> None:
    answer = import_package(empty, package, "archivo")
    assert isinstance(answer, Imported), answer
    assert list(answer.cases) == numbers_of(house)
    assert [found.code for found in answer.warnings] == ["PACKAGE_SEAL_UNKNOWN"]
    assert everything_of(empty) == everything_of(house)
    assert verify_archive(empty)[1] == []
    assert verify_audit(empty).first_broken is None
    assert {item.case for item in find_documents(empty, "andina", "archivo")} == {answer.cases[0]}
    for name in set(house.blobs.names()) & set(empty.blobs.names()):
        assert house.blobs.get(name) == empty.blobs.get(name)


def test_history_goes_on_after_a_restoration(package: Path, house: House, empty: House) -> None:
    import_package(empty, package, "archivo")
    first = numbers_of(house)[0]
    assert view_case(empty, first, "archivo").case.state == "archived"
    newer = hand_in(empty, ("nuevo.pdf", b"%PDF-1.7 nuevo"))
    assert newer not in numbers_of(house)
    assert verify_archive(empty)[1] == []


def test_a_package_of_a_restored_case_restores_it_again(
    package: Path, house: House, empty: House, tmp_path: Path
) -> None:
    import_package(empty, package, "archivo")
    number = numbers_of(house)[0]
    view_case(empty, number, "lectora")
    write_package(export_cases(empty, [number], "archivo"), tmp_path / "otra.zip")
    third = open_house(Settings(data_dir=tmp_path / "tercero"), Clock())
    answer = import_package(third, tmp_path / "otra.zip", "archivo")
    assert isinstance(answer, Imported), answer
    assert verify_archive(third)[1] == []
    with third.database.reading() as session:
        trail = pack_case(session, number).trail
    before = (package / "data" / number / "audit.jsonl").read_text("utf-8").splitlines()
    assert list(trail[: len(before)]) == before
    assert any("lectora" in line for line in trail)


def test_a_case_that_is_there_is_not_taken_again(package: Path, house: House) -> None:
    before = everything_of(house)
    answer = import_package(house, package, "archivo")
    assert not isinstance(answer, Imported)
    assert [found.code for found in answer] == ["PACKAGE_CASE_EXISTS"]
    assert everything_of(house) == before


def test_ids_that_are_taken_give_way_and_everything_fits(package: Path, tmp_path: Path) -> None:
    other = open_house(Settings(data_dir=tmp_path / "otra"), Clock())
    with other.database.transaction() as session:
        session.execute(text("INSERT INTO counters (name, value) VALUES ('case-2026', 500)"))
    own = hand_in(other, ("propio.pdf", b"%PDF-1.7 propio"))
    answer = import_package(other, package, "archivo")
    assert isinstance(answer, Imported), answer
    assert len(numbers_of(other)) == 3
    assert own in numbers_of(other)
    assert verify_archive(other)[1] == []


def test_a_case_that_is_not_there_has_no_package(house: House) -> None:
    with pytest.raises(CaseNotFoundError):
        export_cases(house, ["2020-000001-0"], "archivo")


def test_a_damaged_document_is_never_exported(tmp_path: Path) -> None:
    house = open_demo_house(tmp_path, Clock())
    number = hand_in(house, ("papel.pdf", b"%PDF-1.7 papel"))
    name = hashlib.sha256(b"%PDF-1.7 papel").hexdigest()
    path = house.settings.data_dir / "blobs" / name[:2] / name[2:4] / name
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 PAPEL")
    with pytest.raises(BlobChangedError):
        write_package(export_cases(house, [number], "archivo"), tmp_path / "p.zip")
    assert not list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*.parcial"))


def change_case(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = next((folder / "data").glob("*-000001-*/case.json"))
        body = json.loads(path.read_text("utf-8"))
        change(body)
        path.write_text(json.dumps(body), "utf-8")

    return spoil


def spoil_trail(folder: Path) -> None:
    path = next((folder / "data").glob("*-000001-*/audit.jsonl"))
    path.write_text(path.read_text("utf-8").replace("ventanilla", "ventanilIa", 1), "utf-8")


def cut_trail(folder: Path) -> None:
    path = next((folder / "data").glob("*-000001-*/audit.jsonl"))
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[2:]), "utf-8")


def rename_case(folder: Path) -> None:
    path = next((folder / "data").glob("*-000001-*"))
    path.rename(path.with_name("2026-000009-9"))


FORGERIES: dict[str, Callable[[Path], None]] = {
    "state": change_case(lambda body: body["case"].update(state="refused")),
    "answers": change_case(lambda body: body["case"].update(answers={})),
    "receiver": change_case(lambda body: body["case"].update(received_by="nadie")),
    "event": change_case(lambda body: body["rows"]["case_events"][3].update(actor="nadie")),
    "event gone": change_case(lambda body: body["rows"]["case_events"].pop()),
    "reading": change_case(lambda body: body["rows"]["readings"][0].update(body={})),
    "document kind": change_case(lambda body: body["rows"]["documents"][-1].update(kind="original")),
    "document gone": change_case(lambda body: body["rows"]["documents"].pop()),
    "file gone": change_case(lambda body: body["files"].pop()),
    "file swapped": change_case(lambda body: body["files"][0].update(path=body["files"][1]["path"])),
    "column too many": change_case(lambda body: body["case"].update(x=1)),
    "column gone": change_case(lambda body: body["case"].pop("office")),
    "another type": change_case(lambda body: body["case"].update(version="7")),
    "another table": change_case(lambda body: body["rows"].update(users=[])),
    "another version": change_case(lambda body: body.update(version=2)),
    "another case's row": change_case(lambda body: body["rows"]["receptions"][0].update(case_number="x")),
    "number": change_case(lambda body: body["case"].update(number="../../x")),
    "no object": change_case(lambda body: body.update(case=[])),
    "trail changed": spoil_trail,
    "trail cut": cut_trail,
    "folder of another": rename_case,
}


def resealed(folder: Path, house: House) -> None:
    """Make a changed package a valid bag again, signed by somebody who has the key."""
    for stale in (*folder.glob("*manifest-*.txt"), folder / "bag-info.txt"):
        stale.unlink()
    written = [path for path in sorted((folder / "data").rglob("*")) if path.is_file()]
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder)}\n" for p in written]
    (folder / "manifest-sha256.txt").write_text("".join(lines), "utf-8")
    seal = json.loads((folder / SEAL).read_text("utf-8"))
    seal["manifest"] = hashlib.sha256("".join(lines).encode()).hexdigest()
    said = json.dumps(
        ["ventanilla-package", 1, seal["manifest"], seal["sealed_at"], seal["key"]], separators=(",", ":")
    )
    seal["signature"] = house.keys.issuing.private.sign(said.encode()).hex()
    (folder / SEAL).write_text(json.dumps(seal), "utf-8")


@pytest.mark.parametrize("name", FORGERIES)
def test_a_package_that_disagrees_with_itself_leaves_nothing(
    package: Path, house: House, tmp_path: Path, name: str
) -> None:
    forged = shutil.copytree(package, tmp_path / "falso")
    FORGERIES[name](forged)
    resealed(forged, house)
    target = open_house(Settings(data_dir=tmp_path / "destino"), Clock())
    answer = import_package(target, forged, "archivo")
    assert not isinstance(answer, Imported)
    assert answer[0].code in {"PACKAGE_DISAGREES", "PACKAGE_NOT_OURS"}
    assert "Por favor" in answer[0].message
    assert numbers_of(target) == []


def test_the_same_resealing_of_an_honest_package_is_taken(
    package: Path, house: House, tmp_path: Path
) -> None:
    honest = shutil.copytree(package, tmp_path / "bueno")
    resealed(honest, house)
    target = open_house(Settings(data_dir=tmp_path / "destino"), Clock())
    assert isinstance(import_package(target, honest, "archivo"), Imported)


@pytest.mark.parametrize("field", ["manifest", "signature", "sealed_at", "public_key", "key"])
def test_a_signature_that_does_not_fit_is_refused(package: Path, tmp_path: Path, field: str) -> None:
    forged = shutil.copytree(package, tmp_path / "falso")
    seal = json.loads((forged / SEAL).read_text("utf-8"))
    seal[field] = seal[field][:-1] + ("0" if seal[field][-1] != "0" else "1")
    (forged / SEAL).write_text(json.dumps(seal), "utf-8")
    (forged / "tagmanifest-sha256.txt").unlink()
    target = open_house(Settings(data_dir=tmp_path / "destino"), Clock())
    answer = import_package(target, forged, "archivo")
    assert not isinstance(answer, Imported)
    assert [found.code for found in answer] == ["PACKAGE_SEAL_INVALID"]


def test_somebody_elses_valid_bag_is_none_of_our_cases(tmp_path: Path) -> None:
    folder = tmp_path / "bolsa"
    folder.mkdir()
    (folder / "uno.txt").write_bytes(b"uno")
    bagit.make_bag(str(folder), checksums=["sha256"])
    answer = import_package(open_house(Settings(data_dir=tmp_path / "destino"), Clock()), folder, "archivo")
    assert not isinstance(answer, Imported)
    assert [found.code for found in answer] == ["PACKAGE_FILE_MISSING"]
