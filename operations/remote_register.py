"""The register of an institute's own system, over HTTP: the other adapter of the port.

What we call is described in ``docs/register-api.json``. Nothing that comes back is believed unseen: an answer
about another employer, branch, month or case, or of another shape, is a lie and stops the work by name.
Every call may be repeated; a replacement carries a key, so that repeating it makes no second sheet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from tenacity.wait import wait_base

from forms.problems import Problem, problem
from regeneration.eligibility import EmployerRecord, Representative
from regeneration.exchange import novedades_from_json, sheet_as_json, sheet_from_json
from regeneration.json_reading import ExchangeError, Reader, load_json, one_of, read_date, read_text
from regeneration.preconditions import PeriodRecord
from regeneration.sheets import Receipt, ReceiptState, Sheet, SheetState

_T = TypeVar("_T")

TRIES: Final = 4
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_MOST_BYTES: Final = 64 * 1024 * 1024
"""An answer longer than this is no sheet: one of 100,000 people takes 20 MB."""
_BUSY: Final = frozenset({429, 502, 503, 504})


class RegisterTroubleError(Exception):
    """The register could not be asked, or its answer cannot be believed; ``problem`` tells the clerk."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


class _NotNowError(Exception):
    """The register is busy or away; trying again may help. ``pause`` is what it asked for, in seconds."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Replacement:
    """What the register is asked to put in the place of two sheets, for one case.

    ``key`` is the same however often it is asked. ``fund`` is absent when nobody accumulates.
    """

    case: str
    key: str
    old: str
    sheet: Sheet
    old_fund: str | None
    fund: Sheet | None

    def as_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"case": self.case, "replaces": self.old, "sheet": sheet_as_json(self.sheet)}
        if self.fund is not None:
            shape["reserve_fund"] = {"replaces": self.old_fund, "sheet": sheet_as_json(self.fund)}
        return shape


@dataclass(frozen=True, slots=True)
class Replaced:
    """The sheets as the register numbered them."""

    sheet: Sheet
    fund: Sheet | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The register will not replace the sheet any more: it changed since it was looked up."""

    reason: str


class Absent(Enum):
    """What the register says that it does not have."""

    EMPLOYER = "employer"
    PERIOD = "period"


class _WaitAsAsked(wait_base):
    """Growing pauses with jitter, and never less than the register asked for (``Retry-After``)."""

    _own = wait_random_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE)

    def __call__(self, retry_state: Any) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = error.pause if isinstance(error, _NotNowError) else 0.0
        return max(self._own(retry_state), asked)


