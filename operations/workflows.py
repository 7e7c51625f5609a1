"""Work that survives a crash: durable workflows on the same database, queued with the case's own rows.

Each workflow only calls an operation that may be repeated at any point, so a worker that dies is
replaced by running the same thing again; the case's table is the truth, not the engine.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from dbos import DBOS, DBOSConfig
from sqlalchemy import select
from sqlalchemy.orm import Session

from operations.casework import load_case
from operations.house import House
from operations.waiting import cases_not_due
from regeneration.cases import CaseState
from storage.jobs import DERIVATIVE_QUEUE, MAIL_QUEUE, QUEUE, QUEUES, REGISTER_QUEUE, VERSION
from storage.leases import open_leases
from storage.schema import CaseRow

READ: Final = "read-case"
REBUILD: Final = "rebuild-case"
MAIL: Final = "send-mail"
DERIVE: Final = "derive-case"

_POLL_SECONDS: Final = 0.1
_REAP_SECONDS: Final = 1.0
_RECONCILE_SECONDS: Final = 30.0
_DRAFT_SECONDS: Final = 24 * 3600.0
_REMEMBERED: Final = timedelta(days=30)
_WAITING: Final = {
    CaseState.RECEIVED.value: READ,
    CaseState.READING.value: READ,
    CaseState.ACCEPTED.value: REBUILD,
    CaseState.REBUILDING.value: REBUILD,
    CaseState.REBUILT.value: REBUILD,
}
"""States in which a case waits for us, and the workflow that brings it on."""
_QUEUES: Final = {READ: QUEUE, REBUILD: REGISTER_QUEUE, MAIL: MAIL_QUEUE, DERIVE: DERIVATIVE_QUEUE}

_log = logging.getLogger(__name__)
Task = Callable[[House, str], None]


class _Desk:
    """What the workflows of this process work with: set before work starts."""

    house: House | None = None
    tasks: Mapping[str, Task] = MappingProxyType({})


@DBOS.workflow(name=READ)
def _read_workflow(number: str) -> None:
    _perform(READ, number)


@DBOS.workflow(name=REBUILD)
def _rebuild_workflow(number: str) -> None:
    _perform(REBUILD, number)


@DBOS.workflow(name=MAIL)
def _mail_workflow(number: str) -> None:
    _perform(MAIL, number)


@DBOS.workflow(name=DERIVE)
def _derive_workflow(number: str) -> None:
    _perform(DERIVE, number)


@DBOS.step(name="perform")
def _perform(name: str, number: str) -> None:
    if _Desk.house is None:
        raise RuntimeError("start the worker before giving it work")
    _Desk.tasks[name](_Desk.house, number)


def enqueue(house: House, session: Session, workflow: str, case: CaseRow) -> None:
    """Queue a workflow with the caller's transaction; the same case at the same version only once."""
    house.jobs.enqueue(session, workflow, case.number, str(case.version), _QUEUES[workflow])


class Worker:
    """Runs queued work in this process until it is stopped, and takes over from workers that died."""

    def __init__(
        self, house: House, tasks: Mapping[str, Task], rounds: Sequence[Callable[[House], object]] = ()
    ) -> None:
        self._house = house
        self._tasks = tasks
        self._rounds = rounds
        self._stop = threading.Event()
        self._id = f"worker-{os.getpid()}-{secrets.token_hex(4)}"
        self._leases = open_leases(house.database.engine, house.settings.data_dir / "run")
        self._watch = threading.Thread(target=self._keep_watch, name="worker-watch", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._leases.hold(self._id)
        # The engine may hand out work before launch() returns.
        _Desk.house, _Desk.tasks = self._house, self._tasks
        config: DBOSConfig = {
            "name": "ventanilla",
            "system_database_engine": self._house.jobs.engine,
            "application_version": VERSION,
            "executor_id": self._id,
            "log_level": "WARNING",
            "console_log_level": "WARNING",
            "max_executor_threads": max(8, 4 * self._house.settings.workers),
        }
        DBOS(config=config)
        DBOS.launch()
        for queue in QUEUES:
            # Copies are made one at a time: people wait for the rest.
            at_once = 1 if queue == DERIVATIVE_QUEUE else self._house.settings.workers
            DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=_POLL_SECONDS)
        self._watch.start()

    def stop(self) -> None:
        """Let the work in hand be and stop taking more; another worker goes on with it."""
        self._stop.set()
        self._watch.join()
        DBOS.destroy(workflow_completion_timeout_sec=5)
        self._leases.release()

    def _keep_watch(self) -> None:
        reconcile_at = time.monotonic()
        while not self._stop.wait(_REAP_SECONDS):
            try:
                self._leases.renew()
                self._house.jobs.take_over(self._leases.is_dead)
                if time.monotonic() >= reconcile_at:
                    for look_after in self._rounds:
                        look_after(self._house)
                    self._house.blobs.sweep(_DRAFT_SECONDS)
                    self._house.jobs.forget(self._house.now() - _REMEMBERED)
                    reconcile_at = time.monotonic() + _RECONCILE_SECONDS
            except Exception:
                # A database that is away for a while must not end the watch; the next round tries again.
                _log.exception("the worker's watch failed once")


def reconcile(house: House) -> int:
    """Queue again every case that waits for us while nothing is queued or being done for it: work that
    failed, that a restored database forgot, or whose pause is over. How many there were.
    """
    under_way = house.jobs.under_way()
    with house.database.reading() as session:
        query = select(CaseRow.number, CaseRow.state).where(CaseRow.state.in_(_WAITING))
        not_due = cases_not_due(session, house.now())
        waiting = [
            (number, _WAITING[state]) for number, state in session.execute(query) if number not in not_due
        ]
    stuck = [(number, workflow) for number, workflow in waiting if (workflow, number) not in under_way]
    for number, workflow in stuck:
        with house.database.transaction() as session:
            case = load_case(session, number)
            if _WAITING.get(case.state) == workflow:
                # Workers that look at the same time make the same attempt, which is queued once.
                attempt = f"{case.version}-{house.now():%Y%m%d%H%M}"
                house.jobs.enqueue(session, workflow, number, attempt, _QUEUES[workflow])
    return len(stuck)
