"""``read`` and ``verify``: scans read without storing anything."""

from __future__ import annotations

import base64
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import to_builtins

from cli.language import label_of, say
from cli.output import Exit, fail, print_json, read_bytes, read_json, write_bytes
from forms.problems import problem
from forms.seal import KeyRing, key_id_of
from intake.limits import Limits
from intake.pages import ReadingContext
from intake.readings import BatchReading, DocumentReading
from intake.sandbox import Sandbox
from intake.task import ReadAnswer, read_safely
from operations import reading
from operations.house import House, open_house
from operations.settings import load_settings
from regeneration.eligibility import EmployerRecord, Representative, check_employer
from storage.schema import IssuedRow

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command(help=say("Lee papeles escaneados sin guardarlos.", "Read scans without storing them."))
@_FILES
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
@click.option(
    "--register",
    "register_file",
    type=click.Path(path_type=Path),
    help=say("Registro de empleadores (JSON).", "Register of employers (JSON)."),
)
@click.option(
    "--keys",
    "key_file",
    type=click.Path(path_type=Path),
    help=say("Claves públicas (JSON).", "Public keys (JSON)."),
)
@click.option(
    "--overlay",
    type=click.Path(path_type=Path, file_okay=False),
    help=say("Carpeta para las imágenes de la evidencia.", "Folder for pictures of the evidence."),
)
def read(
    files: tuple[Path, ...],
    as_json: bool,
    register_file: Path | None,
    key_file: Path | None,
    overlay: Path | None,
) -> None:
    answer = read_files(files, key_file)
    batch = answer.batch
    if overlay is not None:
        _write_overlays(answer, overlay)
    body = to_builtins(batch)
    if register_file is not None:
        _add_register_problems(body, batch, read_json(register_file))
    if as_json:
        print_json({"version": body.pop("version"), **body})
    else:
        _print_batch(batch)
    whole = any(document.fields for document in batch.documents)
    if not whole and all(file.problems for file in batch.files):
        raise SystemExit(Exit.UNREADABLE)
    clean = bool(batch.documents) and all(document.outcome == "read" for document in batch.documents)
    raise SystemExit(Exit.DONE if clean else Exit.NO)


def _write_overlays(answer: ReadAnswer, folder: Path) -> None:
    """A picture for each page of ours: its boxes, what was added in red, what is gone in blue."""
    folder.mkdir(parents=True, exist_ok=True)
    for picture in answer.pictures:
        if picture.overlay is not None:
            part = f"-{picture.part}" if picture.part else ""
            path = folder / f"{Path(picture.file).stem} p{picture.page}{part}.webp"
            write_bytes(path, picture.overlay)
            click.echo(str(path), err=True)


def read_files(files: tuple[Path, ...], key_file: Path | None) -> ReadAnswer:
    """Read the files in the sandbox, with the keys named or with those of the service."""
    limits = Limits()
    data = [(path.name, read_bytes(path)) for path in files]
    if key_file is not None:
        return read_safely(Sandbox(limits), data, ReadingContext(read_keys(key_file)), limits)
    return reading.read_files(open_house(load_settings()), data)


def read_keys(path: Path) -> KeyRing:
    """Public keys as the service publishes them: ``{"keys": [{"x": base64url of an Ed25519 key}]}``."""
    try:
        rows = read_json(path)["keys"]
        keys = [Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(row["x"] + "==")) for row in rows]
    except (KeyError, TypeError, ValueError):
        fail(
            Exit.UNREADABLE,
            problem("KEYS_FILE_INVALID", file=path, reason="no tiene la lista «keys» con claves Ed25519"),
            english=f"{path} is not a key file.",
        )
    return KeyRing({key_id_of(key): key for key in keys})


def _add_register_problems(body: dict[str, Any], batch: BatchReading, register: Any) -> None:
    """What the register says against each request that was read."""
    records = {row["ruc"]: row for row in register.get("employers", [])}
    for shape, document in zip(body["documents"], batch.documents, strict=True):
        values = {name: found.value for name, found in document.fields.items()}
        needed = {"ruc", "branch", "business_name", "representative_id", "representative_name"}
        if document.form == "employer-request" and needed <= values.keys():
            record = _record(records.get(values["ruc"]))
            found = check_employer(values, record, date.fromisoformat(values.get("date", "1900-01-01")))
            shape["problems"] = [*shape.get("problems", []), *(item.as_json() for item in found)]


