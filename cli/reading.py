"""``read`` and ``verify``: scans read without storing anything."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import to_builtins

from cli.language import label_of, label_of_value, say
from cli.naming import say_title
from cli.output import Exit, fail, print_json, read_bytes, read_json, write_bytes
from forms.problems import problem
from forms.seal import KeyRing, key_id_of
from forms.wording import wording_of
from intake.limits import Limits
from intake.pages import ReadingContext
from intake.readings import BatchReading, DocumentReading
from intake.sandbox import Sandbox
from intake.task import ReadAnswer, read_safely
from operations import reading
from operations.house import open_house
from operations.paper_verification import VerifiedPaper, verify_file
from operations.settings import load_settings
from regeneration.eligibility import EmployerRecord, Representative, check_employer

_LABEL = 36
"""Width of the labels' column."""
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
    """A picture for each page of ours or of a letter: boxes, what was added in red, what is gone in blue."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = Counter(Path(file.name).stem for file in answer.batch.files)
    for picture in answer.pictures:
        if picture.overlay is not None:
            stem = Path(picture.file).stem
            name = stem if shared[stem] == 1 else picture.file
            part = f"-{picture.part}" if picture.part else ""
            path = folder / f"{name} p{picture.page}{part}.webp"
            write_bytes(path, picture.overlay)
            click.echo(str(path), err=True)


def read_files(files: tuple[Path, ...], key_file: Path | None) -> ReadAnswer:
    """Read the files in the sandbox, with the keys named or with those of the service."""
    limits = Limits()
    names = reading.tell_apart([path.name for path in files])
    data = [(name, read_bytes(path)) for name, path in zip(names, files, strict=True)]
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
        _print_document(document)


def _print_document(document: DocumentReading) -> None:
    """What was read of one document, in the words of its form."""
    number = document.document if isinstance(document.document, str) else "—"
    title = say_title(document.form) if isinstance(document.form, str) else label_of(document.route)
    outcome, seal = label_of(document.outcome), label_of(document.seal.state)
    click.echo(f"\n{title} {number}  [{outcome}, " + say("sello", "seal") + f" {seal}]")
    words = wording_of(document.form, document.edition)
    for name, field in document.fields.items():
        value, seen = words.shown(name, field.value), ""
        if isinstance(field.seen, str):
            seen = f"  ≠ «{words.shown(name, field.seen)}»"
        label = say(words.label(name), name)
        click.echo(f"  {label:{_LABEL}} {label_of_value(field.state):10} {say(value, field.value)}{seen}")
    for name, signature in document.signatures.items():
        label = say(words.label(name), name)
        click.echo(f"  {label:{_LABEL}} " + say("firma", "signature") + f" {label_of(signature.state)}")
    for found in document.problems:
        click.echo(f"  ! {found.message}")


@click.command(help=say("¿Este papel es nuestro y está igual?", "Is this paper ours and unchanged?"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def verify(file: Path, as_json: bool) -> None:
    found = verify_file(open_house(load_settings()), file.name, read_bytes(file))
    if as_json:
        rows = [verified_as_json(paper) for paper in found.papers]
        print_json({"documents": rows, "problems": to_builtins(found.problems)})
    else:
        for paper in found.papers:
            _print_verified(paper)
        for each in found.problems:
            click.echo(f"✗ {each.message}  [{each.code}]")
        if not found.papers and not found.problems:
            click.echo(
                say("Ninguna página es un documento de este servicio.", "No page is a document of ours.")
            )
    if found.problems and not found.papers:
        raise SystemExit(Exit.UNREADABLE)
    good = bool(found.papers) and all(paper.verdict != "bad" for paper in found.papers)
    raise SystemExit(Exit.DONE if good else Exit.NO)


def _print_verified(paper: VerifiedPaper) -> None:
    """One verified paper as lines for a person: what it is, what was found, what to compare by eye."""
    seal, status = label_of(paper.seal), label_of(paper.status)
    click.echo(
        f"{paper.document}  {say_title(paper.form)}  {paper.issued}  {paper.ruc}  "
        + say("sello", "seal")
        + f" {seal}, {status}"
    )
    for found in paper.problems:
        click.echo(f"  ! {found.message} [{found.code}]")
    for label, value in paper.facts if paper.verdict != "good" else ():
        click.echo(f"  {label}: {value}")
    words = wording_of(paper.form)
    for each in paper.differences:
        # Where whole texts were compared, the difference is of no field.
        label = say("Texto", each.field) if each.field == "text" else say(words.label(each.field), each.field)
        printed, seen = words.shown(each.field, each.printed), words.shown(each.field, each.seen)
        click.echo(f"  ✗ {label}: «{printed}» → «{seen}»")


def verified_as_json(paper: VerifiedPaper) -> dict[str, Any]:
    """The shape of contracts.md §7, and beside it what was compared, what was found and the verdict."""
    return {
        "document": paper.document,
        "form": paper.form,
        "issued": paper.issued,
        "ruc": paper.ruc,
        "seal": {"state": paper.seal},
        "status": paper.status,
        "compared": paper.compared,
        "differences": [asdict(each) for each in paper.differences],
        "facts": dict(paper.facts),
        "problems": [each.as_json() for each in paper.problems],
        "verdict": paper.verdict,
    }
