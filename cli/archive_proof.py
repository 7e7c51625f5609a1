"""``archive verify`` and ``archive audit``: proof that nothing was lost or changed, also without us."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from cli.language import say
from cli.output import Exit, fail, fail_unreadable, fail_unwritable, print_json, read_json
from forms.problems import problem
from operations.alarms import Failure
from operations.audit_seals import TrailReport, export_trail, verify_trail
from operations.fixity import Progress as RoundProgress
from operations.fixity import check_everything
from operations.house import House, open_house
from operations.settings import load_settings
from storage.audit_export import BrokenLineError, ExportReport, PublicKeys, read_public_keys, verify_export

_JSON = click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
_BY = "consola"


@click.command(help=say("Comprueba que nada haya cambiado.", "Check that nothing has changed."))
@click.option("--all", "_all", is_flag=True, help=say("Todo el archivo (lo habitual).", "The whole archive."))
@click.option(
    "--resume",
    is_flag=True,
    help=say("Continúa la revisión que se interrumpió.", "Go on with the check that was broken off."),
)
@_JSON
def verify(_all: bool, resume: bool, as_json: bool) -> None:
    checked, failures = _check_shown(open_house(load_settings()), resume)
    repaired = [failure for failure in failures if failure.repaired]
    left = [failure for failure in failures if not failure.repaired]
    if as_json:
        shape = {
            "checked": checked,
            "failures": list(map(_shape, left)),
            "repaired": list(map(_shape, repaired)),
        }
        print_json(shape)
    else:
        click.echo(say(f"{checked} documentos comprobados.", f"{checked} documents checked."))
        for failure in failures:
            click.echo(f"{'✓' if failure.repaired else '✗'} {failure.blob}: {failure.message}")
    raise SystemExit(Exit.NO if left else Exit.DONE)


def _check_shown(house: House, resume: bool) -> tuple[int, list[Failure]]:
    """A round with a bar where somebody looks at it; how many blobs it checked and what it found."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(say("Comprobando", "Checking"), total=None)

        def tell(progress: RoundProgress) -> None:
            bar.update(task, completed=progress.bytes)

        progress, failures = check_everything(house, _BY, tell, resume=resume)
    return progress.blobs, failures


def _shape(failure: Failure) -> dict[str, str]:
    """A finding as contracts.md §7 has it, and where it was."""
    shape = {"blob": failure.blob, "kind": failure.kind, "message": failure.message}
    return shape if failure.place == "archive" else shape | {"place": failure.place}


@click.group(help=say("La bitácora encadenada.", "The chained audit trail."))
def audit() -> None:
    pass


@audit.command("verify", help=say("Comprueba la cadena completa.", "Check the whole chain."))
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help=say("Una bitácora exportada: se comprueba sin la base.", "An exported trail, checked offline."),
)
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    help=say("Claves públicas conocidas de antes (JSON).", "Public keys known from before (JSON)."),
)
@_JSON
def verify_chain(file: Path | None, keys: Path | None, as_json: bool) -> None:
    if file is not None:
        _verify_file(file, keys, as_json)
    report = verify_trail(open_house(load_settings()))
    if as_json:
        print_json(asdict(report))
    else:
        _tell_counts(report)
        if (event := report.first_broken) is not None:
            click.echo(say(f"✗ El evento {event} fue cambiado.", f"✗ event {event} was changed"))
        if (day := report.broken_seal) is not None:
            spanish = f"✗ La bitácora ya no es la que se selló el {day}."
            click.echo(say(spanish, f"✗ the trail is not the one sealed on {day}"))
    raise SystemExit(Exit.DONE if report.is_whole else Exit.NO)


def _verify_file(file: Path, keys: Path | None, as_json: bool) -> None:
    trusted = _trusted(keys) if keys is not None else None
    try:
        with file.open("rb") as lines:
            report = verify_export(lines, trusted)
    except OSError as error:
        fail_unreadable(file, error)
    if as_json:
        print_json(asdict(report) | {"keys_trusted": trusted is not None})
    else:
        _tell_file(report, trusted is not None)
    raise SystemExit(Exit.DONE if report.broken_line is None else Exit.NO)


def _tell_counts(report: TrailReport | ExportReport) -> None:
    counted = (report.events, report.head, report.seals)
    click.echo(
        say(
            "{} eventos, cabeza {}, {} cierres diarios".format(*counted),
            "{} events, head {}, {} sealed days".format(*counted),
        )
    )


def _tell_file(report: ExportReport, trusted: bool) -> None:
    _tell_counts(report)
    if (line := report.broken_line) is not None:
        click.echo(say(f"✗ Línea {line}: {report.fault}.", f"✗ line {line}: {report.fault}"))
    elif not trusted:
        click.echo(
            say(
                "! Las claves son las del propio archivo; compárelas con las publicadas (--keys).",
                "! The keys are the file's own; compare them with the published ones (--keys).",
            )
        )


def _trusted(path: Path) -> PublicKeys:
    try:
        return read_public_keys(read_json(path))
    except BrokenLineError as error:
        fail(Exit.UNREADABLE, problem("KEYS_FILE_INVALID", file=path, reason=error))


@audit.command("export", help=say("Saca la bitácora a un archivo.", "Write the trail to a file."))
@click.option("--out", required=True, type=click.Path(path_type=Path), help=say("Archivo.", "File."))
def export_chain(out: Path) -> None:
    try:
        with out.open("wb") as file:
            file.writelines(export_trail(open_house(load_settings()), _BY))
    except OSError as error:
        fail_unwritable(out, error)
    click.echo(str(out))