def _record(row: dict[str, Any] | None) -> EmployerRecord | None:
    if row is None:
        return None
    people = tuple(
        Representative(
            person["id_number"],
            person["name"],
            date.fromisoformat(person.get("since", "1900-01-01")),
            date.fromisoformat(person["until"]) if person.get("until") else None,
        )
        for person in row.get("representatives", [])
    )
    return EmployerRecord(row["ruc"], row["business_name"], frozenset(row.get("branches", [])), people)


def _print_batch(batch: BatchReading) -> None:
    for file in batch.files:
        click.echo(f"{file.name}: {file.pages} " + say("página(s)", "page(s)"))
        for found in file.problems:
            click.echo(f"  ! {found.message}")
    for document in batch.documents:
        number = document.document if isinstance(document.document, str) else "—"
        form = document.form if isinstance(document.form, str) else document.route
        click.echo(
            f"\n{form} {number}  [{label_of(document.outcome)}, "
            + say("sello", "seal")
            + f" {label_of(document.seal.state)}]"
        )
        for name, field in document.fields.items():
            seen = f"  ≠ «{field.seen}»" if isinstance(field.seen, str) else ""
            click.echo(f"  {name:24} {label_of(field.state):10} {field.value}{seen}")
        for name, signature in document.signatures.items():
            click.echo(f"  {name:24} " + say("firma", "signature") + f" {label_of(signature.state)}")
        for found in document.problems:
            click.echo(f"  ! {found.message}")


@click.command(help=say("¿Este papel es nuestro y está igual?", "Is this paper ours and unchanged?"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def verify(file: Path, as_json: bool) -> None:
    house = open_house(load_settings())
    batch = read_files((file,), None).batch
    whole = {found.sha256 for found in batch.files}
    rows = [
        verify_document(house, document, whole)
        for document in batch.documents
        if isinstance(document.document, str)
    ]
    problems = [found for file in batch.files for found in file.problems]
    if as_json:
        print_json({"documents": rows, "problems": to_builtins(problems)})
    else:
        for row in rows:
            _print_verified(row)
        for found in problems:
            click.echo(f"✗ {found.message}  [{found.code}]")
        if not rows and not problems:
            click.echo(
                say("Ninguna página es un documento de este servicio.", "No page is a document of ours.")
            )
    if problems and not rows:
        raise SystemExit(Exit.UNREADABLE)
    good = bool(rows) and all(row["seal"]["state"] == "valid" and not row["differences"] for row in rows)
    raise SystemExit(Exit.DONE if good else Exit.NO)


def _print_verified(row: dict[str, Any]) -> None:
    """One verified document as a line for a person, and a line for each difference."""
    seal, status = label_of(row["seal"]["state"]), label_of(row["status"])
    click.echo(
        f"{row['document']}  {row['form']}  {row['issued']}  " + say("sello", "seal") + f" {seal}, {status}"
    )
    if row["compared"] == "seal":
        click.echo(
            "  "
            + say(
                "Solo se comprobó el sello: compare lo impreso con el CSV, cuya huella está al pie.",
                "Only the seal was checked: compare the print with the CSV, whose hash is at its foot.",
            )
        )
    for found in row["differences"]:
        click.echo(f"  ✗ {found['field']}: «{found['printed']}» → «{found['seen']}»")


def verify_document(house: House, document: DocumentReading, files: Collection[str] = ()) -> dict[str, Any]:
    """What anyone may learn of a printed document: issued by us, when, unchanged or not, still good.

    ``compared`` says what that rests on: the very file that we issued (its SHA-256 is among ``files``), the
    values of a form held against the paper, or the seal alone, as on the print of a sheet.
    """
    number = str(document.document)
    with house.database.transaction() as session:
        row = session.get(IssuedRow, number)
        status = row.state if row else "unknown"
        same = row is not None and row.pdf in files
    differences = [
        {"field": name, "printed": field.value, "seen": field.seen if isinstance(field.seen, str) else ""}
        for name, field in document.fields.items()
        if field.state == "altered"
    ]
    return {
        "document": number,
        "form": document.form if isinstance(document.form, str) else "",
        "issued": document.issued if isinstance(document.issued, str) else "",
        "seal": {"state": document.seal.state},
        "status": status,
        "compared": "file" if same else "values" if document.fields else "seal",
        "differences": differences,
    }
