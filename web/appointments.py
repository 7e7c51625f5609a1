"""*Turno en línea*: the nine steps of the procedure, each a page that works without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from forms.problems import Problem
from operations.agencies.register import Agency
from operations.appointment_mails import calendar_of
from operations.appointment_views import Appointment, Slot
from operations.appointments import book, cancel, find_appointment, free_hours, move
from operations.casework import Refusal
from operations.issuing import issued_pdf
from operations.one_time_codes import CodeAnswer
from operations.visitors import (
    Visitor,
    check_person,
    check_visitor,
    prove_address,
    read_ticket,
    send_code,
)
from regeneration.months import write_date
from web.access import PageRequest, threaded
from web.public import Form, house_of, pdf_response

_SOON: Final = (
    "Ya le enviamos un código hace un momento. Espere un minuto y revise también el correo no deseado."
)
_EXPIRED: Final = "Pasó más de media hora desde que comprobó su correo. Por favor empiece otra vez."


@get("/turnos")
@threaded
def show_start(request: PageRequest) -> Template:
    """Step 1: the identity number."""
    return _page(request, "person", {})


@post("/turnos/contacto", status_code=200)
@threaded
def send_person(request: PageRequest, data: Form) -> Template:
    """Step 2: e-mail and mobile, once the number is right."""
    found = check_person(_clean(data, "person_id"))
    return _page(request, "person" if found else "contact", data, problems=found)


@post("/turnos/codigo", status_code=200)
@threaded
def send_contact(request: PageRequest, data: Form) -> Template:
    """Steps 3 and 4: a code goes to the address."""
    visitor = _visitor_of(data)
    if found := check_visitor(visitor):
        return _page(request, "contact", data, problems=found)
    told = "" if send_code(house_of(request), visitor) else _SOON
    return _page(request, "code", data, told=told)


@post("/turnos/agencia", status_code=200)
@threaded
def send_proof(request: PageRequest, data: Form) -> Template:
    """Step 5: the code; then step 6, province, procedure and agency."""
    ticket = data.get("ticket", "")
    if not ticket:
        answer = prove_address(house_of(request), _visitor_of(data), data.get("code", ""))
        if isinstance(answer, CodeAnswer):
            return _page(request, "code", data, told=answer.message)
        ticket = answer
    return _with_ticket(request, "agency", {**data, "ticket": ticket})


@post("/turnos/hora", status_code=200)
@threaded
def send_agency(request: PageRequest, data: Form) -> Template:
    """Step 7: the day and the hour."""
    if house_of(request).agencies.find(data.get("agency", "")) is None:
        return _with_ticket(request, "agency", data, told="Elija una agencia.")
    return _with_ticket(request, "hour", data)


@post("/turnos/confirmar", status_code=200)
@threaded
def send_hour(request: PageRequest, data: Form) -> Template:
    """Step 8: everything once more, before it is confirmed."""
    if house_of(request).agencies.find(data.get("agency", "")) is None:
        return _with_ticket(request, "agency", data, told="Elija una agencia.")
    if _slot_of(data) is None:
        return _with_ticket(request, "hour", data, told="Elija una hora.")
    return _with_ticket(request, "confirm", data)


@post("/turnos/reservar", status_code=200)
@threaded
def confirm(request: PageRequest, data: Form) -> Response[Any]:
    """Step 9: the appointment and its confirmation."""
    house, slot = house_of(request), _slot_of(data)
    visitor = read_ticket(house, data.get("ticket", ""))
    if visitor is None or slot is None:
        return _page(request, "person", {}, told=_EXPIRED)
    answer = book(house, visitor, slot)
    if isinstance(answer, Refusal):
        return _with_ticket(request, "hour", data, told=answer.message)
    return Redirect(f"/turnos/{answer.number}?clave={answer.key}", status_code=303)


@get("/turnos/{number:str}")
@threaded
def show_appointment(
    request: PageRequest, number: FromPath[str], clave: FromQuery[str] = "", dia: FromQuery[str] = ""
) -> Template:
    """An appointment for whoever has its link, to move it or to cancel it."""
    return _appointment_page(request, _own(request, number, clave), dia)


@post("/turnos/{number:str}/cambiar", status_code=200)
@threaded
def change(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    own, slot = _own(request, number, data.get("clave", "")), _slot_of(data)
    answer = (
        Refusal("", "Elija una hora.") if slot is None else move(house_of(request), own.number, own.key, slot)
    )
    if isinstance(answer, Refusal):
        return _appointment_page(request, own, data.get("day", ""), answer.message)
    return Redirect(f"/turnos/{number}?clave={own.key}", status_code=303)


@post("/turnos/{number:str}/cancelar", status_code=200)
@threaded
def give_up(request: PageRequest, number: FromPath[str], data: Form) -> Response[Any]:
    own = _own(request, number, data.get("clave", ""))
    refusal = cancel(house_of(request), own.number, own.key)
    if refusal is not None:
        return _appointment_page(request, own, "", refusal.message)
    return Redirect(f"/turnos/{number}?clave={own.key}", status_code=303)


@get("/turnos/{number:str}/confirmacion.pdf")
@threaded
def download_confirmation(
    request: PageRequest, number: FromPath[str], clave: FromQuery[str] = ""
) -> Response[bytes]:
    own = _own(request, number, clave)
    data = issued_pdf(house_of(request), own.document, "público")
    if data is None:
        raise NotFoundException("La confirmación no está.")
    return pdf_response(data, f"turno-{number}.pdf")


@get("/turnos/{number:str}/turno.ics")
@threaded
def download_calendar(
    request: PageRequest, number: FromPath[str], clave: FromQuery[str] = ""
) -> Response[bytes]:
    data = calendar_of(house_of(request), _own(request, number, clave))
    headers = {"content-disposition": 'attachment; filename="turno.ics"'}
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


def _own(request: PageRequest, number: str, key: str) -> Appointment:
    own = find_appointment(house_of(request), number, key)
    if own is None:
        raise NotFoundException("No hay un turno con ese enlace. Por favor use el del correo que recibió.")
    return own


def _clean(data: dict[str, str], name: str) -> str:
    return data.get(name, "").strip()


def _visitor_of(data: dict[str, str]) -> Visitor:
    person = _clean(data, "person_id").upper().replace("-", "")
    return Visitor(person, _clean(data, "email").lower(), _clean(data, "phone"))


def _slot_of(data: dict[str, str]) -> Slot | None:
    """The slot of a radio button, ``2026-12-01 09:20``; nothing for anything else."""
    day, _, hour = data.get("slot", "").partition(" ")
    try:
        return Slot(
            _clean(data, "agency"),
            _clean(data, "procedure"),
            date.fromisoformat(day),
            time.fromisoformat(hour),
        )
    except ValueError:
        return None


def _with_ticket(request: PageRequest, step: str, data: dict[str, str], told: str = "") -> Template:
    """A page of somebody whose address was proved, or the first one for whoever's proof is too old."""
    visitor = read_ticket(house_of(request), data.get("ticket", ""))
    if visitor is None:
        return _page(request, "person", {}, told=_EXPIRED)
    return _page(request, step, data, told=told, visitor=visitor)


