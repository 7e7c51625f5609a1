"""``backup`` and ``restore``: all that the service keeps in one file, made while it works."""

from __future__ import annotations

from pathlib import Path

import click

from cli.language import say
from cli.output import Exit, fail, fail_unwritable, print_json, print_problems, refusal_code, require_readable
from operations.backup import make_backup
from operations.house import open_house
from operations.restore import Restored, restore_backup
from operations.settings import load_settings
from storage.backup_files import BrokenBackupError

_JSON = click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
_BY = "consola"


@click.command(help=say("Respalda base, documentos y claves.", "Back up database, documents and keys."))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=say("Archivo.", "File."))
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help=say("Un respaldo anterior: solo lo nuevo.", "An earlier backup: only what is new."),
)
@_JSON
def backup(out: Path, since: Path | None, as_json: bool) -> None:
    if since is not None:
        require_readable(since)
    try:
        made = make_backup(open_house(load_settings()), out, _BY, since)
    except BrokenBackupError as error:
        fail(Exit.UNREADABLE, error.problem)
    except OSError as error:
        fail_unwritable(out, error)
    if as_json:
        shape = {"blobs": made.blobs, "copied": made.copied, "bytes": made.bytes, "damaged": made.damaged}
        print_json({"backup": str(out), "rows": made.rows, **shape})
    else:
        rows, size = sum(made.rows.values()), made.bytes / 1e6
        spanish = f"{out}: {rows} filas, {made.copied} de {made.blobs} documentos ({size:.1f} MB)"
        click.echo(
            say(spanish, f"{out}: {rows} rows, {made.copied} of {made.blobs} documents ({size:.1f} MB)")
        )
        for sha256 in made.damaged:
            click.echo(say(f"✗ {sha256}: no se pudo copiar.", f"✗ {sha256}: could not be copied."))
    raise SystemExit(Exit.NO if made.damaged else Exit.DONE)


@click.command(
    help=say("Restaura un respaldo donde no hay nada.", "Restore a backup where there is nothing.")
)
@click.argument("file", type=click.Path(path_type=Path))
@_JSON
def restore(file: Path, as_json: bool) -> None:
    require_readable(file)
    answer = restore_backup(load_settings(), file, _BY, _tell_removed)
    if not isinstance(answer, Restored):
        if as_json:
            print_json({"problems": [found.as_json() for found in answer]})
        else:
            print_problems(answer)
        raise SystemExit(refusal_code(answer))
    if as_json:
        found = [{"blob": each.blob, "kind": each.kind, "message": each.message} for each in answer.failures]
        shape = {"blobs": answer.blobs, "lacking": answer.lacking, "failures": found}
        print_json({"rows": answer.rows, **shape, "problems": []})
    else:
        rows = sum(answer.rows.values())
        spanish = f"{rows} filas y {answer.blobs} documentos restaurados y comprobados."
        click.echo(say(spanish, f"{rows} rows and {answer.blobs} documents restored and checked."))
        for failure in answer.failures:
            click.echo(f"✗ {failure.blob}: {failure.message}")
        for sha256 in answer.lacking:
            click.echo(say(f"✗ {sha256}: el respaldo no lo tiene.", f"✗ {sha256}: the backup has it not."))
    raise SystemExit(Exit.NO if answer.failures or answer.lacking else Exit.DONE)


def _tell_removed(folder: Path) -> None:
    spanish = f"Se quitó «{folder.name}», que dejó una restauración interrumpida."
    click.echo(say(spanish, f"Removed {folder.name}, left by a restore that was broken off."), err=True)
