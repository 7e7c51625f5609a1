"""The model file: ``digits.npz`` beside this module, described in ``digits.md``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from intake.network import load_arrays


def arrays() -> Mapping[str, NDArray[Any]]:
    """All arrays of the file."""
    return load_arrays("intake.handwriting", "digits.npz")
