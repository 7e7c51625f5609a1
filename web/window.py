"""A case at the window: review with the page beside its values, what was missing, decision."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from forms.problems import Severity
from operations.acceptance import Attestation
from operations.archive import get_document
from operations.attestation import NONE_SEEN, AttestedReceipts, attest_receipts
from operations.casework import CaseNotFoundError, Refusal
from operations.house import House
from operations.reception import HandedIn, receive_again
from operations.splitting import page_key
from operations.users import UserRole
from operations.window import (
    CaseView,
    accept,
    admit_other_day,
    correct,
    refuse,
    send_back,
    view_case,
)
from regeneration.cases import CaseEvent, CaseState
from web.access import DESK, STAFF, PageRequest, threaded
from web.public import Form, house_of
from web.uploads import read_chunks, uploaded_files

WAITING: Final = frozenset(
    {CaseState.RECEIVED, CaseState.READING, CaseState.ACCEPTED, CaseState.REBUILDING, CaseState.REBUILT}
)
"""States in which the page asks again by itself until the worker has done its part."""


_NEED_REASON: Final = {
    "devolver": "Escriba el motivo. Por favor diga qué falta.",
    "rechazar": "Escriba el motivo. Por favor diga por qué se rechaza.",
    "admitir": "Escriba el motivo. Por favor diga por qué se admite: queda en la historia del trámite.",
}
"""Acts that nobody may do without saying why."""


@get("/ventanilla/tramites/{number:str}", guards=[DESK])
@threaded
def show_case(request: PageRequest, number: FromPath[str]) -> Template:
    return Template("case.html", context=case_context(request, number))


@get("/ventanilla/tramites/{number:str}/cuerpo", guards=[DESK])
@threaded
def show_case_body(request: PageRequest, number: FromPath[str]) -> Template:
    """The part of the page that changes while the worker works."""
    return Template("case_body.html", context=case_context(request, number))


@post("/ventanilla/tramites/{number:str}/datos", guards=[DESK], status_code=200)
@threaded
def confirm_values(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    """The values that the clerk confirmed or typed; names come as ``form.field``."""
    values: dict[str, dict[str, str]] = {}
    for key, value in data.items():
        form, dot, name = key.partition(".")
        if dot and value.strip():
            values.setdefault(form, {})[name] = value
    problems: list[Any] = []
    version = int(data.get("version", "0"))
    for form, given in values.items():
        answer = correct(house_of(request), number, form, given, request.user.name, version or None)
        if isinstance(answer, Refusal):
            return _refused(request, number, answer)
        problems += answer
        version = version + 1 if version else 0
    return _case_page(request, number, problems)


@post("/ventanilla/tramites/{number:str}/decision", guards=[DESK], status_code=200)
@threaded
def decide(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    house, by, version = house_of(request), request.user.name, int(data.get("version", "0")) or None
    act, reason = data.get("acto", ""), data.get("motivo", "").strip()
    if act == "aceptar":
        attestation = Attestation(
            data.get("presenta", "").strip(), data.get("identidad") == "si", data.get("firma") == "si"
        )
        answer: Refusal | tuple[Any, ...] | None = accept(house, number, attestation, by, version)
    elif act in _NEED_REASON and not reason:
        raise ClientException(_NEED_REASON[act])
    elif act == "admitir":
        if request.user.role is not UserRole.SUPERVISOR:
            raise PermissionDeniedException("Solo supervisión puede admitir anulaciones de otro día.")
        answer = admit_other_day(house, number, reason, by, version)
    elif act == "devolver":
        answer = send_back(house, number, reason, by, version)
    elif act == "rechazar":
        answer = refuse(house, number, reason, by, version)
    else:
        raise ClientException("La acción no existe.")
    if isinstance(answer, Refusal):
        return _refused(request, number, answer)
    return _case_page(request, number, list(answer or ()))


@post("/ventanilla/tramites/{number:str}/recepciones", guards=[DESK], status_code=303)
async def receive_missing(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    """What was missing from a case that had been returned."""
    files = await uploaded_files(request)
    if not files:
        raise ClientException("No se eligió ningún archivo. Por favor elija el escaneo de lo que faltaba.")
    return await sync_to_thread(receive_more, request, number, files)


def receive_more(request: PageRequest, number: str, files: list[UploadFile]) -> Response[Any]:
    handed = [HandedIn(file.filename or "archivo", read_chunks(file.file)) for file in files]
    answer = receive_again(house_of(request), number, handed, request.user.name)
    if isinstance(answer, Refusal):
        return _refused(request, number, answer)
    return Redirect(f"/ventanilla/tramites/{number}", status_code=303)


@post("/ventanilla/tramites/{number:str}/comprobantes", guards=[DESK], status_code=200)
@threaded
def attest(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    """What the clerk saw on the employer's screen of receipts and of the reserve-fund sheet."""
    try:
        day = date.fromisoformat(data.get("anulados_el", ""))
    except ValueError:
        raise ClientException("Escriba la fecha de las anulaciones. Por favor como AAAA-MM-DD.") from None
    seen = AttestedReceipts(
        (NONE_SEEN,) if data.get("sin_comprobantes") == "si" else tuple(data.get("comprobantes", "").split()),
        (NONE_SEEN,)
        if data.get("sin_comprobantes_fondos") == "si"
        else tuple(data.get("comprobantes_fondos", "").split()),
        NONE_SEEN if data.get("sin_planilla") == "si" else data.get("planilla_fondos", "").strip(),
        day,
    )
    version = int(data.get("version", "0")) or None
    answer = attest_receipts(house_of(request), number, seen, request.user.name, version)
    if isinstance(answer, Refusal):
        return _refused(request, number, answer)
    return _case_page(request, number, list(answer))


