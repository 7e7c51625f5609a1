"""Two-dimensional codes as runs of black modules, ready for a PDF content stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import zxingcpp

from forms.geometry import POINT, Box

MIN_MODULE: Final = 0.44
"""Smallest module in mm: below it, symbols at 150 dpi were read on fewer than half of the scans."""

Level = Literal["L", "M", "Q"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: ``size`` modules on a side and its black horizontal runs, each as three numbers in a
    row: column, row, length.
    """

    size: int
    runs: tuple[int, ...]

    def module(self, box: Box) -> float:
        """Width in mm of a module when the symbol fills ``box``."""
        return box.width / self.size


def encode_symbol(text: str, level: Level = "M") -> Symbol:
    """The QR code of ``text`` without its quiet zone. Raises ``ValueError`` when no QR code can hold it."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    black = np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0
    size = black.shape[0]
    framed = np.zeros((size, size + 2), np.int8)
    framed[:, 1:-1] = black
    edges = np.diff(framed, axis=1).ravel()
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    rows, columns = np.divmod(starts, size + 1)
    runs = np.column_stack((columns, rows, ends - starts)).ravel()
    return Symbol(size, tuple(runs.tolist()))


def fit_symbol(text: str, box: Box) -> Symbol | None:
    """The sturdiest symbol whose modules are wide enough in ``box``, or nothing when none is."""
    levels: tuple[Level, ...] = ("M", "L")
    for level in levels:
        try:
            symbol = encode_symbol(text, level)
        except ValueError:
            continue
        if symbol.module(box) >= MIN_MODULE:
            return symbol
    return None


def symbol_operators(symbol: Symbol, box: Box, page_height: float) -> str:
    """PDF operators that fill the symbol into ``box`` (mm from the top-left of a page that high)."""
    scale = box.width / POINT / symbol.size
    left, top = box.x / POINT, (page_height - box.y) / POINT
    rectangles = "%d %d %d 1 re " * (len(symbol.runs) // 3) % symbol.runs
    # The y axis is turned over, so that rows count from the top as they do in the symbol.
    return f"q {scale:.5f} 0 0 {-scale:.5f} {left:.3f} {top:.3f} cm {rectangles}f Q\n"
