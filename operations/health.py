"""What is well and what is not: each part of the service is really used once, and told with what to do."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text

from forms.fingerprints import lock_text, locked
from forms.problems import Problem, problem
from forms.register import all_forms
from generators.typefaces import register_faces, value_face_file
from intake.line_model import line_model
from intake.line_network import LineNetwork, multiplies_bytes
from intake.line_quantisation import line_ranges, quantised
from operations.agencies.corrections import agencies_in_force
from operations.audit_seals import verify_trail
from operations.house import House, open_house
from operations.keys import Keys, load_keys
from operations.mail import MailState, mails_in_trouble
from operations.older_backups import IN_PROGRESS
from operations.parameter_files import parameters_running_out
from operations.remote_register import open_remote_register
from operations.settings import Settings
from operations.troubles import find_trouble
from storage.blobs import BlobStore, S3Blobs, open_blobs
from storage.claimed_folders import look_for_claims
from storage.database import Database, open_engine, prepare_schema
from storage.object_locks import ObjectLock
from storage.schema import AuditEventRow, CounterRow

_MAILS_LOOKED_AT: Final = timedelta(days=7)
"""How far back is looked for mails that did not go out."""
_TOLERANCE: Final = timedelta(minutes=1)
"""By how much two clocks may differ."""
_ENGINES: Final = frozenset({"database", "blobs", "copy", "register"})
"""Parts that are elsewhere, so that a trouble of theirs is that they are out of reach."""

_STRICT: Final = "COMPLIANCE"
"""The one mode of a lock that nobody can end before its time."""
_OF_THE_BUCKET: Final = "se fija en el depósito (docs/bucket.md)"


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of the service after it was tried. ``detail`` says what was found, ``trouble`` what to do."""

    name: str
    detail: str
    trouble: Problem | None = None

    @property
    def is_well(self) -> bool:
        return self.trouble is None

    @property
    def is_out_of_reach(self) -> bool:
        return self.trouble is not None and self.name in _ENGINES


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Try every part, also where another one fails. What needs a part that is out of reach is left out."""
    found = [
        _try("database", lambda: _try_database(settings)),
        _try("blobs", lambda: _try_blobs(open_blobs(settings.blobs), settings.blobs)),
    ]
    if settings.copy_url:
        found.append(_try("copy", lambda: _try_blobs(open_blobs(settings.copy_url), settings.copy_url)))
    found += [
        _try("keys", lambda: _try_keys(load_keys(settings.data_dir / "keys"))),
        _try("editions", _try_editions),
        _try("fonts", _try_fonts),
        _try("ocr", _try_reader),
        _try("register", lambda: _try_register(settings)),
        _try("agencies", lambda: _try_agencies(settings)),
        _try("restore", lambda: _try_restore(settings)),
    ]
    if all(each.is_well for each in found if each.name in {"database", "blobs", "keys", "agencies"}):
        house = open_house(settings)
        try:
            found += [
                _try("audit", lambda: _try_trail(house)),
                _try("mail", lambda: _try_mail(house)),
                _try("parameters", lambda: _try_parameters(house)),
                _try("clock", lambda: _try_clock(house)),
            ]
        finally:
            house.database.engine.dispose()
            house.jobs.engine.dispose()
    return tuple(found)


def _try(name: str, attempt: Callable[[], str | tuple[str, Problem]]) -> Finding:
    try:
        answer = attempt()
    except Exception as error:
        trouble = find_trouble(error)
        if trouble is None:
            raise
        return Finding(name, "", trouble.problem)
    return Finding(name, answer) if isinstance(answer, str) else Finding(name, *answer)


def _try_database(settings: Settings) -> str:
    """Write, read and take back."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    probe = f"check-{secrets.token_hex(8)}"
    try:
        prepare_schema(engine)
        with contextlib.suppress(_UndoneError), Database(engine).transaction() as session:
            session.add(CounterRow(name=probe, value=1))
            session.flush()
            session.execute(select(CounterRow.value).where(CounterRow.name == probe)).one()
            raise _UndoneError
        version = sqlite3.sqlite_version
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                version = str(connection.scalar(text("show server_version")))
        return f"{engine.dialect.name} {version}"
    finally:
        engine.dispose()


class _UndoneError(Exception):
    """Takes back what was written to see whether it can be."""


def _try_blobs(blobs: BlobStore, address: str) -> str | tuple[str, Problem]:
    """Write a probe, read it back and remove it: it is no document of anybody's."""
    probe = f"ventanilla check {secrets.token_hex(16)}\n".encode()
    name = hashlib.sha256(probe).hexdigest()
    told = address.partition("?")[0]
    blobs.put([probe])
    try:
        same = blobs.get(name) == probe
        if isinstance(blobs, S3Blobs):
            told = f"{told} · {_tell_lock(blobs.lock_of(name))}"
    finally:
        blobs.remove(name, 0.0)
    return told if same else (told, problem("BLOBS_OUT_OF_REACH", reason="no devuelve lo que se guardó"))


def _tell_lock(lock: ObjectLock | None) -> str:
    """How the bucket keeps what is in it. No fault either way: not every store offers a lock."""
    if lock is None:
        return "el depósito no dice si guarda versiones ni si bloquea objetos"
    versions = "guarda versiones" if lock.has_versions else "sin versiones"
    if lock.until is None:
        return f"{versions}, no se ve bloqueo de objetos: {_OF_THE_BUCKET}"
    told = f"{versions}, bloquea cada objeto nuevo (ahora hasta {lock.until.date()}, {lock.mode})"
    return told if lock.mode == _STRICT else f"{told}: quien tiene permiso puede quitarlo; {_OF_THE_BUCKET}"


