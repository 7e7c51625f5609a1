"""Bags of other people: the conformance suite's verdicts, and packages that mean harm."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import bagit
import pytest

from forms.problems import Problem
from storage.bag_checking import CheckedBag, check_bag
from storage.bag_reading import BrokenPackageError, PackageLimits, open_bag

LIMITS = PackageLimits()


def verdict(path: Path, limits: PackageLimits = LIMITS) -> tuple[str, ...]:
    """Codes of what is wrong with a bag; none when it is valid."""
    return tuple(found.code for found in problems_of(path, limits))


def problems_of(path: Path, limits: PackageLimits = LIMITS) -> tuple[Problem, ...]:
    try:
        with open_bag(path, limits) as bag:
            checked = check_bag(bag)
    except BrokenPackageError as error:
        return (error.problem,)
    return () if isinstance(checked, CheckedBag) else checked


def suite(shared_data: Path, kind: str) -> list[Path]:
    return sorted((shared_data / "bags").glob(f"v*/{kind}/*"))


def test_valid_bags_of_the_suite_are_valid(shared_data: Path) -> None:
    bags = suite(shared_data, "valid")
    assert len(bags) > 20
    assert {bag.name: problems_of(bag) for bag in bags if verdict(bag)} == {}


@pytest.mark.parametrize("kind", ["invalid", "linux-only", "windows-only"])
def test_invalid_bags_of_the_suite_are_refused(shared_data: Path, kind: str) -> None:
    bags = suite(shared_data, kind)
    assert len(bags) > 5
    assert [bag.name for bag in bags if not verdict(bag)] == []
    for bag in bags:
        assert all("Por favor" in found.message for found in problems_of(bag))


def test_bags_with_warnings_are_judged_as_the_reference_judges_them(shared_data: Path) -> None:
    for bag in suite(shared_data, "warning"):
        try:
            theirs = bagit.Bag(str(bag)).is_valid()
        except bagit.BagError:
            theirs = False
        assert not theirs or verdict(bag) == (), bag.name


def a_bag(folder: Path, **files: bytes) -> Path:
    """A small valid bag, by the reference's own writer."""
    folder.mkdir(parents=True)
    for name, data in (files or {"uno.txt": b"uno"}).items():
        (folder / name).write_bytes(data)
    bagit.make_bag(str(folder), checksums=["sha256"])
    return folder


def zipped(folder: Path, target: Path, *, packed: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(target, "w", packed) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path(folder.name) / path.relative_to(folder))
    return target


def test_a_bag_is_valid_as_folder_and_as_zip(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bolsa")
    assert verdict(bag) == ()
    assert verdict(zipped(bag, tmp_path / "bolsa.zip")) == ()
    assert verdict(zipped(bag, tmp_path / "bolsa2.zip", packed=zipfile.ZIP_DEFLATED)) == ()


def test_every_flipped_bit_of_a_zipped_bag_is_found_or_harmless(tmp_path: Path) -> None:
    path = zipped(a_bag(tmp_path / "bolsa", **{"a.txt": b"contenido " * 20}), tmp_path / "b.zip")
    whole = path.read_bytes()
    start = whole.index(b"contenido")
    for place in range(start, start + 200, 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert verdict(path) == ("PACKAGE_FILE_CHANGED",)


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nada.zip"
    path.write_bytes(b"%PDF-1.7")
    assert verdict(path) == ("PACKAGE_UNREADABLE",)
    assert verdict(tmp_path / "no-existe.zip") == ("PACKAGE_UNREADABLE",)
    (tmp_path / "carpeta").mkdir()
    assert verdict(tmp_path / "carpeta") == ("PACKAGE_NOT_BAGIT",)


@pytest.mark.parametrize(
    "name", ["../fuera.txt", "bolsa/../../fuera.txt", "/etc/passwd", "C:/fuera.txt", "~root/fuera.txt"]
)
def test_paths_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    assert verdict(path) == ("PACKAGE_UNSAFE",)
    assert [each.name for each in tmp_path.iterdir()] == ["b.zip"]


def test_links_are_refused(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bolsa")
    (bag / "data" / "enlace").symlink_to("/etc/passwd")
    assert verdict(bag) == ("PACKAGE_UNSAFE",)
    link = zipfile.ZipInfo("bolsa/data/enlace")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert verdict(tmp_path / "b.zip") == ("PACKAGE_UNSAFE",)


def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bolsa")
    os.mkfifo(bag / "data" / "tubo")
    assert verdict(bag) == ("PACKAGE_UNSAFE",)


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("bolsa/bagit.txt", b"x")
        archive.writestr("bolsa/bagit.txt", b"y")
    assert verdict(path) == ("PACKAGE_UNSAFE",)


def test_a_zip_bomb_is_refused_before_it_inflates(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bolsa/data/ceros", bytes(300 << 20))
    assert path.stat().st_size < 1 << 20
    assert verdict(path) == ("PACKAGE_TOO_LARGE",)


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    """The quoted-overlap bomb: many entries of the central directory point at the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"x" * 5000)
        archive.writestr("b", b"y")
    data = bytearray(buffer.getvalue())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", data, second + 42, 0)  # the second entry's local header is the first's
    path = tmp_path / "b.zip"
    path.write_bytes(bytes(data))
    assert verdict(path) == ("PACKAGE_TOO_LARGE",)


def test_a_size_that_is_a_lie_is_found(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bolsa", **{"a.txt": b"0123456789" * 100})
    path = zipped(bag, tmp_path / "b.zip")
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    while b"data/a.txt" not in data[entry + 46 : entry + 80]:
        entry = data.index(b"PK\x01\x02", entry + 4)
    struct.pack_into("<LL", data, entry + 20, 10, 10)
    path.write_bytes(bytes(data))
    assert verdict(path) != ()


def test_more_than_the_limits_is_refused(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bolsa")
    assert verdict(bag, PackageLimits(bytes=10)) == ("PACKAGE_TOO_LARGE",)
    assert verdict(bag, PackageLimits(files=3)) == ("PACKAGE_TOO_LARGE",)


def test_each_fault_is_named(tmp_path: Path) -> None:
    def spoilt(name: str) -> Path:
        return a_bag(tmp_path / name, **{"uno.txt": b"uno", "dos.txt": b"dos"})

    gone = spoilt("falta")
    (gone / "data" / "uno.txt").unlink()
    assert set(verdict(gone)) == {"PACKAGE_FILE_MISSING", "PACKAGE_SIZE"}
    extra = spoilt("sobra")
    (extra / "data" / "tres.txt").write_bytes(b"tres")
    assert set(verdict(extra)) == {"PACKAGE_FILE_FOREIGN", "PACKAGE_SIZE"}
    changed = spoilt("cambia")
    (changed / "data" / "uno.txt").write_bytes(b"UNO")
    assert verdict(changed) == ("PACKAGE_FILE_CHANGED",)
    tag = spoilt("etiqueta")
    (tag / "bag-info.txt").write_text("Source-Organization: otra\n")
    assert verdict(tag) == ("PACKAGE_FILE_CHANGED",)
    unknown = spoilt("algoritmo")
    (unknown / "manifest-crc32.txt").write_text("00000000  data/uno.txt\n")
    assert verdict(unknown) == ("PACKAGE_MANIFEST",)
    short = spoilt("corta")
    (short / "manifest-sha256.txt").write_text(f"{hashlib.sha256(b'uno').hexdigest()[:63]}  data/uno.txt\n")
    assert verdict(short) == ("PACKAGE_MANIFEST",)
