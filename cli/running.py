"""``serve``, ``worker`` and ``demo``: running the service."""

from __future__ import annotations

import dataclasses
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import click
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli.language import say
from cli.naming import say_state
from cli.output import Exit, fail, print_json
from forms.problems import problem
from operations.archive_rounds import kept_archive
from operations.demonstration import STEPS, Demonstration, DemonstrationError, run_demonstration
from operations.demonstration_data import seed_demonstration
from operations.duties import ROUNDS, TASKS
from operations.hot_folder import watched_folder
from operations.house import open_house
from operations.log_masking import mask_logs
from operations.settings import load_settings
from operations.workflows import Worker
from web.application import make_application


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
            fail(Exit.NO, problem("DEMONSTRATION_STOPPED", reason=error))
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
    state = say_state(run.state).lower()
    click.echo(f"Trámite {run.case}: {state} en {seconds:.1f} s.")
    for name, taken in run.steps:
        click.echo(f"  {name:32} {taken:6.2f} s")
    for name, path in run.files.items():
        click.echo(f"  {labels[name]:32} {path}")
    click.echo(f"  {'Base, originales y claves':32} {folder / 'datos'}")
