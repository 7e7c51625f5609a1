"""A case at the window: what its page shows, and the supervisors' list of what waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from forms.catalog.return_notice import MISSING
from intake.readings import annex_kind
from operations.archive import get_document
from operations.attested_acts import witnessed
from operations.house import House
from operations.pages_left_out import left_out
from operations.review import AUTHORIZATION, REQUEST, open_problems
from operations.splitting import page_key
from operations.supervision import list_matters
from operations.users import UserRole
from operations.window import CaseView, view_case
from regeneration.cases import CaseEvent, CaseState
from web.access import DESK, STAFF, SUPERVISORS, PageRequest, threaded
from web.downloads import named
from web.public import house_of
from web.uploads import office_of

WAITING: Final = frozenset(
    {CaseState.RECEIVED, CaseState.READING, CaseState.ACCEPTED, CaseState.REBUILDING, CaseState.REBUILT}
)
"""States in which the page asks again by itself until the worker has done its part."""
CLOSED: Final = frozenset({CaseState.ARCHIVED, CaseState.REFUSED, CaseState.IN_CLEAN_UP})
"""States in which nothing is asked of a clerk."""
ACCEPTED_ONCE: Final = frozenset({CaseState.PRECONDITIONS_FAILED, CaseState.ARCHIVED})
"""States in which a value that was accepted is corrected by a supervisor only, who says why."""


@get("/ventanilla/tramites/{number:str}", guards=[DESK])
@threaded
def show_case(request: PageRequest, number: FromPath[str]) -> Template:
    return Template("case.html", context=case_context(request, number))


@get("/ventanilla/tramites/{number:str}/cuerpo", guards=[DESK])
@threaded
def show_case_body(request: PageRequest, number: FromPath[str]) -> Template:
    """The part of the page that changes while the worker works."""
    return Template("case_body.html", context=case_context(request, number))


def case_context(request: PageRequest, number: str) -> dict[str, Any]:
    """What the case page shows."""
    house = house_of(request)
    view = view_case(house, number, request.user.name)
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
        "blank_pages": _blank_pages(view, pictures),
        "papers": [row for row in view.documents if not row.kind.startswith("page")],
        "events": [
            (row, event_label(row.event), row.at.astimezone(house.zone)) for row in reversed(view.events)
        ],
        "problems": [],
        "refusal": "",
        "given": {},
        "faults": {},
        "attests": house.settings.attested_receipts
        and view.state in {CaseState.IN_REVIEW, CaseState.PRECONDITIONS_FAILED},
        "today": house.today().isoformat(),
        "zone": house.zone,
        "supervises": request.user.role is UserRole.SUPERVISOR,
        "open_problems": partial(open_problems, rows=view.fields),
        "authors": _authors(view),
        "open_doubts": sum(row.asks for row in view.fields),
        "presenters": _presenters(view.case.answers),
        "presenter": view.presenter,
        "witnessed": witnessed(view.events, view.presenter),
        "corrects": view.state is CaseState.IN_REVIEW
        or (request.user.role is UserRole.SUPERVISOR and view.state in ACCEPTED_ONCE),
        "accepted_once": view.state in ACCEPTED_ONCE,
        "missing": MISSING,
        "likely": view.lacks,
        "megabytes": house.limits.file_megabytes,
        "rebuilt": next((row.data["rebuilt"] for row in view.events if "rebuilt" in row.data), None),
        "closed": view.state in CLOSED,
    }


def _presenters(answers: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Who may present the papers: number, and name with what they are."""
    request, authorization = answers.get(REQUEST, {}), answers.get(AUTHORIZATION, {})
    people = (
        (request.get("representative_id", ""), request.get("representative_name", ""), "representante"),
        (authorization.get("authorized_id", ""), authorization.get("authorized_name", ""), "autorizado"),
    )
    return [(number, f"{name} ({what})") for number, name, what in people if number]


def _authors(view: CaseView) -> dict[str, str]:
    """Who wrote or confirmed the value that stands, by ``form.field``."""
    return {
        f"{form}.{name}": row.actor
        for row in view.events
        if row.event == CaseEvent.CORRECT.value
        for form, values in row.data.get("answers", {}).items()
        for name in values
    }


def event_label(event: str) -> str:
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
                    "annex": annex_kind(document),
                }
            )
    return shown


def _blank_pages(view: CaseView, pictures: dict[str, tuple[int, bool]]) -> list[tuple[str, int]]:
    """Names and pictures of the pages that were left out as blank."""
    names = left_out(view.reading, pictures) if view.reading else []
    return [(name, pictures[name][0]) for name in names]


@get("/ventanilla/supervision", guards=[SUPERVISORS])
@threaded
def show_supervision(request: PageRequest) -> Template:
    """What waits for a supervisor of the office."""
    house, office = house_of(request), office_of(request)
    context = {
        "user": request.user,
        "office": office,
        "matters": list_matters(house, office),
        "zone": house.zone,
    }
    return Template("supervision.html", context=context)


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
    return Response(
        data,
        media_type=row.media_type if ours else "application/octet-stream",
        headers=named(row.name, inline=ours),
    )


window_routes = (
    show_case,
    show_case_body,
    show_supervision,
    show_document,
)