class RemoteRegister:
    """A client of an institute's register. Safe to use from several threads."""

    def __init__(self, url: str, token: str, seconds: float) -> None:
        self._seconds = seconds
        timeout = httpx.Timeout(seconds, connect=min(seconds, 5.0))
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"} if token else {}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=timeout, follow_redirects=False)

    def employer(self, ruc: str) -> EmployerRecord | None:
        """The employer, or nothing when the register has none; :class:`RegisterTroubleError`."""
        body = self._ask("GET", f"/employers/{ruc}")
        if body is None:
            return None
        record = _believe(_read_employer, body)
        if record.ruc != ruc:
            raise _lie(f"se preguntó por {ruc} y contestó por {record.ruc}")
        return record

    def period(self, ruc: str, branch: str, period: str, sheet_number: str, zone: str) -> PeriodRecord:
        """See :meth:`operations.register.Register.period`; :class:`RegisterTroubleError`."""
        wanted = {"sheet_number": sheet_number} if sheet_number else {}
        body = self._ask("GET", f"/employers/{ruc}/branches/{branch}/periods/{period}", params=wanted)
        if body is None:
            return PeriodRecord(sheet=None, zone=zone)
        record = _believe(lambda shape: _read_period(shape, zone), body)
        for sheet in (record.sheet, record.reserve_fund_sheet):
            if sheet is not None and (sheet.ruc, sheet.branch, str(sheet.period)) != (ruc, branch, period):
                raise _lie(f"la planilla {sheet.number} no es de {ruc}, {branch}, {period}")
        if sheet_number and record.sheet is not None and record.sheet.number != sheet_number:
            raise _lie(f"se pidió la planilla {sheet_number} y contestó la {record.sheet.number}")
        return record

    def replace(self, wanted: Replacement) -> Replaced | Conflict:
        """Have the sheets replaced; asked again with the same key it gives the same sheets.

        :class:`RegisterTroubleError` when nobody knows whether it was done: then ask again.
        """
        headers = {"idempotency-key": wanted.key}
        body = self._ask("POST", "/replacements", json=wanted.as_json(), headers=headers)
        if isinstance(body, Conflict):
            return body
        replaced = _believe(_read_replaced, body)
        _compare(wanted.sheet, replaced.sheet, wanted.old)
        if (wanted.fund is None) is not (replaced.fund is None):
            raise _lie("contestó otra planilla de fondos de reserva que la enviada")
        if wanted.fund is not None and replaced.fund is not None:
            _compare(wanted.fund, replaced.fund, wanted.old_fund)
        return replaced

    def is_there(self) -> bool:
        """Whether the register answers now; asked once and never waited for."""
        try:
            return self._client.get("/health", timeout=2.0).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        """The JSON of an answer, ``None`` for the register's own 404, :class:`Conflict` for its 409."""
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_WaitAsAsked(),
            retry=retry_if_exception(_is_worth_waiting),
            reraise=True,
        )
        try:
            return tries(self._ask_once, method, path, **more)
        except _NotNowError as error:
            raise RegisterTroubleError(problem("REGISTER_UNREACHABLE", reason=str(error))) from error

    def _ask_once(self, method: str, path: str, **more: Any) -> Any:
        try:
            with self._client.stream(method, path, **more) as answer:
                body = _read_limited(answer, time.monotonic() + self._seconds)
                status = answer.status_code
                pause = _pause_of(answer.headers.get("retry-after", ""))
        except httpx.TimeoutException as error:
            raise _NotNowError("no contestó a tiempo") from error
        except httpx.HTTPError as error:
            raise _NotNowError("se cortó la conexión") from error
        if status in _BUSY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _NotNowError(f"contestó con el estado {status}", pause)
        if status == httpx.codes.NOT_FOUND and method == "GET":
            _believe(_read_absence, _parse(body))
            return None
        if status == httpx.codes.CONFLICT:
            return _believe(_read_conflict, _parse(body))
        if status not in {httpx.codes.OK, httpx.codes.CREATED}:
            raise _lie(f"contestó con el estado {status}")
        return _parse(body)


def _read_limited(answer: httpx.Response, deadline: float) -> bytes:
    """The body, neither endless nor dripping in for ever."""
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if time.monotonic() > deadline:
            raise _NotNowError("no terminó de contestar a tiempo")
        if len(body) > _MOST_BYTES:
            raise _lie("la respuesta es demasiado larga")
    return bytes(body)


def _pause_of(text: str) -> float:
    """Seconds of a ``Retry-After``; its form as a date is not used between machines of one house."""
    return float(text) if text.isdigit() else 0.0


def _parse(body: bytes) -> Any:
    try:
        return load_json(body)
    except ExchangeError as error:
        raise _lie("la respuesta no es JSON") from error


def _read_absence(body: Any) -> None:
    """A proxy's 404, or a mistyped address's, says nothing of an employer: the register says what is not."""
    reader = Reader(body, "")
    reader.take("missing", one_of(Absent))
    reader.close()


def _read_conflict(body: Any) -> Conflict:
    reader = Reader(body, "")
    conflict = Conflict(reader.take("detail", read_text)[:300])
    reader.close()
    return conflict


def _is_worth_waiting(error: BaseException) -> bool:
    """Whether to try again now; a register that asks for a long pause is left for the next attempt."""
    return isinstance(error, _NotNowError) and error.pause <= _LONGEST_PAUSE


