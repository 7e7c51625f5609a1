"""The clerk's day: who is here, which cases ask for somebody, and one box that finds anything."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from forms.problems import Problem
from operations.casework import Refusal
from operations.desk import show_office
from operations.desk_search import CaseHit, Hits, PaperHit, find_anything, view_paper
from operations.visits import VisitState, arrive, arrive_for, move_visit
from web.access import DESK, PageRequest, threaded
from web.public import Form, house_of
from web.uploads import office_of

_ACTS: Final = {
    "llamar": VisitState.SERVED,
    "terminar": VisitState.ENDED,
    "retirar": VisitState.LEFT,
    "esperar": VisitState.WAITING,
}


@get("/ventanilla", guards=[DESK])
@threaded
def show_desk(request: PageRequest) -> Template:
    return Template("desk.html", context=_context(request))


@get("/ventanilla/hoy", guards=[DESK])
@threaded
def show_day(request: PageRequest) -> Template:
    """The part of the desk that changes by itself."""
    return Template("desk_day.html", context=_context(request))


def _context(request: PageRequest) -> dict[str, Any]:
    house, office = house_of(request), office_of(request)
    return {
        "user": request.user,
        "office": office,
        "now": house.now(),
        "desk": show_office(house, office),
        "megabytes": house.limits.file_megabytes,
        "asked": "",
        "problem": None,
    }


@post("/ventanilla/buscar", guards=[DESK], status_code=200)
@threaded
def search(request: PageRequest, data: Form) -> Response[Any]:
    """What was typed or scanned: one hit is opened at once. Posted, so that no name stands in an address."""
    asked = data.get("q", "")
    found = find_anything(house_of(request), asked, request.user.name)
    match found:
        case CaseHit(number):
            return Redirect(f"/ventanilla/tramites/{number}", status_code=303)
        case PaperHit(document):
            return Redirect(f"/ventanilla/papeles/{document}", status_code=303)
        case Hits((case,), ()):
            return Redirect(f"/ventanilla/tramites/{case.number}", status_code=303)
        case Problem() | Hits():
            shown = asked if len(asked) <= 120 else ""
            hits = found if isinstance(found, Hits) else None
            problem = found if isinstance(found, Problem) else None
            context = {"user": request.user, "asked": shown.strip(), "hits": hits, "problem": problem}
            return Template("desk_search.html", context=context, status_code=422 if problem else 200)


@get("/ventanilla/papeles/{number:str}", guards=[DESK])
@threaded
def show_paper(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    """What we know of a paper that no case has yet."""
    paper = view_paper(house_of(request), number, request.user.name)
    if paper is None:
        raise NotFoundException("Este servicio no emitió ese documento.")
    return Template("desk_paper.html", context={"user": request.user, "paper": paper, "asked": ""})


@post("/ventanilla/turnos", guards=[DESK], status_code=303)
@threaded
def welcome(request: PageRequest, data: Form) -> Response[Any]:
    """Somebody came, with or without an appointment."""
    house, office, by = house_of(request), office_of(request), request.user.name
    if appointment := data.get("cita"):
        visit = arrive_for(house, office, appointment, by)
    else:
        visit = arrive(house, office, by, data.get("ruc", ""))
    if isinstance(visit, Refusal):
        return _refused(request, visit)
    if isinstance(visit, Problem):
        context = _context(request) | {"problem": visit}
        return Template("desk.html", context=context, status_code=422)
    return Redirect("/ventanilla#turnos", status_code=303)


@post("/ventanilla/turnos/{visit_id:int}", guards=[DESK], status_code=303)
@threaded
def move(request: PageRequest, visit_id: FromPath[int], data: Form) -> Response[Any]:
    """Call, finish, or note that somebody left."""
    state = _ACTS.get(data.get("acto", ""))
    if state is None:
        raise ClientException("La acción no existe.")
    refusal = move_visit(house_of(request), office_of(request), visit_id, state, request.user.name)
    if isinstance(refusal, Refusal):
        return _refused(request, refusal)
    return Redirect("/ventanilla#turnos", status_code=303)


def _refused(request: PageRequest, refusal: Refusal) -> Response[Any]:
    context = _context(request) | {"refusal": refusal.message}
    return Template("desk.html", context=context, status_code=409)


desk_routes = (show_desk, show_day, search, show_paper, welcome, move)
