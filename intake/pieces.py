"""The pieces of a mask: ink that touches, told apart and measured."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def find_pieces(mask: NDArray[np.uint8]) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    """How many pieces there are, with the rest of the mask as the first; of which each sample is; and for
    each its left, top, width, height and area.

    Pieces touch at their corners too. They and their order are those of OpenCV's usual way, which takes
    twice as long.
    """
    found = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_GRANA)
    count, labels, stats, _ = found
    return count, labels, stats
