"""Restoring cases from a package: all of it is checked before anything is kept, and then once more.

What comes in keeps its numbers and its history. The case's part of the other archive's audit trail is kept
as it stood there; that it came in is an event of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from forms.problems import Problem, problem
from operations.audit_seals import public_keys
from operations.deposits import Deposit, record
from operations.house import House
from operations.indexing import index_case
from operations.package_contents import FORMAT, TABLES, VERSION, table_of
from operations.packages import SEAL, seal_statement
from operations.verification import case_failures
from storage.archive_tables import ImportedAuditRow
from storage.audit import append_audit, canonical_instant, chain_hash
from storage.bag_checking import CheckedBag, check_bag, read_whole
from storage.bag_reading import LIMITS, Bag, BrokenPackageError, PackageLimits, open_bag
from storage.restoring import insert_rows, raise_counter, taken_key
from storage.row_json import RowShapeError, row_from_json
from storage.schema import CaseRow

_EVENT: Final = ("sequence", "at", "actor", "action", "subject", "data", "previous", "hash")
_NUMBER: Final = re.compile(r"(\d{4})-(\d{6,})-\d")
_FILE_KEYS: Final = {"path", "sha256", "size", "media_type", "stored_at"}


@dataclass(frozen=True, slots=True)
class Imported:
    """The cases that are in the archive now, and what the archivist should know of them."""

    cases: tuple[str, ...]
    files: int
    warnings: tuple[Problem, ...] = ()


class _RefusedError(ValueError):
    """The package cannot be taken; nothing of it was kept."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of a case as the package describes it, with its path in the bag."""

    path: str
    made: Deposit
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """A case as the package tells of it, its values converted and ready to be inserted."""

    number: str
    case: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    files: tuple[_Kept, ...]
    trail: tuple[dict[str, Any], ...]


def import_package(
    house: House, path: Path, by: str, limits: PackageLimits = LIMITS
) -> Imported | tuple[Problem, ...]:
    """Restore the cases of a package (a folder or a ZIP), or say what keeps it from being taken."""
    try:
        with open_bag(path, limits) as bag:
            checked = check_bag(bag)
            if not isinstance(checked, CheckedBag):
                return checked
            return _import(house, bag, checked, by)
    except (BrokenPackageError, _RefusedError) as error:
        return (error.problem,)


def _import(house: House, bag: Bag, checked: CheckedBag, by: str) -> Imported:
    if checked.fetched:
        raise _RefusedError(problem("PACKAGE_NOT_OURS", detail="remite a archivos que están en otra parte"))
    warnings = tuple(_seal_problems(house, bag))
    package = hashlib.sha256(_own(bag, "manifest-sha256.txt")).hexdigest()
    cases = tuple(_read_cases(bag, checked))
    with house.database.reading() as session:
        for case in cases:
            _refuse_known(session, case)
    for case in cases:
        _keep_files(house, bag, case)
    try:
        with house.database.transaction() as session:
            for case in cases:
                _restore(house, session, package, case, by)
    except (IntegrityError, StatementError) as error:
        detail = f"sus filas no se pueden guardar ({type(error).__name__})"
        raise _RefusedError(problem("PACKAGE_NOT_OURS", detail=detail)) from error
    return Imported(tuple(case.number for case in cases), sum(len(case.files) for case in cases), warnings)


def _own(bag: Bag, path: str) -> bytes:
    try:
        return read_whole(bag, path)
    except (KeyError, OSError):
        raise _RefusedError(problem("PACKAGE_FILE_MISSING", file=path)) from None


def _seal_problems(house: House, bag: Bag) -> Iterator[Problem]:
    """A signature that does not fit is refused; one by a key that we do not know is told of."""
    raw, manifest = _own(bag, SEAL), _own(bag, "manifest-sha256.txt")
    try:
        seal = json.loads(raw)
        known = public_keys(house).get(seal["key"])
        given = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal["public_key"]))
        (known or given).verify(bytes.fromhex(seal["signature"]), seal_statement(seal))
        fits = seal["manifest"] == hashlib.sha256(manifest).hexdigest()
    except (ValueError, TypeError, KeyError, RecursionError, InvalidSignature):
        fits = False
    if not fits:
        raise _RefusedError(problem("PACKAGE_SEAL_INVALID"))
    if known is None:
        yield problem("PACKAGE_SEAL_UNKNOWN", key=str(seal["key"]))


