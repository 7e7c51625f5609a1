"""The register of an institute's own system, over HTTP: the other adapter of the port.

What we call is described in ``docs/register-api.json``. Every call may be repeated; a replacement carries a
key, so that repeating it makes no second sheet. :mod:`operations.register_answers` judges what comes back.
"""

from __future__ import annotations

import re
from typing import Any, Final

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from tenacity.wait import wait_base

from forms.problems import problem
from operations.register_answers import (
    Absent,
    Conflict,
    PeriodAsked,
    RegisterTroubleError,
    Replaced,
    Replacement,
    believe,
    lie,
    parse_answer,
    read_absence,
    read_conflict,
    read_employer,
    read_period,
    read_replaced,
)
from operations.timed_calls import CallLimit
from regeneration.eligibility import EmployerRecord
from regeneration.preconditions import PeriodRecord

TRIES: Final = 4
_TRIES_IN_A_HURRY: Final = 2
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_MOST_BYTES: Final = 64 * 1024 * 1024
"""An answer longer than this is no sheet: one of 100,000 people takes 20 MB."""
_BUSY: Final = frozenset({429, 502, 503, 504})
_DONE: Final = frozenset({httpx.codes.OK, httpx.codes.CREATED})
_RUC: Final = re.compile(r"[0-9]{13}")
_BRANCH: Final = re.compile(r"[0-9]{4}")
_PERIOD: Final = re.compile(r"[0-9]{4}-[0-9]{2}")


class _NotNowError(Exception):
    """The register is busy or away; trying again may help. ``pause`` is what it asked for, in seconds, and
    ``was_slow`` says that the whole time of an answer was waited for already.
    """

    def __init__(self, reason: str, pause: float = 0.0, *, was_slow: bool = False) -> None:
        super().__init__(reason)
        self.pause = pause
        self.was_slow = was_slow


class _WaitAsAsked(wait_base):
    """Growing pauses with jitter, and never less than the register asked for (``Retry-After``)."""

    _own = wait_random_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE)

    def __call__(self, retry_state: Any) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = error.pause if isinstance(error, _NotNowError) else 0.0
        return max(self._own(retry_state), asked)


