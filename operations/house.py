"""The house put together: settings → database, blobs, keys, parameters, sandbox; one value for all doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from intake.limits import Limits
from intake.sandbox import Sandbox
from operations.agencies.corrections import agencies_in_force
from operations.agencies.register import Agencies
from operations.alarms import damage_reporter
from operations.keys import Keys, load_keys
from operations.parameter_files import parameters_in_force
from operations.remote_register import RemoteRegister, open_remote_register
from operations.settings import Settings
from regeneration.parameters import Parameters
from storage.blobs import open_blobs
from storage.database import Database, open_engine, open_jobs_engine, prepare_schema
from storage.disposed import is_blob_gone
from storage.guarded_blobs import GuardedBlobs
from storage.jobs import Jobs


def read_clock() -> datetime:
    """The present instant; the one clock of the service, replaced in tests."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that an operation needs, given as an argument and never looked up."""

    settings: Settings
    database: Database
    blobs: GuardedBlobs
    keys: Keys
    parameters: Parameters
    agencies: Agencies
    jobs: Jobs
    sandbox: Sandbox
    limits: Limits
    clock: Callable[[], datetime]
    remote_register: RemoteRegister | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.time_zone)

    def now(self) -> datetime:
        """The present instant in the office's zone."""
        return self.clock().astimezone(self.zone)

    def today(self) -> date:
        """The office's day."""
        return self.now().date()


def open_house(settings: Settings, clock: Callable[[], datetime] = read_clock) -> House:
    """Open stores and keys, creating what a first start lacks."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    prepare_schema(engine)
    database = Database(engine)
    limits = Limits(file_megabytes=settings.file_megabytes, seconds=settings.read_seconds)
    return House(
        settings=settings,
        database=database,
        blobs=_open_guarded(settings, database, clock),
        keys=load_keys(settings.data_dir / "keys"),
        parameters=parameters_in_force(settings),
        agencies=agencies_in_force(settings).agencies,
        jobs=Jobs(open_jobs_engine(settings.database)),
        sandbox=Sandbox(limits, ("intake.warm",)),
        limits=limits,
        clock=clock,
        remote_register=open_remote_register(settings.core_url, settings.core_token, settings.core_seconds),
    )


def _open_guarded(settings: Settings, database: Database, clock: Callable[[], datetime]) -> GuardedBlobs:
    copy = open_blobs(settings.copy_url) if settings.copy_url else None
    address = settings.copy_url.partition("?")[0]

    def is_gone(sha256: str) -> bool:
        with database.reading() as session:
            return is_blob_gone(session, sha256)

    return GuardedBlobs(open_blobs(settings.blobs), copy, address, damage_reporter(database, clock), is_gone)
