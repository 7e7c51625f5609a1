"""The sandbox: whatever a task does, the parent gets bytes or a named trouble, in time, and goes on."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import forkserver
from pathlib import Path

import hostile_tasks
import pytest

from intake import sandbox as rooms
from intake.confinement import LIBRARY
from intake.limits import Limits
from intake.sandbox import Sandbox, Task, Trouble

PRELOAD = ("intake.opening",)
HERE = Path(__file__).resolve().parent

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of this kind exist on Linux only")
needs_seccomp = pytest.mark.skipif(not LIBRARY, reason="libseccomp is not installed: apt install libseccomp2")


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(hostile_tasks.LIMITS, PRELOAD)


@pytest.fixture
def hasty() -> Sandbox:
    return Sandbox(Limits(seconds=1), PRELOAD)


@pytest.fixture(autouse=True)
def parent_unharmed(sandbox: Sandbox) -> Iterator[None]:
    """After each test the next document is still read."""
    yield
    assert sandbox.run(hostile_tasks.echo, b"next") == b"next"


@pytest.mark.parametrize("size", [0, 1, 20_000_000], ids=["empty", "byte", "20 MB"])
def test_bytes_go_in_and_come_out(sandbox: Sandbox, size: int) -> None:
    data = bytes(size)
    assert sandbox.run(hostile_tasks.echo, data) == data


@pytest.mark.parametrize(
    ("task", "trouble"),
    [
        (hostile_tasks.fail, Trouble.CRASH),
        (hostile_tasks.leave, Trouble.CRASH),
        (hostile_tasks.crash, Trouble.CRASH),
        (hostile_tasks.abort, Trouble.CRASH),
        pytest.param(hostile_tasks.allocate, Trouble.OUT_OF_MEMORY, marks=needs_linux),
    ],
)
def test_a_task_that_breaks_is_named(sandbox: Sandbox, task: Task, trouble: Trouble) -> None:
    assert sandbox.run(task, b"") is trouble


def test_a_child_that_dies_before_it_took_everything_is_a_crash(sandbox: Sandbox) -> None:
    assert sandbox.run(hostile_tasks.leave, bytes(20_000_000)) is Trouble.CRASH


@pytest.mark.parametrize("task", [hostile_tasks.spin, hostile_tasks.sleep, hostile_tasks.answer_in_part])
def test_a_late_task_is_killed(hasty: Sandbox, task: Task) -> None:
    assert hasty.run(task, b"") is Trouble.TIMEOUT


def test_an_answer_beyond_bounds_is_not_taken(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_MAX_ANSWER", 100)
    assert sandbox.run(hostile_tasks.echo, bytes(1000)) is Trouble.CRASH


@needs_linux
def test_a_child_holds_nothing_but_its_pipe(sandbox: Sandbox) -> None:
    assert sandbox.run(hostile_tasks.descriptors, b"") == b"socket"


def test_threads_may_start(sandbox: Sandbox) -> None:
    assert sandbox.run(hostile_tasks.start_thread, b"seen") == b"seen"


@needs_seccomp
@pytest.mark.parametrize("act", [name for name in hostile_tasks.ATTEMPTS if name != "more memory"])
def test_what_would_reach_outside_is_refused(sandbox: Sandbox, act: str) -> None:
    assert sandbox.run(hostile_tasks.attempt, act.encode()) == str(errno.EPERM).encode()
    assert not hostile_tasks.WRITTEN.exists()


@needs_seccomp
def test_limits_cannot_be_raised_even_by_root(sandbox: Sandbox) -> None:
    assert sandbox.run(hostile_tasks.attempt, b"more memory") == b"refused"


@needs_linux
def test_nothing_can_be_written_without_the_filter_either(tmp_path: Path) -> None:
    """The resource limit alone keeps bytes from files; it must hold where libseccomp is missing."""
    target = tmp_path / "file"
    program = (
        "import os, intake.confinement as room; from intake.limits import Limits; room.LIBRARY = '';"
        "reading, writing = os.pipe(); room.confine(Limits(), writing);"
        f"file = os.open({str(target)!r}, os.O_CREAT | os.O_WRONLY); os.write(file, b'x')"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=HERE.parent)
    assert done.returncode == 1 or done.returncode == -signal.SIGXFSZ
    assert target.read_bytes() == b""


def test_many_threads_may_ask_at_once(sandbox: Sandbox) -> None:
    wanted = [str(number).encode() for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda data: sandbox.run(hostile_tasks.echo, data), wanted)) == wanted


def test_a_fork_server_that_died_is_started_anew(sandbox: Sandbox) -> None:
    assert sandbox.run(hostile_tasks.echo, b"first") == b"first"
    before = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # nobody else tells
    os.kill(before, signal.SIGKILL)
    assert sandbox.run(hostile_tasks.echo, b"second") == b"second"
    assert forkserver._forkserver._forkserver_pid != before  # type: ignore[attr-defined]


def _script(folder: Path, body: str) -> list[str]:
    """A program of its own, as the service is one: started from a file, with a heavy import of its own."""
    file = folder / "program.py"
    file.write_text(
        "import sys, colorsys, hostile_tasks\n"
        "from intake.sandbox import Sandbox\n"
        f"sandbox = Sandbox(hostile_tasks.LIMITS, ('intake.opening',))\n"
        f"{body}\n"
    )
    return [sys.executable, str(file)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}


def test_children_are_warm_and_know_nothing_of_the_parents_program(tmp_path: Path) -> None:
    """The heavy import stands for the web service, which no document should pay for or meet."""
    command = _script(tmp_path, "print(sandbox.run(hostile_tasks.modules, b'colorsys,cv2,program').decode())")
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout == "cv2\n"
    assert done.stderr == ""


@needs_linux
def test_children_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    body = "print('ready', flush=True)\nsandbox.run(hostile_tasks.sleep, b'')"
    group = subprocess.Popen(
        _script(tmp_path, body), stdout=subprocess.PIPE, env=_environment(), start_new_session=True
    )
    assert group.stdout is not None
    assert group.stdout.readline() == b"ready\n"
    _wait_until(lambda: len(_members(group.pid)) >= 4)  # parent, tracker, fork server, child
    group.kill()
    group.wait()
    group.stdout.close()
    _wait_until(lambda: not _members(group.pid))


def _members(session: int) -> list[int]:
    """Living processes of a session, as /proc tells."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, _, _, its_session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(entry.name))
    return found


def _wait_until(condition: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
