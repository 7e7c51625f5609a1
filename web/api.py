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
from operations.casework import CaseNotFoundError
from operations.issuing import NotIssued, issue_form
from operations.window import view_case
from web.access import ARCHIVISTS, DESK, EMPLOYERS, PageRequest, threaded
from web.public import house_of, pdf_response
from web.uploads import problem_answer, receive_uploads, uploaded_files


@post("/api/v1/receptions", guards=[DESK], status_code=202)
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
        raise ClientException("No llegó ningún archivo.")
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


@get("/api/v1/cases/{number:str}", guards=[DESK])
@threaded
def get_case(request: PageRequest, number: FromPath[str]) -> dict[str, Any]:
    """A case with its answers, checks and events."""
    house = house_of(request)
    try:
        view = view_case(house, number, request.user.name)
    except CaseNotFoundError:
        raise NotFoundException(f"No existe el trámite {number}.") from None
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


@post("/api/v1/forms/{name:str}/draw", guards=[EMPLOYERS], status_code=200)
@threaded
def draw_form(request: PageRequest, name: FromPath[str], data: JSONBody[dict[str, str]]) -> Response[Any]:
    """Issue a sealed form of the employer's own RUC and branch."""
    form = find_form(name)
    if form is None:
        raise NotFoundException("No hay un formulario con ese nombre.")
    values = data | {"ruc": request.user.ruc, "branch": request.user.branch}
    issued = issue_form(house_of(request), form.current, values, request.user.name)
    if isinstance(issued, NotIssued):
        body = {
            "type": "about:blank",
            "title": "Los datos tienen problemas",
            "status": 422,
            "code": issued.problems[0].code,
            "problems": [found.as_json() for found in issued.problems],
        }
        return Response(body, status_code=422, media_type="application/problem+json")
    return pdf_response(issued.pdf, f"{issued.document}.pdf")


@get("/api/v1/archive/documents", guards=[ARCHIVISTS])
@threaded
def get_documents(request: PageRequest, q: FromQuery[str]) -> dict[str, Any]:
    """Search the archive."""
    return {"documents": [asdict(row) for row in find_documents(house_of(request), q, request.user.name)]}


api_routes = (post_reception, get_case, draw_form, get_documents)
