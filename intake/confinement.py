"""What a process that reads hostile bytes may no longer do: talk, start programs, write, grow, outlive us.

Resource limits always; system calls where the machine has libseccomp. Once confined there is no way back.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import Final

from intake.limits import Limits

_OPEN_FILES: Final = 64
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_ALLOW: Final = 0x7FFF0000
_EPERM, _ENOSYS = 0x00050001, 0x00050026
"""seccomp actions: answer with that error."""
_NOT_EQUAL, _EQUAL_UNDER_MASK = 1, 7
_CLONE_THREAD: Final = 0x00010000

_REFUSED: Final = """
    socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg
    execve execveat fork vfork ptrace process_vm_readv process_vm_writev process_madvise
    kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal
    creat unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir link linkat symlink symlinkat
    mknod mknodat truncate chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
    utime utimes utimensat futimesat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
    open_by_handle_at mount umount2 pivot_root chroot unshare setns move_mount open_tree fsopen
    io_uring_setup bpf perf_event_open userfaultfd keyctl add_key request_key setrlimit
    setuid setgid setreuid setregid setresuid setresgid setgroups capset
    shmget shmat msgget semget mq_open personality quotactl acct swapon swapoff reboot
    init_module finit_module delete_module kexec_load kexec_file_load settimeofday clock_settime
"""
_ABSENT: Final = ("clone3", "openat2")
"""Said not to exist, so that the C library takes the older call, whose flags a filter can see."""
_WRITING: Final = (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC)


def confine(limits: Limits, keep: int) -> None:
    """Confine this process for good; of its descriptors only ``keep`` and a mute 0, 1, 2 remain."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux":
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # The fork server ends when nobody holds its pipe; a child that did would keep both alive.
    os.closerange(3, keep)
    os.closerange(keep + 1, max(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0], _OPEN_FILES))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    _bound(limits)
    if LIBRARY:
        _refuse_calls(ctypes.CDLL(LIBRARY))


def _bound(limits: Limits) -> None:
    memory = limits.memory_megabytes * 1024 * 1024
    bounds = {
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    if sys.platform == "linux":  # elsewhere the system does not bound the address space
        bounds[resource.RLIMIT_AS] = memory
    for what, bound in bounds.items():
        hard = resource.getrlimit(what)[1]
        allowed = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        # At the soft limit of CPU time the signal tells what happened; a moment later comes the kill.
        last = allowed + 2 if what == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else allowed
        resource.setrlimit(what, (allowed, last))


class _Comparison(ctypes.Structure):
    """What a rule demands of one argument of a call (``struct scmp_arg_cmp``)."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def _refuse_calls(library: ctypes.CDLL) -> None:
    """Take sockets, programs and writable files away. Raises ``OSError`` when the system will not."""
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add_array.argtypes = (
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p,
    )  # fmt: skip
    library.seccomp_load.argtypes = library.seccomp_release.argtypes = (ctypes.c_void_p,)
    rules = library.seccomp_init(_ALLOW)

    def refuse(call: str, action: int, *demands: _Comparison) -> None:
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number >= 0:  # an unknown or foreign call has a negative number
            array = (_Comparison * len(demands))(*demands)
            library.seccomp_rule_add_array(rules, action, number, len(demands), array)

    for call in _REFUSED.split():
        refuse(call, _EPERM)
    for call in _ABSENT:
        refuse(call, _ENOSYS)
    for flag in _WRITING:
        refuse("open", _EPERM, _Comparison(1, _EQUAL_UNDER_MASK, flag, flag))
        refuse("openat", _EPERM, _Comparison(2, _EQUAL_UNDER_MASK, flag, flag))
    # Threads, yes; processes, no. Signals to oneself (abort), yes; limits are asked, not set.
    refuse("clone", _EPERM, _Comparison(0, _EQUAL_UNDER_MASK, _CLONE_THREAD, 0))
    refuse("tgkill", _EPERM, _Comparison(0, _NOT_EQUAL, os.getpid(), 0))
    refuse("prlimit64", _EPERM, _Comparison(2, _NOT_EQUAL, 0, 0))
    failed = library.seccomp_load(rules)
    library.seccomp_release(rules)
    if failed:
        raise OSError(-failed, "seccomp refused the filter; the kernel or the container forbids it")


def _find_library() -> str:
    name = "libseccomp.so.2"
    try:
        ctypes.CDLL(name)
    except OSError:
        return ""
    return name


LIBRARY: Final = _find_library()
"""Name of the system-call filter's library, found while programs may still be run; empty without one."""
