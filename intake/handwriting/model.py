"""The model file: ``digits.npz`` beside this module, described in ``digits.md``, read once a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray


@cache
def arrays() -> Mapping[str, NDArray[Any]]:
    """All arrays of the file. Nothing in it is code: pickles are refused."""
    data = files("intake.handwriting").joinpath("digits.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
