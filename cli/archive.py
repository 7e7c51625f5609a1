"""``archive find | show | get``: the archivist's; ``verify`` and ``audit`` are in ``archive_proof``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final, NoReturn

import click

from cli import archive_proof, packages
from cli.language import say
from cli.naming import say_title
from cli.output import Exit, fail, print_json, write_bytes
from forms.problems import Problem, Severity, problem
from operations.archive import find_documents, get_document
from operations.casework import Refusal
from operations.data_subjects import check_subject, export_subject
from operations.house import open_house
from operations.settings import load_settings
from operations.users import User, UserRole

_JSON = click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
_BY = "consola"
_FACTS: Final = {
    "id": "documento",
    "case": "trámite",
    "kind": "tipo",
    "name": "nombre",
    "sha256": "SHA-256",
    "media_type": "formato",
    "size": "bytes",
}
"""What the facts of a document are called."""


@click.group(help=say("El archivo.", "The archive."))
def archive() -> None:
    pass


@archive.command(help=say("Busca documentos.", "Find documents."))
@click.argument("query")
@_JSON
def find(query: str, as_json: bool) -> None:
    rows = find_documents(open_house(load_settings()), query, _BY)
    if as_json:
        print_json({"documents": [asdict(row) for row in rows]})
        return
    for row in rows:
        click.echo(f"[{row.id}] {row.case}  {say_title(row.kind):32} {row.name}  {row.business_name}")


@archive.command(
    help=say(
        "Lo que consta de una persona y quién lo vio, como JSON: para el pedido de un titular.",
        "What is held about a person and who looked at it, as JSON: for a data subject's request.",
    )
)
@click.argument("person")
@click.option("--reason", required=True, help=say("Por qué se pide; queda en la pista.", "Why; it is kept."))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=say("Archivo.", "File."))
def subject(person: str, reason: str, out: Path) -> None:
    number = person.strip().upper()
    if problems := check_subject(number):
        fail(Exit.USAGE, *problems)
    keeper = User(_BY, _BY, UserRole.ARCHIVIST)
    body = export_subject(open_house(load_settings()), number, reason, keeper)
    if isinstance(body, Refusal):
        fail(Exit.NO, Problem(body.code, Severity.ERROR, body.message))
    write_bytes(out, body)


@archive.command(help=say("Muestra un documento.", "Show a document."))
@click.argument("document_id", type=int)
@_JSON
def show(document_id: int, as_json: bool) -> None:
    found = get_document(open_house(load_settings()), document_id, _BY)
    if found is None:
        _fail_unknown(document_id)
    row, data = found
    body = {
        "id": row.id,
        "case": row.case_number,
        "kind": row.kind,
        "name": row.name,
        "sha256": row.sha256,
        "media_type": row.media_type,
        "size": len(data),
    }
    if as_json:
        print_json(body)
        return
    told = body | {"kind": say_title(row.kind)}
    for name, value in told.items():
        click.echo(f"{say(_FACTS[name], name):12} {value}")


@archive.command(help=say("Entrega un documento, bit por bit.", "Hand out a document, bit-exact."))
@click.argument("document_id", type=int)
@click.option("--out", required=True, type=click.Path(path_type=Path), help=say("Archivo.", "File."))
def get(document_id: int, out: Path) -> None:
    found = get_document(open_house(load_settings()), document_id, _BY)
    if found is None:
        _fail_unknown(document_id)
    write_bytes(out, found[1])
    click.echo(str(out))


def _fail_unknown(document_id: int) -> NoReturn:
    fail(
        Exit.NO,
        problem("DOCUMENT_ID_UNKNOWN", document=document_id),
        english=f"There is no document {document_id}.",
    )


archive.add_command(packages.export)
archive.add_command(packages.import_command)
archive.add_command(archive_proof.verify)
archive.add_command(archive_proof.audit)