def _page(
    request: PageRequest,
    step: str,
    data: dict[str, str],
    *,
    problems: Sequence[Problem] = (),
    told: str = "",
    visitor: Visitor | None = None,
) -> Template:
    agencies = house_of(request).agencies
    agency = agencies.find(data.get("agency", ""))
    context = {
        "user": request.user,
        "step": step,
        "data": data,
        "problems": problems,
        "told": told,
        "visitor": visitor,
        "agencies": agencies,
        "agency": agency,
        "slot": _slot_of(data),
        "days": _offer(request, agency, data.get("day", "")) if step == "hour" and agency else None,
        "write_date": write_date,
    }
    return Template("appointments.html", context=context, status_code=422 if problems or told else 200)


def _offer(request: PageRequest, agency: Agency, asked: str) -> dict[str, Any]:
    """Days to choose from, and the hours of the one that was asked for, or of the first with a free place."""
    house = house_of(request)
    days = house_of(request).agencies.bookable_days(agency, house.today())
    named = [day for day in days if day.isoformat() == asked]
    for day in named or days:
        hours = free_hours(house, agency, day)
        if named or any(hours.values()):
            return {"all": days, "day": day, "hours": hours}
    return {"all": days, "day": None, "hours": {}}


def _appointment_page(request: PageRequest, own: Appointment, day: str, told: str = "") -> Template:
    may_change = own.state.value == "booked" and own.starts_at > house_of(request).now()
    context = {
        "user": request.user,
        "own": own,
        "told": told,
        "may_change": may_change,
        "days": _offer(request, own.agency, day) if may_change else None,
        "write_date": write_date,
    }
    return Template("appointment.html", context=context, status_code=409 if told else 200)


appointment_routes = (
    show_start,
    send_person,
    send_contact,
    send_proof,
    send_agency,
    send_hour,
    confirm,
    show_appointment,
    change,
    give_up,
    download_confirmation,
    download_calendar,
)
