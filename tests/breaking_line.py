"""A line to a server that somebody pulls out: a TCP relay that cuts a connection after so many bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlparse


class BreakingLine:
    """Relays to a service; each number in ``cuts`` is how many bytes one connection may carry towards it,
    counted on the first connection that carries more than ``least``.
    """

    def __init__(self, target: str, least: int = 100_000) -> None:
        self._target = (urlparse(target).hostname, urlparse(target).port)
        self._least = least
        self.cuts: list[int] = []
        self.cut = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()
            threading.Thread(target=self._return, args=(far, near), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        carried = 0
        with suppress(OSError):
            while data := near.recv(16_384):
                carried += len(data)
                if self.cuts and carried > max(self._least, self.cuts[0]):
                    self.cuts.pop(0)
                    self.cut += 1
                    break
                far.sendall(data)
        _hang_up(near, far)

    def _return(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(16_384):
                near.sendall(data)
        _hang_up(near, far)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def breaking_line(target: str) -> Iterator[BreakingLine]:
    line = BreakingLine(target)
    try:
        yield line
    finally:
        line.close()
