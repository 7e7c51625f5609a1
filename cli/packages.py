"""``archive export`` and ``archive import``: cases as signed BagIt packages, and back."""

from __future__ import annotations

from pathlib import Path

import click

from cli.language import say
from cli.output import Exit, fail, fail_unwritable, print_json, print_problems, refusal_code
from forms.problems import problem
from operations.casework import CaseNotFoundError
from operations.house import open_house
from operations.package_import import Imported, import_package
from operations.packages import export_cases, write_package
from operations.settings import load_settings
from storage.blobs import BlobChangedError, BlobMissingError

_JSON = click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
_BY = "consola"


@click.command("export", help=say("Saca trámites en un paquete BagIt.", "Write cases as a BagIt package."))
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help=say("Carpeta nueva, o archivo .zip.", "New folder, or .zip file."),
)
@_JSON
def export(numbers: tuple[str, ...], out: Path, as_json: bool) -> None:
    house = open_house(load_settings())
    try:
        write_package(export_cases(house, numbers, _BY), out)
    except CaseNotFoundError as error:
        unknown = error.args[0].removeprefix("no case ")
        fail(Exit.NO, problem("CASE_UNKNOWN", number=unknown), english=f"There is no such case: {unknown}.")
    except (BlobMissingError, BlobChangedError) as error:
        fail(Exit.NO, problem("CASE_DOCUMENT_DAMAGED"), english=f"A document is damaged: {error}.")
    except OSError as error:
        fail_unwritable(out, error)
    if as_json:
        print_json({"cases": list(numbers), "package": str(out)})
    else:
        click.echo(str(out))


@click.command("import", help=say("Restituye los trámites de un paquete.", "Restore the cases of a package."))
@click.argument("package", type=click.Path(path_type=Path))
@_JSON
def import_command(package: Path, as_json: bool) -> None:
    answer = import_package(open_house(load_settings()), package, _BY)
    done = isinstance(answer, Imported)
    problems = answer.warnings if isinstance(answer, Imported) else answer
    cases = answer.cases if isinstance(answer, Imported) else ()
    if as_json:
        print_json({"cases": list(cases), "problems": [found.as_json() for found in problems]})
    else:
        for number in cases:
            click.echo(number)
        print_problems(problems)
    raise SystemExit(Exit.DONE if done else refusal_code(problems))
