"""Files on their way in: in pieces that resume after a broken connection, or as one plain multipart form.

``POST /ventanilla/cargas`` makes an upload; ``PATCH`` appends a piece at its ``Upload-Offset`` and answers
with the offset that is safe on disk; ``HEAD`` tells it again. The names of the headers are those of the
IETF's draft on resumable uploads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Annotated, Any, BinaryIO, Final

from litestar import Response, delete, head, patch, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, InternalServerException, NotFoundException
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.response import Redirect

from forms.problems import Problem
from operations.house import House
from operations.reception import HandedIn, Received, receive
from operations.uploads import (
    NotThere,
    PartWriter,
    begin_upload,
    drop_upload,
    find_upload,
    open_part,
    receive_uploaded,
)
from storage.blobs import CHUNK
from web.access import DESK, PageRequest, threaded
from web.public import house_of

_BLOCK: Final = 1 << 18
"""Bytes that are gathered before a thread writes them."""
_GONE: Final = "Ese envío ya no existe. Por favor vuelva a elegir el archivo."


def office_of(request: PageRequest) -> str:
    """The office whose desk the clerk sits at."""
    office: str = request.user.office or house_of(request).settings.office
    return office


@post("/ventanilla/cargas", guards=[DESK], status_code=201)
@threaded
def start_upload(request: PageRequest, data: JSONBody[dict[str, str | int]]) -> Response[Any]:
    """Make room for a file: ``{"nombre": …, "bytes": …}``."""
    name, length = str(data.get("nombre", "")), data.get("bytes")
    if not isinstance(length, int):
        raise ClientException("Falta el tamaño del archivo.")
    upload = begin_upload(house_of(request), request.user.name, name, length)
    if isinstance(upload, Problem):
        return problem_answer(upload)
    return Response(
        {"id": upload.id},
        status_code=201,
        headers={"location": f"/ventanilla/cargas/{upload.id}", "upload-offset": "0"},
    )


@head("/ventanilla/cargas/{upload_id:str}", guards=[DESK])
async def ask_offset(request: PageRequest, upload_id: FromPath[str]) -> Response[None]:
    """Where to go on: the offset whose bytes are safe."""
    upload = await sync_to_thread(find_upload, house_of(request), request.user.name, upload_id)
    if upload is None:
        raise NotFoundException(_GONE)
    headers = {"upload-offset": str(upload.received), "upload-length": str(upload.length)}
    return Response(None, status_code=204, headers=headers)


@patch("/ventanilla/cargas/{upload_id:str}", guards=[DESK])
async def append_piece(
    request: PageRequest,
    upload_id: FromPath[str],
    offset: Annotated[int, HeaderParameter(name="Upload-Offset", ge=0)] = 0,
) -> Response[Any]:
    """Append a piece; what arrived before a broken connection is kept."""
    writer = await sync_to_thread(open_part, house_of(request), request.user.name, upload_id, offset)
    if writer is None:
        raise NotFoundException(_GONE)
    if isinstance(writer, NotThere):
        return Response(None, status_code=409, headers={"upload-offset": str(writer.received)})
    fits = await _write_body(request, writer)
    received = await sync_to_thread(writer.settle)
    if not fits:
        raise ClientException("Llegaron más datos de los anunciados. Por favor vuelva a elegir el archivo.")
    return Response(None, status_code=204, headers={"upload-offset": str(received)})


async def _write_body(request: PageRequest, writer: PartWriter) -> bool:
    """Write what comes; whether it was no more than announced. A connection that breaks ends it early."""
    block = bytearray()
    try:
        async for piece in request.stream():
            block += piece
            if len(block) >= _BLOCK:
                if not await sync_to_thread(writer.write, bytes(block)):
                    return False
                block.clear()
    except InternalServerException:
        pass  # the client went away in the middle; it will ask how far it came
    return await sync_to_thread(writer.write, bytes(block))


@delete("/ventanilla/cargas/{upload_id:str}", guards=[DESK], status_code=204)
@threaded
def discard_upload(request: PageRequest, upload_id: FromPath[str]) -> None:
    if not drop_upload(house_of(request), request.user.name, upload_id):
        raise NotFoundException(_GONE)


@post("/ventanilla/cargas/recibir", guards=[DESK], status_code=202)
@threaded
def finish_uploads(request: PageRequest, data: JSONBody[dict[str, str | list[str]]]) -> Response[Any]:
    """Receive whole uploads as one case: ``{"cargas": […], "clave": …}``; the key makes it safe to repeat."""
    uploads, key = data.get("cargas"), data.get("clave")
    if not isinstance(uploads, list) or not uploads or not isinstance(key, str) or not key:
        raise ClientException("Faltan los archivos o la clave del envío.")
    received = receive_uploaded(
        house_of(request), request.user.name, uploads, office_of(request), key_of(request, key)
    )
    if isinstance(received, Problem):
        return problem_answer(received)
    return Response({"case": received.case, "href": f"/ventanilla/tramites/{received.case}"}, status_code=202)


def key_of(request: PageRequest, key: str) -> str:
    """An idempotency key as it is kept: nobody finds another's case by guessing a key."""
    return hashlib.sha256(f"{request.user.name}\0{key}".encode()).hexdigest()


def problem_answer(found: Problem) -> Response[Any]:
    body = {"title": "No se puede recibir", "status": 422, "code": found.code, "detail": found.message}
    return Response({"type": "about:blank", **body}, status_code=422, media_type="application/problem+json")


@post("/ventanilla/recepciones", guards=[DESK], status_code=303)
async def receive_files(request: PageRequest) -> Redirect:
    """The plain form, for browsers without scripts."""
    files = await uploaded_files(request)
    if not files:
        raise ClientException("No se eligió ningún archivo. Por favor elija el escaneo de los papeles.")
    received = await sync_to_thread(receive_uploads, request, files, None)
    assert isinstance(received, Received), "without a key there is nothing to be repeated"
    return Redirect(f"/ventanilla/tramites/{received.case}", status_code=303)


async def uploaded_files(request: PageRequest) -> list[UploadFile]:
    """Every file of a multipart request, whatever its field is called; they wait on disk, not in memory."""
    form = await request.form()
    return [item for _, item in form.multi_items() if isinstance(item, UploadFile) and item.filename]


def receive_uploads(request: PageRequest, files: list[UploadFile], key: str | None) -> Received | Problem:
    """Hand uploads to the reception, in a thread."""
    house: House = house_of(request)
    handed = [HandedIn(file.filename or "archivo", read_chunks(file.file)) for file in files]
    return receive(house, handed, office_of(request), request.user.name, key and key_of(request, key))


def read_chunks(file: Any) -> Iterator[bytes]:
    """The bytes of an upload in pieces, so that a large scan is never whole in memory."""
    source: BinaryIO = file
    while chunk := source.read(CHUNK):
        yield chunk


upload_routes = (start_upload, ask_offset, append_piece, discard_upload, finish_uploads, receive_files)
