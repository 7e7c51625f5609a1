"""Pages for anybody: what the procedure is, verification, keys, health."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import text

from forms.numbers import parse_number
from generators.blank import draw_blank
from operations.house import House
from operations.issue_rights import find_blank, forms_to_fill_in
from operations.reading import read_files
from storage.schema import IssuedRow
from web.access import PageRequest, threaded

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def house_of(request: PageRequest) -> House:
    """The house that the application was made with."""
    house: House = request.app.state.house
    return house


@get("/")
@threaded
def show_home(request: PageRequest) -> Template:
    return Template("home.html", context={"user": request.user, "forms": forms_to_fill_in()})


@get("/formularios/{name:str}")
@threaded
def download_blank(name: FromPath[str]) -> Response[bytes]:
    form = find_blank(name.removesuffix(".pdf"))
    if form is None:
        raise NotFoundException("No hay un formulario con ese nombre.")
    return pdf_response(draw_blank(form.current), f"{form.name}-en-blanco.pdf")


def pdf_response(data: bytes, name: str, *, inline: bool = False) -> Response[bytes]:
    """A PDF to download, or to look at in the browser."""
    how = "inline" if inline else "attachment"
    headers = {"content-disposition": f'{how}; filename="{name}"'}
    return Response(data, media_type="application/pdf", headers=headers)


@get("/verificar")
@threaded
def show_verify(request: PageRequest, codigo: FromQuery[str] = "") -> Template:
    found: dict[str, str] | None = None
    asked = codigo.strip()
    if asked:
        number = parse_number(asked)
        with house_of(request).database.transaction() as session:
            row = session.get(IssuedRow, number) if number else None
            if row is not None:
                found = {
                    "document": row.document,
                    "form": row.form,
                    "issued": row.issued,
                    "ruc": f"••••••••••{row.ruc[-3:]}" if row.ruc else "",
                    "state": row.state,
                }
    context = {"user": request.user, "asked": asked, "found": found, "rows": None}
    return Template("verify.html", context=context)


@post("/verificar", status_code=200)
@threaded
def verify_scan(
    request: PageRequest,
    data: Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Template:
    house = house_of(request)
    file = data.get("archivo")
    if not isinstance(file, UploadFile):
        raise ClientException("No se eligió ningún archivo. Por favor elija la fotografía o el escaneo.")
    content = file.file.read(house.limits.file_megabytes * 1_000_000 + 1)
    name = file.filename or "archivo"
    batch = read_files(house, [(name, content)]).batch
    context = {
        "user": request.user,
        "asked": "",
        "found": None,
        "rows": batch.documents,
        "files": batch.files,
    }
    return Template("verify.html", context=context)


@get(["/verificar/claves", "/.well-known/ventanilla-keys.json"])
@threaded
def publish_keys(request: PageRequest) -> dict[str, Any]:
    keys = house_of(request).keys
    return {
        "keys": [
            {
                "kid": key.key_id.hex(),
                "kty": "OKP",
                "crv": "Ed25519",
                "x": base64.urlsafe_b64encode(key.private.public_key().public_bytes_raw())
                .decode()
                .rstrip("="),
            }
            for key in keys.all
        ]
    }


@get("/salud/vivo")
async def be_alive() -> str:
    return "vivo"


@get("/salud/listo")
@threaded
def be_ready(request: PageRequest) -> str:
    """Ready to receive. Without the institute's register cases wait, and papers are received all the same."""
    house = house_of(request)
    with house.database.transaction() as session:
        session.execute(text("SELECT 1"))
    away = house.remote_register is not None and not house.remote_register.is_there()
    return "listo; el registro del instituto no responde" if away else "listo"


public_routes = (
    show_home,
    download_blank,
    show_verify,
    verify_scan,
    publish_keys,
    be_alive,
    be_ready,
)
