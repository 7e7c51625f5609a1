"""Running a task on hostile bytes in a process of its own: bounded, mute, and killed when late.

Each task gets a fresh child of a fork server (never a fork of a threaded parent), confined as
``intake.confinement`` says. The parent trusts nothing that comes back but bytes of a bounded length, and
knows errors only by what happened, never by text or pickles.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from types import ModuleType
from typing import Final

from intake.confinement import confine
from intake.limits import Limits

Task = Callable[[bytes], bytes]

_MAX_ANSWER: Final = 256 * 1024 * 1024
_DONE, _NO_MEMORY, _FAILED = b"\0", b"\1", b"\2"
_GOODBYE_SECONDS: Final = 2.0
"""How long a child that has answered may take to leave by itself."""
_PATIENCE: Final = (0.01, 0.1, 0.5)
_STARTING: Final = threading.Lock()


class Trouble(Enum):
    """Why a task gave no answer."""

    TIMEOUT = "READ_TIMEOUT"
    OUT_OF_MEMORY = "READ_OUT_OF_MEMORY"
    CRASH = "FILE_DAMAGED"


class Sandbox:
    """Runs tasks in children of one fork server, which keeps ``preload`` imported and warm."""

    def __init__(self, limits: Limits, preload: Sequence[str] = ()) -> None:
        self._limits = limits
        self._context = multiprocessing.get_context("forkserver")
        # Said even when there is none: the server would otherwise import the parent's program.
        self._context.set_forkserver_preload(list(preload))

    def run(self, task: Task, data: bytes) -> bytes | Trouble:
        """What ``task(data)`` gives; ``task`` is a function of an importable module.

        Safe from any thread. Returns within the limit of seconds, whatever the child does.
        """
        ours, theirs = self._context.Pipe()
        try:
            child = self._start(theirs, task)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return _converse(child, ours, data, self._limits.seconds)

    def _start(self, pipe: Connection, task: Task) -> ForkServerProcess:
        """A running child. A fork server that died since the last document is started anew."""
        with _STARTING, _anonymous_main():
            for pause in _PATIENCE:
                try:
                    return self._launch(pipe, task)
                except (ConnectionError, EOFError):
                    time.sleep(pause)  # it answers no more, but the system has not buried it yet
            return self._launch(pipe, task)

    def _launch(self, pipe: Connection, task: Task) -> ForkServerProcess:
        child = self._context.Process(target=_child, args=(pipe, task, self._limits), daemon=True)
        child.start()
        return child


@contextmanager
def _anonymous_main() -> Iterator[None]:
    """Hide the parent's program while a child starts.

    ``multiprocessing`` has every child import the script that the parent was started as: for the
    service that is half a second of web framework for each document, next to hostile bytes.
    """
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _converse(child: ForkServerProcess, pipe: Connection, data: bytes, seconds: float) -> bytes | Trouble:
    """Send the data and take the answer. The watch kills a late child, which ends any blocked call."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    watch = threading.Timer(seconds, stop)
    watch.daemon = True
    watch.start()
    try:
        pipe.send_bytes(data)
        answer = pipe.recv_bytes(_MAX_ANSWER)
    except (EOFError, OSError):
        answer = b""
    finally:
        watch.cancel()
        pipe.close()
        left = _leave(child, patient=not late.is_set())
    if answer[:1] == _DONE:
        return answer[1:]
    return Trouble.TIMEOUT if late.is_set() else _trouble(answer, left)


def _leave(child: ForkServerProcess, *, patient: bool) -> int | None:
    """End the child and reap it; how it ended by itself, or nothing when it had to be killed."""
    if patient:
        child.join(_GOODBYE_SECONDS)
    if child.exitcode is not None:
        return child.exitcode
    child.kill()
    child.join()
    return None


def _trouble(answer: bytes, left: int | None) -> Trouble:
    if answer == _NO_MEMORY or left == -signal.SIGKILL:
        # Nobody here sent that signal: the system did, when its memory ran out.
        return Trouble.OUT_OF_MEMORY
    return Trouble.TIMEOUT if left == -signal.SIGXCPU else Trouble.CRASH


def _child(pipe: Connection, task: Task, limits: Limits) -> None:
    confine(limits, pipe.fileno())
    try:
        answer = _DONE + task(pipe.recv_bytes())
    except MemoryError:
        answer = _NO_MEMORY
    except Exception:
        # Text from a process that read hostile bytes does not cross; the parent knows it failed.
        answer = _FAILED
    pipe.send_bytes(answer)