def _refused(request: PageRequest, number: str, refusal: Refusal) -> Response[Any]:
    context = case_context(request, number) | {"refusal": refusal.message}
    return Template("case.html", context=context, status_code=409)


def _case_page(request: PageRequest, number: str, problems: list[Any]) -> Response[Any]:
    stopped = any(found.severity is Severity.ERROR for found in problems)
    if not problems:
        return Redirect(f"/ventanilla/tramites/{number}", status_code=303)
    context = case_context(request, number) | {"problems": problems}
    return Template("case.html", context=context, status_code=422 if stopped else 200)


def case_context(request: PageRequest, number: str) -> dict[str, Any]:
    """What the case page shows; 404 for a number that nobody has."""
    house = house_of(request)
    try:
        view = view_case(house, number, request.user.name)
    except CaseNotFoundError:
        raise NotFoundException(f"No existe el trámite {number}.") from None
    pictures = {
        row.name: (row.id, row.kind == "page-straight")
        for row in view.documents
        if row.kind in {"page", "page-straight"}
    }
    overlays = {row.name: row.id for row in view.documents if row.kind == "page-overlay"}
    return {
        "user": request.user,
        "view": view,
        "waiting": view.state in WAITING,
        "sheets": _sheets(view, pictures, overlays),
        "papers": [row for row in view.documents if not row.kind.startswith("page")],
        "events": [
            (row, _event_label(row.event), row.at.astimezone(house.zone)) for row in reversed(view.events)
        ],
        "problems": [],
        "refusal": "",
        "attests": house.settings.attested_receipts
        and view.state in {CaseState.IN_REVIEW, CaseState.PRECONDITIONS_FAILED},
        "today": house.today().isoformat(),
        "may_admit": view.stopped_by_the_day and request.user.role is UserRole.SUPERVISOR,
        "open_doubts": sum(row.asks for row in view.fields),
    }


def _event_label(event: str) -> str:
    return "Recibe los papeles" if event == "receive" else CaseEvent(event).label


def _sheets(
    view: CaseView, pictures: dict[str, tuple[int, bool]], overlays: dict[str, int]
) -> list[dict[str, Any]]:
    """Each page with its document; ``picture`` is shown under boxes in mm only when the page is straight."""
    shown = []
    for document in view.reading.documents if view.reading else ():
        for place, page in enumerate(document.pages, start=1):
            name = page_key(page)
            number, straight = pictures.get(name, (None, False))
            ours = straight and document.route != "annex"
            shown.append(
                {
                    "document": document,
                    "page": place,
                    "picture": number if ours else None,
                    "plain": None if ours else number,
                    "overlay": overlays.get(name) if ours else None,
                    "source": page,
                }
            )
    return shown


@get("/ventanilla/documentos/{document_id:int}", guards=[STAFF])
@threaded
def show_document(request: PageRequest, document_id: FromPath[int]) -> Response[bytes]:
    return document_response(house_of(request), document_id, request.user.name)


def document_response(house: House, document_id: int, by: str) -> Response[bytes]:
    """A document of the archive, bit-exact; images and our own PDFs open in the browser."""
    found = get_document(house, document_id, by)
    if found is None:
        raise NotFoundException("No existe ese documento.")
    row, data = found
    ours = row.kind != "original"
    how = "inline" if ours else "attachment"
    name = row.name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    return Response(
        data,
        media_type=row.media_type if ours else "application/octet-stream",
        headers={"content-disposition": f'{how}; filename="{name}"'},
    )


window_routes = (
    show_case,
    show_case_body,
    receive_missing,
    confirm_values,
    decide,
    attest,
    show_document,
)
