"""The log: a line of JSON for each event, without personal data. In every line, tracebacks included, numbers
and addresses are masked.

Names cannot be told from other words: no line of ours has one, but for those of files that people chose, and
the database's errors hide their values (``storage.database``).
"""

from __future__ import annotations

import logging
from typing import Final

from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, WrappedLogger

from forms.personal import mask_addresses, mask_numbers

_OWN_HANDLERS: Final = ("dbos", "uvicorn", "uvicorn.error", "uvicorn.access")
"""Loggers of libraries that bring a handler of their own, past the root's."""


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Before it is JSON, whose signs for a new line would hide where a number begins."""
    return {
        name: mask_addresses(mask_numbers(value)) if isinstance(value, str) else value
        for name, value in event.items()
    }


class MaskingFormatter(ProcessorFormatter):
    """Writes a record as one line of JSON, with what is personal masked: ``event``, ``level``, ``logger``,
    ``timestamp``, and ``exception`` where there is one.
    """

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[add_log_level, add_logger_name, TimeStamper(fmt="iso")],
            processors=[
                ProcessorFormatter.remove_processors_meta,
                format_exc_info,
                _mask,
                JSONRenderer(ensure_ascii=False),
            ],
        )


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
            handler.setFormatter(MaskingFormatter())
