"""How much memory packages and backups take, from 10 MB to 2 GB, and how fast they go out and come in.

For each size an archive is filled; then a process of its own exports it as a ZIP, imports that into an empty
archive, or backs it up, and says what its memory rose to above that of the opened archive.

    python -m bench.packages [--sizes 10 100 500 2000]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from bench.memory import peak_megabytes
from operations.backup import make_backup
from operations.house import House, open_house
from operations.package_import import Imported, import_package
from operations.packages import export_cases, write_package
from operations.reception import HandedIn, receive
from operations.settings import Settings
from storage.schema import CaseRow

_FILE = 20_000_000
"""Bytes of a file; one of a hundred pages scanned in grey has as much."""
ACTS = ("export", "import", "backup")


def fill(folder: Path, megabytes: int) -> None:
    house = open_house(Settings(data_dir=folder))
    left = megabytes * 1_000_000
    while left > 0:
        size = min(_FILE, left)
        receive(house, [HandedIn(f"{left}.pdf", [os.urandom(size)])], "Quito", "bench")
        left -= size


def numbers_of(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(CaseRow.number).order_by(CaseRow.number)))


def act(name: str, place: Path) -> dict[str, float]:
    """Do one thing in this process; what its memory was before, what it rose to, and how long it took."""
    data = place / ("otro" if name == "import" else "datos")
    house = open_house(Settings(data_dir=data))
    before, began = peak_megabytes(), time.perf_counter()
    if name == "export":
        write_package(export_cases(house, numbers_of(house), "bench"), place / "paquete.zip")
    elif name == "backup":
        make_backup(house, place / "respaldo.tar", "bench")
    else:
        answer = import_package(house, place / "paquete.zip", "bench")
        if not isinstance(answer, Imported):
            raise RuntimeError(answer[0].message)
    return {"before": before, "peak": peak_megabytes(), "seconds": time.perf_counter() - began}


def act_apart(name: str, place: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.packages", "--act", name, "--place", str(place)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def measure(megabytes: int) -> None:
    place = Path(tempfile.mkdtemp(prefix="ventanilla-bench-"))
    try:
        fill(place / "datos", megabytes)
        for name in ACTS:
            found = act_apart(name, place)
            rise, speed = found["peak"] - found["before"], megabytes / found["seconds"]
            print(f"{megabytes:5} MB {name:7} memory {found['peak']:.0f} MB (rose by {rise:.0f}), "
                  f"{found['seconds']:.1f} s, {speed:.0f} MB/s", flush=True)  # fmt: skip
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 500, 2000])
    parser.add_argument("--act", choices=ACTS, help=argparse.SUPPRESS)
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.act:
        print(json.dumps(act(given.act, given.place)))
        return
    for megabytes in given.sizes:
        measure(megabytes)


if __name__ == "__main__":
    main()
