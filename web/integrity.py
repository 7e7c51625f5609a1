"""Whether the archive is whole: the operator's page, and the sealed heads for anybody to keep."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.response import Redirect, Template

from operations.archive_rounds import finish_asked
from operations.archive_state import view_archive_state
from operations.audit_seals import sealed_heads
from operations.fixity import begin_round
from operations.users import UserRole
from web.access import PageRequest, for_roles, threaded
from web.public import house_of

KEEPERS: Final = for_roles(UserRole.ARCHIVIST, UserRole.AUDITOR, UserRole.SUPERVISOR, UserRole.OPERATOR)
_AT_ONCE_SECONDS: Final = 2.0
"""A small archive is checked while the person waits; a large one by the worker afterwards."""


@get("/archivo/integridad", guards=[KEEPERS])
@threaded
def show_integrity(request: PageRequest) -> Template:
    house = house_of(request)
    context = {
        "user": request.user,
        "state": view_archive_state(house),
        "days": house.settings.fixity_days,
        "zone": house.zone,
        "heads": sealed_heads(house)[:7],
    }
    return Template("integrity.html", context=context)


@post("/archivo/integridad/revision", guards=[KEEPERS])
@threaded
def check_now(request: PageRequest) -> Redirect:
    house = house_of(request)
    begin_round(house, request.user.name)
    finish_asked(house, _AT_ONCE_SECONDS)
    return Redirect("/archivo/integridad", status_code=303)


@get("/verificar/bitacora")
@threaded
def show_heads(request: PageRequest) -> Template:
    context = {"user": request.user, "heads": sealed_heads(house_of(request))}
    return Template("heads.html", context=context)


@get("/.well-known/ventanilla-audit-heads.json")
@threaded
def publish_heads(request: PageRequest) -> dict[str, Any]:
    return {"version": 1, "heads": sealed_heads(house_of(request))}


integrity_routes = (show_integrity, check_now, show_heads, publish_heads)
