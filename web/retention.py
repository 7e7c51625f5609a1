"""Retention: schedules, legal holds, what is due, proposals to dispose of documents, certificates."""

from __future__ import annotations

from urllib.parse import parse_qs

from litestar import Response, get, post
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from operations.casework import CaseNotFoundError, Refusal
from operations.disposal import agree_disposal, propose_disposal, reject_disposal
from operations.retention import lift_hold, place_hold
from operations.retention_views import certificate_of, view_proposal, view_retention
from operations.users import UserRole
from web.access import ARCHIVISTS, PageRequest, for_roles, threaded
from web.downloads import pdf_response
from web.public import Form, house_of

HOLDERS = for_roles(UserRole.ARCHIVIST, UserRole.SUPERVISOR)
PROPOSERS = for_roles(UserRole.ARCHIVIST)
DECIDERS = for_roles(UserRole.SUPERVISOR, UserRole.AUDITOR)


def _insist(answer: object) -> None:
    """Show a refusal as a page that says what to do."""
    if isinstance(answer, Refusal):
        if answer.code in {"NOT_YOURS", "SAME_PERSON"}:
            raise PermissionDeniedException(answer.message)
        raise ClientException(answer.message)


@get("/archivo/retencion", guards=[ARCHIVISTS])
@threaded
def show_retention(request: PageRequest) -> Template:
    house = house_of(request)
    context = {"user": request.user, "state": view_retention(house), "zone": house.zone}
    return Template("retention.html", context=context)


@post("/archivo/retencion/propuestas", guards=[PROPOSERS], status_code=303)
async def propose(request: PageRequest) -> Redirect:
    """Several ticks have one name, which the framework's mapping of a form would make one of."""
    given = parse_qs((await request.body()).decode("utf-8", "replace"))
    return await _propose(request, given.get("tramite", []), " ".join(given.get("motivo", [])))


@threaded
def _propose(request: PageRequest, cases: list[str], reason: str) -> Redirect:
    answer = propose_disposal(house_of(request), cases, reason, request.user)
    _insist(answer)
    return Redirect(f"/archivo/eliminaciones/{answer}", status_code=303)


@post("/archivo/tramites/{number:str}/retencion", guards=[HOLDERS], status_code=303)
@threaded
def hold_case(request: PageRequest, number: FromPath[str], data: Form) -> Redirect:
    try:
        _insist(place_hold(house_of(request), number, data.get("motivo", ""), request.user))
    except CaseNotFoundError:
        raise NotFoundException(f"No existe el trámite {number}.") from None
    return Redirect(f"/archivo/tramites/{number}#retencion", status_code=303)


@post("/archivo/retenciones/{hold:int}/levantar", guards=[HOLDERS], status_code=303)
@threaded
def release_case(request: PageRequest, hold: FromPath[int], data: Form) -> Redirect:
    try:
        _insist(lift_hold(house_of(request), hold, data.get("motivo", ""), request.user))
    except CaseNotFoundError:
        raise NotFoundException("No existe esa retención.") from None
    return Redirect("/archivo/retencion", status_code=303)


@get("/archivo/eliminaciones/{number:str}", guards=[ARCHIVISTS])
@threaded
def show_disposal(request: PageRequest, number: FromPath[str]) -> Template:
    house = house_of(request)
    view = view_proposal(house, number)
    if view is None:
        raise NotFoundException("No existe esa propuesta.")
    return Template("disposal.html", context={"user": request.user, "view": view, "zone": house.zone})


@get("/archivo/eliminaciones/{number:str}/acta.pdf", guards=[ARCHIVISTS])
@threaded
def download_certificate(request: PageRequest, number: FromPath[str]) -> Response[bytes]:
    data = certificate_of(house_of(request), number, request.user.name)
    if data is None:
        raise NotFoundException("Esa propuesta no tiene acta.")
    return pdf_response(data, f"acta-{number}.pdf", inline=True)


@post("/archivo/eliminaciones/{number:str}/aprobar", guards=[DECIDERS], status_code=303)
@threaded
def agree(request: PageRequest, number: FromPath[str], data: Form) -> Redirect:
    _insist(agree_disposal(house_of(request), number, data.get("motivo", ""), request.user))
    return Redirect(f"/archivo/eliminaciones/{number}", status_code=303)


@post("/archivo/eliminaciones/{number:str}/rechazar", guards=[ARCHIVISTS], status_code=303)
@threaded
def reject(request: PageRequest, number: FromPath[str], data: Form) -> Redirect:
    _insist(reject_disposal(house_of(request), number, data.get("motivo", ""), request.user))
    return Redirect(f"/archivo/eliminaciones/{number}", status_code=303)


retention_routes = (
    show_retention,
    propose,
    hold_case,
    release_case,
    show_disposal,
    download_certificate,
    agree,
    reject,
)
