"""Work that survives a crash: durable workflows on the same database, queued with the case's own rows.

Each workflow only calls an operation that may be repeated at any point, so a worker that dies is
replaced by running the same thing again; the case's table is the truth, not the engine.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dbos import DBOS, DBOSClient, DBOSConfig, SetWorkflowID
from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.house import House
from regeneration.cases import CaseState
from storage.schema import CaseRow

READ: Final = "read-case"
REBUILD: Final = "rebuild-case"
QUEUE: Final = "cases"
VERSION: Final = "1"
"""Number of the workflows' shape; set by hand, so that new code goes on with work of the old."""

_POLL_SECONDS: Final = 0.1
_REAP_SECONDS: Final = 1.0
_RECONCILE_SECONDS: Final = 60.0
_WAITING: Final = {
    CaseState.RECEIVED.value: READ,
    CaseState.READING.value: READ,
    CaseState.ACCEPTED.value: REBUILD,
    CaseState.REBUILDING.value: REBUILD,
    CaseState.REBUILT.value: REBUILD,
}
"""States in which a case waits for us, and the workflow that brings it on."""

_log = logging.getLogger(__name__)
Task = Callable[[House, str], None]


class _Desk:
    """What the workflows of this process work with: set before work starts."""

    house: House | None = None
    client: DBOSClient | None = None
    tasks: Mapping[str, Task] = MappingProxyType({})


@DBOS.workflow(name=READ)
def _read_workflow(number: str) -> None:
    _perform(READ, number)


@DBOS.workflow(name=REBUILD)
def _rebuild_workflow(number: str) -> None:
    _perform(REBUILD, number)


@DBOS.step(name="perform")
def _perform(name: str, number: str) -> None:
    if _Desk.house is None:
        raise RuntimeError("start the worker before giving it work")
    _Desk.tasks[name](_Desk.house, number)


def connect(house: House) -> None:
    """Make it possible to queue work on this house's database, whether or not this process does any."""
    _Desk.house = house
    _Desk.client = DBOSClient(system_database_engine=house.jobs_engine)


def enqueue(session: Session, workflow: str, number: str, version: int) -> None:
    """Queue a workflow with the caller's transaction; the same case at the same version only once."""
    if _Desk.client is None:
        return
    _Desk.client.enqueue_in_transaction(
        session,
        {
            "workflow_name": workflow,
            "queue_name": QUEUE,
            "workflow_id": f"{workflow}:{number}:{version}",
            "app_version": VERSION,
        },
        number,
    )


class Worker:
    """Runs queued work in this process until it is stopped, and takes over from workers that died."""

    def __init__(self, house: House, tasks: Mapping[str, Task]) -> None:
        self._house = house
        self._stop = threading.Event()
        self._id = f"worker-{os.getpid()}-{secrets.token_hex(4)}"
        self._locks = house.settings.data_dir / "run"
        self._locks.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(self._locks / f"{self._id}.lock")
        _Desk.tasks = tasks

    def start(self) -> None:
        """Begin to work."""
        config: DBOSConfig = {
            "name": "ventanilla",
            "system_database_engine": self._house.jobs_engine,
            "application_version": VERSION,
            "executor_id": self._id,
            "log_level": "WARNING",
            "console_log_level": "WARNING",
            "max_executor_threads": max(4, 2 * self._house.settings.workers),
        }
        DBOS(config=config)
        DBOS.launch()
        connect(self._house)
        DBOS.register_queue(
            QUEUE, worker_concurrency=self._house.settings.workers, polling_interval_sec=_POLL_SECONDS
        )
        threading.Thread(target=self._watch, name="worker-watch", daemon=True).start()

    def stop(self) -> None:
        """Let the work in hand be and stop taking more; another worker goes on with it."""
        self._stop.set()
        DBOS.destroy(workflow_completion_timeout_sec=5)
        if self._lock is not None:
            os.close(self._lock)
        (self._locks / f"{self._id}.lock").unlink(missing_ok=True)

    def _watch(self) -> None:
        reconcile_at = time.monotonic()
        while not self._stop.wait(_REAP_SECONDS):
            try:
                self._take_over()
                if time.monotonic() >= reconcile_at:
                    reconcile(self._house)
                    reconcile_at = time.monotonic() + _RECONCILE_SECONDS
            except Exception:
                # A database that is away for a while must not end the watch; the next round tries again.
                _log.exception("the worker's watch failed once")

    def _take_over(self) -> None:
        """Resume the workflows of executors whose lock nobody holds any more."""
        client = _Desk.client
        if client is None:
            return
        for status in client.list_workflows(status="PENDING"):
            owner = status.executor_id
            if owner and owner != self._id and self._is_dead(owner):
                client.resume_workflow(status.workflow_id, queue_name=status.queue_name or QUEUE)

    def _is_dead(self, owner: str) -> bool:
        path = self._locks / f"{owner}.lock"
        if not path.exists():
            return True
        handle = _take_lock(path)
        if handle is None:
            return False
        os.close(handle)
        path.unlink(missing_ok=True)
        return True


def _take_lock(path: Path) -> int | None:
    """A lock on a file that is let go of when the process ends, or nothing when another has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def reconcile(house: House) -> int:
    """Queue again every case that waits for us; one that is being worked on is not disturbed."""
    with house.database.transaction() as session:
        cases = session.scalars(select(CaseRow).where(CaseRow.state.in_(_WAITING))).all()
        for case in cases:
            enqueue(session, _WAITING[case.state], case.number, case.version)
        return len(cases)


def run_now(workflow: str, number: str) -> None:
    """Run a workflow in this process and wait for it; the worker must have been started."""
    with SetWorkflowID(f"{workflow}:{number}:now-{secrets.token_hex(4)}"):
        (_read_workflow if workflow == READ else _rebuild_workflow)(number)
