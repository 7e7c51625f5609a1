"""``form list | draw | describe`` and ``check-values``."""

from __future__ import annotations

from pathlib import Path

import click

from cli.language import say
from cli.naming import say_kind
from cli.output import Exit, fail, print_json, print_problems, read_json, write_bytes
from forms.continuation import check_sheets
from forms.description import describe
from forms.fingerprints import fingerprint
from forms.model import Edition, Values
from forms.problems import has_errors, problem
from forms.register import all_forms, find_form
from generators.binding import bind
from generators.blank import draw_blank
from generators.pages import draw_unsealed
from operations.drafts import sheets_of
from operations.house import open_house
from operations.issuing import NotIssued, issue_form
from operations.settings import load_settings

_JSON = click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
_VALUES = click.option(
    "--values",
    type=click.Path(path_type=Path),
    help=say("Archivo JSON con los datos.", "JSON file of values."),
)


@click.group(help=say("Formularios y sus ediciones.", "Forms and their editions."))
def form() -> None:
    pass


@form.command(
    "list",
    help=say(
        "Lista los formularios y sus ediciones. La planilla, la de fondos de reserva y la comparación no son "
        "formularios sino tablas, sin casillas que llenar: las calcula «ventanilla rebuild» y, con sello, "
        "están entre los documentos de su trámite («ventanilla case show»).",
        "List the forms and their editions. The sheet, the reserve-fund sheet and the comparison are no "
        "forms but tables, without boxes to fill in: «ventanilla rebuild» works them out and, sealed, they "
        "are among the documents of their case («ventanilla case show»).",
    ),
)
@_JSON
def list_forms(as_json: bool) -> None:
    rows = [
        {
            "form": item.name,
            "title": item.title,
            "edition": edition.name,
            "fingerprint": fingerprint(edition).hex(),
        }
        for item in all_forms()
        for edition in item
    ]
    if as_json:
        print_json({"forms": rows})
        return
    for row in rows:
        click.echo(f"{row['form']:28} {row['edition']:10} {row['title']}")


@form.command("describe", help=say("Describe los campos de un formulario.", "Describe the fields of a form."))
@click.argument("name")
@click.option(
    "--edition", default="", help=say("Edición; la vigente si falta.", "Edition; today's when absent.")
)
@_JSON
def describe_form(name: str, edition: str, as_json: bool) -> None:
    found = pick_edition(name, edition)
    if as_json:
        print_json(describe(found))
        return
    for field in describe(found)["fields"]:
        sign = "*" if field["required"] else " "
        click.echo(f"{sign} {field['name']:28} {say_kind(field['kind']):10} {field['label']}")


@form.command(
    "draw",
    help=say("Dibuja un formulario: sellado con datos, o en blanco.", "Draw a form: sealed, or blank."),
)
@click.argument("name")
@_VALUES
@click.option("--out", type=click.Path(path_type=Path), help=say("Archivo PDF.", "PDF file."))
@click.option(
    "--edition", default="", help=say("Edición; la vigente si falta.", "Edition; today's when absent.")
)
@click.option("--unsealed", is_flag=True, help=say("Sin sello, como borrador.", "Without seal, as a draft."))
def draw(name: str, values: Path | None, out: Path | None, edition: str, unsealed: bool) -> None:
    found = pick_edition(name, edition)
    target = out or Path(f"{name}.pdf")
    if values is None:
        write_bytes(target, draw_blank(found))
    elif unsealed:
        given = read_values(values)
        problems = check_sheets(found, given)
        if has_errors(problems):
            print_problems(problems)
            raise SystemExit(Exit.NO)
        write_bytes(target, bind([draw_unsealed(*sheet) for sheet in sheets_of(found, given)]))
    else:
        issued = issue_form(open_house(load_settings()), found, read_values(values), "consola")
        print_problems(issued.problems)
        if isinstance(issued, NotIssued):
            raise SystemExit(Exit.NO)
        write_bytes(target, issued.pdf)
        for number in filter(None, (issued.document, issued.continuation)):
            click.echo(say(f"Documento {number}", f"Document {number}"), err=True)
    click.echo(str(target))


@click.command(
    "check-values", help=say("Comprueba los datos de un formulario.", "Check the values of a form.")
)
@click.argument("name")
@_VALUES
@_JSON
def check_values_command(name: str, values: Path | None, as_json: bool) -> None:
    if values is None:
        fail(
            Exit.USAGE,
            problem("OPTION_MISSING", option="--values"),
            english="--values FILE.json is missing.",
        )
    problems = check_sheets(pick_edition(name, ""), read_values(values))
    if as_json:
        print_json({"problems": [found.as_json() for found in problems]})
    else:
        print_problems(problems)
    raise SystemExit(Exit.NO if has_errors(problems) else Exit.DONE)


def pick_edition(name: str, edition: str) -> Edition:
    """The edition that the person named; ends the command when there is none."""
    found = find_form(name)
    if found is None:
        names = ", ".join(item.name for item in all_forms())
        fail(
            Exit.USAGE,
            problem("FORM_UNKNOWN", name=name, names=names),
            english=f"No form {name!r}; there are: {names}.",
        )
    if not edition:
        return found.current
    try:
        return found.edition(edition)
    except KeyError:
        fail(
            Exit.USAGE,
            problem("FORM_EDITION_UNKNOWN", name=name, edition=edition),
            english=f"{name} has no edition {edition}.",
        )


def read_values(path: Path) -> Values:
    """Values from a JSON object of strings; ends the command when it is something else."""
    body = read_json(path)
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        fail(
            Exit.UNREADABLE,
            problem("VALUES_FILE_INVALID", file=path),
            english=f"{path} must hold an object of strings.",
        )
    return body
