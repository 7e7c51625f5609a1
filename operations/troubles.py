"""Engines that are out of reach and settings that cannot be used, told as problems: one place for all doors.

A dead server is nothing that a programmer must see: whoever operates the service gets a sentence that says
what to do. Everything else that is raised is a fault of ours and stays one.
"""

from __future__ import annotations

from dataclasses import dataclass

from obstore.exceptions import BaseError as BlobEngineError
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from forms.problems import Problem, problem
from operations.agencies.register import AgenciesError
from operations.keys import KeyFileError
from operations.register_answers import RegisterTroubleError
from operations.settings import SettingsError, SettingsFileError
from operations.system_words import explain_engine, explain_system
from regeneration.parameters import ParametersError
from storage.blobs import BlobAddressError
from storage.database import SchemaMismatchError
from storage.schema import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem of the surroundings. ``is_usage`` when whoever called wrote something that cannot be."""

    problem: Problem
    is_usage: bool = False


def find_trouble(error: BaseException) -> Trouble | None:
    """The trouble that an exception tells of; nothing for one that is a fault of ours."""
    match error:
        case SettingsError():
            return Trouble(error.problem, is_usage=not isinstance(error, SettingsFileError))
        case KeyFileError():
            return Trouble(problem("KEYS_UNUSABLE", file=error.file))
        case RegisterTroubleError():
            return Trouble(error.problem)
        case AgenciesError():
            return Trouble(problem("AGENCIES_UNUSABLE", reason=str(error)))
        case ParametersError():
            return Trouble(problem("PARAMETERS_UNUSABLE", reason=str(error)))
        case SchemaMismatchError():
            return Trouble(mismatch_problem(error))
        case BlobAddressError():
            return Trouble(problem("BLOB_ADDRESS_UNUSABLE", value=error.address))
        case BlobEngineError():
            return Trouble(problem("BLOBS_OUT_OF_REACH", reason=explain_engine(error)))
        case FileNotFoundError(errno=None):  # so the engine says that there is no such bucket
            return Trouble(problem("BLOBS_OUT_OF_REACH", reason=explain_engine(error)))
        case BrokenPipeError():
            return None
        case OSError():
            return Trouble(
                problem("STORE_OUT_OF_REACH", place=error.filename or "la red", reason=explain_system(error))
            )
    return _database_trouble(error)


def mismatch_problem(error: SchemaMismatchError) -> Problem:
    """What to do about a database that is not of this version."""
    if error.missing:
        return problem("DATABASE_OF_ANOTHER_VERSION", names=", ".join(error.missing))
    code = "DATABASE_OLDER" if error.found < SCHEMA_VERSION else "DATABASE_NEWER"
    return problem(code, found=error.found, needed=SCHEMA_VERSION)


def _database_trouble(error: BaseException) -> Trouble | None:
    match error:
        case ArgumentError() | NoSuchModuleError():
            return Trouble(problem("DATABASE_ADDRESS_UNUSABLE"))
        case OperationalError() | InterfaceError():
            return Trouble(problem("DATABASE_OUT_OF_REACH", reason=explain_engine(error)))
        case PoolTimeoutError():
            return Trouble(problem("DATABASE_OUT_OF_REACH", reason="no contestó a tiempo"))
        case DatabaseError() if type(error) is DatabaseError:  # a file that is no database
            return Trouble(problem("DATABASE_OUT_OF_REACH", reason=explain_engine(error)))
    return None
