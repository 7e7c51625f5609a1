"""Pages about the service for everybody: monthly volumes, complaints, and for supervisors their answers."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from operations.complaints import (
    ComplaintState,
    Filed,
    answer_complaint,
    file_complaint,
    find_complaint,
    list_complaints,
)
from operations.transparency.plot import draw_volumes
from operations.transparency.volumes import monthly_volumes, write_volumes
from web.access import SUPERVISORS, PageRequest, threaded
from web.downloads import named
from web.public import Form, house_of


@get("/transparencia")
@threaded
def show_volumes(request: PageRequest) -> Template:
    volumes = monthly_volumes(house_of(request))
    context = {"user": request.user, "volumes": volumes[::-1], "plot": draw_volumes(volumes)}
    return Template("transparency.html", context=context)


@get("/transparencia/volumenes.csv")
@threaded
def download_volumes(request: PageRequest) -> Response[bytes]:
    data = write_volumes(monthly_volumes(house_of(request)))
    headers = named("volumenes.csv")
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@get("/quejas")
@threaded
def show_complaint_form(request: PageRequest) -> Template:
    context = {"user": request.user, "data": {}, "problems": ()}
    return Template("complaint_form.html", context=context)


@post("/quejas", status_code=200)
@threaded
def send_complaint(request: PageRequest, data: Form) -> Response[Any]:
    given = {name: data.get(name, "").strip() for name in ("name", "email", "text", "case_number")}
    answer = file_complaint(house_of(request), **given)
    if isinstance(answer, Filed):
        return Redirect(f"/quejas/{answer.number}?clave={answer.key}", status_code=303)
    context = {"user": request.user, "data": given, "problems": answer}
    return Template("complaint_form.html", context=context, status_code=422)


@get("/quejas/{number:str}")
@threaded
def follow_complaint(request: PageRequest, number: FromPath[str], clave: FromQuery[str] = "") -> Template:
    row = find_complaint(house_of(request), number, clave)
    if row is None:
        raise NotFoundException("No hay una queja con ese enlace.")
    zone = house_of(request).zone
    context = {"user": request.user, "row": row, "state": ComplaintState(row.state).label, "zone": zone}
    return Template("complaint.html", context=context)


@get("/ventanilla/quejas", guards=[SUPERVISORS])
@threaded
def show_complaints(request: PageRequest) -> Template:
    house = house_of(request)
    context = {"user": request.user, "rows": list_complaints(house), "zone": house.zone, "told": ""}
    return Template("complaints.html", context=context)


@post("/ventanilla/quejas/{number:str}", guards=[SUPERVISORS], status_code=200)
@threaded
def send_answer(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    house = house_of(request)
    refusal = answer_complaint(house, number, data.get("respuesta", ""), request.user.name)
    if refusal is None:
        return Redirect("/ventanilla/quejas", status_code=303)
    context = {
        "user": request.user,
        "rows": list_complaints(house),
        "zone": house.zone,
        "told": refusal.message,
    }
    return Template("complaints.html", context=context, status_code=409)


transparency_routes = (
    show_volumes,
    download_volumes,
    show_complaint_form,
    send_complaint,
    follow_complaint,
    show_complaints,
    send_answer,
)
