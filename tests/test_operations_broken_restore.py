"""A restore that is killed in the middle: what it left is told and removed by the next; one at work stays."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result

from cli.main import program
from operations.health import Finding, examine
from operations.restore import Restored, restore_backup
from operations.settings import Settings
from storage.claimed_folders import claimed_folder, remove_left
from tests.older_houses import make_older_house

PROJECT: Final = Path(__file__).resolve().parent.parent
PREFIX: Final = "restauracion-en-curso-"
STOPPED_IN_THE_MIDDLE: Final = """
import sys
from operations import older_backups
from cli.main import run

real = older_backups.bring_up

def wait_and_bring_up(*given):
    print("filled", flush=True)
    sys.stdin.readline()
    return real(*given)

older_backups.bring_up = wait_and_bring_up
sys.argv = ["ventanilla", "restore", sys.argv[1]]
run()
"""
"""The command itself; between filling the older tables and bringing them up it waits for a line."""


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an older schema, which is brought up on its way."""
    folder = tmp_path_factory.mktemp("antes")
    settings = make_older_house(folder, "2-last", f"sqlite:///{folder / 'antes.sqlite3'}")
    done = command(settings, "upgrade", "--backup", str(folder / "r.tar"))
    assert done.exit_code == 0, done.output
    return folder / "r.tar"


def command(settings: Settings, *words: str) -> Result:
    environment = {
        "VENTANILLA_DATA_DIR": str(settings.data_dir),
        "VENTANILLA_DATABASE_URL": settings.database_url,
    }
    return CliRunner().invoke(program, words, env=environment)


@contextmanager
def restoring(backup: Path, target: Settings) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, in the middle of its work; killed at the end if it still lives."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "VENTANILLA_DATA_DIR": str(target.data_dir)}
    work = subprocess.Popen(
        [sys.executable, "-c", STOPPED_IN_THE_MIDDLE, str(backup)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert work.stdout is not None
        assert work.stdout.readline() == "filled\n"
        yield work
    finally:
        work.kill()
        work.communicate()


def left_in(settings: Settings) -> list[Path]:
    return sorted(settings.data_dir.glob(f"{PREFIX}*"))


def told_of(settings: Settings) -> Finding:
    return next(each for each in examine(settings) if each.name == "restore")


def code_of(found: Finding) -> str | None:
    return None if found.trouble is None else found.trouble.code


def test_what_a_killed_restore_left_is_told_and_removed_by_the_next(backup: Path, tmp_path: Path) -> None:
    target = Settings(data_dir=tmp_path / "destino")
    with restoring(backup, target) as work:
        work.kill()
        work.wait()
    (left,) = left_in(target)
    assert (left / "antes.sqlite3").exists(), "people's data lie about"
    found = told_of(target)
    assert code_of(found) == "RESTORE_LEFT_OVER"
    assert found.trouble is not None
    assert str(left) in found.trouble.message
    assert left_in(target) == [left], "who only looks removes nothing"
    done = command(target, "restore", str(backup))
    assert done.exit_code == 0, done.output
    assert left.name in done.stderr, "nothing goes in silence"
    assert left_in(target) == []
    assert code_of(told_of(target)) is None


def test_a_restore_at_work_is_left_alone_and_ends_well(backup: Path, tmp_path: Path) -> None:
    target, other = Settings(data_dir=tmp_path / "destino"), tmp_path / "otra.sqlite3"
    with restoring(backup, target) as work:
        (held,) = left_in(target)
        found = told_of(target)
        assert (code_of(found), found.detail) == (None, "en curso: 1")
        beside = Settings(data_dir=target.data_dir, database_url=f"sqlite:///{other}")
        told: list[Path] = []
        answer = restore_backup(beside, backup, "operador", told.append)
        assert isinstance(answer, Restored), answer
        assert (told, left_in(target)) == ([], [held])
        assert (held / "antes.sqlite3").exists()
        output, _ = work.communicate("\n")
        assert work.returncode == 0, output
    assert left_in(target) == []


def test_what_proves_nothing_is_told_and_kept(backup: Path, tmp_path: Path) -> None:
    """A folder of an earlier version, which had no lock: a restore of that version may be at work in it."""
    target = Settings(data_dir=tmp_path / "destino")
    older = target.data_dir / f"{PREFIX}viejo"
    older.mkdir(parents=True)
    (older / "antes.sqlite3").write_bytes(b"x")
    with claimed_folder(target.data_dir, PREFIX) as left:
        shutil.copytree(left, target.data_dir / f"{PREFIX}muerto")  # its lock is nobody's
    assert code_of(told_of(target)) == "RESTORE_UNPROVED", "it is what no restore removes by itself"
    checks: list[dict[str, Any]] = json.loads(command(target, "check", "--json").stdout)["checks"]
    (shown,) = (each for each in checks if each["name"] == "restore")
    assert (shown["ok"], shown["problem"]["code"]) == (False, "RESTORE_UNPROVED")
    assert (older / "antes.sqlite3").exists()


def test_who_is_killed_while_tidying_up_leaves_what_can_be_proved(tmp_path: Path) -> None:
    """The lock goes last: a folder of which the rest is gone already is removed as well."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from storage import claimed_folders\n"
        "claimed_folders.shutil.rmtree = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"with claimed_folders.claimed_folder(Path(sys.argv[1]), {PREFIX!r}) as folder:\n"
        "    (folder / 'antes.sqlite3').write_bytes(b'x')\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], env=environment, check=False)
    assert done.returncode == -9
    (left,) = tmp_path.iterdir()
    assert not (left / "antes.sqlite3").exists()
    with claimed_folder(tmp_path, PREFIX) as mine:
        assert remove_left(tmp_path, PREFIX) == (left,)
        assert mine.exists()
    assert list(tmp_path.iterdir()) == []
