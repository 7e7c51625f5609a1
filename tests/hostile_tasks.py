"""What hostile code might try inside the sandbox, and a task that opens a file there."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from intake.limits import Limits
from intake.opening import open_file

LIMITS: Final = Limits(seconds=20)
WRITTEN: Final = Path("written-by-hostile-code")


def describe(data: bytes) -> bytes:
    """Open a file and say in JSON what was found: problems of the file, then sizes and problems of pages."""
    facts, pages = open_file(data, "hostile", LIMITS)
    seen = [
        [None if page.image is None else list(page.image.shape), [found.code for found in page.problems]]
        for page in pages
    ]
    return json.dumps(
        {"pages": facts.pages, "problems": [found.code for found in facts.problems], "seen": seen}
    ).encode()


def echo(data: bytes) -> bytes:
    return data


def modules(data: bytes) -> bytes:
    """Which of the named modules the child has."""
    return ",".join(name for name in data.decode().split(",") if name in sys.modules).encode()


def spin(data: bytes) -> bytes:
    while True:
        pass


def sleep(data: bytes) -> bytes:
    time.sleep(3600)
    return data


def allocate(data: bytes) -> bytes:
    return bytes(4 << 30)


def fail(data: bytes) -> bytes:
    raise RuntimeError("text that must not reach the parent")


def leave(data: bytes) -> bytes:
    os._exit(0)


def crash(data: bytes) -> bytes:
    ctypes.string_at(0)
    return data


def abort(data: bytes) -> bytes:
    os.abort()


def answer_in_part(data: bytes) -> bytes:
    """Promise a long answer past the sandbox's own code, then say nothing more."""
    for entry in Path("/proc/self/fd").iterdir():
        if int(entry.name) > 2:
            try:
                os.write(int(entry.name), struct.pack("!i", 100_000) + b"\0abc")
            except OSError:
                continue  # the listing's own descriptor
    return sleep(data)


def descriptors(data: bytes) -> bytes:
    """Descriptors besides 0, 1 and 2 that lead anywhere."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:
            continue  # the listing's own
        if target != os.devnull:
            found.append(target.partition(":")[0])
    return ",".join(found).encode()


def start_thread(data: bytes) -> bytes:
    seen: list[bytes] = []
    thread = threading.Thread(target=seen.append, args=(data,))
    thread.start()
    thread.join()
    return seen[0]


def attempt(data: bytes) -> bytes:
    """Try the forbidden act of that name; the answer is the error's number, or ``done``."""
    try:
        ATTEMPTS[data.decode()]()
    except OSError as error:
        return str(error.errno).encode()
    except ValueError:
        return b"refused"
    return b"done"


def _open(flags: int) -> None:
    os.close(os.open(WRITTEN, flags, 0o600))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


ATTEMPTS: Final[dict[str, Callable[[], object]]] = {
    "socket": socket.socket,
    "socket pair": socket.socketpair,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "process": _fork,
    "new file": lambda: _open(os.O_CREAT | os.O_WRONLY),
    "existing file": lambda: os.close(os.open(__file__, os.O_RDWR)),
    "empty file": lambda: _open(os.O_CREAT | os.O_RDONLY),
    "unlink": lambda: Path(__file__).unlink(),
    "rename": lambda: Path(__file__).rename(WRITTEN),
    "folder": WRITTEN.mkdir,
    "mode": lambda: Path(__file__).chmod(0o777),
    "signal": lambda: os.kill(os.getppid(), signal.SIGCONT),
    "more memory": lambda: resource.setrlimit(
        resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    ),
}
