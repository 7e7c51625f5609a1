"""A limit on the whole of an HTTP call: header, body and silence together.

The client's own timeouts are for one wait each, so a server that drips a byte a second holds its caller for
ever. Here the socket is shut down when the time is over, whatever the call is waiting for.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

_OPENED: Final = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class CallLimit:
    """The limit of one call over a connection of its own; ``with`` starts the time.

    Give :meth:`notice` to the call as its ``trace`` extension. Looking up the host's name is not covered.
    """

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._socket = None

    def notice(self, event: str, info: dict[str, Any]) -> None:
        """Remember the socket once it is open; one that opens too late is shut at once."""
        if event not in _OPENED:
            return
        with self._lock:
            self._socket = info["return_value"].get_extra_info("socket")
            if self.is_over:
                self._shut()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is None:
            return
        with suppress(OSError):  # the other side was first
            # Not close(): another socket might get the number that the caller still reads from. And not the
            # method of a TLS socket, which takes the session from under the reading thread.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
