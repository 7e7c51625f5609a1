"""``database grant``: the tables' owner lets the service's own role work, and no more."""

from __future__ import annotations

import click

from cli.language import say
from cli.output import Exit, fail
from forms.problems import problem
from operations.settings import load_settings
from storage.database import open_engine, prepare_schema
from storage.roles import RoleError, grant_service


@click.group(help=say("La base de datos.", "The database."))
def database() -> None:
    pass


@database.command(
    help=say(
        "Prepara las tablas y da al rol del servicio (PostgreSQL) solo lo que necesita: ni borra ni altera "
        "lo archivado. Se ejecuta con la dirección del dueño de las tablas.",
        "Makes the tables and gives the service's role (PostgreSQL) only what it needs: it neither deletes "
        "nor alters what is archived. Run with the address of the tables' owner.",
    )
)
@click.argument("role")
def grant(role: str) -> None:
    engine = open_engine(load_settings().database)
    try:
        if engine.dialect.name == "postgresql":
            prepare_schema(engine)
        grant_service(engine, role)
    except RoleError as error:
        fail(Exit.NO, problem("ROLE_UNFIT", reason=error))
    finally:
        engine.dispose()
    click.echo(say(f"El rol {role} puede servir.", f"The role {role} may serve."))
