"""Registering novedades in the portal: one on the screen, tried as it is typed, or many from a file."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from forms.problems import Problem
from forms.written_dates import read_day
from operations.branch_sheets import NotYoursError
from operations.novedad_registry import Registered, Trial, register_entry, register_file, try_entry
from regeneration.months import write_date
from regeneration.novedad_entries import COLUMNS, example_day, write_example
from regeneration.novedades import EXIT_CAUSES, NovedadType
from web.access import PORTAL, PageRequest, threaded
from web.downloads import named
from web.portal import sheet_of
from web.public import Form as FormData
from web.public import house_of

_MOST_BYTES: Final = 20_000_000
_UNTYPED: Final = frozenset({"type"})
_DAYS: Final = ("effective", "until")


@get("/portal/planillas/{number:str}/novedades", guards=[PORTAL])
@threaded
def show_entry(request: PageRequest, number: FromPath[str], tipo: FromQuery[str] = "") -> Template:
    """The form of a type of novedad; what was written of it before signing in again finds its fields."""
    return Template("novedad.html", context=_context(request, number, {"type": tipo}))


@post("/portal/planillas/{number:str}/novedades", guards=[PORTAL], status_code=200)
@threaded
def send_entry(request: PageRequest, number: FromPath[str], data: FormData) -> Response[Any]:
    house = house_of(request)
    if data.get("acto") == "elegir":  # without JavaScript, the type is chosen first
        return Template("novedad.html", context=_context(request, number, data))
    try:
        answer = register_entry(house, request.user, number, data)
    except NotYoursError:
        raise NotFoundException("Esta planilla ya no recibe novedades.") from None
    if isinstance(answer, Registered):
        return Redirect(f"/portal/planillas/{number}#novedades", status_code=303)
    return Template("novedad.html", context=_context(request, number, data, answer), status_code=422)


@post("/portal/planillas/{number:str}/novedades/comprobar", guards=[PORTAL], status_code=200)
@threaded
def check_entry(request: PageRequest, number: FromPath[str], data: FormData) -> Template:
    """What the last change means: faults beside their fields, and the sheet's new total. The form itself
    stays, for somebody is typing in it.
    """
    try:
        trial = try_entry(house_of(request), request.user, number, data)
    except NotYoursError:
        raise NotFoundException("Esta planilla ya no recibe novedades.") from None
    return Template("novedad_check.html", context=_context(request, number, data, trial, typing=True))


@post("/portal/planillas/{number:str}/novedades/campos", guards=[PORTAL], status_code=200)
@threaded
def show_fields(request: PageRequest, number: FromPath[str], data: FormData) -> Template:
    """The form with the data that another type of novedad asks for."""
    return Template("novedad_form.html", context=_context(request, number, data))


@post("/portal/planillas/{number:str}/archivo", guards=[PORTAL], status_code=200)
async def send_file(request: PageRequest, number: FromPath[str]) -> Response[Any]:
    file = (await request.form()).get("archivo")
    if not isinstance(file, UploadFile) or not file.filename:
        raise ClientException("No se eligió ningún archivo. Por favor elija el archivo de novedades.")
    content = await file.read(_MOST_BYTES + 1)
    return await sync_to_thread(_take_file, request, number, file.filename, content)


def _take_file(request: PageRequest, number: str, name: str, content: bytes) -> Response[Any]:
    if len(content) > _MOST_BYTES:
        raise ClientException("El archivo es demasiado grande. Por favor divídalo.")
    try:
        answer = register_file(house_of(request), request.user, number, content)
    except NotYoursError:
        raise NotFoundException("Esta planilla ya no recibe novedades.") from None
    if isinstance(answer, Registered):
        return Redirect(f"/portal/planillas/{number}#novedades", status_code=303)
    context = _context(request, number, {}) | {"file_problems": _by_line(answer), "file_name": name}
    return Template("novedad.html", context=context, status_code=422)


def _by_line(trial: Trial) -> list[tuple[Problem, tuple[int, ...]]]:
    """The problems of a file in the order of its lines, each with them; what is about no line comes first."""
    return sorted(((found, trial.lines_of(found)) for found in trial.problems), key=lambda each: each[1])


@get("/portal/planillas/{number:str}/novedades.csv", guards=[PORTAL])
@threaded
def download_example(request: PageRequest, number: FromPath[str]) -> Response[bytes]:
    view = sheet_of(request, number)
    data = write_example(example_day(view.sheet.period, house_of(request).today()))
    headers = named("novedades.csv")
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


def _context(
    request: PageRequest,
    number: str,
    data: dict[str, str],
    trial: Trial | None = None,
    *,
    typing: bool = False,
) -> dict[str, Any]:
    """What the templates show. While somebody types, a datum that is still empty is no fault yet."""
    view = sheet_of(request, number)
    kind = next((each for each in NovedadType if each.value == data.get("type")), NovedadType.ENTRY)
    problems = list(trial.problems) if trial is not None else []
    if typing:
        problems = [found for found in problems if found.code != "FIELD_MISSING"]
    by_field = {found.field: found for found in reversed(problems) if found.field is not None}
    return {
        "user": request.user,
        "view": view,
        "kind": kind,
        "kinds": [(each.value, each.label.capitalize()) for each in NovedadType],
        "causes": EXIT_CAUSES,
        "columns": [column for column in COLUMNS if kind in column.types and column.name not in _UNTYPED],
        "values": data,
        "by_field": by_field,
        "understood": {
            name: write_date(day) for name in _DAYS if (day := read_day(data.get(name, ""))) is not None
        },
        "general": [found for found in problems if found.field is None],
        "trial": trial,
        "people": [(line.id_number, line.name) for line in view.sheet.lines[:500]],
    }


portal_novedad_routes = (show_entry, send_entry, check_entry, show_fields, send_file, download_example)
