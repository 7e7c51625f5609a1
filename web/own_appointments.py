"""An appointment for whoever has its link: to look at it, to take its papers, to move it or to cancel it.

Every act is answered with the address of a page, so that the browser's Back and reload do nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from operations.agencies.register import Agency
from operations.appointment_mails import calendar_of
from operations.appointment_views import Appointment, Slot
from operations.appointments import cancel, find_appointment, free_hours, move, refusal_of
from operations.casework import Refusal
from operations.issuing import issued_pdf
from regeneration.months import write_date
from web.access import PageRequest, threaded
from web.downloads import named, pdf_response
from web.public import Form, house_of

CHOOSE_HOUR: Final = "elija-hora"
_TOLD: Final = {CHOOSE_HOUR: "Por favor elija una hora."}


@get("/turnos/{number:str}")
@threaded
def show_appointment(
    request: PageRequest,
    number: FromPath[str],
    clave: FromQuery[str] = "",
    dia: FromQuery[str] = "",
    aviso: FromQuery[str] = "",
) -> Template:
    """An appointment for whoever has its link, to move it or to cancel it."""
    house, own = house_of(request), _own(request, number, clave)
    may_change = own.state.value == "booked" and own.starts_at > house.now()
    context = {
        "user": request.user,
        "own": own,
        "told": say(request, aviso),
        "may_change": may_change,
        "days": offer_hours(request, own.agency, dia) if may_change else None,
        "write_date": write_date,
    }
    return Template("appointment.html", context=context)


@post("/turnos/{number:str}/cambiar", status_code=303)
@threaded
def change(request: PageRequest, number: FromPath[str], data: Form) -> Redirect:
    own, slot = _own(request, number, data.get("clave", "")), slot_of(data)
    answer = Refusal(CHOOSE_HOUR, "") if slot is None else move(house_of(request), own.number, own.key, slot)
    return _back_to(own, answer, data.get("day", ""))


@post("/turnos/{number:str}/cancelar", status_code=303)
@threaded
def give_up(request: PageRequest, number: FromPath[str], data: Form) -> Redirect:
    own = _own(request, number, data.get("clave", ""))
    return _back_to(own, cancel(house_of(request), own.number, own.key))


def _back_to(own: Appointment, answer: Appointment | Refusal | None, day: str = "") -> Redirect:
    told = {"dia": day, "aviso": answer.code} if isinstance(answer, Refusal) else {}
    return Redirect(address_of(own, **told), status_code=303)


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
    headers = named(f"turno-{number}.ics")
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


def _own(request: PageRequest, number: str, key: str) -> Appointment:
    own = find_appointment(house_of(request), number, key)
    if own is None:
        raise NotFoundException("No hay un turno con ese enlace. Por favor use el del correo que recibió.")
    return own


def address_of(own: Appointment, **told: str) -> str:
    """The page of an appointment for whoever may open it."""
    return f"/turnos/{own.number}?{urlencode({'clave': own.key, **told})}"


def say(request: PageRequest, code: str) -> str:
    """The sentence of a code in an address, nothing for anything else: no link writes on our pages."""
    refusal = refusal_of(house_of(request), code)
    return refusal.message if refusal is not None else _TOLD.get(code, "")


def slot_of(data: Mapping[str, str]) -> Slot | None:
    """The slot of a radio button, ``2026-12-01 09:20``; nothing for anything else."""
    day, _, hour = data.get("slot", "").partition(" ")
    agency, procedure = data.get("agency", "").strip(), data.get("procedure", "").strip()
    try:
        return Slot(agency, procedure, date.fromisoformat(day), time.fromisoformat(hour))
    except ValueError:
        return None


def offer_hours(request: PageRequest, agency: Agency, asked: str) -> dict[str, Any]:
    """Days to choose from, and the hours of the one that was asked for, or of the first with a free place."""
    house = house_of(request)
    days = house.agencies.bookable_days(agency, house.today())
    named = [day for day in days if day.isoformat() == asked]
    for day in named or days:
        hours = free_hours(house, agency, day)
        if named or any(hours.values()):
            return {"all": days, "day": day, "hours": hours}
    return {"all": days, "day": None, "hours": {}}


own_appointment_routes = (
    show_appointment,
    change,
    give_up,
    download_confirmation,
    download_calendar,
)
