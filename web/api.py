"""The door for programs: ``/api/v1``, with bearer tokens and ``application/problem+json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from forms.problems import Problem
from forms.register import find_form
from operations.archive import find_documents
from operations.issue_rights import issue_for, may_issue
from operations.issued_names import file_name_of
from operations.issuing import NotIssued
from operations.window import view_case
from web.access import ARCHIVISTS, DESK, PORTAL, PageRequest, threaded
from web.api_page import refusals
from web.downloads import pdf_response
from web.public import house_of
from web.uploads import problem_answer, receive_uploads, uploaded_files


@post(
    "/api/v1/receptions",
    guards=[DESK],
    status_code=202,
    summary="Recibir papeles escaneados",
    description="Uno o más archivos en «multipart/form-data». Con la misma «Idempotency-Key» se encuentra el "
    "mismo trámite. La respuesta dice dónde seguirlo.",
    responses=refusals(400, 401, 403, 413),
)
async def post_reception(
    request: PageRequest,
    key: Annotated[str, HeaderParameter(name="Idempotency-Key", required=False)] = "",
) -> Response[Any]:
    """Receive files (multipart) as the window does. The same ``Idempotency-Key`` of the same user with the
    same files finds the same case, with others it answers 422 (``IDEMPOTENCY_KEY_REUSED``). ``events`` is a
    stream of server-sent events that ends when the case waits for a person.
    """
    files = await uploaded_files(request)
    if not files:
        raise ClientException("No llegó ningún archivo. Por favor envíe al menos uno.")
    received = await sync_to_thread(receive_uploads, request, files, key or None)
    if isinstance(received, Problem):
        return problem_answer(received)
    answer = {
        "case": received.case,
        "problems": [found.as_json() for found in received.problems],
        "href": f"/api/v1/cases/{received.case}",
        "events": f"/api/v1/cases/{received.case}/events",
        "progress": f"/api/v1/cases/{received.case}/progress",
    }
    return Response(answer, status_code=202)


@get(
    "/api/v1/cases/{number:str}",
    guards=[DESK],
    summary="Ver un trámite",
    description="Su estado, lo que se leyó y se aceptó, las comprobaciones, los documentos y los eventos.",
    responses=refusals(401, 403, 404),
)
@threaded
def get_case(request: PageRequest, number: FromPath[str]) -> dict[str, Any]:
    """A case with its answers, checks and events."""
    house = house_of(request)
    view = view_case(house, number, request.user.name)
    return {
        "number": view.case.number,
        "state": view.case.state,
        "version": view.case.version,
        "ruc": view.case.ruc,
        "period": view.case.period,
        "received": view.case.received_at.astimezone(house.zone).isoformat(timespec="seconds"),
        "answers": view.case.answers,
        "reading": view.reading,
        "checks": view.checks,
        "documents": [
            {"id": row.id, "kind": row.kind, "name": row.name, "sha256": row.sha256} for row in view.documents
        ],
        "events": [
            {"sequence": row.sequence, "event": row.event, "actor": row.actor, "at": row.at.isoformat()}
            for row in view.events
        ],
    }


@post(
    "/api/v1/forms/{name:str}/draw",
    guards=[PORTAL],
    status_code=200,
    summary="Emitir un formulario sellado",
    description="Los datos del formulario por su nombre; el RUC y la sucursal son los de quien ingresó. "
    "Un delegado de varios empleadores dice con «ruc» y «branch» para cuál de ellos es. "
    "Responde el PDF, o cada dato que tiene un problema.",
    responses=refusals(400, 401, 403, 404, 422),
)
@threaded
def draw_form(request: PageRequest, name: FromPath[str], data: JSONBody[dict[str, str]]) -> Response[Any]:
    """Issue a sealed form of the employer's own RUC and branch: one that people sign, and no paper that the
    service itself issues.
    """
    form = find_form(name)
    if form is None:
        raise NotFoundException("No hay un formulario con ese nombre.")
    issued = issue_for(house_of(request), request.user, form, data)
    if isinstance(issued, NotIssued):
        allowed = may_issue(request.user.role, form)
        status = 422 if allowed else 403
        body = {
            "type": "about:blank",
            "title": "Los datos tienen problemas" if allowed else "No tiene permiso",
            "status": status,
            "detail": issued.problems[0].message,
            "code": issued.problems[0].code,
            "problems": [found.as_json() for found in issued.problems],
        }
        return Response(body, status_code=status, media_type="application/problem+json")
    return pdf_response(issued.pdf, file_name_of(name, issued.document))


@get(
    "/api/v1/archive/documents",
    guards=[ARCHIVISTS],
    summary="Buscar en el archivo",
    description="Los documentos que tienen todas las palabras; las tildes no cuentan.",
    responses=refusals(400, 401, 403),
)
@threaded
def get_documents(request: PageRequest, q: FromQuery[str]) -> dict[str, Any]:
    """Search the archive."""
    return {"documents": [asdict(row) for row in find_documents(house_of(request), q, request.user.name)]}


api_routes = (post_reception, get_case, draw_form, get_documents)
