"""What is held about one person, who looked at it, and the file that the person may take along (LOPDP)."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.exceptions import ClientException
from litestar.response import Template

from operations.casework import Refusal
from operations.data_subjects import check_subject, export_subject, view_subject
from operations.users import UserRole
from web.access import PageRequest, for_roles, threaded
from web.downloads import named
from web.public import Form, house_of

KEEPERS = for_roles(UserRole.ARCHIVIST)


@get("/archivo/titulares", guards=[KEEPERS])
async def ask_subject(request: PageRequest) -> Template:
    return Template("data_subject.html", context={"user": request.user, "given": {}})


@post("/archivo/titulares", guards=[KEEPERS], status_code=200)
@threaded
def show_subject(request: PageRequest, data: Form) -> Template:
    """The number comes in the body: no address with it is kept by a browser or a log."""
    house = house_of(request)
    given = {"numero": data.get("numero", "").strip().upper(), "motivo": data.get("motivo", "")}
    context = {"user": request.user, "given": given, "zone": house.zone}
    if problems := check_subject(given["numero"]):
        return Template("data_subject.html", context={**context, "problem": problems[0].message})
    found = view_subject(house, given["numero"], given["motivo"], request.user)
    if isinstance(found, Refusal):
        return Template("data_subject.html", context={**context, "refusal": found.message})
    return Template("data_subject.html", context={**context, "data": found})


@post("/archivo/titulares/datos.json", guards=[KEEPERS], status_code=200)
@threaded
def take_subject(request: PageRequest, data: Form) -> Response[bytes]:
    number = data.get("numero", "").strip().upper()
    if problems := check_subject(number):
        raise ClientException(problems[0].message)
    body = export_subject(house_of(request), number, data.get("motivo", ""), request.user)
    if isinstance(body, Refusal):
        raise ClientException(body.message)
    return Response(body, media_type="application/json", headers=named("datos-del-titular.json"))


data_subject_routes = (ask_subject, show_subject, take_subject)
