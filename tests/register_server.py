"""An institute's register as a process of its own, which can be told to drop, delay, repeat and lie.

    python register_server.py PORT STATE.json

``STATE.json`` holds the employer and the month's record; ``POST /_behave`` tells how to answer from now on;
``GET /_made`` tells which sheets were made, by key.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn

STATE: dict[str, Any] = {}
MADE: dict[str, dict[str, Any]] = {}
BEHAVIOUR: dict[str, Any] = {"mode": "well", "times": 0}
CALLS: list[dict[str, Any]] = []
GENERATIONS: list[int] = []


def replace(key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Put the sheets in place, once for a key."""
    if key in MADE:
        return 200, MADE[key]
    record = STATE["period"]
    if record["sheet"]["number"] != body["replaces"]:
        return 409, {"detail": f"la planilla {body['replaces']} ya fue reemplazada"}
    serial = 700_000 + 2 * len(MADE)
    period = body["sheet"]["period"]
    made = {"sheet": body["sheet"] | {"number": f"{period}-{serial}", "replaces": body["replaces"]}}
    if "reserve_fund" in body:
        fund = body["reserve_fund"]
        made["reserve_fund_sheet"] = fund["sheet"] | {
            "number": f"{period}-{serial + 1}",
            "replaces": fund["replaces"],
        }
    MADE[key] = made
    record["sheet"] = made["sheet"]
    record["receipts"] = []
    record["reserve_fund_sheet"] = made.get("reserve_fund_sheet")
    return 201, made


def answer(method: str, path: str, key: str, body: dict[str, Any]) -> tuple[int, Any]:
    if path == "/health":
        return 200, {}
    if method == "POST" and path == "/replacements":
        return replace(key, body)
    if path == f"/employers/{STATE['employer']['ruc']}":
        return 200, STATE["employer"]
    if path.count("/") == 2:
        return 404, {"missing": "employer"}
    if path.startswith(f"/employers/{STATE['employer']['ruc']}/branches/0001/periods/"):
        same = path.endswith(STATE["period"]["sheet"]["period"])
        return (200, STATE["period"]) if same else (404, {"missing": "period"})
    return 404, {}


def lie(mode: str, body: Any) -> Any:
    """The right answer turned into a wrong one."""
    body = json.loads(json.dumps(body))
    if mode == "lie-employer" and "business_name" in body:
        body["ruc"] = "1790010937001"
    if mode == "lie-period" and "novedades" in body:
        body["sheet"]["period"] = "2020-01"
    if mode == "lie-shape" and isinstance(body, dict):
        body["extra"] = 1
    if mode in {"lie-cent", "lie-old", "lie-state"} and "novedades" not in body and "sheet" in body:
        change = {
            "lie-old": {"replaces": "2026-01-000001"},
            "lie-state": {"state": "paid"},
            "lie-cent": {},
        }[mode]
        body["sheet"] |= change
        if mode == "lie-cent":
            body["sheet"]["lines"][0]["value"] = "0.01"
    return body


async def register(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    data = b""
    while True:
        message = await receive()
        data += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    path, method = scope["path"], scope["method"]
    if path.startswith("/_"):
        await control(path, data, send)
        return
    CALLS.append({"method": method, "path": path, "query": scope["query_string"].decode(), "headers": headers,
                  "body": json.loads(data) if data else None})  # fmt: skip
    if headers.get("authorization") != "Bearer s3creto":
        await reply(send, 401, {"detail": "sin permiso"})
        return
    mode = BEHAVIOUR["mode"]
    if mode != "well" and not (BEHAVIOUR.get("only") and BEHAVIOUR["only"] not in path):
        if BEHAVIOUR["times"]:
            BEHAVIOUR["times"] -= 1
            if not BEHAVIOUR["times"]:
                BEHAVIOUR["mode"] = "well"
        if await misbehave(mode, method, path, headers, data, send):
            return
    status, body = answer(method, path, headers.get("idempotency-key", ""), json.loads(data) if data else {})
    CALLS[-1] |= {"status": status, "answer": body}
    await reply(send, status, lie(mode, body))


async def misbehave(
    mode: str, method: str, path: str, headers: dict[str, str], data: bytes, send: Any
) -> bool:
    """Whether the call was answered badly, or not at all."""
    if mode == "lose-answer":  # the work is done and nobody hears of it
        answer(method, path, headers.get("idempotency-key", ""), json.loads(data) if data else {})
        raise ConnectionAbortedError
    if mode == "drop":
        raise ConnectionAbortedError
    if mode == "delay":
        generation = len(GENERATIONS)
        await asyncio.sleep(6)
        if generation != len(GENERATIONS):
            raise ConnectionAbortedError  # another test has begun meanwhile
        return False
    if mode in {"500", "503", "429"}:
        await reply(send, int(mode), {"detail": "ocupado"}, {"retry-after": "1"} if mode != "500" else {})
        return True
    if mode == "closed":
        await reply(send, 503, {"detail": "cerrado"}, {"retry-after": "3600"})
        return True
    if mode in {"proxy-404", "proxy-409", "deep"}:
        status = 200 if mode == "deep" else int(mode.removeprefix("proxy-"))
        await send({"type": "http.response.start", "status": status, "headers": []})
        told = b"[" * 200_000 if mode == "deep" else b"<html>no existe</html>"
        await send({"type": "http.response.body", "body": told})
        return True
    if mode == "no-json":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"<html>mantenimiento</html>"})
        return True
    if mode == "redirect":
        await reply(send, 302, {}, {"location": "http://127.0.0.1:1/"})
        return True
    return False


async def control(path: str, data: bytes, send: Any) -> None:
    if path == "/_behave":
        BEHAVIOUR.clear()
        BEHAVIOUR.update({"mode": "well", "times": 0} | json.loads(data))
    elif path == "/_state":
        STATE.update(json.loads(data))
        MADE.clear()
        GENERATIONS.append(len(GENERATIONS))
    told = {"/_made": MADE, "/_calls": CALLS}.get(path, {})
    await reply(send, 200, told)


async def reply(send: Any, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
    listed = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    listed.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


if __name__ == "__main__":
    STATE.update(json.loads(Path(sys.argv[2]).read_text("utf-8")))
    uvicorn.run(register, host="127.0.0.1", port=int(sys.argv[1]), log_level="critical", lifespan="off")
