"""The web service put together: routes, templates, access, and the same headers on every answer."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Final

from litestar import Litestar
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from litestar.types import Message, Scope

from forms.personal import Datum
from intake.readings import annex_kind
from operations.house import House
from operations.pages_left_out import tell_file
from operations.paper_tables import show_amounts, show_money
from operations.personal_data import Place, show_datum
from operations.review import read_values, say_value
from operations.titles import title_of
from operations.users import User
from operations.visitor_papers import PLACES
from regeneration.money import format_money
from regeneration.months import write_date, write_weekday
from web.access import SessionMiddleware
from web.api import api_routes
from web.api_page import ApiPage
from web.appointments import appointment_routes
from web.archive import archive_routes
from web.case_acts import case_act_routes
from web.data_subjects import data_subject_routes
from web.desk import desk_routes
from web.failures import FAILURES, refuse_impossible_ids
from web.integrity import integrity_routes
from web.live import live_routes
from web.measures import measure_routes
from web.metrics import CountRequests, RequestTally, metric_routes
from web.own_appointments import own_appointment_routes
from web.packages import package_routes
from web.portal import portal_routes
from web.portal_delegates import portal_delegate_routes
from web.portal_forms import portal_form_routes
from web.portal_novedades import portal_novedad_routes
from web.public import public_routes
from web.retention import retention_routes
from web.sign_in import sign_in_routes
from web.threads import VisitorThreads, use_page_threads
from web.transparency import transparency_routes
from web.uploads import upload_routes
from web.window import window_routes

_HERE: Final = Path(__file__).parent
_ROUTES: Final = (
    *public_routes,
    *metric_routes,
    *appointment_routes,
    *own_appointment_routes,
    *transparency_routes,
    *sign_in_routes,
    *portal_routes,
    *portal_form_routes,
    *portal_delegate_routes,
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
    use_page_threads()
    tally = RequestTally()
    secret = hashlib.sha256(b"ventanilla csrf" + house.keys.issuing.small_secret).hexdigest()
    return Litestar(
        route_handlers=[
            *_ROUTES,
            create_static_files_router(path="/static", directories=[_HERE / "static"]),
        ],
        middleware=[CountRequests(tally), DefineMiddleware(SessionMiddleware)],
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
            render_plugins=[JsonRenderPlugin(path="/openapi.json"), ApiPage(path="/")],
        ),
        exception_handlers=FAILURES,
        before_request=refuse_impossible_ids,
        request_max_body_size=(house.settings.file_megabytes + 1) * 1_000_000 * 4,
        state=State({"house": house, "demo": demo, "visitors": VisitorThreads(PLACES), "tally": tally}),
        before_send=[_add_headers],
    )


def _add_filters(engine: JinjaTemplateEngine) -> None:
    engine.engine.filters["title_of"] = title_of
    engine.engine.filters["annex_kind"] = annex_kind
    engine.engine.filters["said_of"] = say_value
    engine.engine.filters["read_values"] = read_values
    engine.engine.filters["file_problems"] = tell_file
    engine.engine.filters["personal"] = show_personal
    engine.engine.filters["date_in_words"] = write_date
    engine.engine.filters["weekday_in_words"] = write_weekday
    engine.engine.filters["money"] = show_dollars
    engine.engine.filters["amounts"] = show_change
    engine.engine.globals["tell"] = engine.engine.get_template("told.html").module.tell  # type: ignore[attr-defined]


def show_dollars(amount: Decimal | None) -> str:
    """Dollars as people read them, a dash where there are none."""
    return "—" if amount is None else show_money(format_money(amount))


def show_change(text: object) -> str:
    """A cell or a sentence of the core with its amounts as people read them, nothing for nothing."""
    return "" if text is None else show_amounts(str(text))


def show_personal(value: str, datum: str, user: User | None, place: str = "file") -> str:
    """A personal datum as the person who looks at the page may see it (``operations.personal_data``)."""
    return show_datum(value, Datum(datum), user.role if user else None, Place(place))


async def _add_headers(message: Message, _scope: Scope) -> None:
    """Put the common headers on an answer that starts, static files included."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
