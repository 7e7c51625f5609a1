"""The handwritten digits that the recogniser learns from and is measured on.

They lie in ``digits/`` of the public material: MNIST's idx files, 7,000 digits, two groups of 3,500. In the
second, writers follow one another (neighbours are alike in weight and slant), so a contiguous stretch is a
set of writers of its own. In the first they are shuffled: there the parts share writers, though no digit.
"""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Part = Literal["training", "calibration", "test"]
Pictures = NDArray[np.uint8]

DATA: Final = Path(
    os.environ.get("VENTANILLA_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)
"""The public material, where the tests look for it too."""

_GROUP: Final = 3500
_PARTS: Final[dict[Part, tuple[int, int]]] = {
    "training": (0, 2350),
    "calibration": (2380, 2860),
    "test": (2890, 3500),
}
"""First and last place of each part within a group; the gaps keep a writer of the second out of two parts."""
GROUPS: Final = ("shuffled writers", "writers one after another")


@dataclass(frozen=True, slots=True)
class Digits:
    """Pictures n × 28 × 28 (255 is ink) and their digits, in the order of the file."""

    pictures: Pictures
    labels: Pictures

    def near(self, digit: int, place: int, reach: int = 60) -> Pictures:
        """The pictures of a digit around ``place``, in the second group by one or two writers.

        Where there is none they come from further off.
        """
        while True:
            stretch = slice(max(0, place - reach), place + reach)
            found: Pictures = self.pictures[stretch][self.labels[stretch] == digit]
            if len(found) or reach > len(self.labels):
                return found
            reach *= 2


@cache
def load_digits(part: Part, group: int, folder: Path = DATA / "digits") -> Digits:
    """The digits of one part of a group (0 or 1). Raises ``FileNotFoundError`` where there is no material."""
    pictures = _read(folder / "images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    labels = _read(folder / "labels-idx1-ubyte.gz", 8)
    start, end = (_GROUP * group + place for place in _PARTS[part])
    return Digits(pictures[start:end], labels[start:end])


def _read(path: Path, header: int) -> Pictures:
    with gzip.open(path) as file:
        data: Pictures = np.frombuffer(file.read(), np.uint8, offset=header)
    return data
