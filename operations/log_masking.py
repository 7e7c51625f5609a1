"""Logs without personal data: in every line, tracebacks included, numbers and addresses are masked.

Names cannot be told from other words: no line of ours has one, but for those of files that people chose, and
the database's errors hide their values (``storage.database``).
"""

from __future__ import annotations

import logging
from typing import Final

from forms.personal import mask_addresses, mask_numbers

_LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OWN_HANDLERS: Final = ("dbos", "uvicorn", "uvicorn.error", "uvicorn.access")
"""Loggers of libraries that bring a handler of their own, past the root's."""


class MaskingFormatter(logging.Formatter):
    """Writes a line as another formatter would, with what is personal masked."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_addresses(mask_numbers(super().format(record)))


def mask_logs(level: int = logging.WARNING) -> None:
    """Write the log to the error stream, one masked line an event. Called again, it masks handlers that
    libraries have added meanwhile.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
        root.setLevel(level)
    for name in ("", *_OWN_HANDLERS):
        for handler in logging.getLogger(name or None).handlers:
            handler.setFormatter(MaskingFormatter(_LINE))
