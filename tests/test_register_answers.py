"""What is believed of a register: each way in which an answer can contradict the question or itself."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from operations import remote_register
from operations.register_answers import (
    PeriodAsked,
    RegisterTroubleError,
    Replacement,
    parse_answer,
    read_employer,
    read_period,
    read_replaced,
)
from operations.remote_register import RemoteRegister
from regeneration.exchange import sheet_as_json, sheet_from_json
from regeneration.json_reading import ExchangeError
from tests.operations_samples import NOON

RUC = "1790010937001"
ASKED = PeriodAsked(RUC, "0001", "2026-10", "", "America/Guayaquil", NOON)
Server = Callable[[Callable[[socket.socket], None]], str]


def sheet(**changes: Any) -> dict[str, Any]:
    line = {"id_number": "1712345675", "name": "PAZ ANA", "relation": "06", "wage": "550.00", "days": 30}
    body: dict[str, Any] = {
        "ruc": RUC,
        "branch": "0001",
        "period": "2026-10",
        "type": "contributions",
        "number": "2026-10-000001",
        "regime": "private",
        "state": "generated",
        "lines": [line | {"reserve_fund": "none"}],
    }
    return body | changes


def fund(**changes: Any) -> dict[str, Any]:
    return sheet(type="reserve-fund", number="2026-10-000002", state="annulled") | changes


def receipt(number: str, **changes: Any) -> dict[str, Any]:
    return {"number": number, "state": "annulled", "annulled_at": NOON.isoformat()} | changes


def month(**changes: Any) -> dict[str, Any]:
    body = {
        "sheet": sheet(),
        "receipts": [receipt("1-AP")],
        "reserve_fund_sheet": fund(),
        "reserve_fund_receipts": [receipt("2-FR")],
        "reserve_fund_annulled_at": NOON.isoformat(),
        "reserve_fund_absence_proved": False,
        "novedades": [],
    }
    return {name: value for name, value in (body | changes).items() if value != "left out"}


def test_an_honest_month_is_believed() -> None:
    record = read_period(month(), ASKED)
    assert record.sheet == sheet_from_json(sheet())
    assert record.reserve_fund_annulled_at == NOON
    without = month(reserve_fund_sheet=None, reserve_fund_receipts=[], reserve_fund_annulled_at="left out",
                    reserve_fund_absence_proved=True)  # fmt: skip
    assert read_period(without, ASKED).reserve_fund_absence_proved
    assert read_period(month(sheet=None), ASKED).sheet is None
    several = month(sheet=None, sheet_numbers=["2026-10-000001", "2026-10-000009"])
    assert read_period(several, ASKED).rivals == ("2026-10-000001", "2026-10-000009")


LATE = (NOON + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sheet": sheet(branch="0002")}, "no es de"),
        ({"sheet": sheet(ruc="1760004650001")}, "no es de"),
        ({"sheet": sheet(period="2026-09")}, "no es de"),
        ({"sheet": "left out"}, "sheet: falta"),
        ({"reserve_fund_sheet": fund(branch="0002")}, "no es de"),
        ({"reserve_fund_sheet": fund(type="contributions")}, "no de fondos de reserva"),
        ({"reserve_fund_sheet": fund(number="2026-10-000001")}, "dos planillas tienen el número"),
        ({"reserve_fund_sheet": fund(state="generated")}, "tiene fecha de anulación y está «generada»"),
        ({"reserve_fund_absence_proved": True}, "dice que se comprobó que no existe"),
        ({"reserve_fund_absence_proved": "true"}, "se esperaba true o false"),
        ({"reserve_fund_sheet": None}, "y cuenta de ella"),
        ({"reserve_fund_annulled_at": LATE}, "en el futuro"),
        ({"reserve_fund_annulled_at": "2026-11-23T12:00:00"}, "zona horaria"),
        ({"receipts": [receipt("1-AP", annulled_at=LATE)]}, "en el futuro"),
        ({"receipts": [receipt("1-AP", state="cancelled")]}, "tiene fecha de anulación y está"),
        ({"receipts": [receipt("1-AP"), receipt("1-AP")]}, "está 2 veces"),
        ({"receipts": [receipt("2-FR")]}, "está 2 veces"),
        ({"receipts": "left out"}, "receipts: se esperaba una lista"),
        ({"receipts": None}, "receipts: se esperaba una lista"),
        ({"novedades": "left out"}, "novedades: se esperaba una lista"),
        ({"receipts": [receipt("1-AP", state="lost")]}, "no es uno de"),
        ({"extra": 1}, "claves desconocidas"),
        ({"sheet_numbers": ["2026-10-000001", "2026-10-000009"]}, "solo cuando hay varias"),
        ({"sheet": None, "sheet_numbers": ["2026-10-000001"]}, "solo cuando hay varias"),
        ({"sheet": None, "sheet_numbers": "2026-10-000001"}, "se esperaba una lista de números"),
    ],
)
def test_a_month_that_contradicts_the_question_or_itself_is_a_lie(changes: dict[str, Any], said: str) -> None:
    with pytest.raises((ExchangeError, ValueError), match=said):
        read_period(month(**changes), ASKED)


def test_a_sheet_that_was_not_asked_for_is_a_lie() -> None:
    asked = PeriodAsked(RUC, "0001", "2026-10", "2026-10-000077", ASKED.zone, NOON)
    with pytest.raises(ExchangeError, match="se pidió la planilla 2026-10-000077"):
        read_period(month(), asked)


def wanted() -> Replacement:
    sent, sent_fund = sheet_from_json(sheet(number="nueva")), sheet_from_json(fund(number="nueva-fr"))
    return Replacement("2026-000001-1", "clave", "2026-10-000001", sent, "2026-10-000002", sent_fund)


def replaced(**changes: Any) -> dict[str, Any]:
    asked = wanted()
    assert asked.fund is not None
    made = {
        "sheet": sheet_as_json(asked.sheet) | {"number": "2026-10-700001", "replaces": asked.old},
        "reserve_fund_sheet": sheet_as_json(asked.fund)
        | {"number": "2026-10-700002", "replaces": asked.old_fund},
    }
    for name, change in changes.items():
        made[name] = made[name] | change if change is not None else None
    return made


def test_an_honest_replacement_is_believed() -> None:
    assert read_replaced(replaced(), wanted()).sheet.number == "2026-10-700001"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sheet": {"replaces": "2026-10-000009"}}, "no reemplaza a la"),
        ({"sheet": {"number": "2026-10-000001"}}, "no reemplaza a la"),
        ({"sheet": {"number": "2026-10-700002"}}, "dos planillas tienen el número"),
        ({"sheet": {"number": "2026-10-000002"}}, "dos planillas tienen el número"),
        ({"reserve_fund_sheet": {"number": "2026-10-000001"}}, "dos planillas tienen el número"),
        ({"sheet": {"state": "paid"}}, "quedó «pagada»"),
        ({"sheet": {"branch": "0002"}}, "no es la que se envió"),
        ({"sheet": {"lines": []}}, "no es la que se envió"),
        ({"reserve_fund_sheet": None}, "otra planilla de fondos de reserva"),
        ({"reserve_fund_sheet": {"type": "contributions"}}, "no es la que se envió"),
        ({"reserve_fund_sheet": {"replaces": "2026-10-000001"}}, "no reemplaza a la"),
    ],
)
def test_a_replacement_that_was_not_sent_is_a_lie(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ExchangeError, match=said):
        read_replaced(replaced(**changes), wanted())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ruc": "1760004650001"}, "contestó por 1760004650001"),
        ({"branches": [1]}, "cuatro dígitos"),
        ({"branches": ["1"]}, "cuatro dígitos"),
        ({"branches": ["٠٠٠١"]}, "cuatro dígitos"),
        ({"branches": "0001"}, "se esperaba una lista"),
        (
            {
                "representatives": [
                    {"id_number": "1", "name": "A", "since": "2026-01-02", "until": "2026-01-01"}
                ]
            },
            "antes de empezar",
        ),
    ],
)
def test_another_employer_or_an_odd_branch_is_a_lie(changes: dict[str, Any], said: str) -> None:
    body = {"ruc": RUC, "business_name": "Andina", "branches": ["0001"], "representatives": []}
    assert read_employer(body, RUC).branches == {"0001"}
    with pytest.raises(ExchangeError, match=said):
        read_employer(body | changes, RUC)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"ruc": "1", "ruc": "2"}', "«ruc» está dos veces"),
        (b'{"a": NaN}', "no es un número"),
        (b"{}{}", "no es JSON"),
        (b"\xff", "no es JSON"),
    ],
)
def test_json_that_can_be_read_in_two_ways_is_a_lie(body: bytes, said: str) -> None:
    with pytest.raises(RegisterTroubleError, match=said):
        parse_answer(body)


@pytest.fixture
def serve() -> Iterator[Server]:
    """Serves each connection with a function; gives the address."""
    sockets: list[socket.socket] = []

    def start(speak: Callable[[socket.socket], None]) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def answer(client: socket.socket) -> None:
            try:
                client.recv(65536)
                speak(client)
            except OSError:
                pass
            finally:
                client.close()

        def accept() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for each in sockets:
        each.shutdown(socket.SHUT_RDWR)
        each.close()


def say(body: bytes, status: str = "200 OK", *headers: str) -> Callable[[socket.socket], None]:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return lambda client: client.sendall("\r\n".join(lines).encode("latin-1") + body)


def drip(start: bytes) -> Callable[[socket.socket], None]:
    def speak(client: socket.socket) -> None:
        client.sendall(start)
        for _ in range(200):
            time.sleep(0.1)
            client.sendall(b"a")

    return speak


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nx: ", b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n"]
)
def test_an_answer_that_drips_in_is_given_up_as_a_whole(serve: Server, start: bytes) -> None:
    address = serve(drip(start))
    begun = time.monotonic()
    with pytest.raises(RegisterTroubleError, match="no terminó de contestar a tiempo"):
        RemoteRegister(address, "t", 0.4).employer(RUC)
    # Dripping goes on for 20 s; the clerk's one try of 0.4 s has ended long before.
    assert time.monotonic() - begun < 10


def test_an_answer_without_end_is_not_kept_in_memory(serve: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_register, "_MOST_BYTES", 100_000)
    with pytest.raises(RegisterTroubleError, match="demasiado larga"):
        RemoteRegister(serve(say(b" " * 200_000)), "t", 5.0).employer(RUC)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        ("404 Not Found", {"missing": "period"}, "dice que falta period"),
        ("404 Not Found", {"missing": "sheet"}, "no es uno de"),
        ("409 Conflict", {"detail": "x"}, "estado 409"),
        ("201 Created", {}, "estado 201"),
    ],
)
def test_a_state_that_the_question_does_not_admit_is_a_lie(
    serve: Server, status: str, body: dict[str, str], said: str
) -> None:
    with pytest.raises(RegisterTroubleError, match=said):
        RemoteRegister(serve(say(json.dumps(body).encode(), status)), "t", 5.0).employer(RUC)


@pytest.mark.parametrize("pause", ["²", "mañana", "9" * 400, "Wed, 25 Nov 2026 10:00:00 GMT", "-1"])
def test_an_odd_pause_breaks_nothing(serve: Server, pause: str) -> None:
    address = serve(say(b"{}", "503 Busy", f"retry-after: {pause}"))
    with pytest.raises(RegisterTroubleError, match="estado 503"):
        RemoteRegister(address, "t", 5.0).employer(RUC)


@pytest.mark.parametrize("odd", ["", "17\n", "../health", "1" * 70_000, "179001093700١"])
def test_what_cannot_be_a_ruc_is_not_asked_for(odd: str) -> None:
    register = RemoteRegister("http://127.0.0.1:1", "t", 0.1)
    assert register.employer(odd) is None
    now = datetime.now(UTC)
    assert register.period(PeriodAsked(odd, "0001", "2026-10", "", "UTC", now)).sheet is None
    assert register.period(PeriodAsked(RUC, odd, "2026-10", "", "UTC", now)).sheet is None


def test_an_address_that_is_none_is_told(serve: Server) -> None:
    with pytest.raises(RegisterTroubleError, match="no responde"):
        RemoteRegister("http://a b", "t", 0.1).employer(RUC)
