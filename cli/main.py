"""``ventanilla``: the other door to the same operations as the web service."""

from __future__ import annotations

import sys

import click

from cli import archive, backups, cases, core, database, forms, reading, running, users
from cli.language import say
from cli.output import Exit, fail
from operations.keys import KeyFileError
from operations.settings import SettingsError
from regeneration.parameters import ParametersError
from storage.database import SchemaMismatchError


@click.group(help=say("Regeneración de planillas de aportes.", "Rebuilding of contribution sheets."))
def program() -> None:
    pass


for _command in (
    forms.form,
    forms.check_values_command,
    reading.read,
    reading.verify,
    core.rebuild_command,
    cases.receive_command,
    cases.case,
    archive.archive,
    backups.backup,
    backups.restore,
    database.database,
    users.user,
    users.keys,
    running.serve,
    running.worker,
    running.check,
    running.demo,
):
    program.add_command(_command)


def run() -> None:
    """Entry point of the command; broken settings and stores out of reach end with a plain sentence."""
    try:
        program(prog_name="ventanilla")
    except (SettingsError, ParametersError, KeyFileError) as error:
        fail(Exit.USAGE, str(error))
    except (SchemaMismatchError, ConnectionError) as error:
        fail(Exit.OUT_OF_REACH, str(error))
    except BrokenPipeError:
        sys.exit(Exit.DONE)
