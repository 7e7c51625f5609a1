"""A program that works on a case and kills itself with SIGKILL at a chosen durable act, for R10.

It reads one JSON order a line and answers with how the work ended. Everything is imported once; each
order is done by a forked child, so that a kill costs no new start. A durable act is a sync, a link, or
either side of a commit of ours. An order may name a moment instead, in seconds after the work began.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from operations_samples import IN_ORDER, Clock, hand_in, settle_doubts
from sqlalchemy import event
from sqlalchemy.orm import Session

from operations.casework import Refusal, load_case
from operations.duties import ROUNDS, TASKS
from operations.house import House, open_house
from operations.settings import Settings
from operations.window import accept
from operations.workflows import Worker

SECONDS = 60.0


class Acts:
    """Counts durable acts and kills the process at the one it was told."""

    def __init__(self, last: int | None) -> None:
        self.count = 0
        self._last = last

    def __call__(self, *_: object) -> None:
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, house: House) -> None:
        event.listen(house.database.engine, "commit", self)
        event.listen(Session, "after_commit", self)
        os.fsync = self._after(os.fsync)
        os.link = self._after(os.link)

    def _after(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*given: Any) -> Any:
            done = real(*given)
            self()
            return done

        return act


def work(order: dict[str, Any]) -> dict[str, Any]:
    """Do what is left of the order's scenario; how many durable acts and seconds it took."""
    folder = Path(order["folder"])
    settings = Settings(data_dir=folder / "datos", database_url=order["database"])
    house = open_house(settings, Clock())
    acts = Acts(order["point"])
    acts.watch(house)
    began = time.perf_counter()
    if order.get("moment") is not None:
        timer = threading.Timer(order["moment"], os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()
    worker = Worker(house, TASKS, ROUNDS)
    worker.start()
    if order["scenario"] == "intake":
        number = hand_in(house, ("papel.pdf", (folder / "papel.pdf").read_bytes()), key="client-1")
        wait_for(house, number, "in-review")
    else:
        number = order["case"]
        with house.database.reading() as session:
            waiting = load_case(session, number).state == "in-review"
        if waiting:
            settle_doubts(house, number)
            answer = accept(house, number, dataclasses.replace(IN_ORDER), "ventanilla")
            assert not isinstance(answer, Refusal), answer
        wait_for(house, number, "archived")
    answer = {"acts": acts.count, "seconds": time.perf_counter() - began}
    worker.stop()
    return answer


def wait_for(house: House, number: str, state: str) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with house.database.reading() as session:
            if load_case(session, number).state == state:
                return
        time.sleep(0.02)
    raise TimeoutError(f"case {number} did not come to {state}")


def in_child(order: dict[str, Any]) -> dict[str, Any]:
    """Run the order in a forked child: the signal that ended it, or the acts it counted."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        status = 1
        try:
            os.write(writer, json.dumps(work(order)).encode())
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        counted = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    told = json.loads(counted) if counted else {"acts": 0, "seconds": 0.0}
    return {"signal": killed, "failed": not killed and status != 0, **told}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(in_child(json.loads(line))) + "\n")
        sys.stdout.flush()
