"""Running a task on hostile bytes in a process of its own: bounded, mute, and killed when late.

Each task gets a fresh child of a fork server (never a fork of a threaded parent) with resource limits
and, where libseccomp is there, without sockets, programs or files to write. The parent trusts nothing
that comes back but bytes of a bounded length, and knows errors only by what happened, never by text.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from enum import Enum
from multiprocessing.connection import Connection
from typing import Final

from intake.limits import Limits

Task = Callable[[bytes], bytes]

_MAX_ANSWER: Final = 256 * 1024 * 1024
_DONE, _NO_MEMORY, _FAILED = b"\0", b"\1", b"\2"
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_EPERM: Final = 0x00050001
"""seccomp action: refuse the call with EPERM."""
_ALLOW: Final = 0x7FFF0000
_REFUSED: Final = (
    "socket", "connect", "bind", "execve", "execveat", "fork", "vfork", "ptrace", "unlink", "unlinkat",
    "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "link", "linkat", "symlink",
    "symlinkat", "truncate", "chmod", "fchmodat", "chown", "mount", "kill", "creat",
)  # fmt: skip
_OPEN_CALLS: Final = (("open", 1), ("openat", 2))
_WRITING: Final = os.O_WRONLY | os.O_RDWR


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
        if preload:
            self._context.set_forkserver_preload(list(preload))

    def run(self, task: Task, data: bytes) -> bytes | Trouble:
        """What ``task(data)`` gives; ``task`` is a function of a module. Safe from any thread."""
        ours, theirs = self._context.Pipe()
        child = self._context.Process(target=_child, args=(theirs, task, self._limits), daemon=True)
        child.start()
        theirs.close()
        try:
            return self._talk(ours, data)
        finally:
            ours.close()
            child.kill()
            child.join()

    def _talk(self, pipe: Connection, data: bytes) -> bytes | Trouble:
        try:
            pipe.send_bytes(data)
            if not pipe.poll(self._limits.seconds):
                return Trouble.TIMEOUT
            answer = pipe.recv_bytes(_MAX_ANSWER)
        except (EOFError, OSError):
            return Trouble.CRASH
        if answer[:1] == _DONE:
            return answer[1:]
        return Trouble.OUT_OF_MEMORY if answer[:1] == _NO_MEMORY else Trouble.CRASH


def _child(pipe: Connection, task: Task, limits: Limits) -> None:
    _confine(limits)
    try:
        answer = _DONE + task(pipe.recv_bytes())
    except MemoryError:
        answer = _NO_MEMORY
    except Exception:
        # Text from a process that read hostile bytes does not cross; the parent knows it failed.
        answer = _FAILED
    pipe.send_bytes(answer)


def _confine(limits: Limits) -> None:
    memory = limits.memory_megabytes * 1024 * 1024
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for what, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, limits.seconds + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (bound, bound))
    _refuse_calls()


class _Compare(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


def _refuse_calls() -> None:
    """Take sockets, programs and writable files away, where the system's libseccomp can do it."""
    if not _SECCOMP:
        return
    seccomp = ctypes.CDLL(_SECCOMP)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p,
    ]  # fmt: skip
    filters = ctypes.c_void_p(seccomp.seccomp_init(_ALLOW))
    for call in _REFUSED:
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:
            seccomp.seccomp_rule_add_array(filters, _EPERM, number, 0, None)
    for call, place in _OPEN_CALLS:
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        for flag in (os.O_WRONLY, os.O_RDWR):
            masked = _Compare(place, 7, _WRITING, flag)  # 7: equal under a mask
            seccomp.seccomp_rule_add_array(filters, _EPERM, number, 1, ctypes.byref(masked))
    seccomp.seccomp_load(filters)
    seccomp.seccomp_release(filters)


def _find_seccomp() -> str:
    name = "libseccomp.so.2"
    try:
        ctypes.CDLL(name)
    except OSError:
        return ""
    return name


_SECCOMP: Final = _find_seccomp()
"""Name of the library, found once while files may still be opened and programs run."""
