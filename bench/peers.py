"""What other readers need for the same page: CPU ms of the ``tesseract`` and ``ocrmypdf`` commands."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.damages import BENCH_PYTHON


def tesseract_ms(page: Path) -> float | None:
    """CPU ms of a full page by ``tesseract``, one thread; nothing when it is not installed."""
    program = shutil.which("tesseract")
    return None if program is None else cpu_ms([program, str(page), "-", "-l", language(program)])


def ocrmypdf_ms(page: Path, dpi: int) -> float | None:
    """CPU ms of ``ocrmypdf`` on the page, one job; nothing when ``make setup-bench`` was not run."""
    program = BENCH_PYTHON.with_name("ocrmypdf")
    tesseract = shutil.which("tesseract")
    if tesseract is None or not program.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        words = ["--image-dpi", str(dpi), "-l", language(tesseract), "--output-type", "pdf", "--jobs", "1"]
        return cpu_ms([str(program), *words, "--quiet", str(page), str(Path(folder) / "out.pdf")])


def language(program: str) -> str:
    """Spanish where its model is installed."""
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "spa" if "spa" in listed.stdout.split() else "eng"


def cpu_ms(command: Sequence[str]) -> float:
    """CPU ms, user and system, of a command and its children."""
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
