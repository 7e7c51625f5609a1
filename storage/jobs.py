"""The queue of durable work: one workflow engine on our own database, spoken to through these few words.

Work is queued in the transaction that makes it necessary, so neither can exist without the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from dbos import DBOS, DBOSClient
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

QUEUE: Final = "cases"
REGISTER_QUEUE: Final = "register"
"""Work that may have to wait for an institute's own system, and must keep nothing else waiting."""
MAIL_QUEUE: Final = "mail"
"""Mails, which may have to wait for a mail server."""
DERIVATIVE_QUEUE: Final = "derivatives"
"""Copies for keeping, which nobody at a window waits for."""
VERSION: Final = "1"
"""Number of the workflows' shape; set by hand, so that new code goes on with work of the old."""
QUEUES: Final = (QUEUE, REGISTER_QUEUE, MAIL_QUEUE, DERIVATIVE_QUEUE)

_UNFINISHED: Final = ["ENQUEUED", "PENDING", "DELAYED"]
_ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FORGOTTEN_AT_ONCE: Final = 200


class Jobs:
    """Queued work on cases. ``engine`` is the one of :func:`storage.database.open_jobs_engine`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        schema = "dbos" if engine.dialect.name == "postgresql" else None
        if not inspect(engine).has_table("workflow_status", schema=schema):
            DBOS.migrate(engine.url.render_as_string(hide_password=False))
        self._client = DBOSClient(system_database_engine=engine)

    def enqueue(self, session: Session, workflow: str, case: str, attempt: str, queue: str = QUEUE) -> None:
        """Queue a workflow for a case, or whatever ``case`` numbers, with the caller's transaction; the same
        attempt only once.
        """
        self._client.enqueue_in_transaction(
            session,
            {
                "workflow_name": workflow,
                "queue_name": queue,
                "workflow_id": f"{workflow}:{case}:{attempt}",
                "app_version": VERSION,
            },
            case,
        )

    def under_way(self) -> set[tuple[str, str]]:
        """Workflow and case of all work that is queued or being done."""
        rows = self._client.list_workflows(
            status=_UNFINISHED,
            queue_name=list(QUEUES),
            load_input=False,
            load_output=False,
        )
        parts = (row.workflow_id.split(":") for row in rows)
        return {(part[0], part[1]) for part in parts if len(part) > 1}

    def take_over(self, is_dead: Callable[[str], bool]) -> int:
        """Queue again what workers had in hand that are dead now; how much it was."""
        pending = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        owners = {row.executor_id for row in pending if row.executor_id}
        dead = {owner for owner in owners if is_dead(owner)}
        lost = [row for row in pending if row.executor_id in dead]
        for row in lost:
            self._client.resume_workflow(row.workflow_id, queue_name=row.queue_name or QUEUE)
        return len(lost)

    def forget(self, before: datetime) -> int:
        """Drop the engine's own notes on work that ended before; what was done is in the cases. How much
        it was, at most so many at a time that nobody has to wait.
        """
        rows = self._client.list_workflows(
            status=_ENDED,
            completed_before=before.isoformat(),
            limit=_FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if rows:
            self._client.delete_workflows([row.workflow_id for row in rows])
        return len(rows)
