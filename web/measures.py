"""The supervisors' measures of the window: a page and the same as CSV."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from litestar import Response, get
from litestar.response import Template

from operations.measures import Measures, measure_window, write_measures
from web.access import SUPERVISORS, PageRequest, threaded
from web.downloads import named
from web.public import house_of

_LOOKED_BACK: Final = timedelta(days=366)
_FIELDS: Final = 25


def _measures(request: PageRequest) -> Measures:
    house = house_of(request)
    return measure_window(house, house.now() - _LOOKED_BACK)


@get("/ventanilla/medidas", guards=[SUPERVISORS])
@threaded
def show_measures(request: PageRequest) -> Template:
    measures = _measures(request)
    context = {"user": request.user, "months": measures.months, "fields": measures.fields[:_FIELDS]}
    return Template("measures.html", context=context)


@get("/ventanilla/medidas.csv", guards=[SUPERVISORS])
@threaded
def download_measures(request: PageRequest) -> Response[bytes]:
    headers = named("medidas.csv")
    return Response(write_measures(_measures(request)), media_type="text/csv; charset=utf-8", headers=headers)


measure_routes = (show_measures, download_measures)