def _lie(reason: str) -> RegisterTroubleError:
    return RegisterTroubleError(problem("REGISTER_ANSWER_INVALID", reason=reason))


def _believe(read: Callable[[Any], _T], body: Any) -> _T:
    """What the reader makes of an answer of the agreed shape; anything else is a lie."""
    try:
        return read(body)
    except (ExchangeError, ValueError, KeyError, TypeError) as error:
        raise _lie(str(error)) from error


def _read_employer(body: Any) -> EmployerRecord:
    reader = Reader(body, "")
    branches, people = reader.take_any("branches"), reader.take_any("representatives")
    if not isinstance(branches, list) or not isinstance(people, list):
        raise ExchangeError("branches, representatives: se esperaban listas")
    record = EmployerRecord(
        reader.take("ruc", read_text),
        reader.take("business_name", read_text),
        frozenset(map(str, branches)),
        tuple(_read_representative(each) for each in people),
    )
    reader.close()
    return record


def _read_representative(body: Any) -> Representative:
    reader = Reader(body, "representatives")
    person = Representative(
        reader.take("id_number", read_text),
        reader.take("name", read_text),
        reader.take("since", read_date),
        reader.take_optional("until", read_date),
    )
    reader.close()
    return person


def _read_period(body: Any, zone: str) -> PeriodRecord:
    reader = Reader(body, "")
    sheet, fund = reader.take_any("sheet"), reader.take_any("reserve_fund_sheet")
    receipts, fund_receipts = reader.take_any("receipts"), reader.take_any("reserve_fund_receipts")
    novedades, absent = reader.take_any("novedades"), reader.take_any("reserve_fund_absence_proved")
    record = PeriodRecord(
        sheet=None if sheet is None else sheet_from_json(sheet),
        receipts=_read_receipts(receipts),
        reserve_fund_sheet=None if fund is None else sheet_from_json(fund),
        reserve_fund_receipts=_read_receipts(fund_receipts),
        reserve_fund_annulled_at=reader.take_optional("reserve_fund_annulled_at", _read_instant),
        reserve_fund_absence_proved=absent is True and fund is None,
        novedades=novedades_from_json(novedades),
        zone=zone,
    )
    reader.close()
    return record


def _read_receipts(body: Any) -> tuple[Receipt, ...]:
    if not isinstance(body, list):
        raise ExchangeError("receipts: se esperaba una lista")
    found = []
    for each in body:
        reader = Reader(each, "receipts")
        number, state = reader.take("number", read_text), ReceiptState(reader.take("state", read_text))
        found.append(Receipt(number, state, reader.take_optional("annulled_at", _read_instant)))
        reader.close()
    return tuple(found)


def _read_instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"«{text}» no dice su zona horaria")
    return instant


def _read_replaced(body: Any) -> Replaced:
    reader = Reader(body, "")
    sheet, fund = reader.take_any("sheet"), reader.take_any("reserve_fund_sheet")
    reader.close()
    return Replaced(sheet_from_json(sheet), None if fund is None else sheet_from_json(fund))


def _compare(sent: Sheet, made: Sheet, old: str | None) -> None:
    """Whether the sheet made is the one sent, but for its number: cent by cent, line by line."""
    if made.state is not SheetState.GENERATED and made.state is not sent.state:
        raise _lie(f"la planilla {made.number} quedó «{made.state.label}»")
    if made.number == old or made.replaces != old:
        raise _lie(f"la planilla {made.number} no reemplaza a la {old}")
    if _content(made) != _content(sent):
        raise _lie(f"la planilla {made.number} no es la que se envió")


def _content(sheet: Sheet) -> Mapping[str, Any]:
    shape = sheet_as_json(sheet)
    return {name: value for name, value in shape.items() if name not in {"number", "replaces", "state"}}


def open_remote_register(url: str, token: str, seconds: float) -> RemoteRegister | None:
    """The register at ``url``; nothing for an empty address, which means our own tables."""
    return RemoteRegister(url.rstrip("/"), token, seconds) if url else None
