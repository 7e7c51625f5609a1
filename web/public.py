"""Pages for anybody: what the procedure is, verification, keys, health."""

from __future__ import annotations

import base64
from asyncio import wrap_future
from functools import partial
from typing import Annotated, Any, Final

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import text

from forms.problems import problem
from generators.blank import draw_blank
from operations.house import House
from operations.issue_rights import find_blank, forms_to_fill_in
from operations.issued_names import file_name_of
from operations.paper_verification import VerifiedFile, look_up_paper, verify_file
from operations.visitor_papers import MEGABYTES, admit_visitor, house_for_visitors
from web.access import PageRequest, threaded
from web.downloads import pdf_response
from web.threads import VisitorThreads

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

_UPLOAD_BYTES: Final = (MEGABYTES + 1) * 1_000_000
"""Of a whole request: the file and what is around it."""


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
    return pdf_response(draw_blank(form.current), file_name_of(form.name, "en-blanco"))


@get("/verificar")
@threaded
def show_verify(request: PageRequest, codigo: FromQuery[str] = "") -> Template:
    asked = codigo.strip()
    found = look_up_paper(house_of(request), asked) if asked else None
    return _verify_page(request, {"asked": asked, "papers": [found] if found else []})


@post("/verificar", status_code=200, request_max_body_size=_UPLOAD_BYTES)
async def verify_scan(request: PageRequest) -> Template:
    """Look at a paper of anybody's, in one of the few places that there are for that."""
    # The form is read as it came: beside the file the page sends its token, which is a text.
    file = (await request.form()).get("archivo")
    if not isinstance(file, UploadFile) or not file.filename:
        raise ClientException("No se eligió ningún archivo. Por favor elija la fotografía o el escaneo.")
    house: House = house_of(request)
    address = request.client.host if request.client is not None else ""
    if refused := await sync_to_thread(admit_visitor, house, address):
        return _verify_page(request, {"refused": refused}, 429, "60")
    visitors: VisitorThreads = request.app.state.visitors
    begun = visitors.begin(partial(_verify_upload, house, file))
    if begun is None:
        return _verify_page(request, {"refused": problem("VERIFICATION_BUSY")}, 503, "5")
    found = await wrap_future(begun)
    return _verify_page(request, {"found": found, "papers": found.papers})


def _verify_upload(house: House, file: UploadFile) -> VerifiedFile:
    bounded = house_for_visitors(house)
    content = file.file.read(bounded.limits.file_megabytes * 1_000_000 + 1)
    return verify_file(bounded, file.filename or "archivo", content)


def _verify_page(
    request: PageRequest, told: dict[str, Any], status: int = 200, retry_after: str = ""
) -> Template:
    context = {"user": request.user, "asked": "", "papers": [], "found": None, "refused": None} | told
    headers = {"retry-after": retry_after} if retry_after else {}
    return Template("verify.html", context=context, status_code=status, headers=headers)


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
