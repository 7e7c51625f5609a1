"""Whom an employer has as delegates, and which of their employers a delegate works for at present."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.response import Redirect, Template

from operations.delegations import branches_of, delegates_of, end_delegation
from operations.users import User, employer_name
from web.access import CHOSEN, DELEGATES, EMPLOYERS, PageRequest, threaded
from web.failures import ProblemError
from web.public import Form as FormData
from web.public import house_of


@get("/portal/delegados", guards=[EMPLOYERS])
@threaded
def show_delegates(request: PageRequest) -> Template:
    house, user = house_of(request), request.user
    with house.database.reading() as session:
        delegates = delegates_of(session, user.ruc, user.branch)
    return Template(
        "portal_delegates.html", context={"user": user, "delegates": delegates, "zone": house.zone}
    )


@post("/portal/delegados/retirar", guards=[EMPLOYERS], status_code=200)
@threaded
def withdraw_delegate(request: PageRequest, data: FormData) -> Redirect:
    """From now on the delegate sees and prepares nothing of this employer."""
    user: User = request.user
    refused = end_delegation(house_of(request), data.get("delegado", ""), (user.ruc, user.branch), user.name)
    if refused is not None:
        raise ProblemError(404, refused)
    return Redirect("/portal/delegados", status_code=303)


@post("/portal/empleador", guards=[DELEGATES], status_code=200)
@threaded
def choose_employer(request: PageRequest, data: FormData) -> Response[Any]:
    """Work for another of one's employers from now on in this browser; nobody else's is ever chosen."""
    house, asked = house_of(request), data.get("empleador", "")
    with house.database.reading() as session:
        mine = {employer_name(*branch) for branch in branches_of(session, request.user.name)}
    response: Response[Any] = Redirect("/portal", status_code=303)
    if asked in mine:
        response.set_cookie(
            key=CHOSEN,
            value=quote(asked, safe=""),
            httponly=True,
            samesite="strict",
            secure=house.settings.secure_cookies,
            max_age=house.settings.session_hours * 3600,
        )
    else:
        response.delete_cookie(CHOSEN)
    return response


portal_delegate_routes = (show_delegates, withdraw_delegate, choose_employer)
