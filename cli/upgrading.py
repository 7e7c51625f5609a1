"""``upgrade``: an older database is backed up and brought to this version."""

from __future__ import annotations

from pathlib import Path

import click

from cli.language import say
from cli.output import Exit, fail, fail_unwritable, print_json, refusal_code, require_readable
from forms.problems import problem
from operations.settings import load_settings
from operations.upgrading import BackupWish, Upgraded, upgrade_database
from storage.schema import SCHEMA_VERSION

_BY = "consola"


@click.command(
    help=say(
        "Respalda una base de datos de una versión anterior y la actualiza a esta; no hace nada si ya está "
        "al día. Antes se detiene el servicio. Con PostgreSQL, como dueño de las tablas.",
        "Back up the database of an earlier version and bring it to this one; does nothing where it is "
        "current. Stop the service before. On PostgreSQL as the tables' owner.",
    )
)
@click.option(
    "--backup",
    "out",
    type=click.Path(path_type=Path),
    help=say("Archivo del respaldo previo.", "File of the backup that is made first."),
)
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help=say("Un respaldo anterior: solo lo nuevo.", "An earlier backup: only what is new."),
)
@click.option("--no-backup", is_flag=True, help=say("Sin respaldo previo.", "Make no backup first."))
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def upgrade(out: Path | None, since: Path | None, no_backup: bool, as_json: bool) -> None:
    for given, option in ((out, "--backup"), (since, "--since")):
        if no_backup and given is not None:
            fail(Exit.USAGE, problem("OPTIONS_CONTRADICT", one=option, other="--no-backup"))
    if since is not None:
        require_readable(since)
    try:
        answer = upgrade_database(load_settings(), _BY, BackupWish(out, since, not no_backup), _announce)
    except FileExistsError as error:
        fail_unwritable(Path(error.filename), error)
    if not isinstance(answer, Upgraded):
        fail(refusal_code(answer), *answer)
    if as_json:
        print_json(_shape(answer))
    else:
        _report(answer)
    raise SystemExit(Exit.DONE)


def _announce(found: int, backup: Path | None) -> None:
    """On stderr, for a large archive takes its time."""
    way = say(f"Del esquema {found} al {SCHEMA_VERSION}.", f"From schema {found} to {SCHEMA_VERSION}.")
    first = "" if backup is None else say(f" Primero el respaldo: {backup}", f" First the backup: {backup}")
    click.echo(f"{way}{first}", err=True)


def _shape(answer: Upgraded) -> dict[str, object]:
    shape: dict[str, object] = {"from": answer.found, "to": SCHEMA_VERSION, "backup": None, "problems": []}
    made = answer.backup
    if made is None:
        return shape
    sizes = {"rows": made.rows, "blobs": made.blobs, "copied": made.copied, "damaged": made.damaged}
    return shape | {"backup": str(made.path), **sizes}


def _report(answer: Upgraded) -> None:
    if answer.found is None:
        spanish = "No hay base de datos todavía: la crea el primer arranque."
        click.echo(say(spanish, "There is no database yet: the first start makes it."))
        return
    if answer.found == SCHEMA_VERSION:
        spanish = f"La base de datos ya está al día (esquema {SCHEMA_VERSION})."
        click.echo(say(spanish, f"The database is current (schema {SCHEMA_VERSION})."))
        return
    made = answer.backup
    if made is not None:
        rows, size = sum(made.rows.values()), made.bytes / 1e6
        spanish = f"Respaldo: {made.path}: {rows} filas, {made.copied} documentos ({size:.1f} MB)"
        english = f"Backup: {made.path}: {rows} rows, {made.copied} documents ({size:.1f} MB)"
        click.echo(say(spanish, english))
        for sha256 in made.damaged:
            click.echo(say(f"✗ {sha256}: no se pudo copiar.", f"✗ {sha256}: could not be copied."))
    spanish = f"Base de datos actualizada del esquema {answer.found} al {SCHEMA_VERSION}."
    click.echo(say(spanish, f"Database upgraded from schema {answer.found} to {SCHEMA_VERSION}."))