def _try_keys(keys: Keys) -> str:
    """Sign and verify; the library raises when they do not belong together."""
    statement = secrets.token_bytes(32)
    for key in keys.all:
        key.private.public_key().verify(key.private.sign(statement), statement)
    return f"{keys.issuing.key_id.hex()} ({len(keys.all)})"


def _try_editions() -> str | tuple[str, Problem]:
    editions = tuple(edition for form in all_forms() for edition in form)
    told = str(len(editions))
    same = lock_text(editions).count("\n") == len(locked()) + 1
    return told if same else (told, problem("EDITIONS_CHANGED"))


def _try_fonts() -> str | tuple[str, Problem]:
    """Load every face that paper is set in."""
    try:
        register_faces()
        size = len(value_face_file())
    except Exception as error:  # the library has an exception of its own for each way to be broken
        return "", problem("FONTS_UNUSABLE", reason=type(error).__name__)
    return f"IBM Plex ({size // 1024} KB)"


def _try_reader() -> str | tuple[str, Problem]:
    """Load the network that lines of type are read with."""
    try:
        model = line_model(2)
        LineNetwork(quantised(model.data, line_ranges()) if multiplies_bytes() else model.data)
    except Exception as error:  # the library has an exception of its own for each way to be broken
        return "", problem("OCR_UNUSABLE", reason=type(error).__name__)
    return f"PP-OCRv6 ({len(model.places)})"


def _try_register(settings: Settings) -> str | tuple[str, Problem]:
    register = open_remote_register(settings.core_url, settings.core_token, settings.core_seconds)
    if register is None or register.is_there():
        return settings.core_url or "–"
    return settings.core_url, problem("REGISTER_DOES_NOT_ANSWER", address=settings.core_url)


def _try_agencies(settings: Settings) -> str:
    """Whether the operator's corrections can be used, and how many agencies nobody has verified yet."""
    found = agencies_in_force(settings)
    unverified = sum(not agency.verified for agency in found.agencies.all)
    file = settings.corrected_agencies
    own = f"{file}: corrige {found.corrected}, añade {found.added}"
    told = own if file.exists() else f"sin correcciones en {file}"
    return f"{len(found.agencies.all)} ({unverified} sin verificar) · {told}"


def _try_restore(settings: Settings) -> str | tuple[str, Problem]:
    """Whether a restore that was broken off left data of people lying about."""
    found = look_for_claims(settings.data_dir, IN_PROGRESS)
    told = f"en curso: {len(found.held)}" if found.held else "nada en curso"
    # First what no restore will remove by itself.
    if found.unproved:
        return told, problem("RESTORE_UNPROVED", folders=_names(found.unproved))
    if found.left:
        return told, problem("RESTORE_LEFT_OVER", folders=_names(found.left))
    return told


def _names(folders: Sequence[Path]) -> str:
    return ", ".join(map(str, folders))


def _try_parameters(house: House) -> str | tuple[str, Problem]:
    """Whether each parameter has a value today; those that run out soon are told as well."""
    ending, today = parameters_running_out(house.parameters, house.today()), house.today()
    told = "; ".join(f"{each.label} ({each.name}): {each.until}" for each in ending)
    folder = str(house.settings.added_parameters)
    gone = [each.label for each in ending if each.until is None or each.until < today]
    if gone:
        return told, problem("PARAMETERS_RUN_OUT", names="; ".join(gone), folder=folder)
    return f"{told} · {folder}" if told else folder


def _try_trail(house: House) -> str | tuple[str, Problem]:
    report = verify_trail(house)
    told = str(report.events)
    return told if report.is_whole else (told, problem("TRAIL_BROKEN"))


def _try_mail(house: House) -> str | tuple[str, Problem]:
    """Whether the mails of the last days went out; the newest that did not is told."""
    server = house.settings.smtp_url.rpartition("@")[2] or str(house.settings.data_dir / "outbox")
    with house.database.reading() as session:
        bad = mails_in_trouble(session, house.now() - _MAILS_LOOKED_AT)
    if not bad:
        return server
    last = f"{bad[0].subject} ({MailState(bad[0].state).label}) {bad[0].trouble}".strip()
    return server, problem("MAILS_STUCK", count=len(bad), last=last)


def _try_clock(house: House) -> str | tuple[str, Problem]:
    """Against what the trail has seen already, and against the clock of the database's machine."""
    now = house.now()
    told = now.isoformat(timespec="seconds")
    for other in _other_clocks(house):
        if other - now > _TOLERANCE:
            return told, problem("CLOCK_WRONG", other=other.astimezone(house.zone).isoformat(" ", "seconds"))
    return told


def _other_clocks(house: House) -> Iterator[datetime]:
    with house.database.reading() as session:
        last: datetime | None = session.scalar(select(func.max(AuditEventRow.at)))
        if last is not None:
            yield last
        if house.database.engine.dialect.name == "postgresql":
            there = session.scalar(text("select now()"))
            assert isinstance(there, datetime)
            yield there.astimezone(UTC)
