"""Settings of the service: one frozen class, from the environment or a TOML file, each documented."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

PREFIX: Final = "VENTANILLA_"
_TRUE: Final = frozenset({"1", "true", "yes", "on", "sí", "si"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what it should be."""


def _documented(default: Any, text: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"text": text, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Each is read from ``VENTANILLA_`` and its name in capitals."""

    data_dir: Path = _documented(
        Path("data"), "Folder of the embedded default: database, blobs, keys and outbox live under it."
    )
    database_url: str = _documented(
        "",
        "Database address; empty means SQLite in data_dir. PostgreSQL: postgresql+psycopg://…",
        secret=True,
    )
    blob_url: str = _documented(
        "",
        "Where bytes are kept: file:///folder or s3://bucket/prefix?endpoint=…; empty means data_dir/blobs.",
    )
    copy_url: str = _documented(
        "",
        "Where a second copy of all bytes is kept, as in blob_url; empty means none. What is damaged in one "
        "place is repaired from the other.",
    )
    fixity_days: int = _documented(
        30, "Days within which the whole archive is read and hashed again, over and over; 0 means never."
    )
    alarm_email: str = _documented(
        "",
        "Address that the archive's alarms are mailed to; empty means the log and the page only.",
    )
    host: str = _documented("127.0.0.1", "Address that the web service listens on.")
    port: int = _documented(8000, "Port that the web service listens on.")
    public_url: str = _documented("http://127.0.0.1:8000", "Address that printed pages and mails name.")
    parameters_dir: str = _documented(
        "",
        "Folder of YAML files that add values of parameters, such as next year's basic wage "
        "(docs/parameters.md); empty means data_dir/parameters.",
    )
    office: str = _documented("Quito - Matriz", "Office that this window belongs to.")
    time_zone: str = _documented(
        "America/Guayaquil", "IANA zone of the office's day: America/Guayaquil or Pacific/Galapagos."
    )
    same_day_rule: bool = _documented(
        True, "Whether annulments must be of the day of the request (the procedure says so)."
    )
    secure_cookies: bool = _documented(False, "Send cookies over HTTPS only; set it behind a TLS proxy.")
    session_hours: int = _documented(10, "Hours after which a person must sign in again.")
    file_megabytes: int = _documented(64, "Largest file that is received, in megabytes.")
    read_seconds: int = _documented(120, "Seconds after which the reading of a file is given up.")
    attested_receipts: bool = _documented(
        False, "Whether annulled receipts are attested by the clerk, where no interface tells of them."
    )
    smtp_url: str = _documented(
        "",
        "Server of outgoing mail, smtp://user:password@host:587 or smtps://…; empty leaves mails as files in "
        "data_dir/outbox.",
        secret=True,
    )
    mail_sender: str = _documented("Ventanilla <ventanilla@localhost>", "Whom mails are from.")
    core_url: str = _documented(
        "", "Address of the institute's own register (docs/register-api.md); empty means our own tables."
    )
    core_token: str = _documented("", "Bearer token for the institute's register.", secret=True)
    core_seconds: int = _documented(20, "Seconds that an answer of the institute's register may take.")
    hot_folder: str = _documented(
        "", "Folder from which scans are received by themselves; empty means none. Taken ones are moved."
    )
    hot_folder_seconds: int = _documented(
        5, "Seconds that a file of the hot folder must not have changed for before it is taken."
    )
    workers: int = _documented(2, "Cases that this process works on at the same time.")

    @property
    def database(self) -> str:
        """The database address that is in use."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'ventanilla.sqlite3').resolve()}"

    @property
    def added_parameters(self) -> Path:
        """The folder of added parameters that is in use; it need not be there."""
        return Path(self.parameters_dir) if self.parameters_dir else self.data_dir / "parameters"

    @property
    def mail_domain(self) -> str:
        """The right side of the sender's address, which Message-IDs end in."""
        return self.mail_sender.rpartition("@")[2].rstrip("> ") or "localhost"

    @property
    def blobs(self) -> str:
        """The blob address that is in use."""
        return self.blob_url or f"file://{(self.data_dir / 'blobs').resolve()}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, after those of the TOML file that ``VENTANILLA_SETTINGS`` names.

    Raises :class:`SettingsError` for a name that no setting has or a value of another type.
    """
    source = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    if path := source.get(f"{PREFIX}SETTINGS"):
        given |= tomllib.loads(Path(path).read_text("utf-8"))
    names = {item.name: item for item in fields(Settings)}
    for name, value in source.items():
        if name.startswith(PREFIX) and name not in {f"{PREFIX}SETTINGS", f"{PREFIX}TEST_DATA"}:
            given[name.removeprefix(PREFIX).lower()] = value
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise SettingsError(f"no such setting: {', '.join(unknown)}; `ventanilla check` lists them all")
    settings = Settings(**{name: _convert(name, names[name].default, value) for name, value in given.items()})
    if settings.time_zone not in available_timezones():
        raise SettingsError(
            f"time_zone must be an IANA zone such as America/Guayaquil, not {settings.time_zone!r}"
        )
    return settings


def _convert(name: str, default: Any, value: Any) -> Any:
    if isinstance(default, bool):
        return _convert_truth(name, value)
    try:
        match default:
            case int():
                return int(value)
            case Path():
                return Path(value)
            case _:
                return str(value)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, not {value!r}") from None


def _convert_truth(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise SettingsError(f"{name} must be true or false, not {value!r}")
    return word in _TRUE


def describe_settings(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, value (secrets masked) and meaning of every setting."""
    rows = []
    for item in fields(Settings):
        value = getattr(settings, item.name)
        shown = "•••" if item.metadata["secret"] and value else str(value)
        rows.append((item.name, shown, str(item.metadata["text"])))
    return rows
