"""What a worker does: the task of each workflow, and what it looks after by itself every minute."""

from __future__ import annotations

from typing import Final

from operations.appointment_mails import remind_appointments
from operations.derivatives import derive_case, queue_missing_derivatives
from operations.mail import deliver_mail, queue_due_mails
from operations.reading import read_case
from operations.regenerating import regenerate_case
from operations.uploads import sweep_uploads
from operations.workflows import DERIVE, MAIL, READ, REBUILD, reconcile

TASKS: Final = {READ: read_case, REBUILD: regenerate_case, MAIL: deliver_mail, DERIVE: derive_case}
"""What is done for each workflow."""
ROUNDS: Final = (
    reconcile,
    queue_due_mails,
    remind_appointments,
    sweep_uploads,
    queue_missing_derivatives,
)
"""What is looked after every minute: work that was forgotten, whose pause is over, or whose day has come, and
files that nobody went on sending.
"""
