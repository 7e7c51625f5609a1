"""Paper that does not lie flat: how far print stands from where the flat page has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

STEP: Final = 12.0
"""Mm between the nodes of the net that a bend is told at."""
_FIRST: Final = -6.0
"""Mm, right and down, of the first node."""
ROWS, COLUMNS = 27, 20
"""Nodes of the net, which covers an A4 page and 6 mm around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """``away`` is in mm (right, down) at each node: float32, ``ROWS`` × ``COLUMNS`` × 2."""

    away: NDArray[np.float32]

    def at(self, right: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.float32]:
        """The way in mm at places given in mm, two arrays of rows × columns: rows × columns × 2."""
        found: NDArray[np.float32] = cv2.remap(
            self.away,
            (right - np.float32(_FIRST)) / np.float32(STEP),
            (down - np.float32(_FIRST)) / np.float32(STEP),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return found


def node_shares(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of each node's value the value at a place is, for N × 2 places in mm: N × nodes."""
    along = np.clip((places - _FIRST) / STEP, 0, (COLUMNS - 1.001, ROWS - 1.001))
    first = along.astype(int)
    part = along - first
    shares = np.zeros((len(places), ROWS, COLUMNS))
    own = np.arange(len(places))
    for right in (0, 1):
        for down in (0, 1):
            across = part[:, 0] if right else 1 - part[:, 0]
            below = part[:, 1] if down else 1 - part[:, 1]
            shares[own, first[:, 1] + down, first[:, 0] + right] = across * below
    return shares.reshape(len(places), -1)
