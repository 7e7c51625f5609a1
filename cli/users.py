"""``user add | list | disable | enable | password | token | revoke-token`` and ``keys list | rotate``."""

from __future__ import annotations

import base64
from typing import Any, Final

import click

from cli.language import say
from cli.naming import say_role
from cli.output import Exit, fail, print_json
from operations.delegations import all_branches, end_delegation
from operations.house import open_house
from operations.keys import add_key
from operations.lockouts import disable_user, enable_user
from operations.passwords import set_password
from operations.sessions import MOST_TOKEN_DAYS, issue_token, revoke_token
from operations.settings import load_settings
from operations.users import (
    CONSOLE,
    UserError,
    UserRole,
    add_user,
    authorize_delegate,
    employer_name,
    list_users,
)

HEAD_OFFICE: Final = "0001"
_PASSWORD = click.password_option(prompt=say("Clave", "Password"), help=say("Clave.", "Password."))


@click.group(help=say("Personas que pueden entrar.", "People who may come in."))
def user() -> None:
    pass


@user.command(
    help=say(
        "Crea una persona. Un empleador ingresa con RUC y sucursal: NOMBRE sale de ellos y sobra. Un "
        "delegado ingresa con NOMBRE y prepara papeles por ese RUC y sucursal.",
        "Make a user. An employer signs in with RUC and branch: NAME follows from them and may be left out. "
        "A delegate signs in with NAME and prepares papers for that RUC and branch.",
    )
)
@click.argument("name", default="")
@click.option("--display-name", required=True, help=say("Nombre completo.", "Full name."))
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in UserRole]),
    help=say("Perfil: lo que puede ver y hacer.", "What the user may see and do."),
)
@click.option(
    "--ruc", default="", help=say("RUC de un empleador registrado.", "RUC of a registered employer.")
)
@click.option(
    "--branch", default="", help=say("Sucursal del empleador (0001).", "Branch of the employer (0001).")
)
@click.option(
    "--office",
    default="",
    help=say(
        "Oficina donde trabaja; la de esta ventanilla si falta.",
        "Office where the user works; that of this window when absent.",
    ),
)
@_PASSWORD
def add(name: str, display_name: str, role: str, ruc: str, branch: str, office: str, password: str) -> None:
    house, kind = open_house(load_settings()), UserRole(role)
    try:
        made = add_user(
            house, name, display_name, kind, password, ruc=ruc, branch=branch, office=office, by=CONSOLE
        )
    except UserError as error:
        fail(Exit.NO, *error.problems)
    click.echo(made.name)


_RUC = click.option("--ruc", required=True, help=say("RUC del empleador.", "RUC of the employer."))
_BRANCH = click.option(
    "--branch", default=HEAD_OFFICE, show_default=True, help=say("Sucursal del empleador.", "Its branch.")
)


@user.command(
    help=say(
        "Autoriza a un delegado que ya existe a preparar papeles por un empleador más, si su representante "
        "lo pidió.",
        "Let a delegate prepare papers for one more employer, whose representative asked for it.",
    )
)
@click.argument("name")
@_RUC
@_BRANCH
def authorize(name: str, ruc: str, branch: str) -> None:
    try:
        authorize_delegate(open_house(load_settings()), name, (ruc, branch), CONSOLE)
    except UserError as error:
        fail(Exit.NO, *error.problems)


@user.command(help=say("Retira a un delegado de un empleador.", "End a delegate's work for an employer."))
@click.argument("name")
@_RUC
@_BRANCH
def withdraw(name: str, ruc: str, branch: str) -> None:
    refused = end_delegation(open_house(load_settings()), name, (ruc, branch), CONSOLE)
    if refused is not None:
        fail(Exit.NO, refused)


