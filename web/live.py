"""What happens, told as it happens: server-sent events of one case and of the desk.

A stream says only that something changed and how far it is; the page then asks for what it may see. It
ends with the work it tells of, or after some minutes, and browsers open it again by themselves. A beat
every two seconds lets the page notice a silent connection and ask by itself.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from litestar import get
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from operations.casework import CaseNotFoundError
from operations.desk import CaseProgress, desk_mark, find_progress
from operations.house import House
from web.access import DESK, PageRequest, threaded
from web.api_page import refusals
from web.public import house_of

_CASE_SECONDS: Final = 0.04
"""Between two looks at a case that somebody is waiting for: a read of one row."""
_DESK_SECONDS: Final = 1.0
_BEAT_SECONDS: Final = 2.0
_LONGEST_SECONDS: Final = 240.0
"""After so long a stream ends and is opened again, with the person's session looked at anew."""
_RETRY_MS: Final = 1000


def _as_json(progress: CaseProgress) -> dict[str, Any]:
    return {"version": progress.version, "state": progress.state, "working": progress.is_working}


def _progress(house: House, number: str) -> CaseProgress:
    found = find_progress(house, number)
    if found is None:
        raise CaseNotFoundError(f"no case {number}")
    return found


@get(
    ["/ventanilla/tramites/{number:str}/estado", "/api/v1/cases/{number:str}/progress"],
    guards=[DESK],
    summary="Preguntar cómo va un trámite",
    description="Su versión, su estado y si el servicio todavía trabaja en él.",
    responses=refusals(401, 403, 404),
)
@threaded
def show_progress(request: PageRequest, number: FromPath[str]) -> dict[str, Any]:
    """How far a case is: for pages whose stream does not get through, and for programs that ask."""
    return _as_json(_progress(house_of(request), number))


@get(
    ["/ventanilla/tramites/{number:str}/sucesos", "/api/v1/cases/{number:str}/events"],
    guards=[DESK],
    summary="Seguir un trámite",
    description="Cada paso como suceso (text/event-stream), hasta que el trámite espera a una persona.",
    responses=refusals(401, 403, 404),
)
async def follow_case(request: PageRequest, number: FromPath[str]) -> ServerSentEvent:
    """Every step of a case until it waits for a person; each event carries its version and state."""
    house = house_of(request)
    first = await sync_to_thread(_progress, house, number)
    return ServerSentEvent(_steps(house, number, first))


async def _steps(house: House, number: str, progress: CaseProgress) -> AsyncIterator[ServerSentEventMessage]:
    yield _event(progress.version, _as_json(progress), retry=_RETRY_MS)
    known = progress.version

    def look() -> tuple[str, dict[str, Any] | None]:
        now = _progress(house, number)
        return str(now.version), _as_json(now)

    if progress.is_working:
        async for event in _changes(look, str(known), _CASE_SECONDS, lambda data: not data["working"]):
            yield event


@get("/ventanilla/sucesos", guards=[DESK])
async def follow_desk(request: PageRequest) -> ServerSentEvent:
    """That something changed which the desk may show; the page asks what."""
    house = house_of(request)

    def look() -> tuple[str, dict[str, Any] | None]:
        return desk_mark(house), {}

    async def told() -> AsyncIterator[ServerSentEventMessage]:
        mark, _ = await sync_to_thread(look)
        async for event in _changes(look, mark, _DESK_SECONDS, lambda _data: False):
            yield event

    return ServerSentEvent(told())


async def _changes(
    look: Callable[[], tuple[str, dict[str, Any] | None]],
    known: str,
    pause: float,
    is_last: Callable[[dict[str, Any]], bool],
) -> AsyncIterator[ServerSentEventMessage]:
    """An event whenever the mark that ``look`` gives is another, a beat in between, until the last."""
    began = beaten = time.monotonic()
    while (now := time.monotonic()) - began < _LONGEST_SECONDS:
        mark, data = await sync_to_thread(look)
        if mark != known and data is not None:
            known, beaten = mark, now
            yield _event(mark, data)
            if is_last(data):
                return
        elif now - beaten >= _BEAT_SECONDS:
            beaten = now
            yield ServerSentEventMessage(event="latido", data="")
        await asyncio.sleep(pause)


def _event(mark: str | int, data: dict[str, Any], retry: int | None = None) -> ServerSentEventMessage:
    return ServerSentEventMessage(event="cambio", id=mark, data=json.dumps(data), retry=retry)


live_routes = (show_progress, follow_case, follow_desk)