class RemoteRegister:
    """A client of an institute's register. Safe to use from several threads.

    ``seconds`` is the limit of one answer as a whole, from the first byte sent to the last received.
    """

    def __init__(self, url: str, token: str, seconds: float) -> None:
        self._seconds = seconds
        # A connection serves one call, so that its limit can shut it.
        limits = httpx.Limits(max_keepalive_connections=0)
        timeout = httpx.Timeout(seconds, connect=min(seconds, 5.0))
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"} if token else {}
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, limits=limits, follow_redirects=False
        )

    def employer(self, ruc: str) -> EmployerRecord | None:
        """The employer, or nothing when the register has none; :class:`RegisterTroubleError`.

        Somebody stands at the window meanwhile: a register that is silent is asked once, not four times.
        """
        if not _RUC.fullmatch(ruc):
            return None
        body = self._ask("GET", f"/employers/{ruc}", Absent.EMPLOYER, in_a_hurry=True)
        return None if body is None else believe(lambda shape: read_employer(shape, ruc), body)

    def period(self, asked: PeriodAsked) -> PeriodRecord:
        """All that the preconditions look at; without a sheet where there is none of that month;
        :class:`RegisterTroubleError`.
        """
        nothing = PeriodRecord(sheet=None, zone=asked.zone)
        known = _RUC.fullmatch(asked.ruc), _BRANCH.fullmatch(asked.branch), _PERIOD.fullmatch(asked.period)
        if not all(known):
            return nothing
        wanted = {"sheet_number": asked.sheet_number} if asked.sheet_number else {}
        path = f"/employers/{asked.ruc}/branches/{asked.branch}/periods/{asked.period}"
        body = self._ask("GET", path, Absent.PERIOD, params=wanted)
        return nothing if body is None else believe(lambda shape: read_period(shape, asked), body)

    def replace(self, wanted: Replacement) -> Replaced | Conflict:
        """Have the sheets replaced; asked again with the same key it gives the same sheets.

        :class:`RegisterTroubleError` when nobody knows whether it was done: then ask again.
        """
        headers = {"idempotency-key": wanted.key}
        body = self._ask("POST", "/replacements", None, json=wanted.as_json(), headers=headers)
        return body if isinstance(body, Conflict) else believe(lambda it: read_replaced(it, wanted), body)

    def is_there(self) -> bool:
        """Whether the register answers now; asked once and never waited for."""
        try:
            with CallLimit(2.0) as limit:
                more = {"trace": limit.notice}
                return self._client.get("/health", timeout=2.0, extensions=more).status_code == httpx.codes.OK
        except (httpx.HTTPError, httpx.InvalidURL):
            return False

    def _ask(
        self, method: str, path: str, absent: Absent | None, *, in_a_hurry: bool = False, **more: Any
    ) -> Any:
        """The JSON of an answer; ``None`` for the register's own 404 of what ``absent`` names, and
        :class:`Conflict` for its 409.
        """
        tries = Retrying(
            stop=stop_after_attempt(_TRIES_IN_A_HURRY if in_a_hurry else TRIES),
            wait=_WaitAsAsked(),
            retry=retry_if_exception(_worth_another_try if in_a_hurry else _worth_waiting),
            reraise=True,
        )
        try:
            return tries(self._ask_once, method, path, absent, **more)
        except _NotNowError as error:
            raise RegisterTroubleError(problem("REGISTER_UNREACHABLE", reason=str(error))) from error

    def _ask_once(self, method: str, path: str, absent: Absent | None, **more: Any) -> Any:
        limit = CallLimit(self._seconds)
        try:
            with (
                limit,
                self._client.stream(method, path, extensions={"trace": limit.notice}, **more) as answer,
            ):
                body = _read_limited(answer)
        except httpx.TimeoutException as error:
            raise _NotNowError("no contestó a tiempo", was_slow=True) from error
        except httpx.HTTPError as error:
            if limit.is_over:
                raise _NotNowError("no terminó de contestar a tiempo", was_slow=True) from error
            raise _NotNowError("se cortó la conexión") from error
        except httpx.InvalidURL as error:
            raise _NotNowError("su dirección no está bien escrita") from error
        status = answer.status_code
        if status in _BUSY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            pause = _pause_of(answer.headers.get("retry-after", ""))
            raise _NotNowError(f"contestó con el estado {status}", pause)
        return _read_status(method, status, body, absent)


def _read_status(method: str, status: int, body: bytes, absent: Absent | None) -> Any:
    if status == httpx.codes.NOT_FOUND and absent is not None:
        missing = believe(read_absence, parse_answer(body))
        # An employer that is not there has no months either; that a month is missing says nothing of him.
        if absent is Absent.EMPLOYER and missing is not absent:
            raise lie(f"se preguntó por {absent.value} y dice que falta {missing.value}")
        return None
    if status == httpx.codes.CONFLICT and method == "POST":
        return believe(read_conflict, parse_answer(body))
    if status not in (_DONE if method == "POST" else {httpx.codes.OK}):
        raise lie(f"contestó con el estado {status}")
    return parse_answer(body)


def _read_limited(answer: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise lie("la respuesta es demasiado larga")
    return bytes(body)


def _pause_of(text: str) -> float:
    """Seconds of a ``Retry-After``; its form as a date is not used between machines of one house."""
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _worth_waiting(error: BaseException) -> bool:
    """Whether to try again now; a register that asks for a long pause is left for the next attempt."""
    return isinstance(error, _NotNowError) and error.pause <= _LONGEST_PAUSE


def _worth_another_try(error: BaseException) -> bool:
    """Whether to try again now, while a person waits."""
    return isinstance(error, _NotNowError) and not error.was_slow and error.pause <= 1.0


def open_remote_register(url: str, token: str, seconds: float) -> RemoteRegister | None:
    """The register at ``url``; nothing for an empty address, which means our own tables."""
    return RemoteRegister(url.rstrip("/"), token, seconds) if url else None