@user.command("list", help=say("Lista las personas.", "List the users."))
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def list_command(as_json: bool) -> None:
    house = open_house(load_settings())
    with house.database.reading() as session:
        known = all_branches(session)
    rows: list[dict[str, Any]] = [
        {"name": row.name, "display_name": row.display_name, "role": row.role, "disabled": row.disabled}
        | ({"for": [employer_name(*each) for each in known[row.name]]} if row.name in known else {})
        for row in list_users(house)
    ]
    if as_json:
        print_json({"users": rows})
        return
    for row in rows:
        notes = [*row.get("for", ()), *([say("deshabilitado", "disabled")] if row["disabled"] else [])]
        told = f"{row['name']:24} {say_role(row['role']):26} {row['display_name']}"
        click.echo(f"{told} ({', '.join(notes)})" if notes else told)


@user.command(
    help=say(
        "Impide entrar a una persona y cierra sus sesiones y llaves; si es un empleador, sus delegados "
        "tampoco actúan por él.",
        "Keep a user out and end its sessions and tokens; the delegates of an employer do not act for it "
        "either.",
    )
)
@click.argument("name")
def disable(name: str) -> None:
    try:
        disable_user(open_house(load_settings()), name, CONSOLE)
    except UserError as error:
        fail(Exit.NO, *error.problems)


@user.command(
    help=say(
        "Deja entrar otra vez a una persona, con su clave de antes; los delegados de un empleador vuelven a "
        "actuar por él.",
        "Let a user in again, with the password of before; the delegates of an employer act for it again.",
    )
)
@click.argument("name")
def enable(name: str) -> None:
    try:
        enable_user(open_house(load_settings()), name, CONSOLE)
    except UserError as error:
        fail(Exit.NO, *error.problems)


@user.command(help=say("Cambia una clave y cierra sus sesiones.", "Change a password and end its sessions."))
@click.argument("name")
@_PASSWORD
def password(name: str, password: str) -> None:
    try:
        set_password(open_house(load_settings()), name, password, CONSOLE)
    except UserError as error:
        fail(Exit.NO, *error.problems)


@user.command(
    help=say(
        "Da a un programa una llave (Bearer) con el perfil de esa persona; se muestra una sola vez.",
        "Give a program a bearer token with the role of that user; it is shown once.",
    )
)
@click.argument("name")
@click.option(
    "--days",
    type=click.IntRange(1, MOST_TOKEN_DAYS),
    metavar=say("DÍAS", "DAYS"),
    default=90,
    show_default=True,
    help=say("Días que vale.", "Days that it is good for."),
)
def token(name: str, days: int) -> None:
    try:
        made, short = issue_token(open_house(load_settings()), name, days, CONSOLE)
    except UserError as error:
        fail(Exit.NO, *error.problems)
    click.echo(made)
    click.echo(
        say(
            f"Para revocarla: ventanilla user revoke-token {short}",
            f"To revoke it: user revoke-token {short}",
        ),
        err=True,
    )


@user.command("revoke-token", help=say("Revoca la llave de un programa.", "Revoke the token of a program."))
@click.argument("short")
def revoke_token_command(short: str) -> None:
    try:
        revoke_token(open_house(load_settings()), short, CONSOLE)
    except UserError as error:
        fail(Exit.NO, *error.problems)


@click.group(help=say("Claves de los sellos.", "Keys of the seals."))
def keys() -> None:
    pass


@keys.command("list", help=say("Lista las claves públicas.", "List the public keys."))
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
def list_keys(as_json: bool) -> None:
    house = open_house(load_settings())
    rows = [
        {
            "kid": key.key_id.hex(),
            "kty": "OKP",
            "crv": "Ed25519",
            "x": base64.urlsafe_b64encode(key.private.public_key().public_bytes_raw()).decode().rstrip("="),
            "issuing": key is house.keys.issuing,
        }
        for key in house.keys.all
    ]
    if as_json:
        print_json({"keys": rows})
        return
    for row in rows:
        click.echo(f"{row['kid']}  {row['x']}  " + (say("emite", "issues") if row["issuing"] else ""))


@keys.command(help=say("Crea una clave nueva; las anteriores siguen sirviendo para leer.", "Make a new key."))
def rotate() -> None:
    keys_now = add_key(load_settings().data_dir / "keys")
    click.echo(keys_now.issuing.key_id.hex())
