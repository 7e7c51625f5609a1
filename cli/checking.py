"""``check``: what of the service is well, what is not, and what to do."""

from __future__ import annotations

from typing import Final

import click

from cli.language import SPANISH, say
from cli.output import Exit, print_json
from operations.health import Finding, examine
from operations.settings import describe_settings, load_settings

_LABELS: Final = {
    "database": "base",
    "blobs": "documentos",
    "copy": "copia",
    "keys": "claves",
    "editions": "ediciones",
    "fonts": "letras",
    "ocr": "lector",
    "register": "registro",
    "audit": "bitácora",
    "mail": "correo",
    "agencies": "agencias",
    "parameters": "parámetros",
    "clock": "reloj",
    "restore": "restaurar",
}


@click.command(
    help=say(
        "Prueba base, documentos, claves, letras, lector, correo y reloj; dice qué hacer y los ajustes.",
        "Try database, documents, keys, fonts, reader, mail and clock; says what to do and the settings.",
    )
)
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def check(as_json: bool) -> None:
    settings = load_settings()
    found = examine(settings)
    described = describe_settings(settings, "spanish" if SPANISH else "english")
    if as_json:
        print_json(
            {
                "checks": [_shape(each) for each in found],
                "settings": [{"name": n, "value": v, "meaning": m} for n, v, m in described],
            }
        )
    else:
        for each in found:
            _print_finding(each)
        for name, value, meaning in described:
            click.echo(f"  {name:18} {value:32} {meaning}")
    if any(each.is_out_of_reach for each in found):
        raise SystemExit(Exit.OUT_OF_REACH)
    raise SystemExit(Exit.DONE if all(each.is_well for each in found) else Exit.NO)


def _shape(found: Finding) -> dict[str, object]:
    shape: dict[str, object] = {"name": found.name, "ok": found.is_well, "detail": found.detail}
    return shape if found.trouble is None else shape | {"problem": found.trouble.as_json()}


def _print_finding(found: Finding) -> None:
    """A line for each part, and below a bad one what to do."""
    label = say(_LABELS[found.name], found.name)
    click.echo(f"{'✓' if found.is_well else '✗'} {label:10} {found.detail}".rstrip())
    if found.trouble is not None:
        click.echo(f"    {found.trouble.message}  [{found.trouble.code}]")
