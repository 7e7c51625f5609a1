"""``receive`` and ``case show | list``: the window's work from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from msgspec import to_builtins

from cli.language import say
from cli.naming import say_event, say_state, say_title
from cli.output import Exit, fail, print_json, print_problems, read_bytes
from forms.problems import problem
from operations.casework import CaseNotFoundError
from operations.house import House, open_house
from operations.offices import check_office
from operations.reception import HandedIn, receive
from operations.settings import load_settings
from operations.users import CONSOLE, check_actor
from operations.window import CaseView, open_cases, view_case
from storage.schema import CaseRow

_JSON = click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))


@click.command(
    "receive", help=say("Recibe papeles y empieza el trámite.", "Receive papers and start the case.")
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--branch-office", "office", required=True, help=say("Oficina que recibe.", "Office that receives.")
)
@click.option("--by", default=CONSOLE, help=say("Usuario que recibe.", "User who receives."))
@_JSON
def receive_command(files: tuple[Path, ...], office: str, by: str, as_json: bool) -> None:
    house = open_house(load_settings())
    if unfit := (*check_office(house, office), *check_actor(house, by)):
        fail(Exit.NO, *unfit)
    received = receive(house, [HandedIn(path.name, [read_bytes(path)]) for path in files], office, by)
    if as_json:
        print_json({"case": received.case, "problems": [item.as_json() for item in received.problems]})
        return
    print_problems(received.problems)
    click.echo(say(f"Trámite {received.case} recibido.", f"Case {received.case} received."))


@click.group(help=say("Trámites.", "Cases."))
def case() -> None:
    pass


@case.command("list", help=say("Lista los trámites, los nuevos primero.", "List the cases, newest first."))
@_JSON
def list_cases(as_json: bool) -> None:
    house = open_house(load_settings())
    rows = [case_as_json(house, row) for row in open_cases(house, 10_000)]
    if as_json:
        print_json({"cases": rows})
        return
    for row in rows:
        facts = f"{row['ruc']:13}  {row['period']:7}  {row['received']}"
        click.echo(f"{row['number']}  {say_state(row['state']):24} {facts}")


def case_as_json(house: House, row: CaseRow) -> dict[str, Any]:
    """The shape of contracts.md §7."""
    received = row.received_at.astimezone(house.zone).isoformat(timespec="seconds")
    return {
        "number": row.number,
        "state": row.state,
        "ruc": row.ruc,
        "period": row.period,
        "office": row.office,
        "received": received,
    }


@case.command("show", help=say("Muestra un trámite completo.", "Show a whole case."))
@click.argument("number")
@_JSON
def show_case(number: str, as_json: bool) -> None:
    house = open_house(load_settings())
    try:
        view = view_case(house, number, CONSOLE)
    except CaseNotFoundError:
        fail(Exit.NO, problem("CASE_UNKNOWN", number=number), english=f"There is no case {number}.")
    body = view_as_json(house, view)
    if as_json:
        print_json(body)
        return
    click.echo(f"{body['number']}  {say_state(body['state'])}")
    for event in body["events"]:
        click.echo(f"  {event['at']}  {say_event(event['event']):34} {event['actor']}")
    for document in body["documents"]:
        click.echo(f"  [{document['id']}] {say_title(document['kind']):32} {document['name']}")


def view_as_json(house: House, view: CaseView) -> dict[str, Any]:
    """A case with its documents, readings, answers and events."""
    return case_as_json(house, view.case) | {
        "version": view.case.version,
        "answers": view.case.answers,
        "readings": to_builtins(view.reading) if view.reading else None,
        "checks": view.checks,
        "documents": [
            {
                "id": row.id,
                "kind": row.kind,
                "name": row.name,
                "sha256": row.sha256,
                "media_type": row.media_type,
            }
            for row in view.documents
        ],
        "events": [
            {
                "sequence": row.sequence,
                "at": row.at.astimezone(house.zone).isoformat(timespec="seconds"),
                "actor": row.actor,
                "event": row.event,
                "data": row.data,
            }
            for row in view.events
        ],
    }
