"""How fast the archive reads itself through, beside `sha256sum` on the same files in the same run.

Two archives are filled: scans of ordinary size, and large files. Each is checked as `archive verify` does
(blobs, foreign files, rows, trail, every slice written down), turn by turn with `sha256sum`, files warm.

    python -m bench.fixity [--megabytes 400] [--turns 3]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from operations.fixity import check_everything
from operations.house import House, open_house
from operations.reception import HandedIn, receive
from operations.settings import Settings

SHAPES = (("scans of 300 kB", 300_000, 10), ("files of 20 MB", 20_000_000, 1))
"""What is filled in: name, bytes of a file, files of a case."""


def fill(folder: Path, megabytes: int, size: int, files: int) -> House:
    """An archive with so many megabytes of originals that nothing else has."""
    house = open_house(Settings(data_dir=folder))
    for number in range(max(1, megabytes * 1_000_000 // (size * files))):
        handed = [HandedIn(f"{number}-{place}.pdf", [os.urandom(size)]) for place in range(files)]
        receive(house, handed, "Quito", "bench")
    return house


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def check(house: House) -> None:
    progress, failures = check_everything(house, "bench")
    if failures or not progress.is_done:
        raise RuntimeError(f"a clean archive was found wanting: {failures[:3]}")


def hash_files(folder: Path) -> None:
    """The peer: one `sha256sum` process for as many files as a command line takes."""
    command = ["find", str(folder / "blobs"), "-type", "f", "-exec", "sha256sum", "{}", "+"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def measure(name: str, megabytes: int, size: int, files: int, turns: int) -> None:
    with tempfile.TemporaryDirectory(prefix="ventanilla-bench-") as place:
        house = fill(Path(place), megabytes, size, files)
        stored = sum(path.stat().st_size for path in (Path(place) / "blobs").rglob("*") if path.is_file())
        hash_files(Path(place))
        ours, theirs = [], []
        for _ in range(turns):
            ours.append(seconds(lambda: check(house)))
            theirs.append(seconds(lambda: hash_files(Path(place))))
        mine, peer = (stored / 1e6 / statistics.median(taken) for taken in (ours, theirs))
        print(f"{name}: {stored / 1e6:.0f} MB, archive verify {mine:.0f} MB/s, sha256sum {peer:.0f} MB/s, "
              f"ratio {mine / peer:.2f}")  # fmt: skip
        house.database.engine.dispose()
        house.jobs.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    for name, size, files in SHAPES:
        measure(name, given.megabytes, size, files, given.turns)


if __name__ == "__main__":
    main()
