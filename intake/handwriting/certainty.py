"""How often numbers of a given score were right when it was measured, on writers kept out of learning.

Two curves, for numbers that the register has and for all others; both are data in ``digits.npz``, made by
``python -m bench.training.digits`` on numbers whose papers are partly wrong on purpose.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from intake.handwriting.model import arrays

READ_FROM: Final = 0.999
"""Confidence from which a number is ``read``: at most one wrong in a thousand; below, somebody looks."""


def certainty(score: float, *, in_list: bool) -> float:
    """The calibrated chance in [0, 1] that a number of that score is what the paper says."""
    scores, chances = _curve("listed" if in_list else "unlisted")
    return float(np.interp(score, scores, chances))


@cache
def _curve(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    model = arrays()
    return model[f"{name}_scores"].astype(np.float64), model[f"{name}_chances"].astype(np.float64)
