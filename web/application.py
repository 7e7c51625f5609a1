"""The web service put together: routes, templates, access, and the same headers on every answer."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any, Final

from litestar import Litestar, Response
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException, InternalServerException, ServiceUnavailableException
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from litestar.types import Message, Scope

from forms.personal import Datum
from intake.readings import annex_kind
from operations.house import House
from operations.personal_data import Place, show_datum
from operations.users import User
from regeneration.months import write_date
from storage.blobs import BlobChangedError, BlobDisposedError, BlobMissingError
from web.access import PageRequest, SessionMiddleware
from web.api import api_routes
from web.appointments import appointment_routes
from web.archive import archive_routes
from web.case_acts import case_act_routes
from web.data_subjects import data_subject_routes
from web.desk import desk_routes
from web.integrity import integrity_routes
from web.live import live_routes
from web.measures import measure_routes
from web.packages import package_routes
from web.portal import portal_routes
from web.portal_forms import portal_form_routes
from web.portal_novedades import portal_novedad_routes
from web.public import public_routes
from web.retention import retention_routes
from web.sign_in import sign_in_routes
from web.titles import title_of
from web.transparency import transparency_routes
from web.uploads import upload_routes
from web.window import window_routes

_log = logging.getLogger(__name__)

_HERE: Final = Path(__file__).parent
_ROUTES: Final = (
    *public_routes,
    *appointment_routes,
    *transparency_routes,
    *sign_in_routes,
    *portal_routes,
    *portal_form_routes,
    *portal_novedad_routes,
    *desk_routes,
    *upload_routes,
    *live_routes,
    *window_routes,
    *case_act_routes,
    *measure_routes,
    *archive_routes,
    *integrity_routes,
    *package_routes,
    *retention_routes,
    *data_subject_routes,
    *api_routes,
)
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


def make_application(house: House, *, demo: bool = False) -> Litestar:
    """The application on an open house. ``demo`` shows the demonstration users on the access page."""
    secret = hashlib.sha256(b"ventanilla csrf" + house.keys.issuing.small_secret).hexdigest()
    return Litestar(
        route_handlers=[
            *_ROUTES,
            create_static_files_router(path="/static", directories=[_HERE / "static"]),
        ],
        middleware=[DefineMiddleware(SessionMiddleware)],
        csrf_config=CSRFConfig(
            secret=secret,
            exclude=["/api/"],
            cookie_samesite="strict",
            cookie_secure=house.settings.secure_cookies,
        ),
        template_config=TemplateConfig(
            directory=_HERE / "templates", engine=JinjaTemplateEngine, engine_callback=_add_filters
        ),
        # The framework's would take the place of the handler that masks what is personal.
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Ventanilla",
            version="1",
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        exception_handlers={
            HTTPException: show_error,
            BlobDisposedError: show_disposed,
            BlobChangedError: show_damage,
            BlobMissingError: show_damage,
            Exception: show_failure,
        },
        request_max_body_size=(house.settings.file_megabytes + 1) * 1_000_000 * 4,
        state=State({"house": house, "demo": demo}),
        before_send=[_add_headers],
    )


def _add_filters(engine: JinjaTemplateEngine) -> None:
    engine.engine.filters["title_of"] = title_of
    engine.engine.filters["annex_kind"] = annex_kind
    engine.engine.filters["personal"] = show_personal
    engine.engine.filters["date_in_words"] = write_date


def show_personal(value: str, datum: str, user: User | None, place: str = "file") -> str:
    """A personal datum as the person who looks at the page may see it (``operations.personal_data``)."""
    return show_datum(value, Datum(datum), user.role if user else None, Place(place))


async def _add_headers(message: Message, _scope: Scope) -> None:
    """Put the common headers on an answer that starts, static files included."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)


def show_failure(request: PageRequest, error: Exception) -> Response[Any]:
    """A bug: written to the log for the operator, told to the person without its insides."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return show_error(request, InternalServerException())


def show_damage(request: PageRequest, _error: Exception) -> Response[Any]:
    """Bytes that are no longer what was stored: never handed out; the store has told of them already."""
    detail = (
        "El documento no es el que se archivó y por eso no se entrega. Quien opera el archivo ya fue "
        "avisado; por favor inténtelo cuando se haya restaurado desde la copia."
    )
    return show_error(request, ServiceUnavailableException(detail))


def show_disposed(request: PageRequest, _error: Exception) -> Response[Any]:
    """Bytes that two people ended: nobody has lost them and nobody can bring them back."""
    detail = (
        "Este contenido se eliminó al cumplirse su plazo de conservación. Quedan su registro, su huella y el "
        "acta de eliminación; por favor consúltelos en el expediente."
    )
    return show_error(request, HTTPException(status_code=410, detail=detail))


_TITLES: Final = {
    400: "La petición no se entiende",
    401: "Hace falta ingresar",
    403: "No tiene permiso",
    404: "No existe",
    409: "Otra persona cambió esto",
    410: "Ya no se conserva",
    413: "El archivo es demasiado grande",
    503: "El documento está dañado",
}


def show_error(request: PageRequest, error: HTTPException) -> Response[Any]:
    """A plain Spanish page for people, ``application/problem+json`` (RFC 9457) for programs."""
    status = error.status_code
    title = _TITLES.get(status, "Algo salió mal")
    if request.url.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": error.detail}
        return Response(body, status_code=status, media_type="application/problem+json")
    if status == 401:
        return Redirect(f"/acceso?volver={request.url.path}")
    detail = (
        error.detail
        if status in _TITLES
        else "Por favor inténtelo otra vez o avise a quien opera el sistema."
    )
    context = {"title": title, "detail": detail, "user": request.scope.get("user")}
    return Template("error.html", context=context, status_code=status)
