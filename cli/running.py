"""``serve``, ``worker``, ``demo`` and ``check``: running the service and looking after it."""

from __future__ import annotations

import dataclasses
import signal
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli.language import say
from cli.output import Exit, fail, print_json
from forms.fingerprints import lock_text, locked
from forms.register import all_forms
from operations.archive_rounds import kept_archive
from operations.audit_seals import verify_trail
from operations.demonstration import STEPS, Demonstration, DemonstrationError, run_demonstration
from operations.demonstration_data import seed_demonstration
from operations.duties import ROUNDS, TASKS
from operations.hot_folder import watched_folder
from operations.house import House, open_house
from operations.log_masking import mask_logs
from operations.mail import MailState, mails_in_trouble
from operations.parameter_files import parameters_running_out
from operations.settings import describe_settings, load_settings
from operations.workflows import Worker
from web.application import make_application

_MAILS_LOOKED_AT: Final = timedelta(days=7)
"""How far back `check` looks for mails that did not go out."""


@click.command(help=say("El servicio web con su trabajador.", "The web service with its worker."))
@click.option("--host", help=say("Dirección.", "Address."))
@click.option("--port", type=int, help=say("Puerto.", "Port."))
@click.option("--demo", is_flag=True, help=say("Con datos de demostración.", "With demonstration data."))
def serve(host: str | None, port: int | None, demo: bool) -> None:
    settings = load_settings()
    settings = dataclasses.replace(settings, host=host or settings.host, port=port or settings.port)
    house = open_house(settings)
    if demo:
        seed_demonstration(house)
    mask_logs()
    worker = Worker(house, TASKS, ROUNDS)
    worker.start()
    mask_logs()
    click.echo(f"Ventanilla: http://{settings.host}:{settings.port}", err=True)
    try:
        with watched_folder(house), kept_archive(house):
            uvicorn.run(
                make_application(house, demo=demo),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                # Streams of events stay open: browsers open them again, so stopping does not wait for them.
                timeout_graceful_shutdown=3,
            )
    finally:
        worker.stop()


@click.command(help=say("Un trabajador más sobre la misma base.", "One more worker on the same database."))
def worker() -> None:
    house = open_house(load_settings())
    mask_logs()
    working = Worker(house, TASKS, ROUNDS)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    working.start()
    mask_logs()
    click.echo(say("Trabajando; Ctrl+C para terminar.", "Working; Ctrl+C to end."), err=True)
    with watched_folder(house), kept_archive(house):
        stop.wait()
    working.stop()


@click.command(help=say("El trabajo completo, una vez, con datos de demostración.", "The whole job once."))
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help=say("Carpeta donde dejar todo.", "Folder to leave all in."),
)
def demo(as_json: bool, keep: Path | None) -> None:
    began = time.perf_counter()
    folder = keep or Path(tempfile.mkdtemp(prefix="ventanilla-demo-"))
    settings = dataclasses.replace(load_settings(), data_dir=folder / "datos", database_url="", blob_url="")
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(STEPS[0], total=len(STEPS))

        def announce(name: str) -> None:
            progress.update(task, description=name, completed=STEPS.index(name))

        try:
            run = run_demonstration(open_house(settings), folder, announce)
        except DemonstrationError as error:
            fail(Exit.NO, str(error))
    seconds = time.perf_counter() - began
    if as_json:
        print_json(_demo_as_json(run, seconds))
    else:
        _report(run, seconds, folder)
    raise SystemExit(Exit.DONE if run.state == "archived" else Exit.NO)


def _demo_as_json(run: Demonstration, seconds: float) -> dict[str, Any]:
    return {
        "case": run.case,
        "state": run.state,
        "files": {name: str(path) for name, path in run.files.items()},
        "seconds": round(seconds, 2),
        "steps": [{"name": name, "seconds": round(taken, 3)} for name, taken in run.steps],
    }


def _report(run: Demonstration, seconds: float, folder: Path) -> None:
    """A short report in Spanish: what happened and where each file is."""
    labels = {
        "request": "Solicitud sellada",
        "scan": "Papel firmado y escaneado",
        "sheet": "Planilla regenerada",
        "reserve_fund_sheet": "Planilla de fondos de reserva",
        "comparison": "Comparación y motivos",
    }
    state = "archivado" if run.state == "archived" else run.state
    click.echo(f"Trámite {run.case}: {state} en {seconds:.1f} s.")
    for name, taken in run.steps:
        click.echo(f"  {name:32} {taken:6.2f} s")
    for name, path in run.files.items():
        click.echo(f"  {labels[name]:32} {path}")
    click.echo(f"  {'Base, originales y claves':32} {folder / 'datos'}")


def _register_state(house: House) -> tuple[bool, str]:
    if house.remote_register is None:
        return True, say("tablas propias", "our own tables")
    there = house.remote_register.is_there()
    return there, house.settings.core_url + ("" if there else say(" no responde", " does not answer"))


def _mail_state(house: House) -> tuple[bool, str]:
    """Whether the mails of the last days went out; the newest that did not is told."""
    server = house.settings.smtp_url.rpartition("@")[2] or str(house.settings.data_dir / "outbox")
    with house.database.reading() as session:
        bad = mails_in_trouble(session, house.now() - _MAILS_LOOKED_AT)
    if not bad:
        return True, server
    told = f"{len(bad)} " + say("sin salir; el último: ", "did not go out; the last: ")
    state = MailState(bad[0].state).label
    return False, f"{server}: {told}{bad[0].subject} ({state}) {bad[0].trouble}"


def _parameter_state(house: House) -> tuple[bool, str]:
    """Whether each parameter has a value today; those that run out soon are told too."""
    ending = parameters_running_out(house.parameters, house.today())
    told = "; ".join(f"{each.label} ({each.name}): {each.until}" for each in ending)
    folder = str(house.settings.added_parameters)
    ask = say("se acaba; agregue el siguiente valor en ", "runs out; add the next value in ")
    is_well = all(each.until is not None and each.until >= house.today() for each in ending)
    return is_well, f"{told} {ask}{folder}" if ending else folder


@click.command(
    help=say("Comprueba ajustes, almacenes, claves y formularios.", "Check settings, stores, keys and forms.")
)
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def check(as_json: bool) -> None:
    house = open_house(load_settings())
    report = verify_trail(house)
    editions = tuple(edition for form in all_forms() for edition in form)
    tests = [
        ("database", True, house.database.engine.dialect.name),
        ("blobs", True, house.settings.blobs),
        ("keys", True, house.keys.issuing.key_id.hex()),
        ("editions", lock_text(editions).count("\n") == len(locked()) + 1, f"{len(editions)}"),
        ("audit", report.is_whole, f"{report.events} events"),
        ("register", *_register_state(house)),
        ("mail", *_mail_state(house)),
        ("parameters", *_parameter_state(house)),
        ("clock", True, house.now().isoformat(timespec="seconds")),
    ]
    if as_json:
        print_json(
            {
                "checks": [{"name": name, "ok": good, "detail": text} for name, good, text in tests],
                "settings": [
                    {"name": n, "value": v, "meaning": m} for n, v, m in describe_settings(house.settings)
                ],
            }
        )
    else:
        for name, good, text in tests:
            click.echo(f"{'✓' if good else '✗'} {name:10} {text}")
        for name, value, meaning in describe_settings(house.settings):
            click.echo(f"  {name:16} {value:40} " + say("", meaning))
    raise SystemExit(Exit.DONE if all(good for _, good, _ in tests) else Exit.NO)
