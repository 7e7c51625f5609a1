"""*Turno en línea*: the nine steps of the procedure, each a page that works without scripts.

What is typed goes to the service and is answered with the address of the next page, and every page can be
asked for again: the browser's Back and reload show it and send nothing. Who is asking stands in a cookie of
half an hour and in no address; what is chosen stands in the address and names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from forms.problems import Problem
from operations.appointments import book, find_booked
from operations.casework import Refusal
from operations.one_time_codes import CodeAnswer
from operations.visitors import (
    Visitor,
    check_person,
    check_visitor,
    prove_address,
    read_draft,
    read_ticket,
    send_code,
    write_draft,
)
from regeneration.months import write_date
from web.access import PageRequest, threaded
from web.own_appointments import CHOOSE_HOUR, address_of, offer_hours, say, slot_of
from web.public import Form, house_of

VISITOR: Final = "ventanilla_turno"
"""Cookie with what the visitor typed, or with the ticket of whoever proved their address."""
_HALF_AN_HOUR: Final = 30 * 60
_LOOK_AGAIN: Final = "revisar"
_SOON: Final = "pronto"
_OVER: Final = "vencido"
_TOLD: Final = {
    _SOON: "Ya le enviamos un código hace un momento. Por favor busque el correo también entre los no "
    "deseados; dentro de un minuto puede pedir otro.",
    _OVER: "Pasó más de media hora desde que comprobó su correo. Por favor empiece otra vez.",
    CodeAnswer.WRONG.value: CodeAnswer.WRONG.message,
    CodeAnswer.OVER.value: CodeAnswer.OVER.message,
}
_CHOICES: Final = ("province", "procedure", "agency", "day", "slot")
_LONGEST: Final = 200
"""Signs of an answer that a cookie keeps; whatever is longer is wrong however it goes on."""


@get("/turnos")
@threaded
def show_start(request: PageRequest, aviso: FromQuery[str] = "") -> Template:
    """Step 1: the identity number."""
    typed = _asking(request)[0]
    if aviso != _LOOK_AGAIN or typed is None:  # of whoever was here before nothing is shown
        return _page(request, "person", None, told=_TOLD.get(aviso, ""))
    return _page(request, "person", typed, problems=check_person(typed.person_id))


@post("/turnos/contacto", status_code=303)
@threaded
def send_person(request: PageRequest, data: Form) -> Redirect:
    known, proved = _asking(request)
    person = _clean(data, "person_id").upper().replace("-", "")
    if known is None or known.person_id != person:
        known, proved = Visitor(person, "", ""), False
    place = "/turnos?aviso=revisar" if check_person(person) else "/turnos/contacto"
    return _go_on(request, place, known, proved=proved)


@get("/turnos/contacto")
@threaded
def show_contact(request: PageRequest, aviso: FromQuery[str] = "") -> Response[Any]:
    """Step 2: e-mail and mobile, once the number is right."""
    typed = _asking(request)[0]
    if typed is None or check_person(typed.person_id):
        return _begin_again()
    problems = check_visitor(typed) if aviso == _LOOK_AGAIN else ()
    return _page(request, "contact", typed, problems=problems)


@post("/turnos/codigo", status_code=303)
@threaded
def send_contact(request: PageRequest, data: Form) -> Redirect:
    """Step 3: a code goes to the address, unless it was proved already."""
    known, proved = _asking(request)
    if known is None:
        return _begin_again()
    visitor = Visitor(known.person_id, _clean(data, "email").lower(), _clean(data, "phone"))
    if check_visitor(visitor):
        return _go_on(request, f"/turnos/contacto?aviso={_LOOK_AGAIN}", visitor)
    if proved and visitor == known:
        return Redirect("/turnos/agencia", status_code=303)
    sent = send_code(house_of(request), visitor)
    return _go_on(request, "/turnos/codigo" if sent else f"/turnos/codigo?aviso={_SOON}", visitor)


@get("/turnos/codigo")
@threaded
def show_code(request: PageRequest, aviso: FromQuery[str] = "") -> Response[Any]:
    """Step 4: where the code is typed, or that the address was proved."""
    typed, proved = _asking(request)
    if typed is None or check_visitor(typed):
        return _begin_again()
    return _page(request, "code", typed, told="" if proved else _TOLD.get(aviso, ""), proved=proved)


@post("/turnos/agencia", status_code=303)
@threaded
def send_proof(request: PageRequest, data: Form) -> Redirect:
    """Step 5: the code."""
    visitor, proved = _asking(request)
    if visitor is None or check_visitor(visitor):
        return _begin_again()
    if proved:
        return Redirect("/turnos/agencia", status_code=303)
    answer = prove_address(house_of(request), visitor, data.get("code", ""))
    if isinstance(answer, CodeAnswer):
        return Redirect(f"/turnos/codigo?aviso={answer.value}", status_code=303)
    return _keep(request, Redirect("/turnos/agencia", status_code=303), answer)


@get("/turnos/agencia")
@threaded
def show_agencies(request: PageRequest) -> Response[Any]:
    """Step 6: province, procedure and agency."""
    return _choose(request, "agency")


@get("/turnos/hora")
@threaded
def show_hours(request: PageRequest, aviso: FromQuery[str] = "") -> Response[Any]:
    """Step 7: the day and the hour."""
    return _choose(request, "hour", told=say(request, aviso))


@get("/turnos/confirmar")
@threaded
def show_choice(request: PageRequest) -> Response[Any]:
    """Step 8: everything once more, before it is confirmed."""
    if slot_of(request.query_params) is None:
        return _choose(request, "hour", told=say(request, CHOOSE_HOUR))
    return _choose(request, "confirm")


@post("/turnos/reservar", status_code=303)
@threaded
def confirm(request: PageRequest, data: Form) -> Redirect:
    """Step 9: the appointment and its confirmation; sent twice, it is the same one."""
    visitor, proved = _asking(request)
    slot = slot_of(data)
    if visitor is None or slot is None or not proved:
        return _begin_again()
    answer = book(house_of(request), visitor, slot)
    if isinstance(answer, Refusal):
        chosen = {name: data.get(name, "") for name in _CHOICES if name != "slot"}
        return Redirect(f"/turnos/hora?{urlencode(chosen | {'aviso': answer.code})}", status_code=303)
    return Redirect(address_of(answer), status_code=303)


def _clean(data: Mapping[str, str], name: str) -> str:
    return data.get(name, "").strip()[:_LONGEST]


def _asking(request: PageRequest) -> tuple[Visitor | None, bool]:
    """Who asks for an appointment in this browser, and whether their address was proved."""
    house, kept = house_of(request), unquote(request.cookies.get(VISITOR, ""))
    proved = read_ticket(house, kept)
    return (proved, True) if proved is not None else (read_draft(house, kept), False)


def _go_on(request: PageRequest, place: str, visitor: Visitor, *, proved: bool = False) -> Redirect:
    """Keep what was typed and lead to a page. A proof that stands is left as it is: it grows no older."""
    answer = Redirect(place, status_code=303)
    return answer if proved else _keep(request, answer, write_draft(house_of(request), visitor))


def _keep(request: PageRequest, answer: Redirect, kept: str) -> Redirect:
    answer.set_cookie(
        key=VISITOR,
        value=quote(kept, safe=""),
        path="/turnos",
        httponly=True,
        samesite="strict",
        secure=house_of(request).settings.secure_cookies,
        max_age=_HALF_AN_HOUR,
    )
    return answer


def _begin_again() -> Redirect:
    return Redirect(f"/turnos?aviso={_OVER}", status_code=303)


def _choose(request: PageRequest, step: str, told: str = "") -> Response[Any]:
    """A page of somebody whose address was proved, or the first one for whoever's proof is too old."""
    visitor, proved = _asking(request)
    if visitor is None or not proved:
        return _begin_again()
    if step != "agency" and house_of(request).agencies.find(request.query_params.get("agency", "")) is None:
        return _page(request, "agency", visitor, told="Por favor elija una agencia.")
    return _page(request, step, visitor, told=told)


def _page(
    request: PageRequest,
    step: str,
    visitor: Visitor | None,
    *,
    problems: Sequence[Problem] = (),
    told: str = "",
    proved: bool = False,
) -> Template:
    house = house_of(request)
    chosen = {name: request.query_params.get(name, "") for name in _CHOICES}
    agency, slot = house.agencies.find(chosen["agency"]), slot_of(chosen)
    context = {
        "user": request.user,
        "step": step,
        "data": chosen,
        "problems": problems,
        "told": told,
        "visitor": visitor,
        "proved": proved,
        "agencies": house.agencies,
        "agency": agency,
        "slot": slot,
        "booked": find_booked(house, visitor, slot) if step == "confirm" and visitor and slot else None,
        "days": offer_hours(request, agency, chosen["day"]) if step == "hour" and agency else None,
        "write_date": write_date,
        "address_of": address_of,
    }
    return Template("appointments.html", context=context, status_code=422 if problems or told else 200)


appointment_routes = (
    show_start,
    send_person,
    show_contact,
    send_contact,
    show_code,
    send_proof,
    show_agencies,
    show_hours,
    show_choice,
    confirm,
)
