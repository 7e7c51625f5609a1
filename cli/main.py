"""``ventanilla``: the other door to the same operations as the web service."""

from __future__ import annotations

import sys

import click

from cli import archive, backups, cases, checking, core, database, forms, reading, running, upgrading, users
from cli.guarding import guard_commands
from cli.language import say
from cli.output import Exit


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
    upgrading.upgrade,
    database.database,
    users.user,
    users.keys,
    running.serve,
    running.worker,
    checking.check,
    running.demo,
):
    program.add_command(_command)


guard_commands(program)


def run() -> None:
    """Entry point of the command."""
    try:
        program(prog_name="ventanilla")
    except BrokenPipeError:
        sys.exit(Exit.DONE)


if __name__ == "__main__":
    run()