def _read_cases(bag: Bag, checked: CheckedBag) -> Iterator[_Case]:
    paths = sorted(path for path in bag.sizes if path.startswith("data/") and path.endswith("/case.json"))
    if not paths:
        raise _RefusedError(problem("PACKAGE_NOT_OURS", detail="no trae ningún trámite"))
    for path in paths:
        folder = path.removesuffix("case.json")
        try:
            yield _read_case(bag, checked, folder)
        except RowShapeError as error:
            raise _RefusedError(problem("PACKAGE_NOT_OURS", detail=str(error))) from None
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            if isinstance(error, _RefusedError):
                raise
            raise _RefusedError(problem("PACKAGE_NOT_OURS", detail=f"«{path}» no se entiende")) from None


def _read_case(bag: Bag, checked: CheckedBag, folder: str) -> _Case:
    body = json.loads(_own(bag, f"{folder}case.json"))
    if (body["format"], body["version"]) != (FORMAT, VERSION) or set(body["rows"]) != set(TABLES):
        raise _RefusedError(problem("PACKAGE_NOT_OURS", detail="es de otra versión"))
    case = row_from_json(table_of("cases"), body["case"])
    number = str(case["number"])
    if _NUMBER.fullmatch(number) is None:
        raise ValueError("no number of a case")
    if folder != f"data/{number}/":
        raise _RefusedError(problem("PACKAGE_DISAGREES", case=number, detail="Su carpeta es de otro."))
    rows = {
        name: [row_from_json(table_of(name), row) for row in given] for name, given in body["rows"].items()
    }
    if any(row["case_number"] != number for own in rows.values() for row in own):
        raise _RefusedError(problem("PACKAGE_DISAGREES", case=number, detail="Trae filas de otro trámite."))
    files = tuple(_read_file(checked, folder, number, each) for each in body["files"])
    lines = _own(bag, f"{folder}audit.jsonl").decode().splitlines()
    return _Case(number, case, rows, files, tuple(_read_event(number, line) for line in lines))


def _read_file(checked: CheckedBag, folder: str, number: str, given: Any) -> _Kept:
    if set(given) != _FILE_KEYS or type(given["size"]) is not int:
        raise ValueError("another shape")
    path = f"{folder}{given['path']}"
    if checked.payload.get(path, {}).get("sha256") != given["sha256"]:
        raise _RefusedError(problem("PACKAGE_DISAGREES", case=number, detail=f"«{path}» es otro archivo."))
    made = Deposit(given["sha256"], given["size"], str(given["media_type"]))
    return _Kept(path, made, datetime.fromisoformat(given["stored_at"]))


def _read_event(number: str, line: str) -> dict[str, Any]:
    """An event of the trail, which must be what its own hash says."""
    sequence, at, actor, action, subject, data, previous, own = json.loads(line)
    moment = datetime.fromisoformat(at)
    whole = chain_hash(sequence, moment, actor, action, subject, data, previous)
    if whole != own or canonical_instant(moment) != at:
        detail = f"El evento {sequence} de su bitácora fue cambiado."
        raise _RefusedError(problem("PACKAGE_DISAGREES", case=number, detail=detail))
    told = (sequence, moment, actor, action, subject, data, previous, own)
    return dict(zip(_EVENT, told, strict=True))


def _refuse_known(session: Session, case: _Case) -> None:
    taken = taken_key(session, table_of("cases"), [case.case])
    taken = taken or taken_key(session, table_of("issued_documents"), case.rows["issued_documents"])
    if taken is not None:
        raise _RefusedError(problem("PACKAGE_CASE_EXISTS", case=taken))


def _keep_files(house: House, bag: Bag, case: _Case) -> None:
    """Bytes first, as everywhere. What was checked and is read again must still be the same."""
    for file in case.files:
        try:
            sha256, size = house.blobs.put(bag.read(file.path))
        except OSError:
            raise _RefusedError(problem("PACKAGE_FILE_CHANGED", file=file.path)) from None
        if (sha256, size) != (file.made.sha256, file.made.size):
            raise _RefusedError(problem("PACKAGE_FILE_CHANGED", file=file.path))


def _restore(house: House, session: Session, package: str, case: _Case, by: str) -> None:
    """Write one case with all that is its own, and hold it against its events as any other."""
    _refuse_known(session, case)
    for file in case.files:
        record(session, file.made, file.stored_at)
    session.execute(table_of("cases").insert(), [case.case])
    for name in TABLES:
        insert_rows(session, table_of(name), case.rows[name])
    for line, event in enumerate(case.trail, start=1):
        session.add(ImportedAuditRow(package=package, case_number=case.number, line=line, **event))
    session.flush()
    failures = list(case_failures(session, case.number))
    if failures:
        raise _RefusedError(problem("PACKAGE_DISAGREES", case=case.number, detail=failures[0].message))
    year, serial = case.number.split("-")[:2]
    raise_counter(session, f"case-{year}", int(serial))
    index_case(session, session.get_one(CaseRow, case.number))
    told = {"package": package, "events": len(case.trail)}
    append_audit(session, house.now(), by, "archive.import", case.number, told)
