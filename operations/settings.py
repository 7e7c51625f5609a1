"""Settings of the service: one frozen class, from the environment or a TOML file, each documented."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import available_timezones

from forms.problems import Problem, problem
from operations.system_words import explain_system

PREFIX: Final = "VENTANILLA_"
_TRUE: Final = frozenset({"1", "true", "yes", "on", "sí", "si"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


class SettingsError(ValueError):
    """A setting that cannot be used; ``problem`` names it and says what it should be."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


class SettingsFileError(SettingsError):
    """The file of settings cannot be read."""


def _documented(default: Any, spanish: str, english: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"spanish": spanish, "english": english, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Each is read from ``VENTANILLA_`` and its name in capitals."""

    data_dir: Path = _documented(
        Path("data"),
        "Carpeta de lo que no tiene otro lugar: dentro están la base, los documentos, las claves y "
        "los correos.",
        "Folder of the embedded default: database, blobs, keys and outbox live under it.",
    )
    database_url: str = _documented(
        "",
        "Dirección de la base; vacía significa SQLite en data_dir. PostgreSQL: postgresql+psycopg://…",
        "Database address; empty means SQLite in data_dir. PostgreSQL: postgresql+psycopg://…",
        secret=True,
    )
    blob_url: str = _documented(
        "",
        "Dónde se guardan los documentos: file:///carpeta o s3://depósito/prefijo?endpoint=…; "
        "vacía significa data_dir/blobs. Las versiones y el bloqueo de objetos los fija usted en el depósito "
        "(docs/bucket.md).",
        "Where bytes are kept: file:///folder or s3://bucket/prefix?endpoint=…; empty means data_dir/blobs. "
        "Versions and object lock are yours to set on the bucket (docs/bucket.md).",
    )
    copy_url: str = _documented(
        "",
        "Dónde se guarda una segunda copia de los documentos, como en blob_url; vacía significa "
        "ninguna. Lo dañado en un lugar se repara desde el otro.",
        "Where a second copy of all bytes is kept, as in blob_url; empty means none. What is damaged in one "
        "place is repaired from the other.",
    )
    fixity_days: int = _documented(
        30,
        "Días en que se lee y comprueba el archivo entero, una y otra vez; 0 significa nunca.",
        "Days within which the whole archive is read and hashed again, over and over; 0 means never.",
    )
    alarm_email: str = _documented(
        "",
        "Correo que recibe las alarmas del archivo; vacío significa solo el registro y la página.",
        "Address that the archive's alarms are mailed to; empty means the log and the page only.",
    )
    host: str = _documented(
        "127.0.0.1",
        "Dirección en la que atiende el servicio web.",
        "Address that the web service listens on.",
    )
    port: int = _documented(
        8000, "Puerto en el que atiende el servicio web.", "Port that the web service listens on."
    )
    public_url: str = _documented(
        "http://127.0.0.1:8000",
        "Dirección que nombran las páginas impresas y los correos.",
        "Address that printed pages and mails name.",
    )
    parameters_dir: str = _documented(
        "",
        "Carpeta de archivos YAML que añaden valores de parámetros, como el salario básico del año siguiente "
        "(docs/parameters.md); vacía significa data_dir/parameters.",
        "Folder of YAML files that add values of parameters, such as next year's basic wage "
        "(docs/parameters.md); empty means data_dir/parameters.",
    )
    agencies_file: str = _documented(
        "",
        "Archivo YAML que corrige y añade agencias para los turnos y días de descanso (docs/agencies.md); "
        "vacía significa data_dir/agencies.yaml, si está.",
        "YAML file that corrects and adds agencies for appointments and days of rest (docs/agencies.md); "
        "empty means data_dir/agencies.yaml, when it is there.",
    )
    office: str = _documented(
        "Quito - Matriz", "Oficina a la que pertenece esta ventanilla.", "Office that this window belongs to."
    )
    time_zone: str = _documented(
        "America/Guayaquil",
        "Zona horaria (IANA) del día de la oficina: America/Guayaquil o Pacific/Galapagos.",
        "IANA zone of the office's day: America/Guayaquil or Pacific/Galapagos.",
    )
    same_day_rule: bool = _documented(
        True,
        "Si las anulaciones deben ser del día de la solicitud (así lo dice el procedimiento).",
        "Whether annulments must be of the day of the request (the procedure says so).",
    )
    secure_cookies: bool = _documented(
        False,
        "Enviar las cookies solo por HTTPS; actívelo detrás de un intermediario TLS.",
        "Send cookies over HTTPS only; set it behind a TLS proxy.",
    )
    session_hours: int = _documented(
        10,
        "Horas tras las que una persona debe ingresar otra vez.",
        "Hours after which a person must sign in again.",
    )
    file_megabytes: int = _documented(
        64,
        "Tamaño máximo de un archivo que se recibe, en megabytes.",
        "Largest file that is received, in megabytes.",
    )
    read_seconds: int = _documented(
        120,
        "Segundos tras los que se abandona la lectura de un archivo.",
        "Seconds after which the reading of a file is given up.",
    )
    attested_receipts: bool = _documented(
        False,
        "Si la ventanilla da fe de los comprobantes anulados, donde ningún sistema los informa.",
        "Whether annulled receipts are attested by the clerk, where no interface tells of them.",
    )
    smtp_url: str = _documented(
        "",
        "Servidor del correo que sale, smtp://usuario:clave@servidor:587 o smtps://…; vacío deja "
        "los correos como archivos en data_dir/outbox.",
        "Server of outgoing mail, smtp://user:password@host:587 or smtps://…; empty leaves mails as files in "
        "data_dir/outbox.",
        secret=True,
    )
    mail_sender: str = _documented(
        "Ventanilla <ventanilla@localhost>", "De quién son los correos.", "Whom mails are from."
    )
    core_url: str = _documented(
        "",
        "Dirección del registro propio del instituto (docs/register-api.md); vacía significa "
        "nuestras tablas.",
        "Address of the institute's own register (docs/register-api.md); empty means our own tables.",
    )
    core_token: str = _documented(
        "",
        "Credencial (Bearer) para el registro del instituto.",
        "Bearer token for the institute's register.",
        secret=True,
    )
    core_seconds: int = _documented(
        20,
        "Segundos que puede tardar una respuesta del registro del instituto.",
        "Seconds that an answer of the institute's register may take.",
    )
    hot_folder: str = _documented(
        "",
        "Carpeta de la que los escaneos se reciben solos; vacía significa ninguna. Los recibidos se mueven.",
        "Folder from which scans are received by themselves; empty means none. Taken ones are moved.",
    )
    hot_folder_seconds: int = _documented(
        5,
        "Segundos sin cambios tras los que se toma un archivo de esa carpeta.",
        "Seconds that a file of the hot folder must not have changed for before it is taken.",
    )
    workers: int = _documented(
        2,
        "Trámites en los que este proceso trabaja a la vez.",
        "Cases that this process works on at the same time.",
    )

    @property
    def database(self) -> str:
        """The database address that is in use."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'ventanilla.sqlite3').resolve()}"

    @property
    def added_parameters(self) -> Path:
        """The folder of added parameters that is in use; it need not be there."""
        return Path(self.parameters_dir) if self.parameters_dir else self.data_dir / "parameters"

    @property
    def corrected_agencies(self) -> Path:
        """The file of corrected agencies that is in use."""
        return Path(self.agencies_file) if self.agencies_file else self.data_dir / "agencies.yaml"

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
        given |= _read_file(Path(path))
    names = {item.name: item for item in fields(Settings)}
    for name, value in source.items():
        if name.startswith(PREFIX) and name not in {f"{PREFIX}SETTINGS", f"{PREFIX}TEST_DATA"}:
            given[name.removeprefix(PREFIX).lower()] = value
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise SettingsError(problem("SETTING_UNKNOWN", names=", ".join(unknown)))
    settings = Settings(**{name: _convert(name, names[name].default, value) for name, value in given.items()})
    if settings.time_zone not in available_timezones():
        raise _unfit("time_zone", settings.time_zone, "una zona IANA como America/Guayaquil")
    return settings


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = explain_system(error)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        reason = f"no es TOML válido{f', línea {place[1]}' if place else ''}"
    except UnicodeDecodeError:
        reason = "no es texto UTF-8"
    raise SettingsFileError(problem("SETTINGS_UNREADABLE", file=path, reason=reason))


def _unfit(name: str, value: object, wanted: str) -> SettingsError:
    return SettingsError(problem("SETTING_UNFIT", name=f"{PREFIX}{name.upper()}", value=value, wanted=wanted))


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
        raise _unfit(name, value, "un número entero") from None


def _convert_truth(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise _unfit(name, value, "true o false")
    return word in _TRUE


def describe_settings(
    settings: Settings, language: Literal["spanish", "english"] = "spanish"
) -> list[tuple[str, str, str]]:
    """Name, value (secrets masked) and meaning of every setting."""
    rows = []
    for item in fields(Settings):
        value = getattr(settings, item.name)
        shown = "•••" if item.metadata["secret"] and value else str(value)
        rows.append((item.name, shown, str(item.metadata[language])))
    return rows
