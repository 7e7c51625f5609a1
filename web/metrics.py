"""``/metrics`` in the text format of Prometheus: counts and durations for who operates the service.

No name, number or address is in it, and no path: only how often and how long. It is written by hand, for the
format is four lines long.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from litestar import Response, get
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from operations.gauges import read_gauges
from web.access import PageRequest, threaded
from web.public import house_of

_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends in seconds of the classes of durations; the last class has no end."""
Sample = tuple[str, float]
"""Name with its labels, and value."""


class RequestTally:
    """How many requests were answered since the start, with which status, and how long until the answer began
    (a stream of events has no end).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, int], int] = defaultdict(int)
        self._within = [0] * len(_BOUNDS)
        self._count = 0
        self._seconds = 0.0

    def add(self, method: str, status: int, seconds: float) -> None:
        with self._lock:
            self._answers[method, status] += 1
            self._count += 1
            self._seconds += seconds
            for place, bound in enumerate(_BOUNDS):
                self._within[place] += seconds <= bound

    def answers(self) -> list[Sample]:
        with self._lock:
            rows = sorted(self._answers.items())
        name = "ventanilla_http_requests_total"
        return [(f'{name}{{method="{method}",status="{status}"}}', count) for (method, status), count in rows]

    def durations(self) -> list[Sample]:
        with self._lock:
            within, count, seconds = list(self._within), self._count, self._seconds
        name = "ventanilla_http_request_seconds"
        classes = [
            (f'{name}_bucket{{le="{bound}"}}', found) for bound, found in zip(_BOUNDS, within, strict=True)
        ]
        return [
            *classes,
            (f'{name}_bucket{{le="+Inf"}}', count),
            (f"{name}_sum", round(seconds, 6)),
            (f"{name}_count", count),
        ]


class CountRequests(ASGIMiddleware):
    """Counts what is answered by the handlers inside it."""

    def __init__(self, tally: RequestTally) -> None:
        self._tally = tally

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = time.perf_counter()

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._tally.add(_method_of(scope), message["status"], time.perf_counter() - began)
            await send(message)

        await next_app(scope, receive, tell)


def _method_of(scope: Scope) -> str:
    method = str(scope.get("method", ""))
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"


@get("/metrics")
@threaded
def show_metrics(request: PageRequest) -> Response[str]:
    """Counts and durations, for a program that watches the service."""
    tally: RequestTally = request.app.state.tally
    gauges = read_gauges(house_of(request))
    lines = [
        *_family("ventanilla_http_requests_total", "counter", "Requests answered.", tally.answers()),
        *_family(
            "ventanilla_http_request_seconds",
            "histogram",
            "Seconds until an answer began.",
            tally.durations(),
        ),
        *_family(
            "ventanilla_cases",
            "gauge",
            "Cases by state.",
            [(f'ventanilla_cases{{state="{state}"}}', count) for state, count in gauges.cases],
        ),
        *_family(
            "ventanilla_jobs_under_way",
            "gauge",
            "Jobs that wait or run.",
            [("ventanilla_jobs_under_way", gauges.jobs)],
        ),
        *_family(
            "ventanilla_mails",
            "gauge",
            "Mails by state.",
            [(f'ventanilla_mails{{state="{state}"}}', count) for state, count in gauges.mails],
        ),
    ]
    return Response("\n".join(lines) + "\n", media_type=_FORMAT)


def _family(name: str, kind: str, what: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    for sample, value in samples:
        yield f"{sample} {value}"


metric_routes = (show_metrics,)
