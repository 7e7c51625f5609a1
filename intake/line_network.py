"""The recogniser's network run by onnxruntime, on bytes where the processor is made for that.

The library is loaded when a page first needs it, in the process that reads: a sealed page does without its
20 MB, and the fork server without the thread that it starts.
"""

from __future__ import annotations

import importlib
import platform
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float32]

_PROCESSOR: Final = Path("/proc/cpuinfo")
_PRODUCTS: Final = frozenset({"avx512_vnni", "avx_vnni"})
"""What Linux calls a processor's products of bytes."""
_ERRORS: Final = 3
"""Log level from which onnxruntime speaks: what it finds or not among graphics cards is nothing to us."""


class LineNetwork:
    """A network loaded from ONNX, on the caller's own thread."""

    def __init__(self, model: bytes) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        runtime.set_default_logger_severity(_ERRORS)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Else what is made numbers again is made so once for each step that takes it, and steps that could
        # be one are not joined: a tenth of the time.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._entry = self._session.get_inputs()[0].name

    def table(self, picture: NDArray[np.float32]) -> Table:
        """For each step along a picture (1 × 3 × rows × columns) the probability of each sign."""
        table: Table = self._session.run(None, {self._entry: picture})[0][0]
        return table


def multiplies_bytes() -> bool:
    """Whether the processor adds up products of bytes without losing any: others are no quicker with bytes
    than with numbers, and where their sums overflow they read nonsense.
    """
    if platform.machine() not in {"x86_64", "AMD64"} or not _PROCESSOR.exists():
        return False
    said = _PROCESSOR.read_text("ascii", "replace")
    flags = next((line for line in said.splitlines() if line.startswith("flags")), "")
    return not _PRODUCTS.isdisjoint(flags.split())
